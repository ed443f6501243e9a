/* The metrics of tare.yml into the store. */
#ifndef APP_METRIC_SYNC_H
#define APP_METRIC_SYNC_H

#include "app/config.h"
#include "store/store.h"

/* Brings the store's definitions in line with tare.yml, in a transaction of its own, and only
 * when they differ. A target that a person set in the store stays unless tare.yml's own value
 * changed: tare.yml only fills in metrics that are new, and renames, units excepted, the others.
 * TARE_E_USAGE when the unit of a metric that has data changes. */
enum tare_status metric_sync(struct store *store, const struct config *config,
                             struct tare_error *error);

#endif
