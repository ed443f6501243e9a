#include "tare/sample.h"

#include "record/recorder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum tare_status value_observe(tare_tracker *tracker, tare_metric *metric, bool declared,
                                      double value)
{
    const struct observation seen = {.metric = metric,
                                     .declared = declared,
                                     .kind = KIND_VALUE,
                                     .value = value,
                                     .end = clock_source_read(tracker->clock_)};
    return recorder_observe(recorder_of(tracker), &seen);
}

enum tare_status tare_metric_record(tare_tracker *tracker, const char *metric_id, double value)
{
    return tare_metric_record_in(tracker, metric_id, value, NULL);
}

enum tare_status tare_metric_record_in(tare_tracker *tracker, const char *metric_id, double value,
                                       const char *unit)
{
    if (!recorder_on(tracker))
        return TARE_OK;
    tare_metric metric = {.id = metric_id, .unit = unit};
    return value_observe(tracker, &metric, false, value);
}

enum tare_status tare_count_add(tare_tracker *tracker, const char *metric_id, double count)
{
    if (!recorder_on(tracker))
        return TARE_OK;
    tare_metric metric = {.id = metric_id, .unit = "count", .aggregate = TARE_SUM};
    return value_observe(tracker, &metric, false, count);
}

enum tare_status tare_sample_record(tare_tracker *tracker, tare_metric *metric, double value)
{
    if (!recorder_on(tracker))
        return TARE_OK;
    struct recorder *recorder = recorder_of(tracker);
    const struct thread_ring *own = &thread_ring;
    uint64_t epoch = recorder_epoch(recorder);
    uint64_t place = metric != NULL ? __atomic_load_n(&metric->value_, __ATOMIC_ACQUIRE) : 0;
    if (own->epoch != epoch || !place_known(place, epoch))
        return value_observe(tracker, metric, true, value);
    uint32_t entry = place_entry(place);
    double factor = recorder->image->registry[entry].factor;
    if (metric->unit != NULL)
        __atomic_load(&metric->factor_, &factor, __ATOMIC_RELAXED);
    double converted = value * factor;
    if (!isfinite(converted))
        return value_observe(tracker, metric, true, value);
    uint64_t bits, end = clock_source_read(tracker->clock_);
    memcpy(&bits, &converted, sizeof bits);
    return recorder_put(recorder, epoch, (int)entry, bits, end, 0);
}

/* Puts a gauge at its metric's place, or takes that away: the last one fills the gap. */
static enum tare_status gauge_put(struct recorder *recorder, const struct gauge *gauge)
{
    if (recorder->gauges == NULL)
        recorder->gauges = calloc(GAUGES_MAX, sizeof *recorder->gauges);
    if (recorder->gauges == NULL)
        return TARE_E_MEMORY;
    uint32_t at = 0;
    while (at < recorder->gauge_count && recorder->gauges[at].metric != gauge->metric)
        at++;
    bool there = at < recorder->gauge_count;
    if (gauge->read == NULL && !there)
        return TARE_E_NOT_FOUND;
    if (gauge->read != NULL && at == GAUGES_MAX)
        return TARE_E_FULL;
    if (gauge->read == NULL)
        recorder->gauges[at] = recorder->gauges[--recorder->gauge_count];
    else
        recorder->gauges[at] = *gauge;
    if (gauge->read != NULL && !there)
        recorder->gauge_count++;
    return TARE_OK;
}

enum tare_status tare_gauge_register(tare_tracker *tracker, tare_metric *metric,
                                     tare_gauge_read read, void *context)
{
    if (!recorder_on(tracker))
        return TARE_OK;
    if (metric == NULL)
        return TARE_E_USAGE;
    struct recorder *recorder = recorder_of(tracker);
    if (!hand_over_lock(recorder))
        return TARE_E_BUSY;
    enum tare_status status = gauge_put(recorder, &(struct gauge){metric, read, context});
    hand_over_unlock(recorder);
    return status;
}
