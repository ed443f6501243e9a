#include "present/period_reports.h"

#include "base/clock.h"
#include "model/period.h"
#include "present/csv_cells.h"

static void head_add(struct strbuf *out)
{
    static const char *const columns[] = {"metric_id",
                                          "name",
                                          "unit",
                                          "better",
                                          "category",
                                          "app",
                                          "environment",
                                          "labels",
                                          "temperature",
                                          "since",
                                          "until",
                                          "n",
                                          "min",
                                          "median",
                                          "p95",
                                          "max",
                                          "mean",
                                          "samples",
                                          "failed",
                                          "before_n",
                                          "before_median",
                                          "before_p95",
                                          "change_percent",
                                          "low_percent",
                                          "high_percent",
                                          "p",
                                          "verdict",
                                          "reason",
                                          "target",
                                          "baseline",
                                          "spread",
                                          "confidence",
                                          "confidence_label",
                                          "trend",
                                          "trend_percent",
                                          "alerts_opened",
                                          "alerts_closed",
                                          "alerts_open",
                                          "watch",
                                          "over_target_since",
                                          "peak",
                                          "peak_at",
                                          "rolled_up_days"};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        csv_add_text(out, columns[i], i == 0);
    csv_end_line(out);
}

static void names_add(struct strbuf *out, const struct period_report *report,
                      const struct history_report *course)
{
    const struct metric *metric = &course->metric;
    csv_add_text(out, metric->id, true);
    csv_add_text(out, metric_display_name(metric), false);
    csv_add_text(out, metric->unit, false);
    csv_add_text(out, better_word(metric->better), false);
    csv_add_text(out, category_word(metric->category), false);
    csv_add_text(out, course->series.app, false);
    csv_add_text(out, course->series.environment, false);
    csv_add_text(out, course->series.labels, false);
    csv_add_text(out, temperature_word(course->series.temperature), false);
    csv_add_time(out, report->since_ns);
    csv_add_time(out, report->until_ns);
}

static void numbers_add(struct strbuf *out, const struct period_row *row)
{
    const struct period_change *change = &row->change;
    csv_add_count(out, row->values.n);
    csv_add_number(out, row->values.min);
    csv_add_number(out, row->values.median);
    csv_add_number(out, row->p95);
    csv_add_number(out, row->values.max);
    csv_add_number(out, row->values.mean);
    csv_add_count(out, row->observations.n);
    csv_add_count(out, row->failed);
    csv_add_count(out, row->before.n);
    csv_add_number(out, row->before.median);
    csv_add_number(out, row->before.p95);
    csv_add_number(out, change->percent);
    csv_add_number(out, change->low_percent);
    csv_add_number(out, change->high_percent);
    csv_add_number(out, change->p);
    csv_add_text(out, change->word, false);
    csv_add_text(out, change->reason, false);
}

static void standing_add(struct strbuf *out, const struct period_row *row)
{
    const struct baseline *baseline = &row->course.baseline;
    const struct watch *watch = &row->watch;
    csv_add_number(out, row->course.metric.target);
    csv_add_number(out, baseline->centre);
    csv_add_number(out, baseline->spread);
    csv_add_number(out, baseline->confidence);
    csv_add_text(out, baseline_confidence_label(baseline), false);
    csv_add_text(out, trend_direction_word(row->course.trend.direction), false);
    csv_add_number(out, row->course.trend.change_percent);
    csv_add_count(out, row->alerts_opened);
    csv_add_count(out, row->alerts_resolved);
    csv_add_count(out, row->alerts_live);
    csv_add_text(out, watch->state != WATCH_NONE ? watch_state_word(watch->state) : "", false);
    csv_add_time(out, watch->since_ns);
    if (watch->state != WATCH_NONE)
        csv_add_number(out, watch->peak);
    else
        csv_add_text(out, "", false);
    csv_add_time(out, watch->peak_ns);
    csv_add_count(out, row->rolled_up);
}

void period_csv(const void *any, const struct text_style *style, struct strbuf *out)
{
    (void)style;
    const struct period_report *report = any;
    head_add(out);
    for (size_t i = 0; i < report->row_count; i++) {
        const struct period_row *row = &report->rows[i];
        names_add(out, report, &row->course);
        numbers_add(out, row);
        standing_add(out, row);
        csv_end_line(out);
    }
}
