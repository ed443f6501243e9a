#include "collect/number_table.h"

#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"

#include <csv.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COLUMNS_MOST 1000

struct table_reader {
    struct number_table *table;
    const char *name;
    char *cells[COLUMNS_MOST]; /* of the row that is being read, owned */
    size_t cell_count;
    size_t line;
    int time_column; /* −1: none */
    enum tare_status status;
    struct tare_error *error;
};

void number_table_release(struct number_table *table)
{
    for (size_t i = 0; i < table->name_count; i++)
        free(table->names[i]);
    free(table->names);
    free(table->cells);
    free(table->times_ns);
    *table = (struct number_table){0};
}

static bool number_parse(const char *text, double *number)
{
    char *end;
    *number = strtod(text, &end);
    while (*end == ' ' || *end == '\t')
        end++;
    return end != text && *end == '\0';
}

static bool is_time_name(const char *name)
{
    return strcasecmp(name, "time") == 0 || strcasecmp(name, "date") == 0 ||
           strcasecmp(name, "timestamp") == 0;
}

static void take_cell(void *field, size_t size, void *context)
{
    struct table_reader *reader = context;
    if (reader->status != TARE_OK)
        return;
    if (reader->cell_count == COLUMNS_MOST) {
        reader->status = error_set(reader->error, TARE_E_SYNTAX, "%s:%zu: more than %d columns",
                                   reader->name, reader->line + 1, COLUMNS_MOST);
        return;
    }
    char *text = strndup(field != NULL ? field : "", size);
    if (text == NULL)
        reader->status = error_memory(reader->error);
    else
        reader->cells[reader->cell_count++] = text;
}

/* A word anywhere makes the first row a header; dates are no words. */
static bool is_header(const struct table_reader *reader)
{
    double number;
    int64_t time_ns;
    for (size_t i = 0; i < reader->cell_count; i++)
        if (reader->cells[i][0] != '\0' && !number_parse(reader->cells[i], &number) &&
            !clock_parse(reader->cells[i], &time_ns))
            return true;
    return false;
}

static bool name_add(struct number_table *table, const char *name)
{
    char *copy = strdup(name);
    char **slot = copy != NULL ? array_add(&table->names, &table->name_count, sizeof *table->names)
                               : NULL;
    if (slot == NULL) {
        free(copy);
        return false;
    }
    *slot = copy;
    return true;
}

static bool columns_name(struct table_reader *reader, bool header)
{
    char number[24];
    for (size_t i = 0; i < reader->cell_count; i++) {
        snprintf(number, sizeof number, "%zu", i + 1);
        if (!name_add(reader->table, header ? reader->cells[i] : number))
            return false;
        if (header && reader->time_column < 0 && is_time_name(reader->cells[i]))
            reader->time_column = (int)i;
    }
    return true;
}

static int64_t time_of(const struct table_reader *reader)
{
    int64_t time_ns;
    double seconds;
    if (reader->time_column < 0 || (size_t)reader->time_column >= reader->cell_count)
        return 0;
    const char *text = reader->cells[reader->time_column];
    if (clock_parse(text, &time_ns))
        return time_ns;
    if (!number_parse(text, &seconds) || !(fabs(seconds) < 1e11))
        return 0;
    return (int64_t)(seconds * (double)CLOCK_NS_PER_SECOND);
}

static enum tare_status row_add(struct table_reader *reader)
{
    struct number_table *table = reader->table;
    if (reader->cell_count > table->name_count)
        return error_set(reader->error, TARE_E_SYNTAX, "%s:%zu: %zu columns, but %zu before",
                         reader->name, reader->line, reader->cell_count, table->name_count);
    int64_t *time = array_add(&table->times_ns, &table->row_count, sizeof *time);
    if (time == NULL)
        return error_memory(reader->error);
    *time = time_of(reader);
    for (size_t i = 0; i < table->name_count; i++) {
        double *cell = array_add(&table->cells, &table->cell_count, sizeof *cell);
        if (cell == NULL)
            return error_memory(reader->error);
        if (i >= reader->cell_count || !number_parse(reader->cells[i], cell))
            *cell = NAN;
    }
    return TARE_OK;
}

static void cells_clear(struct table_reader *reader)
{
    for (size_t i = 0; i < reader->cell_count; i++)
        free(reader->cells[i]);
    reader->cell_count = 0;
}

static void take_row(int end, void *context)
{
    struct table_reader *reader = context;
    (void)end;
    reader->line++;
    bool first = reader->table->name_count == 0, header = first && is_header(reader);
    if (reader->status == TARE_OK && first && !columns_name(reader, header))
        reader->status = error_memory(reader->error);
    if (reader->status == TARE_OK && !header)
        reader->status = row_add(reader);
    cells_clear(reader);
}

static enum tare_status stream_parse(FILE *stream, struct csv_parser *parser,
                                     struct table_reader *reader)
{
    char bytes[65536];
    size_t got;
    while (reader->status == TARE_OK && (got = fread(bytes, 1, sizeof bytes, stream)) > 0)
        if (csv_parse(parser, bytes, got, take_cell, take_row, reader) != got)
            return error_set(reader->error, TARE_E_SYNTAX, "%s:%zu: %s", reader->name,
                             reader->line + 1, csv_strerror(csv_error(parser)));
    if (reader->status == TARE_OK && ferror(stream))
        return error_set_errno(reader->error, errno, "cannot read %s", reader->name);
    if (reader->status == TARE_OK && csv_fini(parser, take_cell, take_row, reader) != 0)
        return error_set(reader->error, TARE_E_SYNTAX, "%s:%zu: a quoted cell does not end",
                         reader->name, reader->line + 1);
    return reader->status;
}

enum tare_status number_table_read(FILE *stream, const char *name, struct number_table *table,
                                   struct tare_error *error)
{
    struct csv_parser parser;
    struct table_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL || csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        free(reader);
        return error_memory(error);
    }
    reader->table = table;
    reader->name = name;
    reader->time_column = -1;
    reader->error = error;
    enum tare_status status = stream_parse(stream, &parser, reader);
    if (status == TARE_OK && table->row_count == 0)
        status = error_set(error, TARE_E_SYNTAX, "%s holds no row of numbers", name);
    cells_clear(reader);
    csv_free(&parser);
    free(reader);
    return status;
}

static bool holds_number(const struct number_table *table, size_t column)
{
    for (size_t row = 0; row < table->row_count; row++)
        if (isfinite(table->cells[row * table->name_count + column]))
            return true;
    return false;
}

int number_table_column(const struct number_table *table, const char *name)
{
    for (size_t i = table->name_count; i-- > 0;) {
        if (name != NULL ? strcmp(table->names[i], name) == 0
                         : holds_number(table, i) &&
                               (table->name_count == 1 || !is_time_name(table->names[i])))
            return (int)i;
    }
    return -1;
}
