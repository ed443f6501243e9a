#include "app/intake.h"

#include "app/measure.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "model/catalogue.h"
#include "model/labels.h"
#include "model/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of a process that joined another's session, what it measured this soon after its start belongs
 * to the session's first window: a command that is repeated makes one measurement. */
#define JOINED_WINDOW_NS (600 * CLOCK_NS_PER_SECOND)

void intake_init(struct intake *intake, struct store *store, const struct config *config)
{
    *intake = (struct intake){.store = store, .config = config};
    judge_init(&intake->judge, store, config);
}

/* What others change between two of our transactions is read again. */
static void pairs_forget(struct intake *intake)
{
    for (size_t i = 0; i < intake->pair_count; i++)
        metric_release(&intake->pairs[i].metric);
    free(intake->pairs);
    intake->pairs = NULL;
    intake->pair_count = 0;
    text_map_release(&intake->contexts);
    text_map_release(&intake->known);
}

void intake_release(struct intake *intake)
{
    pairs_forget(intake);
    free(intake->series_ids);
    judge_release(&intake->judge);
    intake_init(intake, NULL, NULL);
}

/* May note a series more than once: intake_judge() sorts that out. */
static enum tare_status touch(struct intake *intake, int64_t series_id, struct tare_error *error)
{
    if (intake->series_count > 0 && intake->series_ids[intake->series_count - 1] == series_id)
        return TARE_OK;
    int64_t *slot = array_add(&intake->series_ids, &intake->series_count,
                              sizeof *intake->series_ids);
    if (slot == NULL)
        return error_memory(error);
    *slot = series_id;
    return TARE_OK;
}

static const struct metric *configured(const struct config *config, const char *id)
{
    for (size_t i = 0; i < config->metric_count; i++)
        if (strcmp(config->metrics[i].id, id) == 0)
            return &config->metrics[i];
    return NULL;
}

static bool is_unitless(const struct batch_part *part)
{
    return part->metric.unit == NULL || part->metric.unit[0] == '\0';
}

/* As the part describes it; what nobody gave a unit is counted. */
static enum tare_status metric_take(const struct batch_part *part, struct metric *metric,
                                    struct tare_error *error)
{
    enum tare_status status = metric_copy(metric, &part->metric, error);
    if (status == TARE_OK && is_unitless(part))
        status = metric_name(metric, part->metric.id, part->metric.name, "count", error);
    return status;
}

/* What a metric that the store has not seen is: as tare.yml has it, else as the program or the
 * format described it, else as the catalogue has it, else as little as is known. */
static enum tare_status metric_define(const struct intake *intake, const struct batch_part *part,
                                      struct tare_error *error)
{
    const struct metric *known = configured(intake->config, part->metric.id);
    const struct catalogue_metric *row = catalogue_find(part->metric.id);
    struct metric metric;
    metric_init(&metric);
    enum tare_status status;
    if (known != NULL)
        return store_metric_put(intake->store, known, false, error);
    if (part->metric_described || row == NULL)
        status = metric_take(part, &metric, error);
    else
        status = catalogue_metric_fill(row, &metric, error);
    if (status == TARE_OK)
        status = store_metric_put(intake->store, &metric, false, error);
    metric_release(&metric);
    return status;
}

/* The metric as the store has it, defined now if it is new. */
static enum tare_status metric_find(const struct intake *intake, const struct batch_part *part,
                                    struct metric *metric, struct tare_error *error)
{
    enum tare_status status = store_metric_get(intake->store, part->metric.id, metric, error);
    if (status != TARE_E_NOT_FOUND)
        return status;
    status = metric_define(intake, part, error);
    return status == TARE_OK ? store_metric_get(intake->store, part->metric.id, metric, error)
                             : status;
}

/* A copy of the part's numbers in the metric's unit; `scaled` owns them. */
static enum tare_status part_scale(const struct batch_part *part, double factor,
                                   struct batch_part *scaled, struct tare_error *error)
{
    *scaled = *part;
    scaled->samples = NULL;
    scaled->buckets = NULL;
    scaled->sample_count = scaled->bucket_count = 0;
    metric_init(&scaled->metric);
    if (part->bucket_count > 0)
        return error_set(error, TARE_E_USAGE,
                         "the metric %s comes as a histogram in %s, which cannot be rescaled",
                         part->metric.id, part->metric.unit);
    for (size_t i = 0; i < part->sample_count; i++) {
        struct sample *sample = array_add(&scaled->samples, &scaled->sample_count,
                                          sizeof *scaled->samples);
        if (sample == NULL)
            return error_memory(error);
        *sample = (struct sample){part->samples[i].time_ns, part->samples[i].value * factor};
    }
    scaled->sum *= factor;
    scaled->min *= factor;
    scaled->max *= factor;
    double *const summary[] = {&scaled->summary.value, &scaled->summary.min, &scaled->summary.max,
                               &scaled->summary.mean,  &scaled->summary.p50, &scaled->summary.p95,
                               &scaled->summary.p99};
    for (size_t i = 0; i < sizeof summary / sizeof summary[0]; i++)
        *summary[i] *= factor;
    return TARE_OK;
}

/* A number for what a session's series have in common. */
static enum tare_status context_find(struct intake *intake, const struct session *session,
                                     size_t *number, struct tare_error *error)
{
    struct strbuf text;
    strbuf_init(&text);
    strbuf_add_format(&text, "%s\n%s\n%s\n%d", session->app, session->environment.key,
                      session->labels != NULL ? session->labels : "", (int)session->temperature);
    bool found = !text.failed && text_map_find(&intake->contexts, text.text, number);
    if (!found && !text.failed) {
        *number = intake->contexts.count;
        found = text_map_add(&intake->contexts, text.text, *number);
    }
    strbuf_release(&text);
    return found ? TARE_OK : error_memory(error);
}

/* The metric, defined now if it is new, and its series in this session. */
static enum tare_status pair_make(struct intake *intake, const struct session *session,
                                  const struct batch_part *part, struct intake_pair *pair,
                                  struct tare_error *error)
{
    metric_init(&pair->metric);
    enum tare_status status = metric_find(intake, part, &pair->metric, error);
    const struct series series = {
        .metric_id = pair->metric.id,
        .app = session->app,
        .environment = session->environment.key,
        .labels = session->labels != NULL ? session->labels : (char *)"",
        .temperature = session->temperature,
    };
    if (status == TARE_OK)
        status = store_series_put(intake->store, &series, &pair->series_id, error);
    if (status != TARE_OK)
        metric_release(&pair->metric);
    return status;
}

/* `*pair` holds until the next call. */
static enum tare_status pair_find(struct intake *intake, const struct session *session,
                                  size_t context, const struct batch_part *part,
                                  const struct intake_pair **pair, struct tare_error *error)
{
    struct intake_pair fresh = {0};
    struct intake_pair *slot = NULL;
    char key[METRIC_ID_MOST + 24];
    size_t at;
    snprintf(key, sizeof key, "%zu %s", context, part->metric.id);
    if (text_map_find(&intake->known, key, &at)) {
        *pair = &intake->pairs[at];
        return TARE_OK;
    }
    enum tare_status status = pair_make(intake, session, part, &fresh, error);
    if (status != TARE_OK)
        return status;
    at = intake->pair_count;
    if (text_map_add(&intake->known, key, at))
        slot = array_add(&intake->pairs, &intake->pair_count, sizeof *intake->pairs);
    if (slot == NULL) {
        metric_release(&fresh.metric);
        return error_memory(error);
    }
    *slot = fresh;
    *pair = slot;
    return TARE_OK;
}

/* Adds a part whose numbers are in the metric's unit. */
static enum tare_status part_keep(struct intake *intake, const struct session *session,
                                  const struct intake_pair *pair, const struct batch_part *part,
                                  struct tare_error *error)
{
    enum tare_status status = touch(intake, pair->series_id, error);
    if (status == TARE_OK && part->summary.observed)
        status = store_samples_put(intake->store, pair->series_id, session->id, part, error);
    if (status == TARE_OK && part->summary.given)
        status = measure_summary(intake->store, pair->series_id, session, part, error);
    if (status == TARE_OK && !part->summary.given)
        status = store_samples_add(intake->store, pair->series_id, session->id, part, error);
    if (status == TARE_OK && !part->summary.given)
        status = measure_window(intake->store, &pair->metric, pair->series_id, session, part,
                                error);
    intake->samples += part->n + part->failed;
    return status;
}

static enum tare_status part_add(struct intake *intake, const struct batch *batch, size_t context,
                                 const struct batch_part *part, uint64_t *refused,
                                 struct tare_error *error)
{
    const struct intake_pair *pair = NULL;
    double factor = 1;
    enum tare_status status = pair_find(intake, &batch->session, context, part, &pair, error);
    if (status != TARE_OK)
        return status;
    /* Whoever names no unit means the metric's own. */
    bool fits = is_unitless(part) || unit_convert(part->metric.unit, pair->metric.unit, &factor);
    if (fits && factor == 1)
        return part_keep(intake, &batch->session, pair, part, error);
    if (fits && part->bucket_count == 0) {
        struct batch_part scaled = {0};
        status = part_scale(part, factor, &scaled, error);
        if (status == TARE_OK)
            status = part_keep(intake, &batch->session, pair, &scaled, error);
        batch_part_release(&scaled);
        return status;
    }
    *refused += part->n + part->failed;
    if (intake->refusal.status == TARE_OK)
        error_set(&intake->refusal, TARE_E_USAGE,
                  "the metric %s is kept in %s, but session %.8s of %s hands over %s: dropped",
                  pair->metric.id, pair->metric.unit, batch->session.id, batch->session.app,
                  part->metric.unit);
    return TARE_OK;
}

/* `session` (which borrows its strings) with what the store knows of it already: it reaches from
 * the earliest start to the latest end. A process reports its drops as they have added up so far,
 * so the largest report stands. */
static enum tare_status session_merge(const struct intake *intake, struct session *session,
                                      struct tare_error *error)
{
    struct session *before = NULL;
    size_t count = 0;
    const struct store_filter filter = {.session_id = session->id, .limit = 1};
    enum tare_status status = store_session_list(intake->store, &filter, &before, &count, error);
    if (status != TARE_OK || count == 0)
        return status;
    if (before->dropped > session->dropped)
        session->dropped = before->dropped;
    if (before->condensed > session->condensed)
        session->condensed = before->condensed;
    if (before->started_ns < session->started_ns)
        session->started_ns = before->started_ns;
    if (before->ended_ns > session->ended_ns)
        session->ended_ns = before->ended_ns;
    store_session_list_free(before, count);
    return TARE_OK;
}

/* When a session has ended, so have the windows it left open. */
static enum tare_status windows_close(struct intake *intake, const struct session *session,
                                      struct tare_error *error)
{
    struct measurement *list = NULL;
    size_t count = 0;
    const struct store_filter filter = {.session_id = session->id};
    enum tare_status status = store_measurement_list(intake->store, &filter, &list, &count, error);
    for (size_t i = 0; i < count && status == TARE_OK; i++) {
        if (list[i].final)
            continue;
        list[i].final = true;
        status = store_measurement_put(intake->store, &list[i], error);
        if (status == TARE_OK)
            status = touch(intake, list[i].series_id, error);
    }
    free(list);
    return status;
}

/* Whether a program recorded this into a session that is not its own: its batches are called by
 * itself, not by the session. */
static bool has_joined(const struct batch *batch)
{
    return batch->session.source != NULL && strcmp(batch->session.source, "libtare") == 0 &&
           strncmp(batch->id, batch->session.id, UUID_TEXT_SIZE - 1) != 0;
}

/* The session as it is from now on; `added`: the store had nothing of it. */
static enum tare_status session_take(struct intake *intake, struct session *session, bool *added,
                                     struct tare_error *error)
{
    enum tare_status status = store_session_add(intake->store, session, added, error);
    if (status != TARE_OK || *added)
        return status;
    status = session_merge(intake, session, error);
    return status == TARE_OK ? store_session_put(intake->store, session, error) : status;
}

static enum tare_status fresh_add(struct intake *intake, const struct batch *batch,
                                  struct tare_error *error)
{
    uint64_t refused = 0;
    bool added = false;
    size_t context = 0;
    struct session session = batch->session; /* borrows the strings: not released */
    enum tare_status status = session_take(intake, &session, &added, error);
    if (status == TARE_OK)
        status = context_find(intake, &session, &context, error);
    for (size_t i = 0; i < batch->part_count && status == TARE_OK; i++) {
        struct batch_part part = batch->parts[i]; /* borrows all */
        if (has_joined(batch) &&
            part.window_start_ns - batch->session.started_ns < JOINED_WINDOW_NS)
            part.window_start_ns = session.started_ns;
        status = part_add(intake, batch, context, &part, &refused, error);
    }
    session.dropped += refused;
    if (status == TARE_OK && refused > 0)
        status = store_session_put(intake->store, &session, error);
    if (status == TARE_OK && !added && batch->session.outcome != OUTCOME_RUNNING)
        status = windows_close(intake, &batch->session, error);
    intake->refused += refused;
    return status;
}

enum tare_status intake_add(struct intake *intake, const struct batch *batch,
                            struct tare_error *error)
{
    bool fresh = false;
    char *labels = NULL;
    struct batch spelled = *batch; /* its labels in the one spelling that tells series apart */
    enum tare_status status = store_batch_claim(intake->store, batch->id, &fresh, error);
    if (status != TARE_OK)
        return status;
    if (!fresh) {
        intake->batches_known++;
        return TARE_OK;
    }
    status = labels_canonical(batch->session.labels, &labels, error);
    spelled.session.labels = labels;
    if (status == TARE_OK)
        status = fresh_add(intake, &spelled, error);
    intake->batches_fresh += status == TARE_OK;
    free(labels);
    return status;
}

static int id_compare(const void *left, const void *right)
{
    const int64_t *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

enum tare_status intake_judge(struct intake *intake, struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    if (intake->series_count > 0)
        qsort(intake->series_ids, intake->series_count, sizeof *intake->series_ids, id_compare);
    for (size_t i = 0; i < intake->series_count && status == TARE_OK; i++)
        if (i == 0 || intake->series_ids[i] != intake->series_ids[i - 1])
            status = judge_series(&intake->judge, intake->series_ids[i], error);
    return status;
}

static enum tare_status in_transaction(struct intake *intake, const struct batch *batch,
                                       struct tare_error *error)
{
    enum tare_status status = store_begin(intake->store, error);
    if (status != TARE_OK)
        return status;
    pairs_forget(intake);
    status = batch != NULL ? intake_add(intake, batch, error) : intake_judge(intake, error);
    if (status == TARE_OK)
        status = store_commit(intake->store, error);
    if (status != TARE_OK)
        store_rollback(intake->store);
    return status;
}

enum tare_status intake_take(struct intake *intake, const struct batch *batch,
                             struct tare_error *error)
{
    return in_transaction(intake, batch, error);
}

enum tare_status intake_finish(struct intake *intake, struct tare_error *error)
{
    enum tare_status status = intake->series_count > 0 ? in_transaction(intake, NULL, error)
                                                       : TARE_OK;
    intake->series_count = 0;
    return status;
}
