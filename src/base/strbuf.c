#include "base/strbuf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char empty_text[1];

void strbuf_init(struct strbuf *buf)
{
    *buf = (struct strbuf){.text = empty_text};
}

void strbuf_init_in(struct strbuf *buf, char *room, size_t size)
{
    room[0] = '\0';
    *buf = (struct strbuf){.text = room, .capacity = size, .borrowed = true};
}

static bool owned(const struct strbuf *buf)
{
    return buf->capacity > 0 && !buf->borrowed;
}

void strbuf_release(struct strbuf *buf)
{
    if (owned(buf))
        free(buf->text);
    strbuf_init(buf);
}

void strbuf_clear(struct strbuf *buf)
{
    buf->length = 0;
    if (buf->capacity > 0)
        buf->text[0] = '\0';
}

static bool reserve(struct strbuf *buf, size_t extra)
{
    if (buf->failed || extra > SIZE_MAX / 2 - buf->length) {
        buf->failed = true;
        return false;
    }
    size_t needed = buf->length + extra + 1;
    if (needed <= buf->capacity)
        return true;
    size_t capacity = buf->capacity > 0 ? buf->capacity : 64;
    while (capacity < needed)
        capacity *= 2;
    char *text = realloc(owned(buf) ? buf->text : NULL, capacity);
    if (text == NULL) {
        buf->failed = true;
        return false;
    }
    if (buf->borrowed)
        memcpy(text, buf->text, buf->length + 1);
    buf->borrowed = false;
    buf->text = text;
    buf->capacity = capacity;
    return true;
}

void strbuf_add(struct strbuf *buf, const void *bytes, size_t size)
{
    if (size == 0 || !reserve(buf, size))
        return;
    memcpy(buf->text + buf->length, bytes, size);
    buf->length += size;
    buf->text[buf->length] = '\0';
}

void strbuf_add_text(struct strbuf *buf, const char *text)
{
    if (text != NULL)
        strbuf_add(buf, text, strlen(text));
}

void strbuf_add_char(struct strbuf *buf, char c)
{
    strbuf_add(buf, &c, 1);
}

void strbuf_add_repeated(struct strbuf *buf, char c, size_t count)
{
    if (count == 0 || !reserve(buf, count))
        return;
    memset(buf->text + buf->length, c, count);
    buf->length += count;
    buf->text[buf->length] = '\0';
}

void strbuf_add_format(struct strbuf *buf, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (size < 0)
        buf->failed = true;
    else if (reserve(buf, (size_t)size)) {
        vsnprintf(buf->text + buf->length, (size_t)size + 1, format, again);
        buf->length += (size_t)size;
    }
    va_end(again);
}

char *strbuf_detach(struct strbuf *buf)
{
    char *text = NULL;
    if (!buf->failed && !owned(buf))
        text = strdup(buf->text);
    else if (!buf->failed)
        text = buf->text;
    else if (owned(buf))
        free(buf->text);
    strbuf_init(buf);
    return text;
}
