/* The section `metrics` of tare.yml. */
#ifndef APP_CONFIG_METRICS_H
#define APP_CONFIG_METRICS_H

#include "app/config.h"
#include "app/config_place.h"
#include "app/config_schema.h"

struct metric_entry {
    char *id, *name, *unit, *persist;
    enum tare_better *better;
    enum metric_aggregate *aggregate;
    enum metric_category *category;
    double *target, *warning_percent, *error_percent, *min_change, *resolution, *weight;
    unsigned *warmup;
};

extern const cyaml_schema_value_t metric_value;

enum tare_status metrics_take(const struct metric_entry *entries, size_t count,
                              const struct config_source *source, struct config *config,
                              struct tare_error *error);

#endif
