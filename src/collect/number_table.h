/* A table of numbers out of CSV (RFC 4180) or a plain column of numbers, by libcsv. */
#ifndef COLLECT_NUMBER_TABLE_H
#define COLLECT_NUMBER_TABLE_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct number_table {
    char **names;      /* of the columns; "1", "2", … where the file has no header */
    size_t name_count; /* columns */
    double *cells;     /* rows × columns; NaN: empty, or no number */
    size_t cell_count;
    int64_t *times_ns; /* a row each, of the column "time", "date" or "timestamp"; 0: none */
    size_t row_count;
};

/* Reads a stream to its end into a zeroed table. A first row that holds a word is the header.
 * Numbers may stand in a time column, too: seconds since the epoch. Rows that are shorter than the
 * header have gaps; a longer one is TARE_E_SYNTAX with file and line, as is a file without a
 * row. `name` is for messages. */
enum tare_status number_table_read(FILE *stream, const char *name, struct number_table *table,
                                   struct tare_error *error);
void number_table_release(struct number_table *table);

/* The column called `name` (NULL: the last that holds a number and is not the time); -1 without
 * one. */
int number_table_column(const struct number_table *table, const char *name);

#endif
