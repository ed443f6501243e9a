/* Plain strings in buffers of the caller's, and what they are made of. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes the strings behind `size`, up to a NULL, one behind the other. False, and "" in `to`:
 * they do not fit. On the way of every start of a program: printf() would be the larger part of
 * it. */
bool text_join(char *to, size_t size, ...) __attribute__((sentinel));

/* Decodes the code point that `text` begins with; its length in bytes, or 0 where the bytes are
 * not UTF-8. */
size_t text_decode(const char *text, uint32_t *point);

/* Whether all of it is UTF-8. */
bool text_is_utf8(const char *text);

#endif
