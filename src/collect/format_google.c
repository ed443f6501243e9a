/* Google Benchmark's JSON: one session a file. Rows of one run_name and thread count are the
 * repetitions of one benchmark; aggregates are read only where there are no repetitions. */
#include "base/clock.h"
#include "base/strbuf.h"
#include "collect/importer_document.h"
#include "collect/importer_format.h"

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

static bool same_benchmark(const struct place *row, const struct place *other)
{
    const char *name = row_benchmark(row), *others = row_benchmark(other);
    return name != NULL && others != NULL && strcmp(name, others) == 0;
}

/* The rows of a benchmark stand together: its repetitions before, its median behind its mean. */
static bool repetitions_before(const struct place *rows, const struct place *row, size_t index)
{
    for (size_t i = index; i-- > 0;) {
        struct place before = place_item(rows, i);
        if (!same_benchmark(row, &before))
            return false;
        if (!is_aggregate(&before))
            return true;
    }
    return false;
}

static bool median_behind(const struct place *rows, const struct place *row, size_t index)
{
    for (size_t i = index + 1; i < place_count(rows); i++) {
        struct place behind = place_item(rows, i);
        const char *kind = place_text(&behind, "aggregate_name");
        if (!same_benchmark(row, &behind))
            return false;
        if (kind != NULL && strcmp(kind, "median") == 0)
            return true;
    }
    return false;
}

/* Of the aggregates one stands for the benchmark: the median, else the mean. Older files have
 * aggregates without a name of their kind; those are results like any other. */
static bool aggregate_stands(const struct place *rows, const struct place *row, size_t index)
{
    const char *kind = place_text(row, "aggregate_name");
    if (kind == NULL)
        return !json_object_get(row->value, "rms") && !json_object_get(row->value, "big_o");
    if (repetitions_before(rows, row, index))
        return false;
    return strcmp(kind, "median") == 0 ||
           (strcmp(kind, "mean") == 0 && !median_behind(rows, row, index));
}

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

/* Complexity rows have no real_time; "cv" and "stddev" are no times whatever they say; what was
 * skipped, and did not fail, was not measured. */
static bool row_counts(const struct place *rows, const struct place *row, size_t index)
{
    bool failed = row_failed(row);
    if (is_aggregate(row) && !aggregate_stands(rows, row, index))
        return false;
    return failed || (!place_true(row, "skipped") && json_object_get(row->value, "real_time"));
}

static enum tare_status row_read(struct import_session *session, const struct place *rows,
                                 size_t index, struct tare_error *error)
{
    struct place row = place_item(rows, index), place = place_member(&row, "name");
    const char *text, *unit = place_text(&row, "time_unit");
    bool failed = row_failed(&row);
    enum tare_status status = place_need_text(&place, &text, error);
    if (status != TARE_OK)
        return status;
    if (!row_counts(rows, &row, index)) {
        session->import->result->ignored++;
        return TARE_OK;
    }
    char *name = row_name(&row);
    if (name == NULL)
        return error_memory(error);
    struct import_measure real = {.benchmark = name, .unit = unit, .fine = true};
    struct import_measure cpu = {
        .benchmark = name, .measure = "cpu_time", .unit = unit, .fine = true};
    if (real.unit == NULL)
        real.unit = cpu.unit = "ns";
    if (failed)
        import_failure_note(session->import, name, place_text(&row, "error_message"));
    status = time_add(session, &row, "real_time", &real, failed, error);
    if (status == TARE_OK && (failed || place_has(&row, "cpu_time")))
        status = time_add(session, &row, "cpu_time", &cpu, failed, error);
    if (status == TARE_OK && !failed)
        status = counters_add(session, &row, name, error);
    free(name);
    return status;
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

static enum tare_status rows_read(struct import_session *session, const struct place *document,
                                  struct tare_error *error)
{
    struct place rows = place_member(document, "benchmarks");
    enum tare_status status = place_need_array(&rows, error);
    for (size_t i = 0; i < place_count(&rows) && status == TARE_OK; i++)
        status = row_read(session, &rows, i, error);
    return status;
}

enum tare_status google_read(struct import *import, struct tare_error *error)
{
    static const struct document_format format = {origin_read, rows_read};
    return import_document(import, &format, error);
}
