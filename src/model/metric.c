#include "model/metric.h"

#include "base/text.h"
#include "base/words.h"
#include "model/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const better_words[] = {"lower", "higher", "exact"};
static const char *const aggregate_words[] = {"median", "mean", "sum",   "max", "last",
                                              "p95",    "p99",  "count", "rate"};
static const char *const category_words[] = {"core", "secondary", "custom"};

WORDS_DEFINE(better, tare_better, better_words)
WORDS_DEFINE(aggregate, metric_aggregate, aggregate_words)
WORDS_DEFINE(category, metric_category, category_words)

void metric_init(struct metric *metric)
{
    *metric = (struct metric){
        .category = CATEGORY_CUSTOM,
        .weight = 1,
        .persist_needed = METRIC_PERSIST_NEEDED,
        .persist_of = METRIC_PERSIST_OF,
        .target = NAN,
        .warning_percent = METRIC_WARNING_PERCENT,
        .error_percent = METRIC_ERROR_PERCENT,
    };
}

void metric_release(struct metric *metric)
{
    free(metric->id);
    free(metric->name);
    free(metric->unit);
    metric_init(metric);
}

enum tare_status metric_name(struct metric *metric, const char *id, const char *name,
                             const char *unit, struct tare_error *error)
{
    char *own_id = strdup(id);
    char *own_name = name != NULL ? strdup(name) : NULL;
    char *own_unit = strdup(unit != NULL ? unit : "");
    if (own_id == NULL || own_unit == NULL || (name != NULL && own_name == NULL)) {
        free(own_id);
        free(own_name);
        free(own_unit);
        return error_memory(error);
    }
    free(metric->id);
    free(metric->name);
    free(metric->unit);
    metric->id = own_id;
    metric->name = own_name;
    metric->unit = own_unit;
    return TARE_OK;
}

enum tare_status metric_copy(struct metric *to, const struct metric *from,
                             struct tare_error *error)
{
    struct metric copy = *from;
    copy.id = copy.name = copy.unit = NULL;
    enum tare_status status = metric_name(&copy, from->id, from->name, from->unit, error);
    if (status == TARE_OK)
        *to = copy;
    return status;
}

bool metric_id_valid(const char *id)
{
    size_t length = strlen(id);
    if (length < 1 || length > METRIC_ID_MOST)
        return false;
    for (const char *at = id; *at != '\0'; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            return false;
    return text_is_utf8(id);
}

const char *metric_display_name(const struct metric *metric)
{
    return metric->name != NULL && metric->name[0] != '\0' ? metric->name : metric->id;
}

double metric_resolution(const struct metric *metric)
{
    if (metric->resolution > 0)
        return metric->resolution;
    return unit_resolution(metric->unit);
}
