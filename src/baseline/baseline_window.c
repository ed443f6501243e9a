#include "baseline/baseline_window.h"

#include <math.h>
#include <string.h>

#include "stats/distribution.h"
#include "stats/interval.h"
#include "stats/quantile.h"
#include "stats/robust.h"

void baseline_rule_init(struct baseline_rule *rule)
{
    *rule = (struct baseline_rule){.window = BASELINE_WINDOW,
                                   .minimum = BASELINE_MINIMUM,
                                   .update_every = BASELINE_UPDATE_EVERY,
                                   .frozen_at_most = BASELINE_FROZEN_AT_MOST};
}

static bool wanted(const char *text)
{
    return text && *text;
}

bool baseline_admits(const struct baseline_rule *rule, const struct measurement *measurement)
{
    if (!measurement_counts(measurement))
        return false;
    if (wanted(rule->branch) && strcmp(rule->branch, measurement->branch) != 0)
        return false;
    return !wanted(rule->commit) ||
           strncmp(measurement->commit, rule->commit, strlen(rule->commit)) == 0;
}

static size_t window_limit(const struct baseline_rule *rule)
{
    return rule->window < BASELINE_WINDOW_MAX ? rule->window : BASELINE_WINDOW_MAX;
}

size_t baseline_window_pick(const struct baseline_rule *rule, const struct measurement *list,
                            size_t count, int64_t start_after_id, size_t *window)
{
    size_t limit = window_limit(rule), found = 0;
    for (size_t i = count; i-- > 0 && found < limit;) {
        if (start_after_id != 0 && list[i].id == start_after_id)
            break;
        if (baseline_admits(rule, &list[i]))
            window[found++] = i;
    }
    for (size_t i = 0; i < found / 2; i++) {
        size_t t = window[i];
        window[i] = window[found - 1 - i];
        window[found - 1 - i] = t;
    }
    return found;
}

/* The smallest change of the centre that would be warned about. */
static double change_to_see(const struct metric *metric, double centre)
{
    double change = metric->warning_percent / 100 * fabs(centre);
    return change > 0 ? change : fmax(metric->min_change, metric_resolution(metric));
}

static double confidence_of(const struct metric *metric, const struct baseline *baseline)
{
    double n = baseline->n;
    double error = student_quantile(0.975, n - 1) * 1.2533 * baseline->spread / sqrt(n);
    if (error <= 0)
        return fmin(n, BASELINE_WINDOW) / BASELINE_WINDOW;
    double exactness = 1 - error / change_to_see(metric, baseline->centre);
    return fmin(n, BASELINE_WINDOW) / BASELINE_WINDOW * fmax(0, exactness);
}

void baseline_compute(const struct baseline_rule *rule, const struct metric *metric,
                      const double *values, size_t n, struct baseline *baseline)
{
    struct baseline fresh;
    baseline_init(&fresh);
    if (n > BASELINE_WINDOW_MAX)
        n = BASELINE_WINDOW_MAX;
    fresh.n = (uint32_t)n;
    fresh.minimum = rule->minimum;
    if (n >= rule->minimum && n >= 2) {
        double sorted[BASELINE_WINDOW_MAX];
        struct interval interval;
        memcpy(sorted, values, n * sizeof *values);
        values_sort(sorted, n);
        if (interval_of_median(sorted, n, 0.95, &interval)) {
            fresh.low = interval.low;
            fresh.high = interval.high;
        }
        double least = sorted[0], greatest = sorted[n - 1];
        double spread = robust_spread(sorted, n, &fresh.centre);
        double floor = fmax(metric_resolution(metric) / sqrt(12), 0.001 * fabs(fresh.centre));
        fresh.spread = fmax(spread, floor);
        fresh.spread_at_floor = spread <= floor && greatest - fresh.centre <= 2 * floor &&
                                fresh.centre - least <= 2 * floor;
        fresh.confidence = confidence_of(metric, &fresh);
        fresh.state = BASELINE_ACTIVE;
    }
    *baseline = fresh;
}

void baseline_from_values(const struct baseline_rule *rule, const struct metric *metric,
                          const struct baseline_value *admitted, size_t count, int64_t now_ns,
                          struct baseline *baseline)
{
    double values[BASELINE_WINDOW_MAX];
    size_t limit = window_limit(rule), n = count < limit ? count : limit;
    const struct baseline_value *window = admitted + (count - n);
    values[0] = NAN;
    for (size_t i = 0; i < n; i++)
        values[i] = window[i].value;
    baseline_compute(rule, metric, values, n, baseline);
    baseline->computed_ns = now_ns;
    if (n > 0) {
        baseline->first_id = window[0].id;
        baseline->last_id = window[n - 1].id;
    }
}

void baseline_from_series(const struct baseline_rule *rule, const struct metric *metric,
                          const struct measurement *list, size_t count, int64_t start_after_id,
                          int64_t now_ns, struct baseline *baseline)
{
    size_t window[BASELINE_WINDOW_MAX];
    struct baseline_value admitted[BASELINE_WINDOW_MAX];
    size_t n = baseline_window_pick(rule, list, count, start_after_id, window);
    for (size_t i = 0; i < n; i++)
        admitted[i] = (struct baseline_value){list[window[i]].id, list[window[i]].value};
    baseline_from_values(rule, metric, admitted, n, now_ns, baseline);
}
