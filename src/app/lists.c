#include "app/lists.h"

#include "base/clock.h"
#include "base/error.h"

#include <stdlib.h>
#include <string.h>

enum tare_status series_get(struct store *store, int64_t id, struct series *series,
                            struct tare_error *error)
{
    struct series *list = NULL;
    size_t count = 0;
    const struct store_filter filter = {.series_id = id};
    enum tare_status status = store_series_list(store, &filter, &list, &count, error);
    if (status != TARE_OK)
        return status;
    if (count == 0)
        return error_set(error, TARE_E_NOT_FOUND, "there is no series %lld", (long long)id);
    *series = list[0];
    free(list); /* the strings have moved: an id is of one series */
    return TARE_OK;
}

/* Counts the series of a metric and finds the newest value among them. */
static enum tare_status metric_row_fill(struct store *store, const struct store_filter *filter,
                                        struct metric_row *row, struct tare_error *error)
{
    struct store_filter of_metric = *filter;
    struct series *series = NULL;
    of_metric.metric_id = row->metric.id;
    of_metric.limit = 0;
    enum tare_status status = store_series_list(store, &of_metric, &series, &row->series_count,
                                                error);
    for (size_t i = 0; i < row->series_count && status == TARE_OK; i++) {
        struct measurement *last = NULL;
        size_t count = 0;
        const struct store_filter newest = {.series_id = series[i].id, .limit = 1};
        status = store_measurement_list(store, &newest, &last, &count, error);
        if (status == TARE_OK && count > 0 && last->time_ns > row->last_ns) {
            row->last_ns = last->time_ns;
            row->last_value = last->value;
        }
        free(last);
    }
    store_series_list_free(series, row->series_count);
    return status;
}

enum tare_status metric_report_build(struct store *store, const struct store_filter *filter,
                                     struct metric_report *report, struct tare_error *error)
{
    struct metric *metrics = NULL;
    size_t count = 0;
    enum tare_status status = store_metric_list(store, &metrics, &count, error);
    if (status != TARE_OK)
        return status;
    report->rows = calloc(count + 1, sizeof *report->rows);
    if (report->rows == NULL) {
        store_metric_list_free(metrics, count);
        return error_memory(error);
    }
    for (size_t i = 0; i < count; i++)
        report->rows[i].metric = metrics[i];
    report->count = count;
    free(metrics); /* the strings have moved */
    for (size_t i = 0; i < count && status == TARE_OK; i++)
        status = metric_row_fill(store, filter, &report->rows[i], error);
    return status;
}

enum tare_status session_report_build(struct store *store, const struct store_filter *filter,
                                      struct session_report *report, struct tare_error *error)
{
    enum tare_status status = store_session_list(store, filter, &report->sessions, &report->count,
                                                 error);
    if (status != TARE_OK)
        return status;
    report->measurements = calloc(report->count + 1, sizeof *report->measurements);
    if (report->measurements == NULL)
        return error_memory(error);
    return store_session_measurements(store, report->sessions, report->count, report->measurements,
                                      error);
}

enum tare_status session_newest(struct store *store, const struct store_filter *filter,
                                struct session **sessions, size_t *count, struct tare_error *error)
{
    struct session *found = NULL;
    struct store_filter one = *filter;
    int64_t now_ns = clock_now_ns();
    one.limit = 1;
    if (filter->until_ns == 0 || filter->until_ns > now_ns)
        one.until_ns = now_ns + 1;
    enum tare_status status = store_session_list(store, &one, &found, count, error);
    if (status == TARE_OK && *count == 0) {
        store_session_list_free(found, 0);
        one.until_ns = filter->until_ns;
        status = store_session_list(store, &one, &found, count, error);
    }
    if (status == TARE_OK)
        *sessions = found;
    return status;
}

enum tare_status baseline_report_build(struct store *store, const struct store_filter *filter,
                                       struct baseline_report *report, struct tare_error *error)
{
    struct series *series = NULL;
    size_t count = 0;
    enum tare_status status = store_series_list(store, filter, &series, &count, error);
    if (status != TARE_OK)
        return status;
    report->rows = calloc(count + 1, sizeof *report->rows);
    if (report->rows == NULL) {
        store_series_list_free(series, count);
        return error_memory(error);
    }
    for (size_t i = 0; i < count; i++) {
        report->rows[i].series = series[i];
        metric_init(&report->rows[i].metric);
    }
    report->count = count;
    free(series); /* the strings have moved */
    for (size_t i = 0; i < count && status == TARE_OK; i++) {
        struct baseline_row *row = &report->rows[i];
        status = store_metric_get(store, row->series.metric_id, &row->metric, error);
        if (status == TARE_OK)
            status = store_standing_get(store, row->series.id, &row->standing, error);
    }
    return status;
}

static enum tare_status alert_row_fill(struct store *store, const struct alert *alert,
                                       struct alert_row *row, struct tare_error *error)
{
    row->alert = *alert;
    enum tare_status status = series_get(store, alert->series_id, &row->series, error);
    if (status == TARE_OK)
        status = store_metric_get(store, row->series.metric_id, &row->metric, error);
    return status;
}

static enum tare_status over_count(struct store *store, const struct store_filter *filter,
                                   struct alert_report *report, struct tare_error *error)
{
    struct alert *alerts = NULL;
    enum tare_status status = store_alert_list(store, filter, false, &alerts, &report->over,
                                               error);
    free(alerts);
    return status;
}

enum tare_status alert_report_build(struct store *store, const struct store_filter *filter,
                                    bool live_only, struct alert_report *report,
                                    struct tare_error *error)
{
    struct alert *alerts = NULL;
    size_t count = 0;
    report->now_ns = clock_now_ns();
    enum tare_status status = store_alert_list(store, filter, live_only, &alerts, &count, error);
    for (size_t i = 0; i < count && status == TARE_OK; i++) {
        struct alert_row *row = alert_report_add(report);
        status = row != NULL ? alert_row_fill(store, &alerts[i], row, error) : error_memory(error);
    }
    free(alerts);
    if (status == TARE_OK && count == 0 && live_only)
        status = over_count(store, filter, report, error);
    return status;
}

enum tare_status alert_report_build_one(struct store *store, int64_t id,
                                        struct alert_report *report, struct tare_error *error)
{
    struct alert alert;
    report->now_ns = clock_now_ns();
    enum tare_status status = store_alert_get(store, id, &alert, error);
    if (status != TARE_OK)
        return status;
    struct alert_row *row = alert_report_add(report);
    if (row == NULL)
        return error_memory(error);
    status = alert_row_fill(store, &alert, row, error);
    if (status == TARE_OK)
        status = store_alert_event_list(store, id, &row->events, &row->event_count, error);
    return status;
}
