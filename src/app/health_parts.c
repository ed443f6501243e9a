#include "app/health.h"

#include "alert/alert_span.h"
#include "app/period_data.h"
#include "app/size_log.h"
#include "base/clock.h"
#include "base/error.h"
#include "detect/health_verdict.h"
#include "model/catalogue.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_BACK_DAYS 180
#define GROWTH_SLACK   3 /* days by which a noted size may miss the beginning of a window */

/* ---- measurements ---- */

static size_t catalogue_place(const char *metric_id)
{
    const struct catalogue_metric *row = catalogue_find(metric_id);
    return row != NULL ? (size_t)(row - catalogue) : CATALOGUE_COUNT;
}

static void baseline_count(const struct baseline *baseline, struct health_baselines *counts)
{
    if (!isfinite(baseline->centre))
        counts->learning++;
    else if (!health_baseline_good(baseline))
        counts->low++;
    else if (strcmp(baseline_confidence_label(baseline), "high") == 0)
        counts->high++;
    else
        counts->medium++;
}

/* What a series adds to a window; false: nothing. */
static bool window_take(const struct period_data *data, int64_t until_ns, const char *metric_id,
                        const struct baseline *baseline, struct health_window *window)
{
    size_t before = window->measurements, place = catalogue_place(metric_id), rolled_up = 0;
    for (size_t i = period_data_place(data, window->since_ns); i < data->count; i++) {
        window->measurements++;
        window->samples += data->list[i].n;
    }
    for (size_t i = 0; i < data->rollup_count; i++) {
        if (data->rollups[i].day_ns < window->since_ns || data->rollups[i].day_ns >= until_ns)
            continue;
        window->measurements += data->rollups[i].values.n;
        window->samples += data->rollups[i].observations.n;
        rolled_up++;
    }
    window->rolled_up = rolled_up > window->rolled_up ? rolled_up : window->rolled_up;
    if (window->measurements == before)
        return false;
    if (place < CATALOGUE_COUNT)
        window->has_data[place] = true;
    baseline_count(baseline, &window->baselines);
    return true;
}

static enum tare_status series_take(struct store *store, struct series *series,
                                    struct health_report *report, struct tare_error *error)
{
    struct period_data data;
    struct time_span bounds;
    struct baseline_standing standing;
    size_t left_out = 0;
    const struct store_filter filter = {.series_id = series->id,
                                        .since_ns = report->until_ns -
                                                    LOOK_BACK_DAYS * CLOCK_NS_PER_DAY,
                                        .until_ns = report->until_ns};
    enum tare_status status = store_standing_get(store, series->id, &standing, error);
    if (status == TARE_OK)
        status = period_data_read(store, &filter, &data, &left_out, error);
    if (status != TARE_OK)
        return status;
    if (period_data_bounds(&data, &bounds) &&
        (report->first_ns == 0 || bounds.from_ns < report->first_ns))
        report->first_ns = bounds.from_ns;
    bool measured = false;
    for (size_t i = 0; i < HEALTH_WINDOWS; i++)
        measured |= window_take(&data, report->until_ns, series->metric_id, &standing.baseline,
                                &report->windows[i]);
    struct health_series *entry = measured ? health_series_add(report) : NULL;
    if (measured && entry == NULL)
        status = error_memory(error);
    if (entry != NULL) {
        entry->baseline = standing.baseline;
        entry->series = *series;
        series_init(series); /* the strings have moved */
    }
    period_data_release(&data);
    return status;
}

static void window_count(struct health_window *window)
{
    for (size_t i = 0; i < CATALOGUE_COUNT; i++) {
        window->with_data += window->has_data[i];
        window->core_with_data += window->has_data[i] && catalogue[i].category == CATEGORY_CORE;
    }
}

enum tare_status health_measurements_fill(struct store *store, const struct store_filter *filter,
                                          struct health_report *report, struct tare_error *error)
{
    struct series *series = NULL;
    size_t count = 0;
    enum tare_status status = store_series_list(store, filter, &series, &count, error);
    for (size_t i = 0; i < HEALTH_WINDOWS && status == TARE_OK; i++) {
        report->windows[i].has_data = calloc(CATALOGUE_COUNT, sizeof(bool));
        if (report->windows[i].has_data == NULL)
            status = error_memory(error);
    }
    for (size_t i = 0; i < count && status == TARE_OK; i++)
        status = series_take(store, &series[i], report, error);
    store_series_list_free(series, count);
    for (size_t i = 0; i < HEALTH_WINDOWS && status == TARE_OK; i++)
        window_count(&report->windows[i]);
    return status;
}

/* ---- alerts ---- */

/* Sums on their way to means. */
struct response {
    double acknowledge_ns, close_ns;
};

static void span_take(const struct alert_span *span, int64_t until_ns,
                      struct health_alerts *alerts, struct response *response)
{
    int64_t answered_ns = span->acknowledged_ns != 0 ? span->acknowledged_ns : span->closed_ns;
    int64_t due_ns = span->opened_ns + HEALTH_ANSWER_DAYS * CLOCK_NS_PER_DAY;
    alerts->opened++;
    if (span->acknowledged_ns != 0) {
        alerts->acknowledged++;
        response->acknowledge_ns += (double)(span->acknowledged_ns - span->opened_ns);
    }
    if (span->closed_ns != 0 && !span->taken_over) {
        alerts->closed++;
        response->close_ns += (double)(span->closed_ns - span->opened_ns);
    }
    if (answered_ns != 0 && answered_ns <= due_ns)
        alerts->answered++;
    else if (answered_ns != 0 || until_ns > due_ns)
        alerts->late++;
}

static enum tare_status spans_take(struct store *store, const struct alert *alert,
                                   struct health_report *report, struct response *responses,
                                   struct tare_error *error)
{
    struct alert_event *events = NULL;
    size_t count = 0;
    enum tare_status status = store_alert_event_list(store, alert->id, &events, &count, error);
    if (status != TARE_OK)
        return status;
    struct alert_span *spans = calloc(count + 1, sizeof *spans);
    size_t span_count = spans != NULL ? alert_spans(events, count, report->until_ns, spans) : 0;
    for (size_t i = 0; i < span_count; i++)
        for (size_t k = 0; k < HEALTH_WINDOWS; k++)
            if (spans[i].opened_ns >= report->windows[k].since_ns)
                span_take(&spans[i], report->until_ns, &report->windows[k].alerts, &responses[k]);
    status = spans != NULL ? TARE_OK : error_memory(error);
    free(spans);
    free(events);
    return status;
}

static double hours(double ns, size_t count)
{
    return count > 0 ? ns / (double)count / 3.6e12 : NAN;
}

enum tare_status health_alerts_fill(struct store *store, const struct store_filter *filter,
                                    struct health_report *report, struct tare_error *error)
{
    struct response responses[HEALTH_WINDOWS] = {{0, 0}, {0, 0}};
    struct alert *alerts = NULL;
    size_t count = 0;
    enum tare_status status = store_alert_list(store, filter, false, &alerts, &count, error);
    for (size_t i = 0; i < count && status == TARE_OK; i++)
        status = spans_take(store, &alerts[i], report, responses, error);
    free(alerts);
    for (size_t i = 0; i < HEALTH_WINDOWS; i++) {
        struct health_alerts *of = &report->windows[i].alerts;
        of->acknowledge_hours = hours(responses[i].acknowledge_ns, of->acknowledged);
        of->close_hours = hours(responses[i].close_ns, of->closed);
    }
    return status;
}

/* ---- growth ---- */

/* A window counts when a size was noted at its beginning and the store had by then as many days as
 * stay raw: until then it only fills. */
static double growth_of(const struct health_report *report, const struct health_window *window,
                        const struct size_entry *entries, size_t count)
{
    int64_t filled_ns = report->first_ns + (int64_t)report->raw_days * CLOCK_NS_PER_DAY;
    const struct size_entry *then = NULL;
    for (size_t i = 0; i < count; i++) {
        int64_t off_ns = entries[i].day_ns - window->since_ns;
        if (llabs(off_ns) <= GROWTH_SLACK * CLOCK_NS_PER_DAY &&
            (then == NULL || llabs(off_ns) < llabs(then->day_ns - window->since_ns)))
            then = &entries[i];
    }
    if (then == NULL || report->first_ns == 0 || then->day_ns < filled_ns)
        return NAN;
    double days = (double)(report->until_ns - then->day_ns) / (double)CLOCK_NS_PER_DAY;
    return (double)(report->size_bytes - then->bytes) / days * 30;
}

enum tare_status health_growth_fill(struct store *store, struct health_report *report,
                                    struct tare_error *error)
{
    struct size_entry entries[SIZE_LOG_DAYS];
    struct store_info info;
    size_t count = 0;
    enum tare_status status = store_info_get(store, &info, error);
    if (status == TARE_OK)
        status = size_log_read(store, entries, &count, error);
    if (status != TARE_OK)
        return status;
    report->size_bytes = info.size_bytes;
    for (size_t i = 0; i < HEALTH_WINDOWS; i++)
        report->windows[i].growth_bytes = growth_of(report, &report->windows[i], entries, count);
    return TARE_OK;
}
