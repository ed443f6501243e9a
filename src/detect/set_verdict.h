/* Verdicts on sets of measurements (STATS.md 5). Pure. */
#ifndef DETECT_SET_VERDICT_H
#define DETECT_SET_VERDICT_H

#include "model/baseline.h"
#include "model/metric.h"
#include "model/verdict.h"

#include <stdbool.h>
#include <stddef.h>

/* Some measurements' values, in any order. What is not finite is left out. */
struct value_set {
    const double *values;
    size_t n;
};

/* ---- compare A B ---- */

enum set_change { SET_SAME = 0, SET_IMPROVED, SET_REGRESSED, SET_INCONCLUSIVE };

/* "same", "improved", "regressed", "inconclusive" */
const char *set_change_word(enum set_change change);

/* Percentages are of A's median, plain: positive is more, whichever is better. NaN where there is
 * nothing to say: no interval for sets too small for 95 %, no percentage of 0. */
struct set_comparison {
    enum set_change change;
    size_t a_n, b_n;
    double a_median, b_median; /* NaN for an empty set */
    double change_percent;     /* Hodges–Lehmann shift from A to B */
    double low_percent, high_percent;
    double p; /* Mann–Whitney, two-sided; NaN when a set is empty */
    char reason[256];
};

/* Holds B against A. Improved or regressed: the interval excludes 0, and the shift is at least the
 * metric's warning threshold (and its min_change). Same: the interval lies inside ± the
 * threshold. Else inconclusive. Sets too small for an interval (below 4 × 4, 3 × 5, 2 × 8) are
 * inconclusive, unless neither varies at all and either each has three or the metric is `exact`:
 * then the shift is what it is. `scratch` has room for a.n + b.n. */
struct set_comparison set_compare(const struct metric *metric, struct value_set a,
                                  struct value_set b, double *scratch);

/* The same of values that are known to `error_percent` of themselves only, as those of rolled-up
 * days are: the interval is wider by as much. */
struct set_comparison set_compare_near(const struct metric *metric, struct value_set a,
                                       struct value_set b, double error_percent, double *scratch);

/* ---- check: a candidate against a baseline's window ---- */

struct set_verdict {
    bool conclusive;   /* false: no candidate or no baseline; a gate must not pass on it */
    bool single;       /* fewer than three: the median was judged as one measurement */
    bool discovery;    /* p survived the tests beside it; true until set_verdicts_discover() */
    size_t n;          /* of the candidate */
    double value;      /* its median; NaN when empty */
    double p;          /* one-sided for worse (two-sided for `exact`); NaN */
    double p_adjusted; /* Benjamini–Hochberg; NaN until set_verdicts_discover() */
    struct verdict verdict;
};

/* The candidate against the window that `baseline` was computed from. With three or more: the
 * Hodges–Lehmann shift from the window is the deviation, z = Φ⁻¹(1 − p), and the tree of section 4
 * decides; verdict.reason says so. With one or two: measurement_verdict() of the median. The
 * target is held against the candidate's median. `scratch` has room for window.n + candidate.n. */
struct set_verdict set_verdict(const struct metric *metric, const struct baseline *baseline,
                               struct value_set window, struct value_set candidate,
                               double *scratch);

/* Over all verdicts of one check: Benjamini–Hochberg at `q` (0.05). What does not survive is at
 * most info against the baseline, and not new against the target (info up to the error threshold,
 * a warning beyond); its reason gains "not distinguishable among N tests". Only conclusive
 * verdicts that have a p count. `numbers` has room for 2·count, `order` for count. Returns the
 * number of tests. */
size_t set_verdicts_discover(const struct metric *const *metrics, struct set_verdict *verdicts,
                             size_t count, double q, double *numbers, size_t *order);

#endif
