/* Samples into measurements (STATS.md section 1). */
#ifndef APP_MEASURE_H
#define APP_MEASURE_H

#include "model/batch.h"
#include "model/measurement.h"
#include "store/store.h"

/* Reduces what is kept of a metric in one window to a measurement: warm-up samples skipped where
 * `first_window`, then n, min, max, mean, quantiles and the aggregate of the metric.
 * False when nothing remains: an empty metric makes no measurement. Fills in no
 * ids and nothing of the session. */
bool measure_part(const struct metric *metric, const struct batch_part *part, bool first_window,
                  struct measurement *measurement, struct tare_error *error);

/* Stores the measurement of the window that `part` belongs to anew, from all that the store keeps
 * of it. */
enum tare_status measure_window(struct store *store, const struct metric *metric,
                                int64_t series_id, const struct session *session,
                                const struct batch_part *part, struct tare_error *error);

#endif
