#include "store/sqlite.h"

#include <string.h>

static bool claims(const char *url)
{
    return strncmp(url, "sqlite:", 7) == 0 || strstr(url, "://") == NULL;
}

const struct store_backend sqlite_backend = {
    .name = "sqlite",
    .claims = claims,
    .open = sqlite_open,
    .close = sqlite_close,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .setting_get = sqlite_setting_get,
    .setting_put = sqlite_setting_put,
    .batch_claim = sqlite_batch_claim,
    .session_put = sqlite_session_put,
    .metric_put = sqlite_metric_put,
    .target_set = sqlite_target_set,
    .series_put = sqlite_series_put,
    .samples_add = sqlite_samples_add,
    .samples_read = sqlite_samples_read,
    .totals_get = sqlite_totals_get,
    .measurement_put = sqlite_measurement_put,
    .verdict_put = sqlite_verdict_put,
    .session_exclude = sqlite_session_exclude,
    .standing_get = sqlite_standing_get,
    .standing_put = sqlite_standing_put,
    .alert_put = sqlite_alert_put,
    .alert_event_add = sqlite_alert_event_add,
    .session_list = sqlite_session_list,
    .session_measurements = sqlite_session_measurements,
    .metric_list = sqlite_metric_list,
    .metric_get = sqlite_metric_get,
    .series_list = sqlite_series_list,
    .measurement_list = sqlite_measurement_list,
    .verdict_list = sqlite_verdict_list,
    .alert_list = sqlite_alert_list,
    .alert_get = sqlite_alert_get,
    .alert_find = sqlite_alert_find,
    .alert_event_list = sqlite_alert_event_list,
    .delivery_add = sqlite_delivery_add,
    .delivery_due = sqlite_delivery_due,
    .delivery_claim = sqlite_delivery_claim,
    .delivery_settle = sqlite_delivery_settle,
    .delivery_defer = sqlite_delivery_defer,
    .delivery_give_up = sqlite_delivery_give_up,
    .delivery_revive = sqlite_delivery_revive,
    .delivery_list = sqlite_delivery_list,
    .delivery_totals = sqlite_delivery_totals,
    .retention_apply = sqlite_retention_apply,
    .rollup_list = sqlite_rollup_list,
    .info_get = sqlite_info_get,
    .check = sqlite_check,
};
