#include "collect/importer_jsonl.h"

#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum tare_status jsonl_time_read(const struct place *parent, const char *key, int64_t *time_ns,
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

/* Missing is `otherwise`, null is none. */
static enum tare_status nullable_read(const struct place *parent, const char *key,
                                      double otherwise, double *number, struct tare_error *error)
{
    const struct place place = place_member(parent, key);
    return number_read(parent, key, place_is_null(&place) ? NAN : otherwise, number, error);
}

enum tare_status jsonl_count_read(const struct place *parent, const char *key, uint64_t otherwise,
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

/* What a store knows of a metric beyond id and unit; all of it may be missing. */
static enum tare_status metric_read(const struct place *row, struct metric *metric,
                                    struct tare_error *error)
{
    const char *id, *unit = place_text(row, "unit"), *word = place_text(row, "better");
    struct place place = place_member(row, "metric_id");
    enum tare_status status = place_need_text(&place, &id, error);
    if (status == TARE_OK && !metric_id_valid(id))
        status = place_wrong(&place, "1 to 200 bytes of UTF-8 without control characters", error);
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
    const struct {
        const char *key;
        double *number;
    } numbers[] = {{"target", &metric->target},
                   {"warning_percent", &metric->warning_percent},
                   {"error_percent", &metric->error_percent},
                   {"min_change", &metric->min_change},
                   {"resolution", &metric->resolution},
                   {"weight", &metric->weight}};
    const struct {
        const char *key;
        uint32_t *number;
    } counts[] = {{"warmup", &metric->warmup},
                  {"persist_needed", &metric->persist_needed},
                  {"persist_of", &metric->persist_of}};
    enum tare_status status = TARE_OK;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0] && status == TARE_OK; i++)
        status = number_read(row, numbers[i].key, *numbers[i].number, numbers[i].number, error);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0] && status == TARE_OK; i++) {
        uint64_t count = 0;
        status = jsonl_count_read(row, counts[i].key, *counts[i].number, &count, error);
        *counts[i].number = count < UINT32_MAX ? (uint32_t)count : 0;
    }
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
        if (place_is_object(&sample)) {
            status = jsonl_time_read(&sample, "time", &own_ns, error);
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
        struct place first = place_item(&pair, 0), second = place_item(&pair, 1);
        double index = NAN, count = NAN;
        bool fits = place_need_number(&first, &index, NULL) == TARE_OK &&
                    place_need_number(&second, &count, NULL) == TARE_OK &&
                    place_count(&pair) == 2 && fabs(index) < INT32_MAX && index == floor(index) &&
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
    if (part->sample_count > 0 && part->samples[0].time_ns < part->first_ns)
        part->first_ns = part->samples[0].time_ns;
    if (part->last_ns < time_ns)
        part->last_ns = time_ns; /* the last one failed */
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

/* The measurement as it stands; what is missing is as if there were one observation. */
static enum tare_status summary_read(const struct place *row, struct batch_part *part, uint64_t n,
                                     int64_t time_ns, struct tare_error *error)
{
    double value;
    struct batch_summary summary = {
        .given = true, .excluded = place_true(row, "excluded"), .time_ns = time_ns, .n = n};
    struct place place = place_member(row, "value");
    enum tare_status status = n > 0 ? place_need_number(&place, &value, error)
                                    : number_read(row, "value", NAN, &value, error);
    if (status == TARE_OK && n > 0 && !isfinite(value))
        status = place_wrong(&place, "a finite number", error);
    const struct {
        const char *key;
        double *number;
    } numbers[] = {{"min", &summary.min}, {"max", &summary.max}, {"mean", &summary.mean},
                   {"p50", &summary.p50}, {"p95", &summary.p95}, {"p99", &summary.p99}};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0] && status == TARE_OK; i++)
        status = nullable_read(row, numbers[i].key, value, numbers[i].number, error);
    if (status != TARE_OK)
        return status;
    summary.value = value;
    part->summary = summary;
    return TARE_OK;
}

/* Whether the row says all that a measurement is, so that its observations need not be reduced
 * once more: the metric may have been another one at the time. */
static bool is_complete(const struct place *row)
{
    static const char *const keys[] = {"n", "value", "min", "max", "mean", "p50", "p95", "p99"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const struct place place = place_member(row, keys[i]);
        if (place_is_missing(&place))
            return false;
    }
    return true;
}

/* Putting a measurement into the store that it came from changes nothing: with its observations it
 * replaces what is kept of them. */
static enum tare_status numbers_read(const struct place *row, struct batch_part *part,
                                     int64_t time_ns, struct tare_error *error)
{
    bool observed = place_has(row, "samples") || place_has(row, "buckets");
    uint64_t n = 0;
    enum tare_status status = jsonl_count_read(row, "n", 1, &n, error);
    part->n = n;
    if (status == TARE_OK && observed)
        status = observations_read(row, part, time_ns, error);
    if (status == TARE_OK && (!observed || is_complete(row)))
        status = summary_read(row, part, n, time_ns, error);
    part->summary.observed = part->summary.given && observed;
    return status;
}

enum tare_status jsonl_row_read(struct import_session *session, const struct place *row,
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
        status = jsonl_time_read(row, "time", &time_ns, error);
    if (status == TARE_OK)
        status = jsonl_time_read(row, "window_start", &window_ns, error);
    if (status == TARE_OK)
        status = jsonl_count_read(row, "failed", 0, &part->failed, error);
    if (status != TARE_OK)
        return status;
    if (time_ns == 0)
        time_ns = session->batch.session.started_ns;
    part->metric_described = true;
    part->window_start_ns = window_ns != 0 ? window_ns : session->batch.session.started_ns;
    part->window_end_ns = place_true(row, "final") ? time_ns : 0;
    part->first_ns = part->last_ns = time_ns;
    return numbers_read(row, part, time_ns, error);
}
