#include "present/text_safe.h"

#include "base/bounds.h"
#include "base/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool steers_terminal(uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x200e || point == 0x200f ||
           point == 0x2028 || point == 0x2029 || (point >= 0x202a && point <= 0x202e) ||
           (point >= 0x2066 && point <= 0x2069) || point == 0xfeff;
}

size_t text_steering_length(const char *text, uint32_t *point)
{
    size_t length = text_decode(text, point);
    return length > 0 && steers_terminal(*point) ? length : 0;
}

void text_add_safe(struct strbuf *buf, const char *text)
{
    while (text != NULL && *text != '\0') {
        uint32_t point;
        size_t length = text_decode(text, &point);
        if (length == 0) {
            strbuf_add_format(buf, "\\x%02x", (unsigned char)*text);
            length = 1;
        } else if (steers_terminal(point)) {
            strbuf_add_format(buf, point < 0x100 ? "\\x%02x" : "\\u{%04x}", (unsigned)point);
        } else {
            strbuf_add(buf, text, length);
        }
        text += length;
    }
}

void text_add_safe_format(struct strbuf *buf, const char *format, ...)
{
    va_list args;
    char *text = NULL;
    va_start(args, format);
    int length = vasprintf(&text, format, args);
    va_end(args);
    if (length < 0) {
        buf->failed = true;
        return;
    }
    text_add_safe(buf, text);
    free(text);
}

struct range {
    uint32_t first, last;
};

static bool in_ranges(uint32_t point, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (point >= ranges[i].first && point <= ranges[i].last)
            return true;
    return false;
}

/* Unicode 15, East Asian Width W and F, and the combining blocks; coarse, by block. Written here
 * because wcwidth(3) depends on the locale of the program that libtare was linked into. */
static size_t point_width(uint32_t point)
{
    static const struct range none[] = {{0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},
                                        {0x610, 0x61a},   {0x64b, 0x65f},   {0x1ab0, 0x1aff},
                                        {0x1dc0, 0x1dff}, {0x200b, 0x200d}, {0x20d0, 0x20ff},
                                        {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}};
    static const struct range wide[] = {{0x1100, 0x115f},   {0x2e80, 0x303e},  {0x3041, 0xa4cf},
                                        {0xac00, 0xd7a3},   {0xf900, 0xfaff},  {0xfe30, 0xfe6f},
                                        {0xff00, 0xff60},   {0xffe0, 0xffe6},  {0x1f300, 0x1f64f},
                                        {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};
    if (point < 0x300)
        return 1;
    if (in_ranges(point, none, sizeof none / sizeof none[0]))
        return 0;
    return in_ranges(point, wide, sizeof wide / sizeof wide[0]) ? 2 : 1;
}

size_t text_width(const char *text)
{
    size_t width = 0;
    while (*text != '\0') {
        uint32_t point;
        size_t length = text_decode(text, &point);
        width += length > 0 ? point_width(point) : 1;
        text += length > 0 ? length : 1;
    }
    return width;
}

void text_add_padded(struct strbuf *buf, const char *text, size_t columns)
{
    size_t width = text_width(text);
    if (width <= columns) {
        strbuf_add_text(buf, text);
        strbuf_add_repeated(buf, ' ', columns - width);
        return;
    }
    size_t used = 0;
    while (*text != '\0' && columns > 0) {
        uint32_t point = ' ';
        size_t length = text_decode(text, &point);
        size_t step = point_width(point);
        if (used + step + 1 > columns)
            break;
        strbuf_add(buf, text, length > 0 ? length : 1);
        text += length > 0 ? length : 1;
        used += step;
    }
    if (columns > 0)
        strbuf_add_text(buf, "…");
    strbuf_add_repeated(buf, ' ', columns > used + 1 ? columns - used - 1 : 0);
}

void text_add_wrapped(struct strbuf *buf, const char *text, size_t used, size_t indent,
                      size_t width)
{
    bool first = true; /* on its line: what is longer than a line stands alone */
    while (*text != '\0') {
        char word[256];
        size_t length = strcspn(text, " ");
        size_t taken = length < sizeof word ? length : sizeof word - 1;
        memcpy(word, text, taken);
        word[taken] = '\0';
        size_t columns = text_width(word);
        if (!first && width > 0 && used + 1 + columns > width) {
            strbuf_add_char(buf, '\n');
            strbuf_add_repeated(buf, ' ', indent);
            used = indent;
        } else if (!first) {
            strbuf_add_char(buf, ' ');
            used++;
        }
        strbuf_add(buf, text, length);
        used += columns;
        first = false;
        text += length;
        text += *text == ' ';
    }
}

void text_add_sparkline(struct strbuf *buf, const double *values, size_t count)
{
    static const char *const bars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    double low = INFINITY, high = -INFINITY, sum = 0;
    size_t finite = 0;
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(values[i]))
            continue;
        low = least_of(low, values[i]);
        high = greatest_of(high, values[i]);
        sum += values[i];
        finite++;
    }
    /* At least a tenth of the level is the full height, so that noise does not look like drama. */
    double middle = finite > 0 ? fabs(sum / (double)finite) : 0;
    double reach = greatest_of(high - low, middle * 0.10);
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(values[i])) {
            strbuf_add_char(buf, ' ');
            continue;
        }
        double part = reach > 0 ? (values[i] - (low + high) / 2) / reach + 0.5 : 0.3;
        int level = (int)least_of(greatest_of(part * 7 + 0.5, 0), 7);
        strbuf_add_text(buf, bars[level]);
    }
}
