#include "present/period_reports.h"

#include "base/clock.h"
#include "model/period.h"
#include "model/unit.h"
#include "present/html_safe.h"
#include "present/html_style.h"
#include "present/period_words.h"
#include "present/svg_chart.h"
#include "present/text_cells.h"

#include <math.h>
#include <string.h>

/* ---- small parts ---- */

static void chip_add(struct strbuf *out, const char *tone, const char *word)
{
    strbuf_add_format(out, "<span class=\"chip %s\">", tone);
    html_add(out, word);
    strbuf_add_text(out, "</span>");
}

static const char *severity_tone(enum severity severity)
{
    return severity >= SEVERITY_ERROR ? "bad" : severity == SEVERITY_WARNING ? "warn" : "calm";
}

static const char *watch_tone(enum watch_state state)
{
    return state == WATCH_ACTIVE ? "bad" : state == WATCH_IMPROVING ? "warn" : "good";
}

static const char *change_tone(const char *word)
{
    return strcmp(word, "regressed") == 0  ? "bad"
           : strcmp(word, "improved") == 0 ? "good"
                                           : "calm";
}

/* <b>name</b> <code>id</code> and what tells the series apart. */
static void metric_add(struct strbuf *out, const struct period_report *report,
                       const struct metric *metric, const struct series *series)
{
    struct strbuf more;
    const char *name = metric_display_name(metric);
    strbuf_init(&more);
    html_add_element(out, "b", NULL, name);
    if (strcmp(name, metric->id) != 0) {
        strbuf_add_char(out, ' ');
        html_add_element(out, "code", NULL, metric->id);
    }
    period_series_add(&more, report, series);
    html_add_element(out, "span", "soft", more.text);
    strbuf_release(&more);
}

static void cell_value(struct strbuf *out, double value, const char *unit)
{
    char text[UNIT_TEXT_SIZE];
    unit_format(value, unit, text);
    html_add_element(out, "td", "number", text);
}

static void cell_percent(struct strbuf *out, double percent)
{
    char text[UNIT_TEXT_SIZE];
    percent_format(percent, text);
    html_add_element(out, "td", "number", isnan(percent) ? "–" : text);
}

/* A heading, and its section is to be closed. */
static void section_begin(struct strbuf *out, const char *title)
{
    strbuf_add_text(out, "\n<section>\n");
    html_add_element(out, "h2", NULL, title);
    strbuf_add_char(out, '\n');
}

/* A table that scrolls by itself where there is no room. Headings that begin with '#' are over
 * numbers. */
static void table_begin(struct strbuf *out, const char *name, const char *const *headings)
{
    strbuf_add_text(out, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
    html_add(out, name);
    strbuf_add_text(out, "\"><table><thead><tr>");
    for (; *headings != NULL; headings++) {
        bool number = **headings == '#';
        strbuf_add_text(out,
                        number ? "<th scope=\"col\" class=\"number\">" : "<th scope=\"col\">");
        html_add(out, *headings + number);
        strbuf_add_text(out, "</th>");
    }
    strbuf_add_text(out, "</tr></thead><tbody>\n");
}

static void table_end(struct strbuf *out)
{
    strbuf_add_text(out, "</tbody></table></div>\n</section>\n");
}

/* ---- the page ---- */

static void head_add(struct strbuf *out, const struct period_report *report)
{
    struct strbuf title;
    char dates[PERIOD_TEXT_SIZE];
    strbuf_init(&title);
    period_title_add(&title, report);
    period_dates_format(report, dates);
    strbuf_add_format(out,
                      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                      "style-src '%s'; base-uri 'none'; form-action 'none'\">\n"
                      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                      "<meta name=\"color-scheme\" content=\"light dark\">\n"
                      "<meta name=\"generator\" content=\"tare\">\n<title>",
                      html_style_digest);
    html_add(out, title.text);
    strbuf_add_format(out, ", %s</title>\n<style>", dates);
    strbuf_add_text(out, html_style);
    strbuf_add_text(out, "</style>\n</head>\n<body>\n<main>\n<header>\n");
    html_add_element(out, "h1", NULL, title.text);
    strbuf_add_text(out, "\n<p class=\"soft\">Performance report, ");
    html_add_phrase(out, dates);
    strbuf_add_format(out, ", against the %s before</p>\n</header>\n",
                      report->days == 1 ? "day" : "period");
    strbuf_release(&title);
}

static void tile_add(struct strbuf *out, const char *tone, size_t count, const char *words)
{
    strbuf_add_format(out, "<li class=\"%s\"><b>%zu</b> %s</li>\n", count > 0 ? tone : "calm",
                      count, words);
}

static size_t watched_count(const struct period_report *report, enum watch_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < report->watched_count; i++)
        count += report->rows[report->watched[i]].watch.state == state;
    return count;
}

static void overview_add(struct strbuf *out, const struct period_report *report)
{
    const struct period_sessions *sessions = &report->sessions;
    char text[PERIOD_TEXT_SIZE];
    strbuf_add_text(out, "<ul class=\"tiles\">\n");
    tile_add(out, "bad", report->regressed, "regressed");
    tile_add(out, "good", report->improved, "improved");
    tile_add(out, "calm", report->same, "the same");
    tile_add(out, "calm", report->inconclusive, "inconclusive");
    tile_add(out, "bad",
             watched_count(report, WATCH_ACTIVE) + watched_count(report, WATCH_IMPROVING),
             "over target");
    tile_add(out, "warn", report->alerts_live, "alerts open");
    strbuf_add_text(out, "</ul>\n<p>");
    period_sessions_format(sessions, text);
    html_add(out, text);
    strbuf_add_text(out, "; ");
    period_commits_format(sessions, text);
    html_add(out, text);
    strbuf_add_format(out, "; alerts: %zu opened, %zu closed", report->alerts_opened,
                      report->alerts_resolved);
    if (sessions->dropped > 0)
        strbuf_add_format(out, "; %llu samples dropped", (unsigned long long)sessions->dropped);
    strbuf_add_text(out, ".</p>\n");
}

static void watched_add(struct strbuf *out, const struct period_report *report)
{
    struct strbuf text;
    if (report->watched_count == 0)
        return;
    section_begin(out, "Watch list");
    strbuf_init(&text);
    strbuf_add_text(out, "<ul class=\"list\">\n");
    for (size_t i = 0; i < report->watched_count; i++) {
        const struct period_row *row = &report->rows[report->watched[i]];
        strbuf_add_text(out, "<li>");
        chip_add(out, watch_tone(row->watch.state), watch_state_word(row->watch.state));
        strbuf_add_char(out, ' ');
        metric_add(out, report, &row->course.metric, &row->course.series);
        strbuf_add_char(out, ' ');
        strbuf_clear(&text);
        period_watch_add(&text, row);
        html_add_phrase(out, text.text);
        strbuf_add_text(out, "</li>\n");
    }
    strbuf_add_text(out, "</ul>\n</section>\n");
    strbuf_release(&text);
}

static void alert_add(struct strbuf *out, const struct period_report *report,
                      const struct period_alert *entry)
{
    const struct alert *alert = &entry->row.alert;
    char text[PERIOD_TEXT_SIZE];
    strbuf_add_text(out, "<li>");
    chip_add(out, severity_tone(alert->severity), severity_word(alert->severity));
    strbuf_add_char(out, ' ');
    metric_add(out, report, &entry->row.metric, &entry->row.series);
    strbuf_add_char(out, ' ');
    html_add_phrase(out, alert->reason);
    period_span_format(&entry->span, text);
    strbuf_add_format(out, "<br><span class=\"soft\">%s alert %lld, %s, ",
                      alert_kind_word(alert->kind), (long long)alert->id,
                      alert_state_word(entry->span.state));
    html_add_phrase(out, text);
    strbuf_add_text(out, "</span></li>\n");
}

static void alerts_add(struct strbuf *out, const struct period_report *report)
{
    if (report->alert_count == 0)
        return;
    section_begin(out, "Alerts");
    strbuf_add_text(out, "<ul class=\"list\">\n");
    size_t shown = period_alerts_shown(report);
    for (size_t i = 0; i < shown; i++)
        alert_add(out, report, &report->alerts[i]);
    if (shown < report->alert_count)
        strbuf_add_format(out, "<li class=\"soft\">and %zu more that were closed</li>\n",
                          report->alert_count - shown);
    strbuf_add_text(out, "</ul>\n</section>\n");
}

static void steps_add(struct strbuf *out, const struct period_report *report)
{
    bool first = true;
    for (size_t i = 0; i < report->row_count; i++) {
        const struct history_report *course = &report->rows[i].course;
        for (size_t k = 0; k < course->point_count; k++, first = false) {
            char text[PERIOD_TEXT_SIZE];
            if (first) {
                section_begin(out, "Steps");
                strbuf_add_text(out, "<ul class=\"list\">\n");
            }
            strbuf_add_text(out, "<li>");
            metric_add(out, report, &course->metric, &course->series);
            strbuf_add_char(out, ' ');
            period_step_format(&course->metric, &course->points[k], text);
            html_add_phrase(out, text);
            strbuf_add_text(out, "</li>\n");
        }
    }
    if (!first)
        strbuf_add_text(out, "</ul>\n</section>\n");
}

/* ---- a card a series ---- */

static void fact_add(struct strbuf *out, const char *term, const char *text)
{
    html_add_element(out, "dt", NULL, term);
    html_add_element(out, "dd", NULL, text);
}

static void facts_add(struct strbuf *out, const struct period_row *row)
{
    const char *unit = row->course.metric.unit;
    char text[PERIOD_TEXT_SIZE];
    strbuf_add_text(out, "<dl class=\"facts\">");
    period_interval_format(row, text);
    fact_add(out, "95 % interval of the change", text);
    unit_format(row->p95, unit, text);
    fact_add(out, "95th percentile", text);
    unit_format((double)row->values.n, "count", text);
    fact_add(out, "Measurements", text);
    period_baseline_format(row, text);
    fact_add(out, isfinite(row->course.baseline.centre) ? "Baseline, confidence" : "Baseline",
             text);
    if (!isnan(row->course.metric.target)) {
        unit_format(row->course.metric.target, unit, text);
        fact_add(out, "Target", text);
    }
    period_trend_format(row, text);
    fact_add(out, "Trend of 30 days", text);
    strbuf_add_text(out, "</dl>");
}

static void card_add(struct strbuf *out, const struct period_report *report,
                     const struct period_row *row)
{
    const char *word = period_change_word(row);
    char text[UNIT_TEXT_SIZE];
    strbuf_add_text(out, "<article class=\"card\"><header><h4>");
    metric_add(out, report, &row->course.metric, &row->course.series);
    strbuf_add_text(out, "</h4>");
    chip_add(out, change_tone(word), word);
    strbuf_add_text(out, "</header><p class=\"value\">");
    unit_format(row->values.median, row->course.metric.unit, text);
    html_add(out, text);
    strbuf_add_text(out, " <small>median");
    if (!isnan(row->change.percent)) {
        percent_format(row->change.percent, text);
        strbuf_add_text(out, ", ");
        html_add(out, text);
        unit_format(row->before.median, row->course.metric.unit, text);
        strbuf_add_text(out, ", ");
        html_add(out, text);
        strbuf_add_text(out, " before");
    }
    strbuf_add_text(out, "</small></p>");
    svg_chart_add(out, report, row);
    facts_add(out, row);
    strbuf_add_text(out, "</article>\n");
}

static void key_add(struct strbuf *out)
{
    static const char *const keys[][2] = {
        {"<path class=\"line\" d=\"M2 6H24\"/><circle class=\"dot\" cx=\"13\" cy=\"6\" r=\"3\"/>",
         "median"},
        {"<path class=\"reach\" stroke-width=\"8\" d=\"M6 6H20\"/>", "least to greatest"},
        {"<path class=\"band\" d=\"M1 1H25V11H1Z\"/><path class=\"centre\" d=\"M1 6H25\"/>",
         "baseline as it stands"},
        {"<path class=\"target\" d=\"M1 6H25\"/>", "target"},
        {"<path class=\"step\" d=\"M13 0V12\"/>", "step"}};
    strbuf_add_text(out, "<p class=\"key\">");
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        strbuf_add_format(
            out, "<span><svg viewBox=\"0 0 26 12\" aria-hidden=\"true\">%s</svg> %s</span>\n",
            keys[i][0], keys[i][1]);
    strbuf_add_text(out, "</p>\n");
}

static void cards_add(struct strbuf *out, const struct period_report *report)
{
    static const char *const groups[] = {"Core", "Secondary", "Custom"};
    section_begin(out, "Metrics");
    if (report->row_count == 0)
        strbuf_add_text(out,
                        "<p>Nothing was measured in this period, nor in the one before.</p>\n");
    else
        key_add(out);
    for (size_t i = 0; i < report->row_count; i++) {
        enum metric_category category = report->rows[i].course.metric.category;
        if (i == 0 || category != report->rows[i - 1].course.metric.category)
            strbuf_add_format(out, "%s<h3 class=\"group\">%s</h3>\n<div class=\"cards\">\n",
                              i > 0 ? "</div>\n" : "", groups[category]);
        card_add(out, report, &report->rows[i]);
    }
    strbuf_add_text(out, report->row_count > 0 ? "</div>\n</section>\n" : "</section>\n");
}

/* ---- the rest ---- */

static void slowest_add(struct strbuf *out, const struct period_report *report)
{
    static const char *const headings[] = {"Session",  "Started", "App", "Commit", "#Slower",
                                           "Worst in", "#Took",   "#By", NULL};
    const struct period_sessions *sessions = &report->sessions;
    if (sessions->slowest_count == 0)
        return;
    section_begin(out, "Slowest sessions");
    table_begin(out, "Slowest sessions", headings);
    for (size_t i = 0; i < sessions->slowest_count; i++) {
        const struct period_slow *slow = &sessions->slowest[i];
        const struct metric *metric = &report->rows[slow->row].course.metric;
        char text[CLOCK_TEXT_SIZE], commit[16];
        strbuf_add_format(out, "<tr><td><code>%.8s</code></td>", slow->session.id);
        html_add_element(out, "td", "time", text_short_time(slow->session.started_ns, text));
        html_add_element(out, "td", NULL, slow->session.app);
        strbuf_add_text(out, "<td>");
        html_add_element(out, "code", NULL, text_short_commit(slow->session.commit, commit));
        strbuf_add_text(out, "</td>");
        cell_percent(out, slow->percent);
        html_add_element(out, "td", NULL, metric_display_name(metric));
        cell_value(out, slow->value, metric->unit);
        cell_percent(out, slow->value_percent);
        strbuf_add_text(out, "</tr>\n");
    }
    table_end(out);
}

static void gaps_add(struct strbuf *out, const struct period_report *report)
{
    struct strbuf never;
    if (report->gap_count == 0)
        return;
    strbuf_init(&never);
    section_begin(out, "No data in this period");
    strbuf_add_text(out, "<ul class=\"list\">\n");
    for (size_t i = 0; i < report->gap_count; i++) {
        const struct period_gap *gap = &report->gaps[i];
        const char *name = metric_display_name(&gap->metric);
        char day[CLOCK_TEXT_SIZE];
        if (gap->last_ns == 0) {
            strbuf_add_text(&never, never.length > 0 ? ", " : "");
            strbuf_add_text(&never, name);
            continue;
        }
        strbuf_add_text(out, "<li>");
        html_add_element(out, "b", NULL, name);
        strbuf_add_format(out, " last measured on %s</li>\n", text_day(gap->last_ns, day));
    }
    if (never.length > 0) {
        strbuf_add_text(out, "<li><span class=\"soft\">never:</span> ");
        html_add(out, never.text);
        strbuf_add_text(out, "</li>\n");
    }
    strbuf_add_text(out, "</ul>\n</section>\n");
    strbuf_release(&never);
}

static void foot_add(struct strbuf *out, const struct period_report *report)
{
    char text[2 * PERIOD_TEXT_SIZE];
    strbuf_add_text(out, "\n<footer>\n");
    for (size_t i = 0; period_note(report, i, text) != NULL; i++)
        html_add_element(out, "p", NULL, text);
    strbuf_add_text(out,
                    "<p>A change is the Hodges–Lehmann shift between the measurements of the two "
                    "periods; it is called one when its 95 % interval excludes 0 and its size is "
                    "at least the metric’s warning threshold. Days are UTC. Written by tare.</p>\n"
                    "</footer>\n</main>\n</body>\n</html>\n");
}

void period_html(const void *any, const struct text_style *style, struct strbuf *out)
{
    (void)style;
    const struct period_report *report = any;
    head_add(out, report);
    overview_add(out, report);
    watched_add(out, report);
    alerts_add(out, report);
    steps_add(out, report);
    cards_add(out, report);
    slowest_add(out, report);
    gaps_add(out, report);
    foot_add(out, report);
}
