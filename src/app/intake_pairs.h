/* The metrics and series that the batches of a transaction belong to: found, or defined, in the
 * store once, and remembered. */
#ifndef APP_INTAKE_PAIRS_H
#define APP_INTAKE_PAIRS_H

#include "app/config.h"
#include "base/text_map.h"
#include "model/batch.h"
#include "store/store.h"

/* A metric as one app, environment, temperature and label set measures it. */
struct intake_pair {
    struct metric metric;
    int64_t series_id;
    bool met;      /* not the first time; the caller's, as the next three */
    bool touched;  /* to be judged from the store */
    bool waits;    /* what is new of it goes to the queue … */
    size_t number; /* … as this */
};

struct intake_pairs {
    struct store *store;         /* borrowed */
    const struct config *config; /* borrowed */
    struct text_map contexts;    /* app, environment, labels and temperature → a number */
    struct text_map known;       /* that number and a metric's id → a place in the list */
    struct intake_pair *list;    /* owned */
    size_t count;
};

void intake_pairs_init(struct intake_pairs *pairs, struct store *store,
                       const struct config *config);

/* Forgets all: what others change between two of our transactions is asked for again. */
void intake_pairs_forget(struct intake_pairs *pairs);

/* A number for what the series of a session have in common. */
enum tare_status intake_context_find(struct intake_pairs *pairs, const struct session *session,
                                     size_t *number, struct tare_error *error);

/* The pair of a part of a session, `context` being the session's number. A metric that the store
 * has not seen is defined now. `*pair` holds until the next call. */
enum tare_status intake_pair_find(struct intake_pairs *pairs, const struct session *session,
                                  size_t context, const struct batch_part *part,
                                  struct intake_pair **pair, struct tare_error *error);

#endif
