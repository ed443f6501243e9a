/* Cells of a CSV that a spreadsheet takes for what they are: RFC 4180, lines ending as they do on
 * this system. */
#ifndef PRESENT_CSV_CELLS_H
#define PRESENT_CSV_CELLS_H

#include "base/strbuf.h"

#include <stdbool.h>
#include <stdint.h>

/* A text: quoted where need be, control characters made visible. A text that a spreadsheet would
 * take for a formula (it begins with = + - @, a tab or a carriage return) gets an apostrophe
 * before it. `first`: of its line. */
void csv_add_text(struct strbuf *out, const char *text, bool first);

/* Behind the first of a line: a number (empty for NaN and infinities), with the digits that bring
 * it back; a count; a time (RFC 3339; empty for 0). */
void csv_add_number(struct strbuf *out, double value);
void csv_add_count(struct strbuf *out, uint64_t count);
void csv_add_time(struct strbuf *out, int64_t time_ns);

void csv_end_line(struct strbuf *out); /* ends the line */

#endif
