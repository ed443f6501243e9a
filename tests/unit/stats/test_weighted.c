#include "stats/weighted.h"

#include "stats/histogram.h"
#include "stats/quantile.h"
#include "suite.h"

/* What the points stand for, one by one; returns how many. */
static size_t spread(const struct weighted *points, size_t n, double *values)
{
    size_t used = 0;
    for (size_t i = 0; i < n; i++)
        for (uint64_t k = 0; k < points[i].count; k++)
            values[used++] = points[i].value;
    return used;
}

TEST(weighted__quantile_is_that_of_the_values_one_by_one)
{
    struct weighted points[] = {{7, 3}, {-2, 1}, {7.5, 2}, {100, 1}, {0, 4}};
    double values[16];
    weighted_sort(points, 5);
    size_t n = spread(points, 5, values);
    assert_int_equal(n, 11);
    assert_int_equal(weighted_count(points, 5), 11);
    for (int i = 0; i <= 100; i++)
        assert_close(weighted_quantile(points, 5, i / 100.0),
                     quantile_sorted(values, n, i / 100.0), 1e-15);
}

TEST(weighted__quantile_of_known_values)
{
    /* numpy.quantile([1, 2, 2, 2, 10], [0.25, 0.5, 0.95]) */
    const struct weighted points[] = {{1, 1}, {2, 3}, {10, 1}};
    assert_close(weighted_quantile(points, 3, 0.25), 2, 1e-15);
    assert_close(weighted_quantile(points, 3, 0.5), 2, 1e-15);
    assert_close(weighted_quantile(points, 3, 0.95), 8.4, 1e-14);
    assert_close(weighted_quantile(points, 3, 0), 1, 0);
    assert_close(weighted_quantile(points, 3, 1), 10, 0);
}

TEST(weighted__nothing_has_no_quantile)
{
    const struct weighted empty[] = {{5, 0}};
    assert_true(isnan(weighted_quantile(NULL, 0, 0.5)));
    assert_true(isnan(weighted_quantile(empty, 1, 0.5)));
    assert_int_equal(weighted_condense(NULL, 0), 0);
}

TEST(weighted__condensing_moves_no_value_by_one_percent)
{
    enum { N = 2000 };
    static struct weighted points[N];
    static double values[2 * N], near[2 * N];
    for (size_t i = 0; i < N; i++)
        points[i] = (struct weighted){exp(0.002 * (double)(i * 7919 % N)), 1 + i % 2};
    weighted_sort(points, N);
    size_t n = spread(points, N, values);
    size_t left = weighted_condense(points, N);
    assert_true(left < N / 4);
    assert_int_equal(spread(points, left, near), n);
    for (size_t i = 0; i < n; i++)
        assert_close(near[i] / values[i], 1, 0.0079);
}

TEST(weighted__condensing_one_value_leaves_it)
{
    struct weighted points[] = {{1, 2}, {1, 5}};
    assert_int_equal(weighted_condense(points, 2), 1);
    assert_close(points[0].value, 1, 0);
    assert_int_equal(points[0].count, 7);
}
