#include "stats/summary.h"

#include "stats/histogram.h"
#include "stats/quantile.h"
#include "stats/reference.h"
#include "suite.h"

#include <stdlib.h>

static void check_summary(struct reference *r)
{
    struct summary summary = summary_of_values(r->list[0], r->count[0]);
    const double *expected = r->list[1];
    assert_int_equal(summary.n, r->count[0]);
    assert_true(summary.min == expected[0] && summary.max == expected[1]);
    assert_relative(summary.mean, expected[2], 4e-15);
    assert_relative(summary.p50, expected[3], 4e-16);
    assert_relative(summary.p95, expected[4], 4e-16);
    assert_relative(summary.p99, expected[5], 4e-16);
}

TEST(summary__of_values)
{
    reference_each("summary", check_summary);
}

TEST(summary__of_nothing_is_nan)
{
    assert_true(isnan(summary_of_values(NULL, 0).mean));
    struct summary_mixed mixed = {0};
    assert_true(isnan(summary_of_mixed(&mixed).p50));
}

TEST(summary__mean_survives_overflow)
{
    double values[] = {1.7e308, 1.7e308, 1.6e308};
    assert_relative(summary_of_values(values, 3).mean, 1.6666666666666667e308, 1e-14);
}

enum { ALL = 5000, EXACT = 64 };

static int bucket_order(const void *a, const void *b)
{
    const struct summary_bucket *x = a, *y = b;
    return (x->low > y->low) - (x->low < y->low);
}

/* The first 64 exactly, the others counted, as a full ring folds them. */
static struct summary fold(const double *values, struct summary_bucket *buckets, double *exact)
{
    struct summary_mixed mixed = {.exact = exact,
                                  .exact_count = EXACT,
                                  .buckets = buckets,
                                  .min = INFINITY,
                                  .max = -INFINITY};
    memcpy(exact, values, EXACT * sizeof *exact);
    values_sort(exact, EXACT);
    for (size_t i = 0; i < ALL; i++) {
        mixed.sum += values[i];
        mixed.min = fmin(mixed.min, values[i]);
        mixed.max = fmax(mixed.max, values[i]);
        if (i < EXACT)
            continue;
        struct summary_bucket bucket = summary_bucket_of(histogram_index(values[i]), 1);
        size_t b = 0;
        while (b < mixed.bucket_count && buckets[b].low != bucket.low)
            b++;
        if (b == mixed.bucket_count)
            buckets[mixed.bucket_count++] = bucket;
        else
            buckets[b].count++;
    }
    qsort(buckets, mixed.bucket_count, sizeof *buckets, bucket_order);
    return summary_of_mixed(&mixed);
}

TEST(summary__of_exact_and_counted_samples_is_within_a_bucket)
{
    static double values[ALL], sorted[ALL], exact[EXACT];
    static struct summary_bucket buckets[ALL];
    for (int sign = -1; sign <= 1; sign += 2) {
        uint64_t seed = 5;
        for (size_t i = 0; i < ALL; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            double u = ((double)(seed >> 33) + 1) / 2147483650.0;
            values[i] = sorted[i] = sign * (1 - log(u)) * (i % 10 == 0 ? 100 : 1);
        }
        struct summary mixed = fold(values, buckets, exact);
        struct summary plain = summary_of_values(sorted, ALL);
        assert_int_equal(mixed.n, ALL);
        assert_true(mixed.min == plain.min && mixed.max == plain.max);
        assert_relative(mixed.mean, plain.mean, 1e-13);
        assert_relative(mixed.p50, plain.p50, 1.0 / 64);
        assert_relative(mixed.p95, plain.p95, 1.0 / 64);
        assert_relative(mixed.p99, plain.p99, 1.0 / 64);
    }
}

TEST(summary__of_exact_samples_alone_and_of_one_bucket_alone)
{
    double exact[] = {1, 2, 3, 4};
    struct summary_mixed only = {.exact = exact, .exact_count = 4, .sum = 10, .min = 1, .max = 4};
    assert_true(summary_of_mixed(&only).p50 == 2.5);
    assert_relative(summary_of_mixed(&only).p95, 3.85, 1e-15);
    struct summary_bucket zero = summary_bucket_of(histogram_index(0), 9);
    struct summary_mixed counted = {.buckets = &zero, .bucket_count = 1};
    assert_true(summary_of_mixed(&counted).p99 == 0);
    assert_int_equal(summary_of_mixed(&counted).n, 9);
}

TEST(summary__exact_sample_inside_a_bucket_takes_its_place)
{
    double exact[] = {15};
    struct summary_bucket bucket = {
        .low = 10, .high = 20, .count = 4}; /* 11.25 13.75 16.25 18.75 */
    struct summary_mixed mixed = {.exact = exact,
                                  .exact_count = 1,
                                  .buckets = &bucket,
                                  .bucket_count = 1,
                                  .sum = 75,
                                  .min = 10,
                                  .max = 20};
    assert_true(summary_of_mixed(&mixed).p50 == 15);
    assert_true(summary_of_mixed(&mixed).mean == 15);
}
