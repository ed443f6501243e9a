/* Takes back the cuts that do not stand. Internal to change_points. */
#ifndef STATS_CHANGE_POINTS_PRUNE_H
#define STATS_CHANGE_POINTS_PRUNE_H

#include "stats/change_points_split.h"

#include <stddef.h>

/* Arrays of `room` = cuts + 2 each unless said otherwise; all scratch but the first three. */
struct prune {
    const double *values; /* clipped, in units of the noise */
    size_t n;
    double width;           /* of the noise, noise_width() */
    double dependence;      /* noise_dependence() */
    double range;           /* of the levels between the cuts, before any is taken back */
    size_t *bounds;         /* 0, the cuts, n */
    size_t *before, *after; /* neighbours that still stand */
    double *faults;         /* how badly each fails; 0: it stands, or is gone */
    size_t *worst;          /* 4·room: a tournament, the index with the largest fault on top */
    double *sides;          /* PLACE_SCRATCH */
};

/* The smallest shift between two levels of so many measurements, the newest ones, that would be
 * left standing in normal noise. prune->bounds and the scratch are not looked at. */
double prune_least(const struct prune *prune, size_t before, size_t after);

/* Removes cuts from bounds[1..count], the weakest first and judging its neighbours anew, until all
 * stand, moving them to where they tell their levels apart best; returns how many are left, again
 * in bounds[1..]. count·log(count) tests. */
size_t prune_cuts(struct prune *prune, size_t count);

#endif
