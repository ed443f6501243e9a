/* Go's benchmark text (golang/proposal 14313). Lines of results, of configuration ("key: value",
 * which hold until changed) and of units; all others are ignored, as the format wants it. A new
 * commit, branch, date or machine begins a new session; the package is part of the identity:
 * "hash/crc32.BenchmarkCRC32/size=15-8". Bounded by the longest line. */
#include "base/strbuf.h"
#include "collect/importer_format.h"
#include "collect/importer_session.h"
#include "collect/importer_source.h"
#include "collect/importer_time.h"
#include "collect/importer_unit.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_PKG, KEY_OS, KEY_ARCH, KEY_CPU, KEY_COMMIT, KEY_BRANCH, KEY_DATE, KEY_COUNT };

static const char *const key_names[KEY_COUNT] = {"pkg",    "goos",   "goarch", "cpu",
                                                 "commit", "branch", "date"};

#define UNIT_LIMIT 64

struct go_unit {
    char name[IMPORT_UNIT_SIZE];
    enum tare_better better;
    bool exact; /* assume=exact */
    bool directed;
};

struct go_reader {
    struct import *import;
    struct import_session session;
    char *values[KEY_COUNT]; /* owned; NULL: not said */
    bool open, changed;
    struct go_unit units[UNIT_LIMIT];
    size_t unit_count;
    uint64_t results;
    struct tare_error *error;
};

/* A result's name goes on with anything but a lower-case letter: "Benchmarking" is a word. */
/* The next word of a line; NULL at its end. The line is cut into words. */
static char *word_next(char **at)
{
    while (isspace((unsigned char)**at))
        (*at)++;
    if (**at == '\0')
        return NULL;
    char *word = *at;
    while (**at != '\0' && !isspace((unsigned char)**at))
        (*at)++;
    if (**at != '\0')
        *(*at)++ = '\0';
    return word;
}

static enum tare_status config_read(struct go_reader *self, const char *line)
{
    for (int i = 0; i < KEY_COUNT; i++) {
        size_t length = strlen(key_names[i]);
        if (strncmp(line, key_names[i], length) != 0 || line[length] != ':')
            continue;
        const char *value = line + length + 1;
        value += strspn(value, " \t");
        if (self->values[i] != NULL && strcmp(self->values[i], value) == 0)
            return TARE_OK;
        char *own = strdup(value);
        if (own == NULL)
            return error_memory(self->error);
        free(self->values[i]);
        self->values[i] = own;
        self->changed |= i != KEY_PKG;
        return TARE_OK;
    }
    return TARE_OK;
}

/* "Unit U better=higher assume=exact". */
static void unit_read(struct go_reader *self, char *line)
{
    char *at = line + 5;
    const char *name = word_next(&at), *word;
    if (name == NULL || self->unit_count == UNIT_LIMIT || strlen(name) >= IMPORT_UNIT_SIZE)
        return;
    struct go_unit *unit = &self->units[self->unit_count++];
    *unit = (struct go_unit){.directed = false};
    snprintf(unit->name, sizeof unit->name, "%s", name);
    while ((word = word_next(&at)) != NULL) {
        if (strcmp(word, "better=higher") == 0 || strcmp(word, "better=lower") == 0) {
            unit->directed = true;
            unit->better = word[7] == 'h' ? TARE_HIGHER : TARE_LOWER;
        } else if (strcmp(word, "assume=exact") == 0) {
            unit->exact = true;
        }
    }
}

/* What a Unit line said comes before what the unit's name says; exact before a direction, because
 * any departure is worth knowing. */
static void direction_find(const struct go_reader *self, struct import_measure *measure)
{
    bool sure;
    measure->better = import_unit_better(measure->unit, &sure);
    for (size_t i = 0; i < self->unit_count; i++)
        if (strcmp(self->units[i].name, measure->unit) == 0) {
            if (self->units[i].directed)
                measure->better = self->units[i].better;
            if (self->units[i].exact)
                measure->better = TARE_EXACT;
            sure |= self->units[i].directed || self->units[i].exact;
        }
    measure->guessed = !sure;
}

static enum tare_status session_turn(struct go_reader *self)
{
    struct import_origin origin = {.commit = self->values[KEY_COMMIT],
                                   .branch = self->values[KEY_BRANCH]};
    enum tare_status status = TARE_OK;
    if (self->open && !self->changed)
        return TARE_OK;
    if (self->open)
        status = import_session_flush(&self->session, self->error);
    import_session_release(&self->session);
    self->open = false;
    origin.machine.os = self->values[KEY_OS];
    origin.machine.architecture = self->values[KEY_ARCH];
    origin.machine.cpu = self->values[KEY_CPU];
    if (self->values[KEY_DATE] != NULL)
        import_time_parse(self->values[KEY_DATE], &origin.time_ns);
    if (status == TARE_OK)
        status = import_session_begin(&self->session, self->import, &origin, self->error);
    self->open = status == TARE_OK;
    self->changed = false;
    return status;
}

/* One "value unit" pair. */
static enum tare_status pair_add(struct go_reader *self, const char *benchmark, double value,
                                 const char *unit)
{
    bool time = strcmp(unit, "ns/op") == 0 || strcmp(unit, "sec/op") == 0;
    struct import_measure measure = {
        .benchmark = benchmark, .measure = time ? NULL : unit, .unit = unit, .fine = true};
    direction_find(self, &measure);
    return import_session_add(&self->session, &measure, value, self->error);
}

/* "Benchmark" with whatever follows: what go test writes has a capital there, what other tools
 * write in its format need not. */
static bool is_result(const char *line)
{
    return strncmp(line, "Benchmark", 9) == 0 && line[9] != '\0';
}

/* Whether a line is a name, a count of iterations, and pairs of numbers and units, at least one.
 */
static bool result_whole(const char *line, size_t length)
{
    char *copy = strndup(line, length), *at = copy, *end;
    const char *count = copy != NULL && word_next(&at) != NULL ? word_next(&at) : NULL, *value;
    bool whole = count != NULL && strtoll(count, &end, 10) > 0 && *end == '\0';
    size_t pairs = 0;
    while (whole && (value = word_next(&at)) != NULL) {
        strtod(value, &end);
        whole = end != value && *end == '\0' && word_next(&at) != NULL;
        pairs++;
    }
    free(copy);
    return whole && pairs > 0;
}

int go_probe(const char *head, size_t size, const char *file_name)
{
    (void)file_name;
    for (const char *at = head; at != NULL && (size_t)(at - head) < size;) {
        size_t left = size - (size_t)(at - head);
        const char *end = memchr(at, '\n', left);
        if (left > 9 && is_result(at) && result_whole(at, end != NULL ? (size_t)(end - at) : left))
            return 90;
        at = end != NULL ? end + 1 : NULL;
    }
    return 0;
}

static enum tare_status result_read(struct go_reader *self, char *line)
{
    char *at = line;
    if (!result_whole(line, strlen(line))) {
        self->import->result->ignored++;
        return TARE_OK;
    }
    const char *name = word_next(&at), *value;
    word_next(&at); /* the iterations */
    struct strbuf benchmark;
    strbuf_init(&benchmark);
    if (self->values[KEY_PKG] != NULL && self->values[KEY_PKG][0] != '\0')
        strbuf_add_format(&benchmark, "%s.", self->values[KEY_PKG]);
    strbuf_add_text(&benchmark, name);
    enum tare_status status = benchmark.failed ? error_memory(self->error) : session_turn(self);
    while (status == TARE_OK && (value = word_next(&at)) != NULL)
        status = pair_add(self, benchmark.text, strtod(value, NULL), word_next(&at));
    strbuf_release(&benchmark);
    self->results++;
    if (status == TARE_OK && import_session_full(&self->session))
        status = import_session_flush(&self->session, self->error);
    return status;
}

static enum tare_status line_read(struct go_reader *self, char *line, size_t length)
{
    struct digest own = digest_begin();
    uint64_t before = self->results;
    digest_add(&own, line, length);
    enum tare_status status = TARE_OK;
    if (is_result(line))
        status = result_read(self, line);
    else if (strncmp(line, "Unit ", 5) == 0)
        unit_read(self, line);
    else
        status = config_read(self, line);
    if (self->results != before)
        import_session_digest(&self->session, &own, sizeof own);
    return status;
}

enum tare_status go_read(struct import *import, struct tare_error *error)
{
    char *line = NULL;
    size_t length = 0;
    struct go_reader self = {.import = import, .error = error};
    enum tare_status status;
    while ((status = import_source_line(import->source, &line, &length, error)) == TARE_OK &&
           line != NULL) {
        status = line_read(&self, line, length);
        if (status != TARE_OK)
            break;
    }
    if (status == TARE_OK && self.results == 0)
        status = error_set(error, TARE_E_SYNTAX, "%s holds no result of a Go benchmark",
                           import->source->name);
    if (status == TARE_OK)
        status = import_session_flush(&self.session, error);
    import_session_release(&self.session);
    for (int i = 0; i < KEY_COUNT; i++)
        free(self.values[i]);
    return status;
}
