/* Which metrics want watching: those that are, or lately were, over their target. Pure. */
#ifndef DETECT_WATCH_VERDICT_H
#define DETECT_WATCH_VERDICT_H

#include "model/metric.h"
#include "model/watch.h"

#include <stddef.h>

#define WATCH_GOOD 3  /* measurements in a row within target that end it, as an alert's life */
#define WATCH_DAYS 14 /* newest days that "improving" is read from */
#define WATCH_P    0.05

/* A UTC day of a series on which something was measured. */
struct watch_day {
    int64_t day_ns;
    uint64_t n;    /* measurements */
    double median; /* of them */
    double worst;  /* the one that is farthest on the wrong side of the target */
};

/* `days` ascending, as far back as is known. A day is over target when its median is worse than
 * the target by more than nothing and at least the metric's min_change. The time over target
 * begins with the first such day and ends with WATCH_GOOD measurements on days within target; days
 * on which nothing was measured neither end nor begin it. One bad measurement alone is none unless
 * the metric says persist 1/N. Improving: the medians of the newest WATCH_DAYS of these days get
 * better by Mann–Kendall at p < WATCH_P, and the newest is better than the worst; or the newest
 * day is within target. What ended before `period_ns` is no longer watched: WATCH_NONE, as without
 * a target. `scratch` has room for watch_scratch() doubles. */
struct watch watch_verdict(const struct metric *metric, const struct watch_day *days, size_t count,
                           int64_t period_ns, double *scratch);

size_t watch_scratch(void);

#endif
