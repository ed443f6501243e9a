/* One cut, held against the measurements on both sides of it. Internal to change_points. */
#ifndef STATS_CHANGE_POINTS_SPLIT_H
#define STATS_CHANGE_POINTS_SPLIT_H

#include <stdbool.h>
#include <stddef.h>

/* Further than this on each side a test does not look: the next measurements are evidence enough,
 * and what lies far away has lived through other things. */
enum { SPLIT_REACH = 500 };

/* Slopes and drifts are looked for in this many on each side: over more, a step that the eye sees
 * at once can still look like part of a slow curve. */
enum { SLOPE_REACH = 250 };

/* values[begin..cut) against values[cut..end). */
struct split {
    size_t begin, cut, end;
};

struct split_test {
    size_t before, after; /* measurements compared */
    double z;          /* of the tie-corrected Wilcoxon rank sum, ≥ 0, for independent noise */
    double separation; /* P(a value of one side is above one of the other), ≥ 1/2 */
    double medians;    /* their distance */
    double means;      /* their distance, within SLOPE_REACH */
};

/* begin and end brought to within `reach` of the cut. */
struct split split_within(struct split split, size_t reach);

/* The standard error, in those of one measurement, of the means' distance within `reach`. */
double split_error(struct split split, size_t reach);

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
