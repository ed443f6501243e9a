#include "detect/set_verdict.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "detect/deviation.h"
#include "detect/measurement_verdict.h"
#include "detect/reason.h"
#include "stats/discovery.h"
#include "stats/distribution.h"
#include "stats/quantile.h"
#include "stats/rank.h"

enum { SET_ENOUGH = 3 };

/* The finite values of a set, ascending, in `room`; the set that they make. */
static struct value_set sorted_copy(struct value_set set, double *room)
{
    size_t n = 0;
    for (size_t i = 0; i < set.n; i++)
        if (isfinite(set.values[i]))
            room[n++] = set.values[i];
    values_sort(room, n);
    return (struct value_set){room, n};
}

/* ---- compare ---- */

const char *set_change_word(enum set_change change)
{
    static const char *const words[] = {"same", "improved", "regressed", "inconclusive"};
    return words[change];
}

static bool constant(const double *sorted, size_t n)
{
    return sorted[0] >= sorted[n - 1];
}

/* Percent of a median; nothing of nothing is nothing. */
static double percent_of(double change, double of)
{
    if (of == 0)
        return change == 0 ? 0 : NAN;
    return 100 * (change / fabs(of));
}

static bool beyond(const struct metric *metric, double change, double of)
{
    return fabs(change) >= metric->min_change &&
           fabs(change) >= metric->warning_percent / 100 * fabs(of);
}

static enum set_change change_of(const struct metric *metric, double median, double shift,
                                 const struct interval *interval)
{
    bool excludes_zero = interval->low > 0 || interval->high < 0;
    if (excludes_zero && shift != 0 && beyond(metric, shift, median))
        return deviation_worse(metric->better, median + shift, median) > 0 ? SET_REGRESSED
                                                                           : SET_IMPROVED;
    bool small = (interval->low == 0 || !beyond(metric, interval->low, median)) &&
                 (interval->high == 0 || !beyond(metric, interval->high, median));
    return small ? SET_SAME : SET_INCONCLUSIVE;
}

static void compare_reason(const struct metric *metric, struct set_comparison *comparison,
                           bool has_interval)
{
    char *reason = comparison->reason;
    size_t size = sizeof comparison->reason;
    if (comparison->a_n == 0 || comparison->b_n == 0)
        snprintf(reason, size, "no measurements on %s side",
                 comparison->a_n > 0 ? "the second" : "the first");
    else if (!has_interval)
        snprintf(reason, size, "%zu against %zu measurements are too few for an interval",
                 comparison->a_n, comparison->b_n);
    else if (comparison->change == SET_SAME)
        snprintf(reason, size, "the change is surely smaller than %.3g %%",
                 metric->warning_percent);
    else if (comparison->change == SET_INCONCLUSIVE)
        snprintf(reason, size,
                 "the change lies between %+.3g %% and %+.3g %%: more measurements are needed",
                 comparison->low_percent, comparison->high_percent);
    else
        snprintf(reason, size, "%+.3g %%, between %+.3g %% and %+.3g %%, p %.2g",
                 comparison->change_percent, comparison->low_percent, comparison->high_percent,
                 comparison->p);
}

struct set_comparison set_compare(const struct metric *metric, struct value_set a,
                                  struct value_set b, double *scratch)
{
    return set_compare_near(metric, a, b, 0, scratch);
}

struct set_comparison set_compare_near(const struct metric *metric, struct value_set a,
                                       struct value_set b, double error_percent, double *scratch)
{
    a = sorted_copy(a, scratch);
    b = sorted_copy(b, scratch + a.n);
    const double *x = a.values, *y = b.values;
    struct set_comparison comparison = {.change = SET_INCONCLUSIVE,
                                        .a_n = a.n,
                                        .b_n = b.n,
                                        .a_median = NAN,
                                        .b_median = NAN,
                                        .change_percent = NAN,
                                        .low_percent = NAN,
                                        .high_percent = NAN,
                                        .p = NAN};
    if (a.n > 0)
        comparison.a_median = quantile_sorted(x, a.n, 0.5);
    if (b.n > 0)
        comparison.b_median = quantile_sorted(y, b.n, 0.5);
    if (a.n == 0 || b.n == 0) {
        compare_reason(metric, &comparison, false);
        return comparison;
    }
    double median = comparison.a_median, shift = rank_shift(x, a.n, y, b.n);
    comparison.change_percent = percent_of(shift, median);
    comparison.p = rank_test(x, a.n, y, b.n).p_two_sided;
    struct interval interval = {.low = shift, .high = shift};
    bool enough = (a.n >= SET_ENOUGH && b.n >= SET_ENOUGH) || metric->better == TARE_EXACT;
    bool has_interval = rank_shift_interval(x, a.n, y, b.n, 0.95, &interval) ||
                        (enough && constant(x, a.n) && constant(y, b.n));
    if (has_interval) {
        interval.low -= error_percent / 100 * fabs(median);
        interval.high += error_percent / 100 * fabs(median);
        comparison.low_percent = percent_of(interval.low, median);
        comparison.high_percent = percent_of(interval.high, median);
        comparison.change = change_of(metric, median, shift, &interval);
    }
    compare_reason(metric, &comparison, has_interval);
    return comparison;
}

/* ---- check ---- */

static double worse_p(enum tare_better better, const struct rank_test *test)
{
    switch (better) {
    case TARE_HIGHER:
        return test->p_less;
    case TARE_EXACT:
        return test->p_two_sided;
    default:
        return test->p_greater;
    }
}

/* Φ⁻¹(1 − p), held within the range that a double can tell. */
static double score_of(double p)
{
    return fmin(fmax(normal_quantile_upper(fmin(p, 1 - 1e-16)), -37), 37);
}

/* Three or more: the verdict of the median, its baseline side redone from shift and rank test. */
static void judge_set(const struct metric *metric, const struct baseline *baseline,
                      struct set_verdict *set, double shift, double p)
{
    struct verdict *verdict = &set->verdict;
    struct metric untargeted = *metric;
    double value = baseline->centre + shift;
    untargeted.target = NAN;
    *verdict = measurement_verdict(&untargeted, baseline, value);
    verdict->z = score_of(p);
    verdict->p = p;
    verdict->baseline_severity = deviation_severity(metric, value, baseline->centre, verdict->z);
    verdict->tiers = 0;
    if (!isnan(metric->target)) {
        double target = metric->target;
        verdict->deviation_target_percent = deviation_percent(metric->better, set->value, target);
        verdict->z_target = measurement_target_score(metric, baseline, set->value);
        verdict->target_severity = deviation_severity(metric, set->value, target, verdict->z);
        verdict->known = verdict->target_severity > SEVERITY_OK && verdict->z <= 1;
        bool intact = deviation_worse(metric->better, set->value, target) <= 0;
        if (intact && verdict->baseline_severity > SEVERITY_WARNING)
            verdict->baseline_severity = SEVERITY_WARNING;
    }
    verdict->severity = verdict->target_severity > verdict->baseline_severity
                            ? verdict->target_severity
                            : verdict->baseline_severity;
    if (verdict->target_severity > SEVERITY_OK)
        verdict->tiers |= TIER_THRESHOLD;
    if (verdict->baseline_severity > SEVERITY_OK)
        verdict->tiers |= TIER_STATISTICAL;
    reason_write_set(metric, baseline, set->value, set->n, verdict);
}

struct set_verdict set_verdict(const struct metric *metric, const struct baseline *baseline,
                               struct value_set window, struct value_set candidate,
                               double *scratch)
{
    candidate = sorted_copy(candidate, scratch);
    window = sorted_copy(window, scratch + candidate.n);
    const double *x = window.values, *y = candidate.values;
    struct set_verdict set = {.discovery = true,
                              .n = candidate.n,
                              .single = candidate.n < SET_ENOUGH,
                              .value = NAN,
                              .p = NAN,
                              .p_adjusted = NAN};
    if (candidate.n == 0) {
        verdict_init(&set.verdict);
        reason_append(&set.verdict, "no measurements to check");
        return set;
    }
    set.value = quantile_sorted(y, candidate.n, 0.5);
    set.verdict = measurement_verdict(metric, baseline, set.value);
    set.conclusive = !set.verdict.learning && window.n > 0;
    set.p = set.verdict.p;
    if (!set.conclusive)
        return set;
    if (set.single) {
        reason_append(&set.verdict, candidate.n == 1 ? "; judged by one measurement"
                                                     : "; judged by the middle of two");
        return set;
    }
    struct rank_test test = rank_test(x, window.n, y, candidate.n);
    set.p = worse_p(metric->better, &test);
    judge_set(metric, baseline, &set, rank_shift(x, window.n, y, candidate.n), set.p);
    return set;
}

/* ---- many at once ---- */

static void withdraw(const struct metric *metric, struct set_verdict *set, size_t tests)
{
    struct verdict *verdict = &set->verdict;
    char text[64];
    set->discovery = false;
    enum severity before = verdict->severity;
    if (verdict->baseline_severity > SEVERITY_INFO)
        verdict->baseline_severity = SEVERITY_INFO;
    if (verdict->target_severity > SEVERITY_INFO)
        verdict->target_severity = deviation_severity(metric, set->value, metric->target,
                                                      fmin(verdict->z, 1));
    verdict->severity = verdict->target_severity > verdict->baseline_severity
                            ? verdict->target_severity
                            : verdict->baseline_severity;
    if (before <= SEVERITY_INFO)
        return;
    snprintf(text, sizeof text, "; not distinguishable among %zu tests", tests);
    reason_append(verdict, text);
}

size_t set_verdicts_discover(const struct metric *const *metrics, struct set_verdict *verdicts,
                             size_t count, double q, double *numbers, size_t *order)
{
    size_t tests = 0;
    for (size_t i = 0; i < count; i++)
        if (verdicts[i].conclusive && !isnan(verdicts[i].p))
            numbers[tests++] = verdicts[i].p;
    double *adjusted = numbers + count;
    discovery_adjust(numbers, tests, adjusted, order);
    for (size_t i = 0, test = 0; i < count; i++) {
        if (!verdicts[i].conclusive || isnan(verdicts[i].p))
            continue;
        verdicts[i].p_adjusted = adjusted[test++];
        if (verdicts[i].p_adjusted > q)
            withdraw(metrics[i], &verdicts[i], tests);
    }
    return tests;
}
