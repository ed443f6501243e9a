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
