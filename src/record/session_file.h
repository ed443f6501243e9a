/* The session files of this user, as `tare` reads them. */
#ifndef RECORD_SESSION_FILE_H
#define RECORD_SESSION_FILE_H

#include "model/batch.h"
#include "record/losses_take.h"

#include <stddef.h>

struct sweep {
    size_t ended;            /* sessions of dead or finished processes that were taken whole */
    size_t crashed;          /* of these, not closed by their process */
    size_t running;          /* sessions that go on */
    size_t failed;           /* could not be taken, or not yet */
    size_t damaged;          /* files that are no sessions, or no count of losses */
    struct tare_error first; /* why the first of the failed did; TARE_E_BUSY: all only for now */
};

/* Moves what has ended, the complete windows of what goes on, and what was lost for want of room,
 * into the inbox of each session's own store; of `store` alone unless it is NULL. What cannot be
 * moved stays for the next sweep; of losses sessions_leftovers() tells. What is no session stays a
 * minute, for it may be about to become one; then it is set aside under a name that ends in
 * ".damaged", unless nothing was ever in it. TARE_E_IO when the folder cannot be read; otherwise
 * TARE_OK, and `sweep` tells. */
enum tare_status sessions_sweep(const char *store, struct sweep *sweep, struct tare_error *error);

/* What no sweep has moved: samples of a store that were lost for want of room, sessions that wait,
 * and files that were set aside. TARE_E_CORRUPT: a count of losses cannot be read; the rest is
 * there. */
struct leftovers {
    struct loss_list losses;
    size_t waiting;
    size_t aside;
};
enum tare_status sessions_leftovers(const char *store, struct leftovers *left,
                                    struct tare_error *error);
void leftovers_release(struct leftovers *left);

/* Sessions that run now, and everything that is in their files: each as a batch (outcome
 * `running`) that changes nothing and is in no inbox. Earlier snapshots and windows are not in it,
 * but for what was dropped in them. */
struct live_sessions {
    struct batch *batches; /* owned */
    size_t count;
};
enum tare_status sessions_peek(const char *store, struct live_sessions *live,
                               struct tare_error *error);
void live_sessions_release(struct live_sessions *live);

#endif
