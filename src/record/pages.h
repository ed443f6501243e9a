/* The pages of a session's mapping, really allocated before they are touched: a write to a hole
 * of a file on a full tmpfs would kill the program. */
#ifndef RECORD_PAGES_H
#define RECORD_PAGES_H

#include "record/layout.h"

/* Whether the pages under `size` bytes from `from`, inside the image, may be touched; allocates
 * them if need be. False, with errno set: no memory for them. Any thread, any time. */
bool pages_reserve(struct session_image *image, const void *from, size_t size);

/* Whether they are allocated already: others are holes, and nothing was ever written there. */
bool pages_reserved(const struct session_image *image, const void *from, size_t size);

#endif
