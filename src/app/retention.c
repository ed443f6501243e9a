#include "app/retention.h"

#include "app/course.h"
#include "app/repository.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/strbuf.h"

#include <stdlib.h>
#include <string.h>

#define BUDGET_NS (50 * CLOCK_NS_PER_SECOND / 1000)

static struct store_retention policy_of(const struct config *config)
{
    uint32_t window = config->baseline_window;
    return (struct store_retention){
        .raw_days = config->raw_days,
        .rollup_days = config->rollup_days,
        .keep = window > COURSE_KEPT ? window : COURSE_KEPT,
        .keep_of_commit = window,
    };
}

static enum tare_status keep(struct store *store, const struct commit_range *tagged,
                             const char *setting, const char *today, struct tare_error *error)
{
    const char **commits = calloc(tagged->count + 1, sizeof *commits);
    if (commits == NULL)
        return error_memory(error);
    for (size_t i = 0; i < tagged->count; i++)
        commits[i] = tagged->commits[i];
    enum tare_status status = store_begin(store, error);
    if (status == TARE_OK) {
        status = store_retention_keep(store, commits, tagged->count, error);
        if (status == TARE_OK)
            status = store_setting_put(store, setting, today, error);
        if (status == TARE_OK)
            status = store_commit(store, error);
        if (status != TARE_OK)
            store_rollback(store);
    }
    free(commits);
    return status;
}

/* Releases are compared long after: the store learns, once a day and configuration, which commits
 * are tagged, for whoever applies retention where there is no repository. */
static enum tare_status tags_note(struct store *store, const struct config *config,
                                  struct tare_error *error)
{
    char today[CLOCK_TEXT_SIZE], *last = NULL;
    struct commit_range tagged = {0};
    struct strbuf setting;
    strbuf_init(&setting);
    strbuf_add_text(&setting, "retention.tags");
    if (config->path != NULL)
        strbuf_add_format(&setting, " %s", config->path);
    clock_format(rollup_day(clock_now_ns()), today);
    enum tare_status status = setting.failed
                                  ? error_memory(error)
                                  : store_setting_get(store, setting.text, &last, error);
    bool due = last == NULL || strcmp(last, today) != 0;
    if (status == TARE_OK && due)
        status = repository_tags(&tagged, error);
    if (status == TARE_OK && due && tagged.count > 0)
        status = keep(store, &tagged, setting.text, today, error);
    commit_range_release(&tagged);
    strbuf_release(&setting);
    free(last);
    return status;
}

enum tare_status retention_prune(struct store *store, const struct config *config, bool dry_run,
                                 struct store_retention_report *report, struct tare_error *error)
{
    const struct store_retention policy = policy_of(config);
    enum tare_status status = tags_note(store, config, error);
    if (status == TARE_OK)
        status = store_retention_apply(store, &policy, clock_now_ns(), dry_run, report, error);
    return status;
}

void retention_daily(struct store *store, const struct config *config)
{
    struct store_retention policy = policy_of(config);
    struct store_retention_report report;
    bool applied;
    policy.budget_ns = BUDGET_NS;
    if (tags_note(store, config, NULL) == TARE_OK)
        store_retention_daily(store, &policy, clock_now_ns(), &applied, &report, NULL);
}
