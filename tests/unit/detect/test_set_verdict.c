#include "detect/set_verdict.h"

#include "suite.h"

static struct metric metric_of(enum tare_better better)
{
    static char id[] = "m", unit[] = "ms";
    struct metric metric;
    metric_init(&metric);
    metric.id = id;
    metric.unit = unit;
    metric.better = better;
    return metric;
}

/* n values around `level`, a different pattern for each `phase`. */
static void around(double *values, size_t n, double level, double width, unsigned phase)
{
    for (size_t i = 0; i < n; i++)
        values[i] = level + width * sin(2.3 * (double)i + phase);
}

static struct set_comparison compare(const struct metric *metric, const double *a, size_t n,
                                     const double *b, size_t m)
{
    double scratch[64];
    return set_compare(metric, (struct value_set){a, n}, (struct value_set){b, m}, scratch);
}

TEST(set_verdict__compare_tells_the_four_outcomes)
{
    struct metric metric = metric_of(TARE_LOWER);
    double a[20], b[20];
    around(a, 20, 100, 3, 1);
    around(b, 20, 130, 3, 2);
    struct set_comparison comparison = compare(&metric, a, 20, b, 20);
    assert_int_equal(comparison.change, SET_REGRESSED);
    assert_close(comparison.change_percent, 30, 0.05);
    assert_true(comparison.low_percent > 25 && comparison.high_percent < 35);
    assert_true(comparison.low_percent < comparison.change_percent);
    assert_true(comparison.p < 1e-6);
    assert_int_equal(compare(&metric, b, 20, a, 20).change, SET_IMPROVED);
    metric.better = TARE_HIGHER;
    assert_int_equal(compare(&metric, a, 20, b, 20).change, SET_IMPROVED);
    metric.better = TARE_EXACT;
    assert_int_equal(compare(&metric, b, 20, a, 20).change, SET_REGRESSED);
    metric.better = TARE_LOWER;
    around(b, 20, 101, 3, 2);
    assert_int_equal(compare(&metric, a, 20, b, 20).change, SET_SAME);
    around(b, 20, 108, 20, 2);
    comparison = compare(&metric, a, 20, b, 20);
    assert_int_equal(comparison.change, SET_INCONCLUSIVE);
    assert_non_null(strstr(comparison.reason, "more measurements are needed"));
}

TEST(set_verdict__compare_of_few_or_none_is_inconclusive)
{
    struct metric metric = metric_of(TARE_LOWER);
    double a[] = {100, 101, 99}, b[] = {200, 201, 199};
    struct set_comparison comparison = compare(&metric, a, 3, b, 3);
    assert_int_equal(comparison.change, SET_INCONCLUSIVE);
    assert_true(comparison.change_percent == 100);
    assert_int_equal(isnan(comparison.low_percent) != 0, 1);
    assert_non_null(strstr(comparison.reason, "3 against 3 measurements are too few"));
    comparison = compare(&metric, a, 0, b, 3);
    assert_int_equal(comparison.change, SET_INCONCLUSIVE);
    assert_non_null(strstr(comparison.reason, "no measurements on the first side"));
    assert_int_equal(isnan(comparison.a_median) != 0, 1);
    assert_true(comparison.b_median == 200);
    assert_non_null(strstr(compare(&metric, a, 3, b, 0).reason, "second"));
}

TEST(set_verdict__compare_of_constants_needs_no_interval)
{
    struct metric metric = metric_of(TARE_LOWER);
    double a[] = {3000, 3000, 3000}, b[] = {4123, 4123, 4123};
    assert_int_equal(compare(&metric, a, 3, b, 3).change, SET_REGRESSED);
    assert_int_equal(compare(&metric, a, 3, a, 3).change, SET_SAME);
    assert_int_equal(compare(&metric, a, 1, b, 1).change, SET_INCONCLUSIVE);
    metric.better = TARE_EXACT;
    assert_int_equal(compare(&metric, a, 1, b, 1).change, SET_REGRESSED);
}

TEST(set_verdict__values_known_nearly_make_the_interval_wider)
{
    struct metric metric = metric_of(TARE_LOWER);
    double a[20], b[20], scratch[64];
    around(a, 20, 100, 3, 1);
    around(b, 20, 112, 3, 2);
    const struct value_set before = {a, 20}, after = {b, 20};
    struct set_comparison exact = set_compare(&metric, before, after, scratch);
    struct set_comparison near = set_compare_near(&metric, before, after, 1.5, scratch);
    assert_close(near.change_percent, exact.change_percent, 0);
    assert_close(near.low_percent, exact.low_percent - 1.5, 1e-9);
    assert_close(near.high_percent, exact.high_percent + 1.5, 1e-9);
    assert_int_equal(near.change, SET_REGRESSED);
    near = set_compare_near(&metric, before, after, 15, scratch);
    assert_int_equal(near.change, SET_INCONCLUSIVE);
}

TEST(set_verdict__compare_with_zero)
{
    struct metric metric = metric_of(TARE_LOWER);
    double zero[] = {0, 0, 0, 0, 0}, some[] = {1, 2, 3, 4, 5};
    struct set_comparison comparison = compare(&metric, zero, 5, some, 5);
    assert_int_equal(comparison.change, SET_REGRESSED);
    assert_int_equal(isnan(comparison.change_percent) != 0, 1);
    comparison = compare(&metric, zero, 5, zero, 5);
    assert_int_equal(comparison.change, SET_SAME);
    assert_true(comparison.change_percent == 0);
}

TEST(set_verdict__what_is_not_finite_is_left_out)
{
    struct metric metric = metric_of(TARE_LOWER);
    double a[] = {100, NAN, 101, 99, INFINITY, 100}, b[] = {NAN, NAN};
    struct set_comparison comparison = compare(&metric, a, 6, a, 6);
    assert_int_equal(comparison.a_n, 4);
    assert_int_equal(comparison.change, SET_SAME);
    assert_int_equal(compare(&metric, a, 6, b, 2).b_n, 0);
}

TEST(set_verdict__compare_heeds_min_change)
{
    struct metric metric = metric_of(TARE_LOWER);
    double a[] = {1, 1.1, 0.9, 1.05}, b[] = {2, 2.1, 1.9, 2.05};
    assert_int_equal(compare(&metric, a, 4, b, 4).change, SET_REGRESSED);
    metric.min_change = 5;
    assert_int_equal(compare(&metric, a, 4, b, 4).change, SET_SAME);
}

/* A window of 20 around 100 ± 3, its baseline, and a candidate of k around `level`. */
static struct set_verdict check(const struct metric *metric, double level, size_t k)
{
    double window[20], candidate[20], scratch[40];
    struct baseline baseline;
    baseline_init(&baseline);
    baseline.state = BASELINE_ACTIVE;
    baseline.n = 20;
    baseline.centre = 100;
    baseline.spread = 2.5;
    around(window, 20, 100, 3, 1);
    around(candidate, k, level, 1, 3);
    return set_verdict(metric, &baseline, (struct value_set){window, 20},
                       (struct value_set){candidate, k}, scratch);
}

TEST(set_verdict__check_by_rank_test)
{
    struct metric metric = metric_of(TARE_LOWER);
    struct set_verdict set = check(&metric, 130, 5);
    assert_true(set.conclusive);
    assert_false(set.single);
    assert_int_equal(set.verdict.severity, SEVERITY_CRITICAL);
    assert_int_equal(set.verdict.tiers, TIER_STATISTICAL);
    assert_close(set.p, 1 / 53130.0, 1e-12); /* all above all: 1 in C(25, 5) orders */
    assert_close(set.verdict.z, 4.1187, 1e-3);
    assert_close(set.verdict.deviation_baseline_percent, 30, 0.05);
    assert_non_null(strstr(set.verdict.reason, "5 measurements around"));
    assert_non_null(strstr(set.verdict.reason, "worse than the baseline of 100 ms"));
    assert_int_equal(check(&metric, 100, 5).verdict.severity, SEVERITY_OK);
    assert_int_equal(check(&metric, 70, 5).verdict.severity, SEVERITY_OK);
    metric.better = TARE_HIGHER;
    assert_int_equal(check(&metric, 70, 5).verdict.severity, SEVERITY_CRITICAL);
    assert_int_equal(check(&metric, 130, 5).verdict.severity, SEVERITY_OK);
}

TEST(set_verdict__check_against_the_target_too)
{
    struct metric metric = metric_of(TARE_LOWER);
    metric.target = 200;
    struct set_verdict set = check(&metric, 130, 5);
    assert_int_equal(set.verdict.severity, SEVERITY_WARNING); /* the budget is intact */
    metric.target = 80;
    set = check(&metric, 100, 5);
    assert_int_equal(set.verdict.target_severity, SEVERITY_WARNING);
    assert_true(set.verdict.known);
    assert_non_null(strstr(set.verdict.reason, "but not new"));
    assert_int_equal(check(&metric, 130, 5).verdict.target_severity, SEVERITY_CRITICAL);
}

TEST(set_verdict__check_of_one_or_two_says_so)
{
    struct metric metric = metric_of(TARE_LOWER);
    struct set_verdict set = check(&metric, 130, 1);
    assert_true(set.single && set.conclusive);
    assert_int_equal(set.verdict.severity, SEVERITY_CRITICAL);
    assert_non_null(strstr(set.verdict.reason, "; judged by one measurement"));
    assert_non_null(
        strstr(check(&metric, 130, 2).verdict.reason, "; judged by the middle of two"));
    assert_true(set.p > 0 && set.p < 0.001);
}

TEST(set_verdict__check_of_nothing_or_against_nothing_is_not_conclusive)
{
    struct metric metric = metric_of(TARE_LOWER);
    struct set_verdict set = check(&metric, 130, 0);
    assert_false(set.conclusive);
    assert_string_equal(set.verdict.reason, "no measurements to check");
    double values[] = {130, 131, 132}, scratch[8];
    struct baseline learning;
    baseline_init(&learning);
    set = set_verdict(&metric, &learning, (struct value_set){values, 3},
                      (struct value_set){values, 3}, scratch);
    assert_false(set.conclusive);
    assert_int_equal(isnan(set.p) != 0, 1);
    assert_non_null(strstr(set.verdict.reason, "no baseline yet"));
}

TEST(set_verdict__among_many_tests_chance_is_no_discovery)
{
    enum { COUNT = 40 };
    struct set_verdict verdicts[COUNT];
    const struct metric *metrics[COUNT];
    struct metric metric = metric_of(TARE_LOWER), targeted = metric_of(TARE_LOWER);
    double numbers[2 * COUNT];
    size_t order[COUNT];
    targeted.target = 80;
    for (size_t i = 0; i < COUNT; i++) {
        metrics[i] = i == 2 ? &targeted : &metric;
        verdicts[i] = check(metrics[i], 100 - 0.05 * (double)i, 5);
    }
    verdicts[0] = check(&metric, 130, 5);
    verdicts[1] = check(&metric, 130, 0);
    verdicts[2] = check(&targeted, 130, 5);
    verdicts[2].p = verdicts[3].p = 0.02; /* as chance has it among forty */
    verdicts[2].verdict.z = verdicts[3].verdict.z = 2.05;
    verdicts[3].verdict.baseline_severity = verdicts[3].verdict.severity = SEVERITY_ERROR;
    assert_int_equal(set_verdicts_discover(metrics, verdicts, COUNT, 0.05, numbers, order), 39);
    assert_int_equal(verdicts[0].verdict.severity, SEVERITY_CRITICAL);
    assert_true(verdicts[0].discovery && verdicts[0].p_adjusted < 0.001);
    assert_int_equal(isnan(verdicts[1].p_adjusted) != 0, 1);
    assert_int_equal(verdicts[2].verdict.baseline_severity, SEVERITY_INFO);
    assert_int_equal(verdicts[2].verdict.target_severity, SEVERITY_WARNING);
    assert_int_equal(verdicts[3].verdict.severity, SEVERITY_INFO);
    assert_false(verdicts[3].discovery);
    assert_non_null(strstr(verdicts[3].verdict.reason, "; not distinguishable among 39 tests"));
    assert_null(strstr(verdicts[10].verdict.reason, "not distinguishable"));
}
