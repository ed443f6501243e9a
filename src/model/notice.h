/* A notice: one event of an alert, with all that somebody who is not looking needs to place it. */
#ifndef MODEL_NOTICE_H
#define MODEL_NOTICE_H

#include "model/report.h"

/* Everything is borrowed. */
struct notice {
    const struct alert_row *row;
    const struct alert_event *event;
    const char *key; /* of its delivery; "" where it is told at once */
    bool test;       /* nothing happened: somebody tries a sink */
    int64_t now_ns;  /* what "muted" is held against */
};

#endif
