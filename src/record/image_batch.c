#include "record/image.h"

#include "base/array.h"
#include "model/catalogue.h"
#include "model/labels.h"
#include "record/accumulator.h"
#include "record/fold.h"
#include "stats/histogram.h"
#include "tare/metric.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Parts by metric and window while the batch is made. */
struct assembly {
    const struct session_image *image;
    const struct image_reading *reading;
    double rate;
    struct batch *batch;
    struct part_key {
        size_t metric; /* the first entry of its id */
        uint32_t window;
    } * keys; /* beside batch->parts */
    size_t key_count;
    uint64_t condensed;
    struct tare_error *error;
};

/* Spans and values of one id make one metric. */
static size_t entry_first(const struct session_image *image, size_t entry)
{
    const char *id = entry_id(image, &image->registry[entry]);
    for (size_t i = 0; i < entry; i++)
        if (image->registry[i].state == ENTRY_READY &&
            strcmp(entry_id(image, &image->registry[i]), id) == 0)
            return i;
    return entry;
}

static enum metric_aggregate aggregate_of(enum tare_aggregate aggregate)
{
    static const enum metric_aggregate aggregates[] = {
        [TARE_DEFAULT] = AGGREGATE_MEDIAN, [TARE_MEDIAN] = AGGREGATE_MEDIAN,
        [TARE_MEAN] = AGGREGATE_MEAN,      [TARE_SUM] = AGGREGATE_SUM,
        [TARE_MAX] = AGGREGATE_MAX,        [TARE_LAST] = AGGREGATE_LAST,
        [TARE_P95] = AGGREGATE_P95,        [TARE_P99] = AGGREGATE_P99,
        [TARE_COUNT] = AGGREGATE_COUNT,    [TARE_RATE] = AGGREGATE_RATE,
    };
    return aggregate <= TARE_RATE ? aggregates[aggregate] : AGGREGATE_MEDIAN;
}

/* What the program declared goes over what the catalogue says. */
static enum tare_status metric_fill(const struct session_image *image, size_t at,
                                    struct batch_part *part, struct tare_error *error)
{
    const struct entry *entry = &image->registry[at];
    const char *id = entry_id(image, entry), *name = entry_name(image, entry);
    const struct catalogue_metric *row = catalogue_find(id);
    struct metric *metric = &part->metric;
    enum tare_status status = row != NULL ? catalogue_metric_fill(row, metric, error) : TARE_OK;
    if (status != TARE_OK)
        return status;
    if (row == NULL || name[0] != '\0')
        status = metric_name(metric, id, name[0] != '\0' ? name : NULL, entry_unit(image, entry),
                             error);
    if (row == NULL || entry->aggregate != TARE_DEFAULT)
        metric->aggregate = aggregate_of((enum tare_aggregate)entry->aggregate);
    if (row == NULL || entry->better != TARE_LOWER)
        metric->better = (enum tare_better)entry->better;
    if (entry->target != 0)
        metric->target = entry->target;
    if (entry->warning_percent > 0)
        metric->warning_percent = entry->warning_percent;
    if (entry->error_percent > 0)
        metric->error_percent = entry->error_percent;
    part->metric_described = entry->described != 0;
    return status;
}

/* When a window begins. */
static int64_t window_start(const struct session_card *card, int64_t window)
{
    int64_t passed_ns, start_ns;
    if (__builtin_mul_overflow(window, card->window_ns, &passed_ns) ||
        __builtin_add_overflow(card->opened.real_ns, passed_ns, &start_ns))
        return INT64_MAX;
    return start_ns;
}

static struct batch_part *part_find(struct assembly *assembly, size_t entry, uint32_t window,
                                    uint32_t window_last)
{
    const struct session_image *image = assembly->image;
    size_t first = entry_first(image, entry);
    for (size_t i = 0; i < assembly->key_count; i++)
        if (assembly->keys[i].metric == first && assembly->keys[i].window == window)
            return &assembly->batch->parts[i];
    struct part_key *key = array_add(&assembly->keys, &assembly->key_count, sizeof *key);
    struct batch_part *part = key != NULL ? batch_part_add(assembly->batch) : NULL;
    if (part == NULL) {
        error_memory(assembly->error);
        return NULL;
    }
    *key = (struct part_key){first, window};
    if (metric_fill(image, first, part, assembly->error) != TARE_OK)
        return NULL;
    part->window_start_ns = window_start(&image->header.card, window);
    part->window_end_ns = window_start(&image->header.card, (int64_t)window_last + 1);
    if (window_last >= assembly->reading->cut_window)
        part->window_end_ns = 0;
    else if (assembly->reading->ended_ns > 0 && part->window_end_ns > assembly->reading->ended_ns)
        part->window_end_ns = assembly->reading->ended_ns;
    return part;
}

static double scale_of(const struct assembly *assembly, size_t entry)
{
    return assembly->image->registry[entry].kind == KIND_TICKS ? assembly->rate : 1.0;
}

static void part_see(struct batch_part *part, int64_t first_ns, int64_t last_ns)
{
    if (part->first_ns == 0 || first_ns < part->first_ns)
        part->first_ns = first_ns;
    if (last_ns > part->last_ns)
        part->last_ns = last_ns;
}

/* batch_part_sample() keeps first and last by order of arrival; rings come one after the other. */
static bool sample_add(struct assembly *assembly, struct batch_part *part, int64_t time_ns,
                       double value)
{
    int64_t first_ns = part->first_ns, last_ns = part->last_ns;
    bool added = batch_part_sample(part, time_ns, value, assembly->error) == TARE_OK;
    part->first_ns = first_ns;
    part->last_ns = last_ns;
    part_see(part, time_ns, time_ns);
    return added;
}

static bool record_add(struct assembly *assembly, const struct record *record)
{
    const struct session_image *image = assembly->image;
    uint32_t entry = commit_metric(record->commit);
    uint64_t coarse = record->commit & COMMIT_TIME_MASK;
    if (entry >= image->header.metric_count || image->registry[entry].state != ENTRY_READY)
        return true; /* no record of ours */
    uint32_t window = window_of(image->header.card.window_ns, assembly->rate, coarse, NULL);
    struct batch_part *part = part_find(assembly, entry, window, window);
    if (part == NULL)
        return false;
    int64_t time_ns = image_time(image, assembly->rate, coarse);
    if (record->commit & COMMIT_FAILED) {
        part->failed++;
        part_see(part, time_ns, time_ns);
        return true;
    }
    double value = record_value(record, image->registry[entry].kind);
    return sample_add(assembly, part, time_ns, value * scale_of(assembly, entry));
}

static bool bucket_add(struct batch_part *part, int32_t index, uint64_t count)
{
    if (count == 0)
        return true;
    struct histogram_bucket *bucket = array_add(&part->buckets, &part->bucket_count,
                                                sizeof *bucket);
    if (bucket == NULL)
        return false;
    *bucket = (struct histogram_bucket){index, count};
    return true;
}

/* What was counted but found no bucket of its own lies, for want of better, at its mean. */
static bool rest_add(struct batch_part *part, const struct totals *totals, double scale,
                     uint64_t count, double sum)
{
    double low = totals->min * scale, high = totals->max * scale;
    double mean = (totals->sum * scale - sum) / (double)count;
    mean = mean < low ? low : mean > high ? high : mean;
    return bucket_add(part, histogram_index(mean), count);
}

static bool buckets_add(const struct session_image *image, const struct accumulator *at,
                        struct batch_part *part, double *sum)
{
    if (!bucket_add(part, 0, at->zeros))
        return false;
    for (int i = 0; i < at->octave_count; i++) {
        const uint32_t *buckets = image->pool[at->chunk[i] - 1].buckets;
        for (uint32_t b = 0; b < CHUNK_BUCKETS; b++) {
            int32_t index = octave_index(at->octave[i], b);
            if (!bucket_add(part, index, buckets[b]))
                return false;
            *sum += buckets[b] > 0 ? histogram_middle(index) * buckets[b] : 0;
        }
    }
    return true;
}

static void totals_merge(const struct assembly *assembly, struct batch_part *part,
                         const struct totals *totals, double scale)
{
    if (totals->n > 0) {
        part->n += totals->n;
        part->sum += totals->sum * scale;
        part->min = totals->min * scale < part->min ? totals->min * scale : part->min;
        part->max = totals->max * scale > part->max ? totals->max * scale : part->max;
    }
    part->failed += totals->failed;
    part_see(part, image_time(assembly->image, assembly->rate, totals->first),
             image_time(assembly->image, assembly->rate, totals->last));
}

/* Exact values have no times of their own; they are spread evenly between the first and the last.
 */
static bool exact_add(struct assembly *assembly, const struct accumulator *at,
                      struct batch_part *part, double scale, uint64_t *kept, double *sum)
{
    const struct totals *totals = &at->tally.totals[0];
    uint64_t count = totals->n < EXACT_MAX ? totals->n : EXACT_MAX;
    int64_t first = image_time(assembly->image, assembly->rate, totals->first);
    int64_t last = image_time(assembly->image, assembly->rate, totals->last);
    for (uint64_t i = 0; i < count; i++) {
        const double *value = accumulator_exact(assembly->image, at, i);
        if (value == NULL)
            continue;
        struct sample *sample = array_add(&part->samples, &part->sample_count, sizeof *sample);
        if (sample == NULL)
            return false;
        double share = (double)i / (double)totals->n;
        *sample = (struct sample){first + (int64_t)(share * (double)(last - first)),
                                  *value * scale};
        *sum += *value * scale;
        *kept += 1;
    }
    return true;
}

static bool accumulator_add_to(struct assembly *assembly, const struct accumulator *at)
{
    const struct totals *totals = &at->tally.totals[0];
    if (totals->n + totals->failed == 0)
        return true;
    struct batch_part *part = part_find(assembly, at->metric, at->window, at->window_last);
    if (part == NULL)
        return false;
    double scale = scale_of(assembly, at->metric), sum = 0;
    uint64_t kept = 0, held = accumulator_condensed(assembly->image, at) - at->unbucketed;
    totals_merge(assembly, part, totals, scale);
    bool added = exact_add(assembly, at, part, scale, &kept, &sum) &&
                 buckets_add(assembly->image, at, part, &sum);
    if (added && kept + held < totals->n)
        added = rest_add(part, totals, scale, totals->n - kept - held, sum);
    assembly->condensed += totals->n - kept;
    return added || (error_memory(assembly->error), false);
}

/* Samples that found no room in the pool at all: their times tell the window. */
static bool tally_add_to(struct assembly *assembly, size_t entry)
{
    const struct tally *tally = tally_of(assembly->image, entry);
    if (tally == NULL || assembly->image->registry[entry].state != ENTRY_READY ||
        tally->totals[0].n + tally->totals[0].failed == 0)
        return true;
    const struct totals *totals = &tally->totals[0];
    int64_t window_ns = assembly->image->header.card.window_ns;
    uint32_t window = window_of(window_ns, assembly->rate, totals->first, NULL);
    uint32_t last = window_of(window_ns, assembly->rate, totals->last, NULL);
    struct batch_part *part = part_find(assembly, entry, window, last);
    if (part == NULL)
        return false;
    double scale = scale_of(assembly, entry);
    totals_merge(assembly, part, totals, scale);
    assembly->condensed += totals->n;
    bool added = totals->n == 0 || rest_add(part, totals, scale, totals->n, 0);
    return added || (error_memory(assembly->error), false);
}

static int sample_order(const void *a, const void *b)
{
    const struct sample *left = a, *right = b;
    return (left->time_ns > right->time_ns) - (left->time_ns < right->time_ns);
}

static int bucket_order(const void *a, const void *b)
{
    const struct histogram_bucket *left = a, *right = b;
    return (left->index > right->index) - (left->index < right->index);
}

static void part_finish(struct batch_part *part)
{
    bool sorted = true;
    for (size_t i = 1; i < part->sample_count && sorted; i++)
        sorted = part->samples[i - 1].time_ns <= part->samples[i].time_ns;
    if (!sorted)
        qsort(part->samples, part->sample_count, sizeof *part->samples, sample_order);
    if (part->bucket_count < 2)
        return;
    qsort(part->buckets, part->bucket_count, sizeof *part->buckets, bucket_order);
    size_t kept = 0;
    for (size_t i = 1; i < part->bucket_count; i++) {
        if (part->buckets[i].index == part->buckets[kept].index)
            part->buckets[kept].count += part->buckets[i].count;
        else
            part->buckets[++kept] = part->buckets[i];
    }
    part->bucket_count = kept + 1;
}

static bool parts_add(struct assembly *assembly)
{
    const struct session_image *image = assembly->image;
    for (uint32_t ring = 0; ring < RING_COUNT; ring++)
        for (uint64_t i = image->control[ring].folded; i < image->control[ring].head; i++)
            if (record_committed(image, ring, i) &&
                !record_add(assembly, &ring_at(image, ring)[i % RING_CAPACITY]))
                return false;
    for (size_t bank = 0; bank < RING_COUNT; bank++)
        for (size_t entry = 0; entry < REGISTRY_CAPACITY; entry++)
            for (uint16_t unit = head_of(image, bank, entry); unit != 0;
                 unit = image->pool[unit - 1].accumulator.next)
                if (!accumulator_add_to(assembly, &image->pool[unit - 1].accumulator))
                    return false;
    for (size_t entry = 0; entry < image->header.metric_count; entry++)
        if (!tally_add_to(assembly, entry))
            return false;
    for (size_t i = 0; i < assembly->batch->part_count; i++)
        part_finish(&assembly->batch->parts[i]);
    return true;
}

static bool is_span(const struct assembly *assembly, size_t part)
{
    return assembly->image->registry[assembly->keys[part].metric].kind == KIND_TICKS;
}

/* ERR-001, from every span and operation of a window: how many of them failed. */
static bool failures_add(struct assembly *assembly)
{
    struct batch *batch = assembly->batch;
    size_t count = batch->part_count;
    for (size_t i = 0; i < count; i++) {
        uint32_t window = assembly->keys[i].window;
        uint64_t failed = 0, all = 0;
        bool first = true;
        int64_t last_ns = 0;
        for (size_t other = 0; other < count; other++) {
            if (assembly->keys[other].window != window || !is_span(assembly, other))
                continue;
            first = first && other >= i;
            failed += batch->parts[other].failed;
            all += batch->parts[other].n + batch->parts[other].failed;
            if (batch->parts[other].last_ns > last_ns)
                last_ns = batch->parts[other].last_ns;
        }
        if (!first || all == 0 || !is_span(assembly, i))
            continue;
        int64_t start_ns = batch->parts[i].window_start_ns, end_ns = batch->parts[i].window_end_ns;
        struct batch_part *part = batch_part_add(batch);
        if (part == NULL)
            return false;
        part->window_start_ns = start_ns;
        part->window_end_ns = end_ns;
        if (catalogue_metric_fill(catalogue_find("ERR-001"), &part->metric, NULL) != TARE_OK ||
            batch_part_sample(part, last_ns, 100.0 * (double)failed / (double)all, NULL) !=
                TARE_OK)
            return false;
    }
    return true;
}

static bool copy_text(const char *text, char **to)
{
    if (text[0] == '\0')
        return true;
    *to = strdup(text);
    return *to != NULL;
}

static enum tare_status session_fill(const struct assembly *assembly)
{
    const struct session_image *image = assembly->image;
    const struct session_header *header = &image->header;
    struct session *session = &assembly->batch->session;
    memcpy(session->id, header->card.id, sizeof session->id);
    bool copied = copy_text(image_text(image, TEXT_APP), &session->app) &&
                  copy_text(image_text(image, TEXT_VERSION), &session->version) &&
                  copy_text(image_text(image, TEXT_COMMIT), &session->commit) &&
                  copy_text(image_text(image, TEXT_BRANCH), &session->branch) &&
                  copy_text(image_text(image, TEXT_ENVIRONMENT), &session->environment.key) &&
                  copy_text("libtare", &session->source);
    if (!copied)
        return error_memory(assembly->error);
    session->started_ns = header->process_start_ns > 0 ? header->process_start_ns
                                                       : header->card.opened.real_ns;
    session->ended_ns = assembly->reading->ended_ns;
    session->outcome = assembly->reading->outcome;
    session->temperature = (enum session_temperature)header->card.temperature;
    session->dropped = header->dropped > header->dropped_told
                           ? header->dropped - header->dropped_told
                           : 0;
    session->condensed = assembly->condensed;
    return labels_canonical(image_text(image, TEXT_LABELS), &session->labels, assembly->error);
}

void image_batch_name(const struct session_image *image, char id[BATCH_ID_SIZE])
{
    snprintf(id, BATCH_ID_SIZE, "%.36s.%llu", image->header.card.writer,
             (unsigned long long)image->header.sequence);
}

enum tare_status image_batch(const struct session_image *image,
                             const struct image_reading *reading, struct batch *batch,
                             struct tare_error *error)
{
    struct batch made;
    batch_init(&made);
    struct assembly assembly = {.image = image,
                                .reading = reading,
                                .rate = image_rate(image, &reading->now),
                                .batch = &made,
                                .error = error};
    image_batch_name(image, made.id);
    enum tare_status status = TARE_OK;
    if (!parts_add(&assembly) || !failures_add(&assembly))
        status = error_memory(error);
    if (status == TARE_OK)
        status = session_fill(&assembly);
    free(assembly.keys);
    if (status != TARE_OK) {
        batch_release(&made);
        return status;
    }
    *batch = made;
    return TARE_OK;
}
