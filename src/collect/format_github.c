/* github-action-benchmark: what its custom tools take, `[{name, unit, value}]`, as one session;
 * and the history it keeps, data.js, as one session an entry, at its commit and date, labelled
 * suite=NAME. */
#include "collect/importer_document.h"
#include "collect/importer_format.h"
#include "collect/importer_rows.h"
#include "collect/importer_source.h"
#include "collect/importer_unit.h"
#include "model/labels.h"

#include <stdlib.h>
#include <string.h>

int github_probe(const char *head, size_t size, const char *file_name)
{
    (void)file_name;
    if (json_head_has(head, size, 1, "entries") &&
        (json_head_first(head, size) == '{' || strncmp(head, "window.BENCHMARK_DATA", 21) == 0))
        return 95;
    return json_head_first(head, size) == '[' && json_head_has(head, size, 1, "name") &&
                   json_head_has(head, size, 1, "unit") && json_head_has(head, size, 1, "value")
               ? 90
               : 0;
}

/* Tools whose results are rates; those of `go` and `jmh` go by the unit, and so do rates that turn
 * out to be times: scripts hand in under `pytest` what they timed themselves. */
static const char *const higher_tools[] = {"customBiggerIsBetter"};
static const char *const rate_tools[] = {"benchmarkjs", "pytest"};
static const char *const lower_tools[] = {
    "customSmallerIsBetter", "cargo",        "googlecpp", "catch2", "julia",
    "benchmarkdotnet",       "benchmarkluau"};

static bool tool_among(const char *tool, const char *const *tools, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (tool != NULL && strcmp(tool, tools[i]) == 0)
            return true;
    return false;
}

/* The two custom formats look the same: their names tell them apart, else the unit. */
static void direction_find(const char *tool, const char *file_name, const char *unit,
                           struct import_measure *measure)
{
    bool sure;
    measure->better = import_unit_better(unit, &sure);
    measure->guessed = !sure;
    bool rate = tool_among(tool, rate_tools, sizeof rate_tools / sizeof rate_tools[0]) &&
                !(sure && measure->better == TARE_LOWER);
    if (rate || tool_among(tool, higher_tools, sizeof higher_tools / sizeof higher_tools[0]) ||
        (tool == NULL && strstr(file_name, "bigger") != NULL)) {
        measure->better = TARE_HIGHER;
        measure->guessed = false;
    } else if (tool_among(tool, lower_tools, sizeof lower_tools / sizeof lower_tools[0]) ||
               (tool == NULL && strstr(file_name, "smaller") != NULL)) {
        measure->better = TARE_LOWER;
        measure->guessed = false;
    }
}

static enum tare_status bench_read(struct import_session *session, const struct place *bench,
                                   const char *tool, struct tare_error *error)
{
    double value;
    struct import_measure measure = {.fine = true};
    struct place name = place_member(bench, "name"), number = place_member(bench, "value");
    measure.unit = place_text(bench, "unit");
    if (tool != NULL && place_own_text(&name) != NULL && place_own_text(&name)[0] == '\0') {
        session->import->result->ignored++; /* a history's tool misread what it was given */
        return TARE_OK;
    }
    enum tare_status status = place_need_text(&name, &measure.benchmark, error);
    if (status == TARE_OK)
        status = place_need_number(&number, &value, error);
    if (status != TARE_OK)
        return status;
    direction_find(tool, session->import->source->name, measure.unit, &measure);
    return import_session_add(session, &measure, value, error);
}

static enum tare_status benches_read(struct import_session *session, const struct place *benches,
                                     const char *tool, struct tare_error *error)
{
    enum tare_status status = place_need_array(benches, error);
    for (size_t i = 0; i < place_count(benches) && status == TARE_OK; i++) {
        struct place bench = place_item(benches, i);
        status = bench_read(session, &bench, tool, error);
    }
    return status;
}

static enum tare_status custom_row(struct import_session *session, const struct place *row,
                                   void *state, struct tare_error *error)
{
    (void)state;
    return bench_read(session, row, NULL, error);
}

/* The digest of an entry's own content: a history that grew, or lost its oldest entries, has the
 * same ones in it. */
static enum tare_status entry_digest(struct import_session *session, const struct place *entry,
                                     struct tare_error *error)
{
    char *text = json_dumps(entry->value, JSON_SORT_KEYS | JSON_COMPACT);
    if (text == NULL)
        return error_memory(error);
    import_session_digest(session, text, strlen(text));
    free(text);
    return TARE_OK;
}

static enum tare_status entry_read(struct import *import, const struct place *entry,
                                   const struct import_origin *common, struct tare_error *error)
{
    struct import_session session = {0};
    struct import_origin origin = *common;
    struct place commit = place_member(entry, "commit"), date = place_member(entry, "date");
    struct place benches = place_member(entry, "benches");
    double date_ms;
    enum tare_status status = place_need_object(entry, error);
    if (status == TARE_OK)
        status = place_need_number(&date, &date_ms, error);
    if (status == TARE_OK && !(date_ms > 0 && date_ms < 9e12))
        status = place_wrong(&date, "milliseconds since 1970", error);
    if (status != TARE_OK)
        return status;
    origin.time_ns = (int64_t)date_ms * 1000000;
    origin.commit = place_text(&commit, "id");
    status = import_session_begin(&session, import, &origin, error);
    if (status == TARE_OK)
        status = entry_digest(&session, entry, error);
    if (status == TARE_OK)
        status = benches_read(&session, &benches, place_text(entry, "tool"), error);
    if (status == TARE_OK)
        status = import_session_flush(&session, error);
    import_session_release(&session);
    return status;
}

/* "https://github.com/user/repo/" is about "repo". NULL: no memory, or nothing there. */
static char *app_name(const char *url)
{
    size_t end = url != NULL ? strlen(url) : 0;
    while (end > 0 && url[end - 1] == '/')
        end--;
    size_t begin = end;
    while (begin > 0 && url[begin - 1] != '/')
        begin--;
    return end > begin ? strndup(url + begin, end - begin) : NULL;
}

/* The suites are arrays, or the rows between them would be missed. */
static enum tare_status suites_check(const struct place *entries, struct tare_error *error)
{
    const char *key;
    json_t *value;
    enum tare_status status = place_need_object(entries, error);
    json_object_foreach(entries->value, key, value)
    {
        struct place suite = place_member(entries, key);
        if (status == TARE_OK)
            status = place_need_array(&suite, error);
    }
    return status;
}

static enum tare_status entries_read(struct import *import, struct import_rows *rows,
                                     const char *app, struct tare_error *error)
{
    bool more = true;
    enum tare_status status = TARE_OK;
    while (status == TARE_OK && more) {
        struct place entry;
        status = import_rows_next(rows, &entry, &more, error);
        if (status != TARE_OK || !more)
            break;
        char *label = labels_pair("suite", rows->key);
        const struct import_origin origin = {.app = app, .labels = label};
        status = label != NULL ? entry_read(import, &entry, &origin, error) : error_memory(error);
        free(label);
    }
    return status;
}

static enum tare_status history_read(struct import *import, struct tare_error *error)
{
    static const char *const path[] = {"entries", "*", NULL};
    struct import_rows rows;
    enum tare_status status = import_rows_open(&rows, import, path, error);
    if (status != TARE_OK)
        return status;
    struct place entries = import_rows_place(&rows);
    char *app = app_name(place_text(&rows.places[0], "repoUrl"));
    status = suites_check(&entries, error);
    if (status == TARE_OK)
        status = entries_read(import, &rows, app, error);
    free(app);
    import_rows_close(&rows);
    return status;
}

enum tare_status github_read(struct import *import, struct tare_error *error)
{
    static const char *const path[] = {NULL};
    static const struct document_format custom = {.path = path, .row = custom_row};
    const char *head;
    size_t size;
    enum tare_status status = import_source_peek(import->source, &head, &size, error);
    if (status != TARE_OK)
        return status;
    return json_head_first(head, size) == '[' ? import_document(import, &custom, NULL, error)
                                              : history_read(import, error);
}
