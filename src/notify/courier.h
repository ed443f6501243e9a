/* The courier: carries parcels to their sinks, all at once, each within its sink's timeout: a
 * sink that stalls keeps nobody else from being told. */
#ifndef NOTIFY_COURIER_H
#define NOTIFY_COURIER_H

#include "notify/sink.h"

#include <stdint.h>

enum parcel_end {
    PARCEL_FAILED = 0, /* the sink is not well: later, maybe */
    PARCEL_DELIVERED,
    PARCEL_REFUSED /* this parcel will never be taken */
};

#define PARCEL_WHY_SIZE 200

struct parcel {
    const struct sink *sink; /* as everything up to `end`: borrowed */
    const char *key;         /* the same at every attempt */
    const char *event;       /* "opened" */
    enum severity severity;
    const char *body; /* in the sink's format; NULL: there is nothing to carry */
    size_t size;
    char *const *variables; /* "TARE_ALERT_…=…" for commands; NULL behind the last */
    /* What became of it: */
    enum parcel_end end;
    int64_t took_ns;
    int64_t wait_ns; /* the receiver asks for so much time before the next; 0: it does not */
    char why[PARCEL_WHY_SIZE]; /* it was not delivered: no secret, no control character */
};

/* Carries all of them; returns when the last has ended. The program ignores SIGPIPE. TARE_E_MEMORY
 * alone fails: nothing was sent. */
enum tare_status courier_run(struct parcel *parcels, size_t count, struct tare_error *error);

#endif
