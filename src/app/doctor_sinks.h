/* What the doctor says of notifications. */
#ifndef APP_DOCTOR_SINKS_H
#define APP_DOCTOR_SINKS_H

#include "app/config.h"
#include "model/report.h"

/* A finding for each sink of tare.yml, and for those that deliveries still wait for though nobody
 * names them any more. False: no memory. */
bool sinks_note(const char *store_url, const struct config *config, struct doctor_report *report);

#endif
