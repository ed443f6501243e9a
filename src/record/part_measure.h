/* What a recorder kept of a metric, as a measurement (STATS.md section 1). */
#ifndef RECORD_PART_MEASURE_H
#define RECORD_PART_MEASURE_H

#include "model/batch.h"
#include "model/measurement.h"

/* Reduces what is kept of a metric in one window to a measurement: warm-up samples skipped where
 * `first_window`, then n, min, max, mean, quantiles and the aggregate of the metric.
 * False when nothing remains: an empty metric makes no measurement. Fills in no
 * ids and nothing of the session. */
bool part_measure(const struct metric *metric, const struct batch_part *part, bool first_window,
                  struct measurement *measurement, struct tare_error *error);

#endif
