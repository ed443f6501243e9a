#include "app/value_pool.h"

#include "base/array.h"
#include "stats/histogram.h"

#include <math.h>
#include <stdlib.h>

void value_pool_init(struct value_pool *pool)
{
    *pool = (struct value_pool){.min = INFINITY, .max = -INFINITY};
}

void value_pool_release(struct value_pool *pool)
{
    free(pool->points);
    value_pool_init(pool);
}

void value_pool_clear(struct value_pool *pool)
{
    struct weighted *points = pool->points;
    bool failed = pool->failed;
    value_pool_init(pool);
    pool->points = points;
    pool->failed = failed;
}

static void point_add(struct value_pool *pool, double value, uint64_t count)
{
    if (pool->count >= VALUE_POOL_MOST) {
        weighted_sort(pool->points, pool->count);
        pool->count = weighted_condense(pool->points, pool->count);
        pool->approximate = true;
    }
    struct weighted *point = array_add(&pool->points, &pool->count, sizeof *point);
    if (point == NULL)
        pool->failed = true;
    else
        *point = (struct weighted){value, count};
}

void value_pool_add(struct value_pool *pool, double value, uint64_t count)
{
    if (!isfinite(value) || count == 0)
        return;
    point_add(pool, value, count);
    pool->n += count;
    pool->sum += value * (double)count;
    pool->min = fmin(pool->min, value);
    pool->max = fmax(pool->max, value);
}

void value_pool_add_numbers(struct value_pool *pool, const struct rollup_numbers *numbers)
{
    for (size_t i = 0; i < numbers->bucket_count; i++) {
        double middle = histogram_middle(numbers->buckets[i].index);
        point_add(pool, fmin(fmax(middle, numbers->min), numbers->max), numbers->buckets[i].count);
    }
    if (numbers->n == 0)
        return;
    pool->n += numbers->n;
    pool->sum += numbers->sum;
    pool->min = fmin(pool->min, numbers->min);
    pool->max = fmax(pool->max, numbers->max);
    pool->approximate = pool->approximate || numbers->min < numbers->max;
}

double value_pool_median(struct value_pool *pool)
{
    weighted_sort(pool->points, pool->count);
    return weighted_quantile(pool->points, pool->count, 0.5);
}

struct period_numbers value_pool_numbers(struct value_pool *pool)
{
    bool any = pool->n > 0;
    double median = value_pool_median(pool);
    double mean = any ? fmin(fmax(pool->sum / (double)pool->n, pool->min), pool->max) : NAN;
    return (struct period_numbers){.n = pool->n,
                                   .min = any ? pool->min : NAN,
                                   .max = any ? pool->max : NAN,
                                   .mean = mean,
                                   .median = median,
                                   .p95 = weighted_quantile(pool->points, pool->count, 0.95),
                                   .p99 = weighted_quantile(pool->points, pool->count, 0.99),
                                   .approximate = pool->approximate};
}

void value_pool_spread(const struct value_pool *pool, double *values)
{
    for (size_t i = 0; i < pool->count; i++)
        for (uint64_t k = 0; k < pool->points[i].count; k++)
            *values++ = pool->points[i].value;
}
