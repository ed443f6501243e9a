/* The verdict on one measurement: held against its target and its baseline (STATS.md 4).
 * The one function that decides; chart, terminal, card and gate take what it says. Pure, and
 * without libm: libtare links it. */
#ifndef DETECT_MEASUREMENT_VERDICT_H
#define DETECT_MEASUREMENT_VERDICT_H

#include "model/baseline.h"
#include "model/metric.h"
#include "model/verdict.h"

/* The normal score of `value` against a baseline's centre: Φ⁻¹(T_{n−1}(worse/(s·√(1 + 1.571/n)))),
 * positive is worse, within ±37. NaN while learning. Bit for bit the same for the same inputs. */
double measurement_score(const struct metric *metric, const struct baseline *baseline,
                         double value);

/* The same against the metric's target, which is not estimated: Φ⁻¹(T_{n−1}(worse/s)). NaN without
 * a target or while learning. */
double measurement_target_score(const struct metric *metric, const struct baseline *baseline,
                                double value);

/* The whole verdict. `value` is finite: a failed or crashed session's measurement, or one without
 * a value, gets no verdict and is not passed. The caller chooses the baseline of the measurement's
 * own series, so cold meets cold. `reason` is one sentence in English with numbers and units. */
struct verdict measurement_verdict(const struct metric *metric, const struct baseline *baseline,
                                   double value);

/* The same without the sentence, which takes longer than all else: for histories in bulk. The
 * caller has it written (detect/reason.h) where somebody will read it. */
struct verdict measurement_verdict_plain(const struct metric *metric,
                                         const struct baseline *baseline, double value);

#endif
