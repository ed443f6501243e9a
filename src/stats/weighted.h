/* Values that stand for several: what histograms and rollups leave, beside values of their own. */
#ifndef STATS_WEIGHTED_H
#define STATS_WEIGHTED_H

#include <stddef.h>
#include <stdint.h>

struct weighted {
    double value;
    uint64_t count; /* how many stand there */
};

/* Ascending by value, in place. */
void weighted_sort(struct weighted *points, size_t n);

/* How many values `points` stand for. */
uint64_t weighted_count(const struct weighted *points, size_t n);

/* The quantile of probability p in [0, 1] of the values that ascending points stand for, as
 * quantile_sorted() gives it of them one by one: type 7. NaN when there are none. */
double weighted_quantile(const struct weighted *sorted, size_t n, double p);

/* Joins ascending points that fall into one bucket of stats/histogram.h, at the bucket's middle
 * (never beyond the least and the greatest of all): every value moves by less than 0.8 %. Returns
 * how many points are left. */
size_t weighted_condense(struct weighted *sorted, size_t n);

#endif
