/* `check`: the gate. */
#ifndef APP_CHECK_H
#define APP_CHECK_H

#include "app/config.h"
#include "model/comparison.h"
#include "store/store.h"

struct check_request {
    const char *candidate; /* what is checked (selection_read()); NULL: the newest session, with
                              all others of its commit unless it was dirty */
    const char *base;      /* what it is held against; NULL: the measurements before it */
    enum severity fail_on;
    bool selftest;  /* make the candidate worse, in memory: the gate must fail */
    bool secondary; /* secondary metrics decide, too */
};

/* Fills in an initialised report. Not enough to compare is a result, not an error. */
enum tare_status check_build(struct store *store, const struct config *config,
                             const struct store_filter *filter,
                             const struct check_request *request, struct check_report *report,
                             struct tare_error *error);

#endif
