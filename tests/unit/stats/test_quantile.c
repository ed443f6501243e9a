#include "stats/quantile.h"

#include "stats/reference.h"
#include "suite.h"

static void check_quantile(struct reference *r)
{
    for (size_t i = 0; i < r->count[1]; i++)
        assert_relative(quantile(r->list[0], r->count[0], r->list[1][i]), r->list[2][i], 4e-16);
    values_sort(r->list[0], r->count[0]);
    for (size_t i = 0; i < r->count[1]; i++)
        assert_relative(quantile_sorted(r->list[0], r->count[0], r->list[1][i]), r->list[2][i],
                        4e-16);
}

TEST(quantile__is_type_7_as_numpy)
{
    reference_each("quantile", check_quantile);
}

/* A small generator, so that the same orders come every time. */
static double next(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 33);
}

static void fill(double *values, size_t n, int shape, uint64_t *state)
{
    for (size_t i = 0; i < n; i++) {
        switch (shape) {
        case 0:
            values[i] = next(state);
            break;
        case 1:
            values[i] = (double)i;
            break;
        case 2:
            values[i] = (double)(n - i);
            break;
        case 3:
            values[i] = fmod(next(state), 3);
            break;
        default: /* organ pipe */
            values[i] = (double)(i < n / 2 ? i : n - i);
        }
    }
}

TEST(quantile__sorts_every_shape)
{
    static double values[3000];
    uint64_t seed = 1;
    for (int shape = 0; shape < 5; shape++)
        for (size_t n = 0; n < 3000; n = n * 3 / 2 + 1) {
            fill(values, n, shape, &seed);
            double sum = 0;
            for (size_t i = 0; i < n; i++)
                sum += values[i];
            values_sort(values, n);
            for (size_t i = 0; i < n; i++)
                sum -= values[i];
            assert_true(sum == 0);
            for (size_t i = 1; i < n; i++)
                assert_true(values[i - 1] <= values[i]);
        }
}

TEST(quantile__select_splits_around_the_kth)
{
    static double values[1000], sorted[1000];
    uint64_t seed = 2;
    for (int shape = 0; shape < 5; shape++)
        for (size_t k = 0; k < 1000; k += 37) {
            fill(values, 1000, shape, &seed);
            memcpy(sorted, values, sizeof sorted);
            values_sort(sorted, 1000);
            assert_true(values_select(values, 1000, k) == sorted[k]);
            for (size_t i = 0; i < 1000; i++)
                assert_true(i < k ? values[i] <= values[k] : values[i] >= values[k]);
        }
}

TEST(quantile__nan_stays_inside_the_array)
{
    double values[200];
    for (size_t every = 1; every < 9; every++) {
        for (size_t i = 0; i < 200; i++)
            values[i] = i % every == 0 ? NAN : (double)(i * 7919 % 200);
        values[0] = values[199] = -7;
        values_sort(values + 1, 198);
        values_select(values + 1, 198, 99);
        assert_true(values[0] == -7 && values[199] == -7);
    }
}

TEST(quantile__between_stays_between_at_any_size)
{
    assert_true(quantile_between(-1e308, 1e308, 0.5) == 0);
    assert_true(quantile_between(0.1, 0.1, 0.3) == 0.1);
    assert_true(quantile_between(5, 7, 1) == 7);
}
