#include "app/config_file.h"

#include "app/config_baseline.h"
#include "app/config_metrics.h"
#include "app/config_retention.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "model/labels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* To add a section: a struct of what it may say, its fields and a function that takes it into
 * struct config go to a file of its own (config_retention.c is the smallest), then here a member,
 * a field of the same name and a line in file_take(). Its defaults go to config_init(), its lines
 * to config_template.c and tare.yml(5). */
struct file_entry {
    char *store, *app, *environment, *base_branch, *window, *ingest;
    char **labels;
    unsigned labels_count;
    struct baseline_entry *baseline;
    struct retention_entry *retention;
    struct metric_entry *metrics;
    unsigned metrics_count;
};

static const cyaml_schema_value_t label_value = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 3, 400)};

static const cyaml_schema_field_t file_fields[] = {
    TEXT(store, file_entry),
    TEXT(app, file_entry),
    TEXT(environment, file_entry),
    TEXT(base_branch, file_entry),
    TEXT(window, file_entry),
    TEXT(ingest, file_entry),
    CYAML_FIELD_SEQUENCE("labels", CYAML_FLAG_POINTER | OPTIONAL, struct file_entry, labels,
                         &label_value, 0, CYAML_UNLIMITED),
    CYAML_FIELD_MAPPING_PTR("baseline", OPTIONAL, struct file_entry, baseline, baseline_fields),
    CYAML_FIELD_MAPPING_PTR("retention", OPTIONAL, struct file_entry, retention, retention_fields),
    CYAML_FIELD_SEQUENCE("metrics", CYAML_FLAG_POINTER | OPTIONAL, struct file_entry, metrics,
                         &metric_value, 0, CYAML_UNLIMITED),
    CYAML_FIELD_END};

static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct file_entry, file_fields)};

static void note_log(cyaml_log_t level, void *context, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

/* libcyaml tells what was wrong first and where it stood after; one line each. */
static void note_log(cyaml_log_t level, void *context, const char *format, va_list args)
{
    struct strbuf *log = context;
    char line[400];
    if (level < CYAML_LOG_ERROR)
        return;
    vsnprintf(line, sizeof line, format, args);
    line[strcspn(line, "\n")] = '\0';
    strbuf_add_text(log, log->length > 0 ? "; " : "");
    strbuf_add_text(log, line);
}

/* libcyaml tells where it was before an unexpected key. The key is the first on a line of its own
 * from there on; leaves the place as it is when it stands elsewhere. */
static void key_place(const char *bytes, const char *key, size_t length, int *line, int *column)
{
    int number = 1;
    for (const char *at = bytes; at != NULL && *at != '\0'; number++) {
        const char *word = at + strspn(at, " -\"'{");
        const char *behind = word + length;
        if (number >= *line && strncmp(word, key, length) == 0 &&
            behind[strspn(behind, "\"' ")] == ':') {
            *line = number;
            *column = (int)(word - at) + 1;
            return;
        }
        at = strchr(at, '\n');
        at = at != NULL ? at + 1 : NULL;
    }
}

static enum tare_status syntax_error(const struct config_source *source, cyaml_err_t code,
                                     const struct strbuf *log, struct tare_error *error)
{
    static const char unexpected[] = "Unexpected key: ";
    int line = 0, column = 0;
    const char *at = strstr(log->text, "line:");
    if (at != NULL)
        sscanf(at, "line: %d, column: %d", &line, &column);
    const char *text = log->length > 0 ? log->text : cyaml_strerror(code);
    if (strncmp(text, "Load: ", 6) == 0)
        text += 6;
    int length = (int)strcspn(text, ";");
    size_t known = sizeof unexpected - 1;
    if (strncmp(text, unexpected, known) == 0)
        key_place(source->bytes, text + known, (size_t)length - known, &line, &column);
    if (line > 0)
        return error_set(error, TARE_E_SYNTAX, "%s:%d:%d: %.*s", source->path, line, column,
                         length, text);
    return error_set(error, TARE_E_SYNTAX, "%s: %s", source->path, text);
}

static enum tare_status labels_take(const struct file_entry *file,
                                    const struct config_source *source, struct config *config,
                                    struct tare_error *error)
{
    struct tare_error problem;
    struct strbuf all;
    strbuf_init(&all);
    for (unsigned i = 0; i < file->labels_count; i++) {
        strbuf_add_text(&all, file->labels[i]);
        strbuf_add_char(&all, ',');
    }
    enum tare_status status = all.failed ? error_memory(error)
                                         : labels_canonical(all.text, &config->labels, &problem);
    strbuf_release(&all);
    if (status == TARE_E_USAGE)
        return config_error(source, "labels", error, "%s", problem.message);
    return status == TARE_OK ? TARE_OK : error_memory(error);
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
    retention_take(file->retention, config);
    enum tare_status status = baseline_take(file->baseline, source, config, error);
    if (status == TARE_OK)
        status = labels_take(file, source, config, error);
    if (status == TARE_OK)
        status = metrics_take(file->metrics, file->metrics_count, source, config, error);
    return status;
}

enum tare_status config_read(const char *path, struct config *config, struct tare_error *error)
{
    struct strbuf log;
    strbuf_init(&log);
    const cyaml_config_t settings = {.log_fn = note_log,
                                     .log_ctx = &log,
                                     .log_level = CYAML_LOG_ERROR,
                                     .mem_fn = cyaml_mem,
                                     .flags = CYAML_CFG_DEFAULT};
    struct file_entry *file = NULL;
    char *bytes = NULL;
    size_t size = 0;
    struct config read;
    config_init(&read);
    enum tare_status status = file_read(path, 1 << 20, &bytes, &size, error);
    if (status != TARE_OK)
        goto out;
    const struct config_source source = {path, bytes, size};
    cyaml_err_t code = cyaml_load_data((const uint8_t *)bytes, size, &settings, &file_schema,
                                       (cyaml_data_t **)&file, NULL);
    const struct file_entry empty = {0};
    if (code != CYAML_OK)
        status = syntax_error(&source, code, &log, error);
    else
        status = file_take(file != NULL ? file : &empty, &source, &read, error);
    if (status == TARE_OK)
        *config = read;
    else
        config_release(&read);
out:
    cyaml_free(&settings, &file_schema, file, 0);
    free(bytes);
    strbuf_release(&log);
    return status;
}
