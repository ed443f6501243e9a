#include "detect/trend_verdict.h"

#include "base/clock.h"
#include "suite.h"

#include <stdlib.h>

static struct metric metric_of(enum tare_better better, double target)
{
    static char id[] = "m", unit[] = "ms";
    struct metric metric;
    metric_init(&metric);
    metric.id = id;
    metric.unit = unit;
    metric.better = better;
    metric.target = target;
    return metric;
}

/* One measurement a day from 2026-01-01 on, `slope` a day from 100, with a little noise. */
static struct trend_verdict drift(const struct metric *metric, double slope, size_t n,
                                  bool step_inside)
{
    double values[64], scratch[2048];
    int64_t times[64], start;
    assert_true(clock_parse("2026-01-01", &start));
    assert_true(trend_verdict_scratch(64) <= 2048);
    for (size_t i = 0; i < n; i++) {
        values[i] = 100 + slope * (double)i + sin(2.3 * (double)i);
        times[i] = start + (int64_t)i * CLOCK_NS_PER_DAY;
    }
    return trend_verdict(metric, values, times, n, step_inside, scratch);
}

TEST(trend_verdict__a_slow_drift_is_a_warning)
{
    struct metric metric = metric_of(TARE_LOWER, NAN);
    struct trend_verdict verdict = drift(&metric, 1, 25, false);
    assert_int_equal(verdict.severity, SEVERITY_WARNING);
    assert_true(verdict.p < 1e-6);
    assert_close(verdict.slope_per_day, 1, 0.05);
    assert_close(verdict.slope_per_measurement, 1, 0.05);
    assert_close(verdict.change_percent, 24, 0.1);
    assert_int_equal(verdict.crossing_ns, 0);
    assert_non_null(strstr(verdict.reason, "drifted by +23.8 % over 25 measurements (p "));
}

TEST(trend_verdict__direction_and_size_count)
{
    struct metric metric = metric_of(TARE_LOWER, NAN);
    assert_int_equal(drift(&metric, -1, 25, false).severity, SEVERITY_OK);
    assert_true(drift(&metric, -1, 25, false).p_better < 1e-6);
    assert_int_equal(drift(&metric, 0.3, 25, false).severity, SEVERITY_OK);
    assert_int_equal(drift(&metric, 0, 25, false).severity, SEVERITY_OK);
    metric.better = TARE_HIGHER;
    assert_int_equal(drift(&metric, -1, 25, false).severity, SEVERITY_WARNING);
    metric.better = TARE_EXACT;
    assert_int_equal(drift(&metric, -1, 25, false).severity, SEVERITY_WARNING);
}

TEST(trend_verdict__says_when_the_target_will_be_passed)
{
    struct metric metric = metric_of(TARE_LOWER, 150);
    struct trend_verdict verdict = drift(&metric, 1, 25, false);
    int64_t expected;
    assert_true(clock_parse("2026-02-20", &expected));
    assert_true(llabs(verdict.crossing_ns - expected) < 3 * CLOCK_NS_PER_DAY);
    assert_non_null(strstr(verdict.reason, "passes the target of 150 ms on 2026-02-"));
    metric.target = 110; /* passed already */
    assert_int_equal(drift(&metric, 1, 25, false).crossing_ns, 0);
}

TEST(trend_verdict__a_step_explains_itself)
{
    struct metric metric = metric_of(TARE_LOWER, NAN);
    struct trend_verdict verdict = drift(&metric, 1, 25, true);
    assert_int_equal(verdict.severity, SEVERITY_OK);
    assert_true(verdict.by_step);
    assert_non_null(strstr(verdict.reason, "explained by a step"));
    assert_false(drift(&metric, 0, 25, true).by_step);
}

TEST(trend_verdict__an_alert_asks_for_more_than_a_warning)
{
    struct metric metric = metric_of(TARE_LOWER, NAN);
    double values[] = {100, 104, 99, 103, 107, 101, 112, 108, 104, 115, 118}, scratch[512];
    int64_t times[11];
    for (int i = 0; i < 11; i++)
        times[i] = i * CLOCK_NS_PER_DAY;
    struct trend_verdict verdict = trend_verdict(&metric, values, times, 11, false, scratch);
    assert_int_equal(verdict.severity, SEVERITY_WARNING);
    assert_true(verdict.p > TREND_SURE_P && verdict.p < TREND_P);
    assert_int_equal(verdict.evidence, SEVERITY_OK);
    assert_int_equal(drift(&metric, 1, 25, false).evidence, SEVERITY_WARNING);
}

TEST(trend_verdict__needs_ten)
{
    struct metric metric = metric_of(TARE_LOWER, NAN);
    for (size_t n = 0; n < 10; n++) {
        struct trend_verdict verdict = drift(&metric, 5, n, false);
        assert_false(verdict.enough);
        assert_int_equal(verdict.severity, SEVERITY_OK);
    }
    assert_true(drift(&metric, 5, 10, false).enough);
    assert_int_equal(drift(&metric, 5, 10, false).severity, SEVERITY_WARNING);
}

TEST(trend_verdict__window_is_thirty_days)
{
    int64_t times[50];
    for (int i = 0; i < 50; i++)
        times[i] = i * CLOCK_NS_PER_DAY;
    assert_int_equal(trend_window(times, 50), 19);
    assert_int_equal(trend_window(times, 20), 0);
    assert_int_equal(trend_window(times, 0), 0);
}

TEST(trend_verdict__constants_and_great_sizes_are_no_trend)
{
    struct metric metric = metric_of(TARE_LOWER, NAN);
    double constant[12], huge[12], scratch[512];
    int64_t times[12];
    for (int i = 0; i < 12; i++) {
        constant[i] = 7;
        huge[i] = (i % 3 + 1) * 1e300;
        times[i] = i; /* all but at once */
    }
    assert_int_equal(trend_verdict(&metric, constant, times, 12, false, scratch).severity,
                     SEVERITY_OK);
    assert_int_equal(trend_verdict(&metric, huge, times, 12, false, scratch).severity,
                     SEVERITY_OK);
}

TEST(trend_verdict__step_severity_is_the_tree)
{
    struct metric metric = metric_of(TARE_LOWER, NAN);
    char reason[128];
    assert_int_equal(step_severity(&metric, 100, 130, 8, reason, sizeof reason),
                     SEVERITY_CRITICAL);
    assert_string_equal(reason, "stepped from 100 ms to 130 ms (+30 %, z 8.0)");
    assert_int_equal(step_severity(&metric, 100, 105, 8, reason, sizeof reason), SEVERITY_OK);
    assert_int_equal(step_severity(&metric, 100, 70, 8, reason, sizeof reason), SEVERITY_OK);
    metric.target = 500;
    assert_int_equal(step_severity(&metric, 100, 130, 8, reason, sizeof reason), SEVERITY_WARNING);
    assert_non_null(strstr(reason, "the budget is intact"));
}

TEST(trend_verdict__a_step_goes_further_when_all_of_the_newest_do)
{
    struct metric metric = metric_of(TARE_LOWER, NAN);
    struct baseline baseline;
    baseline_init(&baseline);
    baseline.state = BASELINE_ACTIVE;
    baseline.centre = 100;
    baseline.spread = 2;
    baseline.n = 20;
    const double twice[] = {198, 203, 200, 202, 201}, stray[] = {198, 203, 170, 202, 201};
    const double little[] = {190, 192, 191, 190, 189}, less[] = {20, 19, 18, 21, 20};
    assert_true(step_goes_further(&metric, &baseline, 100, 50, twice));
    assert_false(step_goes_further(&metric, &baseline, 100, 50, stray));
    assert_false(step_goes_further(&metric, &baseline, 100, 50, little));
    assert_false(step_goes_further(&metric, &baseline, 100, 50, less)); /* better */
    assert_false(step_goes_further(&metric, &baseline, 100, NAN, twice));
    assert_false(step_goes_further(&metric, &baseline, 100, 0, twice));
    assert_false(step_goes_further(&metric, &baseline, 0, NAN, twice));
    baseline.spread = 10; /* at the level that was told 15: 50 more are within its noise */
    assert_false(step_goes_further(&metric, &baseline, 100, 50, twice));
    baseline.spread = 2;
    metric.better = TARE_HIGHER;
    assert_true(step_goes_further(&metric, &baseline, 100, 40, less));
    assert_false(step_goes_further(&metric, &baseline, 100, 40, twice));
    metric.better = TARE_EXACT;
    assert_true(step_goes_further(&metric, &baseline, 100, 40, less));
    assert_true(step_goes_further(&metric, &baseline, 100, 40, twice));
    baseline_init(&baseline); /* reset: it learns */
    assert_false(step_goes_further(&metric, &baseline, 100, 40, twice));
}
