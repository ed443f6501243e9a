/* The section `baseline` of tare.yml. */
#ifndef APP_CONFIG_BASELINE_H
#define APP_CONFIG_BASELINE_H

#include "app/config.h"
#include "app/config_place.h"
#include "app/config_schema.h"

struct baseline_entry {
    unsigned *window, *minimum, *update_every;
};

extern const cyaml_schema_field_t baseline_fields[];

/* `entry` is NULL when the file has no such section. */
enum tare_status baseline_take(const struct baseline_entry *entry,
                               const struct config_source *source, struct config *config,
                               struct tare_error *error);

#endif
