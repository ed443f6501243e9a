#include "app/report_parts.h"

#include "base/error.h"
#include "model/catalogue.h"

#include <stdlib.h>
#include <string.h>

#define LOOK_BACK 100 /* measurements among which the newest that counts is looked for */

static bool was_measured(const struct period_report *report, const char *metric_id)
{
    for (size_t i = 0; i < report->row_count; i++)
        if (report->rows[i].values.n > 0 &&
            strcmp(report->rows[i].course.metric.id, metric_id) == 0)
            return true;
    return false;
}

static bool is_listed(const struct period_report *report, const char *metric_id)
{
    for (size_t i = 0; i < report->gap_count; i++)
        if (strcmp(report->gaps[i].metric.id, metric_id) == 0)
            return true;
    return false;
}

static bool is_in_config(const struct config *config, const char *metric_id)
{
    for (size_t i = 0; i < config->metric_count; i++)
        if (strcmp(config->metrics[i].id, metric_id) == 0)
            return true;
    return false;
}

/* The newest measurement of a series that counts, rolled up or not. */
static enum tare_status series_last(struct store *store, const struct store_filter *of_series,
                                    int64_t *last_ns, struct tare_error *error)
{
    struct measurement *list = NULL;
    struct rollup *rollups = NULL;
    size_t count = 0, rollup_count = 0;
    enum tare_status status = store_measurement_list(store, of_series, &list, &count, error);
    if (status != TARE_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        if (measurement_counts(&list[i]) && list[i].time_ns > *last_ns)
            *last_ns = list[i].time_ns;
    free(list);
    if (of_series->branch != NULL)
        return TARE_OK;
    status = store_rollup_list(store, of_series, &rollups, &rollup_count, error);
    if (status == TARE_OK && rollup_count > 0 && rollups[rollup_count - 1].day_ns > *last_ns)
        *last_ns = rollups[rollup_count - 1].day_ns;
    if (status == TARE_OK)
        store_rollup_list_free(rollups, rollup_count);
    return status;
}

static enum tare_status metric_last(struct store *store, const struct report_request *request,
                                    const struct period_report *report, const char *metric_id,
                                    int64_t *last_ns, struct tare_error *error)
{
    struct series *series = NULL;
    size_t count = 0;
    struct store_filter of_metric = request->filter;
    of_metric.metric_id = metric_id;
    enum tare_status status = store_series_list(store, &of_metric, &series, &count, error);
    for (size_t i = 0; i < count && status == TARE_OK; i++) {
        const struct store_filter of_series = {.series_id = series[i].id,
                                               .branch = request->filter.branch,
                                               .until_ns = report->until_ns,
                                               .limit = LOOK_BACK};
        status = series_last(store, &of_series, last_ns, error);
    }
    store_series_list_free(series, count);
    return status;
}

static enum tare_status gap_take(struct store *store, const struct report_request *request,
                                 const struct metric *metric, const char *origin,
                                 struct period_report *report, struct tare_error *error)
{
    if (!report_wants(request, metric->id) || was_measured(report, metric->id) ||
        is_listed(report, metric->id))
        return TARE_OK;
    struct period_gap *gap = period_gap_add(report);
    if (gap == NULL)
        return error_memory(error);
    gap->origin = origin;
    enum tare_status status = metric_copy(&gap->metric, metric, error);
    return status == TARE_OK
               ? metric_last(store, request, report, metric->id, &gap->last_ns, error)
               : status;
}

/* Whether this store or tare.yml uses the catalogue: to others its metrics are no gap. */
static bool catalogue_is_used(const struct metric *metrics, size_t count,
                              const struct config *config)
{
    for (size_t i = 0; i < count; i++)
        if (catalogue_find(metrics[i].id) != NULL)
            return true;
    for (size_t i = 0; i < config->metric_count; i++)
        if (catalogue_find(config->metrics[i].id) != NULL)
            return true;
    return false;
}

static enum tare_status of_catalogue(struct store *store, const struct report_request *request,
                                     struct period_report *report, struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    for (size_t i = 0; i < CATALOGUE_COUNT && status == TARE_OK; i++) {
        struct metric metric;
        metric_init(&metric);
        status = catalogue_metric_fill(&catalogue[i], &metric, error);
        if (status == TARE_OK)
            status = gap_take(store, request, &metric, "catalogue", report, error);
        metric_release(&metric);
    }
    return status;
}

static int gap_compare(const void *left, const void *right)
{
    const struct period_gap *a = left, *b = right;
    if (a->metric.category != b->metric.category)
        return (int)a->metric.category - (int)b->metric.category;
    return strcmp(a->metric.id, b->metric.id);
}

enum tare_status report_gaps_fill(struct store *store, const struct config *config,
                                  const struct report_request *request,
                                  struct period_report *report, struct tare_error *error)
{
    struct metric *metrics = NULL;
    size_t count = 0;
    enum tare_status status = store_metric_list(store, &metrics, &count, error);
    for (size_t i = 0; i < count && status == TARE_OK; i++)
        status = gap_take(store, request, &metrics[i],
                          is_in_config(config, metrics[i].id) ? "tare.yml" : "store", report,
                          error);
    bool catalogued = catalogue_is_used(metrics, count, config);
    store_metric_list_free(metrics, count);
    for (size_t i = 0; i < config->metric_count && status == TARE_OK; i++)
        status = gap_take(store, request, &config->metrics[i], "tare.yml", report, error);
    if (status == TARE_OK && catalogued)
        status = of_catalogue(store, request, report, error);
    if (status == TARE_OK && report->gap_count > 1)
        qsort(report->gaps, report->gap_count, sizeof *report->gaps, gap_compare);
    return status;
}
