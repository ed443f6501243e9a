/* Does a series rise or fall steadily, and how steeply? */
#ifndef STATS_TREND_H
#define STATS_TREND_H

#include <stddef.h>

/* Beyond so many values the slope is taken from medians of equal blocks, this many of them. */
enum { TREND_SLOPE_POINTS = 1024 };

struct trend_test {
    double s;         /* Kendall's S: pairs that rise minus pairs that fall */
    double z;         /* its normal score, variance corrected */
    double p_rising;  /* one-sided */
    double p_falling; /* one-sided */
    double widening;  /* of the variance by autocorrelation; 1: none was significant */
    double slope;     /* per unit of x: Theil–Sen */
    double intercept; /* median of y − slope·x: the line's value at x = 0 */
};

/* Doubles of scratch that trend_test() needs for n values. */
size_t trend_scratch(size_t n);

/* Mann–Kendall (Mann 1945; Kendall 1975) with variance for ties. When the autocorrelation at lag 1
 * of the ranks of the detrended values is significant at 5 %, the variance is multiplied by
 * n/n* of Hamed & Rao (1998), "A modified Mann–Kendall trend test for autocorrelated data", over
 * the significant lags up to 10·log₁₀ n; never by less than 1. Slope: Theil (1950), Sen (1968),
 * the median over pairs of different x. `x` are ascending places (days, say), NULL for 0, 1, 2, …
 * n < 3, a constant series, or one single x: z = 0, p = 1/2, slope = 0. */
struct trend_test trend_test(const double *values, const double *x, size_t n, double *scratch);

/* The z of it alone, not widened: what trend_test() says when nothing is autocorrelated, and never
 * nearer to 0. The same scratch. */
double trend_kendall(const double *values, size_t n, double *scratch);

#endif
