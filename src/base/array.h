/* Arrays that grow by one: pointer and count, the capacity being the power of two ≥ count. */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

/* Makes room for one more element of `size` bytes behind the `*count` of the array whose pointer
 * lies at `array` (a pointer to a pointer of any object type), raises the count and returns the
 * new, uninitialised element. NULL, with everything as before: no memory. */
void *array_add(void *array, size_t *count, size_t size);

/* Where the first element stands that does not lie before the key, in an array of `count` elements
 * of `size` bytes in their order; `count`: all do. */
size_t array_place(const void *array, size_t count, size_t size,
                   bool (*before)(const void *element, const void *key), const void *key);

#endif
