/* Whether what was seen is enough for an alert (STATS.md 7, improved; tests/bench/false_alarms.c
 * prints the figures). Pure.
 *
 * A verdict says what one measurement looks like; an alert says that we are sure.
 *
 * Persistence: the current measurement and, with it, at least `persist_needed` of the last
 * `persist_of` (2 of 3) are warnings or worse.
 *
 * Score: max over k = 2…12 of √(S² − 2D) + 0.1 (k − 2), where S = Σe/√(v + (k² + …)/m). e is how
 * much worse a measurement is than the reference in units of the noise, held within [−3, 4]; v is
 * by how much the sum of k varies, k when neighbours are independent; m is how many measurements'
 * worth the reference is known to (a target: for sure), so that the error which all k share is
 * counted as shared. More measurements are spared a little, for fewer extremes make their sum.
 *
 * Agreement: D is by how much the k scatter about their own mean more than noise would. A new
 * level is one that its measurements agree on; two spikes of different size, or with a good
 * measurement between, are none.
 *
 * Noise: not the baseline's spread alone, which twenty measurements know to ±25 %, but pooled
 * with how far earlier measurements (up to EVIDENCE_HISTORY) strayed to the worse side of the
 * baseline of their day. A skewed series so asks for more by itself. And a size that came up
 * (nearly: beyond two noises, 0.3 of it is as good) at least three times in that history counts
 * for no more than how rare it was there: in a series with spikes, a spike is no news, nor are
 * two; three in a row are. The centre is pooled likewise with the values before the last
 * EVIDENCE_RECENT, as far as they belong to the same level.
 *
 * Dependence: how neighbours in that history correlate. Where one bad measurement brings the
 * next, the sum of many varies more, and more is asked for.
 *
 * Asked for are 3, and more where the noise is small: 0.7 of the score that two measurements of
 * a change of error size would have, so up to 4. Being sure costs nothing there. On top of it 0.8
 * times the correlation.
 *
 * Against a target, e is how much worse than where its warnings begin, and 2.5 are asked for: a
 * level that is within what the target spares is not over it, however often its noise is.
 *
 * Recurrence: what came and went before is none (detect/recurrence.h).
 *
 * At once, without all this, when the metric says persist 1/1 or the baseline did not vary
 * (counts, sizes, tokens), unless among the earlier verdicts there were bad ones, fewer than six
 * in a row: then it does vary, however seldom (faults, failed operations). While a baseline is
 * being learned, a target has the count alone. */
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

struct evidence_point evidence_point_of(const struct verdict *verdict, double value);

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

/* Whether the newest measurements say that the level, and not its noise alone, is as far from the
 * reference (target, centre, level before the step) as this error or critical has it: the score as
 * above, of how much worse they are than where it begins, is 2.5. What opens an alert need not:
 * two measurements seldom say as much. True while a baseline is learnt. */
bool evidence_is_graver(const struct metric *metric, double reference, enum severity severity,
                        const struct verdict *now, const struct evidence_point *points,
                        size_t count);

/* Whether the newest measurements, ok by themselves, say that it is over: that the level is within
 * what is spared of the reference again (target, centre, level before the step), and not that its
 * noise reached there: max over k = 3…24 of Σe/√v + 0.05 (k − 3) ≥ 2, e being how far each lies
 * within in units of the noise. The last three if they leave no doubt; of a level that hovers,
 * more. True where nothing can be told: while a baseline is learnt, or where nothing is spared. */
bool evidence_is_over(const struct metric *metric, double reference, const struct verdict *now,
                      const struct evidence_point *points, size_t count);

/* Appends "; seen once, an alert if it repeats" to the reason of a verdict whose evidence is
 * pending, and nothing otherwise. */
void evidence_note(const struct metric *metric, const struct evidence *evidence,
                   struct verdict *verdict);

#endif
