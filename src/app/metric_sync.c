#include "app/metric_sync.h"

#include "app/config_place.h"
#include "base/crc32.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "record/inbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What tells one definition from another. */
static void fingerprint_add(struct strbuf *buf, const struct metric *metric)
{
    strbuf_add_format(buf, "%s|%s|%s|%d|%d|%d|%.17g|%u|%.17g|%.17g|%u/%u|%.17g|%.17g|%.17g",
                      metric->id, metric->name != NULL ? metric->name : "", metric->unit,
                      (int)metric->better, (int)metric->aggregate, (int)metric->category,
                      metric->weight, metric->warmup, metric->min_change, metric->resolution,
                      metric->persist_needed, metric->persist_of, metric->target,
                      metric->warning_percent, metric->error_percent);
}

static enum tare_status unit_refuse(const struct config *config, const struct metric *metric,
                                    const char *kept_unit, struct tare_error *error)
{
    char place[48];
    snprintf(place, sizeof place, "metrics.%td.unit", metric - config->metrics);
    char *where = config_where(config->path, place);
    enum tare_status status = where != NULL ? TARE_E_USAGE : error_memory(error);
    if (status == TARE_E_USAGE)
        error_set(error, status,
                  "%s: the metric %s is kept in %s and cannot become %s; give the new one another "
                  "id",
                  where, metric->id, kept_unit, metric->unit);
    free(where);
    return status;
}

static enum tare_status unit_check(struct store *store, const struct config *config,
                                   const struct metric *metric, struct tare_error *error)
{
    struct metric kept;
    metric_init(&kept);
    enum tare_status status = store_metric_get(store, metric->id, &kept, NULL);
    if (status == TARE_OK && strcmp(kept.unit, metric->unit) != 0)
        status = unit_refuse(config, metric, kept.unit, error);
    metric_release(&kept);
    return status == TARE_E_NOT_FOUND ? TARE_OK : status;
}

static enum tare_status one_sync(struct store *store, const struct config *config,
                                 const struct metric *metric, struct tare_error *error)
{
    struct strbuf name, fingerprint;
    char *before = NULL;
    strbuf_init(&name);
    strbuf_init(&fingerprint);
    strbuf_add_format(&name, "tare.yml metric %s", metric->id);
    fingerprint_add(&fingerprint, metric);
    enum tare_status status = name.failed || fingerprint.failed
                                  ? error_memory(error)
                                  : store_setting_get(store, name.text, &before, error);
    if (status == TARE_OK && (before == NULL || strcmp(before, fingerprint.text) != 0)) {
        status = unit_check(store, config, metric, error);
        if (status == TARE_OK)
            status = store_metric_put(store, metric, true, error);
        if (status == TARE_OK)
            status = store_setting_put(store, name.text, fingerprint.text, error);
    }
    free(before);
    strbuf_release(&name);
    strbuf_release(&fingerprint);
    return status;
}

/* One number for all of tare.yml's metrics, so that most runs read one setting and write none. */
static enum tare_status digest_of(const struct config *config, char digest[24],
                                  struct tare_error *error)
{
    struct strbuf all;
    strbuf_init(&all);
    for (size_t i = 0; i < config->metric_count; i++) {
        fingerprint_add(&all, &config->metrics[i]);
        strbuf_add_char(&all, '\n');
    }
    enum tare_status status = all.failed ? error_memory(error) : TARE_OK;
    snprintf(digest, 24, "%08x.%zu", crc32c(0, all.text, all.length), all.length);
    strbuf_release(&all);
    return status;
}

enum tare_status metric_sync(struct store *store, const char *store_url,
                             const struct config *config, struct tare_error *error)
{
    char digest[24], *before = NULL;
    if (config->metric_count == 0)
        return TARE_OK;
    if (config->store != NULL && !store_same(config->store, store_url))
        return TARE_OK; /* that tare.yml is about another store */
    enum tare_status status = digest_of(config, digest, error);
    if (status == TARE_OK)
        status = store_setting_get(store, "tare.yml metrics", &before, error);
    bool same = before != NULL && strcmp(before, digest) == 0;
    free(before);
    if (status != TARE_OK || same)
        return status;
    status = store_begin(store, error);
    if (status != TARE_OK)
        return status;
    for (size_t i = 0; i < config->metric_count && status == TARE_OK; i++)
        status = one_sync(store, config, &config->metrics[i], error);
    if (status == TARE_OK)
        status = store_setting_put(store, "tare.yml metrics", digest, error);
    if (status == TARE_OK)
        status = store_commit(store, error);
    if (status != TARE_OK)
        store_rollback(store);
    return status;
}
