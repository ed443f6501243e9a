/* The lists that commands and pages show: read from the store, nothing judged. Each fills in an
 * initialised report. */
#ifndef APP_LISTS_H
#define APP_LISTS_H

#include "model/report.h"
#include "store/store.h"

enum tare_status metric_report_build(struct store *store, const struct store_filter *filter,
                                     struct metric_report *report, struct tare_error *error);

enum tare_status session_report_build(struct store *store, const struct store_filter *filter,
                                      struct session_report *report, struct tare_error *error);

/* The newest session, alone in its list; one that a clock ahead put into the future only where
 * there is no other. */
enum tare_status session_newest(struct store *store, const struct store_filter *filter,
                                struct session **sessions, size_t *count,
                                struct tare_error *error);

enum tare_status baseline_report_build(struct store *store, const struct store_filter *filter,
                                       struct baseline_report *report, struct tare_error *error);

/* `live_only` leaves out the accepted and the resolved. */
enum tare_status alert_report_build(struct store *store, const struct store_filter *filter,
                                    bool live_only, struct alert_report *report,
                                    struct tare_error *error);

/* One alert with its events. TARE_E_NOT_FOUND names the id. */
enum tare_status alert_report_build_one(struct store *store, int64_t id,
                                        struct alert_report *report, struct tare_error *error);

/* The series with this id, into an initialised one. */
enum tare_status series_get(struct store *store, int64_t id, struct series *series,
                            struct tare_error *error);

#endif
