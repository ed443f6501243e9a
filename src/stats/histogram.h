/* The bucket scheme of tare's log-linear histograms: the sign, the exponent and the six highest
 * mantissa bits of a double. A bucket is at most 1/64 of its lower edge wide, so its middle is
 * within 0.79 % of every value in it. Zero (either sign) has a bucket of its own. Pure. */
#ifndef STATS_HISTOGRAM_H
#define STATS_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define HISTOGRAM_SUB_BUCKETS  64 /* in an octave */
#define HISTOGRAM_DROPPED_BITS 46 /* of 52 mantissa bits */

/* Buckets are ordered as their values are; 0 is zero's. Finite values only. Inline for the
 * recorder, which calls it in the middle of other programs. */
static inline int32_t histogram_index(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    if ((bits & INT64_MAX) == 0)
        return 0;
    int32_t size = (int32_t)((bits & INT64_MAX) >> HISTOGRAM_DROPPED_BITS) + 1;
    return bits >> 63 ? -size : size;
}

/* The edges nearest to and farthest from zero, and the middle, of a bucket. */
double histogram_inner_edge(int32_t index);
double histogram_outer_edge(int32_t index);
double histogram_middle(int32_t index);

#endif
