/* Bytes that are written first and read later, in the same order, more of them than memory should
 * hold: up to SPOOL_HELD stay in memory, the rest goes to a file without a name.
 *
 *   spool_init(&spool);
 *   spool_add(&spool, bytes, size, error);    any number of times
 *   spool_begin(&spool, error);
 *   spool_take(&spool, bytes, size, error);   as much as was added, in pieces of any size
 *   spool_release(&spool);
 */
#ifndef BASE_SPOOL_H
#define BASE_SPOOL_H

#include "base/error.h"
#include "base/strbuf.h"

#include <stddef.h>
#include <stdint.h>

#define SPOOL_HELD (1u << 20)

struct spool {
    struct strbuf held;     /* what is not in the file yet; while reading, what comes next */
    size_t at;              /* of `held` */
    int file;               /* -1: none */
    int64_t written, taken; /* bytes of the file */
};

void spool_init(struct spool *spool);
void spool_release(struct spool *spool);

/* TARE_E_IO, TARE_E_MEMORY. */
enum tare_status spool_add(struct spool *spool, const void *bytes, size_t size,
                           struct tare_error *error);

/* Nothing is added from here on. */
enum tare_status spool_begin(struct spool *spool, struct tare_error *error);

/* Takes the next `size` bytes; asking for more than there is, is TARE_E_IO. */
enum tare_status spool_take(struct spool *spool, void *bytes, size_t size,
                            struct tare_error *error);

#endif
