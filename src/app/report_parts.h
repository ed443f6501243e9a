/* The parts of the detailed report; report.c puts them together. */
#ifndef APP_REPORT_PARTS_H
#define APP_REPORT_PARTS_H

#include "app/period_data.h"
#include "app/report.h"

/* Fills in an initialised row, metric and series of which are there already, from all that is
 * known of the series: numbers, change, watch, marks of the charts, change points, trend. */
enum tare_status report_row_fill(struct store *store, const struct period_report *report,
                                 const struct period_data *data, struct period_row *row,
                                 struct tare_error *error);

/* Which sessions the measurements of the period are of, and how slow they were, gathered row by
 * row. */
struct session_notes;
struct session_notes *session_notes_new(void); /* NULL: no memory */
void session_notes_free(struct session_notes *notes);
bool session_notes_add(struct session_notes *notes, const struct period_report *report, size_t row,
                       const struct period_data *data); /* false: no memory */

/* Counts the sessions that began in the period or were measured in it, and picks the slowest. */
enum tare_status report_sessions_fill(struct store *store, const struct store_filter *filter,
                                      struct session_notes *notes, struct period_report *report,
                                      struct tare_error *error);

/* The alerts of the rows' series that were open at some time in the period. */
enum tare_status report_alerts_fill(struct store *store, const struct report_request *request,
                                    struct period_report *report, struct tare_error *error);

/* What is defined, in tare.yml, the store or the catalogue, and was not measured. */
enum tare_status report_gaps_fill(struct store *store, const struct config *config,
                                  const struct report_request *request,
                                  struct period_report *report, struct tare_error *error);

/* Whether the request is about this metric. */
bool report_wants(const struct report_request *request, const char *metric_id);

#endif
