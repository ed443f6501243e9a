#include "app/config_baseline.h"

const cyaml_schema_field_t baseline_fields[] = {
    WHOLE(window, baseline_entry), WHOLE(minimum, baseline_entry),
    WHOLE(update_every, baseline_entry), CYAML_FIELD_END};

enum tare_status baseline_take(const struct baseline_entry *entry,
                               const struct config_source *source, struct config *config,
                               struct tare_error *error)
{
    if (entry == NULL)
        return TARE_OK;
    const struct {
        const char *place;
        const unsigned *value;
        unsigned least, most;
        uint32_t *into;
    } rows[] = {
        {"baseline.window", entry->window, 2, 1000, &config->baseline_window},
        {"baseline.minimum", entry->minimum, 2, 1000, &config->baseline_minimum},
        {"baseline.update_every", entry->update_every, 1, 1000000, &config->baseline_update_every},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].value == NULL)
            continue;
        if (*rows[i].value < rows[i].least || *rows[i].value > rows[i].most)
            return config_error(source, rows[i].place, error, "%s must be from %u to %u, not %u",
                                rows[i].place, rows[i].least, rows[i].most, *rows[i].value);
        *rows[i].into = *rows[i].value;
    }
    if (config->baseline_minimum > config->baseline_window)
        return config_error(source, entry->window != NULL ? "baseline.window" : "baseline.minimum",
                            error, "baseline.window (%u) must not be below baseline.minimum (%u)",
                            config->baseline_window, config->baseline_minimum);
    return TARE_OK;
}
