/* When an alert was open, read from its events. Pure. */
#ifndef ALERT_ALERT_SPAN_H
#define ALERT_ALERT_SPAN_H

#include "model/alert.h"

#include <stddef.h>

/* The times that an alert stood open, as they were known at `until_ns` (events at or after it are
 * not looked at), oldest first, into `spans`, which has room for `count`. Returns how many; only
 * the last can be open still. `events` oldest first. */
size_t alert_spans(const struct alert_event *events, size_t count, int64_t until_ns,
                   struct alert_span *spans);

#endif
