#include "app/alert_change.h"

#include "app/lists.h"
#include "app/outbox.h"
#include "app/rules.h"
#include "baseline/baseline_standing.h"

#include <stdlib.h>

#define HISTORY 2000 /* measurements that a restarted baseline may look at */

static enum tare_status baseline_accept(struct store *store, const struct config *config,
                                        const struct alert *alert, int64_t now_ns,
                                        struct tare_error *error)
{
    struct baseline_rule rule = rules_baseline(config);
    struct baseline_standing standing;
    struct series series;
    struct metric metric;
    struct measurement *list = NULL;
    size_t count = 0;
    const struct store_filter filter = {.series_id = alert->series_id, .limit = HISTORY};
    series_init(&series);
    metric_init(&metric);
    enum tare_status status = series_get(store, alert->series_id, &series, error);
    if (status == TARE_OK)
        status = store_metric_get(store, series.metric_id, &metric, error);
    if (status == TARE_OK)
        status = store_standing_get(store, alert->series_id, &standing, error);
    if (status == TARE_OK)
        status = store_measurement_list(store, &filter, &list, &count, error);
    if (status == TARE_OK) {
        baseline_restart(&standing, &rule, &metric, list, count, alert->good_measurement_id,
                         now_ns);
        status = store_standing_put(store, &standing, error);
    }
    free(list);
    metric_release(&metric);
    series_release(&series);
    return status;
}

static enum tare_status one_change(struct store *store, const struct config *config, int64_t id,
                                   const struct alert_command *command, struct tare_error *error)
{
    struct alert alert;
    struct alert_event event;
    enum tare_status status = store_alert_get(store, id, &alert, error);
    if (status == TARE_OK)
        status = alert_obey(&alert, command, &event, error);
    if (status == TARE_OK)
        status = store_alert_put(store, &alert, error);
    if (status != TARE_OK)
        return status;
    event.alert_id = id;
    status = store_alert_event_add(store, &event, error);
    if (status == TARE_OK)
        status = outbox_add(store, config, &event, error);
    if (status == TARE_OK && command->order == ALERT_ORDER_ACCEPT && alert.kind != ALERT_TARGET)
        status = baseline_accept(store, config, &alert, command->now_ns, error);
    return status;
}

enum tare_status alert_change(struct store *store, const struct config *config, const int64_t *ids,
                              size_t count, const struct alert_command *command,
                              struct tare_error *error)
{
    enum tare_status status = store_begin(store, error);
    if (status != TARE_OK)
        return status;
    for (size_t i = 0; i < count && status == TARE_OK; i++)
        status = one_change(store, config, ids[i], command, error);
    if (status == TARE_OK)
        status = store_commit(store, error);
    if (status != TARE_OK)
        store_rollback(store);
    return status;
}
