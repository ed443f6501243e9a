#include "app/config.h"

#include "base/file.h"
#include "base/strbuf.h"
#include "model/labels.h"
#include "model/unit.h"

#include <cyaml/cyaml.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What libcyaml fills in: a NULL pointer is a key that is not there. */
struct metric_entry {
    char *id, *name, *unit, *persist;
    enum tare_better *better;
    enum metric_aggregate *aggregate;
    enum metric_category *category;
    double *target, *warning_percent, *error_percent, *min_change, *resolution, *weight;
    unsigned *warmup;
};

struct baseline_entry {
    unsigned *window, *minimum, *update_every;
};

struct retention_entry {
    unsigned *raw_days, *rollup_days;
};

struct file_entry {
    char *store, *app, *environment, *base_branch, *window, *ingest;
    char **labels;
    unsigned labels_count;
    struct baseline_entry *baseline;
    struct retention_entry *retention;
    struct metric_entry *metrics;
    unsigned metrics_count;
};

static const cyaml_strval_t better_values[] = {
    {"lower", TARE_LOWER}, {"higher", TARE_HIGHER}, {"exact", TARE_EXACT}};
static const cyaml_strval_t aggregate_values[] = {
    {"median", AGGREGATE_MEDIAN}, {"mean", AGGREGATE_MEAN},   {"sum", AGGREGATE_SUM},
    {"max", AGGREGATE_MAX},       {"last", AGGREGATE_LAST},   {"p95", AGGREGATE_P95},
    {"p99", AGGREGATE_P99},       {"count", AGGREGATE_COUNT}, {"rate", AGGREGATE_RATE}};
static const cyaml_strval_t category_values[] = {
    {"core", CATEGORY_CORE}, {"secondary", CATEGORY_SECONDARY}, {"custom", CATEGORY_CUSTOM}};

#define OPTIONAL CYAML_FLAG_OPTIONAL
#define TEXT(key, type)                                                                           \
    CYAML_FIELD_STRING_PTR(#key, CYAML_FLAG_POINTER | OPTIONAL, struct type, key, 1, 400)
#define REAL(key, type)     CYAML_FIELD_FLOAT_PTR(#key, OPTIONAL, struct type, key)
#define WHOLE(key, type)    CYAML_FIELD_UINT_PTR(#key, OPTIONAL, struct type, key)
#define ONE_OF(key, values) /* the flag makes numbers an error */                                 \
    CYAML_FIELD_ENUM_PTR(#key, OPTIONAL | CYAML_FLAG_STRICT, struct metric_entry, key, values,    \
                         CYAML_ARRAY_LEN(values))

static const cyaml_schema_field_t metric_fields[] = {
    CYAML_FIELD_STRING_PTR("id", CYAML_FLAG_POINTER, struct metric_entry, id, 1, 200),
    TEXT(name, metric_entry),
    TEXT(unit, metric_entry),
    ONE_OF(better, better_values),
    ONE_OF(aggregate, aggregate_values),
    ONE_OF(category, category_values),
    REAL(target, metric_entry),
    REAL(warning_percent, metric_entry),
    REAL(error_percent, metric_entry),
    REAL(min_change, metric_entry),
    REAL(resolution, metric_entry),
    REAL(weight, metric_entry),
    WHOLE(warmup, metric_entry),
    TEXT(persist, metric_entry),
    CYAML_FIELD_END};

static const cyaml_schema_field_t baseline_fields[] = {
    WHOLE(window, baseline_entry), WHOLE(minimum, baseline_entry),
    WHOLE(update_every, baseline_entry), CYAML_FIELD_END};

static const cyaml_schema_field_t retention_fields[] = {
    WHOLE(raw_days, retention_entry), WHOLE(rollup_days, retention_entry), CYAML_FIELD_END};

static const cyaml_schema_value_t metric_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct metric_entry, metric_fields)};
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

void config_release(struct config *config)
{
    for (size_t i = 0; i < config->metric_count; i++)
        metric_release(&config->metrics[i]);
    free(config->metrics);
    free(config->path);
    free(config->store);
    free(config->app);
    free(config->environment);
    free(config->base_branch);
    free(config->labels);
    *config = (struct config){0};
}

static void config_init(struct config *config)
{
    *config = (struct config){.baseline_window = 20,
                              .baseline_minimum = 5,
                              .baseline_update_every = 10,
                              .raw_days = 30,
                              .rollup_days = 365};
}

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

static enum tare_status syntax_error(const char *path, const char *bytes, cyaml_err_t code,
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
        key_place(bytes, text + known, (size_t)length - known, &line, &column);
    if (line > 0)
        return error_set(error, TARE_E_SYNTAX, "%s:%d:%d: %.*s", path, line, column, length, text);
    return error_set(error, TARE_E_SYNTAX, "%s: %s", path, text);
}

static bool persist_parse(const char *text, struct metric *metric)
{
    unsigned needed, of;
    int used = 0;
    if (sscanf(text, "%2u/%2u%n", &needed, &of, &used) != 2 || text[used] != '\0')
        return false;
    if (needed < 1 || of < needed || of > 20)
        return false;
    metric->persist_needed = needed;
    metric->persist_of = of;
    return true;
}

static bool take_number(const double *value, double least, double *into)
{
    if (value == NULL)
        return true;
    *into = *value;
    return isfinite(*value) && *value >= least;
}

static enum tare_status words_check(const struct metric_entry *entry, const char *path,
                                    const char *unit, struct tare_error *error)
{
    if (!metric_id_valid(entry->id))
        return error_set(error, TARE_E_SYNTAX, "%s: the metric id '%.60s' is not valid", path,
                         entry->id);
    if (!unit_valid(unit))
        return error_set(error, TARE_E_SYNTAX, "%s: metric %s: '%.40s' is not a unit", path,
                         entry->id, unit);
    return TARE_OK;
}

static void choices_take(const struct metric_entry *entry, struct metric *metric)
{
    metric->better = entry->better != NULL ? *entry->better : metric->better;
    metric->aggregate = entry->aggregate != NULL ? *entry->aggregate : metric->aggregate;
    metric->category = entry->category != NULL ? *entry->category : metric->category;
    metric->warmup = entry->warmup != NULL ? *entry->warmup : metric->warmup;
}

static bool numbers_take(const struct metric_entry *entry, struct metric *metric)
{
    return take_number(entry->target, -INFINITY, &metric->target) &&
           take_number(entry->warning_percent, 0, &metric->warning_percent) &&
           take_number(entry->error_percent, 0, &metric->error_percent) &&
           take_number(entry->min_change, 0, &metric->min_change) &&
           take_number(entry->resolution, 0, &metric->resolution) &&
           take_number(entry->weight, 0, &metric->weight) &&
           metric->error_percent >= metric->warning_percent;
}

static enum tare_status metric_take(const struct metric_entry *entry, const char *path,
                                    struct metric *metric, struct tare_error *error)
{
    const char *unit = entry->unit != NULL ? entry->unit : "count";
    double factor;
    enum tare_status status = words_check(entry, path, unit, error);
    const char *base = unit_base(unit, &factor);
    if (status == TARE_OK)
        status = metric_name(metric, entry->id, entry->name, base, error);
    if (status != TARE_OK)
        return status;
    choices_take(entry, metric);
    if (!numbers_take(entry, metric))
        return error_set(
            error, TARE_E_SYNTAX,
            "%s: metric %s: numbers must be finite, thresholds, min_change and weight "
            "not negative, error_percent at least warning_percent",
            path, entry->id);
    metric->target *= factor;
    metric->min_change *= factor;
    metric->resolution *= factor;
    if (entry->persist != NULL && !persist_parse(entry->persist, metric))
        return error_set(error, TARE_E_SYNTAX,
                         "%s: metric %s: persist is 'K/N' with 1 ≤ K ≤ N ≤ 20, not '%.20s'", path,
                         entry->id, entry->persist);
    return TARE_OK;
}

static enum tare_status metrics_take(const struct file_entry *file, struct config *config,
                                     struct tare_error *error)
{
    if (file->metrics_count == 0)
        return TARE_OK;
    config->metrics = calloc(file->metrics_count, sizeof *config->metrics);
    if (config->metrics == NULL)
        return error_memory(error);
    enum tare_status status = TARE_OK;
    for (unsigned i = 0; i < file->metrics_count && status == TARE_OK; i++) {
        metric_init(&config->metrics[i]);
        config->metric_count = i + 1;
        status = metric_take(&file->metrics[i], config->path, &config->metrics[i], error);
        for (unsigned k = 0; k < i && status == TARE_OK; k++)
            if (strcmp(config->metrics[k].id, config->metrics[i].id) == 0)
                status = error_set(error, TARE_E_SYNTAX, "%s: the metric %s stands there twice",
                                   config->path, config->metrics[i].id);
    }
    return status;
}

static enum tare_status labels_take(const struct file_entry *file, const char *path,
                                    struct config *config, struct tare_error *error)
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
        return error_set(error, TARE_E_SYNTAX, "%s: %s", path, problem.message);
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

static void take_whole(const unsigned *value, uint32_t *into)
{
    if (value != NULL)
        *into = *value;
}

static enum tare_status file_take(const struct file_entry *file, const char *path,
                                  struct config *config, struct tare_error *error)
{
    bool failed = false;
    config->path = copy_text(path, &failed);
    config->app = copy_text(file->app, &failed);
    config->environment = copy_text(file->environment, &failed);
    config->base_branch = copy_text(file->base_branch, &failed);
    if (file->store != NULL) {
        config->store = store_resolve(path, file->store);
        failed = failed || config->store == NULL;
    }
    if (failed)
        return error_memory(error);
    if (file->baseline != NULL) {
        take_whole(file->baseline->window, &config->baseline_window);
        take_whole(file->baseline->minimum, &config->baseline_minimum);
        take_whole(file->baseline->update_every, &config->baseline_update_every);
    }
    if (file->retention != NULL) {
        take_whole(file->retention->raw_days, &config->raw_days);
        take_whole(file->retention->rollup_days, &config->rollup_days);
    }
    if (config->baseline_minimum < 2 || config->baseline_window < config->baseline_minimum ||
        config->baseline_window > 1000 || config->baseline_update_every < 1)
        return error_set(error, TARE_E_SYNTAX,
                         "%s: baseline needs 2 ≤ minimum ≤ window ≤ 1000 and update_every ≥ 1",
                         path);
    enum tare_status status = labels_take(file, path, config, error);
    return status == TARE_OK ? metrics_take(file, config, error) : status;
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
    cyaml_err_t code = cyaml_load_data((const uint8_t *)bytes, size, &settings, &file_schema,
                                       (cyaml_data_t **)&file, NULL);
    const struct file_entry empty = {0};
    if (code != CYAML_OK)
        status = syntax_error(path, bytes, code, &log, error);
    else
        status = file_take(file != NULL ? file : &empty, path, &read, error);
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

enum tare_status config_load(struct config *config, struct tare_error *error)
{
    const char *named = getenv("TARE_CONFIG");
    char *path = named != NULL && named[0] != '\0' ? strdup(named) : config_find();
    if (path == NULL) {
        config_init(config);
        config->labels = strdup("");
        return config->labels != NULL ? TARE_OK : error_memory(error);
    }
    enum tare_status status = config_read(path, config, error);
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
    int size = state != NULL
                   ? asprintf(&path, "%s/tare/tare.db", state)
                   : asprintf(&path, "%s/.local/state/tare/tare.db", home != NULL ? home : "");
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
