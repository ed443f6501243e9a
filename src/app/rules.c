#include "app/rules.h"

struct baseline_rule rules_baseline(const struct config *config)
{
    struct baseline_rule rule;
    baseline_rule_init(&rule);
    rule.window = config->baseline_window;
    rule.minimum = config->baseline_minimum;
    rule.update_every = config->baseline_update_every;
    rule.branch = config->base_branch;
    return rule;
}

enum tare_status rules_standing_get(struct store *store, const struct config *config,
                                    int64_t series_id, struct baseline_standing *standing,
                                    struct tare_error *error)
{
    enum tare_status status = store_standing_get(store, series_id, standing, error);
    if (status == TARE_OK)
        standing->baseline.minimum = config->baseline_minimum;
    return status;
}
