#include "imported.h"

TEST(format_github__a_history_that_grew_has_its_old_sessions_still)
{
#define ENTRY(id, date)                                                                           \
    "{\"commit\":{\"id\":\"" id "\"},\"date\":" date ",\"tool\":\"cargo\","                       \
    "\"benches\":[{\"name\":\"n\",\"value\":1,\"unit\":\"ns/iter\"}]}"
    struct imported old = imported_text("github-action-benchmark",
                                        "{\"entries\":{\"s\":[" ENTRY("a", "1700000000000") "]}}");
    struct imported grown = imported_text(
        "github-action-benchmark",
        "{\"entries\":{\"s\":[" ENTRY("0", "1600000000000") "," ENTRY("a", "1700000000000") "]}}");
    assert_non_null(strstr(grown.ids.text, old.ids.text));
    assert_int_equal(grown.result.batches, 2);
    imported_release(&old);
    imported_release(&grown);
}

/* Of a script in a folder like .github: pytest names a benchmark by its file. */
TEST(format_github__a_name_may_begin_with_a_dot)
{
    struct imported imported = imported_text(
        "auto", "[{\"name\": \".ci/bench.py::test_a\", \"unit\": \"s\", \"value\": 1}]");
    assert_imports_line(&imported, "  .ci/bench.py::test_a | ms lower");
    imported_release(&imported);
}

#define RUN_OF(tool, unit)                                                                        \
    "{\"entries\":{\"s\":[{\"commit\":{\"id\":\"a\"},\"date\":1700000000000,\"tool\":\"" tool     \
    "\",\"benches\":[{\"name\":\"n\",\"value\":1,\"unit\":\"" unit "\"}]}]}}"

/* Such histories exist, with a thousand good results in them. */
TEST(format_github__a_nameless_result_of_a_history_is_passed_over)
{
    struct imported imported = imported_text(
        "auto", "{\"entries\":{\"s\":[{\"commit\":{\"id\":\"a\"},\"date\":1700000000000,"
                "\"tool\":\"cargo\",\"benches\":[{\"name\":\"\",\"value\":1,\"unit\":\"ns\"},"
                "{\"name\":\"n\",\"value\":2,\"unit\":\"ns\"}]}]}}");
    assert_imports_line(&imported, "  n | ms lower core | 1 0 | 2e-06");
    assert_int_equal(imported.result.ignored, 1);
    imported_release(&imported);
}

static void assert_directed(const char *text, const char *line)
{
    struct imported imported = imported_text("github-action-benchmark", text);
    assert_imports_line(&imported, line);
    imported_release(&imported);
}

TEST(format_github__rates_are_higher_unless_they_are_times)
{
    assert_directed(RUN_OF("pytest", "iter/sec"), "  n | iter/sec higher ");
    assert_directed(RUN_OF("pytest", "sec"), "  n | ms lower ");
    assert_directed(RUN_OF("benchmarkjs", "ops/sec"), "  n | ops/sec higher ");
    assert_directed(RUN_OF("customBiggerIsBetter", "sec"), "  n | ms higher ");
    assert_directed(RUN_OF("customSmallerIsBetter", "iter/sec"), "  n | iter/sec lower ");
}

TEST(format_github__errors_name_the_path)
{
    assert_refuses(imported_text("github-action-benchmark",
                                 "[{\"name\": \"\", \"unit\": \"s\", \"value\": 1}]"),
                   "f: [0].name is empty: it must be a text");
    assert_refuses(
        imported_text("github-action-benchmark", "[{\"name\": \"a\", \"unit\": \"s\"}]"),
        "f: [0].value is missing: it must be a number");
    assert_refuses(
        imported_text("github-action-benchmark",
                      "window.BENCHMARK_DATA = {\"entries\": {\"s\": [{\"date\": 1700000000000,"
                      "\"benches\": [{\"name\": 7}]}]}};"),
        "f: entries.s[0].benches[0].name is a number: it must be a text");
    assert_refuses(
        imported_text("github-action-benchmark", "{\"entries\": {\"s\": [{\"date\": \"soon\"}]}}"),
        "entries.s[0].date is a text");
    assert_refuses(imported_text("github-action-benchmark", "{\n\"entries\": {\n"), "f:2:12: ");
    assert_refuses(
        imported_text("github-action-benchmark", "{\"entries\": {\"a\": [], \"a\": []}}"),
        "duplicate");
}

TEST(format_github__samples_import)
{
    const char *path = imported_sample("github-action-benchmark/data.js");
    if (path == NULL)
        skip();
    const struct import_options options = imported_options();
    assert_imports(imported_path("auto", path, &options),
                   "session app=repo commit=prev commit id branch=- time=2019-11-28T07:45:27.603Z "
                   "environment=unknown labels=suite=Test benchmark outcome=ok warm\n"
                   "  bench_fib_10 | ms lower core | 1 0 | 0.0001\n");
    struct imported imported = imported_path("auto", imported_sample("custom/custom_bigger.json"),
                                             &options);
    assert_imports_line(&imported, "Free Memory | MB higher core | 1 0 | 150");
    imported_release(&imported);
    imported = imported_path("auto", imported_sample("custom/custom_smaller.json"), &options);
    assert_imports_line(&imported, "CPU Load | % lower core | 1 0 | 50");
    imported_release(&imported);
}
