/* The life of a series' baseline between measurements: when it is computed anew, frozen, pinned,
 * restarted. Pure.
 *
 * How a use case reads aloud, for each new measurement in order:
 *   judge it against standing.baseline            (detect/)
 *   let the alerts of the series take the verdict (alert/)
 *   baseline_advance(…, held = a step alert of the series is open or acknowledged)
 *   when that returns BASELINE_ABSORBED, tell the alert (alert/, EVENT_ABSORB)
 */
#ifndef BASELINE_BASELINE_STANDING_H
#define BASELINE_BASELINE_STANDING_H

#include "baseline/baseline_window.h"

enum baseline_change {
    BASELINE_UNCHANGED = 0,
    BASELINE_COMPUTED, /* anew, from the window as it is now */
    BASELINE_HELD,     /* frozen: what it was when the step was seen */
    BASELINE_ABSORBED  /* was frozen for rule->frozen_at_most; computed anew, the step in it: who
                          holds it lets go, or it is frozen as long again */
};

/* Takes note of the newest measurement of the series that the rule admits, admitted[count − 1];
 * `admitted`, oldest first, reaches back far enough for the window (rule->window of them, or to
 * the start). One that is not admitted is not passed: it changes nothing.
 *
 * Pinned: nothing changes. Held: the baseline is frozen for at most rule->frozen_at_most
 * measurements and then absorbs the step. Otherwise it is computed with every measurement until
 * the window is full, then with every rule->update_every-th. Where a freeze ends because the step
 * went away, it stays what it was for a whole window more: at once, most of its window would be of
 * the step, and the step the new normal. */
enum baseline_change baseline_advance(struct baseline_standing *standing,
                                      const struct baseline_rule *rule,
                                      const struct metric *metric,
                                      const struct baseline_value *admitted, size_t count,
                                      bool held, int64_t now_ns);

/* Accept, reset: the window begins anew behind measurement `start_after_id` (for accept the last
 * good one before the step), and is computed at once from `list`. A pin is taken off. */
void baseline_restart(struct baseline_standing *standing, const struct baseline_rule *rule,
                      const struct metric *metric, const struct measurement *list, size_t count,
                      int64_t start_after_id, int64_t now_ns);

/* Holds the baseline to the measurements of a commit: `name` is what the person said (commit or
 * tag), `commit` its full id or a prefix. False, and nothing is changed, when the commit has fewer
 * than rule->minimum measurements. */
bool baseline_pin(struct baseline_standing *standing, const struct baseline_rule *rule,
                  const struct metric *metric, const struct measurement *list, size_t count,
                  const char *name, const char *commit, int64_t now_ns);

/* Takes the pin off and computes the rolling baseline at once. */
void baseline_unpin(struct baseline_standing *standing, const struct baseline_rule *rule,
                    const struct metric *metric, const struct measurement *list, size_t count,
                    int64_t now_ns);

#endif
