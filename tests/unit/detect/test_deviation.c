#include "detect/deviation.h"

#include "suite.h"

static struct metric metric_plain(void)
{
    struct metric metric;
    metric_init(&metric);
    return metric;
}

TEST(deviation__counts_in_the_direction_that_is_worse)
{
    assert_true(deviation_percent(TARE_LOWER, 110, 100) == 10);
    assert_true(deviation_percent(TARE_HIGHER, 110, 100) == -10);
    assert_true(deviation_percent(TARE_HIGHER, 90, 100) == 10);
    assert_true(deviation_percent(TARE_EXACT, 90, 100) == 10);
    assert_true(deviation_percent(TARE_LOWER, -90, -100) == 10);
    assert_true(deviation_percent(TARE_LOWER, 2e300, 1e300) == 100);
    assert_close(deviation_percent(TARE_LOWER, 2e-300, 1e-300), 100, 1e-12);
}

TEST(deviation__of_zero_is_new)
{
    assert_true(deviation_percent(TARE_LOWER, 0, 0) == 0);
    assert_int_equal(isnan(deviation_percent(TARE_LOWER, 1, 0)) != 0, 1);
    struct metric metric = metric_plain();
    assert_int_equal(deviation_severity(&metric, 0, 0, 0), SEVERITY_OK);
    assert_int_equal(deviation_severity(&metric, -1, 0, 0), SEVERITY_OK);
    assert_int_equal(deviation_severity(&metric, 1, 0, 0.5), SEVERITY_WARNING);
    assert_int_equal(deviation_severity(&metric, 1, 0, 37), SEVERITY_CRITICAL);
    assert_int_equal(deviation_severity(&metric, 1, 0, NAN), SEVERITY_ERROR);
}

TEST(deviation__tree_has_the_severity_of_every_branch)
{
    static const double percent[] = {-50, 0, 10, 10.001, 20, 20.001, 300};
    static const double z[] = {-5, 1, 1.001, 2, 2.001, 3, 3.001, NAN};
    static const char expected[7][9] = {"oooooooo", "oooooooo", "oooooooo", "iiwwwwww",
                                        "iiwwwwww", "wwwweece", "wwwweece"};
    struct metric metric = metric_plain();
    for (size_t i = 0; i < 7; i++)
        for (size_t j = 0; j < 8; j++) {
            enum severity severity = deviation_severity(&metric, 100 + percent[i], 100, z[j]);
            assert_int_equal("oiwec"[severity], expected[i][j]);
        }
}

TEST(deviation__thresholds_are_the_metrics_own)
{
    struct metric metric = metric_plain();
    metric.warning_percent = 1;
    metric.error_percent = 2;
    assert_int_equal(deviation_severity(&metric, 101.5, 100, 5), SEVERITY_WARNING);
    assert_int_equal(deviation_severity(&metric, 102.5, 100, 5), SEVERITY_CRITICAL);
}

TEST(deviation__smaller_than_min_change_is_ok)
{
    struct metric metric = metric_plain();
    metric.min_change = 5;
    assert_int_equal(deviation_severity(&metric, 9.9, 5, 30), SEVERITY_OK);
    assert_int_equal(deviation_severity(&metric, 10, 5, 30), SEVERITY_CRITICAL);
    assert_int_equal(deviation_severity(&metric, 4, 0, 30), SEVERITY_OK);
}
