#include "app/export.h"

#include "base/error.h"

#include <stdlib.h>
#include <string.h>

#define FLUSH_BYTES    65536
#define PROGRESS_EVERY 4096 /* measurements */

struct export_run {
    struct store *store;
    const struct export_request *request;
    export_sink sink;
    void *sink_ctx;
    struct export_result *result;
    struct exporter exporter;
    struct strbuf out;
    struct metric *metrics; /* of the store; owned, as is the next */
    size_t metric_count;
    struct series *series; /* that are wanted, in an order that only their content makes */
    size_t series_count;
    size_t at; /* of by_series: the series, how many measurements were before it, and its last */
    uint64_t before;
    struct measurement last;
};

static enum tare_status flush(struct export_run *run, struct tare_error *error)
{
    if (run->out.failed || exporter_failed(&run->exporter))
        return error_memory(error);
    if (run->out.length == 0)
        return TARE_OK;
    enum tare_status status = run->sink(run->sink_ctx, run->out.text, run->out.length, error);
    strbuf_clear(&run->out);
    return status;
}

static enum tare_status flush_when_full(struct export_run *run, struct tare_error *error)
{
    return run->out.length >= FLUSH_BYTES ? flush(run, error) : TARE_OK;
}

static int content_compare(const void *left, const void *right)
{
    const struct series *a = left, *b = right;
    int order = strcmp(a->metric_id, b->metric_id);
    if (order == 0)
        order = strcmp(a->app, b->app);
    if (order == 0)
        order = strcmp(a->environment, b->environment);
    if (order == 0)
        order = strcmp(a->labels, b->labels);
    if (order == 0)
        order = (int)a->temperature - (int)b->temperature;
    return order;
}

static bool is_wanted(const struct export_request *request, const char *metric_id)
{
    bool wanted = request->metric_count == 0;
    for (size_t i = 0; i < request->metric_count && !wanted; i++)
        wanted = strcmp(request->metric_ids[i], metric_id) == 0;
    return wanted;
}

static enum tare_status series_choose(struct export_run *run, struct tare_error *error)
{
    struct store_filter filter = run->request->filter;
    struct metric metric;
    enum tare_status status = TARE_OK;
    size_t kept = 0;
    filter.limit = 0;
    filter.metric_id = NULL;
    for (size_t i = 0; i < run->request->metric_count && status == TARE_OK; i++) {
        metric_init(&metric);
        status = store_metric_get(run->store, run->request->metric_ids[i], &metric, error);
        metric_release(&metric);
    }
    if (status == TARE_OK)
        status = store_series_list(run->store, &filter, &run->series, &run->series_count, error);
    if (status != TARE_OK)
        return status;
    for (size_t i = 0; i < run->series_count; i++) {
        if (is_wanted(run->request, run->series[i].metric_id))
            run->series[kept++] = run->series[i];
        else
            series_release(&run->series[i]);
    }
    run->series_count = kept;
    if (kept > 0)
        qsort(run->series, kept, sizeof *run->series, content_compare);
    return TARE_OK;
}

static int id_compare(const void *left, const void *right)
{
    return strcmp(((const struct metric *)left)->id, ((const struct metric *)right)->id);
}

/* Series and metrics side by side: both in order of the metric's id. */
static enum tare_status series_describe(struct export_run *run, struct tare_error *error)
{
    size_t at = 0;
    enum tare_status status = store_metric_list(run->store, &run->metrics, &run->metric_count,
                                                error);
    if (status == TARE_OK)
        status = exporter_init(&run->exporter, run->request->format, run->series_count, error);
    if (status == TARE_OK && run->metric_count > 0)
        qsort(run->metrics, run->metric_count, sizeof *run->metrics, id_compare);
    for (size_t i = 0; i < run->series_count && status == TARE_OK; i++) {
        const char *id = run->series[i].metric_id;
        while (at < run->metric_count && strcmp(run->metrics[at].id, id) < 0)
            at++;
        if (at == run->metric_count || strcmp(run->metrics[at].id, id) != 0)
            return error_set(error, TARE_E_CORRUPT,
                             "the store has a series of %.80s, but no such metric: run "
                             "'tare doctor'",
                             id);
        run->exporter.series[i].series = &run->series[i];
        run->exporter.series[i].metric = &run->metrics[at];
    }
    return status;
}

static enum tare_status on_session(void *ctx, const struct session *session, size_t measurements,
                                   struct tare_error *error)
{
    struct export_run *run = ctx;
    const struct export_format *format = run->request->format;
    if (run->result->sessions > 0)
        format->session_end(&run->exporter, &run->out);
    run->result->sessions++;
    format->session(&run->exporter, session, measurements, &run->out);
    return flush_when_full(run, error);
}

static enum tare_status on_measurement(void *ctx, const struct session *session, size_t series,
                                       const struct measurement *measurement,
                                       struct tare_error *error)
{
    struct export_run *run = ctx;
    const struct export_request *request = run->request;
    struct batch_part kept = {0};
    enum tare_status status = TARE_OK;
    (void)session;
    if (request->samples)
        status = store_samples_read(run->store, measurement->series_id, measurement->session_id,
                                    measurement->window_start_ns, &kept, error);
    if (status != TARE_OK)
        return status;
    bool some = kept.n + kept.failed > 0;
    request->format->measurement(&run->exporter, series, measurement, some ? &kept : NULL,
                                 &run->out);
    batch_part_release(&kept);
    if (++run->result->measurements % PROGRESS_EVERY == 0 && request->progress != NULL)
        request->progress(request->progress_ctx, run->result->measurements);
    return flush_when_full(run, error);
}

/* One series at a time: a day's histograms are not small. */
static enum tare_status days_of(struct export_run *run, size_t series, struct tare_error *error)
{
    struct store_filter filter = run->request->filter;
    struct rollup *rollups = NULL;
    size_t count = 0;
    filter.series_id = run->series[series].id;
    filter.limit = run->request->days ? 0 : 1;
    enum tare_status status = store_rollup_list(run->store, &filter, &rollups, &count, error);
    if (status != TARE_OK)
        return status;
    run->result->days_left = count > 0 && !run->request->days;
    for (size_t i = 0; i < count && run->request->days && status == TARE_OK; i++) {
        const struct rollup_numbers *seen = &rollups[i].observations;
        const struct export_day day = {
            .measurements = rollups[i].values.n,
            .numbers = {.time_ns = rollups[i].day_ns,
                        .n = seen->n,
                        .failed = rollups[i].failed,
                        .value = rollup_quantile(&rollups[i].values, 0.5),
                        .min = seen->min,
                        .max = seen->max,
                        .mean = rollup_mean(seen),
                        .p50 = rollup_quantile(seen, 0.5),
                        .p95 = rollup_quantile(seen, 0.95),
                        .p99 = rollup_quantile(seen, 0.99)}};
        run->request->format->day(&run->exporter, series, &day, &run->out);
        run->result->days++;
        status = flush_when_full(run, error);
    }
    store_rollup_list_free(rollups, count);
    return status;
}

/* Days that were rolled up are older than all that was not. */
static enum tare_status days_write(struct export_run *run, struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    for (size_t i = 0; i < run->series_count && status == TARE_OK && !run->result->days_left; i++)
        status = days_of(run, i, error);
    return status;
}

/* Of one series, commit, branch and outcome no two stand at one moment. */
static enum tare_status on_point(void *ctx, const struct session *session, size_t series,
                                 const struct measurement *measurement, struct tare_error *error)
{
    struct export_run *run = ctx;
    struct measurement point = *measurement, *last = &run->last;
    (void)series;
    bool follows = run->result->measurements > run->before && point.outcome == last->outcome &&
                   strcmp(point.commit, last->commit) == 0 &&
                   strcmp(point.branch, last->branch) == 0;
    if (follows && point.window_start_ns <= last->window_start_ns)
        point.window_start_ns = last->window_start_ns + 1;
    run->last = point;
    return on_measurement(run, session, run->at, &point, error);
}

static enum tare_status series_write(struct export_run *run, struct tare_error *error)
{
    const struct store_visitor visitor = {NULL, on_point, run};
    enum tare_status status = TARE_OK;
    for (size_t i = 0; i < run->series_count && status == TARE_OK; i++) {
        struct store_filter filter = run->request->filter;
        filter.series_id = run->series[i].id;
        run->at = i;
        run->before = run->result->measurements;
        status = store_series_walk(run->store, &filter, &visitor, error);
    }
    return status;
}

static enum tare_status measurements_write(struct export_run *run, struct tare_error *error)
{
    const struct export_request *request = run->request;
    const struct store_visitor visitor = {on_session, on_measurement, run};
    bool empty = request->format->empty && request->metric_count == 0;
    enum tare_status status = store_walk(run->store, &request->filter, run->series,
                                         run->series_count, empty, &visitor, error);
    if (status == TARE_OK && run->result->sessions > 0)
        request->format->session_end(&run->exporter, &run->out);
    return status;
}

enum tare_status export_run(struct store *store, const struct export_request *request,
                            export_sink sink, void *sink_ctx, struct export_result *result,
                            struct tare_error *error)
{
    struct export_run run = {
        .store = store, .request = request, .sink = sink, .sink_ctx = sink_ctx, .result = result};
    *result = (struct export_result){0};
    strbuf_init(&run.out);
    enum tare_status status = series_choose(&run, error);
    if (status == TARE_OK)
        status = series_describe(&run, error);
    if (status == TARE_OK) {
        request->format->begin(&run.exporter, &run.out);
        status = days_write(&run, error);
    }
    if (status == TARE_OK)
        status = request->format->by_series ? series_write(&run, error)
                                            : measurements_write(&run, error);
    if (status == TARE_OK) {
        request->format->end(&run.exporter, &run.out);
        status = flush(&run, error);
    }
    exporter_release(&run.exporter);
    store_series_list_free(run.series, run.series_count);
    store_metric_list_free(run.metrics, run.metric_count);
    strbuf_release(&run.out);
    return status;
}
