/* Whether what was seen is enough for an alert (STATS.md 7, improved; tests/bench/false_alarms.c
 * prints the figures). Pure.
 *
 * A verdict says what one measurement looks like; an alert says that we are sure.
 *
 * Persistence: the current measurement and, with it, at least `persist_needed` of the last
 * `persist_of` (2 of 3) are warnings or worse.
 *
 * Score: max over k = 2…8 of Σe/√(k + k²/m) reaches what is asked for. e is how much worse a
 * measurement is than the reference in units of the noise, held within [−3, 5]; m is how many
 * measurements' worth the reference is known to (a target: for sure), so that the error which
 * all k share is counted as shared.
 *
 * Noise: not the baseline's spread alone, which twenty measurements know to ±25 %, but pooled
 * with how far earlier measurements (up to EVIDENCE_HISTORY), and neighbours together, strayed to
 * the worse side of the baseline of their day. A skewed or dependent series so asks for more by
 * itself. And a size that came up at least three times in that history counts for no more than how
 * rare it was there: in a series with spikes, a spike is no news, nor are two; three in a row are.
 * The centre is pooled likewise with the values before the last EVIDENCE_RECENT, as far as
 * they belong to the same level.
 *
 * Asked for are 2.9, and more where the noise is small: 0.9 of the score that two measurements of
 * a change of error size would have, up to 5. Being sure costs nothing there.
 *
 * At once, without all this, when the metric says persist 1/1 or the baseline did not vary
 * (counts, sizes, tokens). While a baseline is being learned, a target has the count alone. */
#ifndef DETECT_EVIDENCE_H
#define DETECT_EVIDENCE_H

#include "model/alert.h"
#include "model/baseline.h"
#include "model/metric.h"
#include "model/verdict.h"

#include <stdbool.h>
#include <stddef.h>

#define EVIDENCE_RECENT  12  /* too new to tell what is normal */
#define EVIDENCE_HISTORY 100 /* older ones that do */
/* How many verdicts are looked at, the current one included; more are ignored, fewer do. */
#define EVIDENCE_LOOKS_AT (EVIDENCE_RECENT + EVIDENCE_HISTORY)

/* What evidence remembers of a verdict. */
struct evidence_point {
    double value;                      /* of the measurement; NaN: there was no baseline yet */
    double centre;                     /* of the baseline of its day */
    double deviation_target_percent;   /* positive is worse */
    double deviation_baseline_percent; /* positive is worse */
    unsigned char target_severity, baseline_severity;
};

struct evidence_point evidence_point_of(const struct verdict *verdict);

struct evidence {
    enum severity severity; /* what an alert may open or escalate with: the lower one of the
                               severities that count; SEVERITY_OK: not enough */
    bool pending;           /* a warning or worse, but not enough: an alert if it repeats */
    bool at_once;           /* there was nothing to wait for */
    unsigned bad;           /* of the last persist_of, those with a warning or worse */
    double score;           /* combined; NaN: none */
    double asked;           /* for the score; NaN: none */
    size_t first_bad;       /* how many measurements back the bad ones began; 0: with this one */
};

/* Weighs the verdicts of a series, oldest first, at least one; points[count − 1] is that of `now`.
 * They are the ones that were passed when each measurement came (store_verdict_list), since the
 * series was last accepted or reset; those of failed sessions are left out. `baseline` is the one
 * that the current one was held against. Kind is ALERT_TARGET or ALERT_BASELINE. */
struct evidence evidence_weigh(const struct metric *metric, const struct baseline *baseline,
                               enum alert_kind kind, const struct verdict *now,
                               const struct evidence_point *points, size_t count);

/* Appends "; seen once, an alert if it repeats" to the reason of a verdict whose evidence is
 * pending, and nothing otherwise. */
void evidence_note(const struct metric *metric, const struct evidence *evidence,
                   struct verdict *verdict);

#endif
