/* The start-up summary of a program that is running now, straight from its session file. */
#ifndef APP_LIVE_H
#define APP_LIVE_H

#include "app/config.h"
#include "model/report.h"
#include "store/store.h"

/* Fills in an initialised report from the newest running session that the filter lets through,
 * held against what the store knows; the store may be NULL. has_session stays false when none
 * runs. */
enum tare_status live_build(struct store *store, const char *store_url,
                            const struct config *config, const struct store_filter *filter,
                            struct status_report *report, struct tare_error *error);

#endif
