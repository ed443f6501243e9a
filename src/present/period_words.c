#include "present/period_words.h"

#include "base/clock.h"
#include "model/unit.h"
#include "present/text_cells.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static bool filled(const char *text)
{
    return text != NULL && text[0] != '\0';
}

void period_title_add(struct strbuf *out, const struct period_report *report)
{
    strbuf_add_text(out, report->app != NULL ? report->app : "all apps");
    if (filled(report->environment))
        strbuf_add_format(out, ", %s", report->environment);
    if (filled(report->branch))
        strbuf_add_format(out, ", branch %s", report->branch);
    if (filled(report->labels))
        strbuf_add_format(out, ", %s", report->labels);
}

void period_dates_format(const struct period_report *report, char text[PERIOD_TEXT_SIZE])
{
    char since[CLOCK_TEXT_SIZE], until[CLOCK_TEXT_SIZE];
    text_day(report->since_ns, since);
    text_day(report->until_ns - 1, until);
    if (report->days == 1)
        snprintf(text, PERIOD_TEXT_SIZE, "%s, 1 day", since);
    else
        snprintf(text, PERIOD_TEXT_SIZE, "%s to %s, %u days", since, until, report->days);
}

void period_metric_add(struct strbuf *out, const struct metric *metric)
{
    strbuf_add_text(out, metric->id);
    if (filled(metric->name) && strcmp(metric->name, metric->id) != 0)
        strbuf_add_format(out, " %s", metric->name);
}

void period_series_add(struct strbuf *out, const struct period_report *report,
                       const struct series *series)
{
    if (filled(series->labels))
        strbuf_add_format(out, " {%s}", series->labels);
    if (series->temperature == TEMPERATURE_COLD)
        strbuf_add_text(out, " (cold)");
    if (report->several_apps)
        strbuf_add_format(out, ", %s", series->app);
    if (report->several_environments)
        strbuf_add_format(out, ", %s", series->environment);
}

void period_interval_format(const struct period_row *row, char text[PERIOD_TEXT_SIZE])
{
    char low[UNIT_TEXT_SIZE], high[UNIT_TEXT_SIZE];
    unsigned long long before = row->before.n, now = row->values.n;
    if (before == 0)
        snprintf(text, PERIOD_TEXT_SIZE, "nothing before");
    else if (now == 0)
        snprintf(text, PERIOD_TEXT_SIZE, "nothing now");
    else if (isnan(row->change.low_percent))
        snprintf(text, PERIOD_TEXT_SIZE, "too few: %llu, %llu", before, now);
    else {
        percent_format(row->change.low_percent, low);
        percent_format(row->change.high_percent, high);
        snprintf(text, PERIOD_TEXT_SIZE, "%s … %s", low, high);
    }
}

const char *period_change_word(const struct period_row *row)
{
    if (row->before.n == 0)
        return "new";
    if (row->values.n == 0)
        return "gone";
    return isnan(row->change.low_percent) ? "too few" : row->change.word;
}

void period_baseline_format(const struct period_row *row, char text[PERIOD_TEXT_SIZE])
{
    char centre[UNIT_TEXT_SIZE], spread[UNIT_TEXT_SIZE];
    const struct baseline *baseline = &row->course.baseline;
    if (!isfinite(baseline->centre)) {
        snprintf(text, PERIOD_TEXT_SIZE, "learning, %u of %u", baseline->n, baseline->minimum);
        return;
    }
    unit_format(baseline->centre, row->course.metric.unit, centre);
    unit_format(baseline->spread, row->course.metric.unit, spread);
    const char *of_centre = strchr(centre, ' ');
    char *of_spread = strchr(spread, ' ');
    if (of_centre != NULL && of_spread != NULL && strcmp(of_centre, of_spread) == 0)
        *of_spread = '\0';
    snprintf(text, PERIOD_TEXT_SIZE, "%s%s%s %s", centre, baseline->spread_at_floor ? "" : " ±",
             baseline->spread_at_floor ? "" : spread, baseline_confidence_label(baseline));
}

void period_trend_format(const struct period_row *row, char text[PERIOD_TEXT_SIZE])
{
    char percent[UNIT_TEXT_SIZE];
    const struct history_trend *trend = &row->course.trend;
    if (!trend->enough) {
        snprintf(text, PERIOD_TEXT_SIZE, "too few");
        return;
    }
    percent_format(trend->change_percent, percent);
    snprintf(text, PERIOD_TEXT_SIZE, "%s %s%s", trend_direction_word(trend->direction), percent,
             trend->by_step ? ", a step" : "");
}

/* "63 % over", "8.1 % under", "off" the target, whichever is wrong. */
static void wrong_add(struct strbuf *out, enum tare_better better, double percent)
{
    static const char *const words[] = {
        [TARE_LOWER] = "over", [TARE_HIGHER] = "under", [TARE_EXACT] = "off"};
    char text[UNIT_TEXT_SIZE];
    percent_format(percent, text);
    const char *sign = text[0] == '+' ? "+" : "";
    if (isfinite(percent))
        strbuf_add_format(out, "%s ", text + strlen(sign));
    strbuf_add_text(out, words[better]);
}

void period_watch_add(struct strbuf *out, const struct period_row *row)
{
    const struct watch *watch = &row->watch;
    const struct metric *metric = &row->course.metric;
    char value[UNIT_TEXT_SIZE], day[CLOCK_TEXT_SIZE];
    unit_format(watch->peak, metric->unit, value);
    strbuf_add_format(out, "since %s, worst %s (", text_day(watch->since_ns, day), value);
    wrong_add(out, metric->better, watch->peak_percent);
    unit_format(metric->target, metric->unit, value);
    strbuf_add_format(out, " the target of %s) on %s", value, text_day(watch->peak_ns, day));
    unit_format(watch->current, metric->unit, value);
    strbuf_add_format(out, ", now %s", value);
    if (watch->fixed_ns != 0) {
        strbuf_add_format(out, ", within it since %s", text_day(watch->fixed_ns, day));
        return;
    }
    strbuf_add_text(out, " (");
    wrong_add(out, metric->better, watch->current_percent);
    strbuf_add_char(out, ')');
}

void period_step_format(const struct metric *metric, const struct history_point *point,
                        char text[PERIOD_TEXT_SIZE])
{
    char before[UNIT_TEXT_SIZE], after[UNIT_TEXT_SIZE], percent[UNIT_TEXT_SIZE];
    char time[CLOCK_TEXT_SIZE], commits[40] = "";
    unit_format(point->before, metric->unit, before);
    unit_format(point->after, metric->unit, after);
    percent_format(point->change_percent, percent);
    bool within = strcmp(point->good_commit, point->bad_commit) == 0;
    if (point->good_commit[0] != '\0' && point->bad_commit[0] != '\0' && !within)
        snprintf(commits, sizeof commits, ", between %.7s and %.7s", point->good_commit,
                 point->bad_commit);
    else if (point->bad_commit[0] != '\0')
        snprintf(commits, sizeof commits, ", at %.7s", point->bad_commit);
    snprintf(text, PERIOD_TEXT_SIZE, "%.40s → %.40s (%.20s) on %s%s", before, after, percent,
             text_short_time(point->time_ns, time), commits);
}

void period_summary_format(const struct period_report *report, char text[PERIOD_TEXT_SIZE])
{
    int used = snprintf(text, PERIOD_TEXT_SIZE,
                        "%zu regressed, %zu improved, %zu the same, %zu inconclusive",
                        report->regressed, report->improved, report->same, report->inconclusive);
    if (report->too_few == 0 || used < 0)
        return;
    if (report->too_few == report->inconclusive)
        snprintf(text + used, PERIOD_TEXT_SIZE - (size_t)used, " for want of data");
    else
        snprintf(text + used, PERIOD_TEXT_SIZE - (size_t)used, ", %zu of them for want of data",
                 report->too_few);
}

static size_t part_add(char text[PERIOD_TEXT_SIZE], size_t used, size_t count, const char *word)
{
    if (count == 0 || used >= PERIOD_TEXT_SIZE)
        return used;
    int more = snprintf(text + used, PERIOD_TEXT_SIZE - used, "%s%zu %s", used > 0 ? ", " : "",
                        count, word);
    return used + (more > 0 ? (size_t)more : 0);
}

void period_sessions_format(const struct period_sessions *sessions, char text[PERIOD_TEXT_SIZE])
{
    char parts[PERIOD_TEXT_SIZE] = "";
    size_t used = part_add(parts, 0, sessions->ok, "ok");
    used = part_add(parts, used, sessions->failed, "failed");
    used = part_add(parts, used, sessions->crashed, "crashed");
    used = part_add(parts, used, sessions->running, "running");
    snprintf(text, PERIOD_TEXT_SIZE, "%zu session%s%s%.100s", sessions->total,
             sessions->total == 1 ? "" : "s", used > 0 ? ": " : "", parts);
}

void period_commits_format(const struct period_sessions *sessions, char text[PERIOD_TEXT_SIZE])
{
    size_t count = sessions->commit_count;
    if (count == 0)
        snprintf(text, PERIOD_TEXT_SIZE, "no commit known");
    else if (count == 1)
        snprintf(text, PERIOD_TEXT_SIZE, "1 commit, %.7s", sessions->commits[0].commit);
    else
        snprintf(text, PERIOD_TEXT_SIZE, "%zu commits, %.7s to %.7s", count,
                 sessions->commits[0].commit, sessions->commits[count - 1].commit);
}

void period_span_format(const struct alert_span *span, char text[PERIOD_TEXT_SIZE])
{
    char opened[CLOCK_TEXT_SIZE], closed[CLOCK_TEXT_SIZE];
    text_short_time(span->opened_ns, opened);
    if (span->closed_ns == 0)
        snprintf(text, PERIOD_TEXT_SIZE, "opened %s", opened);
    else
        snprintf(text, PERIOD_TEXT_SIZE, "opened %s, %s %s", opened,
                 span->taken_over ? "a step since" : alert_state_word(span->state),
                 text_short_time(span->closed_ns, closed));
}

size_t period_alerts_shown(const struct period_report *report)
{
    size_t shown = 0, closed = 0;
    for (; shown < report->alert_count; shown++) {
        closed += report->alerts[shown].span.closed_ns != 0;
        if (closed > PERIOD_CLOSED_SHOWN)
            break;
    }
    return shown;
}

/* ---- notes ---- */

static size_t rolled_up_days(const struct period_report *report)
{
    size_t most = 0;
    for (size_t i = 0; i < report->row_count; i++) {
        size_t days = report->rows[i].rolled_up + report->rows[i].rolled_up_before;
        most = days > most ? days : most;
    }
    return most;
}

static bool any_of_days(const struct period_report *report)
{
    for (size_t i = 0; i < report->row_count; i++)
        if (report->rows[i].of_days)
            return true;
    return false;
}

const char *period_note(const struct period_report *report, size_t which,
                        char text[2 * PERIOD_TEXT_SIZE])
{
    size_t days = rolled_up_days(report);
    const struct period_sessions *sessions = &report->sessions;
    text[0] = '\0';
    if (days > 0 && which-- == 0)
        snprintf(text, 2 * PERIOD_TEXT_SIZE,
                 "Up to %zu days of a metric are rolled up: counts, least, greatest and mean are "
                 "exact, quantiles within 1 %%.",
                 days);
    else if (sessions->rolled_up && which-- == 0)
        snprintf(text, 2 * PERIOD_TEXT_SIZE,
                 "Of rolled-up days no session is known any more: sessions, commits and the "
                 "slowest are those of the other days.");
    else if (any_of_days(report) && which-- == 0)
        snprintf(text, 2 * PERIOD_TEXT_SIZE,
                 "Where days are rolled up, or measurements are very many, trend and steps are "
                 "read from the medians of days.");
    else if (report->rolled_up_left_out > 0 && which-- == 0)
        snprintf(text, 2 * PERIOD_TEXT_SIZE,
                 "Days that are rolled up know no branch and are left out here.");
    return text[0] != '\0' ? text : NULL;
}
