#include "app/status.h"

#include "app/lists.h"
#include "app/rules.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "stats/quantile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What is read once and looked up for every metric. */
struct status_sources {
    const struct config *config;
    struct series *series;
    size_t series_count;
    struct alert *alerts;
    size_t alert_count;
};

static void sources_release(struct status_sources *sources)
{
    store_series_list_free(sources->series, sources->series_count);
    free(sources->alerts);
}

static const struct series *series_find(const struct status_sources *sources, int64_t id)
{
    for (size_t i = 0; i < sources->series_count; i++)
        if (sources->series[i].id == id)
            return &sources->series[i];
    return NULL;
}

static int64_t alert_of(const struct status_sources *sources, int64_t series_id)
{
    for (size_t i = 0; i < sources->alert_count; i++)
        if (sources->alerts[i].series_id == series_id)
            return sources->alerts[i].id;
    return 0;
}

static enum tare_status recent_fill(struct store *store, struct status_metric *row,
                                    struct tare_error *error)
{
    struct measurement *list = NULL;
    size_t count = 0;
    const struct store_filter filter = {.series_id = row->series_id, .limit = REPORT_RECENT};
    enum tare_status status = store_measurement_list(store, &filter, &list, &count, error);
    if (status != TARE_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        row->recent[row->recent_count++] = list[i].value;
    free(list);
    return TARE_OK;
}

static enum tare_status metric_fill(struct store *store, const struct status_sources *sources,
                                    const struct measurement *measurement,
                                    struct status_metric *row, struct tare_error *error)
{
    struct baseline_standing standing;
    const struct series *series = series_find(sources, measurement->series_id);
    if (series == NULL)
        return error_damaged(error, "measurement %lld belongs to no series",
                             (long long)measurement->id);
    enum tare_status status = store_metric_get(store, series->metric_id, &row->metric, error);
    if (status == TARE_OK)
        status = rules_standing_get(store, sources->config, series->id, &standing, error);
    if (status == TARE_OK)
        status = store_verdict_list(store, &measurement->id, 1, &row->verdict, error);
    if (status != TARE_OK)
        return status;
    row->series_id = series->id;
    row->n = measurement->n;
    row->value = measurement->value;
    row->final = measurement->final;
    row->baseline = standing.baseline;
    row->verdict.learning = row->verdict.learning || !isfinite(standing.baseline.centre);
    row->alert_id = alert_of(sources, series->id);
    return recent_fill(store, row, error);
}

/* The last window of each series in the session, `list` being oldest first. */
static enum tare_status metrics_fill(struct store *store, const struct status_sources *sources,
                                     const struct measurement *list, size_t count,
                                     struct status_report *report, struct tare_error *error)
{
    for (size_t i = 0; i < count; i++) {
        bool newer = false;
        for (size_t k = i + 1; k < count && !newer; k++)
            newer = list[k].series_id == list[i].series_id;
        if (newer)
            continue;
        struct status_metric *row = status_report_metric_add(report);
        if (row == NULL)
            return error_memory(error);
        enum tare_status status = metric_fill(store, sources, &list[i], row, error);
        if (status != TARE_OK)
            return status;
    }
    return TARE_OK;
}

/* How much worse, in percent, a metric is than the median of the days before: 0 where that is
 * less than what counts as a change of it, NaN when there is nothing to hold it against. */
static enum tare_status drift_of(struct store *store, const struct status_report *report,
                                 const struct status_metric *row, double *percent,
                                 struct tare_error *error)
{
    struct measurement *list = NULL;
    size_t count = 0, used = 0;
    const struct store_filter filter = {.series_id = row->series_id,
                                        .since_ns = report->session.started_ns -
                                                    (int64_t)report->trend_days * CLOCK_NS_PER_DAY,
                                        .until_ns = report->session.started_ns,
                                        .limit = 2000};
    *percent = NAN;
    if (row->series_id == 0)
        return TARE_OK; /* seen in a running program only: there are no days before */
    enum tare_status status = store_measurement_list(store, &filter, &list, &count, error);
    double *values = status == TARE_OK ? malloc((count + 1) * sizeof *values) : NULL;
    for (size_t i = 0; values != NULL && i < count; i++)
        if (measurement_counts(&list[i]))
            values[used++] = list[i].value;
    if (used >= BASELINE_MINIMUM) {
        double median = quantile(values, used, 0.5);
        double sign = row->metric.better == TARE_HIGHER ? -1 : 1;
        double change = row->value - median;
        if (median != 0 && isfinite(change))
            *percent = fabs(change) < row->metric.min_change ? 0
                                                             : sign * 100 * change / fabs(median);
    }
    free(values);
    free(list);
    return status;
}

static enum tare_status trend_fill(struct store *store, struct status_report *report,
                                   struct tare_error *error)
{
    double sum = 0, weights = 0;
    for (size_t i = 0; i < report->metric_count; i++) {
        const struct status_metric *row = &report->metrics[i];
        double percent;
        if (row->metric.category == CATEGORY_SECONDARY || row->metric.better == TARE_EXACT)
            continue;
        enum tare_status status = drift_of(store, report, row, &percent, error);
        if (status != TARE_OK)
            return status;
        if (isnan(percent))
            continue;
        sum += row->metric.weight * percent;
        weights += row->metric.weight;
    }
    if (weights <= 0)
        return TARE_OK;
    report->trend_percent = sum / weights;
    report->trend = report->trend_percent <= -2  ? TREND_IMPROVING
                    : report->trend_percent >= 2 ? TREND_WORSENING
                                                 : TREND_STABLE;
    return TARE_OK;
}

enum tare_status status_conclude(struct store *store, struct status_report *report,
                                 struct tare_error *error)
{
    if (!status_report_conclude(report))
        return error_memory(error);
    return store != NULL ? trend_fill(store, report, error) : TARE_OK;
}

/* Whether one of the warnings ends with this alert's number. */
static bool alert_named(const struct status_report *report, int64_t id)
{
    for (size_t i = 0; i < report->metric_count; i++)
        if (report->metrics[i].alert_id == id &&
            report->metrics[i].verdict.severity >= SEVERITY_WARNING)
            return true;
    return false;
}

/* One session tells of a few metrics: the others' alerts are not to be taken for none. */
static void alerts_count(const struct status_sources *sources, struct status_report *report)
{
    int64_t now_ns = clock_now_ns();
    report->alerts_live = sources->alert_count;
    for (size_t i = 0; i < sources->alert_count; i++) {
        const struct alert *alert = &sources->alerts[i];
        if (alert->state != ALERT_OPEN || alert->muted_until_ns > now_ns ||
            alert_named(report, alert->id))
            continue;
        report->alerts_open++;
        if (alert->severity > report->alerts_worst)
            report->alerts_worst = alert->severity;
    }
}

static enum tare_status session_take(struct store *store, const struct store_filter *filter,
                                     struct status_report *report, struct tare_error *error)
{
    struct session *newest = NULL;
    size_t count = 0;
    enum tare_status status = session_newest(store, filter, &newest, &count, error);
    if (status == TARE_OK && count == 0) {
        const struct store_filter any = {.limit = 1};
        status = store_session_list(store, &any, &newest, &count, error);
        report->filtered = status == TARE_OK && count > 0;
        if (status == TARE_OK)
            store_session_list_free(newest, count);
        return status;
    }
    if (status != TARE_OK)
        return status;
    report->session = newest[0];
    report->has_session = true;
    free(newest); /* the strings have moved */
    report->app = strdup(report->session.app);
    return report->app != NULL ? TARE_OK : error_memory(error);
}

enum tare_status status_build(struct store *store, const struct config *config,
                              const struct store_filter *filter, struct status_report *report,
                              struct tare_error *error)
{
    struct status_sources sources = {.config = config};
    struct measurement *list = NULL;
    size_t count = 0;
    enum tare_status status = session_take(store, filter, report, error);
    if (status != TARE_OK || !report->has_session)
        return status;
    const struct store_filter of_app = {.app = report->app};
    const struct store_filter of_session = {.session_id = report->session.id};
    status = store_series_list(store, &of_app, &sources.series, &sources.series_count, error);
    if (status == TARE_OK)
        status = store_alert_list(store, &of_app, true, &sources.alerts, &sources.alert_count,
                                  error);
    if (status == TARE_OK)
        status = store_measurement_list(store, &of_session, &list, &count, error);
    if (status == TARE_OK)
        status = metrics_fill(store, &sources, list, count, report, error);
    if (status == TARE_OK)
        status = status_conclude(store, report, error);
    if (status == TARE_OK)
        alerts_count(&sources, report);
    free(list);
    sources_release(&sources);
    return status;
}
