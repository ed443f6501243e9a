#include "app/outbox.h"

#include "app/lists.h"
#include "base/clock.h"

#include <stdio.h>

static bool is_news(const struct config *config, const struct alert_event *event, int64_t now_ns)
{
    return config->sink_count > 0 && event->notify && config_notifies() &&
           event->time_ns >= now_ns - OUTBOX_NEWS_NS;
}

static enum tare_status series_find(struct store *store, int64_t alert_id, struct series *series,
                                    struct tare_error *error)
{
    struct alert alert;
    enum tare_status status = store_alert_get(store, alert_id, &alert, error);
    return status == TARE_OK ? series_get(store, alert.series_id, series, error) : status;
}

static enum tare_status sink_add(struct store *store, const struct sink *sink,
                                 const struct alert_event *event, int64_t now_ns,
                                 struct tare_error *error)
{
    struct delivery delivery = {.event_id = event->id,
                                .alert_id = event->alert_id,
                                .created_ns = now_ns,
                                .give_up_ns = now_ns + sink->give_up_days * CLOCK_NS_PER_DAY};
    bool fresh;
    snprintf(delivery.sink, sizeof delivery.sink, "%s", sink->name);
    return store_delivery_add(store, &delivery, &fresh, error);
}

enum tare_status outbox_add(struct store *store, const struct config *config,
                            const struct alert_event *event, struct tare_error *error)
{
    struct series series;
    int64_t now_ns = clock_now_ns();
    if (!is_news(config, event, now_ns))
        return TARE_OK;
    series_init(&series);
    enum tare_status status = series_find(store, event->alert_id, &series, error);
    for (size_t i = 0; i < config->sink_count && status == TARE_OK; i++) {
        const struct sink *sink = &config->sinks[i];
        if (sink_is_queued(sink) &&
            sink_wants(sink, series.app, series.metric_id, event->severity, event->action))
            status = sink_add(store, sink, event, now_ns, error);
    }
    series_release(&series);
    return status;
}
