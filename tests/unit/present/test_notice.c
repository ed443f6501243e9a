#include "model/notice.h"

#include "base/clock.h"
#include "present/notice_json.h"
#include "present/notice_logfmt.h"
#include "present/notice_text.h"
#include "present/notice_variables.h"
#include "present/renderer.h"
#include "suite.h"

#include <jansson.h>
#include <stdio.h>

struct bench {
    struct alert_row row;
    struct alert_event event;
    struct notice notice;
    struct strbuf out;
};

static void bench_init(struct bench *bench)
{
    *bench = (struct bench){0};
    bench->row.alert = (struct alert){.id = 3,
                                      .kind = ALERT_BASELINE,
                                      .severity = SEVERITY_ERROR,
                                      .current_value = 151,
                                      .expected_value = 100,
                                      .deviation_percent = 51,
                                      .triggered_ns = CLOCK_NS_PER_SECOND,
                                      .good_commit = "aaaaaaaaaa",
                                      .bad_commit = "bbbbbbbbbb",
                                      .reason = "why it opened"};
    metric_init(&bench->row.metric);
    bench->row.metric.id = (char *)"build";
    bench->row.metric.name = (char *)"Build time";
    bench->row.metric.unit = (char *)"ms";
    bench->row.series = (struct series){.id = 7,
                                        .metric_id = (char *)"build",
                                        .app = (char *)"shop",
                                        .environment = (char *)"box",
                                        .labels = (char *)""};
    bench->event = (struct alert_event){.id = 9,
                                        .alert_id = 3,
                                        .time_ns = 1700000000 * CLOCK_NS_PER_SECOND,
                                        .action = ALERT_ACTION_OPENED,
                                        .severity = SEVERITY_ERROR,
                                        .value = 151,
                                        .measurement_id = 5,
                                        .notify = true,
                                        .who = "tare",
                                        .note = "151 ms is too much"};
    bench->notice = (struct notice){.row = &bench->row, .event = &bench->event, .key = "k-1"};
    strbuf_init(&bench->out);
}

static void sentence_is(struct bench *bench, const char *expected)
{
    strbuf_clear(&bench->out);
    notice_sentence(&bench->notice, &bench->out);
    assert_string_equal(bench->out.text, expected);
}

TEST(notice__sentence_says_what_where_and_since_when)
{
    struct bench bench;
    bench_init(&bench);
    sentence_is(&bench, "alert 3 opened: error: Build time: 151 ms is too much, between aaaaaaa "
                        "and bbbbbbb");
    bench.row.alert.good_commit[0] = '\0';
    sentence_is(&bench, "alert 3 opened: error: Build time: 151 ms is too much, since bbbbbbb");
    bench.event.action = ALERT_ACTION_RESOLVED;
    sentence_is(&bench, "alert 3 resolved: Build time: 151 ms is too much");
    bench.event.measurement_id = 0;
    snprintf(bench.event.who, sizeof bench.event.who, "ann");
    bench.event.note[0] = '\0';
    sentence_is(&bench, "alert 3 resolved by ann: Build time");
    strbuf_release(&bench.out);
}

TEST(notice__sentence_is_one_safe_line)
{
    struct bench bench;
    bench_init(&bench);
    bench.row.metric.name = (char *)"a\x1b[31m\nb";
    snprintf(bench.event.note, sizeof bench.event.note, "\xe2\x80\xae");
    notice_sentence(&bench.notice, &bench.out);
    assert_non_null(strstr(bench.out.text, "a\\x1b[31m\\x0ab: \\u{202e}"));
    strbuf_release(&bench.out);
}

TEST(notice__every_format_of_a_sink_has_a_renderer)
{
    const char *const formats[] = {"text", "logfmt", "tare", "slack"};
    for (size_t i = 0; i < 4; i++)
        assert_non_null(renderer_find(notice_renderers, formats[i]));
}

TEST(notice__logfmt_is_one_line_of_pairs)
{
    struct bench bench;
    bench_init(&bench);
    notice_logfmt(&bench.notice, NULL, &bench.out);
    assert_string_equal(
        bench.out.text,
        "time=2023-11-14T22:13:20Z level=error event=opened alert=3 severity=error "
        "kind=baseline state=open app=shop metric=build name=\"Build time\" "
        "value=151 expected=100 unit=ms deviation_percent=51 environment=box "
        "good_commit=aaaaaaaaaa bad_commit=bbbbbbbbbb who=tare "
        "reason=\"151 ms is too much\" key=k-1\n");
    strbuf_clear(&bench.out);
    bench.event.action = ALERT_ACTION_RESOLVED;
    bench.event.value = NAN;
    notice_logfmt(&bench.notice, NULL, &bench.out);
    assert_non_null(strstr(bench.out.text, " level=info event=resolved "));
    assert_null(strstr(bench.out.text, " value="));
    strbuf_release(&bench.out);
}

static void logfmt_is(const char *value, const char *expected)
{
    struct strbuf out;
    strbuf_init(&out);
    logfmt_add(&out, "k", value);
    assert_string_equal(out.text, expected);
    strbuf_release(&out);
}

TEST(notice__logfmt_quotes_what_is_not_plain)
{
    logfmt_is("plain-1.5_%/", "k=plain-1.5_%/");
    logfmt_is("", "");
    logfmt_is(NULL, "");
    logfmt_is("two words", "k=\"two words\"");
    logfmt_is("a=b", "k=\"a=b\"");
    logfmt_is("say \"x\"", "k=\"say \\\"x\\\"\"");
    logfmt_is("back\\slash", "k=\"back\\\\slash\"");
    logfmt_is("a\nb\tc\rd", "k=\"a\\nb\\tc\\u000dd\"");
    logfmt_is("\x1b[31m", "k=\"\\u001b[31m\"");
    logfmt_is("\xc2\x9b", "k=\"\\u009b\"");
    logfmt_is("\xe2\x80\xae", "k=\"\\u202e\"");
    logfmt_is("é ✓", "k=\"é ✓\"");
    logfmt_is("\xff\xc3", "k=\"\\ufffd\\ufffd\"");
}

static json_t *rendered(struct bench *bench, render_fn render)
{
    strbuf_clear(&bench->out);
    render(&bench->notice, NULL, &bench->out);
    json_t *value = json_loads(bench->out.text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(value);
    assert_ptr_equal(strchr(bench->out.text, '\n'), bench->out.text + bench->out.length - 1);
    return value;
}

static const char *text_of(json_t *value, const char *key)
{
    return json_string_value(json_object_get(value, key));
}

TEST(notice__json_holds_event_metric_and_alert)
{
    struct bench bench;
    bench_init(&bench);
    json_t *value = rendered(&bench, notice_json);
    assert_string_equal(text_of(value, "key"), "k-1");
    assert_string_equal(text_of(value, "event"), "opened");
    assert_string_equal(text_of(value, "severity"), "error");
    assert_string_equal(text_of(value, "time"), "2023-11-14T22:13:20Z");
    assert_int_equal(json_integer_value(json_object_get(value, "series")), 7);
    assert_string_equal(text_of(json_object_get(value, "metric"), "id"), "build");
    assert_int_equal(json_integer_value(json_object_get(json_object_get(value, "alert"), "id")),
                     3);
    assert_true(json_is_false(json_object_get(value, "test")));
    json_decref(value);
    strbuf_release(&bench.out);
}

TEST(notice__slack_names_are_text)
{
    struct bench bench;
    bench_init(&bench);
    bench.row.metric.name = (char *)"<!channel> & <http://x|y>";
    bench.row.metric.id = (char *)"a>b";
    json_t *value = rendered(&bench, notice_slack);
    assert_non_null(strstr(text_of(value, "text"),
                           "error: &lt;!channel&gt; &amp; &lt;http://x|y&gt;: 151 ms"));
    json_t *attachment = json_array_get(json_object_get(value, "attachments"), 0);
    assert_string_equal(text_of(attachment, "color"), "danger");
    assert_null(strpbrk(text_of(attachment, "fallback"), "<>"));
    size_t index;
    json_t *field;
    bool found = false;
    json_array_foreach(json_object_get(attachment, "fields"), index, field)
        found = found || strcmp(text_of(field, "value"), "a&gt;b") == 0;
    assert_true(found);
    json_decref(value);
    bench.event.action = ALERT_ACTION_RESOLVED;
    value = rendered(&bench, notice_slack);
    attachment = json_array_get(json_object_get(value, "attachments"), 0);
    assert_string_equal(text_of(attachment, "color"), "good");
    json_decref(value);
    strbuf_release(&bench.out);
}

TEST(notice__variables_end_with_null_and_are_empty_where_unknown)
{
    struct bench bench;
    char **variables = NULL;
    bool metric = false, labels = false, expected = false;
    bench_init(&bench);
    bench.row.alert.expected_value = NAN;
    assert_true(notice_variables(&bench.notice, &variables));
    for (char **at = variables; *at != NULL; at++) {
        assert_int_equal(strncmp(*at, "TARE_ALERT_", 11), 0);
        metric = metric || strcmp(*at, "TARE_ALERT_METRIC=build") == 0;
        labels = labels || strcmp(*at, "TARE_ALERT_LABELS=") == 0;
        expected = expected || strcmp(*at, "TARE_ALERT_EXPECTED=") == 0;
    }
    assert_true(metric && labels && expected);
    notice_variables_free(variables);
    strbuf_release(&bench.out);
}
