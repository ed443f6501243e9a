#include "baseline/baseline_standing.h"

#include <stdio.h>

static void recompute(struct baseline_standing *standing, const struct baseline_rule *rule,
                      const struct metric *metric, const struct measurement *list, size_t count,
                      int64_t now_ns)
{
    baseline_from_series(rule, metric, list, count, standing->start_after_id, now_ns,
                         &standing->baseline);
    standing->since_update = 0;
}

/* Behind a freeze that ended, what the step left in the window has to leave it first. */
static bool recovers(const struct baseline_standing *standing)
{
    return standing->frozen_for > 0;
}

static bool due(const struct baseline_standing *standing, const struct baseline_rule *rule)
{
    if (recovers(standing))
        return standing->since_update >= rule->window;
    return standing->baseline.n < rule->window || standing->since_update >= rule->update_every;
}

/* A baseline still learning has nothing worth holding. */
static enum baseline_change hold(struct baseline_standing *standing,
                                 const struct baseline_rule *rule)
{
    if (standing->baseline.state == BASELINE_LEARNING)
        return BASELINE_UNCHANGED;
    standing->baseline.state = BASELINE_FROZEN;
    if (++standing->frozen_for < rule->frozen_at_most)
        return BASELINE_HELD;
    standing->frozen_for = 0;
    return BASELINE_ABSORBED;
}

enum baseline_change baseline_advance(struct baseline_standing *standing,
                                      const struct baseline_rule *rule,
                                      const struct metric *metric,
                                      const struct baseline_value *admitted, size_t count,
                                      bool held, int64_t now_ns)
{
    if (count == 0 || standing->baseline.state == BASELINE_PINNED)
        return BASELINE_UNCHANGED;
    standing->since_update++;
    enum baseline_change change = held ? hold(standing, rule) : BASELINE_UNCHANGED;
    if (change == BASELINE_HELD)
        return change;
    if (!held && standing->baseline.state == BASELINE_FROZEN) {
        standing->baseline.state = BASELINE_ACTIVE;
        standing->since_update = 0;
    }
    if (change != BASELINE_ABSORBED && !due(standing, rule))
        return BASELINE_UNCHANGED;
    baseline_from_values(rule, metric, admitted, count, now_ns, &standing->baseline);
    standing->since_update = standing->frozen_for = 0;
    return change == BASELINE_ABSORBED ? change : BASELINE_COMPUTED;
}

void baseline_restart(struct baseline_standing *standing, const struct baseline_rule *rule,
                      const struct metric *metric, const struct measurement *list, size_t count,
                      int64_t start_after_id, int64_t now_ns)
{
    standing->start_after_id = start_after_id;
    standing->frozen_for = 0;
    standing->pin[0] = '\0';
    recompute(standing, rule, metric, list, count, now_ns);
}

bool baseline_pin(struct baseline_standing *standing, const struct baseline_rule *rule,
                  const struct metric *metric, const struct measurement *list, size_t count,
                  const char *name, const char *commit, int64_t now_ns)
{
    struct baseline_rule pinned = *rule;
    struct baseline baseline;
    pinned.commit = commit;
    pinned.branch = NULL;
    baseline_from_series(&pinned, metric, list, count, 0, now_ns, &baseline);
    if (baseline.state == BASELINE_LEARNING)
        return false;
    baseline.state = BASELINE_PINNED;
    standing->baseline = baseline;
    standing->since_update = 0;
    standing->frozen_for = 0;
    snprintf(standing->pin, sizeof standing->pin, "%s", name);
    return true;
}

void baseline_unpin(struct baseline_standing *standing, const struct baseline_rule *rule,
                    const struct metric *metric, const struct measurement *list, size_t count,
                    int64_t now_ns)
{
    standing->pin[0] = '\0';
    standing->frozen_for = 0;
    recompute(standing, rule, metric, list, count, now_ns);
}
