#include "app/baseline_change.h"

#include "app/rules.h"
#include "base/clock.h"
#include "base/error.h"
#include "baseline/baseline_standing.h"

#include <stdlib.h>

/* What a change needs of a series. */
struct change {
    enum baseline_verb verb;
    const char *name, *commit;
    struct baseline_rule rule;
    int64_t now_ns;
};

static bool standing_change(const struct change *change, struct baseline_standing *standing,
                            const struct metric *metric, const struct measurement *list,
                            size_t count)
{
    switch (change->verb) {
    case BASELINE_PIN:
        return baseline_pin(standing, &change->rule, metric, list, count, change->name,
                            change->commit, change->now_ns);
    case BASELINE_UNPIN:
        baseline_unpin(standing, &change->rule, metric, list, count, change->now_ns);
        return true;
    case BASELINE_RESET:
        baseline_restart(standing, &change->rule, metric, list, count,
                         count > 0 ? list[count - 1].id : 0, change->now_ns);
        return true;
    }
    return false;
}

static enum tare_status series_change(struct store *store, const struct change *change,
                                      const struct series *series, bool *changed,
                                      struct tare_error *error)
{
    struct baseline_standing standing;
    struct metric metric;
    struct measurement *list = NULL;
    size_t count = 0;
    const struct store_filter filter = {.series_id = series->id,
                                        .limit = change->verb == BASELINE_PIN ? 0 : 2000};
    metric_init(&metric);
    enum tare_status status = store_metric_get(store, series->metric_id, &metric, error);
    if (status == TARE_OK)
        status = store_standing_get(store, series->id, &standing, error);
    if (status == TARE_OK)
        status = store_measurement_list(store, &filter, &list, &count, error);
    *changed = status == TARE_OK && standing_change(change, &standing, &metric, list, count);
    if (*changed)
        status = store_standing_put(store, &standing, error);
    free(list);
    metric_release(&metric);
    return status;
}

enum tare_status baseline_change(struct store *store, const struct config *config,
                                 const struct store_filter *filter, enum baseline_verb verb,
                                 const char *name, const char *commit, size_t *changed,
                                 size_t *refused, struct tare_error *error)
{
    const struct change change = {verb, name, commit, rules_baseline(config), clock_now_ns()};
    struct series *series = NULL;
    size_t count = 0;
    *changed = *refused = 0;
    enum tare_status status = store_begin(store, error);
    if (status != TARE_OK)
        return status;
    status = store_series_list(store, filter, &series, &count, error);
    for (size_t i = 0; i < count && status == TARE_OK; i++) {
        bool done = false;
        status = series_change(store, &change, &series[i], &done, error);
        *changed += done;
        *refused += !done;
    }
    if (status == TARE_OK)
        status = store_commit(store, error);
    if (status != TARE_OK)
        store_rollback(store);
    store_series_list_free(series, count);
    return status;
}
