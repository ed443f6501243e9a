/* Two samples: is one shifted against the other, by how much, and how sure is that?
 *
 * All functions take both samples sorted ascending (values_sort), leave them alone and need no
 * further memory. n, m ≥ 1. "Greater" always means: b tends to be greater than a. */
#ifndef STATS_RANK_H
#define STATS_RANK_H

#include <stdbool.h>
#include <stddef.h>

#include "stats/interval.h"

struct rank_test {
    double u;           /* pairs (a, b) with b > a, ties counting one half */
    double p_greater;   /* one-sided, b > a */
    double p_less;      /* one-sided, b < a */
    double p_two_sided; /* of any shift */
    bool exact;         /* from the exact distribution, not the normal approximation */
};

/* The largest n·m for which the exact distribution of U is used. */
enum { RANK_EXACT_PAIRS = 2500 };

/* U alone: the pairs (a, b) with b > a, ties counting one half; into *ties the sum of t³ − t over
 * the groups of t tied values of both samples together. */
double rank_u(const double *a, size_t n, const double *b, size_t m, double *ties);

/* The standard deviation of U when neither sample is shifted, corrected for those ties; 0 when all
 * values are the same. */
double rank_sigma(size_t n, size_t m, double ties);

/* Mann & Whitney (1947), "On a test of whether one of two random variables is stochastically
 * larger than the other". Exact without ties and up to RANK_EXACT_PAIRS; otherwise normal, its
 * variance corrected for ties and U by one half for continuity (Lehmann 1975, ch. 1). When
 * every value is the same, nothing can be told and all p are 1. */
struct rank_test rank_test(const double *a, size_t n, const double *b, size_t m);

/* The Hodges–Lehmann shift: the median of all n·m differences b − a (Hodges & Lehmann 1963).
 * O((n + m) log) by bisection over the differences, none of which is stored. */
double rank_shift(const double *a, size_t n, const double *b, size_t m);

/* Its confidence interval: the shifts that Mann–Whitney's two-sided test at 1 − level does not
 * reject (Lehmann 1963; Hollander & Wolfe, section 4.3), in order statistics of the differences;
 * exact up to RANK_EXACT_PAIRS, ties then making it wider, never narrower. False, and *interval
 * untouched, when the samples are too small for the level: for 95 % below 4 × 4, 3 × 5, 2 × 8. */
bool rank_shift_interval(const double *a, size_t n, const double *b, size_t m, double level,
                         struct interval *interval);

#endif
