#include "app/config_file.h"

#include "app/config_baseline.h"
#include "app/config_check.h"
#include "app/config_metrics.h"
#include "app/config_notify.h"
#include "app/config_retention.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "model/labels.h"
#include "record/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* `window` and `ingest` are for the programs that record, which read them for themselves. */
enum ingest_word { INGEST_EXIT, INGEST_NEVER };

/* To add a section: a struct of what it may say, its fields and a function that takes it into
 * struct config go to a file of its own (config_retention.c is the smallest), then here a member,
 * a field of the same name and a line in file_take(). Its defaults go to config_init(), its lines
 * to config_template.c and tare.yml(5). */
struct file_entry {
    char *store, *app, *environment, *base_branch, *window;
    enum ingest_word *ingest;
    char **labels;
    unsigned labels_count;
    struct baseline_entry *baseline;
    struct retention_entry *retention;
    struct metric_entry *metrics;
    unsigned metrics_count;
    struct sink_entry *notify;
    unsigned notify_count;
};

static const cyaml_schema_value_t label_value = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, 400)};

static const cyaml_strval_t ingest_values[] = {{"exit", INGEST_EXIT}, {"never", INGEST_NEVER}};

static const cyaml_schema_field_t file_fields[] = {
    TEXT(store, file_entry),
    TEXT(app, file_entry),
    TEXT(environment, file_entry),
    TEXT(base_branch, file_entry),
    TEXT(window, file_entry),
    ONE_OF(ingest, file_entry, ingest_values),
    CYAML_FIELD_SEQUENCE("labels", OPTIONAL, struct file_entry, labels, &label_value, 0,
                         CYAML_UNLIMITED),
    CYAML_FIELD_MAPPING_PTR("baseline", OPTIONAL, struct file_entry, baseline, baseline_fields),
    CYAML_FIELD_MAPPING_PTR("retention", OPTIONAL, struct file_entry, retention, retention_fields),
    CYAML_FIELD_SEQUENCE("metrics", OPTIONAL, struct file_entry, metrics, &metric_value, 0,
                         CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE("notify", OPTIONAL, struct file_entry, notify, &sink_value, 0,
                         CYAML_UNLIMITED),
    CYAML_FIELD_END};

static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct file_entry, file_fields)};

static enum tare_status labels_take(const struct file_entry *file,
                                    const struct config_source *source, struct config *config,
                                    struct tare_error *error)
{
    enum tare_status status = labels_canonical("", &config->labels, error);
    for (unsigned i = 0; i < file->labels_count && status == TARE_OK; i++) {
        struct tare_error problem;
        char *one = NULL, *all = NULL, place[32];
        snprintf(place, sizeof place, "labels.%u", i);
        status = labels_canonical(file->labels[i], &one, &problem);
        if (status == TARE_OK)
            status = labels_merge(config->labels, one, &all, &problem);
        free(one);
        if (status == TARE_OK) {
            free(config->labels);
            config->labels = all;
        } else if (status == TARE_E_USAGE) {
            status = config_error(source, place, error, "%s", problem.message);
        } else {
            error_memory(error);
        }
    }
    return status;
}

/* A path in the file is relative to the file. */
static char *store_resolve(const char *path, const char *store)
{
    const char *plain = strncmp(store, "sqlite:", 7) == 0 ? store + 7 : store;
    if (strstr(store, "://") != NULL || plain[0] == ':' || plain[0] == '/')
        return strdup(store);
    char *folder = file_parent(path);
    char *full = folder != NULL ? file_join(folder, plain) : NULL;
    free(folder);
    return full;
}

static char *copy_text(const char *text, bool *failed)
{
    if (text == NULL)
        return NULL;
    char *copy = strdup(text);
    *failed = *failed || copy == NULL;
    return copy;
}

static enum tare_status file_take(const struct file_entry *file,
                                  const struct config_source *source, struct config *config,
                                  struct tare_error *error)
{
    bool failed = false;
    config->path = copy_text(source->path, &failed);
    config->app = copy_text(file->app, &failed);
    config->environment = copy_text(file->environment, &failed);
    config->base_branch = copy_text(file->base_branch, &failed);
    if (file->store != NULL) {
        config->store = store_resolve(source->path, file->store);
        failed = failed || config->store == NULL;
    }
    if (failed)
        return error_memory(error);
    double seconds;
    if (file->window != NULL && !window_parse(file->window, &seconds))
        return config_error(source, "window", error,
                            "a window of '%.40s' is none: give seconds, or 10m, 1h", file->window);
    enum tare_status status = baseline_take(file->baseline, source, config, error);
    if (status == TARE_OK)
        status = retention_take(file->retention, source, config, error);
    if (status == TARE_OK)
        status = labels_take(file, source, config, error);
    if (status == TARE_OK)
        status = metrics_take(file->metrics, file->metrics_count, source, config, error);
    if (status == TARE_OK)
        status = notify_take(file->notify, file->notify_count, source, config, error);
    return status;
}

enum tare_status config_read(const char *path, struct config *config, struct tare_error *error)
{
    const cyaml_config_t settings = {.mem_fn = cyaml_mem, .flags = CYAML_CFG_DEFAULT};
    struct file_entry *file = NULL;
    char *bytes = NULL;
    size_t size = 0;
    struct config read;
    config_init(&read);
    enum tare_status status = file_read_owned(path, CONFIG_SIZE_MOST, &bytes, &size, &read.owner,
                                              error);
    if (status != TARE_OK)
        goto out;
    const struct config_source source = {path, bytes, size};
    status = config_check(&source, &file_schema, error);
    if (status != TARE_OK)
        goto out;
    cyaml_err_t code = cyaml_load_data((const uint8_t *)bytes, size, &settings, &file_schema,
                                       (cyaml_data_t **)&file, NULL);
    const struct file_entry empty = {0};
    if (code != CYAML_OK)
        status = error_set(error, TARE_E_SYNTAX, "%s: %s", path, cyaml_strerror(code));
    else
        status = file_take(file != NULL ? file : &empty, &source, &read, error);
    if (status == TARE_OK)
        *config = read;
    else
        config_release(&read);
out:
    cyaml_free(&settings, &file_schema, file, 0);
    free(bytes);
    return status;
}
