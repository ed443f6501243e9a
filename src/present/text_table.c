#include "present/text_table.h"

#include "present/text_safe.h"

#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_MOST 16
#define GAP          2  /* between columns */
#define CUT_LEAST    20 /* a column that may be cut keeps so much while others can go */
#define CUT_TINY     4

#define COLUMNS_MOST 16

struct text_table {
    struct libscols_table *table;
    struct libscols_line *line;
    const struct text_column *columns;
    size_t count;
    size_t limit;                 /* 0: as wide as it gets */
    size_t natural[COLUMNS_MOST]; /* the widest cell */
    size_t width[COLUMNS_MOST];   /* what it gets; 0: left out */
    bool colour;
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
    if (self->table == NULL || count > COLUMNS_MOST) {
        scols_unref_table(self->table);
        free(self);
        return NULL;
    }
    self->columns = columns;
    self->count = count;
    self->limit = style->width;
    self->colour = style->colour;
    scols_table_enable_noencoding(self->table, 1); /* text_add_safe() did it */
    scols_table_enable_colors(self->table, style->colour);
    scols_table_set_column_separator(self->table, "  ");
    scols_table_set_termforce(self->table, SCOLS_TERMFORCE_ALWAYS);
    scols_table_set_termwidth(self->table, 10000); /* columns_fit() sees to it */
    for (size_t i = 0; i < count; i++) {
        scols_table_new_column(self->table, columns[i].heading, 1,
                               columns[i].right ? SCOLS_FL_RIGHT : 0);
        self->natural[i] = text_width(columns[i].heading);
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
    size_t width = text_width(safe.text);
    if (width > table->natural[column])
        table->natural[column] = width;
    scols_line_set_data(table->line, column, safe.text);
    strbuf_release(&safe);
}

void text_table_severity(struct text_table *table, size_t column, enum severity severity)
{
    static const char *const colours[] = {"green", "cyan", "brown", "red", "lightred"};
    text_table_cell(table, column, severity_word(severity));
    if (table != NULL && table->line != NULL && table->colour)
        scols_cell_set_color(scols_line_get_cell(table->line, column), colours[severity]);
}

static size_t total_width(const struct text_table *self)
{
    size_t total = 0;
    for (size_t i = 0; i < self->count; i++)
        total += self->width[i] > 0 ? self->width[i] + GAP : 0;
    return total > GAP ? total - GAP : 0;
}

/* Cuts what may be cut down to `least`, the widest first. */
static void columns_cut(struct text_table *self, size_t least)
{
    for (size_t total = total_width(self); total > self->limit; total = total_width(self)) {
        size_t widest = self->count;
        for (size_t i = 0; i < self->count; i++)
            if (self->columns[i].cut && self->width[i] > least &&
                (widest == self->count || self->width[i] > self->width[widest]))
                widest = i;
        if (widest == self->count)
            return;
        self->width[widest]--;
    }
}

/* Leaves out the first column that may go; false: none may. */
static bool column_drop(struct text_table *self)
{
    size_t first = self->count;
    for (size_t i = 0; i < self->count; i++)
        if (self->columns[i].drop > 0 && self->width[i] > 0 &&
            (first == self->count || self->columns[i].drop < self->columns[first].drop))
            first = i;
    if (first < self->count)
        self->natural[first] = 0;
    return first < self->count;
}

/* Cut, then leave out, then cut to the bone: whatever fits the terminal first. */
static void columns_fit(struct text_table *self)
{
    do {
        memcpy(self->width, self->natural, sizeof self->width);
        if (self->limit == 0)
            return;
        columns_cut(self, CUT_LEAST);
    } while (total_width(self) > self->limit && column_drop(self));
    columns_cut(self, CUT_TINY);
}

/* Makes the cells of a column fit what it got. */
static void column_apply(const struct text_table *self, size_t column)
{
    struct libscols_column *place = scols_table_get_column(self->table, column);
    size_t width = self->width[column];
    if (width == 0) {
        scols_column_set_flags(place, scols_column_get_flags(place) | SCOLS_FL_HIDDEN);
        return;
    }
    for (size_t i = 0; i < scols_table_get_nlines(self->table); i++) {
        struct libscols_cell *cell = scols_line_get_cell(scols_table_get_line(self->table, i),
                                                         column);
        const char *text = scols_cell_get_data(cell);
        struct strbuf cut;
        if (text == NULL || text_width(text) <= width)
            continue;
        strbuf_init(&cut);
        text_add_padded(&cut, text, width);
        scols_cell_set_data(cell, cut.text);
        strbuf_release(&cut);
    }
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

void text_table_finish(struct text_table *table, struct strbuf *out)
{
    char *text = NULL;
    if (table != NULL)
        columns_fit(table);
    for (size_t i = 0; table != NULL && i < table->count; i++)
        column_apply(table, i);
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
