/* What a person does to alerts. */
#ifndef APP_ALERT_CHANGE_H
#define APP_ALERT_CHANGE_H

#include "alert/alert_life.h"
#include "app/config.h"
#include "store/store.h"

#include <stddef.h>

/* Carries the command out on every one of `ids`, all or none, in one transaction. `accept` also
 * restarts the baseline of the alert's series behind the last good measurement. TARE_E_NOT_FOUND
 * names an id that there is not, TARE_E_USAGE an alert that is not in a state for it. */
enum tare_status alert_change(struct store *store, const struct config *config, const int64_t *ids,
                              size_t count, const struct alert_command *command,
                              struct tare_error *error);

#endif
