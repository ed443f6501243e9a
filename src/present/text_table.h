/* Tables for people, by libsmartcols. Cells are made safe on their way in. */
#ifndef PRESENT_TEXT_TABLE_H
#define PRESENT_TEXT_TABLE_H

#include "base/strbuf.h"
#include "model/verdict.h"
#include "present/renderer.h"

#include <stdbool.h>
#include <stddef.h>

struct text_table;

struct text_column {
    const char *heading;
    bool right;         /* numbers */
    bool cut;           /* may be cut short where the terminal is narrow */
    unsigned char drop; /* where that is not enough: which column goes first, 1, 2, …; 0: stays */
};

/* NULL: no memory; the functions below then do nothing. */
struct text_table *text_table_new(const struct text_column *columns, size_t count,
                                  const struct text_style *style);

/* Begins a row; sets a cell of the row begun last. */
void text_table_row(struct text_table *table);
void text_table_cell(struct text_table *table, size_t column, const char *text);

/* The same for the word of a severity, in its colour where there is colour. */
void text_table_severity(struct text_table *table, size_t column, enum severity severity);

/* Appends the table to `out` and frees it. */
void text_table_finish(struct text_table *table, struct strbuf *out);

#endif
