#include "baseline/baseline_window.h"

#include "stats/reference.h"
#include "suite.h"

#include <stdio.h>

static struct metric metric_of(double resolution, double warning_percent, double min_change)
{
    struct metric metric;
    metric_init(&metric);
    static char id[] = "APP-001", unit[] = "";
    metric.id = id;
    metric.unit = unit;
    metric.resolution = resolution;
    metric.warning_percent = warning_percent;
    metric.min_change = min_change;
    return metric;
}

static void check_baseline(struct reference *r)
{
    struct baseline_rule rule;
    struct baseline baseline;
    struct metric metric = metric_of(r->list[1][0], r->list[1][1], r->list[1][2]);
    const double *expected = r->list[2];
    baseline_rule_init(&rule);
    baseline_compute(&rule, &metric, r->list[0], r->count[0], &baseline);
    assert_int_equal(baseline.state, BASELINE_ACTIVE);
    assert_int_equal(baseline.n, r->count[0]);
    assert_relative(baseline.centre, expected[0], 1e-15);
    assert_relative(baseline.spread, expected[1], 1e-13);
    assert_close(baseline.low, expected[2], 1e-13);
    assert_close(baseline.high, expected[3], 1e-13);
    assert_close(baseline.confidence, expected[4], 1e-9);
}

TEST(baseline_window__numbers_are_those_of_the_definition)
{
    reference_each("baseline", check_baseline);
}

static struct baseline computed(const double *values, size_t n, double resolution)
{
    struct baseline_rule rule;
    struct baseline baseline;
    struct metric metric = metric_of(resolution, 10, 0);
    baseline_rule_init(&rule);
    baseline_compute(&rule, &metric, values, n, &baseline);
    return baseline;
}

TEST(baseline_window__fewer_than_five_is_learning)
{
    double values[] = {1, 2, 3, 4, 5, 6};
    for (size_t n = 0; n < 5; n++) {
        struct baseline baseline = computed(values, n, 0);
        assert_int_equal(baseline.state, BASELINE_LEARNING);
        assert_int_equal(baseline.n, n);
        assert_true(isnan(baseline.centre) && isnan(baseline.spread) && isnan(baseline.low));
        assert_true(baseline.confidence == 0);
    }
    assert_true(isnan(computed(values, 5, 0).low));
    assert_true(isfinite(computed(values, 6, 0).low));
}

TEST(baseline_window__floor_means_that_nothing_varied)
{
    double constant[] = {50, 50, 50, 50, 50, 50, 50};
    double nearly[] = {5000, 5000, 5001, 5000, 5000, 5002, 5000};
    double ties[] = {10, 10, 10, 10, 10, 13, 17};
    double noise[] = {10, 12, 9, 11, 8, 10.5, 11.5};
    assert_true(computed(constant, 7, 1).spread_at_floor);
    assert_true(computed(nearly, 7, 1).spread_at_floor);
    assert_false(computed(ties, 7, 1).spread_at_floor);
    assert_false(computed(noise, 7, 0).spread_at_floor);
    assert_close(computed(constant, 7, 1).spread, 1 / sqrt(12), 1e-15);
    assert_close(computed(constant, 7, 0).spread, 0.05, 1e-15);
}

TEST(baseline_window__survives_sizes_at_the_edge)
{
    double huge[] = {1e300, 1.1e300, 0.9e300, 1e300, 1.2e300, 1e300};
    double tiny[] = {1e-300, 1.1e-300, 0.9e-300, 1e-300, 1.2e-300, 1e-300};
    double zero[] = {0, 0, 0, 0, 0, 0};
    assert_true(computed(huge, 6, 0).centre == 1e300);
    assert_true(computed(tiny, 6, 0).centre == 1e-300);
    assert_true(computed(huge, 6, 0).confidence >= 0 && computed(huge, 6, 0).confidence <= 1);
    struct baseline none = computed(zero, 6, 0);
    assert_true(none.centre == 0 && none.spread == 0 && none.confidence > 0);
}

static void fill(struct measurement *list, size_t n)
{
    memset(list, 0, n * sizeof *list);
    for (size_t i = 0; i < n; i++) {
        list[i].id = (int64_t)(1000 - i); /* the order is the position, not the number */
        list[i].value = (double)i;
        snprintf(list[i].branch, sizeof list[i].branch, "%s", "main");
        snprintf(list[i].commit, sizeof list[i].commit, "%s", i < 20 ? "abc123" : "def456");
    }
}

TEST(baseline_window__picks_the_newest_that_count)
{
    struct measurement list[40];
    struct baseline_rule rule;
    size_t window[BASELINE_WINDOW_MAX];
    baseline_rule_init(&rule);
    fill(list, 40);
    list[39].outcome = OUTCOME_FAILED;
    list[38].outcome = OUTCOME_CRASHED;
    list[37].excluded = true;
    list[36].value = NAN;
    list[35].outcome = OUTCOME_RUNNING;
    snprintf(list[34].branch, sizeof list[34].branch, "%s", "feature");
    rule.branch = "main";
    assert_int_equal(baseline_window_pick(&rule, list, 40, 0, window), 20);
    assert_int_equal(window[19], 35);
    assert_int_equal(window[18], 33);
    assert_int_equal(window[0], 15);
    rule.branch = NULL;
    assert_int_equal(baseline_window_pick(&rule, list, 40, 0, window), 20);
    assert_int_equal(window[18], 34);
}

TEST(baseline_window__begins_behind_the_accepted_step)
{
    struct measurement list[40];
    struct baseline_rule rule;
    size_t window[BASELINE_WINDOW_MAX];
    baseline_rule_init(&rule);
    fill(list, 40);
    assert_int_equal(baseline_window_pick(&rule, list, 40, list[30].id, window), 9);
    assert_int_equal(window[0], 31);
    assert_int_equal(baseline_window_pick(&rule, list, 40, list[39].id, window), 0);
    assert_int_equal(baseline_window_pick(&rule, list, 40, 77777, window), 20);
    rule.commit = "abc";
    assert_int_equal(baseline_window_pick(&rule, list, 40, 0, window), 20);
    assert_int_equal(window[19], 19);
}

TEST(baseline_window__from_series_says_what_it_stands_on)
{
    struct measurement list[40];
    struct baseline_rule rule;
    struct baseline baseline;
    struct metric metric = metric_of(0, 10, 0);
    baseline_rule_init(&rule);
    fill(list, 40);
    baseline_from_series(&rule, &metric, list, 40, 0, 99, &baseline);
    assert_int_equal(baseline.first_id, list[20].id);
    assert_int_equal(baseline.last_id, list[39].id);
    assert_int_equal(baseline.computed_ns, 99);
    assert_close(baseline.centre, 29.5, 0);
    baseline_from_series(&rule, &metric, list, 0, 0, 99, &baseline);
    assert_int_equal(baseline.n, 0);
    assert_int_equal(baseline.first_id, 0);
}
