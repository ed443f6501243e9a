/* Order: sorting, selection and quantiles of doubles.
 *
 * Pure, no allocation. Values are finite: the recorder's edge refuses NaN and infinities, and the
 * functions of stats/ do not check for them again. (Sorting NaN is safe and gives no order.) */
#ifndef STATS_QUANTILE_H
#define STATS_QUANTILE_H

#include <stddef.h>

/* Sorts ascending in place. Introsort (Musser 1997): n log n in the worst case, where qsort() of
 * the C library may allocate. */
void values_sort(double *values, size_t n);

/* The value that would stand at index k (0-based, k < n) if `values` were sorted. Reorders
 * `values`: afterwards values[0..k-1] ≤ values[k] ≤ values[k+1..n-1]. Linear on average
 * (Hoare 1961), n log n in the worst case. */
double values_select(double *values, size_t n, size_t k);

/* The quantile of probability p in [0, 1], linearly interpolated: type 7 of Hyndman & Fan (1996),
 * "Sample Quantiles in Statistical Packages", which R and NumPy use. n ≥ 1.
 * quantile() reorders `values`; quantile_sorted() takes them ascending and leaves them alone. */
double quantile(double *values, size_t n, double p);
double quantile_sorted(const double *sorted, size_t n, double p);

/* (1 − t)·a + t·b for a ≤ b and t in [0, 1]: never outside [a, b], no overflow at ±1e308. */
double quantile_between(double a, double b, double t);

#endif
