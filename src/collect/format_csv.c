/* CSV with a header, RFC 4180, separated by comma, semicolon or tab. Two layouts: with a column of
 * metric names and one of values, a measurement a row; else every column of numbers is a metric.
 * Rows that agree in session, time and commit are one session, and repeated values in it its
 * samples. Where the file tells sessions apart by none of these, a metric that comes again begins
 * the next one. Bounded by the longest row. */
#include "base/file.h"
#include "base/strbuf.h"
#include "collect/importer_csv.h"
#include "collect/importer_csv_export.h"
#include "collect/importer_format.h"
#include "collect/importer_json.h"
#include "collect/importer_session.h"
#include "collect/importer_source.h"
#include "collect/importer_time.h"
#include "collect/importer_unit.h"
#include "model/labels.h"

#include <csv.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COLUMN_LIMIT 4096

static char delimiter_find(const char *head, size_t size)
{
    size_t commas = 0, semicolons = 0, tabs = 0;
    for (size_t i = 0; i < size && head[i] != '\n'; i++) {
        commas += head[i] == ',';
        semicolons += head[i] == ';';
        tabs += head[i] == '\t';
    }
    if (semicolons > commas && semicolons >= tabs)
        return ';';
    return tabs > commas ? '\t' : ',';
}

/* A file with the name, or two lines of as many cells, several of them. */
int csv_probe(const char *head, size_t size, const char *file_name)
{
    size_t length = strlen(file_name), cells[2] = {0, 0}, line = 0;
    char first = json_head_first(head, size), delimiter = delimiter_find(head, size);
    if (first == '\0' || strchr("{[<#", first) != NULL)
        return 0;
    if (length > 4 && strcasecmp(file_name + length - 4, ".csv") == 0)
        return 60;
    for (size_t i = 0; i < size && line < 2; i++) {
        if (head[i] == '\n')
            line++;
        else
            cells[line] += head[i] == delimiter;
    }
    return cells[0] > 0 && cells[0] == cells[1] && head[0] != ' ' ? 20 : 0;
}

struct csv_reader {
    struct import *import;
    struct csv_table table;
    struct import_session session;
    struct digest rows; /* of all rows so far: what tells sessions apart that nothing else does */
    struct strbuf key;  /* of the session that is open */
    struct strbuf text; /* of the row's cells, a NUL behind each */
    size_t *starts;     /* of the cells in it; owned */
    size_t cell_count;
    char **cells; /* of the row, when it is whole; owned */
    size_t row;   /* number of the row, the header being 0 */
    bool open;    /* a session is */
    bool own;     /* tare exported it */
    struct csv_export exported;
    enum tare_status status;
    struct tare_error *error;
};

static const char *cell_of(const struct csv_reader *self, enum csv_role role)
{
    size_t at = self->table.at[role];
    return at > 0 && self->cells[at - 1][0] != '\0' ? self->cells[at - 1] : NULL;
}

/* The labels of a row; NULL with the status set when there is no memory. */
static char *row_labels(struct csv_reader *self)
{
    struct strbuf labels;
    strbuf_init(&labels);
    strbuf_add_text(&labels, cell_of(self, CSV_LABELS));
    for (size_t i = 0; i < self->table.count; i++) {
        if (self->table.columns[i].role != CSV_LABEL || self->cells[i][0] == '\0')
            continue;
        char *pair = labels_pair(self->table.columns[i].name, self->cells[i]);
        labels.failed |= pair == NULL;
        if (labels.length > 0)
            strbuf_add_char(&labels, ',');
        strbuf_add_text(&labels, pair);
        free(pair);
    }
    return strbuf_detach(&labels);
}

/* What makes a row belong to the session before it. */
static void key_make(const struct csv_reader *self, struct strbuf *key)
{
    static const enum csv_role roles[] = {CSV_SESSION, CSV_TIME,        CSV_COMMIT,
                                          CSV_BRANCH,  CSV_APP,         CSV_VERSION,
                                          CSV_LABELS,  CSV_ENVIRONMENT, CSV_TEMPERATURE};
    strbuf_clear(key);
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        strbuf_add_text(key, cell_of(self, roles[i]));
        strbuf_add_char(key, '\n');
    }
    for (size_t i = 0; i < self->table.count; i++)
        if (self->table.columns[i].role == CSV_LABEL) {
            strbuf_add_text(key, self->cells[i]);
            strbuf_add_char(key, '\n');
        }
}

static bool keyed(const struct csv_reader *self)
{
    return self->table.at[CSV_SESSION] != 0 || self->table.at[CSV_TIME] != 0 ||
           self->table.at[CSV_COMMIT] != 0;
}

static enum tare_status session_close(struct csv_reader *self)
{
    enum tare_status status = TARE_OK;
    if (self->open) {
        if (!keyed(self))
            import_session_digest(&self->session, &self->rows, sizeof self->rows);
        status = import_session_flush(&self->session, self->error);
    }
    import_session_release(&self->session);
    self->open = false;
    return status;
}

static enum tare_status cell_wrong(struct csv_reader *self, enum csv_role role, const char *wanted)
{
    size_t at = self->table.at[role] - 1;
    return import_source_wrong(self->import->source, self->error,
                               "the column '%.80s' is '%.80s': it must be %s",
                               self->table.columns[at].name, self->cells[at], wanted);
}

static enum tare_status session_open(struct csv_reader *self)
{
    struct import_origin origin = {.app = cell_of(self, CSV_APP),
                                   .commit = cell_of(self, CSV_COMMIT),
                                   .branch = cell_of(self, CSV_BRANCH),
                                   .version = cell_of(self, CSV_VERSION),
                                   .environment = cell_of(self, CSV_ENVIRONMENT)};
    const char *time = cell_of(self, CSV_TIME), *word = cell_of(self, CSV_TEMPERATURE);
    if (time != NULL && !import_time_parse(time, &origin.time_ns))
        return cell_wrong(self, CSV_TIME, "a time like 2026-01-31T12:34:56Z");
    if (word != NULL && !temperature_parse(word, &origin.temperature))
        return cell_wrong(self, CSV_TEMPERATURE, "warm or cold");
    char *labels = row_labels(self);
    if (labels == NULL)
        return error_memory(self->error);
    origin.labels = labels;
    enum tare_status status = import_session_begin(&self->session, self->import, &origin,
                                                   self->error);
    free(labels);
    if (status != TARE_OK)
        return status;
    if (keyed(self))
        import_session_name(&self->session, self->key.text);
    if (origin.time_ns == 0) { /* rows keep their order */
        self->session.batch.session.started_ns += (int64_t)self->row * 1000;
        self->session.batch.session.ended_ns = self->session.batch.session.started_ns;
    }
    self->open = true;
    return TARE_OK;
}

/* Whether the metric has a value in the session that is open. */
static bool metric_repeats(const struct csv_reader *self, const char *metric)
{
    const struct batch *batch = &self->session.batch;
    char *id = import_metric_id(metric, NULL);
    bool found = false;
    for (size_t i = 0; id != NULL && i < batch->part_count && !found; i++)
        found = strcmp(batch->parts[i].metric.id, id) == 0;
    free(id);
    return found;
}

/* Sees to it that the session of this row is the open one. */
static enum tare_status session_turn(struct csv_reader *self)
{
    struct strbuf key;
    enum tare_status status = TARE_OK;
    strbuf_init(&key);
    key_make(self, &key);
    bool next = !self->open || strcmp(key.text, self->key.text) != 0;
    if (!next && !keyed(self))
        next = !csv_table_is_long(&self->table) ||
               metric_repeats(self, self->cells[self->table.at[CSV_METRIC] - 1]);
    if (next)
        status = session_close(self);
    if (next && status == TARE_OK) {
        strbuf_clear(&self->key);
        strbuf_add(&self->key, key.text, key.length);
        status = key.failed || self->key.failed ? error_memory(self->error) : session_open(self);
    }
    strbuf_release(&key);
    return status;
}

static enum tare_status value_add(struct csv_reader *self, size_t column, const char *metric,
                                  const char *unit)
{
    double value;
    bool wrong, sure;
    struct import_measure measure = {.benchmark = metric, .unit = unit, .fine = true};
    const char *better = cell_of(self, CSV_BETTER);
    if (!csv_number(self->cells[column], &value, &wrong) && !wrong) {
        self->import->result->ignored++;
        return TARE_OK;
    }
    if (wrong)
        return import_source_wrong(self->import->source, self->error,
                                   "the column '%.80s' is '%.80s': it must be a number",
                                   self->table.columns[column].name, self->cells[column]);
    measure.better = import_unit_better(unit, &sure);
    measure.guessed = !sure && better == NULL;
    if (better != NULL && !better_parse(better, &measure.better))
        return cell_wrong(self, CSV_BETTER, "lower, higher or exact");
    return import_session_add(&self->session, &measure, value, self->error);
}

static enum tare_status row_read(struct csv_reader *self)
{
    const char *unit = cell_of(self, CSV_UNIT);
    size_t metric = self->table.at[CSV_METRIC];
    if (csv_table_is_long(&self->table) && self->cells[metric - 1][0] == '\0')
        return cell_wrong(self, CSV_METRIC, "the name of a metric");
    enum tare_status status = session_turn(self);
    if (status != TARE_OK)
        return status;
    import_session_digest(&self->session, self->text.text, self->text.length);
    digest_add(&self->rows, self->text.text, self->text.length);
    if (csv_table_is_long(&self->table)) {
        size_t value = self->table.at[CSV_VALUE] - 1;
        status = value_add(self, value, self->cells[metric - 1],
                           unit != NULL ? unit : self->table.columns[value].unit);
    } else {
        for (size_t i = 0; i < self->table.count && status == TARE_OK; i++)
            if (self->table.columns[i].role == CSV_NUMBERS)
                status = value_add(self, i, self->table.columns[i].name,
                                   unit != NULL ? unit : self->table.columns[i].unit);
    }
    if (status == TARE_OK && import_session_full(&self->session))
        status = import_session_flush(&self->session, self->error);
    return status;
}

/* Called after the file, for a column that is only called "value". */
static void stem_write(const struct csv_reader *self, char *stem, size_t size)
{
    const char *name = self->import->source->name;
    bool file = strcmp(name, "standard input") != 0;
    snprintf(stem, size, "%s", file ? file_base_name(name) : "value");
    char *dot = strrchr(stem, '.');
    if (dot != NULL && dot != stem)
        *dot = '\0';
}

/* A first row of nothing but numbers is no header: its columns go by their places. */
static bool headless(const struct csv_reader *self)
{
    double number;
    bool wrong = false;
    for (size_t i = 0; i < self->cell_count && !wrong; i++)
        csv_number(self->cells[i], &number, &wrong);
    return !wrong;
}

static enum tare_status places_name(struct csv_reader *self, const char *stem)
{
    char **names = calloc(self->cell_count, sizeof *names);
    bool named = names != NULL;
    for (size_t i = 0; named && i < self->cell_count; i++) {
        int wrote = self->cell_count == 1 ? asprintf(&names[i], "value")
                                          : asprintf(&names[i], "column %zu", i + 1);
        named = wrote > 0;
        if (!named)
            names[i] = NULL;
    }
    enum tare_status status = named ? csv_table_fill(&self->table, names, self->cell_count,
                                                     self->import->options->map, stem, self->error)
                                    : error_memory(self->error);
    for (size_t i = 0; names != NULL && i < self->cell_count; i++)
        free(names[i]);
    free(names);
    return status;
}

static enum tare_status header_take(struct csv_reader *self, const char *stem)
{
    enum tare_status status = csv_table_fill(&self->table, self->cells, self->cell_count,
                                             self->import->options->map, stem, self->error);
    self->own = status == TARE_OK && csv_export_begin(&self->exported, self->import, &self->table);
    return status;
}

static enum tare_status cells_take(struct csv_reader *self)
{
    char stem[200];
    if (self->text.failed)
        return error_memory(self->error);
    for (size_t i = 0; i < self->cell_count; i++)
        self->cells[i] = csv_plain(self->text.text + self->starts[i]);
    if (self->row == 0) {
        stem_write(self, stem, sizeof stem);
        if (!headless(self))
            return header_take(self, stem);
        enum tare_status status = places_name(self, stem);
        if (status != TARE_OK)
            return status;
    }
    if (self->cell_count != self->table.count)
        return import_source_wrong(self->import->source, self->error,
                                   "the row has %zu cells: the header has %zu", self->cell_count,
                                   self->table.count);
    if (self->own)
        return csv_export_row(&self->exported, self->cells, self->error);
    if (self->row <= 1 && !csv_table_look(&self->table, self->cells))
        return import_source_wrong(self->import->source, self->error,
                                   "no column holds a number: say --map value=… or ignore=…");
    return row_read(self);
}

static void on_cell(void *text, size_t length, void *ctx)
{
    struct csv_reader *self = ctx;
    if (self->status != TARE_OK)
        return;
    if (self->cell_count == COLUMN_LIMIT) {
        self->status = import_source_wrong(self->import->source, self->error,
                                           "the row has more than %d cells", COLUMN_LIMIT);
        return;
    }
    self->starts[self->cell_count++] = self->text.length;
    if (length > 0)
        strbuf_add(&self->text, text, strnlen(text, length));
    strbuf_add_char(&self->text, '\0');
}

static void on_row(int end, void *ctx)
{
    struct csv_reader *self = ctx;
    (void)end;
    if (self->status == TARE_OK)
        self->status = cells_take(self);
    self->row++;
    self->cell_count = 0;
    strbuf_clear(&self->text);
}

/* Feeds the parser line by line, so that the source's line is the row's last. */
static enum tare_status rows_read(struct csv_reader *self, struct csv_parser *parser)
{
    char *line;
    size_t length;
    struct import_source *source = self->import->source;
    enum tare_status status;
    while ((status = import_source_line(source, &line, &length, self->error)) == TARE_OK &&
           line != NULL) {
        line[length] = '\n'; /* the source's own, or the NUL behind it */
        size_t taken = csv_parse(parser, line, length + 1, on_cell, on_row, self);
        line[length] = '\0';
        if (self->status != TARE_OK)
            return self->status;
        if (taken != length + 1)
            return import_source_wrong(source, self->error, "%s",
                                       csv_error(parser) == CSV_EPARSE
                                           ? "a quote where none may be"
                                           : csv_strerror(csv_error(parser)));
    }
    if (status != TARE_OK)
        return status;
    if (csv_fini(parser, on_cell, on_row, self) != 0)
        return import_source_wrong(source, self->error, "the file ends within quotes");
    return self->status;
}

enum tare_status csv_read(struct import *import, struct tare_error *error)
{
    struct csv_reader self = {.import = import, .error = error, .rows = digest_begin()};
    struct csv_parser parser;
    const char *head;
    size_t size;
    enum tare_status status = import_source_peek(import->source, &head, &size, error);
    if (status != TARE_OK)
        return status;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        return error_memory(error);
    csv_set_delim(&parser, (unsigned char)delimiter_find(head, size));
    strbuf_init(&self.key);
    strbuf_init(&self.text);
    strbuf_init(&self.exported.owner);
    self.starts = calloc(COLUMN_LIMIT, sizeof *self.starts);
    self.cells = calloc(COLUMN_LIMIT, sizeof *self.cells);
    status = self.starts != NULL && self.cells != NULL ? rows_read(&self, &parser)
                                                       : error_memory(error);
    if (status == TARE_OK)
        status = self.own ? csv_export_end(&self.exported, error) : session_close(&self);
    if (status == TARE_OK && self.row < 1)
        status = error_set(error, TARE_E_SYNTAX, "%s has no header", import->source->name);
    import_session_release(&self.session);
    csv_export_release(&self.exported);
    csv_free(&parser);
    csv_table_release(&self.table);
    strbuf_release(&self.key);
    strbuf_release(&self.text);
    free(self.starts);
    free(self.cells);
    return status;
}
