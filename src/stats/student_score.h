/* What Student's t distribution makes of a value, as every verdict asks it. Here stands what
 * libtare links of it, without libm: to load that costs a program's start as much as all else that
 * tare does. Held against SciPy like the rest. */
#ifndef STATS_STUDENT_SCORE_H
#define STATS_STUDENT_SCORE_H

#include <stdint.h>

struct student_score {
    double z;    /* the normal score: P(Z > z) = P(T > t), exact in the far tail too; within ±37,
                    where a double runs out of probability */
    double tail; /* P(T > t) */
};

/* For a whole df from 1 to some thousands. NaN for a NaN. Bit for bit the same for the same
 * inputs. */
struct student_score student_score(double t, uint32_t df);

/* P(T > t), t ≥ 0, as a finite sum: Abramowitz & Stegun 26.7.3 and 26.7.4. Exact to 1e-16
 * absolutely, so not for small tails: where df and t² are small, and the result is not. */
#define STUDENT_SUM_DF_MAX     64
#define STUDENT_SUM_SQUARE_MAX 16
#define STUDENT_SUM_TAIL_MIN   1e-3
double student_tail_sum(double t, int df);

/* The continued fraction in beta_regularised() (stats/distribution.h). */
double beta_fraction(double x, double a, double b);

#endif
