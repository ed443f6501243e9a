/* The noise of a series, in which its steps are measured. Internal to change_points. */
#ifndef STATS_CHANGE_POINTS_NOISE_H
#define STATS_CHANGE_POINTS_NOISE_H

#include <stddef.h>

/* The standard deviation of the noise from first differences, which steps hardly touch. For a
 * series that mostly repeats one value, a fraction of its usual move; 0 when it has no second
 * level, spikes not counted. n ≥ 7; scratch for n values. */
double noise_sigma(const double *values, size_t n, double *scratch);

/* values − centre in units of sigma. When the range is beyond what sums of squares can hold, gaps
 * that no measurement falls into are shortened: order and noise stay as they are. Scratch for 2n.
 */
void noise_normalise(const double *values, size_t n, double centre, double sigma, double *out,
                     double *scratch);

/* Clips normalised values to the running median of seven ± 3 into `out`: a spike of up to three
 * measurements cannot pass for a level. Where more than 15 % of the values lie further out they
 * are no spikes but a second mode, and the clip gives way to them. out may not be values. n ≥ 7;
 * scratch for n values. */
void noise_clip(const double *values, size_t n, double *out, double *scratch);

/* How much wider than independent noise of standard deviation 1 the means of short blocks scatter,
 * ≥ 1: dependence and several modes show there, not in differences. What small numbers of blocks
 * scatter by chance is allowed for. Levels that change often make it wide as well, which is why
 * there are two: `capped` goes no further than twice what neighbouring values differ by. */
struct noise_width {
    double full, capped;
};

/* Scratch for n values. */
struct noise_width noise_width(const double *values, size_t n, double *scratch);

/* How much dependence between neighbours widens the variance of a sum of values about their
 * levels, ≥ 1. bounds[0..count+1] are the edges of the levels. */
double noise_dependence(const double *values, const size_t *bounds, size_t count);

#endif
