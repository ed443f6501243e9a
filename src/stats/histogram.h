/* The bucket scheme of tare's log-linear histograms: the sign, the exponent and the six highest
 * mantissa bits of a double. A bucket is at most 1/64 of its lower edge wide, so its middle is
 * within 0.79 % of every value in it. Zero (either sign) has a bucket of its own. Pure. */
#ifndef STATS_HISTOGRAM_H
#define STATS_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

#define HISTOGRAM_SUB_BUCKETS 64 /* in an octave */

/* Buckets are ordered as their values are. Finite values only. */
int32_t histogram_index(double value);

/* The edges nearest to and farthest from zero, and the middle, of a bucket. */
double histogram_inner_edge(int32_t index);
double histogram_outer_edge(int32_t index);
double histogram_middle(int32_t index);

#endif
