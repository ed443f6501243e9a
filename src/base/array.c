#include "base/array.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *array_add(void *array, size_t *count, size_t size)
{
    void *elements;
    memcpy(&elements, array, sizeof elements);
    if ((*count & (*count - 1)) == 0) {
        size_t capacity = *count > 0 ? *count * 2 : 1;
        if (capacity > SIZE_MAX / size)
            return NULL;
        void *larger = realloc(elements, capacity * size);
        if (larger == NULL)
            return NULL;
        elements = larger;
        memcpy(array, &elements, sizeof elements);
    }
    return (char *)elements + (*count)++ * size;
}

size_t array_place(const void *array, size_t count, size_t size,
                   bool (*before)(const void *element, const void *key), const void *key)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (before((const char *)array + middle * size, key))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
