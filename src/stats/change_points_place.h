/* Where exactly one level gives way to the next. Internal to change_points. */
#ifndef STATS_CHANGE_POINTS_PLACE_H
#define STATS_CHANGE_POINTS_PLACE_H

#include "stats/change_points_split.h"

enum {
    PLACE_REACH = 100, /* measurements on each side that have a say: far ones may have drifted */
    PLACE_BINS = 256,
    PLACE_SCRATCH = 5 * PLACE_BINS + 4 * PLACE_REACH /* doubles */
};

/* The cut between the two levels of `split` that is right within five measurements, or better
 * exactly, with the largest probability, no level shorter than `shortest`. The noise may have any
 * shape: its density is estimated from what is left about the two means (Gaussian kernel), and
 * each cut weighed by the likelihood that it gives the values, the same before all have been seen.
 * `dependence` as of noise_dependence(): so many times less do neighbours know than they seem to.
 */
size_t place_cut(const double *values, struct split split, size_t shortest, double dependence,
                 double *scratch);

#endif
