#include "alarms.h"

#include "stats/quantile.h"

#include <err.h>
#include <stdlib.h>

enum { LEARNED_FROM = 40, MISSED_AFTER = 15 };

struct tally {
    struct course_result result;
    double *delays;
    size_t count, missed;
};

static void run_series(const struct alarms_plan *plan, enum noise_kind kind, uint64_t seed,
                       double *values, struct tally *tally)
{
    static char id[] = "m", unit[] = "ms";
    struct generator generator = {.state = seed};
    struct metric metric;
    metric_init(&metric);
    metric.id = id;
    metric.unit = unit;
    size_t n = LEARNED_FROM + plan->length;
    generator_noise(&generator, kind, values, n);
    for (size_t i = 0; i < n; i++) {
        values[i] = 100 * (1 + plan->cv * values[i]);
        if (i >= LEARNED_FROM)
            values[i] += 100 * plan->step;
    }
    course_run(plan->rule, &metric, values, n, LEARNED_FROM, &tally->result);
    bool missed = tally->result.delay == 0 || tally->result.delay > MISSED_AFTER;
    tally->missed += missed;
    tally->delays[tally->count++] = missed ? MISSED_AFTER + 1 : (double)tally->result.delay;
}

static void run_noise(const struct alarms_plan *plan, enum noise_kind kind, struct tally *tally)
{
    double *values = calloc(LEARNED_FROM + plan->length, sizeof *values);
    if (!values)
        err(1, "alarms");
    for (size_t i = 0; i < plan->series; i++)
        run_series(plan, kind, plan->seed + i * 1000003 + (uint64_t)kind * 7919, values, tally);
    free(values);
}

static struct alarms finish(struct tally *tally)
{
    double n = (double)tally->result.measurements;
    struct alarms alarms = {
        .opened_per_1000 = 1000 * (double)tally->result.opened / n,
        .bad_percent = 100 * (double)tally->result.bad / n,
        .error_percent = 100 * (double)tally->result.errors / n,
        .delay_median = quantile(tally->delays, tally->count, 0.5),
        .missed_percent = 100 * (double)tally->missed / (double)tally->count,
    };
    free(tally->delays);
    return alarms;
}

static struct tally begin(size_t courses)
{
    struct tally tally = {.delays = calloc(courses, sizeof *tally.delays)};
    if (!tally.delays)
        err(1, "alarms");
    return tally;
}

struct alarms alarms_of_noise(const struct alarms_plan *plan, enum noise_kind kind)
{
    struct tally tally = begin(plan->series);
    run_noise(plan, kind, &tally);
    return finish(&tally);
}

struct alarms alarms_of_all(const struct alarms_plan *plan)
{
    struct tally tally = begin(plan->series * NOISE_KINDS);
    for (int kind = 0; kind < NOISE_KINDS; kind++)
        run_noise(plan, (enum noise_kind)kind, &tally);
    return finish(&tally);
}
