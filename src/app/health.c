#include "app/health.h"

#include "base/clock.h"
#include "base/error.h"
#include "detect/health_verdict.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* `kept`: it has a measurement, or lost nothing. */
static void session_take(const struct session *session, bool kept, struct health_report *report)
{
    for (size_t i = 0; i < HEALTH_WINDOWS; i++) {
        struct health_window *window = &report->windows[i];
        if (session->started_ns < window->since_ns)
            continue;
        if (!kept)
            window->starts.lost++;
        else if (session->outcome == OUTCOME_CRASHED)
            window->starts.found_dead++;
        else
            window->starts.handed_over++;
        window->dropped += session->dropped;
        window->condensed += session->condensed;
    }
}

/* What could not be read is of no app that could be told. */
static void losses_take(struct health_report *report)
{
    const struct health_inbox *inbox = &report->inbox;
    for (size_t i = 0; i < HEALTH_WINDOWS; i++) {
        struct health_window *window = &report->windows[i];
        window->starts.lost += inbox->untaken + inbox->unreadable;
        window->starts.lost += inbox->damaged_bytes > 0 && inbox->damaged_ns >= window->since_ns;
        if (inbox->roomless_ns < window->since_ns)
            continue;
        window->starts.lost += inbox->roomless_apps;
        window->dropped += inbox->roomless;
    }
}

static enum tare_status starts_fill(struct store *store, const struct store_filter *filter,
                                    struct health_report *report, struct tare_error *error)
{
    struct session *sessions = NULL;
    size_t count = 0, *measurements = NULL;
    struct store_filter recent = *filter;
    recent.since_ns = report->windows[HEALTH_WINDOWS - 1].since_ns;
    recent.until_ns = report->until_ns;
    enum tare_status status = store_session_list(store, &recent, &sessions, &count, error);
    if (status == TARE_OK && count > 0) {
        measurements = calloc(count, sizeof *measurements);
        status = measurements != NULL
                     ? store_session_measurements(store, sessions, count, measurements, error)
                     : error_memory(error);
    }
    for (size_t i = 0; status == TARE_OK && i < count; i++)
        session_take(&sessions[i], sessions[i].dropped == 0 || measurements[i] > 0, report);
    free(measurements);
    store_session_list_free(sessions, count);
    losses_take(report);
    return status;
}

/* ---- the criteria ---- */

static double percent(double part, double all)
{
    return all > 0 ? 100 * part / all : NAN;
}

static double value_of(const struct health_report *report, const struct health_window *window,
                       enum health_subject subject)
{
    const struct health_starts *starts = &window->starts;
    const struct health_baselines *baselines = &window->baselines;
    const struct health_alerts *alerts = &window->alerts;
    const struct health_inbox *inbox = &report->inbox;
    double recorded = (double)(starts->handed_over + starts->found_dead);
    double good = (double)(baselines->high + baselines->medium);
    switch (subject) {
    case HEALTH_STARTS:
        return percent(recorded, recorded + (double)starts->lost);
    case HEALTH_CATALOGUE:
        if (window->measurements == 0)
            return NAN;
        return (double)(window->days > 30 ? window->with_data : window->core_with_data);
    case HEALTH_BASELINES:
        return percent(good, good + (double)(baselines->low + baselines->learning));
    case HEALTH_ALERTS:
        return percent((double)alerts->answered, (double)(alerts->answered + alerts->late));
    case HEALTH_DROPS:
        return percent((double)window->dropped, (double)(window->samples + window->dropped));
    case HEALTH_INBOX:
        return inbox->waiting_since_ns == 0
                   ? 0
                   : fmax(0, (double)(report->until_ns - inbox->waiting_since_ns) / 3.6e12);
    default:
        return window->growth_bytes;
    }
}

static void why_write(const struct health_report *report, const struct health_window *window,
                      struct health_criterion *criterion)
{
    const char *why = "nothing was measured";
    if (!isnan(criterion->value)) {
        snprintf(criterion->why, sizeof criterion->why, "of %u days %.0f are known", window->days,
                 ceil(window->history_days));
        return;
    }
    if (criterion->subject == HEALTH_STARTS)
        why = "no session was recorded";
    if (criterion->subject == HEALTH_ALERTS)
        why = window->alerts.opened == 0 ? "no alert was opened"
                                         : "no alert is as old as people have to answer";
    if (criterion->subject == HEALTH_GROWTH) {
        snprintf(criterion->why, sizeof criterion->why,
                 "it takes a size noted %u days ago, and %u days before that in which the store "
                 "fills",
                 window->days, report->raw_days);
        return;
    }
    snprintf(criterion->why, sizeof criterion->why, "%s", why);
}

static void criteria_fill(struct health_report *report)
{
    for (size_t i = 0; i < HEALTH_WINDOWS; i++) {
        struct health_window *window = &report->windows[i];
        double months = window->history_days / 30;
        const struct health_basis basis = {window->days, window->history_days,
                                           months > 0 ? (double)window->measurements / months : 0};
        for (int subject = 0; subject < HEALTH_SUBJECTS; subject++) {
            struct health_criterion *criterion = &window->criteria[subject];
            enum health_subject of = (enum health_subject)subject;
            *criterion = health_verdict(of, value_of(report, window, of), &basis);
            if (criterion->standing == HEALTH_UNKNOWN)
                why_write(report, window, criterion);
        }
    }
}

static enum tare_status frame_fill(const struct config *config, const struct store_filter *filter,
                                   int64_t until_ns, struct health_report *report,
                                   struct tare_error *error)
{
    int64_t tomorrow_ns = rollup_day(until_ns - 1) + CLOCK_NS_PER_DAY;
    report->until_ns = until_ns;
    report->raw_days = config->raw_days;
    for (size_t i = 0; i < HEALTH_WINDOWS; i++)
        report->windows[i].since_ns = tomorrow_ns -
                                      (int64_t)report->windows[i].days * CLOCK_NS_PER_DAY;
    if (filter->app != NULL)
        report->app = strdup(filter->app);
    return filter->app == NULL || report->app != NULL ? TARE_OK : error_memory(error);
}

static void history_fill(struct health_report *report)
{
    for (size_t i = 0; i < HEALTH_WINDOWS; i++) {
        struct health_window *window = &report->windows[i];
        double days = (double)(report->until_ns - report->first_ns) / (double)CLOCK_NS_PER_DAY;
        window->history_days = report->first_ns == 0 ? 0 : fmin(days, (double)window->days);
    }
}

enum tare_status health_build(struct store *store, const struct config *config,
                              const struct store_filter *filter, int64_t until_ns,
                              struct health_report *report, struct tare_error *error)
{
    enum tare_status status = frame_fill(config, filter, until_ns, report, error);
    if (status == TARE_OK)
        status = health_measurements_fill(store, filter, report, error);
    if (status == TARE_OK)
        status = starts_fill(store, filter, report, error);
    if (status == TARE_OK)
        status = health_alerts_fill(store, filter, report, error);
    if (status == TARE_OK)
        status = health_growth_fill(store, report, error);
    if (status != TARE_OK)
        return status;
    history_fill(report);
    criteria_fill(report);
    return TARE_OK;
}
