#include "detect/watch_verdict.h"

#include "base/clock.h"
#include "suite.h"

#include <stdlib.h>

/* Days of one measurement each, day 0 first; NaN: nothing was measured. */
static struct watch watch_of(const struct metric *metric, const double *medians, size_t count,
                             size_t period_day)
{
    struct watch_day days[64];
    double *scratch = calloc(watch_scratch(), sizeof *scratch);
    size_t used = 0;
    assert_non_null(scratch);
    for (size_t i = 0; i < count; i++)
        if (!isnan(medians[i]))
            days[used++] = (struct watch_day){(int64_t)i * CLOCK_NS_PER_DAY, 1, medians[i],
                                              medians[i]};
    struct watch watch = watch_verdict(metric, days, used, (int64_t)period_day * CLOCK_NS_PER_DAY,
                                       scratch);
    free(scratch);
    return watch;
}

static struct metric metric_of(enum tare_better better, double target)
{
    struct metric metric;
    metric_init(&metric);
    metric.better = better;
    metric.target = target;
    return metric;
}

#define WATCH(metric, period, ...)                                                                \
    watch_of(&(metric), (const double[]){__VA_ARGS__},                                            \
             sizeof((const double[]){__VA_ARGS__}) / sizeof(double), (period))
#define assert_day(time_ns, day) assert_int_equal((time_ns) / CLOCK_NS_PER_DAY, (day))

TEST(watch_verdict__active_since_the_first_day_over)
{
    struct metric metric = metric_of(TARE_LOWER, 100);
    struct watch watch = WATCH(metric, 0, 90, 110, 130, 120, 125);
    assert_int_equal(watch.state, WATCH_ACTIVE);
    assert_day(watch.since_ns, 1);
    assert_int_equal(watch.over, 4);
    assert_close(watch.peak, 130, 0);
    assert_close(watch.peak_percent, 30, 1e-12);
    assert_day(watch.peak_ns, 2);
    assert_close(watch.current, 125, 0);
    assert_close(watch.current_percent, 25, 1e-12);
    assert_int_equal(watch.fixed_ns, 0);
}

TEST(watch_verdict__nothing_without_target_or_within_it)
{
    struct metric metric = metric_of(TARE_LOWER, NAN);
    assert_int_equal(WATCH(metric, 0, 1, 1000, 1000).state, WATCH_NONE);
    metric.target = 100;
    assert_int_equal(WATCH(metric, 0, 100, 99, 100, 100).state, WATCH_NONE);
    assert_int_equal(WATCH(metric, 0, NAN).state, WATCH_NONE);
}

TEST(watch_verdict__one_bad_measurement_alone_is_none)
{
    struct metric metric = metric_of(TARE_LOWER, 100);
    assert_int_equal(WATCH(metric, 0, 90, 90, 150).state, WATCH_NONE);
    metric.persist_needed = 1;
    assert_int_equal(WATCH(metric, 0, 90, 90, 150).state, WATCH_ACTIVE);
}

TEST(watch_verdict__smaller_than_min_change_is_not_over)
{
    struct metric metric = metric_of(TARE_LOWER, 100);
    metric.min_change = 5;
    assert_int_equal(WATCH(metric, 0, 104, 104, 104).state, WATCH_NONE);
    assert_int_equal(WATCH(metric, 0, 105, 105, 105).state, WATCH_ACTIVE);
}

TEST(watch_verdict__days_without_data_neither_end_nor_begin)
{
    struct metric metric = metric_of(TARE_LOWER, 100);
    struct watch watch = WATCH(metric, 0, 120, NAN, NAN, NAN, NAN, 120, NAN);
    assert_int_equal(watch.state, WATCH_ACTIVE);
    assert_day(watch.since_ns, 0);
}

TEST(watch_verdict__fixed_after_three_good_ones)
{
    struct metric metric = metric_of(TARE_LOWER, 100);
    struct watch watch = WATCH(metric, 0, 120, 130, 90, 90, 90);
    assert_int_equal(watch.state, WATCH_FIXED);
    assert_day(watch.since_ns, 0);
    assert_day(watch.fixed_ns, 2);
    assert_close(watch.current, 90, 0);
}

TEST(watch_verdict__two_good_ones_are_improving_only)
{
    struct metric metric = metric_of(TARE_LOWER, 100);
    struct watch watch = WATCH(metric, 0, 120, 130, 90, 90);
    assert_int_equal(watch.state, WATCH_IMPROVING);
    assert_day(watch.fixed_ns, 2);
    watch = WATCH(metric, 0, 120, 130, 90, 90, 130, 130);
    assert_int_equal(watch.state, WATCH_ACTIVE);
    assert_day(watch.since_ns, 0);
    assert_int_equal(watch.fixed_ns, 0);
}

TEST(watch_verdict__fixed_before_the_period_is_no_longer_watched)
{
    struct metric metric = metric_of(TARE_LOWER, 100);
    assert_int_equal(WATCH(metric, 2, 120, 130, 90, 90, 90).state, WATCH_FIXED);
    assert_int_equal(WATCH(metric, 3, 120, 130, 90, 90, 90).state, WATCH_NONE);
}

TEST(watch_verdict__a_new_time_over_target_begins_after_a_fixed_one)
{
    struct metric metric = metric_of(TARE_LOWER, 100);
    struct watch watch = WATCH(metric, 0, 200, 200, 90, 90, 90, 120, 125);
    assert_int_equal(watch.state, WATCH_ACTIVE);
    assert_day(watch.since_ns, 5);
    assert_close(watch.peak, 125, 0);
}

TEST(watch_verdict__improving_by_mann_kendall)
{
    /* Kendall: four falling values have p = 1/24 exactly, 0.045 by the normal approximation. */
    struct metric metric = metric_of(TARE_LOWER, 100);
    assert_int_equal(WATCH(metric, 0, 180, 160, 140).state, WATCH_ACTIVE);
    assert_int_equal(WATCH(metric, 0, 180, 160, 140, 120).state, WATCH_IMPROVING);
    assert_int_equal(WATCH(metric, 0, 120, 140, 160, 180).state, WATCH_ACTIVE);
    assert_int_equal(WATCH(metric, 0, 150, 152, 149, 151, 150, 151).state, WATCH_ACTIVE);
}

TEST(watch_verdict__improving_looks_at_the_newest_days_only)
{
    struct metric metric = metric_of(TARE_LOWER, 100);
    double medians[40];
    for (size_t i = 0; i < 40; i++)
        medians[i] = i < 26 ? 110 + (double)i * 10 : 400 - (double)(i - 26) * 10;
    assert_int_equal(watch_of(&metric, medians, 40, 0).state, WATCH_IMPROVING);
}

/* Uniform noise, the same every time. */
static double noise(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (double)(*seed >> 40) / (double)(1 << 24);
}

TEST(watch_verdict__noise_over_the_target_is_seldom_improving)
{
    struct metric metric = metric_of(TARE_LOWER, 100);
    uint64_t seed = 4;
    int improving = 0;
    for (int run = 0; run < 4000; run++) {
        double medians[20];
        for (size_t i = 0; i < 20; i++)
            medians[i] = 120 + 20 * noise(&seed);
        improving += watch_of(&metric, medians, 20, 0).state == WATCH_IMPROVING;
    }
    print_message("# %.1f %% of stationary stretches are called improving\n", improving / 40.0);
    assert_true(improving < 4000 * 0.05);
}

TEST(watch_verdict__higher_is_better)
{
    struct metric metric = metric_of(TARE_HIGHER, 90);
    struct watch watch = WATCH(metric, 0, 95, 80, 72, 81);
    assert_int_equal(watch.state, WATCH_ACTIVE);
    assert_close(watch.peak, 72, 0);
    assert_close(watch.peak_percent, 20, 1e-12);
    assert_day(watch.since_ns, 1);
}

TEST(watch_verdict__exact_is_missed_on_both_sides)
{
    struct metric metric = metric_of(TARE_EXACT, 2);
    struct watch watch = WATCH(metric, 0, 2, 1, 5, 2, 2, 2);
    assert_int_equal(watch.state, WATCH_FIXED);
    assert_close(watch.peak, 5, 0);
    assert_close(watch.peak_percent, 150, 1e-12);
}
