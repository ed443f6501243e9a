#include "detect/measurement_verdict.h"

#include "detect/reason.h"
#include "stats/reference.h"
#include "suite.h"

static struct metric metric_of(enum tare_better better, double target)
{
    static char id[] = "APP-001", unit[] = "ms";
    struct metric metric;
    metric_init(&metric);
    metric.id = id;
    metric.unit = unit;
    metric.better = better;
    metric.target = target;
    return metric;
}

static struct baseline baseline_of(double centre, double spread, uint32_t n)
{
    struct baseline baseline;
    baseline_init(&baseline);
    baseline.state = BASELINE_ACTIVE;
    baseline.centre = centre;
    baseline.spread = spread;
    baseline.n = n;
    return baseline;
}

static void check_score(struct reference *r)
{
    double ratio = r->list[0][1];
    struct baseline baseline = baseline_of(100, 4, (uint32_t)r->list[0][0]);
    struct metric metric = metric_of(TARE_LOWER, 100);
    assert_close(measurement_score(&metric, &baseline, 100 + 4 * ratio), r->list[1][0], 1e-10);
    assert_close(measurement_target_score(&metric, &baseline, 100 + 4 * ratio), r->list[1][1],
                 1e-10);
    metric.better = TARE_HIGHER;
    assert_close(measurement_score(&metric, &baseline, 100 - 4 * ratio), r->list[1][0], 1e-10);
}

TEST(measurement_verdict__score_is_that_of_a_student_prediction)
{
    reference_each("score", check_score);
}

TEST(measurement_verdict__learning_has_only_the_target)
{
    struct baseline baseline;
    baseline_init(&baseline);
    baseline.n = 3;
    struct metric metric = metric_of(TARE_LOWER, 100);
    struct verdict verdict = measurement_verdict(&metric, &baseline, 115);
    assert_true(verdict.learning);
    assert_int_equal(verdict.severity, SEVERITY_WARNING);
    assert_int_equal(verdict.tiers, TIER_THRESHOLD);
    assert_int_equal(isnan(verdict.z) != 0, 1);
    assert_string_equal(verdict.reason, "115 ms is 15 % past the target of 100 ms; no baseline "
                                        "yet: 3 of 5 measurements");
    assert_int_equal(measurement_verdict(&metric, &baseline, 121).severity, SEVERITY_ERROR);
    metric.target = NAN;
    verdict = measurement_verdict(&metric, &baseline, 121);
    assert_int_equal(verdict.severity, SEVERITY_OK);
    assert_string_equal(verdict.reason, "121 ms; no baseline yet: 3 of 5 measurements");
    baseline.minimum = 12;
    verdict = measurement_verdict(&metric, &baseline, 121);
    assert_string_equal(verdict.reason, "121 ms; no baseline yet: 3 of 12 measurements");
}

TEST(measurement_verdict__regression_against_the_baseline)
{
    struct metric metric = metric_of(TARE_LOWER, NAN);
    struct baseline baseline = baseline_of(100, 3, 20);
    struct verdict verdict = measurement_verdict(&metric, &baseline, 130);
    assert_int_equal(verdict.severity, SEVERITY_CRITICAL);
    assert_int_equal(verdict.tiers, TIER_STATISTICAL);
    assert_true(verdict.deviation_baseline_percent == 30);
    assert_int_equal(isnan(verdict.deviation_target_percent) != 0, 1);
    assert_true(verdict.ratio == 10);
    assert_true(verdict.z > 5 && verdict.z < 10 && verdict.p < 1e-7);
    assert_non_null(strstr(verdict.reason, "130 ms is 30 % above the baseline of 100 ms ± 3 ms "
                                           "from 20 measurements (z "));
    verdict = measurement_verdict(&metric, &baseline, 15138);
    assert_non_null(strstr(verdict.reason, "is 15,038 % above")); /* as every table says it */
}

TEST(measurement_verdict__budget_intact_is_a_warning_at_most)
{
    struct metric metric = metric_of(TARE_LOWER, 500);
    struct baseline baseline = baseline_of(100, 3, 20);
    struct verdict verdict = measurement_verdict(&metric, &baseline, 130);
    assert_int_equal(verdict.severity, SEVERITY_WARNING);
    assert_non_null(strstr(verdict.reason, "within the target of 500 ms: the budget is intact"));
    metric.target = 130;
    assert_int_equal(measurement_verdict(&metric, &baseline, 130).severity, SEVERITY_WARNING);
    metric.target = 129;
    assert_int_equal(measurement_verdict(&metric, &baseline, 130).severity, SEVERITY_CRITICAL);
}

TEST(measurement_verdict__over_target_for_long_is_not_new)
{
    struct metric metric = metric_of(TARE_LOWER, 3000);
    struct baseline baseline = baseline_of(4118, 40, 20);
    struct verdict verdict = measurement_verdict(&metric, &baseline, 4123);
    assert_true(verdict.known);
    assert_int_equal(verdict.severity, SEVERITY_WARNING);
    assert_int_equal(verdict.tiers, TIER_THRESHOLD);
    assert_true(verdict.z_target > 8);
    assert_non_null(strstr(verdict.reason, "37.4 % past the target of"));
    assert_non_null(strstr(verdict.reason, "but not new"));
    verdict = measurement_verdict(&metric, &baseline, 4300);
    assert_false(verdict.known);
    assert_int_equal(verdict.severity, SEVERITY_CRITICAL);
}

TEST(measurement_verdict__both_tiers_speak_and_the_worse_counts)
{
    struct metric metric = metric_of(TARE_HIGHER, 90);
    struct baseline baseline = baseline_of(95, 1, 20);
    struct verdict verdict = measurement_verdict(&metric, &baseline, 75);
    assert_int_equal(verdict.target_severity, SEVERITY_WARNING);
    assert_int_equal(verdict.baseline_severity, SEVERITY_CRITICAL);
    assert_int_equal(verdict.severity, SEVERITY_CRITICAL);
    assert_int_equal(verdict.tiers, TIER_THRESHOLD | TIER_STATISTICAL);
    assert_int_equal(measurement_verdict(&metric, &baseline, 99).severity, SEVERITY_OK);
}

TEST(measurement_verdict__exact_is_worse_both_ways)
{
    struct metric metric = metric_of(TARE_EXACT, 1);
    struct baseline baseline = baseline_of(1, 0.2886751345948129, 20);
    baseline.spread_at_floor = true;
    assert_int_equal(measurement_verdict(&metric, &baseline, 1).severity, SEVERITY_OK);
    assert_int_equal(measurement_verdict(&metric, &baseline, 2).severity, SEVERITY_ERROR);
    assert_int_equal(measurement_verdict(&metric, &baseline, 3).severity, SEVERITY_CRITICAL);
    assert_int_equal(measurement_verdict(&metric, &baseline, 0).severity, SEVERITY_ERROR);
}

TEST(measurement_verdict__something_where_nothing_was)
{
    struct metric metric = metric_of(TARE_LOWER, NAN);
    struct baseline baseline = baseline_of(0, 0, 20);
    baseline.spread_at_floor = true;
    struct verdict verdict = measurement_verdict(&metric, &baseline, 3);
    assert_int_equal(verdict.severity, SEVERITY_CRITICAL);
    assert_int_equal(isnan(verdict.deviation_baseline_percent) != 0, 1);
    assert_true(verdict.z == 37);
    assert_non_null(strstr(verdict.reason, "3 ms is above the baseline of 0 ms, which did not"));
    assert_int_equal(measurement_verdict(&metric, &baseline, 0).severity, SEVERITY_OK);
}

TEST(measurement_verdict__every_size_gets_words_and_finite_numbers)
{
    static const double sizes[] = {1e-300, 1e-12, 1, 1e12, 1e300};
    struct metric metric = metric_of(TARE_LOWER, 1);
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j < 5; j++) {
            metric.target = sizes[i];
            struct baseline baseline = baseline_of(sizes[i], 0.001 * sizes[i], 20);
            struct verdict verdict = measurement_verdict(&metric, &baseline, sizes[j]);
            assert_true(fabs(verdict.z) <= 37 && fabs(verdict.z_target) <= 37);
            assert_true(strlen(verdict.reason) > 20);
            assert_int_equal(verdict.severity, j > i ? SEVERITY_CRITICAL : verdict.severity);
        }
}

TEST(measurement_verdict__is_the_same_bit_for_bit)
{
    struct metric metric = metric_of(TARE_LOWER, 120);
    struct baseline baseline = baseline_of(100.1, 3.3, 17);
    struct verdict a = measurement_verdict(&metric, &baseline, 131.7);
    struct verdict b = measurement_verdict(&metric, &baseline, 131.7);
    assert_memory_equal(&a.z, &b.z, sizeof a.z);
    assert_memory_equal(&a.p, &b.p, sizeof a.p);
    assert_string_equal(a.reason, b.reason);
}

TEST(measurement_verdict__reason_is_cut_at_a_whole_character)
{
    struct verdict verdict = {.reason = ""};
    for (int i = 0; i < 200; i++)
        reason_append(&verdict, i == 0 ? "x" : "±");
    assert_int_equal(strlen(verdict.reason), 255);
    assert_int_equal((unsigned char)verdict.reason[253], 0xc2);
    memset(&verdict, 0, sizeof verdict);
    for (int i = 0; i < 200; i++)
        reason_append(&verdict, "±");
    assert_int_equal(strlen(verdict.reason), 254);
}
