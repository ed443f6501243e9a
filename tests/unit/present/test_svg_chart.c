#include "present/svg_chart.h"

#include "base/clock.h"
#include "suite.h"

/* A report of as many days as there are medians; NaN: a gap. */
static void chart_of(struct strbuf *out, const double *medians, size_t count, double target)
{
    struct period_slot slots[16] = {0};
    struct period_report report;
    period_report_init(&report);
    report.days = (uint32_t)count;
    report.until_ns = (int64_t)count * CLOCK_NS_PER_DAY;
    struct period_row *row = period_row_add(&report);
    assert_non_null(row);
    assert_int_equal(metric_name(&row->course.metric, "a<b", NULL, "ms", NULL), TARE_OK);
    row->course.metric.target = target;
    for (size_t i = 0; i < count; i++)
        slots[i] = (struct period_slot){(int64_t)i * CLOCK_NS_PER_DAY,
                                        (uint64_t)(isnan(medians[i]) ? 0 : 1), medians[i],
                                        medians[i], medians[i]};
    row->slots = slots;
    row->slot_count = count;
    strbuf_init(out);
    svg_chart_add(out, &report, row);
    row->slots = NULL;
    period_report_release(&report);
}

#define CHART(out, target, ...)                                                                   \
    chart_of(out, (const double[]){__VA_ARGS__},                                                  \
             sizeof((const double[]){__VA_ARGS__}) / sizeof(double), (target))

static size_t times(const char *text, const char *part)
{
    size_t found = 0;
    while ((text = strstr(text, part)) != NULL) {
        found++;
        text += strlen(part);
    }
    return found;
}

/* The letters of the line's path: M begins anew, L joins. */
static void letters(const struct strbuf *out, char *into)
{
    const char *at = strstr(out->text, "class=\"line\" d=\"");
    assert_non_null(at);
    for (at += strlen("class=\"line\" d=\""); *at != '"'; at++)
        if (*at == 'M' || *at == 'L')
            *into++ = *at;
    *into = '\0';
}

TEST(svg_chart__gaps_are_gaps)
{
    struct strbuf out;
    char path[32];
    CHART(&out, NAN, 1, 2, NAN, 3, NAN, NAN, 4, 5, 6);
    letters(&out, path);
    assert_string_equal(path, "MLMMLL");
    assert_int_equal(times(out.text, "<circle"), 6);
    strbuf_release(&out);
}

TEST(svg_chart__its_places_are_where_the_values_are)
{
    /* Two days, 10 and 20: the scale leaves 6 % of the reach free on both sides. */
    struct strbuf out;
    CHART(&out, NAN, 10, 20);
    assert_non_null(strstr(out.text, "d=\"M103.0 107.1L297.0 24.9\""));
    strbuf_release(&out);
}

TEST(svg_chart__a_target_far_off_does_not_flatten_it)
{
    struct strbuf out;
    CHART(&out, 12, 10, 11, 10, 11);
    assert_int_equal(times(out.text, "class=\"target\""), 1);
    strbuf_release(&out);
    CHART(&out, 1000, 10, 11, 10, 11);
    assert_int_equal(times(out.text, "class=\"target\""), 0);
    strbuf_release(&out);
}

TEST(svg_chart__a_constant_is_a_line_in_the_middle)
{
    struct strbuf out;
    CHART(&out, NAN, 0, 0, 0);
    assert_null(strstr(out.text, "nan"));
    assert_null(strstr(out.text, "inf"));
    assert_non_null(strstr(out.text, "class=\"line\""));
    strbuf_release(&out);
}

TEST(svg_chart__nothing_draws_nothing)
{
    struct strbuf out;
    CHART(&out, 5, NAN, NAN);
    assert_string_equal(out.text, "");
    strbuf_release(&out);
}

TEST(svg_chart__its_name_is_text)
{
    struct strbuf out;
    CHART(&out, NAN, 1, 2);
    assert_non_null(strstr(out.text, "aria-label=\"a&lt;b over time"));
    strbuf_release(&out);
}
