/* Change points as measurements arrive.
 *
 *   struct change_watch watch = {0};                  plain data: store it with the series, or not
 *   each time a measurement has been appended to values:
 *   count = change_watch_add(&watch, values, n, NULL, scratch, points, count);
 *
 * A step is announced as provisional as soon as the newest measurements make it sure, which for
 * three sigmas takes about five; it is confirmed, or taken back, by searches of the whole series
 * while it ages. Whatever has aged by more than the delay is what change_points_find() says of the
 * whole series: at every measurement up to CHANGE_WATCH_EACH, beyond that at the last search,
 * which is never longer ago than 1/CHANGE_WATCH_SHARE of the series. So a measurement costs a
 * search of at most CHANGE_WATCH_EACH values, or of a window of CHANGE_WATCH_WINDOW and now and
 * then of everything: log n amortised, about.
 *
 * Without a stored watch nothing is lost but time: a watch of zeros and count 0 searches anew. */
#ifndef STATS_CHANGE_POINTS_ONLINE_H
#define STATS_CHANGE_POINTS_ONLINE_H

#include "stats/change_points.h"

enum {
    CHANGE_WATCH_EACH = 256,   /* a series up to this length is searched at every measurement */
    CHANGE_WATCH_SHARE = 64,   /* a longer one when it has grown by this part of itself */
    CHANGE_WATCH_WINDOW = 128, /* its newest measurements, looked at in between */
};

struct change_watch {
    size_t searched; /* length of the series at the last search of all of it; 0: never */
};

/* Takes in the newest of n values: values[0..n) is the whole series, points[0..count) what the
 * last call returned (0 at first). The points, ascending, are left in points[], which has room for
 * change_points_most(n) + 1; returns how many. Scratch and options as for change_points_find(). A
 * value that is not finite changes nothing. */
size_t change_watch_add(struct change_watch *watch, const double *values, size_t n,
                        const struct change_points_options *options, void *scratch,
                        struct change_point *points, size_t count);

#endif
