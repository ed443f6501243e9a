#include "app/import.h"

#include "app/card_file.h"
#include "app/intake.h"
#include "app/metric_sync.h"
#include "app/retention.h"
#include "app/size_log.h"
#include "app/standing_rules.h"
#include "base/clock.h"

static enum tare_status take(void *context, const struct batch *batch, struct tare_error *error)
{
    return intake_add(context, batch, error);
}

static enum tare_status paths_take(struct intake *intake, const char *format, char *const *paths,
                                   const struct import_options *options,
                                   const struct judge_progress *judging,
                                   struct import_result *read, struct tare_error *error)
{
    enum tare_status status = store_begin(intake->store, error);
    if (status != TARE_OK)
        return status;
    intake_at_once(intake);
    for (; *paths != NULL && status == TARE_OK; paths++)
        status = import_path(format, *paths, options, take, intake, read, error);
    if (status == TARE_OK)
        status = intake_judge(intake, judging, error);
    if (status == TARE_OK)
        status = store_commit(intake->store, error);
    if (status != TARE_OK)
        store_rollback(intake->store);
    return status;
}

enum tare_status import_files(struct store *store, const char *store_url,
                              const struct config *config, const char *format, char *const *paths,
                              const struct import_options *options,
                              const struct judge_progress *judging, struct import_result *read,
                              struct ingest_result *taken, struct tare_error *error)
{
    struct intake intake;
    struct standing_rules rules;
    *read = (struct import_result){0};
    *taken = (struct ingest_result){0};
    enum tare_status status = standing_rules_take(store, store_url, config, &rules, error);
    if (status != TARE_OK)
        return status;
    intake_init(&intake, store, &rules.config);
    status = metric_sync(store, store_url, config, error);
    if (status == TARE_OK)
        status = paths_take(&intake, format, paths, options, judging, read, error);
    if (status == TARE_OK)
        ingest_result_take(taken, &intake);
    if (taken->batches > 0) {
        card_file_write(store, store_url, &rules.config);
        size_log_note(store, clock_now_ns());
    }
    intake_release(&intake);
    if (status == TARE_OK)
        retention_daily(store, &rules.config);
    standing_rules_release(&rules);
    return status;
}
