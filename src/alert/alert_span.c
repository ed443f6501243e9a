#include "alert/alert_span.h"

#include <string.h>

/* What tare did by itself is nobody's doing. */
static bool by_person(const struct alert_event *event)
{
    return strcmp(event->who, "tare") != 0;
}

static void span_close(struct alert_span *span, const struct alert_event *event,
                       enum alert_state state)
{
    span->closed_ns = event->time_ns;
    span->state = state;
    if (span->acknowledged_ns == 0 && by_person(event))
        span->acknowledged_ns = event->time_ns;
}

static void span_take(struct alert_span *span, const struct alert_event *event)
{
    switch (event->action) {
    case ALERT_ACTION_ACKNOWLEDGED:
        span->state = ALERT_ACKNOWLEDGED;
        if (span->acknowledged_ns == 0)
            span->acknowledged_ns = event->time_ns;
        break;
    case ALERT_ACTION_ACCEPTED:
    case ALERT_ACTION_ABSORBED:
        span_close(span, event, ALERT_ACCEPTED);
        break;
    case ALERT_ACTION_RESOLVED:
        span_close(span, event, ALERT_RESOLVED);
        break;
    case ALERT_ACTION_TAKEN_OVER:
        span_close(span, event, ALERT_RESOLVED);
        span->taken_over = true;
        break;
    default:
        break;
    }
}

size_t alert_spans(const struct alert_event *events, size_t count, int64_t until_ns,
                   struct alert_span *spans)
{
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        const struct alert_event *event = &events[i];
        if (event->time_ns >= until_ns)
            continue;
        bool opens = event->action == ALERT_ACTION_OPENED ||
                     event->action == ALERT_ACTION_REOPENED;
        if (opens)
            spans[used++] = (struct alert_span){.opened_ns = event->time_ns, .state = ALERT_OPEN};
        else if (used > 0 && spans[used - 1].closed_ns == 0)
            span_take(&spans[used - 1], event);
    }
    return used;
}
