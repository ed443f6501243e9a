/* What many tables have in their cells. */
#ifndef PRESENT_TEXT_CELLS_H
#define PRESENT_TEXT_CELLS_H

#include "base/clock.h"
#include "present/text_table.h"

#include <stdint.h>

void text_cell_value(struct text_table *table, size_t column, double value, const char *unit);
void text_cell_count(struct text_table *table, size_t column, uint64_t count);
void text_cell_percent(struct text_table *table, size_t column, double percent); /* "–" for NaN */

/* "2026-01-31 12:34Z", in UTC; "–" for 0. */
const char *text_short_time(int64_t time_ns, char text[CLOCK_TEXT_SIZE]);

/* "2026-01-31"; "–" for 0. */
const char *text_day(int64_t time_ns, char text[CLOCK_TEXT_SIZE]);

/* The first seven digits; "–" where there is none. */
const char *text_short_commit(const char *commit, char text[16]);

#endif
