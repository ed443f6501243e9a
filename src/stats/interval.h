/* Distribution-free confidence interval of a median. */
#ifndef STATS_INTERVAL_H
#define STATS_INTERVAL_H

#include <stdbool.h>
#include <stddef.h>

struct interval {
    double low, high;
    double coverage; /* of the interval of whole order statistics that contains it; ≥ the level */
};

/* The `level` (say 0.95) interval of the population's median from n sorted values, in *interval:
 * order statistics k and n+1−k with the exact binomial coverage, interpolated towards the next
 * pair inwards so that the coverage comes close to `level`: Hettmansperger & Sheather (1986),
 * "Confidence intervals based on interpolated order statistics". False, and *interval untouched,
 * when even (min, max) covers less than `level`: for 95 % when n < 6. */
bool interval_of_median(const double *sorted, size_t n, double level, struct interval *interval);

#endif
