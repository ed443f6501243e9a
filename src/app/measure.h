/* Samples into measurements (STATS.md section 1). */
#ifndef APP_MEASURE_H
#define APP_MEASURE_H

#include "model/batch.h"
#include "model/measurement.h"
#include "store/store.h"

/* Stores the measurement that a part brings ready-made (part->summary), over one that is there. */
enum tare_status measure_summary(struct store *store, int64_t series_id,
                                 const struct session *session, const struct batch_part *part,
                                 struct tare_error *error);

/* Stores the measurement of the window that `part` belongs to anew, from all that the store keeps
 * of it. */
enum tare_status measure_window(struct store *store, const struct metric *metric,
                                int64_t series_id, const struct session *session,
                                const struct batch_part *part, struct tare_error *error);

#endif
