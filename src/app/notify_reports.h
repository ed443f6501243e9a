/* How the sinks fare, what was delivered, and a try of each. Each fills in an empty report. */
#ifndef APP_NOTIFY_REPORTS_H
#define APP_NOTIFY_REPORTS_H

#include "app/config.h"
#include "model/notify_report.h"
#include "store/store.h"

/* The newest `limit` deliveries (0: all); `open_only` leaves out the delivered. */
enum tare_status delivery_report_build(struct store *store, bool open_only, size_t limit,
                                       struct delivery_report *report, struct tare_error *error);

/* Every sink of tare.yml; `store` may be NULL: then there are no totals. */
enum tare_status sink_report_build(struct store *store, const struct config *config,
                                   struct sink_report *report, struct tare_error *error);

/* Sends each of the sinks of these names (none: every sink) a notice that says that it is a test,
 * all at once, each within its timeout. TARE_E_NOT_FOUND for a name that no sink has. */
enum tare_status sink_report_try(const struct config *config, char *const *names,
                                 struct sink_report *report, struct tare_error *error);

#endif
