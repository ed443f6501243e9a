#include "store/rollup.h"

#include "base/clock.h"
#include "stats/quantile.h"
#include "suite.h"

#include <stdlib.h>

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

/* ---- any numbers, cut into any days, added up in any order ---- */

static uint64_t seed;

static double uniform(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return ((double)(seed >> 11) + 0.5) / 9007199254740992.0;
}

static double normal(void)
{
    return sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform());
}

static double draw_even(void)
{
    return uniform();
}

static double draw_wide(void)
{
    return exp(6 * normal());
}

static double draw_heavy(void)
{
    return pow(uniform(), -2); /* no mean */
}

static double draw_apart(void)
{
    return uniform() < 0.5 ? 1 + uniform() / 100 : 1e9 * (1 + uniform() / 100);
}

static double draw_about_zero(void)
{
    return normal();
}

static double draw_counts(void)
{
    return floor(4 * uniform());
}

static double draw_ties(void)
{
    return uniform() < 0.9 ? 387.3 : 387.3 * (1 + uniform());
}

static double draw_extreme(void)
{
    static const double extremes[] = {0, -0.0, 2.3e-308, -2.3e-308, 1e-300, 1e300, -1e300, 7};
    return extremes[(size_t)(uniform() * 8)];
}

static double draw_below(void)
{
    return -exp(normal());
}

static double (*const draws[])(void) = {draw_even,       draw_wide,   draw_heavy,
                                        draw_apart,      draw_counts, draw_ties,
                                        draw_about_zero, draw_below,  draw_extreme};

#define MOST 1500

static int compare(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

/* Within 1 % of the number itself; between two numbers of different sign, of the larger. */
static void quantile_is_near(const struct rollup_numbers *numbers, const double *sorted, size_t n,
                             double p)
{
    double position = p * (double)(n - 1), whole = floor(position);
    size_t at = (size_t)whole;
    double below = sorted[at], above = position > whole ? sorted[at + 1] : below;
    double exact = quantile_between(below, above, position - whole);
    double scale = (below < 0) == (above < 0) ? fabs(exact) : fmax(fabs(below), fabs(above));
    if (!(fabs(rollup_quantile(numbers, p) - exact) <= 0.01 * scale + 1e-323))
        fail_msg("quantile %g of %zu: %.17g, exactly %.17g", p, n, rollup_quantile(numbers, p),
                 exact);
}

/* Cuts values into days, adds the days up two by two in a random order, and looks at the sum. */
static void adds_up(const double *values, size_t n, size_t days)
{
    static const double probabilities[] = {0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1};
    struct rollup *parts = calloc(days, sizeof *parts);
    double *sorted = malloc(n * sizeof *sorted), size = 0, sum = 0;
    const struct batch_part none = {0};
    for (size_t i = 0; i < days; i++)
        rollup_init(&parts[i], 1, 0);
    for (size_t i = 0; i < n; i++) {
        struct measurement one = of(values[i], 1);
        assert_true(rollup_add(&parts[(size_t)(uniform() * (double)days)], &one, &none));
        size += fabs(values[i]);
        sum += values[i];
    }
    for (size_t left = days; left > 1; left--) {
        size_t into = (size_t)(uniform() * (double)(left - 1));
        assert_true(rollup_merge(&parts[into], &parts[left - 1]));
        rollup_release(&parts[left - 1]);
    }
    memcpy(sorted, values, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, compare);
    const struct rollup_numbers *all = &parts[0].values;
    assert_true(all->n == n && all->min == sorted[0] && all->max == sorted[n - 1]);
    assert_true(fabs(all->sum - sum) <= 1e-12 * size);
    assert_true(parts[0].observations.n == n && parts[0].observations.sum == all->sum);
    for (size_t i = 0; i < sizeof probabilities / sizeof probabilities[0]; i++)
        quantile_is_near(all, sorted, n, probabilities[i]);
    for (int i = 0; i < 20; i++)
        quantile_is_near(all, sorted, n, uniform());
    rollup_release(&parts[0]);
    free(parts);
    free(sorted);
}

TEST(rollup__any_numbers_cut_into_any_days_add_up)
{
    static const size_t sizes[] = {1, 2, 3, 10, 101, MOST};
    static double values[MOST];
    for (size_t draw = 0; draw < sizeof draws / sizeof draws[0]; draw++)
        for (size_t size = 0; size < sizeof sizes / sizeof sizes[0]; size++)
            for (uint64_t round = 1; round <= 4; round++) {
                seed = round * 2654435761U + draw * 40503U + size;
                for (size_t i = 0; i < sizes[size]; i++)
                    values[i] = draws[draw]();
                adds_up(values, sizes[size], 1 + (size_t)(uniform() * 30));
            }
}

TEST(rollup__sums_of_whole_numbers_are_exact_in_any_order)
{
    struct rollup days[10];
    const struct batch_part none = {0};
    double sum = 0;
    seed = 5;
    for (size_t i = 0; i < 10; i++)
        rollup_init(&days[i], 1, 0);
    for (size_t i = 0; i < 5000; i++) {
        struct measurement one = of(floor(uniform() * 1e9), 1);
        sum += one.value;
        assert_true(rollup_add(&days[(size_t)(uniform() * 10)], &one, &none));
    }
    for (size_t i = 9; i > 0; i--) {
        assert_true(rollup_merge(&days[i - 1], &days[i]));
        rollup_release(&days[i]);
    }
    assert_true(days[0].values.sum == sum && days[0].observations.sum == sum);
    rollup_release(&days[0]);
}
