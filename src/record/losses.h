/* The count of samples for which no session file could be made: a file of fixed size beside the
 * session files, whose pages are allocated while there is room. A program that finds no room for a
 * session, because the memory is full or a thousand sessions wait there already, counts there what
 * it loses, sample by sample: neither a full disk nor a SIGKILL takes that away.
 *
 * A slot is of all programs with the same words (store, app, environment, labels, …). Its `count`
 * only grows, by any of them, without a lock. `told`, how much of it is in the store's inbox, and
 * what is under way there, belong to whoever holds the file's flock (losses_take.h). A slot is
 * never another's again: a program that has it mapped may count at any time. */
#ifndef RECORD_LOSSES_H
#define RECORD_LOSSES_H

#include "record/settings.h"

#define LOSSES_NAME    "losses"
#define LOSSES_MAGIC   UINT64_C(0x317365736f6c6174) /* "taloses1" */
#define LOSSES_VERSION 1
#define LOSSES_SLOTS   14

struct loss_slot {
    uint64_t key; /* of the words, and their checksum; 0: free */
    uint64_t count;
    int64_t since_ns, last_ns;        /* about when; since_ns 0: not yet, or all was told */
    uint64_t told;                    /* of `count` */
    uint64_t pending;                 /* up to there the batch under way tells; 0: there is none */
    char session[UUID_TEXT_SIZE + 3]; /* of that batch */
    uint16_t text_at[TEXT_COUNT];     /* as in struct session_card */
    char text[HEADER_TEXT_SIZE];
};

struct losses_head {
    uint64_t magic;
    uint32_t version;
    uint32_t size; /* of the file */
};

struct losses {
    struct losses_head head;
    _Alignas(64) struct loss_slot slots[LOSSES_SLOTS];
};
_Static_assert(sizeof(struct losses) <= 4 * IMAGE_PAGE, "four pages of memory a user");

/* Makes the file, unless it is there. That it cannot be made matters when samples are lost. */
void losses_make(const char *folder);

/* The file, made if need be, and mapped for the process; NULL: there is none, or it is not ours.
 * Async-signal-safe, as is the next. */
struct losses *losses_open(const char *folder);
void losses_close(struct losses *losses);

/* The slot of these words; where no slot is free that of another session of the app, else of the
 * store. NULL: all are other stores'. */
struct loss_slot *losses_slot(struct losses *losses, const struct settings *settings);

void loss_count(struct loss_slot *slot, uint64_t samples);

/* Notes that samples are being lost now. */
void loss_note_time(struct loss_slot *slot);

/* What the key of a slot with these words has to be. */
uint64_t loss_key(const uint16_t text_at[TEXT_COUNT], const char text[HEADER_TEXT_SIZE]);

/* Whether a file of the right size is of this layout. */
static inline bool losses_ours(const struct losses *losses)
{
    return losses->head.magic == LOSSES_MAGIC && losses->head.version == LOSSES_VERSION &&
           losses->head.size == sizeof *losses;
}

static inline const char *loss_text(const struct loss_slot *slot, enum header_text which)
{
    return slot->text + slot->text_at[which];
}

#endif
