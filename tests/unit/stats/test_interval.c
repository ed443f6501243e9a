#include "stats/interval.h"

#include "stats/reference.h"
#include "suite.h"

static void check_interval(struct reference *r)
{
    struct interval interval;
    assert_true(interval_of_median(r->list[0], r->count[0], 0.95, &interval));
    assert_close(interval.low, r->list[1][0], 1e-13);
    assert_close(interval.high, r->list[1][1], 1e-13);
    assert_relative(interval.coverage, r->list[1][2], 1e-13);
}

TEST(interval__of_median_interpolates_order_statistics)
{
    reference_each("interval", check_interval);
}

TEST(interval__needs_six_values_for_95_percent)
{
    double values[] = {1, 2, 3, 4, 5, 6};
    struct interval interval = {.low = -7};
    for (size_t n = 0; n < 6; n++)
        assert_false(interval_of_median(values, n, 0.95, &interval));
    assert_true(interval.low == -7);
    assert_true(interval_of_median(values, 6, 0.95, &interval));
    assert_true(interval.low > 1 && interval.high < 6 && interval.low < interval.high);
}

/* The table of 95 % is what is computed for a level beside it. */
TEST(interval__the_table_is_what_is_computed)
{
    double values[20];
    struct interval tabled, computed;
    for (size_t i = 0; i < 20; i++)
        values[i] = (double)(i * i);
    for (size_t n = 6; n <= 20; n++) {
        assert_true(interval_of_median(values, n, 0.95, &tabled));
        assert_true(interval_of_median(values, n, nextafter(0.95, 1), &computed));
        assert_close(tabled.low, computed.low, 1e-13);
        assert_close(tabled.high, computed.high, 1e-13);
        assert_close(tabled.coverage, computed.coverage, 1e-15);
    }
}
