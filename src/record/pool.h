/* The units of a session's pool. Lock-free: any thread of the owner may allocate and free. */
#ifndef RECORD_POOL_H
#define RECORD_POOL_H

#include "record/layout.h"

/* A zeroed unit (its index + 1), leaving at least `spare` units free; 0 when there is none, or
 * when the machine has no memory for its page. */
uint16_t pool_allocate(struct session_image *image, unsigned spare);

void pool_free(struct session_image *image, uint16_t unit);

#endif
