#include "present/svg_chart.h"

#include "model/unit.h"
#include "present/html_safe.h"
#include "present/text_cells.h"

#include <math.h>

#define WIDTH  400.0
#define LEFT   6.0
#define RIGHT  394.0
#define TOP    20.0
#define BOTTOM 112.0
#define FOOT   134.0

/* Where times and values stand. */
struct frame {
    int64_t from_ns, to_ns;
    double low, high;
};

static double x_of(const struct frame *frame, int64_t time_ns)
{
    double part = (double)(time_ns - frame->from_ns) / (double)(frame->to_ns - frame->from_ns);
    return LEFT + (RIGHT - LEFT) * part;
}

static double y_of(const struct frame *frame, double value)
{
    double part = (value - frame->low) / (frame->high - frame->low);
    return BOTTOM - (BOTTOM - TOP) * fmin(fmax(part, 0), 1);
}

static void reach_widen(struct frame *frame, double value, double low, double high)
{
    if (!isfinite(value))
        return;
    frame->low = fmin(frame->low, fmax(value, low));
    frame->high = fmax(frame->high, fmin(value, high));
}

/* The medians set the scale; what goes further may take as much again on either side. */
static bool frame_of(const struct period_report *report, const struct period_row *row,
                     struct frame *frame)
{
    const struct baseline *baseline = &row->course.baseline;
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < row->slot_count; i++) {
        low = fmin(low, row->slots[i].n > 0 ? row->slots[i].median : INFINITY);
        high = fmax(high, row->slots[i].n > 0 ? row->slots[i].median : -INFINITY);
    }
    if (low > high)
        return false;
    *frame = (struct frame){report->since_ns, report->until_ns, low, high};
    double span = fmax(high - low, fmax(fabs(high), fabs(low)) * 0.05);
    span = span > 0 ? span : 1;
    for (size_t i = 0; i < row->slot_count; i++) {
        reach_widen(frame, row->slots[i].min, low - span, high + span);
        reach_widen(frame, row->slots[i].max, low - span, high + span);
    }
    reach_widen(frame, baseline->centre - baseline->spread, low - span, high + span);
    reach_widen(frame, baseline->centre + baseline->spread, low - span, high + span);
    double target = row->course.metric.target;
    if (target >= frame->low - span && target <= frame->high + span)
        reach_widen(frame, target, target, target);
    double air = fmax(frame->high - frame->low, span) * 0.06;
    frame->low -= air;
    frame->high += air;
    return true;
}

static void level_add(struct strbuf *out, const char *class, double y)
{
    strbuf_add_format(out, "<path class=\"%s\" d=\"M%.1f %.1fH%.1f\"/>", class, LEFT, y, RIGHT);
}

static void text_add(struct strbuf *out, double x, double y, const char *anchor, const char *class,
                     const char *text)
{
    strbuf_add_format(out, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", class,
                      x, y, anchor);
    html_add(out, text);
    strbuf_add_text(out, "</text>");
}

static void expected_add(struct strbuf *out, const struct frame *frame,
                         const struct period_row *row)
{
    const struct baseline *baseline = &row->course.baseline;
    if (!isfinite(baseline->centre))
        return;
    double top = y_of(frame, baseline->centre + baseline->spread);
    double bottom = y_of(frame, baseline->centre - baseline->spread);
    if (baseline->centre + baseline->spread < frame->low ||
        baseline->centre - baseline->spread > frame->high)
        return;
    strbuf_add_format(out,
                      "<rect class=\"band\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
                      "height=\"%.1f\"/>",
                      LEFT, top, RIGHT - LEFT, fmax(bottom - top, 1));
    level_add(out, "centre", y_of(frame, baseline->centre));
}

static void target_add(struct strbuf *out, const struct frame *frame, const struct period_row *row)
{
    const struct metric *metric = &row->course.metric;
    char text[UNIT_TEXT_SIZE];
    if (!(metric->target >= frame->low && metric->target <= frame->high))
        return;
    unit_format(metric->target, metric->unit, text);
    level_add(out, "target", y_of(frame, metric->target));
    struct strbuf label;
    strbuf_init(&label);
    strbuf_add_format(&label, "target %s", text);
    text_add(out, RIGHT, TOP - 7, "end", "aim", label.text); /* nothing else stands there */
    strbuf_release(&label);
}

static void steps_add(struct strbuf *out, const struct frame *frame, const struct period_row *row)
{
    for (size_t i = 0; i < row->course.point_count; i++)
        strbuf_add_format(out, "<path class=\"step\" d=\"M%.1f %.1fV%.1f\"/>",
                          x_of(frame, row->course.points[i].time_ns), TOP, BOTTOM);
}

/* The middle of a slot. */
static double slot_x(const struct period_row *row, size_t slot)
{
    return LEFT + (RIGHT - LEFT) * ((double)slot + 0.5) / (double)row->slot_count;
}

static void marks_add(struct strbuf *out, const struct frame *frame, const struct period_row *row)
{
    double room = (RIGHT - LEFT) / (double)row->slot_count;
    double bar = fmin(fmax(room * 0.55, 2), 9), dot = fmin(fmax(room * 0.3, 1.6), 3.4);
    strbuf_add_format(out, "<path class=\"reach\" stroke-width=\"%.1f\" d=\"", bar);
    for (size_t i = 0; i < row->slot_count; i++)
        if (row->slots[i].n > 0)
            strbuf_add_format(out, "M%.1f %.1fV%.1f", slot_x(row, i),
                              y_of(frame, row->slots[i].min), y_of(frame, row->slots[i].max));
    strbuf_add_text(out, "\"/><path class=\"line\" d=\"");
    for (size_t i = 0; i < row->slot_count; i++) {
        bool joined = i > 0 && row->slots[i - 1].n > 0; /* a gap is a gap */
        if (row->slots[i].n > 0)
            strbuf_add_format(out, "%c%.1f %.1f", joined ? 'L' : 'M', slot_x(row, i),
                              y_of(frame, row->slots[i].median));
    }
    strbuf_add_text(out, "\"/>");
    for (size_t i = 0; i < row->slot_count; i++)
        if (row->slots[i].n > 0)
            strbuf_add_format(out, "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>",
                              slot_x(row, i), y_of(frame, row->slots[i].median), dot);
}

static void labels_add(struct strbuf *out, const struct frame *frame, const char *unit)
{
    char text[UNIT_TEXT_SIZE], day[CLOCK_TEXT_SIZE];
    unit_format(frame->high, unit, text);
    text_add(out, LEFT, TOP - 7, "start", "scale", text);
    unit_format(fabs(frame->low) < 1e-9 * fabs(frame->high) ? 0 : frame->low, unit, text);
    text_add(out, LEFT, BOTTOM + 13, "start", "scale", text);
    text_add(out, LEFT, FOOT + 10, "start", "scale", text_day(frame->from_ns, day));
    if (frame->to_ns - frame->from_ns > CLOCK_NS_PER_DAY)
        text_add(out, RIGHT, FOOT + 10, "end", "scale", text_day(frame->to_ns - 1, day));
}

static void name_add(struct strbuf *out, const struct period_row *row)
{
    char least[UNIT_TEXT_SIZE], greatest[UNIT_TEXT_SIZE];
    unit_format(row->values.min, row->course.metric.unit, least);
    unit_format(row->values.max, row->course.metric.unit, greatest);
    strbuf_add_format(out, "<svg viewBox=\"0 0 %.0f 146\" role=\"img\" aria-label=\"", WIDTH);
    html_add(out, metric_display_name(&row->course.metric));
    strbuf_add_text(out, " over time, between ");
    html_add(out, least);
    strbuf_add_text(out, " and ");
    html_add(out, greatest);
    strbuf_add_text(out, "\">");
}

void svg_chart_add(struct strbuf *out, const struct period_report *report,
                   const struct period_row *row)
{
    struct frame frame;
    if (!frame_of(report, row, &frame))
        return;
    name_add(out, row);
    expected_add(out, &frame, row);
    level_add(out, "axis", BOTTOM);
    steps_add(out, &frame, row);
    marks_add(out, &frame, row);
    target_add(out, &frame, row);
    labels_add(out, &frame, row->course.metric.unit);
    strbuf_add_text(out, "</svg>");
}
