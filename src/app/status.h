/* The start-up summary of an app's newest session. */
#ifndef APP_STATUS_H
#define APP_STATUS_H

#include "app/config.h"
#include "model/report.h"
#include "store/store.h"

/* Fills in an initialised report from the newest session that the filter lets through. Without
 * one, has_session stays false and it is TARE_OK. */
enum tare_status status_build(struct store *store, const struct config *config,
                              const struct store_filter *filter, struct status_report *report,
                              struct tare_error *error);

/* Index and warnings of a report whose metrics are filled in; trend when a store is at hand. */
enum tare_status status_conclude(struct store *store, struct status_report *report,
                                 struct tare_error *error);

#endif
