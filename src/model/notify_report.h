/* Reports about notifications: what was told, and how the sinks fare. */
#ifndef MODEL_NOTIFY_REPORT_H
#define MODEL_NOTIFY_REPORT_H

#include "model/alert.h"
#include "model/delivery.h"

/* Plain data. */
struct delivery_row {
    struct delivery delivery;
    enum alert_action action;
    enum severity severity;
    char metric_id[208];
};

struct delivery_report {
    struct delivery_row *rows; /* newest first */
    size_t count;
    int64_t now_ns;
};

void delivery_report_release(struct delivery_report *report);

/* Plain data; `kind` is static. */
struct sink_row {
    char name[SINK_NAME_SIZE];
    const char *kind;
    char place[128]; /* where it is, without what could be a secret */
    enum severity min_severity;
    unsigned events; /* bits by enum alert_action */
    bool queued;     /* deliveries to it are recorded; else the totals say nothing */
    bool ready;      /* it can be used here; else `problem` says why not */
    struct delivery_totals totals;
    bool tried; /* by this command: */
    bool delivered;
    int64_t took_ns;
    char problem[DELIVERY_ERROR_SIZE];
};

struct sink_report {
    struct sink_row *rows; /* as in tare.yml */
    size_t count;
    int64_t now_ns;
};

void sink_report_release(struct sink_report *report);

#endif
