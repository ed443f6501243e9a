#include "detect/trend_verdict.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "detect/deviation.h"
#include "detect/measurement_verdict.h"
#include "model/unit.h"
#include "stats/distribution.h"
#include "stats/quantile.h"
#include "stats/trend.h"

/* A crossing further off than this is no news. */
static const double CROSSING_DAYS = 3650;
/* A step goes further when all of the newest are so much further off than was told, and their
 * median so much, and by so much noise. */
static const double EACH_FURTHER = 1.75, FURTHER = 2, FURTHER_SIGMAS = 3.5;

size_t trend_window(const int64_t *times_ns, size_t count)
{
    size_t start = count;
    if (count > 0 && times_ns[count - 1] - times_ns[0] <= TREND_DAYS * CLOCK_NS_PER_DAY)
        return 0; /* all of them, as a rule */
    while (start > 0 && times_ns[count - 1] - times_ns[start - 1] <= TREND_DAYS * CLOCK_NS_PER_DAY)
        start--;
    return start;
}

size_t trend_verdict_scratch(size_t count)
{
    return trend_scratch(count);
}

static double days_between(int64_t from_ns, int64_t to_ns)
{
    return (double)(to_ns - from_ns) / (double)CLOCK_NS_PER_DAY;
}

/* When the line reaches the target, if it is not past it yet and heads there. */
static int64_t crossing(const struct metric *metric, double level, double slope_per_day,
                        int64_t last_ns)
{
    if (isnan(metric->target) || metric->better == TARE_EXACT || !(fabs(slope_per_day) > 0))
        return 0;
    if (deviation_worse(metric->better, level, metric->target) >= 0)
        return 0;
    double days = (metric->target - level) / slope_per_day;
    if (!(days > 0 && days < CROSSING_DAYS))
        return 0;
    return last_ns + (int64_t)(days * (double)CLOCK_NS_PER_DAY);
}

static void trend_reason(const struct metric *metric, struct trend_verdict *verdict)
{
    char text[UNIT_TEXT_SIZE], date[CLOCK_TEXT_SIZE];
    size_t size = sizeof verdict->reason;
    percent_format(verdict->change_percent, text);
    if (!verdict->enough) {
        snprintf(verdict->reason, size, "%zu of %d measurements in %d days: too few for a trend",
                 verdict->n, TREND_MINIMUM, TREND_DAYS);
        return;
    }
    if (verdict->severity == SEVERITY_OK && !verdict->by_step) {
        snprintf(verdict->reason, size,
                 "no drift for the worse over %zu measurements (%s, p %.2g)", verdict->n, text,
                 verdict->p);
        return;
    }
    int used = snprintf(verdict->reason, size, "drifted by %s over %zu measurements (p %.2g)%s",
                        text, verdict->n, verdict->p,
                        verdict->by_step ? ": explained by a step" : "");
    if (verdict->crossing_ns == 0 || used < 0 || (size_t)used >= size)
        return;
    char target[UNIT_TEXT_SIZE];
    unit_format(metric->target, metric->unit, target);
    clock_format(verdict->crossing_ns, date);
    snprintf(verdict->reason + used, size - (size_t)used, ", passes the target of %s on %.10s",
             target, date);
}

/* Mann–Kendall's p for worse and for better. */
static void trend_p(enum tare_better better, const struct trend_test *test,
                    struct trend_verdict *verdict)
{
    if (better == TARE_EXACT) {
        verdict->p = fmin(1, 2 * fmin(test->p_rising, test->p_falling));
        verdict->p_better = 1;
        return;
    }
    verdict->p = better == TARE_LOWER ? test->p_rising : test->p_falling;
    verdict->p_better = better == TARE_LOWER ? test->p_falling : test->p_rising;
}

bool trend_possible(const struct metric *metric, const double *values, size_t count,
                    double *scratch)
{
    double z = trend_kendall(values, count, scratch);
    double worse = metric->better == TARE_EXACT ? fabs(z) : metric->better == TARE_LOWER ? z : -z;
    double p = normal_upper(worse);
    return (metric->better == TARE_EXACT ? 2 * p : p) < TREND_P;
}

void trend_explain(const struct metric *metric, struct trend_verdict *verdict)
{
    verdict->by_step = verdict->severity > SEVERITY_OK;
    verdict->severity = verdict->evidence = SEVERITY_OK;
    verdict->crossing_ns = 0;
    trend_reason(metric, verdict);
}

struct trend_verdict trend_verdict(const struct metric *metric, const double *values,
                                   const int64_t *times_ns, size_t count, bool step_inside,
                                   double *scratch)
{
    struct trend_verdict verdict = {.n = count,
                                    .enough = count >= TREND_MINIMUM,
                                    .slope_per_measurement = NAN,
                                    .slope_per_day = NAN,
                                    .change_percent = NAN,
                                    .p = NAN,
                                    .p_better = NAN};
    if (!verdict.enough) {
        trend_reason(metric, &verdict);
        return verdict;
    }
    struct trend_test test = trend_test(values, NULL, count, scratch);
    double before = test.intercept, after = before + test.slope * (double)(count - 1);
    double days = days_between(times_ns[0], times_ns[count - 1]);
    trend_p(metric->better, &test, &verdict);
    verdict.slope_per_measurement = test.slope;
    verdict.slope_per_day = days > 0 ? (after - before) / days : NAN;
    verdict.change_percent = deviation_percent(TARE_LOWER, after, before);
    /* The tree's first row for a z that leaves no doubt: is the change big enough? */
    bool grave = deviation_severity(metric, after, before, 1.5) >= SEVERITY_WARNING;
    verdict.severity = verdict.p < TREND_P && grave ? SEVERITY_WARNING : SEVERITY_OK;
    if (verdict.severity > SEVERITY_OK)
        verdict.crossing_ns = crossing(metric, after, verdict.slope_per_day, times_ns[count - 1]);
    verdict.evidence = verdict.p < TREND_SURE_P ? verdict.severity : SEVERITY_OK;
    if (step_inside)
        trend_explain(metric, &verdict);
    else
        trend_reason(metric, &verdict);
    return verdict;
}

enum trend_direction trend_direction(const struct metric *metric,
                                     const struct trend_verdict *verdict)
{
    if (!verdict->enough)
        return TREND_UNKNOWN;
    if (verdict->severity >= SEVERITY_WARNING || verdict->by_step)
        return TREND_WORSENING;
    bool large = fabs(verdict->change_percent) >= metric->warning_percent;
    return verdict->p_better < TREND_P && large ? TREND_IMPROVING : TREND_STABLE;
}

enum severity step_severity(const struct metric *metric, double before, double after, double z,
                            char *reason, size_t size)
{
    enum severity severity = deviation_severity(metric, after, before, z);
    bool intact = !isnan(metric->target) &&
                  deviation_worse(metric->better, after, metric->target) <= 0;
    if (intact && severity > SEVERITY_WARNING)
        severity = SEVERITY_WARNING;
    if (reason == NULL)
        return severity;
    char from[UNIT_TEXT_SIZE], to[UNIT_TEXT_SIZE], percent[UNIT_TEXT_SIZE];
    unit_format(before, metric->unit, from);
    unit_format(after, metric->unit, to);
    percent_format(deviation_percent(TARE_LOWER, after, before), percent);
    snprintf(reason, size, "stepped from %s to %s (%s, z %.1f)%s", from, to, percent, z,
             intact && severity > SEVERITY_OK ? ", the budget is intact" : "");
    return severity;
}

bool step_goes_further(const struct metric *metric, const struct baseline *baseline, double before,
                       double told_percent, const double *newest)
{
    double sorted[STEP_FURTHER_LOOKS_AT];
    struct baseline level = *baseline;
    for (size_t i = 0; i < STEP_FURTHER_LOOKS_AT; i++) {
        sorted[i] = newest[i];
        if (!(deviation_percent(metric->better, newest[i], before) >= EACH_FURTHER * told_percent))
            return false;
    }
    double median = quantile(sorted, STEP_FURTHER_LOOKS_AT, 0.5);
    double percent = deviation_percent(metric->better, median, before);
    if (!(told_percent > 0 && percent >= FURTHER * told_percent))
        return false;
    double more = (percent - told_percent) / 100 * fabs(before);
    level.centre = before;
    level.spread *= 1 + told_percent / 100;
    return measurement_score(metric, &level,
                             before + (metric->better == TARE_HIGHER ? -more : more)) >
           FURTHER_SIGMAS;
}
