/* A person's say over baselines: pin, unpin, reset. */
#ifndef APP_BASELINE_CHANGE_H
#define APP_BASELINE_CHANGE_H

#include "app/config.h"
#include "store/store.h"

enum baseline_verb { BASELINE_PIN = 0, BASELINE_UNPIN, BASELINE_RESET };

/* Does it to every series that the filter lets through, in one transaction; `*changed` counts
 * them. A pin holds to `commit` (full, or a prefix), shown as `name`; series with too few
 * measurements of it stay as they are and are counted in `*refused`. reset begins the window anew
 * behind the newest measurement. */
enum tare_status baseline_change(struct store *store, const struct config *config,
                                 const struct store_filter *filter, enum baseline_verb verb,
                                 const char *name, const char *commit, size_t *changed,
                                 size_t *refused, struct tare_error *error);

#endif
