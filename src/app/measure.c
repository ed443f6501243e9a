#include "app/measure.h"

#include "base/error.h"
#include "record/part_measure.h"

#include <string.h>

/* What a session says of any of its measurements. */
static void session_fill(struct measurement *measurement, int64_t series_id,
                         const struct session *session, const struct batch_part *part)
{
    measurement->series_id = series_id;
    measurement->window_start_ns = part->window_start_ns;
    measurement->outcome = session->outcome;
    measurement->final = session->outcome != OUTCOME_RUNNING || part->window_end_ns != 0;
    memcpy(measurement->session_id, session->id, sizeof measurement->session_id);
}

struct measurement measure_summary(int64_t series_id, const struct session *session,
                                   const struct batch_part *part)
{
    const struct batch_summary *summary = &part->summary;
    struct measurement measurement = {
        .time_ns = summary->time_ns,
        .n = summary->n,
        .failed = part->failed,
        .value = summary->value,
        .min = summary->min,
        .max = summary->max,
        .mean = summary->mean,
        .p50 = summary->p50,
        .p95 = summary->p95,
        .p99 = summary->p99,
        .excluded = summary->excluded,
    };
    session_fill(&measurement, series_id, session, part);
    return measurement;
}

enum tare_status measure_window(struct store *store, const struct metric *metric,
                                int64_t series_id, const struct session *session,
                                const struct batch_part *part, struct measurement *measurement,
                                bool *measured, struct tare_error *error)
{
    struct batch_part whole = {0};
    struct tare_error trouble = {.status = TARE_OK};
    bool first_window = part->window_start_ns <= session->started_ns;
    enum tare_status status = store_samples_read(store, series_id, session->id,
                                                 part->window_start_ns, &whole, error);
    if (status != TARE_OK)
        return status;
    *measured = part_measure(metric, &whole, first_window, measurement, &trouble);
    if (*measured)
        session_fill(measurement, series_id, session, part);
    batch_part_release(&whole);
    return trouble.status == TARE_OK ? TARE_OK : error_memory(error);
}
