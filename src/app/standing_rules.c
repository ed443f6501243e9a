#include "app/standing_rules.h"

#include "base/error.h"
#include "record/inbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SETTING "tare.yml rules"

void standing_rules_release(struct standing_rules *rules)
{
    free(rules->noted);
    *rules = (struct standing_rules){0};
}

static bool is_owner(const struct config *config, const char *store_url)
{
    return config->path != NULL && config->store != NULL && store_same(config->store, store_url);
}

/* "window minimum update_every raw_days rollup_days base_branch" */
static char *rules_write(const struct config *config)
{
    char *text = NULL;
    int length = asprintf(&text, "%u %u %u %u %u %s", config->baseline_window,
                          config->baseline_minimum, config->baseline_update_every,
                          config->raw_days, config->rollup_days,
                          config->base_branch != NULL ? config->base_branch : "");
    return length < 0 ? NULL : text;
}

static void rules_read(char *text, struct config *config)
{
    struct config read = *config;
    int used = 0;
    if (text == NULL ||
        sscanf(text, "%u %u %u %u %u%n", &read.baseline_window, &read.baseline_minimum,
               &read.baseline_update_every, &read.raw_days, &read.rollup_days, &used) != 5 ||
        text[used] != ' ')
        return;
    read.base_branch = text[used + 1] != '\0' ? text + used + 1 : NULL;
    *config = read;
}

static enum tare_status note(struct store *store, const char *text, struct tare_error *error)
{
    enum tare_status status = store_begin(store, error);
    if (status != TARE_OK)
        return status;
    status = store_setting_put(store, SETTING, text, error);
    if (status == TARE_OK)
        status = store_commit(store, error);
    if (status != TARE_OK)
        store_rollback(store);
    return status;
}

enum tare_status standing_rules_take(struct store *store, const char *store_url,
                                     const struct config *config, struct standing_rules *rules,
                                     struct tare_error *error)
{
    struct standing_rules taken = {.config = *config};
    char *own = is_owner(config, store_url) ? rules_write(config) : NULL;
    enum tare_status status = store_setting_get(store, SETTING, &taken.noted, error);
    if (status == TARE_OK && own != NULL && (taken.noted == NULL || strcmp(taken.noted, own) != 0))
        status = note(store, own, error);
    if (own == NULL)
        rules_read(taken.noted, &taken.config);
    free(own);
    if (status == TARE_OK)
        *rules = taken;
    else
        free(taken.noted);
    return status;
}

enum tare_status standing_rules_adopt(struct store *store, const char *store_url,
                                      struct config *config, struct tare_error *error)
{
    char *noted = NULL, *branch = NULL;
    if (is_owner(config, store_url))
        return TARE_OK;
    enum tare_status status = store_setting_get(store, SETTING, &noted, error);
    struct config rules = *config;
    rules_read(noted, &rules);
    if (status == TARE_OK && rules.base_branch != config->base_branch) {
        if (rules.base_branch != NULL && (branch = strdup(rules.base_branch)) == NULL)
            status = error_memory(error);
        if (status == TARE_OK) {
            free(config->base_branch);
            rules.base_branch = branch;
        }
    }
    if (status == TARE_OK)
        *config = rules;
    free(noted);
    return status;
}
