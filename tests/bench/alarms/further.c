#include "further.h"

#include "../detection/generator.h"
#include "baseline/baseline_window.h"
#include "detect/deviation.h"
#include "detect/trend_verdict.h"
#include "stats/quantile.h"

#include <stdbool.h>

enum { LEARNED = 20, STEPPED = 100, GOES_ON = 30, FOUND_WITHIN = 15 };

struct tally {
    size_t series, told, found;
    double delays[100000];
};

/* What a step alert tells of its level: the median of the first five of it. */
static double told_of(const struct metric *metric, const double *level)
{
    double five[STEP_FURTHER_LOOKS_AT];
    for (size_t i = 0; i < STEP_FURTHER_LOOKS_AT; i++)
        five[i] = level[i];
    return deviation_percent(metric->better, quantile(five, STEP_FURTHER_LOOKS_AT, 0.5), 100);
}

static void series_watch(const struct metric *metric, const double *values, bool goes_on,
                         struct tally *tally)
{
    struct baseline_rule rule;
    struct baseline baseline;
    baseline_rule_init(&rule);
    baseline_compute(&rule, metric, values, LEARNED, &baseline);
    const double *level = values + LEARNED;
    double told = told_of(metric, level);
    bool early = false;
    tally->series++;
    for (size_t i = 2 * STEP_FURTHER_LOOKS_AT; i <= STEPPED; i++) {
        bool after = goes_on && i > GOES_ON;
        if (!step_goes_further(metric, &baseline, baseline.centre, told,
                               level + i - STEP_FURTHER_LOOKS_AT))
            continue;
        if (after && !early && i - GOES_ON <= FOUND_WITHIN)
            tally->delays[tally->found++] = (double)(i - GOES_ON);
        if (after)
            return;
        tally->told += !early;
        early = true;
        if (!goes_on)
            return;
    }
}

struct further further_simulate(const struct further_plan *plan)
{
    static struct tally tally;
    static char id[] = "m", unit[] = "ms";
    double values[LEARNED + STEPPED];
    struct metric metric;
    metric_init(&metric);
    metric.id = id;
    metric.unit = unit;
    tally.series = tally.told = tally.found = 0;
    for (int kind = 0; kind < NOISE_KINDS; kind++)
        for (size_t i = 0; i < plan->series; i++) {
            struct generator generator = {plan->seed + i * 1000003 + (uint64_t)kind * 7919};
            generator_noise(&generator, (enum noise_kind)kind, values, LEARNED + STEPPED);
            for (size_t k = 0; k < LEARNED + STEPPED; k++) {
                double level = k < LEARNED             ? 100
                               : k < LEARNED + GOES_ON ? 100 * (1 + plan->step)
                                                       : 100 * (1 + plan->goes_on_to);
                values[k] = level * (1 + plan->cv * values[k]);
            }
            series_watch(&metric, values, plan->goes_on_to > plan->step, &tally);
        }
    double n = (double)tally.series;
    return (struct further){.told_percent = 100 * (double)tally.told / n,
                            .found_percent = 100 * (double)tally.found / n,
                            .delay_median = quantile(tally.delays, tally.found, 0.5)};
}
