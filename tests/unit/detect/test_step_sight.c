#include "detect/step_sight.h"

#include "detect/deviation.h"
#include "detect/trend_verdict.h"
#include "stats/change_points.h"
#include "stats/quantile.h"
#include "stats/robust.h"
#include "suite.h"

#include <stdlib.h>

#define LENGTH 200

static struct metric metric_plain(enum tare_better better)
{
    static char id[] = "m", unit[] = "ms";
    struct metric metric;
    metric_init(&metric);
    metric.id = id;
    metric.unit = unit;
    metric.better = better;
    return metric;
}

static uint64_t seed;

static double uniform(void)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return ((double)(seed >> 11) + 0.5) / 9007199254740992.0;
}

static double normal(void)
{
    return sqrt(-2 * log(uniform())) * cos(2 * M_PI * uniform());
}

/* Noise of one of seven sizes around a level that moves up or down now and then. */
static void history_draw(int number, double *values)
{
    static const double sizes[] = {0.01, 0.02, 0.03, 0.05, 0.08, 0.10, 0.15};
    double size = sizes[number % 7], level = 100;
    size_t next = 8 + (size_t)(112 * uniform());
    for (size_t i = 0; i < LENGTH; i++) {
        if (i == next) {
            double move = 1.1 + 0.5 * uniform() * uniform();
            level *= uniform() < 0.7 ? move : 1 / move;
            next += 5 + (size_t)(115 * uniform());
        }
        bool spike = number % 3 == 0 && uniform() < 0.05;
        values[i] = level * (1 + size * (normal() + (spike ? 4 + 8 * uniform() : 0)));
    }
}

struct tally {
    size_t looks, in_sight, steps, steps_seen;
};

/* Where the search finds a step to worry about at the end of values[0..n): the measurement that it
 * begins with; else 0. */
static size_t step_searched(const struct metric *metric, const double *values, size_t n,
                            void *scratch)
{
    struct change_point points[LENGTH];
    char reason[256];
    size_t count = change_points_find(values, n, NULL, scratch, points);
    if (count == 0)
        return 0;
    const struct change_point *last = &points[count - 1];
    bool worse = step_severity(metric, last->before, last->after, last->z, reason,
                               sizeof reason) >= SEVERITY_WARNING;
    bool now = !(deviation_percent(metric->better, values[n - 1], last->before) <
                 metric->warning_percent);
    return worse && now && n - last->index >= 5 ? last->index : 0;
}

/* As a baseline is computed of the newest twenty. */
static void baseline_renew(const double *values, size_t n, double *centre, double *spread)
{
    double window[20];
    size_t count = n < 20 ? n : 20;
    memcpy(window, values + n - count, count * sizeof window[0]);
    values_sort(window, count);
    *spread = robust_spread(window, count, centre);
    *spread = fmax(*spread, 0.001 * fabs(*centre));
}

/* One step is in sight at one of the measurements at which it is there to be found. */
static void history_pass(const struct metric *metric, const double *values, void *scratch,
                         struct tally *tally)
{
    double room[LENGTH + 128], centre = values[0], spread = 0;
    size_t step = 0;
    bool seen = true;
    assert_true(step_sight_scratch(LENGTH) <= sizeof room / sizeof room[0]);
    for (size_t n = 1; n <= LENGTH; n++) {
        size_t found = n >= 8 ? step_searched(metric, values, n, scratch) : 0;
        bool sight = false;
        if (n >= 8) {
            struct step_sight look = step_sight_of(metric, values, n, centre, spread, room);
            sight = step_in_sight(&look, metric);
            tally->looks++;
            tally->in_sight += sight;
        }
        if (found > 0 && (step == 0 || found > step + 5 || step > found + 5)) {
            tally->steps++;
            tally->steps_seen += seen && step > 0;
            seen = false;
        }
        step = found > 0 ? found : step;
        seen = seen || (found > 0 && sight);
        if (n < 20 || n % 10 == 0)
            baseline_renew(values, n, &centre, &spread);
    }
    tally->steps_seen += seen && step > 0;
}

TEST(step_sight__misses_no_step_that_the_search_finds)
{
    static double values[LENGTH];
    struct tally tally = {0};
    const struct metric metric = metric_plain(TARE_LOWER);
    void *scratch = malloc(change_points_scratch(LENGTH));
    assert_non_null(scratch);
    seed = 7;
    for (int i = 0; i < 84; i++) {
        history_draw(i, values);
        history_pass(&metric, values, scratch, &tally);
    }
    free(scratch);
    assert_true(tally.steps > 100);
    assert_true(tally.steps_seen * 100 >= tally.steps * 99);
}

TEST(step_sight__has_nothing_in_sight_where_nothing_is)
{
    static double values[LENGTH];
    struct tally tally = {0};
    const struct metric metric = metric_plain(TARE_LOWER);
    void *scratch = malloc(change_points_scratch(LENGTH));
    assert_non_null(scratch);
    seed = 8;
    for (int i = 0; i < 30; i++) {
        for (size_t k = 0; k < LENGTH; k++)
            values[k] = 100 + (i % 2 ? 10 : 3) * normal();
        history_pass(&metric, values, scratch, &tally);
    }
    free(scratch);
    assert_true(tally.in_sight * 25 < tally.looks);
}

TEST(step_sight__knows_which_way_is_worse)
{
    double values[60], room[256];
    for (size_t i = 0; i < 60; i++)
        values[i] = (i < 50 ? 100 : 80) + (double)(i * 7 % 5) * 0.3;
    const enum tare_better ways[] = {TARE_LOWER, TARE_HIGHER, TARE_EXACT};
    for (size_t way = 0; way < 3; way++) {
        const struct metric metric = metric_plain(ways[way]);
        struct step_sight look = step_sight_of(&metric, values, 60, 100, 0.5, room);
        assert_int_equal(step_in_sight(&look, &metric), ways[way] != TARE_LOWER);
    }
}

TEST(step_sight__a_drift_is_worth_a_test)
{
    double values[80], room[256];
    const struct metric metric = metric_plain(TARE_LOWER), higher = metric_plain(TARE_HIGHER);
    for (size_t i = 0; i < 80; i++)
        values[i] = 100 + 0.15 * (double)i + (double)(i * 7 % 5);
    struct step_sight look = step_sight_of(&metric, values, 80, 110, 2, room);
    assert_true(drift_in_sight(&look, &metric, 0));
    assert_false(drift_in_sight(&look, &higher, 0));
    assert_false(drift_in_sight(&look, &metric, 60));
}
