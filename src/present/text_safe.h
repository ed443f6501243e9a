/* Text of people and programs, made fit for a terminal. */
#ifndef PRESENT_TEXT_SAFE_H
#define PRESENT_TEXT_SAFE_H

#include "base/strbuf.h"

#include <stddef.h>
#include <stdint.h>

/* Appends `text` with whatever could steer a terminal made visible: control characters, C1 codes,
 * bidirectional overrides and bytes that are not UTF-8 become \xNN or \u{NNNN}. NULL adds nothing.
 */
void text_add_safe(struct strbuf *buf, const char *text);

/* Appends what printf(3) would print, made safe as a whole. */
void text_add_safe_format(struct strbuf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The length in bytes of the code point that `text` begins with, if it is UTF-8 and could steer a
 * terminal; else 0. `*point` receives it. */
size_t text_steering_length(const char *text, uint32_t *point);

/* Columns that UTF-8 text takes on a terminal: two for East Asian wide characters and emoji, none
 * for combining marks. */
size_t text_width(const char *text);

/* Appends `text` (taken as safe) and blanks up to `columns`; longer text is cut with "…". */
void text_add_padded(struct strbuf *buf, const char *text, size_t columns);

/* Appends `text` (taken as safe) as words on lines of at most `width` columns, of which the first
 * has `used` taken already; the others begin with `indent` blanks. Width 0: one line. */
void text_add_wrapped(struct strbuf *buf, const char *text, size_t used, size_t indent,
                      size_t width);

/* Appends a sparkline of the values, one character each; a blank for NaN. */
void text_add_sparkline(struct strbuf *buf, const double *values, size_t count);

#endif
