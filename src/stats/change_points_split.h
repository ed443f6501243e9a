/* One cut, held against the measurements on both sides of it. Internal to change_points. */
#ifndef STATS_CHANGE_POINTS_SPLIT_H
#define STATS_CHANGE_POINTS_SPLIT_H

#include <stdbool.h>
#include <stddef.h>

/* Further than this on each side a test does not look: the next measurements are evidence enough,
 * and what lies far away has lived through other things. */
enum { SPLIT_REACH = 500 };

/* values[begin..cut) against values[cut..end). */
struct split {
    size_t begin, cut, end;
};

struct split_test {
    size_t before, after; /* measurements compared */
    double z;          /* of the tie-corrected Wilcoxon rank sum, ≥ 0, for independent noise */
    double separation; /* P(a value of one side is above one of the other), ≥ 1/2 */
    double medians;    /* their distance */
    double means;      /* their distance */
};

/* begin and end brought to within SPLIT_REACH of the cut. */
struct split split_near(struct split split);

/* Scratch for 2·SPLIT_REACH values. Both sides hold at least one. */
struct split_test split_compare(const double *values, struct split split, double *scratch);

/* What one level leaves of the squares of values[begin..end). */
double split_level_residual(const double *values, size_t begin, size_t end);

/* Is one straight line a better account of the two sides than one step? Both by Schwarz's
 * criterion (1978), a step having one parameter more: where it is. */
bool split_is_slope(const double *values, struct split split);

/* The cut that tells the two levels apart best, no level shorter than `shortest`: the largest
 * CUSUM. */
size_t split_best(const double *values, struct split split, size_t shortest);

#endif
