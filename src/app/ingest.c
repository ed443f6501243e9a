#include "app/ingest.h"

#include "app/card_file.h"
#include "app/intake.h"
#include "app/metric_sync.h"
#include "app/retention.h"
#include "app/size_log.h"
#include "app/standing_rules.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "model/batch_join.h"
#include "record/inbox.h"
#include "record/session_file.h"

#include <stdlib.h>

#define QUIET_WAIT_MS 2000
#define ROUNDS        2

/* A transaction is over soon: whoever else writes waits for it. */
#define GROUP_BATCHES 4096
#define GROUP_SAMPLES 131072

void ingest_result_release(struct ingest_result *result)
{
    free(result->notices);
    *result = (struct ingest_result){0};
}

/* Batches of one session that came one behind the other: a transaction. */
struct group {
    struct batch *batches; /* owned */
    size_t count;
    uint64_t samples;
};

static void group_release(struct group *group)
{
    for (size_t i = 0; i < group->count; i++)
        batch_release(&group->batches[i]);
    free(group->batches);
    *group = (struct group){0};
}

static bool group_wants(const struct group *group, const struct batch *batch)
{
    return group->count == 0 || (group->count < GROUP_BATCHES && group->samples < GROUP_SAMPLES &&
                                 batch_joins(&group->batches[group->count - 1], batch));
}

/* The batch moves over: it is left empty. */
static enum tare_status group_add(struct group *group, struct batch *batch,
                                  struct tare_error *error)
{
    struct batch *slot = array_add(&group->batches, &group->count, sizeof *slot);
    if (slot == NULL)
        return error_memory(error);
    *slot = *batch;
    batch_init(batch);
    for (size_t i = 0; i < slot->part_count; i++)
        group->samples += slot->parts[i].sample_count;
    return TARE_OK;
}

static enum tare_status group_take(struct group *group, struct intake *intake,
                                   struct tare_error *error)
{
    enum tare_status status = intake_take(intake, group->batches, group->count, error);
    group_release(group);
    return status;
}

static enum tare_status inbox_take(struct inbox *inbox, struct intake *intake,
                                   struct tare_error *error)
{
    struct group group = {0};
    struct batch batch;
    batch_init(&batch);
    enum tare_status status = TARE_OK;
    while (status == TARE_OK && inbox_next(inbox, &batch)) {
        if (!group_wants(&group, &batch)) {
            status = group_take(&group, intake, error);
            if (status == TARE_OK)
                inbox_stored_before(inbox);
        }
        if (status == TARE_OK)
            status = group_add(&group, &batch, error);
        batch_release(&batch);
    }
    if (status == TARE_OK)
        status = group_take(&group, intake, error);
    if (status == TARE_OK)
        inbox_stored(inbox); /* the last file too is now read to its end */
    group_release(&group);
    return status;
}

static enum tare_status batch_known(void *context, const char *batch_id, bool *known,
                                    struct tare_error *error)
{
    return intake_knows(context, batch_id, known, error);
}

/* The session files, then the inbox. Once more where an inbox that was full has room now, or where
 * a frame was cut off: whose it was may have been killed between the one and the other. */
static enum tare_status everything_take(const char *store_url, struct intake *intake,
                                        struct ingest_result *result, struct tare_error *error)
{
    const struct inbox_store known = {intake, batch_known};
    struct inbox *inboxes[ROUNDS] = {0};
    enum tare_status status = TARE_OK;
    bool again = true;
    for (int round = 0; round < ROUNDS && again && status == TARE_OK; round++) {
        struct sweep sweep = {0};
        status = sessions_sweep(store_url, &sweep, error);
        if (status == TARE_OK)
            status = inbox_open(store_url, &inboxes[round], error);
        if (status == TARE_OK && inboxes[round] != NULL)
            status = inbox_take(inboxes[round], intake, error);
        result->crashed += sweep.crashed;
        result->running = sweep.running;
        result->damaged = sweep.damaged;
        result->waiting = sweep.first.status != TARE_E_BUSY ? sweep.failed : 0;
        result->obstacle = sweep.first;
        bool room = sweep.first.status == TARE_E_FULL && intake->batches_fresh > 0;
        again = room || inbox_torn(inboxes[round]) > 0;
    }
    for (int round = 0; round < ROUNDS; round++) {
        if (status == TARE_OK)
            status = inbox_settle(inboxes[round], &known, error);
        result->damaged += inbox_damaged(inboxes[round]);
        result->newer += inbox_newer(inboxes[round]);
        inbox_close(inboxes[round]);
    }
    return status;
}

void ingest_result_take(struct ingest_result *result, struct intake *intake)
{
    result->batches = intake->batches_fresh;
    result->known = intake->batches_known;
    result->judged = intake->judged;
    result->samples = intake->samples;
    result->refused = intake->refused;
    result->refusal = intake->refusal;
    result->notices = intake->judge.notices; /* moves over */
    result->notice_count = intake->judge.notice_count;
    intake->judge.notices = NULL;
    intake->judge.notice_count = 0;
}

enum tare_status ingest_run(struct store *store, const char *store_url,
                            const struct config *config, struct ingest_result *result,
                            struct tare_error *error)
{
    struct intake intake;
    struct standing_rules rules;
    *result = (struct ingest_result){0};
    enum tare_status status = standing_rules_take(store, store_url, config, &rules, error);
    if (status != TARE_OK)
        return status;
    intake_init(&intake, store, &rules.config);
    status = metric_sync(store, store_url, config, error);
    if (status == TARE_OK)
        status = everything_take(store_url, &intake, result, error);
    enum tare_status judged = intake_finish(&intake, status == TARE_OK ? error : NULL);
    status = status == TARE_OK ? judged : status;
    ingest_result_take(result, &intake);
    if (result->batches > 0 || result->judged > 0) {
        /* a program without a card goes on without one */
        card_file_write(store, store_url, &rules.config);
        size_log_note(store, clock_now_ns());
    }
    intake_release(&intake);
    if (status == TARE_OK)
        retention_daily(store, &rules.config);
    standing_rules_release(&rules);
    return status;
}

static bool something_waits(const char *store_url)
{
    struct inbox *inbox = NULL;
    struct sweep sweep = {0};
    sessions_sweep(store_url, &sweep, NULL);
    bool waits = inbox_open(store_url, &inbox, NULL) != TARE_OK || inbox != NULL ||
                 (sweep.failed > 0 && sweep.first.status != TARE_E_BUSY);
    inbox_close(inbox);
    return waits;
}

static enum tare_status take_quietly(const char *store_url, const struct config *config,
                                     bool *came, struct tare_error *error)
{
    struct store *store = NULL;
    struct ingest_result result = {0};
    const struct store_options options = {.create = true, .wait_ms = QUIET_WAIT_MS};
    enum tare_status status = store_open(store_url, &options, &store, error);
    if (status != TARE_OK)
        return status;
    status = ingest_run(store, store_url, config, &result, error);
    *came |= result.batches > 0 || result.judged > 0;
    if (status == TARE_OK && result.waiting > 0) {
        status = result.obstacle.status;
        *error = result.obstacle;
    }
    ingest_result_release(&result);
    store_close(store);
    return status;
}

enum tare_status ingest_quietly(const char *store_url, const struct config *config, bool *came,
                                struct tare_error *error)
{
    return something_waits(store_url) ? take_quietly(store_url, config, came, error) : TARE_OK;
}

enum tare_status ingest_judge_quietly(struct store *reading, const char *store_url,
                                      const struct config *config, bool *came,
                                      struct tare_error *error)
{
    int64_t *ids = NULL;
    size_t count = 0;
    enum tare_status status = store_unjudged_list(reading, &ids, &count, error);
    free(ids);
    return status == TARE_OK && count > 0 ? take_quietly(store_url, config, came, error) : status;
}
