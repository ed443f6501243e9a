#include "stats/rank.h"

#include "stats/reference.h"
#include "suite.h"

static void check_rank(struct reference *r)
{
    struct rank_test test = rank_test(r->list[0], r->count[0], r->list[1], r->count[1]);
    const double *expected = r->list[2];
    assert_true(test.u == expected[0]);
    assert_relative(test.p_greater, expected[1], 1e-12);
    assert_relative(test.p_less, expected[2], 1e-12);
    assert_relative(test.p_two_sided, expected[3], 1e-12);
    assert_int_equal(test.exact, expected[4] > 0);
}

TEST(rank__test_agrees_with_scipy)
{
    reference_each("rank", check_rank);
}

TEST(rank__all_equal_tells_nothing)
{
    double a[] = {4, 4, 4}, b[] = {4, 4};
    struct rank_test test = rank_test(a, 3, b, 2);
    assert_true(test.p_greater == 1 && test.p_less == 1 && test.p_two_sided == 1);
}

static void check_shift(struct reference *r)
{
    const double *expected = r->list[2];
    assert_relative(rank_shift(r->list[0], r->count[0], r->list[1], r->count[1]), expected[0],
                    1e-15);
    struct interval interval;
    bool there = rank_shift_interval(r->list[0], r->count[0], r->list[1], r->count[1], 0.95,
                                     &interval);
    assert_int_equal(there, expected[1] > 0);
    if (there) {
        assert_true(interval.low == expected[2]);
        assert_true(interval.high == expected[3]);
        assert_true(interval.coverage >= 0.949);
    }
}

TEST(rank__shift_and_interval_are_order_statistics_of_the_differences)
{
    reference_each("shift", check_shift);
}

TEST(rank__shift_of_large_samples_needs_no_memory)
{
    static double a[20000], b[30000];
    for (size_t i = 0; i < 20000; i++)
        a[i] = (double)i / 20000;
    for (size_t i = 0; i < 30000; i++)
        b[i] = 3 + (double)i / 30000;
    assert_close(rank_shift(a, 20000, b, 30000), 3, 1e-4);
    struct interval interval;
    assert_true(rank_shift_interval(a, 20000, b, 30000, 0.95, &interval));
    assert_true(interval.low > 2.98 && interval.low < 3 && interval.high > 3);
}
