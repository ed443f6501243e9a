#include "detect/measurement_verdict.h"

#include <math.h>

#include "detect/deviation.h"
#include "detect/reason.h"
#include "stats/student_score.h"

/* π/2: the variance of a median of n is that many times that of a mean. */
static const double MEDIAN_VARIANCE = 1.571;

static bool has_baseline(const struct baseline *baseline)
{
    return baseline->state != BASELINE_LEARNING && baseline->n >= 2 && isfinite(baseline->centre);
}

/* worse/unit, also where the unit is 0: a series that never moved. */
static double student_ratio(double worse, double unit)
{
    if (unit > 0)
        return worse / unit;
    return worse > 0 ? INFINITY : worse < 0 ? -INFINITY : 0;
}

static struct student_score score_of(const struct metric *metric, const struct baseline *baseline,
                                     double value)
{
    if (!has_baseline(baseline))
        return (struct student_score){NAN, NAN};
    double worse = deviation_worse(metric->better, value, baseline->centre);
    double unit = baseline->spread * sqrt(1 + MEDIAN_VARIANCE / baseline->n);
    return student_score(student_ratio(worse, unit), baseline->n - 1);
}

double measurement_score(const struct metric *metric, const struct baseline *baseline,
                         double value)
{
    return score_of(metric, baseline, value).z;
}

double measurement_target_score(const struct metric *metric, const struct baseline *baseline,
                                double value)
{
    if (!has_baseline(baseline) || isnan(metric->target))
        return NAN;
    double worse = deviation_worse(metric->better, value, metric->target);
    return student_score(student_ratio(worse, baseline->spread), baseline->n - 1).z;
}

static void against_target(const struct metric *metric, const struct baseline *baseline,
                           double value, struct verdict *verdict)
{
    double target = metric->target;
    verdict->deviation_target_percent = deviation_percent(metric->better, value, target);
    verdict->target_severity = deviation_severity(metric, value, target, verdict->z);
    verdict->z_target = measurement_target_score(metric, baseline, value);
    verdict->known = verdict->target_severity > SEVERITY_OK && verdict->z <= 1;
    if (verdict->target_severity > SEVERITY_OK)
        verdict->tiers |= TIER_THRESHOLD;
}

static void against_baseline(const struct metric *metric, const struct baseline *baseline,
                             double value, struct verdict *verdict)
{
    double centre = baseline->centre;
    verdict->deviation_baseline_percent = deviation_percent(metric->better, value, centre);
    verdict->ratio = baseline->spread > 0 ? (value - centre) / baseline->spread : NAN;
    verdict->baseline_severity = deviation_severity(metric, value, centre, verdict->z);
    bool budget_intact = !isnan(metric->target) &&
                         deviation_worse(metric->better, value, metric->target) <= 0;
    if (budget_intact && verdict->baseline_severity > SEVERITY_WARNING)
        verdict->baseline_severity = SEVERITY_WARNING;
    if (verdict->baseline_severity > SEVERITY_OK)
        verdict->tiers |= TIER_STATISTICAL;
}

struct verdict measurement_verdict_plain(const struct metric *metric,
                                         const struct baseline *baseline, double value)
{
    struct student_score score = score_of(metric, baseline, value);
    struct verdict verdict = {.deviation_target_percent = NAN,
                              .deviation_baseline_percent = NAN,
                              .z = score.z,
                              .z_target = NAN,
                              .p = score.tail,
                              .ratio = NAN,
                              .learning = !has_baseline(baseline),
                              .centre = baseline->centre,
                              .spread = baseline->spread,
                              .baseline_n = baseline->n,
                              .window_first_id = baseline->first_id,
                              .window_last_id = baseline->last_id};
    if (!isnan(metric->target))
        against_target(metric, baseline, value, &verdict);
    if (!verdict.learning)
        against_baseline(metric, baseline, value, &verdict);
    verdict.severity = verdict.target_severity > verdict.baseline_severity
                           ? verdict.target_severity
                           : verdict.baseline_severity;
    return verdict;
}

struct verdict measurement_verdict(const struct metric *metric, const struct baseline *baseline,
                                   double value)
{
    struct verdict verdict = measurement_verdict_plain(metric, baseline, value);
    reason_write(metric, baseline, value, &verdict);
    return verdict;
}
