/* A look that costs next to nothing, before the search for change points that costs much. Pure. */
#ifndef DETECT_STEP_SIGHT_H
#define DETECT_STEP_SIGHT_H

#include "model/metric.h"

#include <stdbool.h>
#include <stddef.h>

/* What the looks at a history share: sums of its values, each held near the reference so that a
 * spike is no level; and its noise, once a look has asked for it. They lie in the caller's
 * scratch. */
struct step_sight {
    const double *values;
    size_t n;
    double spread;
    double noise;       /* NaN: nobody asked yet */
    double *neighbours; /* room to find it */
    const double *sums; /* n + 1: sums[i] is of the first i values */
};

/* Doubles of scratch that n values need. */
size_t step_sight_scratch(size_t n);

/* `reference` and `spread` are the baseline's. Where it has just seen two levels its spread says
 * little: the noise is no more than what the newest neighbours differ by. */
struct step_sight step_sight_of(const struct metric *metric, const double *values, size_t n,
                                double reference, double spread, double *scratch);

/* Whether a search may find that the history ends on a level that is worse than the one before by
 * what is warned about, as the newest value is, too. It asks for a little less than the search
 * does (standard errors and a rank test between the newest level and any one before it), at
 * lengths of both levels that grow by a quarter and by half, so that it says no only where the
 * search would find nothing; test_step_sight.c holds it against the search. */
bool step_in_sight(struct step_sight *sight, const struct metric *metric);

/* Whether values[first..) may have drifted for the worse: the last quarter is worse than the first
 * by half of a warning and one and a half standard errors. A drift that warns is three quarters
 * there, and Kendall's test asks for more than two of them. */
bool drift_in_sight(struct step_sight *sight, const struct metric *metric, size_t first);

#endif
