/* The seal of a take: see take.h. */
#ifndef RECORD_SEAL_H
#define RECORD_SEAL_H

#include "base/error.h"
#include "record/layout.h"

struct seal {
    uint64_t magic; /* written last when it is made */
    uint64_t sequence;
    uint32_t cut_window;
    uint32_t complete;
    _Alignas(4096) struct session_image image;
};

/* The seal of this number, mapped: made, or as an earlier taker left it, with its cut. NULL, with
 * errno set. */
struct seal *seal_make(const char *folder, const char *writer, uint64_t sequence,
                       uint32_t cut_window);

/* The same if it is there, else NULL. */
struct seal *seal_open(const char *folder, const char *writer, uint64_t sequence);

/* Copies what the seal does not have yet out of a session. `dead`: nobody records there, and no
 * lock means anything. TARE_E_BUSY: a ring stays locked; what is done is done. */
enum tare_status seal_fill(struct seal *seal, struct session_image *live, bool dead,
                           struct tare_error *error);

/* Gives units of the pool back that a killed taker left in use: those in no list, while every ring
 * is locked for a moment. */
void seal_reclaim(struct session_image *live);

void seal_close(struct seal *seal);
void seal_remove(const char *folder, const char *writer, uint64_t sequence);

#endif
