/* A growing string. After any failed allocation the buffer is `failed`: further appends do
 * nothing, and the one check at the end tells. */
#ifndef BASE_STRBUF_H
#define BASE_STRBUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct strbuf {
    char *text; /* always NUL-terminated; never NULL after strbuf_init() */
    size_t length;
    size_t capacity; /* 0: `text` is the static empty string */
    bool failed;
    bool borrowed; /* `text` is the room of strbuf_init_in() */
};

void strbuf_init(struct strbuf *buf);
/* In `room` of the caller's, `size` > 0 bytes, which outlives the buffer; on the heap only what it
 * is too small for. */
void strbuf_init_in(struct strbuf *buf, char *room, size_t size);
void strbuf_release(struct strbuf *buf); /* leaves an empty, usable buffer */
void strbuf_clear(struct strbuf *buf);   /* keeps the memory */

void strbuf_add(struct strbuf *buf, const void *bytes, size_t size);
void strbuf_add_text(struct strbuf *buf, const char *text); /* NULL adds nothing */
void strbuf_add_char(struct strbuf *buf, char c);
void strbuf_add_repeated(struct strbuf *buf, char c, size_t count);
void strbuf_add_format(struct strbuf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Hands the string over to the caller, who frees it; the buffer is empty afterwards. NULL when
 * an allocation failed. */
char *strbuf_detach(struct strbuf *buf);

#endif
