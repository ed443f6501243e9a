/* tare's own export: one session a line. Session ids, units, metrics and measurements are taken as
 * they stand, so that a store comes back as it was. Bounded by the longest line. */
#include "base/error.h"
#include "collect/importer_format.h"
#include "collect/importer_jsonl.h"
#include "collect/importer_source.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

int jsonl_probe(const char *head, size_t size, const char *file_name)
{
    (void)file_name;
    return json_head_first(head, size) == '{' && json_head_has(head, size, 1, "session") &&
                   (json_head_has(head, size, 1, "measurements") ||
                    json_head_has(head, size, 2, "started_at"))
               ? 95
               : 0;
}

static bool is_uuid(const char *text)
{
    static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    size_t i = 0;
    for (; text != NULL && shape[i] != '\0'; i++)
        if (shape[i] == '-' ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
            return false;
    return text != NULL && text[i] == '\0';
}

static enum tare_status words_read(const struct place *session, struct import_origin *origin,
                                   struct tare_error *error)
{
    const char *outcome = place_text(session, "outcome");
    const char *temperature = place_text(session, "temperature");
    struct place place = place_member(session, "outcome");
    if (outcome != NULL && !outcome_parse(outcome, &origin->outcome))
        return place_wrong(&place, "ok, failed, crashed or running", error);
    place = place_member(session, "temperature");
    if (temperature != NULL && !temperature_parse(temperature, &origin->temperature))
        return place_wrong(&place, "warm or cold", error);
    return TARE_OK;
}

/* A name, or what it is made of. */
static void environment_read(const struct place *session, struct import_origin *origin)
{
    struct place machine = place_member(session, "environment");
    origin->environment = place_own_text(&machine);
    if (origin->environment != NULL) {
        machine = place_member(session, "machine");
    } else {
        origin->environment = place_text(&machine, "key");
    }
    origin->machine.cpu = (char *)place_text(&machine, "cpu");
    origin->machine.os = (char *)place_text(&machine, "os");
    origin->machine.architecture = (char *)place_text(&machine, "architecture");
    double cores = place_number(&machine, "cores", 0);
    double memory_mb = place_number(&machine, "memory_mb", 0);
    origin->machine.cores = cores > 0 && cores < 1e6 ? (uint32_t)cores : 0;
    origin->machine.memory_mb = memory_mb > 0 && memory_mb < 1e12 ? (uint64_t)memory_mb : 0;
}

static enum tare_status origin_read(const struct place *session, struct import_origin *origin,
                                    struct tare_error *error)
{
    const char *id = place_text(session, "id");
    const struct place commit = place_member(session, "commit");
    *origin = (struct import_origin){.session_id = is_uuid(id) ? id : NULL,
                                     .app = place_text(session, "app"),
                                     .commit = place_text(session, "commit"),
                                     .branch = place_text(session, "branch"),
                                     .version = place_text(session, "version"),
                                     .labels = place_text(session, "labels"),
                                     .dirty = place_true(session, "dirty"),
                                     .whole = !place_is_missing(&commit)};
    environment_read(session, origin);
    enum tare_status status = place_need_object(session, error);
    if (status == TARE_OK)
        status = jsonl_time_read(session, "started_at", &origin->time_ns, error);
    if (status == TARE_OK)
        status = jsonl_time_read(session, "ended_at", &origin->ended_ns, error);
    if (status == TARE_OK)
        status = words_read(session, origin, error);
    return status;
}

/* Whose a row is: the session's, or another app's, environment's, … that measured in it. */
static enum tare_status owner_read(const struct place *row, const struct import_origin *session,
                                   struct import_origin *owner, struct tare_error *error)
{
    const char *word = place_text(row, "temperature"), *labels = place_text(row, "labels");
    const char *app = place_text(row, "app"), *environment = place_text(row, "environment");
    struct place place = place_member(row, "temperature");
    *owner = *session;
    if (word != NULL && !temperature_parse(word, &owner->temperature))
        return place_wrong(&place, "warm or cold", error);
    owner->app = app != NULL ? app : session->app;
    owner->labels = labels != NULL ? labels : session->labels;
    if (environment != NULL) {
        owner->environment = environment;
        environment_init(&owner->machine);
    }
    return TARE_OK;
}

static bool text_same(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

static bool owner_same(const struct import_origin *a, const struct import_origin *b)
{
    return a->temperature == b->temperature && text_same(a->app, b->app) &&
           text_same(a->environment, b->environment) && text_same(a->labels, b->labels);
}

/* What the session itself is; the same with every batch of it. */
static enum tare_status facts_read(const struct place *facts, const struct import_origin *origin,
                                   struct session *to, struct tare_error *error)
{
    const char *source = place_text(facts, "source");
    to->ended_ns = origin->ended_ns; /* 0: it has not ended, or nobody saw it */
    enum tare_status status = jsonl_count_read(facts, "dropped", 0, &to->dropped, error);
    if (status == TARE_OK)
        status = jsonl_count_read(facts, "condensed", 0, &to->condensed, error);
    if (status == TARE_OK && source != NULL) {
        free(to->source);
        to->source = strdup(source);
        status = to->source != NULL ? TARE_OK : error_memory(error);
    }
    return status;
}

/* A line as it is being read. */
struct line {
    struct import *import;
    const char *text;
    size_t length;
    struct place facts, rows;
    struct import_origin *owners; /* of the rows, the session itself before them; owned */
};

/* The rows of one owner, number `first` being the first that it owns, as one batch. */
static enum tare_status owner_emit(struct line *line, size_t first, struct tare_error *error)
{
    struct import_session session = {0};
    const struct import_origin *owner = &line->owners[first];
    size_t count = place_count(&line->rows);
    enum tare_status status = import_session_begin(&session, line->import, owner, error);
    import_session_digest(&session, line->text, line->length);
    if (first > 0)
        import_session_digest(&session, &first, sizeof first);
    session.keep_empty = first == 0;
    session.as_told = true;
    if (status == TARE_OK)
        status = facts_read(&line->facts, owner, &session.batch.session, error);
    for (size_t i = 0; i < count && status == TARE_OK; i++) {
        struct place row = place_item(&line->rows, i);
        if (owner_same(owner, &line->owners[i + 1]))
            status = jsonl_row_read(&session, &row, error);
    }
    if (status == TARE_OK)
        status = import_session_flush(&session, error);
    import_session_release(&session);
    return status;
}

/* The session's own measurements come first: the first batch says what the session is. */
static enum tare_status owners_emit(struct line *line, struct tare_error *error)
{
    size_t count = place_count(&line->rows);
    enum tare_status status = TARE_OK;
    for (size_t i = 0; i < count && status == TARE_OK; i++) {
        struct place row = place_item(&line->rows, i);
        status = owner_read(&row, &line->owners[0], &line->owners[i + 1], error);
    }
    for (size_t i = 0; i <= count && status == TARE_OK; i++) {
        bool met = false;
        for (size_t before = 0; before < i && !met; before++)
            met = owner_same(&line->owners[before], &line->owners[i]);
        if (!met)
            status = owner_emit(line, i, error);
    }
    return status;
}

static enum tare_status session_read(struct import *import, const struct place *document,
                                     const char *text, size_t length, struct tare_error *error)
{
    struct line line = {.import = import,
                        .text = text,
                        .length = length,
                        .facts = place_member(document, "session"),
                        .rows = place_member(document, "measurements")};
    enum tare_status status = TARE_OK;
    if (place_has(document, "measurements"))
        status = place_need_array(&line.rows, error);
    line.owners = calloc(place_count(&line.rows) + 1, sizeof *line.owners);
    if (line.owners == NULL)
        return error_memory(error);
    if (status == TARE_OK)
        status = origin_read(&line.facts, &line.owners[0], error);
    if (status == TARE_OK)
        status = owners_emit(&line, error);
    free(line.owners);
    return status;
}

static enum tare_status lines_read(struct import *import, struct json_tree *tree,
                                   struct tare_error *error)
{
    char *line;
    size_t length;
    enum tare_status status;
    while ((status = import_source_line(import->source, &line, &length, error)) == TARE_OK &&
           line != NULL) {
        struct place document;
        if (json_head_first(line, length) == '\0')
            continue;
        status = import_json_line(import->source->name, import->source->line, line, length, tree,
                                  &document, error);
        if (status == TARE_OK && place_has(&document, "day") && !place_has(&document, "session"))
            import->result->ignored++; /* a rollup has no session, and cannot be judged */
        else if (status == TARE_OK)
            status = session_read(import, &document, line, length, error);
        if (status != TARE_OK)
            return status;
    }
    return status;
}

enum tare_status jsonl_read(struct import *import, struct tare_error *error)
{
    struct json_tree tree;
    json_tree_init(&tree);
    enum tare_status status = lines_read(import, &tree, error);
    json_tree_release(&tree);
    return status;
}
