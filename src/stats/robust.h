/* Centre and spread that a few wild values cannot move. */
#ifndef STATS_ROBUST_H
#define STATS_ROBUST_H

#include <stddef.h>

/* The median; reorders `values`. n ≥ 1. */
double median(double *values, size_t n);

/* What the median absolute deviation is multiplied by to estimate the standard deviation of
 * normal data without bias: 1/Φ⁻¹(3/4) = 1.4826… (Hampel 1974) times a correction for small n
 * (Croux & Rousseeuw 1992, "Time-efficient algorithms for two highly robust estimators of scale";
 * Park, Kim & Wang 2020, "Investigation of finite-sample properties of robust location and scale
 * estimators"): a table up to n = 20, their 1/(1 − 0.76213/n − 0.86413/n²) beyond. n ≥ 2; for
 * n < 2 there is no spread and the factor is 0. */
double mad_factor(size_t n);

/* The median in *centre and the median absolute deviation about it times mad_factor(n), which is
 * returned. `sorted` ascends: then the deviations do so from the middle to both sides. n ≥ 1. */
double robust_spread(const double *sorted, size_t n, double *centre);

#endif
