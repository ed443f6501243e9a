/* A 128-bit digest of bytes (FNV-1a), for telling contents apart: the same bytes have the same
 * digest for ever, different ones practically never. Not for secrets: it can be forged. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/uuid.h"

#include <stddef.h>
#include <stdint.h>

struct digest {
    uint64_t high, low;
};

#define DIGEST_TEXT_SIZE 33 /* 32 hexadecimal digits and NUL */

struct digest digest_begin(void);
void digest_add(struct digest *digest, const void *bytes, size_t size);

/* The text and a separator, so that "a","bc" differs from "ab","c". NULL differs from "". */
void digest_add_text(struct digest *digest, const char *text);

void digest_text(const struct digest *digest, char text[DIGEST_TEXT_SIZE]);

/* In the shape of a UUID (RFC 9562, version 8: "custom"). */
void digest_uuid(const struct digest *digest, char text[UUID_TEXT_SIZE]);

#endif
