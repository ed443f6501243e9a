/* A rollup: what is left of a day of a series when its measurements are taken away. Rollups add
 * up: counts, sums, least and greatest exactly, quantiles within the width of a histogram's bucket
 * (1 %). Of a measurement both are kept: the observations in it, and its own value. */
#ifndef STORE_ROLLUP_H
#define STORE_ROLLUP_H

#include "model/batch.h"
#include "model/measurement.h"

struct rollup_numbers {
    uint64_t n;
    double sum, min, max;             /* n = 0: 0, +inf, −inf */
    struct histogram_bucket *buckets; /* owned, ascending by index */
    size_t bucket_count;
};

struct rollup {
    int64_t series_id;
    int64_t day_ns;   /* its first nanosecond, UTC; the first of several when they were added up */
    int64_t taken_ns; /* when the youngest of it was taken into the store */
    uint64_t failed;
    struct rollup_numbers observations;
    struct rollup_numbers values; /* of the measurements: n is how many there were */
};

void rollup_init(struct rollup *rollup, int64_t series_id, int64_t day_ns);
void rollup_release(struct rollup *rollup);

/* The start of the UTC day that a time falls into. */
int64_t rollup_day(int64_t time_ns);

/* Adds a measurement with what is kept of its samples (`part`; with n = 0, for a measurement that
 * came without samples, its observations count as n times its median). False: no memory. */
bool rollup_add(struct rollup *rollup, const struct measurement *measurement,
                const struct batch_part *part);

/* Adds another one up: its series and day are not looked at. False: no memory. */
bool rollup_merge(struct rollup *into, const struct rollup *from);

/* The quantile of probability p in [0, 1] (type 7), within 1 % of that of the numbers themselves;
 * and the mean. NaN when there are none. */
double rollup_quantile(const struct rollup_numbers *numbers, double p);
double rollup_mean(const struct rollup_numbers *numbers);

#endif
