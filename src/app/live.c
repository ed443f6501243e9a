#include "app/live.h"

#include "app/self_session.h"
#include "app/status.h"
#include "base/error.h"
#include "detect/measurement_verdict.h"
#include "model/catalogue.h"
#include "model/labels.h"
#include "record/part_measure.h"
#include "record/session_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_wanted(const struct session *session, const struct store_filter *filter)
{
    const char *labels = session->labels != NULL ? session->labels : "";
    if (filter->app != NULL && strcmp(filter->app, session->app) != 0)
        return false;
    if (filter->environment != NULL && strcmp(filter->environment, session->environment.key) != 0)
        return false;
    if (filter->branch != NULL &&
        (session->branch == NULL || strcmp(filter->branch, session->branch) != 0))
        return false;
    return labels_contain(labels, filter->labels);
}

/* What the metric is: as the store has it, else as the program or the catalogue describes it. */
static enum tare_status metric_take(struct store *store, const struct batch_part *part,
                                    struct metric *metric, struct tare_error *error)
{
    const struct catalogue_metric *row = catalogue_find(part->metric.id);
    if (store != NULL && store_metric_get(store, part->metric.id, metric, NULL) == TARE_OK)
        return TARE_OK;
    if (row != NULL && !part->metric_described)
        return catalogue_metric_fill(row, metric, error);
    return metric_copy(metric, &part->metric, error);
}

/* The standing baseline of the series that the running session will become part of. */
static enum tare_status baseline_take(struct store *store, const struct session *session,
                                      struct status_metric *row, struct tare_error *error)
{
    struct series *series = NULL;
    size_t count = 0;
    struct baseline_standing standing;
    if (store == NULL)
        return TARE_OK;
    const struct store_filter filter = {.metric_id = row->metric.id,
                                        .app = session->app,
                                        .environment = session->environment.key,
                                        .has_temperature = true,
                                        .temperature = session->temperature};
    enum tare_status status = store_series_list(store, &filter, &series, &count, error);
    for (size_t i = 0; i < count && status == TARE_OK; i++) {
        if (strcmp(series[i].labels, session->labels != NULL ? session->labels : "") != 0)
            continue;
        row->series_id = series[i].id;
        status = store_standing_get(store, series[i].id, &standing, error);
        if (status == TARE_OK)
            row->baseline = standing.baseline;
    }
    store_series_list_free(series, count);
    return status;
}

static enum tare_status part_show(struct store *store, const struct config *config,
                                  const struct batch *batch, const struct batch_part *part,
                                  struct status_report *report, struct tare_error *error)
{
    struct measurement measurement;
    struct status_metric *row = status_report_metric_add(report);
    if (row == NULL)
        return error_memory(error);
    enum tare_status status = metric_take(store, part, &row->metric, error);
    if (status == TARE_OK)
        status = baseline_take(store, &batch->session, row, error);
    if (status != TARE_OK)
        return status;
    row->baseline.minimum = config->baseline_minimum;
    if (!part_measure(&row->metric, part, true, &measurement, error))
        return TARE_OK;
    row->n = measurement.n;
    row->value = measurement.value;
    row->recent[row->recent_count++] = row->value;
    if (isfinite(row->value))
        row->verdict = measurement_verdict(&row->metric, &row->baseline, row->value);
    return TARE_OK;
}

static const struct batch *newest(const struct live_sessions *live,
                                  const struct store_filter *filter)
{
    const struct batch *found = NULL;
    for (size_t i = 0; i < live->count; i++) {
        const struct batch *batch = &live->batches[i];
        if (is_wanted(&batch->session, filter) &&
            (found == NULL || batch->session.started_ns > found->session.started_ns))
            found = batch;
    }
    return found;
}

/* The strings move from the batch's session to the report's. */
static void session_move(struct session *from, struct session *to)
{
    *to = *from;
    session_init(from);
}

/* A session file names its environment only where somebody gave it a name; else it is this
 * machine's, as it will be when the session is taken in. */
static enum tare_status environments_fill(struct live_sessions *live, struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    for (size_t i = 0; i < live->count && status == TARE_OK; i++) {
        struct environment *environment = &live->batches[i].session.environment;
        if (environment->key == NULL)
            status = self_environment(environment, NULL, error);
    }
    return status;
}

enum tare_status live_build(struct store *store, const char *store_url,
                            const struct config *config, const struct store_filter *filter,
                            struct status_report *report, struct tare_error *error)
{
    struct live_sessions live = {0};
    report->live = true;
    enum tare_status status = sessions_peek(store_url, &live, error);
    if (status != TARE_OK)
        return status;
    status = environments_fill(&live, error);
    const struct batch *batch = status == TARE_OK ? newest(&live, filter) : NULL;
    for (size_t i = 0; batch != NULL && i < batch->part_count && status == TARE_OK; i++)
        status = part_show(store, config, batch, &batch->parts[i], report, error);
    if (batch != NULL && status == TARE_OK) {
        report->has_session = true;
        session_move(&live.batches[batch - live.batches].session, &report->session);
        report->app = strdup(report->session.app);
        status = report->app != NULL ? status_conclude(store, report, error) : error_memory(error);
    }
    live_sessions_release(&live);
    return status;
}
