#include "app/config_retention.h"

const cyaml_schema_field_t retention_fields[] = {
    WHOLE(raw_days, retention_entry), WHOLE(rollup_days, retention_entry), CYAML_FIELD_END};

void retention_take(const struct retention_entry *entry, struct config *config)
{
    if (entry != NULL && entry->raw_days != NULL)
        config->raw_days = *entry->raw_days;
    if (entry != NULL && entry->rollup_days != NULL)
        config->rollup_days = *entry->rollup_days;
}
