#include "app/intake_pairs.h"

#include "base/array.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "model/catalogue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void intake_pairs_init(struct intake_pairs *pairs, struct store *store,
                       const struct config *config)
{
    *pairs = (struct intake_pairs){.store = store, .config = config};
}

void intake_pairs_forget(struct intake_pairs *pairs)
{
    for (size_t i = 0; i < pairs->count; i++)
        metric_release(&pairs->list[i].metric);
    free(pairs->list);
    pairs->list = NULL;
    pairs->count = 0;
    text_map_release(&pairs->contexts);
    text_map_release(&pairs->known);
}

static const struct metric *configured(const struct config *config, const char *id)
{
    for (size_t i = 0; i < config->metric_count; i++)
        if (strcmp(config->metrics[i].id, id) == 0)
            return &config->metrics[i];
    return NULL;
}

/* As the part describes it; what nobody gave a unit is counted. */
static enum tare_status metric_take(const struct batch_part *part, struct metric *metric,
                                    struct tare_error *error)
{
    enum tare_status status = metric_copy(metric, &part->metric, error);
    if (status == TARE_OK && batch_part_is_unitless(part))
        status = metric_name(metric, part->metric.id, part->metric.name, "count", error);
    return status;
}

/* What a metric that the store has not seen is: as tare.yml has it, else as the program or the
 * format described it, else as the catalogue has it, else as little as is known. */
static enum tare_status metric_define(const struct intake_pairs *pairs,
                                      const struct batch_part *part, struct tare_error *error)
{
    const struct metric *known = configured(pairs->config, part->metric.id);
    const struct catalogue_metric *row = catalogue_find(part->metric.id);
    struct metric metric;
    metric_init(&metric);
    enum tare_status status;
    if (known != NULL)
        return store_metric_put(pairs->store, known, false, error);
    if (part->metric_described || row == NULL)
        status = metric_take(part, &metric, error);
    else
        status = catalogue_metric_fill(row, &metric, error);
    if (status == TARE_OK)
        status = store_metric_put(pairs->store, &metric, false, error);
    metric_release(&metric);
    return status;
}

/* The metric as the store has it, defined now if it is new. */
static enum tare_status metric_find(const struct intake_pairs *pairs,
                                    const struct batch_part *part, struct metric *metric,
                                    struct tare_error *error)
{
    enum tare_status status = store_metric_get(pairs->store, part->metric.id, metric, error);
    if (status != TARE_E_NOT_FOUND)
        return status;
    status = metric_define(pairs, part, error);
    return status == TARE_OK ? store_metric_get(pairs->store, part->metric.id, metric, error)
                             : status;
}

enum tare_status intake_context_find(struct intake_pairs *pairs, const struct session *session,
                                     size_t *number, struct tare_error *error)
{
    struct strbuf text;
    strbuf_init(&text);
    strbuf_add_format(&text, "%s\n%s\n%s\n%d", session->app, session->environment.key,
                      session->labels != NULL ? session->labels : "", (int)session->temperature);
    bool found = !text.failed && text_map_find(&pairs->contexts, text.text, number);
    if (!found && !text.failed) {
        *number = pairs->contexts.count;
        found = text_map_add(&pairs->contexts, text.text, *number);
    }
    strbuf_release(&text);
    return found ? TARE_OK : error_memory(error);
}

/* The metric, defined now if it is new, and its series in this session. */
static enum tare_status pair_make(struct intake_pairs *pairs, const struct session *session,
                                  const struct batch_part *part, struct intake_pair *pair,
                                  struct tare_error *error)
{
    metric_init(&pair->metric);
    enum tare_status status = metric_find(pairs, part, &pair->metric, error);
    const struct series series = {
        .metric_id = pair->metric.id,
        .app = session->app,
        .environment = session->environment.key,
        .labels = session->labels != NULL ? session->labels : (char *)"",
        .temperature = session->temperature,
    };
    if (status == TARE_OK)
        status = store_series_put(pairs->store, &series, &pair->series_id, error);
    if (status != TARE_OK)
        metric_release(&pair->metric);
    return status;
}

enum tare_status intake_pair_find(struct intake_pairs *pairs, const struct session *session,
                                  size_t context, const struct batch_part *part,
                                  struct intake_pair **pair, struct tare_error *error)
{
    struct intake_pair fresh = {0};
    struct intake_pair *slot = NULL;
    char key[METRIC_ID_MOST + 24];
    size_t at;
    snprintf(key, sizeof key, "%zu %s", context, part->metric.id);
    if (text_map_find(&pairs->known, key, &at)) {
        *pair = &pairs->list[at];
        return TARE_OK;
    }
    enum tare_status status = pair_make(pairs, session, part, &fresh, error);
    if (status != TARE_OK)
        return status;
    at = pairs->count;
    if (text_map_add(&pairs->known, key, at))
        slot = array_add(&pairs->list, &pairs->count, sizeof *pairs->list);
    if (slot == NULL) {
        metric_release(&fresh.metric);
        return error_memory(error);
    }
    *slot = fresh;
    *pair = slot;
    return TARE_OK;
}
