#include "alert/alert_series.h"

#include <stdio.h>
#include <string.h>

void alert_series_init(struct alert_series *series, int64_t series_id)
{
    memset(series, 0, sizeof *series);
    for (int kind = 0; kind < ALERT_KIND_COUNT; kind++)
        series->alerts[kind] = alert_none(series_id, (enum alert_kind)kind);
}

bool alert_series_holds(const struct alert_series *series)
{
    return alert_is_live(&series->alerts[ALERT_STEP]);
}

/* One kind's alert takes its sign; the event goes behind those that are there. */
static size_t take(struct alert_series *series, enum alert_kind kind,
                   const struct alert_sign *sign, const struct alert_occasion *occasion,
                   struct alert_series_event *events, size_t count)
{
    struct alert *alert = &series->alerts[kind];
    if (!sign->judged)
        return count;
    if (alert_take(alert, sign, occasion, &events[count].event))
        events[count++].kind = kind;
    series->changed[kind] |= alert_exists(alert);
    return count;
}

/* One regression is one alert: who was told of it, has seen it or does not want to hear of it need
 * not be told again, unless it is graver than it was. */
static void inherit(struct alert *step, const struct alert *explained, struct alert_event *opened)
{
    bool graver = step->severity > explained->severity;
    if (explained->muted_until_ns > step->muted_until_ns)
        step->muted_until_ns = explained->muted_until_ns;
    if (explained->state == ALERT_ACKNOWLEDGED && !graver)
        step->state = ALERT_ACKNOWLEDGED;
    opened->notify = opened->notify && graver && step->muted_until_ns <= opened->time_ns;
}

/* The step begins where the baseline alert saw it begin, unless it knows better. */
static size_t take_over(struct alert_series *series, const struct alert_occasion *occasion,
                        struct alert_series_event *events, size_t count)
{
    struct alert *explained = &series->alerts[ALERT_BASELINE];
    const struct alert before = *explained;
    if (!alert_is_live(explained))
        return count;
    struct alert_command command = {.order = ALERT_ORDER_TAKE_OVER,
                                    .who = "tare",
                                    .note = "explained by a step",
                                    .now_ns = occasion->time_ns};
    if (alert_obey(explained, &command, &events[count].event, NULL) != TARE_OK)
        return count;
    events[count].event.measurement_id = occasion->measurement_id;
    events[count++].kind = ALERT_BASELINE;
    series->changed[ALERT_BASELINE] = true;
    struct alert *step = &series->alerts[ALERT_STEP];
    inherit(step, &before, &events[count - 2].event);
    if (step->bad_measurement_id == 0) {
        step->bad_measurement_id = explained->bad_measurement_id;
        step->good_measurement_id = explained->good_measurement_id;
        memcpy(step->bad_commit, explained->bad_commit, sizeof step->bad_commit);
        memcpy(step->good_commit, explained->good_commit, sizeof step->good_commit);
    }
    return count;
}

/* What the baseline says is the step's to count: a step sign that stays silent speaks with the
 * baseline's voice. */
static struct alert_sign step_sign(const struct alert_sign signs[ALERT_KIND_COUNT])
{
    struct alert_sign sign = signs[ALERT_STEP];
    if (!sign.judged && signs[ALERT_BASELINE].judged) {
        sign = signs[ALERT_BASELINE];
    }
    return sign;
}

/* Whether the baseline sees a step come back that went away not long ago: that is no new alert. */
static bool step_returns(const struct alert_series *series, const struct alert_sign *baseline)
{
    const struct alert *step = &series->alerts[ALERT_STEP];
    return alert_exists(step) && step->state == ALERT_RESOLVED &&
           step->since_resolved <= ALERT_REOPENED_WITHIN && baseline->judged &&
           baseline->evidence >= SEVERITY_WARNING && baseline->seen >= SEVERITY_WARNING &&
           !alert_is_live(&series->alerts[ALERT_BASELINE]);
}

/* Whether what the baseline sees is the drift that a live alert tells of: of a drift, whose window
 * follows it, nothing graver is to be expected. */
static bool drift_explains(const struct alert_series *series, const struct alert_sign *baseline)
{
    const struct alert *drift = &series->alerts[ALERT_TREND];
    return alert_is_live(drift) && !alert_is_live(&series->alerts[ALERT_BASELINE]) &&
           baseline->evidence <= drift->severity;
}

size_t alert_series_take(struct alert_series *series,
                         const struct alert_sign signs[ALERT_KIND_COUNT],
                         const struct alert_occasion *occasion,
                         struct alert_series_event events[ALERT_SERIES_EVENTS])
{
    size_t count = 0;
    for (int kind = 0; kind < ALERT_KIND_COUNT; kind++)
        series->changed[kind] = alert_age(&series->alerts[kind]);
    count = take(series, ALERT_TARGET, &signs[ALERT_TARGET], occasion, events, count);
    bool stepped = alert_series_holds(series);
    struct alert_sign step = stepped ? step_sign(signs) : signs[ALERT_STEP];
    count = take(series, ALERT_STEP, &step, occasion, events, count);
    if (!stepped && alert_series_holds(series))
        count = take_over(series, occasion, events, count);
    if (stepped || alert_series_holds(series))
        return count;
    if (step_returns(series, &signs[ALERT_BASELINE]))
        return take(series, ALERT_STEP, &signs[ALERT_BASELINE], occasion, events, count);
    if (!drift_explains(series, &signs[ALERT_BASELINE]))
        count = take(series, ALERT_BASELINE, &signs[ALERT_BASELINE], occasion, events, count);
    if (alert_is_live(&series->alerts[ALERT_BASELINE]) &&
        !alert_is_live(&series->alerts[ALERT_TREND]))
        return count;
    return take(series, ALERT_TREND, &signs[ALERT_TREND], occasion, events, count);
}
