#include "imported.h"

#define HEAD "{\"context\": {\"num_cpus\": 4}, \"benchmarks\": ["

TEST(format_google__errors_name_line_or_path)
{
    assert_refuses(
        imported_text("google-benchmark", HEAD "{\"name\": \"a\", \"real_time\": \"x\"}]}"),
        "f: benchmarks[0].real_time is a text: it must be a number");
    assert_refuses(imported_text("google-benchmark", HEAD "{\"real_time\": 1}]}"),
                   "benchmarks[0].name is missing");
    assert_refuses(imported_text("google-benchmark", "{\"context\": {}}"),
                   "f: benchmarks is missing");
    assert_refuses(imported_text("google-benchmark", "{\n \"context\": }"), "f:2:");
    assert_refuses(imported_text("google-benchmark", "7"), "f:1:");
}

TEST(format_google__words_in_names_are_left_alone)
{
    struct imported imported = imported_text(
        "google-benchmark", HEAD "{\"name\": \"NaN/-Infinity \\\" inf\", \"real_time\": 1, "
                                 "\"time_unit\": \"ms\", \"x\": -Infinity, \"y\": nan}]}");
    assert_imports_line(&imported, "  NaN/-Infinity \" inf | ms lower core | 1 0 | 1\n");
    assert_imports_line(&imported, ".x | - lower? secondary | 0 1 |");
    imported_release(&imported);
}

TEST(format_google__samples_import)
{
    const struct import_options options = imported_options();
    if (imported_sample("google-benchmark/two.json") == NULL)
        skip();
    struct imported imported = imported_path(
        "auto", imported_sample("google-benchmark/repetitions-aggregates.json"), &options);
    assert_imports_line(&imported, "ConvertToSparseCOOTensorInt32 | ms lower core | 3 0 | "
                                   "0.08857283803 0.08765301273 0.08933275062\n");
    assert_imports_line(&imported, "time=2022-09-02T21:11:56Z environment=10 cores");
    imported_release(&imported);
    imported = imported_path("auto", imported_sample("google-benchmark/test3_run0.json"),
                             &options);
    assert_imports_line(&imported, "  BM_Two | ms lower core | 2 0 | 9e-06 8e-06\n");
    imported_release(&imported);
    imported = imported_path("auto", imported_sample("google-benchmark/two.json"), &options);
    assert_imports_line(&imported, "  fib_10 | ms lower core | 1 0 | 0.0002149898011\n");
    imported_release(&imported);
}

TEST(format_google__the_first_failure_is_told_with_its_message)
{
    const struct import_options options = imported_options();
    struct imported imported = imported_path(
        "auto", imported_fixture("google-benchmark/traps.json"), &options);
    assert_string_equal(imported.result.failure, "BM_Broken: no such file");
    assert_int_equal(imported.result.failed, 4);
    assert_int_equal(imported.result.sessions, 1);
    imported_release(&imported);
}
