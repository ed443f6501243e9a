#include "app/config.h"

#include "app/config_file.h"
#include "base/file.h"
#include "model/labels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void config_init(struct config *config)
{
    *config = (struct config){.baseline_window = 20,
                              .baseline_minimum = 5,
                              .baseline_update_every = 10,
                              .raw_days = 30,
                              .rollup_days = 365};
}

void config_release(struct config *config)
{
    for (size_t i = 0; i < config->metric_count; i++)
        metric_release(&config->metrics[i]);
    free(config->metrics);
    for (size_t i = 0; i < config->sink_count; i++)
        sink_release(&config->sinks[i]);
    free(config->sinks);
    free(config->path);
    free(config->store);
    free(config->app);
    free(config->environment);
    free(config->base_branch);
    free(config->labels);
    *config = (struct config){0};
}

/* The nearest tare.yml from the working directory upwards; NULL without one. Owned. */
static char *config_find(void)
{
    char *folder = getcwd(NULL, 0);
    while (folder != NULL) {
        char *path = file_join(folder, "tare.yml");
        if (path == NULL || file_exists(path)) {
            free(folder);
            return path;
        }
        free(path);
        if (strcmp(folder, "/") == 0)
            break;
        char *parent = file_parent(folder);
        free(folder);
        folder = parent;
    }
    free(folder);
    return NULL;
}

static bool path_is_found(const char *named)
{
    return named == NULL || named[0] == '\0';
}

/* A file that was only found, upwards from wherever we are, may have been laid there by somebody
 * else: it shall not make us run commands, or write to files. */
static void strangers_note(struct config *config)
{
    bool strange = config->owner != geteuid() && config->owner != 0;
    for (size_t i = 0; i < config->sink_count; i++)
        config->sinks[i].strange = strange;
}

enum tare_status config_load(struct config *config, struct tare_error *error)
{
    const char *named = getenv("TARE_CONFIG");
    char *path = path_is_found(named) ? config_find() : strdup(named);
    if (path == NULL) {
        config_init(config);
        config->labels = strdup("");
        return config->labels != NULL ? TARE_OK : error_memory(error);
    }
    enum tare_status status = config_read(path, config, error);
    if (status == TARE_OK && path_is_found(named))
        strangers_note(config);
    free(path);
    return status;
}

static const char *said(const char *text)
{
    return text != NULL && text[0] != '\0' ? text : NULL;
}

/* Where it is when nobody says. */
static char *store_default(void)
{
    const char *state = said(getenv("XDG_STATE_HOME"));
    const char *home = said(getenv("HOME"));
    char *path = NULL;
    int size = state != NULL ? asprintf(&path, "%s/tare/tare.db", state)
                             : asprintf(&path, "%s/.local/state/tare/tare.db", home);
    return size < 0 ? NULL : path;
}

/* One spelling for one store, whoever names it: the recorder compares them as text. */
static char *store_spell(const char *store)
{
    if (strncmp(store, "sqlite:", 7) == 0)
        store += 7;
    if (store[0] == '/' || store[0] == ':' || strstr(store, "://") != NULL)
        return strdup(store);
    char *folder = getcwd(NULL, 0);
    while (strncmp(store, "./", 2) == 0)
        store += 2;
    char *path = folder != NULL ? file_join(folder, store) : NULL;
    free(folder);
    return path;
}

enum tare_status config_store(const struct config *config, const char *option, char **store,
                              struct tare_error *error)
{
    const char *chosen = said(option);
    if (chosen == NULL)
        chosen = said(getenv("TARE_STORE"));
    if (chosen == NULL)
        chosen = config->store;
    if (chosen == NULL && said(getenv("XDG_STATE_HOME")) == NULL && said(getenv("HOME")) == NULL)
        return error_set(error, TARE_E_USAGE,
                         "no store is named, and without HOME there is no other: name one by "
                         "--store, TARE_STORE or the store: of tare.yml");
    char *result = chosen != NULL ? store_spell(chosen) : store_default();
    if (result == NULL)
        return error_memory(error);
    *store = result;
    return TARE_OK;
}

const char *config_app(const struct config *config, const char *option)
{
    const char *chosen = said(option);
    if (chosen == NULL)
        chosen = said(getenv("TARE_APP"));
    return chosen != NULL ? chosen : config->app;
}

const char *config_environment(const struct config *config, const char *option)
{
    const char *chosen = said(option);
    if (chosen == NULL)
        chosen = said(getenv("TARE_ENVIRONMENT"));
    return chosen != NULL ? chosen : config->environment;
}

enum tare_status config_labels(const struct config *config, const char *option, char **labels,
                               struct tare_error *error)
{
    char *merged = NULL;
    enum tare_status status = labels_merge(config->labels, getenv("TARE_LABELS"), &merged, error);
    if (status == TARE_OK)
        status = labels_merge(merged, option, labels, error);
    free(merged);
    return status;
}

bool config_notifies(void)
{
    static const char *const offs[] = {"off", "no", "false", "never", "0"};
    const char *value = said(getenv("TARE_NOTIFY"));
    for (size_t i = 0; value != NULL && i < sizeof offs / sizeof offs[0]; i++)
        if (strcmp(value, offs[i]) == 0)
            return false;
    return true;
}

const struct sink *config_sink(const struct config *config, const char *name)
{
    for (size_t i = 0; i < config->sink_count; i++)
        if (strcmp(config->sinks[i].name, name) == 0)
            return &config->sinks[i];
    return NULL;
}
