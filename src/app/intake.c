#include "app/intake.h"

#include "app/measure.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "model/batch_join.h"
#include "model/labels.h"
#include "model/unit.h"

#include <stdlib.h>
#include <string.h>

/* Of a process that joined another's session, what it measured this soon after its start belongs
 * to the session's first window: a command that is repeated makes one measurement. */
#define JOINED_WINDOW_NS (600 * CLOCK_NS_PER_SECOND)

void intake_init(struct intake *intake, struct store *store, const struct config *config)
{
    *intake = (struct intake){.store = store, .config = config};
    intake_pairs_init(&intake->pairs, store, config);
    judge_init(&intake->judge, store, config);
    judge_queue_init(&intake->queue);
}

void intake_release(struct intake *intake)
{
    intake_pairs_forget(&intake->pairs);
    judge_release(&intake->judge);
    judge_queue_release(&intake->queue);
    intake_init(intake, NULL, NULL);
}

void intake_at_once(struct intake *intake)
{
    intake->at_once = true;
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

/* A series that has nothing yet waits in the queue. */
static enum tare_status pair_queue(struct intake *intake, struct intake_pair *pair,
                                   struct tare_error *error)
{
    struct measurement *any = NULL;
    size_t count = 0;
    const struct store_filter filter = {.series_id = pair->series_id, .limit = 1};
    enum tare_status status = store_measurement_list(intake->store, &filter, &any, &count, error);
    free(any);
    if (status != TARE_OK || count > 0)
        return status;
    pair->waits = true;
    return judge_queue_open(&intake->queue, pair->series_id, &pair->number, error);
}

/* A series whose measurements in the store changed: all of it is read again to be judged. */
static enum tare_status reread(struct intake *intake, int64_t series_id, struct tare_error *error)
{
    judge_queue_withdraw(&intake->queue, series_id);
    for (size_t i = 0; i < intake->pairs.count; i++) {
        struct intake_pair *pair = &intake->pairs.list[i];
        if (pair->series_id != series_id)
            continue;
        pair->waits = false;
        if (pair->touched)
            return TARE_OK;
        pair->touched = true;
    }
    return store_unjudged_put(intake->store, series_id, true, error);
}

static enum tare_status measurement_queue(struct intake *intake, const struct session *session,
                                          const struct intake_pair *pair,
                                          const struct measurement *measurement,
                                          struct tare_error *error)
{
    const char *branch = intake->config->base_branch;
    bool counts = measurement_counts(measurement);
    bool of_branch = branch == NULL || branch[0] == '\0' ||
                     (session->branch != NULL && strcmp(branch, session->branch) == 0);
    const struct course_measurement waiting = {.id = measurement->id,
                                               .time_ns = measurement->time_ns,
                                               .value = measurement->value,
                                               .counts = counts,
                                               .admitted = counts && of_branch};
    if (!measurement->final)
        return TARE_OK;
    return judge_queue_add(&intake->queue, pair->number, &waiting, error);
}

/* What is to be judged of a part whose measurement was kept; `added`: it is new. */
static enum tare_status part_note(struct intake *intake, const struct session *session,
                                  struct intake_pair *pair, const struct measurement *measurement,
                                  bool added, struct tare_error *error)
{
    if (pair->waits && added)
        return measurement_queue(intake, session, pair, measurement, error);
    if (pair->waits)
        return reread(intake, pair->series_id, error);
    if (pair->touched)
        return TARE_OK;
    pair->touched = true;
    return store_unjudged_put(intake->store, pair->series_id, true, error);
}

/* The measurement that a part makes; `*measured` is false when it makes none. */
static enum tare_status part_measured(struct intake *intake, const struct session *session,
                                      const struct intake_pair *pair,
                                      const struct batch_part *part,
                                      struct measurement *measurement, bool *measured,
                                      struct tare_error *error)
{
    if (part->summary.given) {
        *measurement = measure_summary(pair->series_id, session, part);
        *measured = true;
        return part->summary.observed
                   ? store_samples_put(intake->store, pair->series_id, session->id, part, error)
                   : TARE_OK;
    }
    enum tare_status status = store_samples_add(intake->store, pair->series_id, session->id, part,
                                                error);
    if (status != TARE_OK)
        return status;
    return measure_window(intake->store, &pair->metric, pair->series_id, session, part,
                          measurement, measured, error);
}

/* Adds a part whose numbers are in the metric's unit. */
static enum tare_status part_keep(struct intake *intake, const struct session *session,
                                  struct intake_pair *pair, const struct batch_part *part,
                                  struct tare_error *error)
{
    struct measurement measurement;
    bool measured = false, added = false;
    intake->samples += part->n + part->failed;
    enum tare_status status = part_measured(intake, session, pair, part, &measurement, &measured,
                                            error);
    if (status != TARE_OK || !measured)
        return status;
    status = store_measurement_add(intake->store, &measurement, &added, error);
    if (status == TARE_OK && !added)
        status = store_measurement_put(intake->store, &measurement, error);
    return status == TARE_OK ? part_note(intake, session, pair, &measurement, added, error)
                             : status;
}

static enum tare_status part_add(struct intake *intake, const struct batch *batch, size_t context,
                                 const struct batch_part *part, uint64_t *refused,
                                 struct tare_error *error)
{
    struct intake_pair *pair = NULL;
    double factor = 1;
    enum tare_status status = intake_pair_find(&intake->pairs, &batch->session, context, part,
                                               &pair, error);
    if (status == TARE_OK && intake->at_once && !pair->met)
        status = pair_queue(intake, pair, error);
    if (status != TARE_OK)
        return status;
    pair->met = true;
    /* Whoever names no unit means the metric's own. */
    bool fits = batch_part_is_unitless(part) ||
                unit_convert(part->metric.unit, pair->metric.unit, &factor);
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
/* A hand-over tells what came since the one before, of whichever process of the session; an import
 * what the whole session had, maybe not for the first time. */
static uint64_t count_merge(const struct intake *intake, uint64_t before, uint64_t now)
{
    if (!intake->at_once)
        return before + now;
    return before > now ? before : now;
}

static enum tare_status session_merge(const struct intake *intake, struct session *session,
                                      struct tare_error *error)
{
    struct session *before = NULL;
    size_t count = 0;
    const struct store_filter filter = {.session_id = session->id, .limit = 1};
    enum tare_status status = store_session_list(intake->store, &filter, &before, &count, error);
    if (status != TARE_OK || count == 0)
        return status;
    session->dropped = count_merge(intake, before->dropped, session->dropped);
    session->condensed = count_merge(intake, before->condensed, session->condensed);
    if (before->started_ns < session->started_ns)
        session->started_ns = before->started_ns;
    if (before->ended_ns > session->ended_ns)
        session->ended_ns = before->ended_ns;
    store_session_list_free(before, count);
    return TARE_OK;
}

/* When a session has ended, so have the windows it left open. And what it had measured before
 * counts for what its outcome is now. */
static enum tare_status windows_close(struct intake *intake, const struct session *session,
                                      struct tare_error *error)
{
    struct measurement *list = NULL;
    size_t count = 0;
    const struct store_filter filter = {.session_id = session->id};
    enum tare_status status = store_measurement_list(intake->store, &filter, &list, &count, error);
    for (size_t i = 0; i < count && status == TARE_OK; i++) {
        bool closed = list[i].final;
        list[i].final = true;
        if (!closed)
            status = store_measurement_put(intake->store, &list[i], error);
        if (status == TARE_OK && (!closed || intake->at_once))
            status = reread(intake, list[i].series_id, error);
    }
    free(list);
    return status;
}

/* Whether a process recorded this into a session that may not be its own: a program's batches are
 * called by itself then, not by the session. `tare record` does not know whose the session is that
 * it calls them by. */
static bool has_joined(const struct batch *batch)
{
    const char *source = batch->session.source != NULL ? batch->session.source : "";
    bool by_session = strncmp(batch->id, batch->session.id, UUID_TEXT_SIZE - 1) == 0;
    return strcmp(source, by_session ? "tare record" : "libtare") == 0;
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
        status = intake_context_find(&intake->pairs, &session, &context, error);
    for (size_t i = 0; i < batch->part_count && status == TARE_OK; i++) {
        struct batch_part part = batch->parts[i]; /* borrows all */
        if (has_joined(batch) && !part.summary.given &&
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

static enum tare_status spelled_add(struct intake *intake, const struct batch *batch,
                                    struct tare_error *error)
{
    char *labels = NULL;
    struct batch spelled = *batch; /* its labels in the one spelling that tells series apart */
    enum tare_status status = labels_canonical(batch->session.labels, &labels, error);
    spelled.session.labels = labels;
    if (status == TARE_OK)
        status = fresh_add(intake, &spelled, error);
    free(labels);
    return status;
}

enum tare_status intake_add(struct intake *intake, const struct batch *batch,
                            struct tare_error *error)
{
    bool fresh = false;
    enum tare_status status = store_batch_claim(intake->store, batch->id, &fresh, error);
    if (status == TARE_OK && fresh)
        status = spelled_add(intake, batch, error);
    intake->batches_fresh += status == TARE_OK && fresh;
    intake->batches_known += status == TARE_OK && !fresh;
    return status;
}

/* Those that the store does not have, as one. */
static enum tare_status group_add(struct intake *intake, struct batch *batches, size_t count,
                                  struct tare_error *error)
{
    struct batch *whole = NULL;
    size_t joined = 0;
    enum tare_status status = TARE_OK;
    for (size_t i = 0; i < count && status == TARE_OK; i++) {
        bool fresh = false;
        status = store_batch_claim(intake->store, batches[i].id, &fresh, error);
        if (status != TARE_OK || !fresh)
            continue;
        if (whole == NULL)
            whole = &batches[i];
        else
            status = batch_join(whole, &batches[i], error);
        joined++;
    }
    if (status == TARE_OK && whole != NULL)
        status = spelled_add(intake, whole, error);
    if (status == TARE_OK) {
        intake->batches_fresh += joined;
        intake->batches_known += count - joined;
    }
    return status;
}

static enum tare_status unjudged_judge(struct intake *intake, struct tare_error *error)
{
    int64_t *ids = NULL;
    size_t count = 0;
    enum tare_status status = store_unjudged_list(intake->store, &ids, &count, error);
    for (size_t i = 0; i < count && status == TARE_OK; i++) {
        status = judge_series(&intake->judge, ids[i], error);
        if (status == TARE_OK)
            status = store_unjudged_put(intake->store, ids[i], false, error);
    }
    free(ids);
    intake->judged = count;
    return status;
}

enum tare_status intake_judge(struct intake *intake, const struct judge_progress *progress,
                              struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    if (intake->at_once)
        status = judge_queue_run(&intake->queue, &intake->judge, progress, error);
    return status == TARE_OK ? unjudged_judge(intake, error) : status;
}

/* Adds batches, or judges where there are none. */
static enum tare_status in_transaction(struct intake *intake, struct batch *batches, size_t count,
                                       struct tare_error *error)
{
    enum tare_status status = store_begin(intake->store, error);
    if (status != TARE_OK)
        return status;
    intake_pairs_forget(&intake->pairs);
    status = count > 0 ? group_add(intake, batches, count, error)
                       : intake_judge(intake, NULL, error);
    if (status == TARE_OK)
        status = store_commit(intake->store, error);
    if (status != TARE_OK)
        store_rollback(intake->store);
    return status;
}

enum tare_status intake_take(struct intake *intake, struct batch *batches, size_t count,
                             struct tare_error *error)
{
    return count > 0 ? in_transaction(intake, batches, count, error) : TARE_OK;
}

enum tare_status intake_knows(struct intake *intake, const char *batch_id, bool *known,
                              struct tare_error *error)
{
    bool fresh = false;
    enum tare_status status = store_begin(intake->store, error);
    if (status != TARE_OK)
        return status;
    status = store_batch_claim(intake->store, batch_id, &fresh, error);
    store_rollback(intake->store);
    *known = status == TARE_OK ? !fresh : *known;
    return status;
}

enum tare_status intake_finish(struct intake *intake, struct tare_error *error)
{
    int64_t *ids = NULL;
    size_t count = 0;
    enum tare_status status = store_unjudged_list(intake->store, &ids, &count, error);
    free(ids);
    if (status == TARE_OK && count > 0)
        status = in_transaction(intake, NULL, 0, error);
    if (status != TARE_OK) /* what was judged is not */
        intake->judged = intake->judge.notice_count = 0;
    return status;
}
