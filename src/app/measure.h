/* Samples into measurements (STATS.md section 1). */
#ifndef APP_MEASURE_H
#define APP_MEASURE_H

#include "model/batch.h"
#include "model/measurement.h"
#include "store/store.h"

/* The measurement that a part brings ready-made (part->summary). */
struct measurement measure_summary(int64_t series_id, const struct session *session,
                                   const struct batch_part *part);

/* The measurement of the window that `part` belongs to, from all that the store keeps of it.
 * `*measured` is false when there is nothing to measure. */
enum tare_status measure_window(struct store *store, const struct metric *metric,
                                int64_t series_id, const struct session *session,
                                const struct batch_part *part, struct measurement *measurement,
                                bool *measured, struct tare_error *error);

#endif
