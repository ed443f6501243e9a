#include "app/report_parts.h"

#include "alert/alert_span.h"
#include "base/error.h"

#include <stdlib.h>

static bool within(int64_t time_ns, const struct period_report *report)
{
    return time_ns >= report->since_ns && time_ns < report->until_ns;
}

static struct period_row *row_of_series(struct period_report *report, int64_t series_id)
{
    for (size_t i = 0; i < report->row_count; i++)
        if (report->rows[i].course.series.id == series_id)
            return &report->rows[i];
    return NULL;
}

/* What of an alert's times falls into the period. */
struct alert_doings {
    size_t opened, closed;
    bool live; /* at the end */
};

static struct alert_doings doings_of(const struct period_report *report,
                                     const struct alert_span *spans, size_t count)
{
    struct alert_doings doings = {0};
    for (size_t i = 0; i < count; i++) {
        doings.opened += within(spans[i].opened_ns, report);
        doings.closed += spans[i].closed_ns != 0 && within(spans[i].closed_ns, report);
    }
    doings.live = count > 0 && spans[count - 1].closed_ns == 0;
    return doings;
}

static void counts_add(struct period_report *report, struct period_row *row,
                       const struct alert_doings *doings)
{
    report->alerts_opened += doings->opened;
    report->alerts_resolved += doings->closed;
    report->alerts_live += doings->live;
    if (row == NULL)
        return;
    row->alerts_opened += doings->opened;
    row->alerts_resolved += doings->closed;
    row->alerts_live += doings->live;
}

static enum tare_status entry_add(struct store *store, const struct alert *alert,
                                  struct period_report *report, struct period_alert **entry,
                                  struct tare_error *error)
{
    struct series *series = NULL;
    size_t count = 0;
    const struct store_filter of_series = {.series_id = alert->series_id};
    *entry = period_alert_add(report);
    if (*entry == NULL)
        return error_memory(error);
    (*entry)->row.alert = *alert;
    enum tare_status status = store_series_list(store, &of_series, &series, &count, error);
    if (status != TARE_OK)
        return status;
    if (count > 0)
        (*entry)->row.series = series[0];
    free(series); /* the strings have moved: an id is of one series */
    if (count == 0)
        return error_damaged(error, "alert %lld belongs to no series", (long long)alert->id);
    return store_metric_get(store, (*entry)->row.series.metric_id, &(*entry)->row.metric, error);
}

static enum tare_status alert_take(struct store *store, const struct alert *alert,
                                   struct period_report *report, struct tare_error *error)
{
    struct alert_event *events = NULL;
    struct period_alert *entry = NULL;
    size_t count = 0;
    enum tare_status status = store_alert_event_list(store, alert->id, &events, &count, error);
    if (status != TARE_OK)
        return status;
    struct alert_span *spans = calloc(count + 1, sizeof *spans);
    size_t span_count = spans != NULL ? alert_spans(events, count, report->until_ns, spans) : 0;
    struct alert_doings doings = doings_of(report, spans, span_count);
    if (spans == NULL)
        status = error_memory(error);
    else if (doings.opened > 0 || doings.closed > 0 || doings.live)
        status = entry_add(store, alert, report, &entry, error);
    if (status == TARE_OK && entry != NULL) {
        counts_add(report, row_of_series(report, alert->series_id), &doings);
        entry->span = spans[span_count - 1];
        entry->opened = doings.opened > 0;
        entry->closed = doings.closed > 0;
    }
    free(spans);
    free(events);
    return status;
}

static bool alert_wanted(const struct report_request *request, struct store *store,
                         const struct alert *alert)
{
    struct series *series = NULL;
    size_t count = 0;
    const struct store_filter of_series = {.series_id = alert->series_id};
    if (request->metric_count == 0)
        return true;
    if (store_series_list(store, &of_series, &series, &count, NULL) != TARE_OK)
        return false;
    bool wanted = count > 0 && report_wants(request, series[0].metric_id);
    store_series_list_free(series, count);
    return wanted;
}

/* Open ones first, the worst of them first; then those closed last. */
static int entry_compare(const void *left, const void *right)
{
    const struct period_alert *a = left, *b = right;
    bool a_closed = a->span.closed_ns != 0, b_closed = b->span.closed_ns != 0;
    if (a_closed != b_closed)
        return a_closed - b_closed;
    if (!a_closed && a->row.alert.severity != b->row.alert.severity)
        return (int)b->row.alert.severity - (int)a->row.alert.severity;
    int64_t a_ns = a_closed ? a->span.closed_ns : a->span.opened_ns;
    int64_t b_ns = b_closed ? b->span.closed_ns : b->span.opened_ns;
    if (a_ns != b_ns)
        return a_ns > b_ns ? -1 : 1;
    return (a->row.alert.id > b->row.alert.id) - (a->row.alert.id < b->row.alert.id);
}

enum tare_status report_alerts_fill(struct store *store, const struct report_request *request,
                                    struct period_report *report, struct tare_error *error)
{
    struct alert *alerts = NULL;
    size_t count = 0;
    struct store_filter filter = request->filter;
    filter.branch = NULL; /* an alert is a series', not a branch's */
    enum tare_status status = store_alert_list(store, &filter, false, &alerts, &count, error);
    for (size_t i = 0; i < count && status == TARE_OK; i++)
        if (alert_wanted(request, store, &alerts[i]))
            status = alert_take(store, &alerts[i], report, error);
    free(alerts);
    if (report->alert_count > 1)
        qsort(report->alerts, report->alert_count, sizeof *report->alerts, entry_compare);
    return status;
}
