#include "present/health_reports.h"

#include "base/clock.h"
#include "model/catalogue.h"
#include "model/unit.h"
#include "present/text_cells.h"
#include "present/text_colour.h"
#include "present/text_safe.h"
#include "present/text_table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define STANDING_COLUMNS 20
#define SUBJECT_COLUMNS  11
#define NARROW           72

const char *health_how(enum health_subject subject)
{
    static const char *const how[HEALTH_SUBJECTS] = {
        [HEALTH_STARTS] =
            "Sessions that handed over and sessions found dead, of these and of sessions that "
            "found no room for a single sample, session files and stretches of the inbox that "
            "could not be read. A start that never reached the "
            "library leaves no trace and cannot be counted.",
        [HEALTH_CATALOGUE] = "Metrics of the catalogue with a measurement that counts: of the "
                             "core after 30 days, of all after 60.",
        [HEALTH_BASELINES] = "Series measured in these days whose standing baseline has medium "
                             "or high confidence: exact enough to see a change of the size that "
                             "is warned about.",
        [HEALTH_ALERTS] = "Alerts that opened in these days and that a person acknowledged, or "
                          "that were closed, within 7 days; those younger than that and still "
                          "open are left out.",
        [HEALTH_DROPS] = "Samples that were counted but not kept, of all samples.",
        [HEALTH_INBOX] = "How long the oldest hand-over has waited to be taken in, before this "
                         "command took it in.",
        [HEALTH_GROWTH] = "The store's size now against the size noted when these days began, "
                          "as a month of 30 days; at most 300 kB, or as much more as there are "
                          "more measurements than 31,500 a month."};
    return how[subject];
}

static const char *standing_words(enum health_standing standing)
{
    static const char *const words[] = {"cannot be known yet", "not met yet", "met"};
    return words[standing];
}

static enum severity standing_colour(enum health_standing standing)
{
    return standing == HEALTH_MET       ? SEVERITY_OK
           : standing == HEALTH_NOT_MET ? SEVERITY_WARNING
                                        : SEVERITY_INFO;
}

/* ---- a criterion's sentence ---- */

static void percent_add(struct strbuf *out, double percent)
{
    char text[UNIT_TEXT_SIZE];
    unit_format(percent, "%", text);
    strbuf_add_text(out, text);
}

static void goal_add(struct strbuf *out, const struct health_criterion *criterion,
                     const char *unit)
{
    char text[UNIT_TEXT_SIZE];
    unit_format(criterion->goal, unit, text);
    strbuf_add_format(out, ", %s %s", criterion->at_most ? "at most" : "at least", text);
}

static void hours_add(struct strbuf *out, const char *words, double hours)
{
    char text[UNIT_TEXT_SIZE];
    if (isnan(hours))
        return;
    unit_format(hours * 3.6e6, "ms", text);
    strbuf_add_format(out, ", %s after %s", words, text);
}

static void starts_add(struct strbuf *out, const struct health_window *window,
                       const struct health_criterion *criterion)
{
    const struct health_starts *starts = &window->starts;
    percent_add(out, criterion->value);
    goal_add(out, criterion, "%");
    strbuf_add_format(out, ": %zu handed over, %zu found dead, %zu lost", starts->handed_over,
                      starts->found_dead, starts->lost);
    if (window->rolled_up > 0)
        strbuf_add_text(out, "; sessions of rolled-up days are not counted");
}

static void catalogue_add(struct strbuf *out, const struct health_window *window,
                          const struct health_criterion *criterion)
{
    bool core_only = window->days <= 30, first = true;
    strbuf_add_format(out, "%zu of 21 have data, %zu of the 13 in the core; at least %.0f%s",
                      window->with_data, window->core_with_data, criterion->goal,
                      core_only ? " of the core" : "");
    for (size_t i = 0; i < CATALOGUE_COUNT; i++) {
        if (window->has_data[i] || (core_only && catalogue[i].category != CATEGORY_CORE))
            continue;
        strbuf_add_format(out, "%s %s", first ? "; without:" : ",", catalogue[i].id);
        first = false;
    }
}

static void alerts_add(struct strbuf *out, const struct health_window *window,
                       const struct health_criterion *criterion)
{
    const struct health_alerts *alerts = &window->alerts;
    percent_add(out, criterion->value);
    strbuf_add_text(out, " answered within 7 days");
    goal_add(out, criterion, "%");
    strbuf_add_format(out, ": %zu opened, %zu acknowledged, %zu closed, %zu late", alerts->opened,
                      alerts->acknowledged, alerts->closed, alerts->late);
    hours_add(out, "acknowledged", alerts->acknowledge_hours);
    hours_add(out, "closed", alerts->close_hours);
}

static void drops_add(struct strbuf *out, const struct health_window *window,
                      const struct health_criterion *criterion)
{
    char samples[UNIT_TEXT_SIZE];
    unit_format((double)(window->samples + window->dropped), "count", samples);
    percent_add(out, criterion->value);
    goal_add(out, criterion, "%");
    strbuf_add_format(out, ": %llu of %s samples, %llu kept as counts only",
                      (unsigned long long)window->dropped, samples,
                      (unsigned long long)window->condensed);
}

static void inbox_add(struct strbuf *out, const struct health_inbox *inbox,
                      const struct health_criterion *criterion)
{
    char text[UNIT_TEXT_SIZE];
    if (inbox->waiting_since_ns == 0) {
        strbuf_add_text(out, "nothing waited to be taken in");
    } else {
        unit_format((double)inbox->waiting_bytes / 1e6, "MB", text);
        strbuf_add_format(out, "%s waited for ", text);
        unit_format(criterion->value * 3.6e6, "ms", text);
        strbuf_add_text(out, text);
    }
    unit_format(criterion->goal * 3.6e6, "ms", text);
    strbuf_add_format(out, ", at most %s", text);
}

static void growth_add(struct strbuf *out, const struct health_criterion *criterion)
{
    char text[UNIT_TEXT_SIZE];
    unit_format(criterion->value / 1e6, "MB", text);
    strbuf_add_format(out, "%s a month", text);
    unit_format(criterion->goal / 1e6, "MB", text);
    strbuf_add_format(out, ", at most %s", text);
}

static void sentence_add(struct strbuf *out, const struct health_report *report,
                         const struct health_window *window,
                         const struct health_criterion *criterion)
{
    const struct health_baselines *baselines = &window->baselines;
    if (isnan(criterion->value)) {
        strbuf_add_text(out, criterion->why);
        return;
    }
    switch (criterion->subject) {
    case HEALTH_STARTS:
        starts_add(out, window, criterion);
        break;
    case HEALTH_CATALOGUE:
        catalogue_add(out, window, criterion);
        break;
    case HEALTH_BASELINES:
        percent_add(out, criterion->value);
        strbuf_add_text(out, " medium or high");
        goal_add(out, criterion, "%");
        strbuf_add_format(out, ": %zu high, %zu medium, %zu low, %zu learning", baselines->high,
                          baselines->medium, baselines->low, baselines->learning);
        break;
    case HEALTH_ALERTS:
        alerts_add(out, window, criterion);
        break;
    case HEALTH_DROPS:
        drops_add(out, window, criterion);
        break;
    case HEALTH_INBOX:
        inbox_add(out, &report->inbox, criterion);
        break;
    default:
        growth_add(out, criterion);
    }
}

/* ---- the whole ---- */

static void window_add(struct strbuf *out, const struct health_report *report,
                       const struct health_window *window, const struct text_style *style)
{
    bool narrow = style->width > 0 && style->width < NARROW; /* the sentence below its words */
    const size_t indent = narrow ? 4 : 2 + STANDING_COLUMNS + SUBJECT_COLUMNS;
    char day[CLOCK_TEXT_SIZE];
    struct strbuf text;
    strbuf_init(&text);
    strbuf_add_char(out, '\n');
    text_bold_begin(out, style);
    strbuf_add_format(out, "Last %u days", window->days);
    text_colour_end(out, style);
    strbuf_add_format(&text, ", since %s", text_day(window->since_ns, day));
    if (!(window->history_days > 0))
        strbuf_add_text(&text, "; nothing is known of them");
    else if (window->history_days + 1 < window->days)
        strbuf_add_format(&text, "; of them known: %.0f", ceil(window->history_days));
    text_add_wrapped(out, text.text, strlen("Last 30 days"), 2, style->width);
    strbuf_add_char(out, '\n');
    for (size_t i = 0; i < HEALTH_SUBJECTS; i++) {
        const struct health_criterion *criterion = &window->criteria[i];
        strbuf_clear(&text);
        sentence_add(&text, report, window, criterion);
        strbuf_add_text(out, "  ");
        text_colour_begin(out, style, standing_colour(criterion->standing));
        text_add_padded(out, standing_words(criterion->standing), STANDING_COLUMNS);
        text_colour_end(out, style);
        if (narrow)
            strbuf_add_format(out, "%s\n    ", health_subject_word(criterion->subject));
        else
            text_add_padded(out, health_subject_word(criterion->subject), SUBJECT_COLUMNS);
        text_add_wrapped(out, text.text, indent, indent, style->width);
        strbuf_add_char(out, '\n');
    }
    strbuf_release(&text);
}

/* "  label   text", and an empty text for the next. */
static void line_add(struct strbuf *out, const char *label, struct strbuf *text,
                     const struct text_style *style)
{
    strbuf_add_text(out, "  ");
    text_add_padded(out, label, SUBJECT_COLUMNS);
    text_add_wrapped(out, text->text, SUBJECT_COLUMNS + 2, SUBJECT_COLUMNS + 2, style->width);
    strbuf_add_char(out, '\n');
    strbuf_clear(text);
}

static void overview_add(struct strbuf *out, const struct health_report *report,
                         const struct text_style *style)
{
    char size[UNIT_TEXT_SIZE], day[CLOCK_TEXT_SIZE];
    const struct health_inbox *inbox = &report->inbox;
    struct strbuf text;
    text_bold_begin(out, style);
    text_add_safe(out, report->app != NULL ? report->app : "all apps");
    text_colour_end(out, style);
    strbuf_add_text(out, "  health of tare itself\n");
    strbuf_init(&text);
    unit_format((double)report->size_bytes / 1e6, "MB", size);
    strbuf_add_format(&text, "%s, ", size);
    if (report->first_ns == 0)
        strbuf_add_text(&text, "nothing measured yet");
    else
        strbuf_add_format(&text, "measured since %s", text_day(report->first_ns, day));
    line_add(out, "store", &text, style);
    strbuf_add_format(&text, "%zu running", inbox->running);
    if (inbox->untaken > 0)
        strbuf_add_format(&text, ", %zu could not be taken up", inbox->untaken);
    if (inbox->unreadable > 0)
        strbuf_add_format(&text, ", %zu files could not be read", inbox->unreadable);
    line_add(out, "sessions", &text, style);
    if (inbox->roomless > 0) {
        strbuf_add_format(&text,
                          "%llu samples found no room to be kept, the last on %s: counted below, "
                          "and in the store once its inbox has room",
                          (unsigned long long)inbox->roomless, text_day(inbox->roomless_ns, day));
        line_add(out, "lost", &text, style);
    }
    if (inbox->damaged_bytes > 0) {
        strbuf_add_format(&text, "%lld damaged bytes were set aside on %s",
                          (long long)inbox->damaged_bytes, text_day(inbox->damaged_ns, day));
        line_add(out, "inbox", &text, style);
    }
    strbuf_release(&text);
}

static void series_add(struct strbuf *out, const struct health_report *report,
                       const struct text_style *style)
{
    static const struct text_column columns[] = {
        {"METRIC", false, true, 0}, {"CONFIDENCE", false, false, 0}, {"N", true, false, 0},
        {"STATE", false, false, 0}, {"APP", false, true, 4},         {"TEMP", false, false, 3},
        {"LABELS", false, true, 2}, {"ENVIRONMENT", false, true, 1}};
    if (report->series_count == 0)
        return;
    strbuf_add_char(out, '\n');
    text_bold_begin(out, style);
    strbuf_add_text(out, "Baselines");
    text_colour_end(out, style);
    strbuf_add_char(out, '\n');
    struct text_table *table = text_table_new(columns, 8, style);
    for (size_t i = 0; i < report->series_count; i++) {
        const struct health_series *row = &report->series[i];
        bool learning = !isfinite(row->baseline.centre);
        char text[64];
        text_table_row(table);
        text_table_cell(table, 0, row->series.metric_id);
        snprintf(text, sizeof text, "%s %.2f", baseline_confidence_label(&row->baseline),
                 row->baseline.confidence);
        text_table_cell(table, 1, learning ? "–" : text);
        text_cell_count(table, 2, row->baseline.n);
        text_table_cell(table, 3, baseline_state_word(row->baseline.state));
        text_table_cell(table, 4, row->series.app);
        text_table_cell(table, 5, temperature_word(row->series.temperature));
        text_table_cell(table, 6, row->series.labels);
        text_table_cell(table, 7, row->series.environment);
    }
    text_table_finish(table, out);
}

static void how_add(struct strbuf *out, const struct text_style *style)
{
    strbuf_add_char(out, '\n');
    text_bold_begin(out, style);
    strbuf_add_text(out, "How it is computed");
    text_colour_end(out, style);
    strbuf_add_char(out, '\n');
    for (int subject = 0; subject < HEALTH_SUBJECTS; subject++) {
        strbuf_add_text(out, "  ");
        text_add_padded(out, health_subject_word((enum health_subject)subject), SUBJECT_COLUMNS);
        text_add_wrapped(out, health_how((enum health_subject)subject), SUBJECT_COLUMNS + 2,
                         SUBJECT_COLUMNS + 2, style->width);
        strbuf_add_char(out, '\n');
    }
}

void health_text(const void *any, const struct text_style *style, struct strbuf *out)
{
    const struct health_report *report = any;
    overview_add(out, report, style);
    for (size_t i = 0; i < HEALTH_WINDOWS; i++)
        window_add(out, report, &report->windows[i], style);
    series_add(out, report, style);
    how_add(out, style);
}
