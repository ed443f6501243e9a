/* Plain strings in buffers of the caller's. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Writes the strings behind `size`, up to a NULL, one behind the other. False, and "" in `to`:
 * they do not fit. On the way of every start of a program: printf() would be the larger part of
 * it. */
bool text_join(char *to, size_t size, ...) __attribute__((sentinel));

#endif
