/* The window of a series that a baseline stands on, and the baseline it gives (STATS.md 3).
 * Pure: no clock, no allocation. */
#ifndef BASELINE_BASELINE_WINDOW_H
#define BASELINE_BASELINE_WINDOW_H

#include "model/baseline.h"
#include "model/measurement.h"
#include "model/metric.h"

#include <stddef.h>

/* The most measurements a window may have, whatever the configuration says. */
#define BASELINE_WINDOW_MAX 1000

/* How baselines are made. baseline_rule_init() gives the defaults. Strings are borrowed. */
struct baseline_rule {
    uint32_t window;         /* newest so many measurements; 20, at most BASELINE_WINDOW_MAX */
    uint32_t minimum;        /* fewer: learning; 5, at least 2 */
    uint32_t update_every;   /* once the window is full; 10 */
    uint32_t frozen_at_most; /* measurements; 100 */
    const char *branch;      /* only measurements of this branch; NULL or "": any */
    const char *commit; /* only of this commit, full or a prefix of it (pin); NULL or "": any */
};

void baseline_rule_init(struct baseline_rule *rule);

/* Whether a measurement may enter the window: it counts (measurement_counts: ok or running, not
 * excluded, finite) and is of the rule's branch and commit. */
bool baseline_admits(const struct baseline_rule *rule, const struct measurement *measurement);

/* Picks the window out of `count` measurements, oldest first: the newest rule->window that are
 * admitted and stand behind the one with id `start_after_id` (0, or not among them: all do).
 * Writes their positions, oldest first, into `window`, which has room for rule->window; returns
 * how many. */
size_t baseline_window_pick(const struct baseline_rule *rule, const struct measurement *list,
                            size_t count, int64_t start_after_id, size_t *window);

/* The baseline of `n` values in any order, n ≤ BASELINE_WINDOW_MAX. State is active, or learning
 * below rule->minimum (then centre, spread and interval are NaN and only n is meant). Centre is
 * the median; spread the corrected MAD (stats/robust.h), never below max(resolution/√12,
 * 0.001·|centre|); low and high the 95 % interval of the median (NaN for n < 6). confidence =
 * min(n, 20)/20 · max(0, 1 − h/w) with h = t₀.₉₇₅,ₙ₋₁·1.2533·spread/√n and w the change that is
 * warned about: warning_percent of |centre|, or with a centre of 0 the greater of min_change and
 * the resolution.
 *
 * spread_at_floor says more than its number: besides the spread standing at its floor, all values
 * lie within two floors of the centre, so nothing random was seen. (A MAD of 0 only says that
 * half of the values are equal: [10 10 10 10 10 13 17] is not a constant series.) computed_ns,
 * first_id and last_id are left 0 for the caller. */
void baseline_compute(const struct baseline_rule *rule, const struct metric *metric,
                      const double *values, size_t n, struct baseline *baseline);

/* A measurement in a window. */
struct baseline_value {
    int64_t id;
    double value;
};

/* The baseline of the newest rule->window of `count` admitted ones, oldest first. */
void baseline_from_values(const struct baseline_rule *rule, const struct metric *metric,
                          const struct baseline_value *admitted, size_t count, int64_t now_ns,
                          struct baseline *baseline);

/* Both: picks the window and computes the baseline of it, with ids and `now_ns` filled in. */
void baseline_from_series(const struct baseline_rule *rule, const struct metric *metric,
                          const struct measurement *list, size_t count, int64_t start_after_id,
                          int64_t now_ns, struct baseline *baseline);

#endif
