/* A set of samples reduced to numbers. */
#ifndef STATS_SUMMARY_H
#define STATS_SUMMARY_H

#include <stddef.h>
#include <stdint.h>

struct summary {
    uint64_t n; /* 0: nothing was there, every number below is NaN */
    double min, max, mean, p50, p95, p99;
};

/* All samples at hand. Sorts `values`. The mean is Neumaier's compensated sum over n. Quantiles
 * are type 7 (quantile.h). */
struct summary summary_of_values(double *values, size_t n);

/* One bucket of a histogram: `count` samples in [low, high). */
struct summary_bucket {
    double low, high;
    uint64_t count;
};

/* A bucket of the log-linear scheme of stats/histogram.h. */
struct summary_bucket summary_bucket_of(int32_t index, uint64_t count);

/* Some samples exactly, the others only counted in a histogram. */
struct summary_mixed {
    const double *exact; /* ascending */
    size_t exact_count;
    const struct summary_bucket *buckets; /* ascending, not overlapping */
    size_t bucket_count;
    double sum, min, max; /* of all samples, exact and counted */
};

/* n, min, max and mean are exact; a quantile is type 7 over the exact samples and the counted
 * ones, those of a bucket spread evenly over the part of it inside [min, max]: so it is off by
 * less than the width of a bucket. */
struct summary summary_of_mixed(const struct summary_mixed *mixed);

#endif
