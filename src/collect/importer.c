#include "collect/importer.h"

#include "base/file.h"
#include "collect/importer_format.h"
#include "collect/importer_folder.h"
#include "collect/importer_json.h"
#include "collect/importer_source.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* The formats. To add one:
 *
 *  1. src/collect/format_NAME.c with a probe and a reader (collect/importer_session.h makes ids
 *     and units, importer_json.h reads JSON, importer_source.h lines), declared in
 * importer_format.h, named in src/collect/meson.build;
 *  2. a row here, in order of names;
 *  3. tests/data/formats/NAME/ with at least one file of your own, small but with every trap of
 *     the format, what it comes to in tests/data/formats-expected/, and a test of what is refused;
 *  4. a section "## NAME" in docs/formats.md, and the name in tests/fuzz/meson.build.
 *
 * test_importer.c walks this table: a row without its fixture or its section, a probe that does
 * not know its own fixture best, or that takes another's, fails there. */
const struct importer importers[] = {
    {"asv", "results of airspeed velocity", asv_probe, asv_read},
    {"benchmarkdotnet", "BenchmarkDotNet's full JSON", benchmarkdotnet_probe,
     benchmarkdotnet_read},
    {"bmf", "Bencher Metric Format (JSON)", bmf_probe, bmf_read},
    {"cargo-criterion", "cargo-criterion's messages (JSON Lines)", cargo_criterion_probe,
     cargo_criterion_read},
    {"catch2", "Catch2's console and XML reports", catch2_probe, catch2_read},
    {"criterion", "Criterion's folders (target/criterion)", criterion_probe, criterion_read},
    {"csv", "one row a measurement, or one column a metric", csv_probe, csv_read},
    {"github-action-benchmark", "custom results (JSON) and whole histories (data.js)",
     github_probe, github_read},
    {"go", "Go's benchmark text", go_probe, go_read},
    {"google-benchmark", "Google Benchmark's JSON", google_probe, google_read},
    {"hyperfine", "hyperfine --export-json", hyperfine_probe, hyperfine_read},
    {"jmh", "JMH's JSON", jmh_probe, jmh_read},
    {"jsonl", "tare's own export, one session a line", jsonl_probe, jsonl_read},
    {"openmetrics", "OpenMetrics text", openmetrics_probe, openmetrics_read},
    {"pytest-benchmark", "pytest-benchmark's JSON", pytest_probe, pytest_read},
};
const size_t importer_count = sizeof importers / sizeof importers[0];

enum tare_status importers_check(struct tare_error *error)
{
    for (size_t i = 0; i < importer_count; i++) {
        const struct importer *row = &importers[i];
        if (row->name == NULL || row->description == NULL || row->probe == NULL ||
            row->read == NULL)
            return error_set(error, TARE_E_USAGE, "the importer '%s' lacks a part",
                             row->name != NULL ? row->name : "?");
        if (i > 0 && strcmp(importers[i - 1].name, row->name) >= 0)
            return error_set(error, TARE_E_USAGE, "the importer '%s' is out of order", row->name);
    }
    return TARE_OK;
}

const struct importer *importer_find(const char *name)
{
    for (size_t i = 0; i < importer_count; i++)
        if (strcmp(importers[i].name, name) == 0)
            return &importers[i];
    return NULL;
}

const struct importer *importer_probe(const char *head, size_t size, const char *file_name)
{
    const struct importer *best = NULL;
    int best_score = 0;
    for (size_t i = 0; i < importer_count; i++) {
        int score = importers[i].probe(head, size, file_name);
        if (score > best_score) {
            best = &importers[i];
            best_score = score;
        }
    }
    return best;
}

static enum tare_status format_unknown(const char *format, struct tare_error *error)
{
    char names[320] = "auto";
    for (size_t i = 0; i < importer_count; i++) {
        size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, ", %s", importers[i].name);
    }
    return error_set(error, TARE_E_USAGE, "there is no format '%.60s': the formats are %s", format,
                     names);
}

/* Sets `*importer` by name or content. */
static enum tare_status importer_choose(const char *format, struct import_source *source,
                                        const struct importer **importer, struct tare_error *error)
{
    const char *head;
    size_t size;
    if (strcmp(format, "auto") != 0) {
        *importer = importer_find(format);
        return *importer != NULL ? TARE_OK : format_unknown(format, error);
    }
    enum tare_status status = import_source_peek(source, &head, &size, error);
    if (status != TARE_OK)
        return status;
    if (size == 0)
        return error_set(error, TARE_E_SYNTAX, "%s is empty", source->name);
    *importer = importer_probe(head, size, file_base_name(source->name));
    if (*importer == NULL)
        return error_set(error, TARE_E_SYNTAX,
                         "%s is in no format that tare knows: name one instead of 'auto'",
                         source->name);
    return TARE_OK;
}

/* Names out of a file are in messages: nothing of them may steer a terminal. */
static void message_clean(struct tare_error *error)
{
    for (char *at = error->message; *at != '\0'; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            *at = '?';
}

static enum tare_status source_read(const char *format, struct import_source *source,
                                    const char *folder_digest,
                                    const struct import_options *options, import_emit emit,
                                    void *emit_ctx, struct import_result *result,
                                    struct tare_error *error)
{
    const struct importer *importer = NULL;
    enum tare_status status = importer_choose(format, source, &importer, error);
    if (status != TARE_OK)
        return status;
    struct import import = {importer, source, options, emit, emit_ctx, result, folder_digest};
    result->formats |= UINT32_C(1) << (importer - importers);
    result->files++;
    status = importer->read(&import, error);
    if (status != TARE_OK && error != NULL)
        message_clean(error);
    return status;
}

enum tare_status import_file(const char *format, const char *path, const char *folder_digest,
                             const struct import_options *options, import_emit emit,
                             void *emit_ctx, struct import_result *result,
                             struct tare_error *error)
{
    struct import_source source;
    enum tare_status status = import_source_open(&source, path, options, error);
    if (status != TARE_OK)
        return status;
    status = source_read(format, &source, folder_digest, options, emit, emit_ctx, result, error);
    import_source_close(&source);
    return status;
}

enum tare_status import_path(const char *format, const char *path,
                             const struct import_options *options, import_emit emit,
                             void *emit_ctx, struct import_result *result,
                             struct tare_error *error)
{
    struct stat info;
    if (strcmp(format, "auto") != 0 && importer_find(format) == NULL)
        return format_unknown(format, error);
    if (strcmp(path, "-") != 0 && stat(path, &info) == 0 && S_ISDIR(info.st_mode))
        return import_folder(format, path, options, emit, emit_ctx, result, error);
    return import_file(format, path, NULL, options, emit, emit_ctx, result, error);
}

enum tare_status import_bytes(const char *format, const char *name, const void *bytes, size_t size,
                              const struct import_options *options, import_emit emit,
                              void *emit_ctx, struct import_result *result,
                              struct tare_error *error)
{
    struct import_source source;
    enum tare_status status = import_source_open_bytes(&source, name, bytes, size, options, error);
    if (status != TARE_OK)
        return status;
    status = source_read(format, &source, NULL, options, emit, emit_ctx, result, error);
    import_source_close(&source);
    return status;
}
