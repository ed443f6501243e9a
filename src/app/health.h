/* Whether tare itself works: the success criteria of the design as live figures. */
#ifndef APP_HEALTH_H
#define APP_HEALTH_H

#include "app/config.h"
#include "model/health.h"
#include "store/store.h"

/* What waits in the inbox of a store, before anything is taken in. */
void health_inbox_look(const char *store_url, struct health_inbox *inbox);

/* What could not be taken up, and what runs: after everything that can be was taken in. Of losses
 * those of `app`, unless it is NULL. */
void health_sessions_look(const char *store_url, const char *app, struct health_inbox *inbox);

/* Fills in an initialised report, report->inbox being there already; app, environment and labels
 * of the filter are looked at. */
enum tare_status health_build(struct store *store, const struct config *config,
                              const struct store_filter *filter, int64_t until_ns,
                              struct health_report *report, struct tare_error *error);

/* The parts of it. */
enum tare_status health_measurements_fill(struct store *store, const struct store_filter *filter,
                                          struct health_report *report, struct tare_error *error);
enum tare_status health_alerts_fill(struct store *store, const struct store_filter *filter,
                                    struct health_report *report, struct tare_error *error);
enum tare_status health_growth_fill(struct store *store, struct health_report *report,
                                    struct tare_error *error);

#endif
