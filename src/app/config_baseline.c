#include "app/config_baseline.h"

const cyaml_schema_field_t baseline_fields[] = {
    WHOLE(window, baseline_entry), WHOLE(minimum, baseline_entry),
    WHOLE(update_every, baseline_entry), CYAML_FIELD_END};

static void take_whole(const unsigned *value, uint32_t *into)
{
    if (value != NULL)
        *into = *value;
}

enum tare_status baseline_take(const struct baseline_entry *entry,
                               const struct config_source *source, struct config *config,
                               struct tare_error *error)
{
    if (entry == NULL)
        return TARE_OK;
    take_whole(entry->window, &config->baseline_window);
    take_whole(entry->minimum, &config->baseline_minimum);
    take_whole(entry->update_every, &config->baseline_update_every);
    if (config->baseline_minimum >= 2 && config->baseline_window >= config->baseline_minimum &&
        config->baseline_window <= 1000 && config->baseline_update_every >= 1)
        return TARE_OK;
    return config_error(source, "baseline", error,
                        "baseline needs 2 ≤ minimum ≤ window ≤ 1000 and update_every ≥ 1");
}
