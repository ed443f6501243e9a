/* What programs count as lost (losses.h), as `tare` reads it: into the inbox of each store as the
 * dropped samples of a session that has none. */
#ifndef RECORD_LOSSES_TAKE_H
#define RECORD_LOSSES_TAKE_H

#include "model/batch.h"
#include "record/losses.h"

/* Losses that no inbox has yet: of one app, as far as there was room to tell apps apart. */
struct loss {
    char *app; /* owned */
    uint64_t samples;
    int64_t last_ns;
};

struct loss_list {
    struct loss *losses; /* owned */
    size_t count;
};
void loss_list_release(struct loss_list *list);

/* Adds those of a store that a folder's file has. TARE_E_CORRUPT: the file, or a slot of it, is
 * none; the others are there. */
enum tare_status losses_peek(const char *folder, const char *store, struct loss_list *list,
                             struct tare_error *error);

/* Moves those of `store`, NULL: of all stores, into their inboxes, each exactly once: whoever is
 * killed in between leaves what the next one takes for the same batch, and the store ignores what
 * it has. TARE_E_CORRUPT: the file, or a slot of it, is none; the others were taken. Otherwise the
 * first that could not be moved says why; it stays. */
enum tare_status losses_take(const char *folder, const char *store, struct tare_error *error);

/* Whether a slot's words are whole and its numbers fit together. */
bool loss_sound(const struct loss_slot *slot);

/* The batch under way of a sound slot, into an initialised `batch`. */
enum tare_status loss_batch(const struct loss_slot *slot, struct batch *batch,
                            struct tare_error *error);

#endif
