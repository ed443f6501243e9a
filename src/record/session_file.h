/* The session files of this user, as `tare` reads them. */
#ifndef RECORD_SESSION_FILE_H
#define RECORD_SESSION_FILE_H

#include "model/batch.h"

#include <stddef.h>

struct sweep {
    size_t ended;            /* sessions of dead or finished processes that were taken whole */
    size_t crashed;          /* of these, not closed by their process */
    size_t running;          /* sessions that go on */
    size_t failed;           /* could not be taken, or not yet */
    size_t damaged;          /* files that are no sessions; left alone unless days old */
    struct tare_error first; /* why the first of the failed did */
};

/* Moves what has ended, and the complete windows of what goes on, into the inbox of each session's
 * own store; of `store` alone unless it is NULL. What cannot be moved stays for the next sweep.
 * TARE_E_IO when the folder cannot be read; otherwise TARE_OK, and `sweep` tells. */
enum tare_status sessions_sweep(const char *store, struct sweep *sweep, struct tare_error *error);

/* Sessions that run now, and everything that is in their files: each as a batch (outcome
 * `running`) that changes nothing and is in no inbox. Earlier snapshots and windows are not in it.
 */
struct live_sessions {
    struct batch *batches; /* owned */
    size_t count;
};
enum tare_status sessions_peek(const char *store, struct live_sessions *live,
                               struct tare_error *error);
void live_sessions_release(struct live_sessions *live);

#endif
