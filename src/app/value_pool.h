/* Values on their way to numbers: single ones, and those that rollups have counted. */
#ifndef APP_VALUE_POOL_H
#define APP_VALUE_POOL_H

#include "model/period.h"
#include "stats/weighted.h"
#include "store/rollup.h"

#define VALUE_POOL_MOST 131072 /* points kept one by one; beyond, they share buckets */

struct value_pool {
    struct weighted *points; /* owned */
    size_t count;
    uint64_t n; /* values */
    double sum, min, max;
    bool approximate; /* some points stand for values near them */
    bool failed;      /* no memory: to be asked once, at the end */
};

void value_pool_init(struct value_pool *pool);
void value_pool_release(struct value_pool *pool);
void value_pool_clear(struct value_pool *pool); /* keeps the memory */

/* Adds `count` values of this size; what is not finite is left out. */
void value_pool_add(struct value_pool *pool, double value, uint64_t count);

/* Adds what a rollup's numbers stand for: its counts, sum, least and greatest exactly. */
void value_pool_add_numbers(struct value_pool *pool, const struct rollup_numbers *numbers);

/* What is in the pool as numbers; orders its points. */
struct period_numbers value_pool_numbers(struct value_pool *pool);
double value_pool_median(struct value_pool *pool);

/* One by one into `values`, which has room for weighted_count() of the points. */
void value_pool_spread(const struct value_pool *pool, double *values);

#endif
