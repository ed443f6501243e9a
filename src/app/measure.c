#include "app/measure.h"

#include "base/error.h"
#include "record/part_measure.h"

#include <stdio.h>
#include <string.h>

/* As a rule it is new. */
static enum tare_status measurement_keep(struct store *store, struct measurement *measurement,
                                         struct tare_error *error)
{
    bool added = false;
    enum tare_status status = store_measurement_add(store, measurement, &added, error);
    if (status != TARE_OK || added)
        return status;
    return store_measurement_put(store, measurement, error);
}

enum tare_status measure_summary(struct store *store, int64_t series_id,
                                 const struct session *session, const struct batch_part *part,
                                 struct tare_error *error)
{
    const struct batch_summary *summary = &part->summary;
    struct measurement measurement = {
        .series_id = series_id,
        .time_ns = summary->time_ns,
        .window_start_ns = part->window_start_ns,
        .n = summary->n,
        .failed = part->failed,
        .value = summary->value,
        .min = summary->min,
        .max = summary->max,
        .mean = summary->mean,
        .p50 = summary->p50,
        .p95 = summary->p95,
        .p99 = summary->p99,
        .outcome = session->outcome,
        .final = session->outcome != OUTCOME_RUNNING || part->window_end_ns != 0,
        .excluded = summary->excluded,
    };
    memcpy(measurement.session_id, session->id, sizeof measurement.session_id);
    return measurement_keep(store, &measurement, error);
}

enum tare_status measure_window(struct store *store, const struct metric *metric,
                                int64_t series_id, const struct session *session,
                                const struct batch_part *part, struct tare_error *error)
{
    struct batch_part whole = {0};
    struct measurement measurement;
    struct tare_error trouble = {.status = TARE_OK};
    bool first_window = part->window_start_ns <= session->started_ns;
    enum tare_status status = store_samples_read(store, series_id, session->id,
                                                 part->window_start_ns, &whole, error);
    if (status != TARE_OK)
        return status;
    if (part_measure(metric, &whole, first_window, &measurement, &trouble)) {
        measurement.series_id = series_id;
        snprintf(measurement.session_id, sizeof measurement.session_id, "%s", session->id);
        measurement.window_start_ns = part->window_start_ns;
        measurement.final = session->outcome != OUTCOME_RUNNING || part->window_end_ns != 0;
        measurement.outcome = session->outcome;
        status = measurement_keep(store, &measurement, error);
    } else if (trouble.status != TARE_OK) {
        status = error_memory(error);
    }
    batch_part_release(&whole);
    return status;
}
