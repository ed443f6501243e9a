/* Catch2: what its console reporter prints, and its XML reporter. One session a file, the mean
 * being the one sample; "TEST CASE/BENCHMARK", for a benchmark's name is unique in its case only.
 */
#include "base/strbuf.h"
#include "collect/importer_catch2.h"
#include "collect/importer_format.h"
#include "collect/importer_json.h"
#include "collect/importer_session.h"
#include "collect/importer_source.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool head_holds(const char *head, size_t size, const char *text)
{
    return memmem(head, size, text, strlen(text)) != NULL;
}

int catch2_probe(const char *head, size_t size, const char *file_name)
{
    (void)file_name;
    if (json_head_first(head, size) == '<')
        return head_holds(head, size, "<Catch2TestRun") || head_holds(head, size, "<Catch ") ||
                       head_holds(head, size, "<BenchmarkResults")
                   ? 95
                   : 0;
    return head_holds(head, size, "benchmark name") && head_holds(head, size, "iterations") &&
                   head_holds(head, size, "low mean")
               ? 90
               : 0;
}

enum console_state {
    CONSOLE_TEXT,   /* between tables */
    CONSOLE_CASE,   /* the lines below a rule: a test case and its sections */
    CONSOLE_HEADER, /* the three lines of a table's header */
    CONSOLE_NAME,   /* wants a benchmark's name and counts */
    CONSOLE_MEAN,   /* … its means */
    CONSOLE_SPREAD  /* … its deviations */
};

struct console {
    struct import_session *session;
    enum console_state state;
    bool brief; /* --benchmark-no-analysis: the mean stands behind the counts, and nothing follows
                 */
    struct strbuf test_case;
    struct strbuf name; /* of the benchmark, which may be broken over lines */
    uint64_t results;
    struct tare_error *error;
};

static bool is_rule(const char *line)
{
    size_t dashes = strspn(line, "-");
    return dashes >= 20 && line[dashes + strspn(line + dashes, " ")] == '\0';
}

/* "344 ns": takes value and unit off `*at`. */
static bool duration_take(const char **at, double *value, char unit[4])
{
    static const char *const units[] = {"ns", "us", "ms", "s", "m", "h"};
    char *end;
    *value = strtod(*at, &end);
    if (end == *at || *end != ' ')
        return false;
    size_t length = strcspn(end + 1, " \t");
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strlen(units[i]) == length && strncmp(end + 1, units[i], length) == 0) {
            snprintf(unit, 4, "%s", strcmp(units[i], "m") == 0 ? "min" : units[i]);
            *at = end + 1 + length;
            return true;
        }
    return false;
}

/* Three durations and nothing else. */
static bool durations_read(const char *line, double *value, char unit[4])
{
    double other;
    char its[4];
    if (!duration_take(&line, value, unit) || !duration_take(&line, &other, its) ||
        !duration_take(&line, &other, its))
        return false;
    return line[strspn(line, " \t")] == '\0';
}

/* "NAME   100   208   7.1968 ms": the length of the name; 0 when the line is no such. */
static size_t counts_find(const char *line)
{
    size_t end = strlen(line);
    for (int words = 0; words < 4; words++) {
        while (end > 0 && isspace((unsigned char)line[end - 1]))
            end--;
        size_t behind = end;
        while (end > 0 && !isspace((unsigned char)line[end - 1]))
            end--;
        bool number = isdigit((unsigned char)line[end]) && behind > end;
        if ((words > 0 && !number) || (words == 0 && (number || behind == end)))
            return 0;
    }
    while (end > 0 && isspace((unsigned char)line[end - 1]))
        end--;
    return end;
}

static void name_add(struct strbuf *name, const char *text, size_t length)
{
    while (length > 0 && isspace((unsigned char)*text)) {
        text++;
        length--;
    }
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    if (name->length > 0 && length > 0)
        strbuf_add_char(name, ' ');
    strbuf_add(name, text, length);
}

static enum tare_status wrong(const struct console *self, const char *wanted)
{
    return import_source_wrong(self->session->import->source, self->error,
                               "the benchmark '%.100s' lacks its %s", self->name.text, wanted);
}

static enum tare_status result_add(struct console *self, double value, const char *unit)
{
    char *name = catch2_name(self->test_case.text, self->name.text);
    if (name == NULL)
        return error_memory(self->error);
    enum tare_status status = unit == NULL
                                  ? catch2_failure(self->session, name, self->error)
                                  : catch2_value(self->session, name, value, unit, self->error);
    free(name);
    self->results++;
    strbuf_clear(&self->name);
    return status;
}

/* The last two words of the line are the mean. */
static enum tare_status brief_read(struct console *self, const char *line)
{
    const char *at = line + strlen(line);
    double value;
    char unit[4];
    for (int words = 0; words < 2; words++) {
        while (at > line && isspace((unsigned char)at[-1]))
            at--;
        while (at > line && !isspace((unsigned char)at[-1]))
            at--;
    }
    return duration_take(&at, &value, unit) ? result_add(self, value, unit) : wrong(self, "mean");
}

static enum tare_status name_line(struct console *self, const char *line)
{
    size_t length = counts_find(line);
    if (line[strspn(line, " \t")] == '\0')
        return TARE_OK;
    if (is_rule(line) || strspn(line, "=") > 20 || strspn(line, ".") > 20) {
        self->state = is_rule(line) ? CONSOLE_CASE : CONSOLE_TEXT;
        strbuf_clear(&self->name);
        if (is_rule(line))
            strbuf_clear(&self->test_case);
        return TARE_OK;
    }
    name_add(&self->name, line, length > 0 ? length : strlen(line));
    if (length > 0 && self->brief)
        return brief_read(self, line);
    if (length > 0)
        self->state = CONSOLE_MEAN;
    return TARE_OK;
}

static enum tare_status mean_line(struct console *self, const char *line)
{
    double value = 0;
    char unit[4];
    bool failed = strstr(line, "Benchmark failed") != NULL;
    if (line[strspn(line, " \t")] == '\0')
        return TARE_OK;
    if (!failed && !durations_read(line, &value, unit))
        return wrong(self, "means");
    self->state = failed ? CONSOLE_NAME : CONSOLE_SPREAD;
    return result_add(self, value, failed ? NULL : unit);
}

static enum tare_status console_line(struct console *self, const char *line)
{
    double value;
    char unit[4];
    switch (self->state) {
    case CONSOLE_NAME:
        return name_line(self, line);
    case CONSOLE_MEAN:
        return mean_line(self, line);
    case CONSOLE_SPREAD:
        self->state = CONSOLE_NAME;
        return durations_read(line, &value, unit) ? TARE_OK : name_line(self, line);
    case CONSOLE_HEADER:
        if (is_rule(line))
            self->state = CONSOLE_NAME;
        return TARE_OK;
    case CONSOLE_TEXT:
    case CONSOLE_CASE:
        break;
    }
    if (strncmp(line, "benchmark name", 14) == 0) {
        self->state = CONSOLE_HEADER;
        self->brief = strstr(line, " mean") != NULL;
    } else if (is_rule(line)) {
        self->state = self->state == CONSOLE_TEXT ? CONSOLE_CASE : CONSOLE_TEXT;
        if (self->state == CONSOLE_CASE)
            strbuf_clear(&self->test_case);
    } else if (self->state == CONSOLE_CASE) {
        if (self->test_case.length > 0)
            strbuf_add_char(&self->test_case, '/');
        strbuf_add_text(&self->test_case, line + strspn(line, " "));
    }
    return TARE_OK;
}

static enum tare_status console_read(struct import_session *session, struct tare_error *error)
{
    char *line = NULL;
    size_t length = 0;
    struct import_source *source = session->import->source;
    struct console self = {.session = session, .error = error};
    strbuf_init(&self.test_case);
    strbuf_init(&self.name);
    enum tare_status status;
    while ((status = import_source_line(source, &line, &length, error)) == TARE_OK &&
           line != NULL) {
        import_session_digest(session, line, length + 1);
        status = console_line(&self, line);
        if (status != TARE_OK)
            break;
    }
    if (status == TARE_OK && self.state == CONSOLE_MEAN)
        status = wrong(&self, "means");
    if (status == TARE_OK && self.results == 0)
        status = error_set(error, TARE_E_SYNTAX, "%s holds no benchmark of Catch2", source->name);
    if (status == TARE_OK && (self.name.failed || self.test_case.failed))
        status = error_memory(error);
    strbuf_release(&self.test_case);
    strbuf_release(&self.name);
    return status;
}

enum tare_status catch2_read(struct import *import, struct tare_error *error)
{
    const char *head;
    size_t size;
    struct import_session session = {0};
    const struct import_origin origin = {0};
    enum tare_status status = import_source_peek(import->source, &head, &size, error);
    if (status != TARE_OK)
        return status;
    bool xml = json_head_first(head, size) == '<';
    status = import_session_begin(&session, import, &origin, error);
    if (status == TARE_OK)
        status = xml ? catch2_xml_read(&session, error) : console_read(&session, error);
    if (status == TARE_OK)
        status = import_session_flush(&session, error);
    import_session_release(&session);
    return status;
}
