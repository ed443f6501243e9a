/* A file that is written bit by bit and appears as a whole or not at all. */
#ifndef BASE_DRAFT_H
#define BASE_DRAFT_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct draft {
    int fd;
    char *path;      /* what it becomes, links followed; owned, as is the next */
    char *temporary; /* its name until then; NULL: it has none yet, or goes straight to `path` */
    bool in_place;   /* `path` is a pipe or a device: there is nothing to replace */
};

/* Begins what draft_finish() puts in the place of `path`, in the same folder. Nothing is left of a
 * draft whose process is killed where the file system knows files without a name. */
enum tare_status draft_begin(struct draft *draft, const char *path, mode_t mode,
                             struct tare_error *error);

enum tare_status draft_write(struct draft *draft, const void *bytes, size_t size,
                             struct tare_error *error);

/* Replaces `path` in one step; on failure it is as it was. Releases the draft either way. */
enum tare_status draft_finish(struct draft *draft, struct tare_error *error);

/* Takes the draft away. */
void draft_drop(struct draft *draft);

#endif
