/* A delivery: one event of an alert on its way to one sink; and what is known of each sink. */
#ifndef MODEL_DELIVERY_H
#define MODEL_DELIVERY_H

#include "base/uuid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum delivery_state {
    DELIVERY_PENDING = 0,
    DELIVERY_DELIVERED,
    DELIVERY_FAILED /* given up, or refused for good */
};

const char *delivery_state_word(enum delivery_state state);
bool delivery_state_parse(const char *word, enum delivery_state *state);

#define SINK_NAME_SIZE      64
#define DELIVERY_ERROR_SIZE 256

/* Plain data. */
struct delivery {
    int64_t id; /* the store's */
    int64_t event_id;
    int64_t alert_id;
    char sink[SINK_NAME_SIZE];
    char key[UUID_TEXT_SIZE]; /* the same at every attempt, so that receivers can tell */
    enum delivery_state state;
    uint32_t attempts; /* begun, whatever became of them */
    int64_t created_ns;
    int64_t next_attempt_ns; /* not before */
    int64_t give_up_ns;      /* while pending: failed from then on */
    int64_t last_attempt_ns; /* 0: none */
    int64_t settled_ns;      /* delivered or failed; 0: neither */
    char last_error[DELIVERY_ERROR_SIZE];
};

/* What the deliveries to one sink come to. Plain data. */
struct delivery_totals {
    char sink[SINK_NAME_SIZE];
    int64_t waiting, delivered, failed;
    int64_t waiting_since_ns;             /* when the oldest that waits was made; 0: none waits */
    int64_t next_attempt_ns;              /* the earliest of those that wait */
    int64_t delivered_ns;                 /* the last that was; 0: none */
    int64_t failed_ns;                    /* the last that failed for good; 0: none */
    char last_error[DELIVERY_ERROR_SIZE]; /* of the last attempt that failed and was not made good
                                             by a later delivery; "" */
};

#endif
