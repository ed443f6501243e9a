#include "present/text_table.h"

#include "present/text_safe.h"

#include <libsmartcols.h>
#include <limits.h>
#include <stdlib.h>

#define COLUMNS_MOST 16

struct text_table {
    struct libscols_table *table;
    struct libscols_line *line;
    const struct text_column *columns; /* borrowed */
    size_t count;
    size_t widths[COLUMNS_MOST]; /* of the widest cell so far */
    size_t limit;                /* of the terminal; 0: none */
};

struct text_table *text_table_new(const struct text_column *columns, size_t count,
                                  const struct text_style *style)
{
    struct text_table *self = calloc(1, sizeof *self);
    if (self == NULL)
        return NULL;
    self->columns = columns;
    self->count = count;
    self->limit = style->width;
    self->table = scols_new_table();
    if (self->table == NULL) {
        free(self);
        return NULL;
    }
    scols_table_enable_noencoding(self->table, 1); /* text_add_safe() did it */
    scols_table_set_column_separator(self->table, "  ");
    scols_table_set_termforce(self->table, SCOLS_TERMFORCE_ALWAYS);
    scols_table_set_termwidth(self->table, style->width > 0 ? style->width : 400);
    for (size_t i = 0; i < count; i++) {
        self->widths[i] = text_width(columns[i].heading);
        int flags = (columns[i].right ? SCOLS_FL_RIGHT : 0) |
                    (columns[i].cut ? SCOLS_FL_TRUNC : 0);
        scols_table_new_column(self->table, columns[i].heading, columns[i].cut ? 0.9 : 1, flags);
    }
    return self;
}

void text_table_row(struct text_table *table)
{
    if (table != NULL)
        table->line = scols_table_new_line(table->table, NULL);
}

void text_table_cell(struct text_table *table, size_t column, const char *text)
{
    struct strbuf safe;
    if (table == NULL || table->line == NULL)
        return;
    strbuf_init(&safe);
    text_add_safe(&safe, text);
    scols_line_set_data(table->line, column, safe.text);
    size_t width = text_width(safe.text);
    table->widths[column] = width > table->widths[column] ? width : table->widths[column];
    strbuf_release(&safe);
}

/* libsmartcols pads the last column; nobody wants to copy the blanks. */
static void add_trimmed(struct strbuf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n')
            while (out->length > 0 && out->text[out->length - 1] == ' ')
                out->text[--out->length] = '\0';
        strbuf_add_char(out, *text);
    }
}

/* Hides columns until the others fit; those that may be cut count with their first 12. */
static void columns_drop(struct text_table *table)
{
    size_t total = 0;
    for (size_t i = 0; i < table->count; i++) {
        bool shrinks = table->columns[i].cut && table->widths[i] > 12;
        total += (shrinks ? 12 : table->widths[i]) + 2;
    }
    for (unsigned drop = UCHAR_MAX; drop > 0 && table->limit > 0 && total > table->limit + 2;
         drop--)
        for (size_t i = 0; i < table->count; i++) {
            if (table->columns[i].drop != drop)
                continue;
            struct libscols_column *column = scols_table_get_column(table->table, i);
            scols_column_set_flags(column, SCOLS_FL_HIDDEN);
            total -= table->widths[i] + 2;
        }
}

void text_table_finish(struct text_table *table, struct strbuf *out)
{
    char *text = NULL;
    if (table != NULL)
        columns_drop(table);
    if (table == NULL || scols_print_table_to_string(table->table, &text) != 0) {
        out->failed = true;
    } else if (text != NULL) {
        add_trimmed(out, text);
        if (out->length > 0 && out->text[out->length - 1] != '\n')
            strbuf_add_char(out, '\n');
    }
    free(text);
    if (table != NULL)
        scols_unref_table(table->table);
    free(table);
}
