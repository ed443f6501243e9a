#include "app/period_data.h"

#include "base/array.h"
#include "base/error.h"
#include "stats/histogram.h"

#include <math.h>
#include <stdlib.h>

static void counting_keep(struct period_data *data)
{
    size_t kept = 0;
    for (size_t i = 0; i < data->count; i++)
        if (measurement_counts(&data->list[i]))
            data->list[kept++] = data->list[i];
    data->count = kept;
}

enum tare_status period_data_read(struct store *store, const struct store_filter *filter,
                                  struct period_data *data, size_t *left_out,
                                  struct tare_error *error)
{
    *data = (struct period_data){0};
    enum tare_status status = store_measurement_list(store, filter, &data->list, &data->count,
                                                     error);
    if (status != TARE_OK)
        return status;
    counting_keep(data);
    status = store_rollup_list(store, filter, &data->rollups, &data->rollup_count, error);
    if (status == TARE_OK && filter->branch != NULL) {
        *left_out += data->rollup_count;
        store_rollup_list_free(data->rollups, data->rollup_count);
        data->rollups = NULL;
        data->rollup_count = 0;
    }
    if (status != TARE_OK)
        period_data_release(data);
    return status;
}

void period_data_release(struct period_data *data)
{
    free(data->list);
    store_rollup_list_free(data->rollups, data->rollup_count);
    *data = (struct period_data){0};
}

static bool measurement_before(const void *element, const void *time_ns)
{
    return ((const struct measurement *)element)->time_ns < *(const int64_t *)time_ns;
}

size_t period_data_place(const struct period_data *data, int64_t time_ns)
{
    return array_place(data->list, data->count, sizeof *data->list, measurement_before, &time_ns);
}

static bool rollup_before(const void *element, const void *time_ns)
{
    return ((const struct rollup *)element)->day_ns < *(const int64_t *)time_ns;
}

static size_t rollup_place(const struct period_data *data, int64_t time_ns)
{
    return array_place(data->rollups, data->rollup_count, sizeof *data->rollups, rollup_before,
                       &time_ns);
}

size_t period_data_values(const struct period_data *data, struct time_span span,
                          struct value_pool *pool)
{
    size_t end = period_data_place(data, span.to_ns), rolled_up = 0;
    for (size_t i = period_data_place(data, span.from_ns); i < end; i++)
        value_pool_add(pool, data->list[i].value, 1);
    end = rollup_place(data, span.to_ns);
    for (size_t i = rollup_place(data, span.from_ns); i < end; i++, rolled_up++)
        value_pool_add_numbers(pool, &data->rollups[i].values);
    return rolled_up;
}

/* What the measurement counted: samples at the front that warm-up skipped are not in it. */
static void part_add(struct value_pool *pool, const struct measurement *measurement,
                     const struct batch_part *part)
{
    size_t skip = part->n > measurement->n ? (size_t)(part->n - measurement->n) : 0;
    double counted = part->sum, middles = 0;
    for (size_t i = 0; i < part->sample_count; i++) {
        counted -= part->samples[i].value;
        if (i >= skip)
            value_pool_add(pool, part->samples[i].value, 1);
    }
    for (size_t i = 0; i < part->bucket_count; i++) {
        const struct histogram_bucket *bucket = &part->buckets[i];
        double middle = fmin(fmax(histogram_middle(bucket->index), measurement->min),
                             measurement->max);
        value_pool_add(pool, middle, bucket->count);
        middles += middle * (double)bucket->count;
        pool->approximate = true;
    }
    if (part->bucket_count > 0)
        pool->sum += counted - middles; /* of those that were only counted it is known exactly */
}

static enum tare_status measurement_add(struct store *store, const struct measurement *measurement,
                                        struct value_pool *pool, struct tare_error *error)
{
    struct batch_part part = {0};
    if (measurement->n <= 1) {
        value_pool_add(pool, measurement->p50, measurement->n);
        return TARE_OK;
    }
    enum tare_status status = store_samples_read(store, measurement->series_id,
                                                 measurement->session_id,
                                                 measurement->window_start_ns, &part, error);
    if (status != TARE_OK)
        return status;
    if (part.n > 0) {
        part_add(pool, measurement, &part);
    } else { /* it came without: as many as its median, as in a rollup */
        value_pool_add(pool, measurement->p50, measurement->n);
        pool->sum += (measurement->mean - measurement->p50) * (double)measurement->n;
        pool->approximate = true;
    }
    pool->min = fmin(pool->min, measurement->min);
    pool->max = fmax(pool->max, measurement->max);
    batch_part_release(&part);
    return TARE_OK;
}

enum tare_status period_data_observations(struct store *store, const struct period_data *data,
                                          struct time_span span, struct value_pool *pool,
                                          uint64_t *failed, struct tare_error *error)
{
    size_t end = period_data_place(data, span.to_ns);
    enum tare_status status = TARE_OK;
    *failed = 0;
    for (size_t i = period_data_place(data, span.from_ns); i < end && status == TARE_OK; i++) {
        status = measurement_add(store, &data->list[i], pool, error);
        *failed += data->list[i].failed;
    }
    end = rollup_place(data, span.to_ns);
    for (size_t i = rollup_place(data, span.from_ns); i < end; i++) {
        value_pool_add_numbers(pool, &data->rollups[i].observations);
        *failed += data->rollups[i].failed;
    }
    return status;
}

bool period_data_bounds(const struct period_data *data, struct time_span *bounds)
{
    if (data->count == 0 && data->rollup_count == 0)
        return false;
    *bounds = (struct time_span){INT64_MAX, INT64_MIN};
    if (data->count > 0)
        *bounds = (struct time_span){data->list[0].time_ns, data->list[data->count - 1].time_ns};
    if (data->rollup_count > 0) {
        const struct rollup *first = data->rollups, *last = first + data->rollup_count - 1;
        bounds->from_ns = first->day_ns < bounds->from_ns ? first->day_ns : bounds->from_ns;
        bounds->to_ns = last->day_ns > bounds->to_ns ? last->day_ns : bounds->to_ns;
    }
    return true;
}
