/* Where the level of a series changes: robust, nonparametric, with one setting for everything.
 *
 *   struct change_point points[…];                 room for change_points_most(n)
 *   void *scratch = malloc(change_points_scratch(n));
 *   size_t count = change_points_find(values, n, NULL, scratch, points);
 *
 * How (docs/detection.md has the reasons and the figures): the noise is measured from differences,
 * spikes of up to three measurements are clipped (Hampel 1974), the series is cut where squared
 * error plus a penalty for each cut is smallest (optimal partitioning by functional pruning:
 * Maidstone, Hocking, Rigaill & Fearnhead 2017), and cuts are taken back, the weakest first, until
 * all that stand are supported by a rank test, stand out of the drift that every machine's level
 * has, and are no part of a slope; those are put where an estimate of the noise's density makes
 * them most likely. About n log n.
 *
 * Pure: no clock, no allocation. Values may be anything: what is not finite (NaN, infinities) is
 * left out as if it had not been measured, and indexes still count it. A constant series, or one
 * of fewer than CHANGE_POINTS_SHORTEST finite values, has no change points. */
#ifndef STATS_CHANGE_POINTS_H
#define STATS_CHANGE_POINTS_H

#include <stddef.h>

enum {
    CHANGE_POINTS_SEGMENT = 4,  /* no level is shorter than this */
    CHANGE_POINTS_SHORTEST = 8, /* finite values below which nothing is looked for */
    CHANGE_POINTS_DELAY = 24,   /* measurements after which a change point is confirmed */
};

enum change_point_state {
    CHANGE_PROVISIONAL = 0, /* seen, but young: more measurements may move it or take it back */
    CHANGE_CONFIRMED        /* at least `delay` finite measurements have followed */
};

struct change_point {
    size_t index;          /* of the first measurement of the new level, 0-based */
    double before, after;  /* medians of the levels on both sides, up to the next change points */
    double change_percent; /* of |before|; NaN when before is 0 */
    double z;              /* normal score of the rank test between the levels, ≥ 0; less where
                            * neighbouring measurements depend on each other */
    double t; /* the shift of means, spikes clipped, in standard errors of the noise, ≥ 0 */
    enum change_point_state state;
};

struct change_points_options {
    size_t delay; /* until a point is confirmed; 0 stands for CHANGE_POINTS_DELAY */
};

/* Bytes of scratch for n values, aligned as malloc aligns. */
size_t change_points_scratch(size_t n);

/* No series of n values has more change points than this. */
size_t change_points_most(size_t n);

/* The change points, ascending, into points[]; returns how many. options may be NULL: defaults. */
size_t change_points_find(const double *values, size_t n,
                          const struct change_points_options *options, void *scratch,
                          struct change_point *points);

/* The smallest step, in the unit of the values, that could have been seen in the middle of the
 * newest level (all of the series, where it has no change points): what to say beside "no change".
 * In normal noise, a step this large is found in about half of all cases, one half as large again
 * in nearly all; near the end of the series it has to be larger. 0 when nothing moves, so that any
 * change would show; infinite when there are too few measurements for any. Scratch as above. */
double change_points_detectable(const double *values, size_t n, void *scratch);

/* By how many percent of |before| `after` differs; NaN when before is 0. */
double change_percent_of(double before, double after);

#endif
