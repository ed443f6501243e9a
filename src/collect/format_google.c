/* Google Benchmark's JSON: one session a file. Rows of one run_name and thread count are the
 * repetitions of one benchmark; aggregates are read only where there are no repetitions. */
#include "base/clock.h"
#include "base/strbuf.h"
#include "collect/importer_document.h"
#include "collect/importer_format.h"
#include "collect/importer_source.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int google_probe(const char *head, size_t size, const char *file_name)
{
    (void)file_name;
    if (json_head_first(head, size) != '{' || !json_head_has(head, size, 1, "context"))
        return 0;
    return json_head_has(head, size, 2, "num_cpus") ||
                   (json_head_has(head, size, 2, "real_time") &&
                    json_head_has(head, size, 2, "time_unit"))
               ? 95
               : 0;
}

/* Members of a row that are not counters. */
static const char *const row_members[] = {"name",
                                          "family_index",
                                          "per_family_instance_index",
                                          "run_name",
                                          "run_type",
                                          "repetitions",
                                          "repetition_index",
                                          "threads",
                                          "aggregate_name",
                                          "aggregate_unit",
                                          "iterations",
                                          "real_time",
                                          "cpu_time",
                                          "time_unit",
                                          "error_occurred",
                                          "error_message",
                                          "skipped",
                                          "skip_message",
                                          "label",
                                          "big_o",
                                          "rms",
                                          "cpu_coefficient",
                                          "real_coefficient"};

static bool is_counter(const char *key, const json_t *value)
{
    for (size_t i = 0; i < sizeof row_members / sizeof row_members[0]; i++)
        if (strcmp(key, row_members[i]) == 0)
            return false;
    return json_is_number(value) || (json_is_string(value) && json_string_length(value) == 0);
}

static bool is_aggregate(const struct place *row)
{
    const char *type = place_text(row, "run_type");
    return (type != NULL && strcmp(type, "aggregate") == 0) ||
           place_text(row, "aggregate_name") != NULL;
}

/* The benchmark's identity; run_name is missing in old files. */
static const char *row_benchmark(const struct place *row)
{
    const char *name = place_text(row, "run_name");
    return name != NULL ? name : place_text(row, "name");
}

/* Where in the document it is. The rows of a benchmark stand together: its repetitions before its
 * aggregates, its median behind its mean. */
struct google_reader {
    char *benchmark; /* of the row before; owned */
    bool repeated;   /* repetitions of it were among the rows */
    json_t *mean;    /* its row, which stands for the benchmark unless a median comes; owned */
    size_t mean_index;
    const struct place *rows;
};

/* "/threads:4" is in the name only when the program asked for it that way. */
static char *row_name(const struct place *row)
{
    struct strbuf name;
    const char *text = row_benchmark(row);
    double threads = place_number(row, "threads", 1);
    strbuf_init(&name);
    strbuf_add_text(&name, text);
    if (threads > 1 && strstr(text, "/threads:") == NULL)
        strbuf_add_format(&name, "/threads:%.0f", threads);
    return strbuf_detach(&name);
}

static bool row_failed(const struct place *row)
{
    return place_true(row, "error_occurred") || place_text(row, "error_message") != NULL;
}

static enum tare_status time_add(struct import_session *session, const struct place *row,
                                 const char *member, struct import_measure *measure, bool failed,
                                 struct tare_error *error)
{
    struct import_slot slot;
    struct place place = place_member(row, member);
    double value = NAN;
    enum tare_status status = failed ? TARE_OK : place_need_number(&place, &value, error);
    if (status == TARE_OK)
        status = import_session_slot(session, measure, &slot, error);
    if (status == TARE_OK)
        status = import_session_value(session, &slot, 0, value, error);
    return status;
}

/* A counter's direction is nowhere stated, but for rates. */
static enum tare_status counters_add(struct import_session *session, const struct place *row,
                                     const char *name, struct tare_error *error)
{
    const char *key;
    json_t *value;
    enum tare_status status = TARE_OK;
    json_object_foreach(row->value, key, value)
    {
        if (status != TARE_OK || !is_counter(key, value))
            continue;
        bool rate = strstr(key, "_per_second") != NULL;
        struct import_measure measure = {.benchmark = name,
                                         .measure = key,
                                         .better = rate ? TARE_HIGHER : TARE_LOWER,
                                         .guessed = !rate,
                                         .unit = strcmp(key, "bytes_per_second") == 0   ? "B/s"
                                                 : strcmp(key, "items_per_second") == 0 ? "items/s"
                                                                                        : ""};
        status = import_session_add(session, &measure,
                                    json_is_number(value) ? json_number_value(value) : NAN, error);
    }
    return status;
}

/* Complexity rows have no real_time; what was skipped, and did not fail, was not measured. */
static bool row_measured(const struct place *row)
{
    return row_failed(row) || (!place_true(row, "skipped") && place_has(row, "real_time"));
}

static enum tare_status values_add(struct import_session *session, const struct place *row,
                                   struct tare_error *error)
{
    bool failed = row_failed(row);
    char *name = row_name(row);
    if (name == NULL)
        return error_memory(error);
    struct import_measure real = {
        .benchmark = name, .unit = place_text(row, "time_unit"), .fine = true};
    if (real.unit == NULL)
        real.unit = "ns";
    struct import_measure cpu = real;
    cpu.measure = "cpu_time";
    if (failed)
        import_failure_note(session->import, name, place_text(row, "error_message"));
    enum tare_status status = time_add(session, row, "real_time", &real, failed, error);
    if (status == TARE_OK && (failed || place_has(row, "cpu_time")))
        status = time_add(session, row, "cpu_time", &cpu, failed, error);
    if (status == TARE_OK && !failed)
        status = counters_add(session, row, name, error);
    free(name);
    return status;
}

/* The mean that was kept back, where no median came. */
static enum tare_status mean_add(struct import_session *session, struct google_reader *self,
                                 struct tare_error *error)
{
    if (self->mean == NULL)
        return TARE_OK;
    struct place row = {.parent = self->rows,
                        .index = self->mean_index,
                        .file = session->import->source->name,
                        .value = self->mean};
    enum tare_status status = values_add(session, &row, error);
    json_decref(self->mean);
    self->mean = NULL;
    return status;
}

/* Another benchmark begins: what is left of the one before is said. */
static enum tare_status benchmark_turn(struct import_session *session, struct google_reader *self,
                                       const struct place *row, struct tare_error *error)
{
    const char *benchmark = row_benchmark(row);
    self->rows = row->parent;
    if (self->benchmark != NULL && strcmp(self->benchmark, benchmark) == 0)
        return TARE_OK;
    enum tare_status status = mean_add(session, self, error);
    free(self->benchmark);
    self->benchmark = strdup(benchmark);
    self->repeated = false;
    return self->benchmark == NULL && status == TARE_OK ? error_memory(error) : status;
}

/* Of the aggregates one stands for a benchmark without repetitions: the median, else the mean;
 * "cv" and "stddev" are no times whatever they say. */
static enum tare_status aggregate_read(struct import_session *session, struct google_reader *self,
                                       const struct place *row, const char *kind,
                                       struct tare_error *error)
{
    bool mean = strcmp(kind, "mean") == 0, median = strcmp(kind, "median") == 0;
    uint64_t *ignored = &session->import->result->ignored;
    if (self->repeated || !row_measured(row) || !(mean || median)) {
        ++*ignored;
        return TARE_OK;
    }
    if (mean) {
        enum tare_status status = mean_add(session, self, error);
        self->mean = json_incref(row->value);
        self->mean_index = row->index;
        return status;
    }
    *ignored += self->mean != NULL;
    json_decref(self->mean);
    self->mean = NULL;
    return values_add(session, row, error);
}

/* Older files have aggregates without a name of their kind; those are results like any other. */
static enum tare_status row_read(struct import_session *session, const struct place *row,
                                 void *state, struct tare_error *error)
{
    struct google_reader *self = state;
    const char *text, *kind = place_text(row, "aggregate_name");
    struct place name = place_member(row, "name");
    enum tare_status status = place_need_text(&name, &text, error);
    if (status == TARE_OK)
        status = benchmark_turn(session, self, row, error);
    if (status != TARE_OK)
        return status;
    if (kind != NULL)
        return aggregate_read(session, self, row, kind, error);
    self->repeated |= !is_aggregate(row);
    if (row_measured(row) && !place_has(row, "rms") && !place_has(row, "big_o"))
        return values_add(session, row, error);
    session->import->result->ignored++;
    return TARE_OK;
}

static enum tare_status rows_end(struct import_session *session, void *state,
                                 struct tare_error *error)
{
    return mean_add(session, state, error);
}

static void origin_read(const struct place *document, struct document_origin *to)
{
    struct place context = place_member(document, "context");
    const char *date = place_text(&context, "date");
    if (date != NULL)
        clock_parse(date, &to->origin.time_ns);
    double mhz = place_number(&context, "mhz_per_cpu", NAN);
    double cores = place_number(&context, "num_cpus", 0);
    if (cores >= 1 && cores < 1e6)
        to->origin.machine.cores = (uint32_t)cores;
    /* The host's name is a new one for every run of a CI service: no environment. */
    if (mhz >= 50) {
        snprintf(to->text[0], sizeof to->text[0], "%.1f GHz", mhz / 1000);
        to->origin.machine.cpu = to->text[0];
    }
}

enum tare_status google_read(struct import *import, struct tare_error *error)
{
    static const char *const path[] = {"benchmarks", NULL};
    static const struct document_format format = {
        .path = path, .origin = origin_read, .row = row_read, .end = rows_end};
    struct google_reader reader = {0};
    enum tare_status status = import_document(import, &format, &reader, error);
    free(reader.benchmark);
    json_decref(reader.mean);
    return status;
}
