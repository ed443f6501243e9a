#include "store/rollup.h"

#include "base/clock.h"
#include "suite.h"

static struct measurement of(double value, uint64_t n)
{
    return (struct measurement){
        .n = n, .value = value, .min = value, .max = value, .mean = value, .p50 = value};
}

TEST(rollup__an_empty_one_has_no_numbers)
{
    struct rollup rollup;
    rollup_init(&rollup, 1, 0);
    assert_true(isnan(rollup_quantile(&rollup.values, 0.5)) && isnan(rollup_mean(&rollup.values)));
    rollup_release(&rollup);
}

TEST(rollup__days_begin_at_midnight_before_1970_too)
{
    assert_true(rollup_day(0) == 0 && rollup_day(CLOCK_NS_PER_DAY - 1) == 0);
    assert_true(rollup_day(-1) == -CLOCK_NS_PER_DAY);
    assert_true(rollup_day(-CLOCK_NS_PER_DAY) == -CLOCK_NS_PER_DAY);
}

TEST(rollup__merging_in_any_order_gives_the_same)
{
    struct rollup a, b, ab, ba;
    const struct batch_part none = {0};
    rollup_init(&a, 1, 0);
    rollup_init(&b, 1, 0);
    rollup_init(&ab, 1, 0);
    rollup_init(&ba, 1, 0);
    for (int i = 1; i <= 50; i++) {
        struct measurement one = of(i, 2), two = of(-i * 1000, 1);
        one.failed = 1;
        assert_true(rollup_add(&a, &one, &none) && rollup_add(&b, &two, &none));
    }
    assert_true(rollup_merge(&ab, &a) && rollup_merge(&ab, &b));
    assert_true(rollup_merge(&ba, &b) && rollup_merge(&ba, &a));
    assert_true(ab.observations.n == 150 && ab.values.n == 100 && ab.failed == 50);
    assert_true(ab.observations.sum == ba.observations.sum && ab.values.sum == ba.values.sum);
    assert_true(ab.observations.min == -50000 && ab.observations.max == 50);
    for (double p = 0; p <= 1; p += 0.125)
        assert_true(rollup_quantile(&ab.observations, p) == rollup_quantile(&ba.observations, p));
    assert_close(rollup_quantile(&ab.observations, 0), -50000, 0.01);
    assert_close(rollup_quantile(&ab.values, 0.745), 25, 0.01);
    rollup_release(&a);
    rollup_release(&b);
    rollup_release(&ab);
    rollup_release(&ba);
}

TEST(rollup__equal_values_are_exact)
{
    struct rollup rollup;
    const struct batch_part none = {0};
    rollup_init(&rollup, 1, 0);
    for (int i = 0; i < 9; i++) {
        struct measurement one = of(387.3, 1);
        assert_true(rollup_add(&rollup, &one, &none));
    }
    assert_true(rollup_quantile(&rollup.values, 0.5) == 387.3);
    assert_true(rollup.values.bucket_count == 1);
    rollup_release(&rollup);
}

TEST(rollup__what_warm_up_skipped_is_not_counted)
{
    struct rollup rollup;
    struct sample samples[] = {{1, 100}, {2, 5}, {3, 7}};
    struct batch_part part = {.samples = samples, .sample_count = 3, .n = 3, .sum = 112};
    struct measurement one = of(6, 2);
    one.min = 5;
    one.max = 7;
    rollup_init(&rollup, 1, 0);
    assert_true(rollup_add(&rollup, &one, &part));
    assert_true(rollup.observations.n == 2 && rollup.observations.sum == 12);
    assert_true(rollup.observations.max == 7 && rollup.observations.bucket_count == 2);
    rollup_release(&rollup);
}

TEST(rollup__a_rate_without_values_counts_what_failed)
{
    struct rollup rollup;
    const struct batch_part none = {0};
    struct measurement one = {.failed = 4, .value = 100, .min = NAN, .max = NAN, .mean = NAN};
    rollup_init(&rollup, 1, 0);
    assert_true(rollup_add(&rollup, &one, &none));
    assert_true(rollup.failed == 4 && rollup.observations.n == 0 && rollup.values.n == 1);
    assert_true(isinf(rollup.observations.min));
    rollup_release(&rollup);
}
