/* The detailed report over some days. */
#ifndef APP_REPORT_H
#define APP_REPORT_H

#include "app/config.h"
#include "model/period.h"
#include "store/store.h"

struct report_request {
    struct store_filter filter; /* app, environment, branch and labels */
    const char *const *metrics; /* ids; none: every one */
    size_t metric_count;
    uint32_t days;    /* ≥ 1 */
    int64_t until_ns; /* the moment before which everything is to be */
};

/* The period is the UTC day that the moment before `until_ns` falls into and the days before it;
 * whole days, because a day that is rolled up cannot be parted. TARE_E_NOT_FOUND: a metric that
 * nothing knows. */
enum tare_status report_build(struct store *store, const struct config *config,
                              const struct report_request *request, struct period_report *report,
                              struct tare_error *error);

#endif
