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
