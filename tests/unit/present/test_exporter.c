#include "present/exporter.h"
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>

#define NOON_NS (INT64_C(1767268800) * 1000000000) /* 2026-01-01T12:00:00Z */

/* Two series of "m" and one of "=n"; the second belongs to another app of the same session. */
struct scene {
    struct metric metrics[2];
    struct series series[3];
    struct session session;
    struct exporter exporter;
    struct strbuf out;
};

static struct series a_series(const char *metric, const char *app, const char *labels)
{
    return (struct series){.metric_id = (char *)metric,
                           .app = (char *)app,
                           .environment = (char *)"lab",
                           .labels = (char *)labels};
}

static void scene_begin(struct scene *scene, const char *format)
{
    struct tare_error error;
    *scene = (struct scene){0};
    metric_init(&scene->metrics[0]);
    metric_init(&scene->metrics[1]);
    assert_int_equal(metric_name(&scene->metrics[0], "m", "The \"M\"", "ms", &error), TARE_OK);
    assert_int_equal(metric_name(&scene->metrics[1], "=n,1", NULL, "count", &error), TARE_OK);
    scene->metrics[0].aggregate = AGGREGATE_P95;
    scene->metrics[0].target = 0.1;
    scene->metrics[1].better = TARE_EXACT;
    scene->series[0] = a_series("m", "shop", "");
    scene->series[1] = a_series("m", "-till", "k=v,l=\\,");
    scene->series[2] = a_series("=n,1", "shop", "");
    session_init(&scene->session);
    snprintf(scene->session.id, sizeof scene->session.id, "aaaaaaaa-0000-4000-8000-000000000001");
    scene->session.app = (char *)"shop";
    scene->session.labels = (char *)"";
    scene->session.branch = (char *)"a \"b\"\x1b";
    scene->session.environment.key = (char *)"lab";
    scene->session.environment.cores = 2;
    scene->session.started_ns = NOON_NS;
    assert_int_equal(exporter_init(&scene->exporter, export_format_find(format), 3, &error),
                     TARE_OK);
    for (size_t i = 0; i < 3; i++) {
        scene->exporter.series[i].series = &scene->series[i];
        scene->exporter.series[i].metric = &scene->metrics[i / 2];
    }
    strbuf_init(&scene->out);
    scene->exporter.format->begin(&scene->exporter, &scene->out);
}

static void scene_end(struct scene *scene, const char *expected)
{
    scene->exporter.format->end(&scene->exporter, &scene->out);
    assert_false(scene->out.failed || exporter_failed(&scene->exporter));
    assert_string_equal(scene->out.text, expected);
    strbuf_release(&scene->out);
    exporter_release(&scene->exporter);
    metric_release(&scene->metrics[0]);
    metric_release(&scene->metrics[1]);
}

static struct measurement a_measurement(double value)
{
    return (struct measurement){.time_ns = NOON_NS + 1500000000,
                                .window_start_ns = NOON_NS,
                                .n = 3,
                                .value = value,
                                .min = value / 2,
                                .max = value,
                                .mean = 1.0 / 3,
                                .p50 = value,
                                .p95 = NAN,
                                .p99 = 1e300,
                                .final = true};
}

/* A session with a measurement of each series, the last one odd; and one without any. */
static void tell(struct scene *scene)
{
    const struct export_format *format = scene->exporter.format;
    struct sample samples[] = {{NOON_NS + 1, 0.5}, {NOON_NS + 1500000000, 7}};
    struct histogram_bucket buckets[] = {{-5, 1}, {65000, 12}};
    const struct batch_part kept = {
        .samples = samples, .sample_count = 2, .buckets = buckets, .bucket_count = 2, .n = 15};
    struct measurement one = a_measurement(0.1), odd = a_measurement(-7);
    odd.excluded = true;
    odd.failed = 2;
    odd.window_start_ns++;
    format->session(&scene->exporter, &scene->session, 3, &scene->out);
    format->measurement(&scene->exporter, 0, &one, format->samples ? &kept : NULL, &scene->out);
    format->measurement(&scene->exporter, 1, &one, NULL, &scene->out);
    format->measurement(&scene->exporter, 2, &odd, NULL, &scene->out);
    format->session_end(&scene->exporter, &scene->out);
    scene->session.id[0] = 'b';
    scene->session.ended_ns = NOON_NS + 1;
    scene->session.outcome = OUTCOME_RUNNING;
    scene->session.commit = (char *)"0123";
    format->session(&scene->exporter, &scene->session, 1, &scene->out);
    format->measurement(&scene->exporter, 0, &one, NULL, &scene->out);
    format->session_end(&scene->exporter, &scene->out);
}

#define HEADER                                                                                    \
    "session_id,app,started_at,ended_at,outcome,temperature,commit,branch,dirty,version,"         \
    "environment,labels,metric_id,unit,better,time,n,failed,value,min,max,mean,p50,p95,p99,"      \
    "excluded,window_start,rolled_up\n"
#define AAAA "aaaaaaaa-0000-4000-8000-000000000001,"
#define BBBB "baaaaaaa-0000-4000-8000-000000000001,"
#define AT   "2026-01-01T12:00:01.500Z,"

TEST(exporter__csv_has_a_measurement_a_row_and_no_formulas)
{
    struct scene scene;
    scene_begin(&scene, "csv");
    tell(&scene);
    scene_end(
        &scene, HEADER AAAA
        "shop,2026-01-01T12:00:00Z,,ok,warm,,\"a \"\"b\"\"\\x1b\",false,,lab,,m,ms,"
        "lower," AT
        "3,0,0.1,0.05,0.1,0.3333333333333333,0.1,,1e+300,false,2026-01-01T12:00:00Z,\n" AAAA
        "'-till,2026-01-01T12:00:00Z,,ok,warm,,\"a \"\"b\"\"\\x1b\",false,,lab,"
        "\"k=v,l=\\,\",m,ms,lower," AT
        "3,0,0.1,0.05,0.1,0.3333333333333333,0.1,,1e+300,false,2026-01-01T12:00:00Z,\n" AAAA
        "shop,2026-01-01T12:00:00Z,,ok,warm,,\"a \"\"b\"\"\\x1b\",false,,lab,,"
        "\"'=n,1\",count,exact," AT
        "3,2,-7,-3.5,-7,0.3333333333333333,-7,,1e+300,true,2026-01-01T12:00:00.000000001Z,\n" BBBB
        "shop,2026-01-01T12:00:00Z,2026-01-01T12:00:00.000000001Z,running,warm,0123,"
        "\"a \"\"b\"\"\\x1b\",false,,lab,,m,ms,lower," AT
        "3,0,0.1,0.05,0.1,0.3333333333333333,0.1,,1e+300,false,2026-01-01T12:00:00Z,\n");
}

#define NUMBERS                                                                                   \
    ",\"time\":\"2026-01-01T12:00:01.500Z\",\"n\":3,\"value\":0.1,\"min\":0.05,\"max\":0.1,"      \
    "\"mean\":0.3333333333333333,\"p50\":0.1,\"p95\":null,\"p99\":1e+300"
#define LINE_A                                                                                    \
    "{\"session\":{\"id\":\"aaaaaaaa-0000-4000-8000-000000000001\",\"app\":\"shop\","             \
    "\"started_at\":\"2026-01-01T12:00:00Z\",\"ended_at\":null,\"outcome\":\"ok\","               \
    "\"temperature\":\"warm\",\"commit\":null,\"branch\":\"a \\\"b\\\"\\u001B\",\"dirty\":false," \
    "\"version\":null,\"environment\":\"lab\",\"labels\":null,\"dropped\":0,\"condensed\":0,"     \
    "\"source\":null,\"machine\":{\"cores\":2},\"measurements\":3},\"measurements\":["            \
    "{\"metric_id\":\"m\",\"unit\":\"ms\",\"better\":\"lower\",\"name\":\"The \\\"M\\\"\","       \
    "\"aggregate\":\"p95\",\"target\":0.1" NUMBERS                                                \
    ",\"samples\":[{\"time\":\"2026-01-01T12:00:00.000000001Z\",\"value\":0.5},7],"               \
    "\"buckets\":[[-5,1],[65000,12]]},"                                                           \
    "{\"metric_id\":\"m\",\"unit\":\"ms\",\"better\":\"lower\",\"app\":\"-till\","                \
    "\"labels\":\"k=v,l=\\\\,\"" NUMBERS "},"                                                     \
    "{\"metric_id\":\"=n,1\",\"unit\":\"count\",\"better\":\"exact\","                            \
    "\"time\":\"2026-01-01T12:00:01.500Z\",\"n\":3,\"failed\":2,\"value\":-7,\"min\":-3.5,"       \
    "\"max\":-7,\"mean\":0.3333333333333333,\"p50\":-7,\"p95\":null,\"p99\":1e+300,"              \
    "\"window_start\":\"2026-01-01T12:00:00.000000001Z\",\"excluded\":true}]}"
#define LINE_B                                                                                    \
    "{\"session\":{\"id\":\"baaaaaaa-0000-4000-8000-000000000001\",\"app\":\"shop\","             \
    "\"started_at\":\"2026-01-01T12:00:00Z\",\"ended_at\":\"2026-01-01T12:00:00.000000001Z\","    \
    "\"outcome\":\"running\",\"temperature\":\"warm\",\"commit\":\"0123\","                       \
    "\"branch\":\"a \\\"b\\\"\\u001B\",\"dirty\":false,\"version\":null,\"environment\":\"lab\"," \
    "\"labels\":null,\"dropped\":0,\"condensed\":0,\"source\":null,\"machine\":{\"cores\":2},"    \
    "\"measurements\":1},\"measurements\":["                                                      \
    "{\"metric_id\":\"m\",\"unit\":\"ms\",\"better\":\"lower\"" NUMBERS ",\"final\":true}]}"

TEST(exporter__jsonl_has_a_session_a_line_and_says_what_a_metric_is_once)
{
    struct scene scene;
    scene_begin(&scene, "jsonl");
    tell(&scene);
    scene_end(&scene, LINE_A "\n" LINE_B "\n");
}

TEST(exporter__json_is_one_array)
{
    struct scene scene;
    scene_begin(&scene, "json");
    tell(&scene);
    scene_end(&scene, "[\n" LINE_A ",\n" LINE_B "\n]\n");
    scene_begin(&scene, "json");
    scene_end(&scene, "[]\n");
}

TEST(exporter__days_are_marked_as_such)
{
    struct scene scene;
    const struct export_day day = {.measurements = 50, .numbers = a_measurement(0.1)};
    scene_begin(&scene, "csv");
    scene.exporter.format->day(&scene.exporter, 1, &day, &scene.out);
    scene_end(&scene, HEADER ",'-till,,,,warm,,,,,lab,\"k=v,l=\\,\",m,ms,lower," AT
                             "3,0,0.1,0.05,0.1,0.3333333333333333,0.1,,1e+300,,,50\n");
    scene_begin(&scene, "jsonl");
    scene.exporter.format->day(&scene.exporter, 1, &day, &scene.out);
    scene.exporter.format->day(&scene.exporter, 0, &day, &scene.out);
    scene_end(&scene, "{\"day\":{\"metric_id\":\"m\",\"unit\":\"ms\",\"better\":\"lower\","
                      "\"name\":\"The \\\"M\\\"\",\"aggregate\":\"p95\",\"target\":0.1,"
                      "\"app\":\"-till\",\"environment\":\"lab\",\"temperature\":\"warm\","
                      "\"labels\":\"k=v,l=\\\\,\",\"measurements\":50" NUMBERS "}}\n"
                      "{\"day\":{\"metric_id\":\"m\",\"unit\":\"ms\",\"better\":\"lower\","
                      "\"app\":\"shop\",\"environment\":\"lab\",\"temperature\":\"warm\","
                      "\"labels\":null,\"measurements\":50" NUMBERS "}}\n");
}

static void point(struct scene *scene, size_t series, double value, const char *commit,
                  enum session_outcome outcome, int64_t after_ns)
{
    struct measurement one = a_measurement(value);
    snprintf(one.commit, sizeof one.commit, "%s", commit);
    one.outcome = outcome;
    one.window_start_ns += after_ns;
    scene->exporter.format->measurement(&scene->exporter, series, &one, NULL, &scene->out);
}

TEST(exporter__openmetrics_has_a_family_a_metric_and_base_units)
{
    struct scene scene;
    scene_begin(&scene, "openmetrics");
    point(&scene, 0, 14.476, "", OUTCOME_OK, 0);
    point(&scene, 0, NAN, "", OUTCOME_OK, 1);
    point(&scene, 0, 15, "ab\"\\\n", OUTCOME_CRASHED, 1500000007);
    point(&scene, 1, 1, "", OUTCOME_OK, 0);
    point(&scene, 2, -7, "", OUTCOME_OK, 0);
    scene_end(&scene, "# TYPE m_seconds gauge\n# UNIT m_seconds seconds\n"
                      "# HELP m_seconds The \\\"M\\\"\n"
                      "m_seconds{tare_metric=\"m\",app=\"shop\",environment=\"lab\","
                      "temperature=\"warm\"} 0.014476 1767268800\n"
                      "m_seconds{tare_metric=\"m\",app=\"shop\",environment=\"lab\","
                      "temperature=\"warm\",commit=\"ab\\\"\\\\\\\\x0a\",outcome=\"crashed\"} "
                      "0.015 1767268801.500000007\n"
                      "m_seconds{tare_metric=\"m\",app=\"-till\",environment=\"lab\","
                      "temperature=\"warm\",k=\"v\",l=\",\"} 0.001 1767268800\n"
                      "# TYPE _n_1 gauge\n# HELP _n_1 =n,1\n"
                      "_n_1{tare_metric=\"=n,1\",app=\"shop\",environment=\"lab\","
                      "temperature=\"warm\"} -7 1767268800\n# EOF\n");
}

/* Names that come to the same, labels of our own names, units that are none of the format's. */
TEST(exporter__openmetrics_names_are_each_its_own)
{
    struct scene scene;
    scene_begin(&scene, "openmetrics");
    scene.series[0].labels = (char *)"9a=1,app=2,le=5,q-q=3,q_q=4";
    scene.metrics[0].unit[0] = 'x';
    scene.metrics[0].unit[1] = '/';
    free(scene.metrics[1].id);
    free(scene.metrics[1].unit);
    scene.metrics[1].id = strdup("m\xc3\xa9");
    scene.metrics[1].unit = strdup("MB");
    point(&scene, 0, 1, "", OUTCOME_OK, 0);
    point(&scene, 2, 0.150074, "", OUTCOME_OK, 0);
    scene_end(&scene, "# TYPE m_x_ gauge\n# UNIT m_x_ x_\n# HELP m_x_ The \\\"M\\\"\n"
                      "m_x_{tare_metric=\"m\",tare_unit=\"x/\",app=\"shop\",environment=\"lab\","
                      "temperature=\"warm\",_9a=\"1\",label_app=\"2\",label_le=\"5\",q_q=\"3\","
                      "q_q_=\"4\"} 1 1767268800\n"
                      "# TYPE m__bytes gauge\n# UNIT m__bytes bytes\n# HELP m__bytes m\xc3\xa9\n"
                      "m__bytes{tare_metric=\"m\xc3\xa9\",app=\"shop\",environment=\"lab\","
                      "temperature=\"warm\"} 150074 1767268800\n# EOF\n");
    const char *const ids[] = {"a-b", "a_b", "a.b"};
    scene_begin(&scene, "openmetrics");
    for (size_t i = 0; i < 3; i++) {
        struct metric metric = scene.metrics[1];
        metric.id = (char *)ids[i];
        scene.exporter.series[2].metric = &metric;
        scene.exporter.series[2].told = false;
        strbuf_clear(&scene.out);
        strbuf_clear(&scene.exporter.series[2].text);
        point(&scene, 2, 1, "", OUTCOME_OK, 0);
        static const char *const names[] = {"# TYPE a_b gauge\n", "# TYPE a_b_2 gauge\n",
                                            "# TYPE a_b_3 gauge\n"};
        assert_memory_equal(scene.out.text, names[i], strlen(names[i]));
    }
    strbuf_clear(&scene.out);
    scene_end(&scene, "# EOF\n");
}

/* What a format says it has a place for it has a callback for. */
TEST(exporter__table_is_whole)
{
    size_t count = 0;
    for (const struct export_format *const *at = export_formats; *at != NULL; at++, count++) {
        const struct export_format *format = *at;
        assert_non_null(format->name);
        assert_int_equal(format->ending[0], '.');
        assert_true(format->begin != NULL && format->measurement != NULL && format->end != NULL);
        assert_true(format->by_series || (format->session != NULL && format->session_end != NULL));
        assert_true(!format->days || format->day != NULL);
        assert_ptr_equal(export_format_find(format->name), format);
        char path[40];
        snprintf(path, sizeof path, "a.b/c%s", format->ending);
        assert_ptr_equal(export_format_of_file(path), format);
    }
    assert_int_equal(count, 4);
    assert_null(export_format_find("xml"));
    assert_null(export_format_of_file(".csv"));
    assert_null(export_format_of_file("csv"));
}
