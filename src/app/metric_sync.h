/* The metrics of tare.yml into the store. */
#ifndef APP_METRIC_SYNC_H
#define APP_METRIC_SYNC_H

#include "app/config.h"
#include "store/store.h"

/* Brings the store's definitions in line with tare.yml, in a transaction of its own. A definition
 * counts when it is new in tare.yml or was changed there since the last time: a target that a
 * person set in the store meanwhile stays until then. Nothing when tare.yml is about another
 * store. TARE_E_USAGE when the unit of a metric would change. */
enum tare_status metric_sync(struct store *store, const char *store_url,
                             const struct config *config, struct tare_error *error);

#endif
