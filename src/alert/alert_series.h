/* All alerts of one series taken together: one regression is one alert. Pure. */
#ifndef ALERT_ALERT_SERIES_H
#define ALERT_ALERT_SERIES_H

#include "alert/alert_life.h"

/* The newest alert of each kind, or alert_none(); what the measurement says to each. Both are
 * indexed by enum alert_kind. */
struct alert_series {
    struct alert alerts[ALERT_KIND_COUNT];
    bool changed[ALERT_KIND_COUNT]; /* out: to be stored */
};

/* An event and whose it is. */
struct alert_series_event {
    enum alert_kind kind;
    struct alert_event event; /* event.alert_id is 0 when that alert is new */
};

/* The most events that one measurement can cause. */
#define ALERT_SERIES_EVENTS (2 * ALERT_KIND_COUNT)

/* No alerts yet. */
void alert_series_init(struct alert_series *series, int64_t series_id);

/* Takes one measurement. A step that opens takes over the series' live baseline alert: that ends
 * as resolved, "taken over", and the step alert begins where it began, acknowledged or muted as it
 * was, and without a notice unless it is graver. While a step alert is live, no baseline alert
 * opens: what the baseline would say is counted to the step. Nor does one open within
 * ALERT_REOPENED_WITHIN measurements after a step alert was resolved: that is reopened. A sign of
 * the trend does not open one either then: a step inside the window explains itself; nor while a
 * baseline alert is live, which may be a step that is not sure yet. While a trend alert is live no
 * baseline alert opens that is not graver: it would tell of the same drift. Fills in `events` in
 * order and returns how many. */
size_t alert_series_take(struct alert_series *series,
                         const struct alert_sign signs[ALERT_KIND_COUNT],
                         const struct alert_occasion *occasion,
                         struct alert_series_event events[ALERT_SERIES_EVENTS]);

/* Whether the baseline is to be held (baseline_advance): a step alert is live. */
bool alert_series_holds(const struct alert_series *series);

#endif
