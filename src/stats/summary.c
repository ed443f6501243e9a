#include "stats/summary.h"

#include "base/bounds.h"

#include <math.h>

#include "stats/histogram.h"
#include "stats/quantile.h"

/* Neumaier (1974): the rounding of every addition is kept beside the sum. */
static double mean_of(const double *values, size_t n)
{
    double sum = 0, lost = 0;
    for (size_t i = 0; i < n; i++) {
        double next = sum + values[i];
        lost += fabs(sum) >= fabs(values[i]) ? (sum - next) + values[i] : (values[i] - next) + sum;
        sum = next;
    }
    if (isfinite(sum))
        return (sum + lost) / (double)n;
    double mean = 0; /* the sum overflowed: the mean does not */
    for (size_t i = 0; i < n; i++)
        mean += values[i] / (double)n;
    return mean;
}

struct summary summary_of_values(double *values, size_t n)
{
    if (n == 0)
        return (struct summary){0, NAN, NAN, NAN, NAN, NAN, NAN};
    values_sort(values, n);
    double mean = least_of(greatest_of(mean_of(values, n), values[0]), values[n - 1]);
    return (struct summary){.n = n,
                            .min = values[0],
                            .max = values[n - 1],
                            .mean = mean,
                            .p50 = quantile_sorted(values, n, 0.50),
                            .p95 = quantile_sorted(values, n, 0.95),
                            .p99 = quantile_sorted(values, n, 0.99)};
}

struct summary_bucket summary_bucket_of(int32_t index, uint64_t count)
{
    double inner = histogram_inner_edge(index), outer = histogram_outer_edge(index);
    return (struct summary_bucket){least_of(inner, outer), greatest_of(inner, outer), count};
}

/* The samples of one bucket, as if spread evenly over its part inside [min, max]. */
struct spread {
    double low, step;
    uint64_t count;
};

static struct spread spread_of(const struct summary_mixed *mixed,
                               const struct summary_bucket *bucket)
{
    double low = greatest_of(bucket->low, mixed->min), high = least_of(bucket->high, mixed->max);
    double width = greatest_of(high - low, 0);
    return (struct spread){low, width / (double)bucket->count, bucket->count};
}

static double spread_value(const struct spread *spread, uint64_t i)
{
    return spread->low + ((double)i + 0.5) * spread->step;
}

/* The sample of rank `rank` among a bucket's and the `n` exact ones that fall into it. */
static double bucket_value(const struct spread *spread, const double *exact, size_t n,
                           uint64_t rank)
{
    for (size_t i = 0; i < n; i++) {
        double before = spread->step > 0 ? (exact[i] - spread->low) / spread->step - 0.5 : 0;
        before = least_of(greatest_of(before, 0), (double)spread->count);
        uint64_t position = (uint64_t)before + ((double)(uint64_t)before < before) + i;
        if (rank < position)
            return spread_value(spread, rank - i);
        if (rank == position)
            return exact[i];
    }
    return spread_value(spread, rank - n);
}

/* The sample of rank `rank` (0-based) of all. */
static double mixed_value(const struct summary_mixed *mixed, uint64_t rank)
{
    size_t next = 0;
    for (size_t b = 0; b < mixed->bucket_count; b++) {
        const struct summary_bucket *bucket = &mixed->buckets[b];
        if (bucket->count == 0)
            continue;
        for (; next < mixed->exact_count && mixed->exact[next] < bucket->low; next++)
            if (rank-- == 0)
                return mixed->exact[next];
        size_t first = next;
        while (next < mixed->exact_count && mixed->exact[next] < bucket->high)
            next++;
        if (rank < bucket->count + (next - first)) {
            struct spread spread = spread_of(mixed, bucket);
            return bucket_value(&spread, mixed->exact + first, next - first, rank);
        }
        rank -= bucket->count + (next - first);
    }
    return next + rank < mixed->exact_count ? mixed->exact[next + rank] : mixed->max;
}

static double mixed_quantile(const struct summary_mixed *mixed, uint64_t n, double p)
{
    double position = p * (double)(n - 1);
    uint64_t rank = (uint64_t)position;
    double whole = (double)rank;
    double below = mixed_value(mixed, rank);
    if (position <= whole || rank + 1 >= n)
        return below;
    return quantile_between(below, mixed_value(mixed, rank + 1), position - whole);
}

struct summary summary_of_mixed(const struct summary_mixed *mixed)
{
    uint64_t n = mixed->exact_count;
    for (size_t b = 0; b < mixed->bucket_count; b++)
        n += mixed->buckets[b].count;
    if (n == 0)
        return (struct summary){0, NAN, NAN, NAN, NAN, NAN, NAN};
    return (struct summary){
        .n = n,
        .min = mixed->min,
        .max = mixed->max,
        .mean = least_of(greatest_of(mixed->sum / (double)n, mixed->min), mixed->max),
        .p50 = mixed_quantile(mixed, n, 0.50),
        .p95 = mixed_quantile(mixed, n, 0.95),
        .p99 = mixed_quantile(mixed, n, 0.99)};
}
