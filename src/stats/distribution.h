/* The normal, Student t and binomial distributions, to about 1e-12 relative, tails included. */
#ifndef STATS_DISTRIBUTION_H
#define STATS_DISTRIBUTION_H

/* P(Z ≤ z) and P(Z > z); both keep their relative accuracy far out in their small tail. */
double normal_cdf(double z);
double normal_upper(double z);

/* The z with P(Z ≤ z) = p, and the z with P(Z > z) = p. ∓infinity at 0 and 1, NaN outside.
 * Wichura (1988), algorithm AS 241. Use the second for small tail probabilities. */
double normal_quantile(double p);
double normal_quantile_upper(double p);

/* Student's t with df > 0 degrees of freedom (not necessarily whole). */
double student_cdf(double t, double df);
double student_upper(double t, double df);
double student_quantile(double p, double df);

/* The regularised incomplete beta function I_x(a, b), a, b > 0; `y` is 1 − x, passed on its own
 * because 1 − x in doubles loses it near 1. Continued fraction of Abramowitz & Stegun 26.5.8 by
 * Lentz's method, its prefactor by Loader's saddle point. */
double beta_regularised(double x, double y, double a, double b);

/* Binomial with n trials and success probability p: P(K = k) and P(K ≤ k).
 * Loader (2000), "Fast and Accurate Computation of Binomial Probabilities". */
double binomial_pmf(double k, double n, double p);
double binomial_cdf(double k, double n, double p);

#endif
