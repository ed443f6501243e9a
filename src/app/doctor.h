/* Is everything in order? The store, its inbox, the session files, the configuration. */
#ifndef APP_DOCTOR_H
#define APP_DOCTOR_H

#include "app/config.h"
#include "model/report.h"
#include "store/store.h"

/* Looks at everything and notes what it finds; a store that cannot be opened is a finding, too.
 * Changes nothing. TARE_E_MEMORY alone fails. */
enum tare_status doctor_build(const char *store_url, const struct config *config,
                              struct doctor_report *report, struct tare_error *error);

#endif
