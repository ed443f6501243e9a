/* Telling the sinks: what stands in the outbox is carried to them, at least once each.
 *
 * A delivery is claimed in one transaction and settled in another; in between the store is free
 * for everybody. Whoever is killed in between leaves a claim that ends by itself: the delivery is
 * then made again, with the same key. */
#ifndef APP_DELIVER_H
#define APP_DELIVER_H

#include "app/config.h"
#include "model/delivery.h"
#include "store/store.h"

struct deliver_result {
    size_t delivered;
    size_t failed;             /* and tried again later */
    size_t refused;            /* never to be tried again */
    size_t given_up;           /* after their last day */
    char sink[SINK_NAME_SIZE]; /* whose failure `why` is; "": nothing failed */
    char why[DELIVERY_ERROR_SIZE];
};

struct deliver_options {
    const char *sink;  /* only this one; NULL: all */
    bool hasty;        /* do not wait for the next attempt's time */
    int64_t wait_ms;   /* for the store's lock */
    int64_t within_ns; /* begin nothing later than this; 0: go on while there is something */
};

/* Delivers what is due now, each within its sink's timeout. A sink that cannot be used here (a
 * variable is not set) is left alone. */
enum tare_status deliver_run(const char *store_url, const struct config *config,
                             const struct deliver_options *options, struct deliver_result *result,
                             struct tare_error *error);

/* The same for a command that has done its work: a process of its own delivers, which the command
 * waits for DELIVER_WAIT_MS at most and then leaves behind. Nothing is said of what fails. */
#define DELIVER_WAIT_MS 2000
void deliver_behind(const char *store_url, const struct config *config);

#endif
