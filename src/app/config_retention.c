#include "app/config_retention.h"

const cyaml_schema_field_t retention_fields[] = {
    WHOLE(raw_days, retention_entry), WHOLE(rollup_days, retention_entry), CYAML_FIELD_END};

#define DAYS_MOST 36500

enum tare_status retention_take(const struct retention_entry *entry,
                                const struct config_source *source, struct config *config,
                                struct tare_error *error)
{
    if (entry == NULL)
        return TARE_OK;
    const struct {
        const char *place;
        const unsigned *value;
        uint32_t *into;
    } rows[] = {
        {"retention.raw_days", entry->raw_days, &config->raw_days},
        {"retention.rollup_days", entry->rollup_days, &config->rollup_days},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].value != NULL && *rows[i].value > DAYS_MOST)
            return config_error(source, rows[i].place, error,
                                "%s must be from 0 (for good) to %d, not %u", rows[i].place,
                                DAYS_MOST, *rows[i].value);
        if (rows[i].value != NULL)
            *rows[i].into = *rows[i].value;
    }
    if (config->rollup_days != 0 && config->rollup_days < config->raw_days)
        return config_error(
            source, entry->rollup_days != NULL ? "retention.rollup_days" : "retention.raw_days",
            error,
            "retention.rollup_days (%u) must not be below retention.raw_days (%u): both count "
            "from when it was taken in",
            config->rollup_days, config->raw_days);
    return TARE_OK;
}
