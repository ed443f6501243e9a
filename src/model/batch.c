#include "model/batch.h"

#include "base/array.h"
#include "base/uuid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void batch_init(struct batch *batch)
{
    *batch = (struct batch){0};
    session_init(&batch->session);
}

void batch_part_release(struct batch_part *part)
{
    metric_release(&part->metric);
    free(part->samples);
    free(part->buckets);
    part->samples = NULL;
    part->buckets = NULL;
    part->sample_count = part->bucket_count = 0;
}

void batch_release(struct batch *batch)
{
    for (size_t i = 0; i < batch->part_count; i++)
        batch_part_release(&batch->parts[i]);
    free(batch->parts);
    session_release(&batch->session);
    batch_init(batch);
}

bool batch_part_is_unitless(const struct batch_part *part)
{
    return part->metric.unit == NULL || part->metric.unit[0] == '\0';
}

struct batch_part *batch_part_add(struct batch *batch)
{
    struct batch_part *part = array_add(&batch->parts, &batch->part_count, sizeof *batch->parts);
    if (part == NULL)
        return NULL;
    *part = (struct batch_part){.min = INFINITY, .max = -INFINITY};
    metric_init(&part->metric);
    return part;
}

static bool bucket_before(const void *element, const void *index)
{
    return ((const struct histogram_bucket *)element)->index < *(const int32_t *)index;
}

bool histogram_bucket_add(struct histogram_bucket **buckets, size_t *bucket_count, int32_t index,
                          uint64_t count)
{
    size_t at = array_place(*buckets, *bucket_count, sizeof **buckets, bucket_before, &index);
    if (at == *bucket_count || (*buckets)[at].index != index) {
        if (array_add(buckets, bucket_count, sizeof **buckets) == NULL)
            return false;
        memmove(*buckets + at + 1, *buckets + at, (*bucket_count - 1 - at) * sizeof **buckets);
        (*buckets)[at] = (struct histogram_bucket){index, 0};
    }
    (*buckets)[at].count += count;
    return true;
}

enum tare_status batch_part_sample(struct batch_part *part, int64_t time_ns, double value,
                                   struct tare_error *error)
{
    struct sample *sample = array_add(&part->samples, &part->sample_count, sizeof *sample);
    if (sample == NULL)
        return error_memory(error);
    *sample = (struct sample){time_ns, value};
    if (part->n == 0 && part->failed == 0)
        part->first_ns = time_ns;
    part->n++;
    part->sum += value;
    part->min = value < part->min ? value : part->min;
    part->max = value > part->max ? value : part->max;
    part->last_ns = time_ns;
    return TARE_OK;
}

/* Buckets' indexes are below that in size: stats/histogram.h. */
#define BUCKET_INDEX_END (INT32_C(0x7ff) << 6)

/* Moments between 1823 and 2116: no difference of two leads out of int64_t. */
static bool time_sound(int64_t time_ns)
{
    return time_ns >= INT64_MIN / 2 && time_ns <= INT64_MAX / 2;
}

static bool buckets_sound(const struct batch_part *part, uint64_t *counted)
{
    for (size_t i = 0; i < part->bucket_count; i++) {
        const struct histogram_bucket *bucket = &part->buckets[i];
        bool ordered = i == 0 || bucket[-1].index < bucket->index;
        if (!ordered || bucket->count == 0 || bucket->index > BUCKET_INDEX_END ||
            bucket->index < -BUCKET_INDEX_END ||
            __builtin_add_overflow(*counted, bucket->count, counted))
            return false;
    }
    return true;
}

static bool metric_sound(const struct metric *metric)
{
    return metric->id != NULL && metric_id_valid(metric->id) && metric->unit != NULL &&
           metric->better <= TARE_EXACT && metric->aggregate <= AGGREGATE_RATE &&
           metric->category <= CATEGORY_CUSTOM;
}

static bool part_sound(const struct batch_part *part)
{
    uint64_t counted = part->sample_count;
    if (!metric_sound(&part->metric) || part->n + part->failed == 0)
        return false;
    if (!time_sound(part->window_start_ns) || !time_sound(part->window_end_ns) ||
        !time_sound(part->first_ns) || !time_sound(part->last_ns))
        return false;
    for (size_t i = 0; i < part->sample_count; i++)
        if (!isfinite(part->samples[i].value) || !time_sound(part->samples[i].time_ns))
            return false;
    if (!buckets_sound(part, &counted) || counted > part->n)
        return false;
    return part->n == 0 || (isfinite(part->min) && isfinite(part->max) && part->min <= part->max);
}

bool batch_sound(const struct batch *batch)
{
    const struct session *session = &batch->session;
    if (batch->id[0] == '\0' || session->app == NULL || session->app[0] == '\0' ||
        strlen(session->id) != UUID_TEXT_SIZE - 1 || session->outcome > OUTCOME_RUNNING ||
        session->temperature > TEMPERATURE_COLD || !time_sound(session->started_ns) ||
        !time_sound(session->ended_ns))
        return false;
    for (size_t i = 0; i < batch->part_count; i++)
        if (!part_sound(&batch->parts[i]))
            return false;
    return true;
}
