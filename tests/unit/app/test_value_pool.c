#include "app/value_pool.h"

#include "suite.h"

#include <stdlib.h>

TEST(value_pool__a_few_values_are_exact)
{
    struct value_pool pool;
    value_pool_init(&pool);
    value_pool_add(&pool, 3, 1);
    value_pool_add(&pool, 1, 2);
    value_pool_add(&pool, NAN, 5);
    value_pool_add(&pool, 10, 1);
    struct period_numbers numbers = value_pool_numbers(&pool);
    /* numpy.quantile([1, 1, 3, 10], [0.5, 0.95]) */
    assert_int_equal(numbers.n, 4);
    assert_close(numbers.mean, 3.75, 0);
    assert_close(numbers.median, 2, 0);
    assert_close(numbers.p95, 8.95, 1e-14);
    assert_close(numbers.min, 1, 0);
    assert_close(numbers.max, 10, 0);
    assert_false(numbers.approximate);
    double values[4];
    value_pool_spread(&pool, values);
    assert_close(values[0] + values[1] + values[2] + values[3], 15, 0);
    value_pool_clear(&pool);
    assert_true(isnan(value_pool_numbers(&pool).median));
    value_pool_release(&pool);
}

TEST(value_pool__a_day_that_is_rolled_up_counts_as_it_was)
{
    struct value_pool pool;
    struct rollup day;
    const struct batch_part no_samples = {0};
    double exact[] = {100, 101, 140, 300};
    rollup_init(&day, 1, 0);
    for (size_t i = 0; i < 4; i++) {
        struct measurement one = {.n = 1, .value = exact[i], .min = exact[i], .max = exact[i]};
        one.mean = one.p50 = exact[i];
        assert_true(rollup_add(&day, &one, &no_samples));
    }
    value_pool_init(&pool);
    value_pool_add_numbers(&pool, &day.values);
    value_pool_add(&pool, 120, 1);
    struct period_numbers numbers = value_pool_numbers(&pool);
    assert_int_equal(numbers.n, 5);
    assert_close(numbers.mean, 152.2, 1e-14);
    assert_close(numbers.min, 100, 0);
    assert_close(numbers.max, 300, 0);
    assert_close(numbers.median, 120, 0);
    assert_close(numbers.p95 / 268, 1, 0.008);
    assert_true(numbers.approximate);
    rollup_release(&day);
    value_pool_release(&pool);
}

TEST(value_pool__very_many_are_condensed_within_one_percent)
{
    struct value_pool pool;
    size_t n = 3 * VALUE_POOL_MOST;
    value_pool_init(&pool);
    for (size_t i = 0; i < n; i++)
        value_pool_add(&pool, 1000 + (double)(i * 7919 % n), 1);
    assert_true(pool.count <= VALUE_POOL_MOST);
    struct period_numbers numbers = value_pool_numbers(&pool);
    assert_int_equal(numbers.n, n);
    assert_close(numbers.min, 1000, 0);
    assert_close(numbers.max, 999 + (double)n, 0);
    assert_close(numbers.median / (1000 + (double)(n - 1) / 2), 1, 0.008);
    assert_true(numbers.approximate);
    value_pool_release(&pool);
}
