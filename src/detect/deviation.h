/* How much worse a value is than a reference, and the decision tree (STATS.md 2 and 4). Pure; libc
 * and libm only: libtare links it. */
#ifndef DETECT_DEVIATION_H
#define DETECT_DEVIATION_H

#include "model/metric.h"
#include "model/verdict.h"

#include <math.h>

/* By how much x is worse than ref, in their unit; negative is better. For `exact` the distance.
 * Here, because it is asked for some hundred times a measurement. */
static inline double deviation_worse(enum tare_better better, double x, double ref)
{
    switch (better) {
    case TARE_HIGHER:
        return ref - x;
    case TARE_EXACT:
        return fabs(x - ref);
    default:
        return x - ref;
    }
}

/* How much worse than ref is ok, in their unit: the warning threshold, or min_change where that is
 * more. */
double deviation_spared(const struct metric *metric, double ref);

/* How much worse in percent of |ref|. With ref = 0: 0 for x = 0, else NaN ("new"). */
double deviation_percent(enum tare_better better, double x, double ref);

/* What the tree makes of a value: its deviation from `ref` in percent (NaN counts as beyond the
 * error threshold when x is worse, as ok when it is not) and the normal score z of that deviation
 * (NaN without a baseline: then W–E is a warning and beyond E an error). A change smaller than
 * the metric's min_change is ok. W and E are the metric's warning and error percent; each row of
 * the tree belongs to the deviation up to and including its upper end, each column to the z up to
 * and including its own. */
enum severity deviation_severity(const struct metric *metric, double x, double ref, double z);

#endif
