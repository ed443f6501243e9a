/* Retention: what goes by itself, and by `tare prune`. */
#ifndef APP_RETENTION_H
#define APP_RETENTION_H

#include "app/config.h"
#include "store/store.h"

/* Takes away what is too old under the rules of `config`, all of it; commits that a tag of the
 * repository here names stay comparable. A dry run changes nothing. */
enum tare_status retention_prune(struct store *store, const struct config *config, bool dry_run,
                                 struct store_retention_report *report, struct tare_error *error);

/* The same by whoever writes anyway: at most once a day, and no longer than a moment: what is left
 * goes the next time. Fails in silence: it is nobody's errand. */
void retention_daily(struct store *store, const struct config *config);

#endif
