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

size_t text_decode(const char *text, uint32_t *point)
{
    const unsigned char *at = (const unsigned char *)text;
    static const unsigned char lead_mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = at[0] < 0x80             ? 1
                    : (at[0] & 0xe0) == 0xc0 ? 2
                    : (at[0] & 0xf0) == 0xe0 ? 3
                    : (at[0] & 0xf8) == 0xf0 ? 4
                                             : 0;
    if (length == 0)
        return 0;
    uint32_t value = at[0] & lead_mask[length];
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (at[i] & 0x3f);
    }
    if (value < least[length] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
        return 0;
    *point = value;
    return length;
}

bool text_is_utf8(const char *text)
{
    uint32_t point;
    for (size_t length; *text != '\0'; text += length) {
        length = text_decode(text, &point);
        if (length == 0)
            return false;
    }
    return true;
}
