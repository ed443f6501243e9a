/* tare's own export: one session a line. Session ids, units and metrics are taken as they stand,
 * so that a store comes back as it was. Bounded by the longest line. */
#include "base/array.h"
#include "base/clock.h"
#include "collect/importer_format.h"
#include "collect/importer_json.h"
#include "collect/importer_session.h"
#include "collect/importer_source.h"
#include "model/unit.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
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

/* Times are RFC 3339; null and missing are 0. */
static enum tare_status time_read(const struct place *parent, const char *key, int64_t *time_ns,
                                  struct tare_error *error)
{
    const char *text;
    struct place place = place_member(parent, key);
    *time_ns = 0;
    if (!place_has(parent, key))
        return TARE_OK;
    enum tare_status status = place_need_text(&place, &text, error);
    if (status == TARE_OK && !clock_parse(text, time_ns))
        status = place_wrong(&place, "a time like 2026-01-31T12:34:56Z", error);
    return status;
}

static enum tare_status number_read(const struct place *parent, const char *key, double otherwise,
                                    double *number, struct tare_error *error)
{
    struct place place = place_member(parent, key);
    *number = otherwise;
    return place_has(parent, key) ? place_need_number(&place, number, error) : TARE_OK;
}

static enum tare_status count_read(const struct place *parent, const char *key, uint64_t otherwise,
                                   uint64_t *count, struct tare_error *error)
{
    double number;
    struct place place = place_member(parent, key);
    enum tare_status status = number_read(parent, key, (double)otherwise, &number, error);
    if (status == TARE_OK && !(number >= 0 && number < 9e15 && number == floor(number)))
        status = place_wrong(&place, "a whole number", error);
    if (status == TARE_OK)
        *count = (uint64_t)number;
    return status;
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
    if (json_is_string(machine.value)) {
        origin->environment = json_string_value(machine.value);
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
    *origin = (struct import_origin){.session_id = is_uuid(id) ? id : NULL,
                                     .app = place_text(session, "app"),
                                     .commit = place_text(session, "commit"),
                                     .branch = place_text(session, "branch"),
                                     .version = place_text(session, "version"),
                                     .labels = place_text(session, "labels"),
                                     .dirty = place_true(session, "dirty")};
    environment_read(session, origin);
    enum tare_status status = place_need_object(session, error);
    if (status == TARE_OK)
        status = time_read(session, "started_at", &origin->time_ns, error);
    if (status == TARE_OK)
        status = time_read(session, "ended_at", &origin->ended_ns, error);
    if (status == TARE_OK)
        status = words_read(session, origin, error);
    return status;
}

/* What a store knows of a metric beyond id and unit; all of it may be missing. */
static enum tare_status metric_read(const struct place *row, struct metric *metric,
                                    struct tare_error *error)
{
    const char *id, *unit = place_text(row, "unit"), *word = place_text(row, "better");
    struct place place = place_member(row, "metric_id");
    enum tare_status status = place_need_text(&place, &id, error);
    if (status == TARE_OK && !metric_id_valid(id))
        status = place_wrong(&place, "1 to 200 bytes without control characters", error);
    place = place_member(row, "better");
    if (status == TARE_OK && word != NULL && !better_parse(word, &metric->better))
        status = place_wrong(&place, "lower, higher or exact", error);
    word = place_text(row, "aggregate");
    place = place_member(row, "aggregate");
    if (status == TARE_OK && word != NULL && !aggregate_parse(word, &metric->aggregate))
        status = place_wrong(&place, "median, mean, sum, max, last, p95, p99, count or rate",
                             error);
    word = place_text(row, "category");
    place = place_member(row, "category");
    if (status == TARE_OK && word != NULL && !category_parse(word, &metric->category))
        status = place_wrong(&place, "core, secondary or custom", error);
    if (status == TARE_OK)
        status = metric_name(metric, id, place_text(row, "name"), unit, error);
    return status;
}

static enum tare_status metric_numbers_read(const struct place *row, struct metric *metric,
                                            struct tare_error *error)
{
    uint64_t warmup = 0;
    struct {
        const char *key;
        double *number;
    } numbers[] = {{"target", &metric->target},
                   {"warning_percent", &metric->warning_percent},
                   {"error_percent", &metric->error_percent},
                   {"min_change", &metric->min_change},
                   {"resolution", &metric->resolution},
                   {"weight", &metric->weight}};
    enum tare_status status = count_read(row, "warmup", 0, &warmup, error);
    metric->warmup = warmup < UINT32_MAX ? (uint32_t)warmup : 0;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0] && status == TARE_OK; i++)
        status = number_read(row, numbers[i].key, *numbers[i].number, numbers[i].number, error);
    return status;
}

/* A sample is a number, or {"time": …, "value": …}. */
static enum tare_status samples_read(const struct place *row, struct batch_part *part,
                                     int64_t time_ns, struct tare_error *error)
{
    struct place samples = place_member(row, "samples");
    enum tare_status status = place_need_array(&samples, error);
    for (size_t i = 0; i < place_count(&samples) && status == TARE_OK; i++) {
        struct place sample = place_item(&samples, i), value = sample;
        int64_t own_ns = 0;
        double number = NAN;
        if (json_is_object(sample.value)) {
            status = time_read(&sample, "time", &own_ns, error);
            value = place_member(&sample, "value");
        }
        if (status == TARE_OK)
            status = place_need_number(&value, &number, error);
        if (status == TARE_OK && !isfinite(number))
            status = place_wrong(&value, "a finite number", error);
        if (status == TARE_OK)
            status = batch_part_sample(part, own_ns != 0 ? own_ns : time_ns, number, error);
    }
    return status;
}

/* [index, count] pairs of model/batch.h, ascending. */
static enum tare_status buckets_read(const struct place *row, struct batch_part *part,
                                     struct tare_error *error)
{
    struct place buckets = place_member(row, "buckets");
    enum tare_status status = place_need_array(&buckets, error);
    for (size_t i = 0; i < place_count(&buckets) && status == TARE_OK; i++) {
        struct place pair = place_item(&buckets, i);
        double index = json_number_value(json_array_get(pair.value, 0));
        double count = json_number_value(json_array_get(pair.value, 1));
        bool fits = place_count(&pair) == 2 && fabs(index) < INT32_MAX && index == floor(index) &&
                    count >= 1 && count < 9e15 && count == floor(count);
        if (!fits || (i > 0 && (int32_t)index <= part->buckets[i - 1].index))
            return place_wrong(&pair, "[index, count], ascending", error);
        struct histogram_bucket *bucket = array_add(&part->buckets, &part->bucket_count,
                                                    sizeof *bucket);
        if (bucket == NULL)
            return error_memory(error);
        *bucket = (struct histogram_bucket){(int32_t)index, (uint64_t)count};
        part->n += (uint64_t)count;
    }
    return status;
}

/* Everything that was observed is there: exactly, or the rest of it in buckets. */
static enum tare_status observations_read(const struct place *row, struct batch_part *part,
                                          int64_t time_ns, struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    double mean;
    part->n = 0;
    if (place_has(row, "samples"))
        status = samples_read(row, part, time_ns, error);
    if (status != TARE_OK || !place_has(row, "buckets"))
        return status;
    status = buckets_read(row, part, error);
    if (status == TARE_OK)
        status = number_read(row, "min", part->min, &part->min, error);
    if (status == TARE_OK)
        status = number_read(row, "max", part->max, &part->max, error);
    if (status == TARE_OK)
        status = number_read(row, "mean", NAN, &mean, error);
    if (status == TARE_OK)
        status = number_read(row, "sum", mean * (double)part->n, &part->sum, error);
    if (status == TARE_OK && !(isfinite(part->sum) && isfinite(part->min) && isfinite(part->max)))
        status = place_wrong(row, "given with min, max and mean, where it has buckets", error);
    return status;
}

static enum tare_status summary_read(const struct place *row, struct batch_part *part,
                                     struct tare_error *error)
{
    double value;
    struct batch_summary summary = {.given = true};
    struct place place = place_member(row, "value");
    enum tare_status status = part->n > 0 ? place_need_number(&place, &value, error)
                                          : number_read(row, "value", NAN, &value, error);
    if (status == TARE_OK && part->n > 0 && !isfinite(value))
        status = place_wrong(&place, "a finite number", error);
    struct {
        const char *key;
        double *number;
    } numbers[] = {{"min", &part->min},   {"max", &part->max},   {"mean", &summary.mean},
                   {"p50", &summary.p50}, {"p95", &summary.p95}, {"p99", &summary.p99}};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0] && status == TARE_OK; i++)
        status = number_read(row, numbers[i].key, value, numbers[i].number, error);
    if (status == TARE_OK)
        status = number_read(row, "sum", summary.mean * (double)part->n, &part->sum, error);
    if (status != TARE_OK)
        return status;
    summary.value = value;
    part->summary = summary;
    return TARE_OK;
}

/* Without its observations a measurement is taken as it stands: putting it into the store it came
 * from changes nothing. */
static enum tare_status numbers_read(const struct place *row, struct batch_part *part,
                                     int64_t time_ns, struct tare_error *error)
{
    if (place_has(row, "samples") || place_has(row, "buckets"))
        return observations_read(row, part, time_ns, error);
    return summary_read(row, part, error);
}

static enum tare_status row_read(struct import_session *session, const struct place *row,
                                 struct tare_error *error)
{
    int64_t time_ns, window_ns;
    struct batch_part *part = batch_part_add(&session->batch);
    if (part == NULL)
        return error_memory(error);
    enum tare_status status = metric_read(row, &part->metric, error);
    if (status == TARE_OK)
        status = metric_numbers_read(row, &part->metric, error);
    if (status == TARE_OK)
        status = time_read(row, "time", &time_ns, error);
    if (status == TARE_OK)
        status = time_read(row, "window_start", &window_ns, error);
    if (status == TARE_OK)
        status = count_read(row, "n", 1, &part->n, error);
    if (status == TARE_OK)
        status = count_read(row, "failed", 0, &part->failed, error);
    if (status != TARE_OK)
        return status;
    if (time_ns == 0)
        time_ns = session->batch.session.started_ns;
    part->metric_described = true;
    part->window_start_ns = window_ns != 0 ? window_ns : session->batch.session.started_ns;
    part->first_ns = part->last_ns = time_ns;
    return numbers_read(row, part, time_ns, error);
}

static enum tare_status session_read(struct import *import, const struct place *document,
                                     const char *line, size_t length, struct tare_error *error)
{
    struct import_session session = {0};
    struct import_origin origin;
    struct place facts = place_member(document, "session");
    struct place rows = place_member(document, "measurements");
    const char *source = place_text(&facts, "source");
    enum tare_status status = origin_read(&facts, &origin, error);
    if (status == TARE_OK && place_has(document, "measurements"))
        status = place_need_array(&rows, error);
    if (status == TARE_OK)
        status = import_session_begin(&session, import, &origin, error);
    import_session_digest(&session, line, length);
    for (size_t i = 0; i < place_count(&rows) && status == TARE_OK; i++) {
        struct place row = place_item(&rows, i);
        status = row_read(&session, &row, error);
    }
    struct session *to = &session.batch.session;
    to->ended_ns = origin.ended_ns; /* 0: it has not ended, or nobody saw it */
    session.keep_empty = true;
    if (status == TARE_OK)
        status = count_read(&facts, "dropped", 0, &to->dropped, error);
    if (status == TARE_OK)
        status = count_read(&facts, "condensed", 0, &to->condensed, error);
    if (status == TARE_OK && source != NULL) {
        free(to->source);
        to->source = strdup(source);
        status = to->source != NULL ? TARE_OK : error_memory(error);
    }
    if (status == TARE_OK)
        status = import_session_flush(&session, error);
    import_session_release(&session);
    return status;
}

enum tare_status jsonl_read(struct import *import, struct tare_error *error)
{
    char *line;
    size_t length;
    enum tare_status status;
    while ((status = import_source_line(import->source, &line, &length, error)) == TARE_OK &&
           line != NULL) {
        json_t *root = NULL;
        if (json_head_first(line, length) == '\0')
            continue;
        status = import_json_parse(import->source->name, import->source->line, line, length, &root,
                                   error);
        if (status != TARE_OK)
            return status;
        struct place document = place_root(import->source->name, root);
        document.line = import->source->line;
        status = session_read(import, &document, line, length, error);
        json_decref(root);
        if (status != TARE_OK)
            return status;
    }
    return status;
}
