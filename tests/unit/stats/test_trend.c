#include "stats/trend.h"

#include "stats/reference.h"
#include "suite.h"

#include <stdlib.h>

static void check_trend(struct reference *r)
{
    size_t n = r->count[0];
    double *scratch = calloc(trend_scratch(n), sizeof *scratch);
    assert_non_null(scratch);
    struct trend_test test = trend_test(r->list[0], NULL, n, scratch);
    const double *expected = r->list[1];
    assert_true(test.s == expected[0]);
    assert_close(test.z, expected[1], 1e-10);
    assert_relative(test.p_rising, expected[2], 1e-9);
    assert_close(test.p_rising + test.p_falling, 1, 1e-12);
    assert_close(test.widening, expected[3], 1e-10);
    assert_relative(test.slope, expected[4], 1e-14);
    assert_close(test.intercept, expected[5], 1e-12);
    free(scratch);
}

TEST(trend__agrees_with_a_plain_computation)
{
    reference_each("trend", check_trend);
}

TEST(trend__of_next_to_nothing_is_none)
{
    double values[] = {5, 9}, scratch[256];
    for (size_t n = 0; n < 3; n++) {
        struct trend_test test = trend_test(values, NULL, n, scratch);
        assert_true(test.z == 0 && test.p_rising == 0.5 && test.slope == 0);
    }
}

TEST(trend__slope_is_per_unit_of_x)
{
    double y[] = {1, 3, 5, 7, 9}, x[] = {0, 0.5, 1, 1.5, 2}, same[] = {1, 1, 1, 1, 1};
    double scratch[256];
    struct trend_test test = trend_test(y, x, 5, scratch);
    assert_close(test.slope, 4, 1e-15);
    assert_close(test.intercept, 1, 1e-15);
    assert_true(trend_test(y, same, 5, scratch).slope == 0);
}

TEST(trend__of_a_long_series_uses_block_medians)
{
    size_t n = 100000;
    double *y = calloc(n, sizeof *y), *scratch = calloc(trend_scratch(n), sizeof *scratch);
    assert_non_null(y);
    assert_non_null(scratch);
    for (size_t i = 0; i < n; i++)
        y[i] = 0.001 * (double)i + (double)(i * 7919 % 101);
    struct trend_test test = trend_test(y, NULL, n, scratch);
    assert_relative(test.slope, 0.001, 0.01);
    assert_true(test.p_rising < 1e-10);
    free(y);
    free(scratch);
}

TEST(trend__kendall_alone_is_the_test_without_dependence)
{
    double values[40], scratch[8 * 40 + 2 * 40 + 64];
    for (size_t i = 0; i < 40; i++)
        values[i] = (double)(i * 17 % 40) + 0.3 * (double)i;
    struct trend_test test = trend_test(values, NULL, 40, scratch);
    double z = trend_kendall(values, 40, scratch);
    assert_close(z, test.z * sqrt(test.widening), 1e-12);
    assert_true(trend_kendall(values, 2, scratch) == 0);
}
