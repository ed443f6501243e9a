/* The formats that are read line by line, or as XML: what is refused, and real files. */
#include "imported.h"

TEST(format_cargo_criterion__errors_name_line_and_path)
{
    assert_refuses(imported_text("cargo-criterion", "{\"reason\": \"x\"}\n{\"reason\":"), "f:2:");
    assert_refuses(
        imported_text("cargo-criterion", "\n{\"reason\": \"benchmark-complete\", \"id\": \"a\"}"),
        "f:2: typical.estimate is missing: it must be a number");
    assert_refuses(imported_text("cargo-criterion",
                                 "{\"reason\": \"benchmark-complete\", \"id\": \"a\", "
                                 "\"iteration_count\": [1], \"measured_values\": [1, 2]}"),
                   "f:1: iteration_count is an array: it must be as long as measured_values");
}

TEST(format_cargo_criterion__samples_import)
{
    const struct import_options options = imported_options();
    const char *path = imported_sample("cargo-criterion/messages.jsonl");
    if (path == NULL)
        skip();
    struct imported imported = imported_path("auto", path, &options);
    assert_imports_line(&imported, "  alu/add | ms lower core | 100 0 | 0.000958 0.00037475");
    assert_imports_line(&imported, "  contract_root/test_b | ms lower core | 100 0 | 55.969125");
    imported_release(&imported);
}

TEST(format_go__files_without_a_result_are_refused)
{
    assert_refuses(imported_text("go", "goos: linux\nBenchmarkA\nPASS\n"),
                   "f holds no result of a Go benchmark");
    assert_refuses(imported_text("go", "BenchmarkA 10 x ns/op\n"), "no result");
    assert_refuses(imported_text("go", "BenchmarkA 10 5\n"), "no result");
    assert_refuses(imported_text("go", "BenchmarkA ten 5 ns/op\n"), "no result");
}

TEST(format_go__any_name_and_unit_is_a_result)
{
    struct imported imported = imported_text("auto",
                                             "goos: linux\n"
                                             "Benchmarkuber_zap_text 1 3631320 text-bytes\n"
                                             "Benchmarking is not a result\n");
    assert_imports_line(&imported, "  Benchmarkuber_zap_text.text-bytes | text-bytes lower");
    assert_int_equal(imported.result.ignored, 1);
    imported_release(&imported);
}

TEST(format_go__a_changed_commit_begins_another_session)
{
    struct imported imported = imported_text(
        "go", "commit: a\nBenchmarkA 10 5 ns/op\ncommit: a\nBenchmarkA 10 6 ns/op\n"
              "commit: b\nBenchmarkA 10 7 ns/op\n");
    assert_int_equal(imported.result.batches, 2);
    assert_imports_line(&imported, "  BenchmarkA | ms lower core | 2 0 | 5e-06 6e-06\n");
    imported_release(&imported);
}

TEST(format_go__samples_import)
{
    const struct import_options options = imported_options();
    const char *path = imported_sample("go/crc-old.txt");
    if (path == NULL)
        skip();
    struct imported imported = imported_path("auto", path, &options);
    assert_imports_line(&imported, "environment=darwin, amd64");
    assert_imports_line(&imported, "  hash/crc32.BenchmarkCRC32/poly=IEEE/size=15/align=0-8 | ms "
                                   "lower core | 10 0 | 4.46e-05 4.73e-05");
    imported_release(&imported);
    imported = imported_path("auto", imported_sample("go/fiber.txt"), &options);
    assert_imports_line(&imported,
                        "  Benchmark_Ctx_Accepts/run-[]string{\"json\",_\"xml\"}-4.allocs/op | "
                        "count exact secondary | 1 0 | 0\n");
    imported_release(&imported);
}

TEST(format_catch2__errors_name_the_line)
{
    assert_refuses(imported_text("catch2", "<Catch2TestRun>\n<BenchmarkResults name=\"a\">\n"
                                           "</BenchmarkResults></Catch2TestRun>"),
                   "f:3: a BenchmarkResults without a mean");
    assert_refuses(imported_text("catch2", "<Catch2TestRun>\n<BenchmarkResults name=\"a\">\n<mean "
                                           "value=\"x\"/></BenchmarkResults></Catch2TestRun>"),
                   "f:3: a mean without a number");
    assert_refuses(imported_text("catch2", "<Catch2TestRun>\n\n<a></b>"), "f:3: mismatched tag");
    assert_refuses(imported_text("catch2", "benchmark name samples iterations low mean\n"),
                   "f holds no benchmark of Catch2");
    assert_refuses(imported_text("catch2", "benchmark name   samples\nmean\nstd dev\n"
                                           "-------------------------------------\n"
                                           "fib   100   2   3.5 ms\n   what is this\n"),
                   "f:6: the benchmark 'fib' lacks its means");
}

TEST(format_catch2__without_analysis_the_mean_stands_behind_the_counts)
{
    struct imported imported = imported_text(
        "catch2", "benchmark name    samples    iterations          mean\n"
                  "-------------------------------------------------------\n"
                  "fib 10                 100           208      344.5 ns \n"
                  "fib 20                 100             2      41.73 us \n");
    assert_imports_line(&imported, "  fib 10 | ms lower core | 1 0 | 0.0003445\n"
                                   "  fib 20 | ms lower core | 1 0 | 0.04173\n");
    imported_release(&imported);
}

TEST(format_catch2__a_failure_is_told_with_its_message)
{
    const struct import_options options = imported_options();
    struct imported imported = imported_path("auto", imported_fixture("catch2/report.xml"),
                                             &options);
    assert_string_equal(imported.result.failure, "Sorting & more/broken: it threw");
    imported_release(&imported);
}

TEST(format_catch2__samples_import)
{
    const struct import_options options = imported_options();
    const char *path = imported_sample("catch2/v3.txt");
    if (path == NULL)
        skip();
    struct imported imported = imported_path("auto", path, &options);
    assert_imports_line(&imported, "  Fibonacci/Fibonacci 10 | ms lower core | 1 0 | 0.000344\n");
    assert_imports_line(&imported,
                        "  More Fibonacci/Fibonacci~ 5! | ms lower core | 1 0 | 3.6e-05\n");
    assert_imports_line(&imported, "  More Fibonacci/Fibonacci-15_bench | ms lower core | 1 0 | ");
    imported_release(&imported);
}

TEST(format_openmetrics__errors_name_the_line)
{
    assert_refuses(imported_text("openmetrics", "# TYPE a gauge\na 1\n"),
                   "f:2: the file ends without # EOF");
    assert_refuses(imported_text("openmetrics", "a 1\n# EOF\nb 2\n"),
                   "f:3: there is more behind # EOF");
    assert_refuses(imported_text("openmetrics", "a{b=\"c} 1\n# EOF\n"),
                   "f:1: the labels of a are broken");
    assert_refuses(imported_text("openmetrics", "a{b=c} 1\n# EOF\n"),
                   "the labels of a are broken");
    assert_refuses(imported_text("openmetrics", "a x\n# EOF\n"), "f:1: a has no number");
    assert_refuses(imported_text("openmetrics", "a 1 soon\n# EOF\n"), "f:1: the timestamp of a");
    assert_refuses(imported_text("openmetrics", "{} 1\n# EOF\n"), "begins with no name");
    assert_refuses(imported_text("openmetrics", "# TYPE a\n# EOF\n"), "f:1: a TYPE line is");
    assert_refuses(imported_text("openmetrics", "a{tare_metric=\"\"} 1 1\n# EOF\n"),
                   "f:1: the label tare_metric of a is empty");
    assert_refuses(
        imported_text("openmetrics", "a{tare_metric=\"a\",temperature=\"hot\"} 1 1\n# EOF\n"),
        "f:1: the temperature of a is 'hot'");
    assert_refuses(
        imported_text("openmetrics", "a{tare_metric=\"a\",outcome=\"good\"} 1 1\n# EOF\n"),
        "f:1: the outcome of a is 'good'");
    assert_refuses(imported_text("openmetrics", "a 1 12345678901\n# EOF\n"), "the timestamp of a");
}

TEST(format_openmetrics__escapes_in_labels_are_read)
{
    struct imported imported = imported_text("openmetrics",
                                             "a{b=\"x\\\\ny\",c=\"q\\\"r\"} 1\n# EOF\n");
    assert_imports_line(&imported, "  a{b=\"x\\ny\",c=\"q\"r\"} | - lower? core | 1 0 | 1\n");
    imported_release(&imported);
}

TEST(format_csv__samples_import)
{
    const struct import_options options = imported_options();
    const char *path = imported_sample("csv/sample.csv");
    if (path == NULL)
        skip();
    struct imported imported = imported_path("auto", path, &options);
    assert_int_equal(imported.result.batches, 10);
    assert_imports_line(&imported, "commit=aaa0 branch=- time=2024-01-01T02:00:00Z");
    assert_imports_line(&imported, "  metric2 | - lower? core | 1 0 | 10.43\n");
    imported_release(&imported);
}
