#include "app/config_metrics.h"

#include "model/unit.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const cyaml_strval_t better_values[] = {
    {"lower", TARE_LOWER}, {"higher", TARE_HIGHER}, {"exact", TARE_EXACT}};
static const cyaml_strval_t aggregate_values[] = {
    {"median", AGGREGATE_MEDIAN}, {"mean", AGGREGATE_MEAN},   {"sum", AGGREGATE_SUM},
    {"max", AGGREGATE_MAX},       {"last", AGGREGATE_LAST},   {"p95", AGGREGATE_P95},
    {"p99", AGGREGATE_P99},       {"count", AGGREGATE_COUNT}, {"rate", AGGREGATE_RATE}};
static const cyaml_strval_t category_values[] = {
    {"core", CATEGORY_CORE}, {"secondary", CATEGORY_SECONDARY}, {"custom", CATEGORY_CUSTOM}};

static const cyaml_schema_field_t metric_fields[] = {
    CYAML_FIELD_STRING_PTR("id", CYAML_FLAG_POINTER, struct metric_entry, id, 1, 200),
    TEXT(name, metric_entry),
    TEXT(unit, metric_entry),
    ONE_OF(better, metric_entry, better_values),
    ONE_OF(aggregate, metric_entry, aggregate_values),
    ONE_OF(category, metric_entry, category_values),
    REAL(target, metric_entry),
    REAL(warning_percent, metric_entry),
    REAL(error_percent, metric_entry),
    REAL(min_change, metric_entry),
    REAL(resolution, metric_entry),
    REAL(weight, metric_entry),
    WHOLE(warmup, metric_entry),
    TEXT(persist, metric_entry),
    CYAML_FIELD_END};

const cyaml_schema_value_t metric_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct metric_entry, metric_fields)};
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

/* One metric of the list: where its mistakes are told. */
struct metric_source {
    const struct config_source *file;
    const struct metric_entry *entry;
    size_t index;
};

static enum tare_status metric_error(const struct metric_source *source, const char *key,
                                     struct tare_error *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static enum tare_status metric_error(const struct metric_source *source, const char *key,
                                     struct tare_error *error, const char *format, ...)
{
    char place[64], message[sizeof error->message];
    snprintf(place, sizeof place, "metrics.%zu.%s", source->index, key);
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    return config_error(source->file, place, error, "%s", message);
}

static enum tare_status words_take(const struct metric_source *source, struct metric *metric,
                                   double *factor, struct tare_error *error)
{
    const struct metric_entry *entry = source->entry;
    const char *unit = entry->unit != NULL ? entry->unit : "count";
    if (!metric_id_valid(entry->id))
        return metric_error(source, "id", error, "the metric id '%.60s' is not valid", entry->id);
    if (!unit_valid(unit))
        return metric_error(source, "unit", error, "metric %s: '%.40s' is not a unit", entry->id,
                            unit);
    if (entry->persist != NULL && !persist_parse(entry->persist, metric))
        return metric_error(source, "persist", error,
                            "metric %s: persist is 'K/N' with 1 ≤ K ≤ N ≤ 20, not '%.20s'",
                            entry->id, entry->persist);
    return metric_name(metric, entry->id, entry->name, unit_base(unit, factor), error);
}

static void choices_take(const struct metric_entry *entry, struct metric *metric)
{
    metric->better = entry->better != NULL ? *entry->better : metric->better;
    metric->aggregate = entry->aggregate != NULL ? *entry->aggregate : metric->aggregate;
    metric->category = entry->category != NULL ? *entry->category : metric->category;
    metric->warmup = entry->warmup != NULL ? *entry->warmup : metric->warmup;
}

static enum tare_status numbers_take(const struct metric_source *source, struct metric *metric,
                                     struct tare_error *error)
{
    const struct metric_entry *entry = source->entry;
    const struct {
        const char *key;
        const double *value;
        double least, *into;
    } rows[] = {
        {"target", entry->target, -INFINITY, &metric->target},
        {"warning_percent", entry->warning_percent, 0, &metric->warning_percent},
        {"error_percent", entry->error_percent, 0, &metric->error_percent},
        {"min_change", entry->min_change, 0, &metric->min_change},
        {"resolution", entry->resolution, 0, &metric->resolution},
        {"weight", entry->weight, 0, &metric->weight},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].value == NULL)
            continue;
        if (!isfinite(*rows[i].value) || *rows[i].value < rows[i].least)
            return metric_error(source, rows[i].key, error,
                                "metric %s: %s must be a finite number%s", entry->id, rows[i].key,
                                rows[i].least == 0 ? ", 0 or more" : "");
        *rows[i].into = *rows[i].value;
    }
    if (metric->error_percent < metric->warning_percent)
        return metric_error(
            source, entry->error_percent != NULL ? "error_percent" : "warning_percent", error,
            "metric %s: error_percent (%g) must not be less than warning_percent (%g)", entry->id,
            metric->error_percent, metric->warning_percent);
    return TARE_OK;
}

static enum tare_status metric_take(const struct metric_source *source, struct metric *metric,
                                    struct tare_error *error)
{
    double factor = 1;
    enum tare_status status = words_take(source, metric, &factor, error);
    if (status != TARE_OK)
        return status;
    choices_take(source->entry, metric);
    status = numbers_take(source, metric, error);
    metric->target *= factor;
    metric->min_change *= factor;
    metric->resolution *= factor;
    return status;
}

enum tare_status metrics_take(const struct metric_entry *entries, size_t count,
                              const struct config_source *source, struct config *config,
                              struct tare_error *error)
{
    if (count == 0)
        return TARE_OK;
    config->metrics = calloc(count, sizeof *config->metrics);
    if (config->metrics == NULL)
        return error_memory(error);
    enum tare_status status = TARE_OK;
    for (size_t i = 0; i < count && status == TARE_OK; i++) {
        const struct metric_source metric = {source, &entries[i], i};
        metric_init(&config->metrics[i]);
        config->metric_count = i + 1;
        status = metric_take(&metric, &config->metrics[i], error);
        for (size_t k = 0; k < i && status == TARE_OK; k++)
            if (strcmp(config->metrics[k].id, config->metrics[i].id) == 0)
                status = metric_error(&metric, "id", error, "the metric %s stands there twice",
                                      config->metrics[i].id);
    }
    return status;
}
