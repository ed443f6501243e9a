/* The best piecewise constant fit. Internal to change_points. */
#ifndef STATS_CHANGE_POINTS_PARTITION_H
#define STATS_CHANGE_POINTS_PARTITION_H

#include <stddef.h>

/* The level of a segment in [low, high], and what it costs if the segment began at `start`:
 * square·u² + linear·u + constant. */
struct partition_piece {
    double low, high;
    double square, linear, constant;
    size_t start;
};

/* Pieces of room that partition() needs, all told. */
size_t partition_room(size_t n);

/* Cuts n values where the sum of squared errors plus `penalty` a cut is smallest: the starts of
 * all segments but the first, ascending, into cuts[] (room for n); returns how many. Functional
 * pruning (Maidstone et al. 2017, FPOP): the cost is kept as a function of the last level, and a
 * start is forgotten when no level is left at which it is best. About n log n; exact unless more
 * than partition_room(n)/2 pieces are alive, then nearly. `last` is scratch for n. */
size_t partition(const double *values, size_t n, double penalty, struct partition_piece *room,
                 size_t *last, size_t *cuts);

#endif
