/* The section `notify` of tare.yml: who is told of alerts. */
#ifndef APP_CONFIG_NOTIFY_H
#define APP_CONFIG_NOTIFY_H

#include "app/config.h"
#include "app/config_place.h"
#include "app/config_schema.h"
#include "model/delivery.h"

struct sink_entry {
    char *type, *name, *url, *url_env, *url_file, *secret_env, *secret_file, *ca_file, *path,
        *command, *format;
    enum severity *min_severity;
    char **events, **apps, **metrics;
    unsigned events_count, apps_count, metrics_count;
    unsigned *timeout, *give_up_days;
};

extern const cyaml_schema_value_t sink_value;

enum tare_status notify_take(const struct sink_entry *entries, size_t count,
                             const struct config_source *source, struct config *config,
                             struct tare_error *error);

#endif
