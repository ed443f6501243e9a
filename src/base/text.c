#include "base/text.h"

#include <stdarg.h>
#include <string.h>

bool text_join(char *to, size_t size, ...)
{
    size_t used = 0;
    bool fits = true;
    va_list parts;
    va_start(parts, size);
    for (const char *part; fits && (part = va_arg(parts, const char *)) != NULL;) {
        size_t length = strlen(part);
        fits = length < size - used;
        if (fits)
            memcpy(to + used, part, length + 1);
        used += fits ? length : 0;
    }
    va_end(parts);
    if (!fits || used == 0)
        to[0] = '\0';
    return fits;
}
