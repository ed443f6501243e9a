/* The section `retention` of tare.yml. */
#ifndef APP_CONFIG_RETENTION_H
#define APP_CONFIG_RETENTION_H

#include "app/config.h"
#include "app/config_place.h"
#include "app/config_schema.h"

struct retention_entry {
    unsigned *raw_days, *rollup_days;
};

extern const cyaml_schema_field_t retention_fields[];

/* `entry` is NULL when the file has no such section. */
enum tare_status retention_take(const struct retention_entry *entry,
                                const struct config_source *source, struct config *config,
                                struct tare_error *error);

#endif
