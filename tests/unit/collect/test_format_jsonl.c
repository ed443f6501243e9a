#include "imported.h"

#define SESSION "{\"session\": {\"app\": \"a\", \"started_at\": \"2025-01-01T00:00:00Z\"}, "

TEST(format_jsonl__session_ids_are_the_files_own)
{
    const struct import_options options = imported_options();
    struct imported imported = imported_path("jsonl", imported_fixture("jsonl/two.jsonl"),
                                             &options);
    assert_memory_equal(imported.ids.text, "0b9e2a44-7c1d-4f6e-9a57-1f2e3d4c5b6a, ", 38);
    imported_release(&imported);
}

TEST(format_jsonl__errors_name_line_and_path)
{
    assert_refuses(imported_text("jsonl", SESSION "\"measurements\": []}\n{\"session\": 5}\n"),
                   "f:2: session is a number: it must be an object");
    assert_refuses(imported_text("jsonl", "\n\n{\"session\": {\n"), "f:3:");
    assert_refuses(
        imported_text("jsonl", SESSION "\"measurements\": [{\"metric_id\": \"m\", \"n\": 2}]}"),
        "f:1: measurements[0].value is missing");
    assert_refuses(imported_text("jsonl", SESSION "\"measurements\": [{\"metric_id\": \"m\", "
                                                  "\"n\": -1, \"value\": 2}]}"),
                   "measurements[0].n is a number: it must be a whole number");
    assert_refuses(imported_text("jsonl", SESSION "\"measurements\": [{\"metric_id\": \"\"}]}"),
                   "1 to 200 bytes");
    assert_refuses(imported_text("jsonl", "{\"session\": {\"started_at\": \"noon\"}}"),
                   "session.started_at is a text: it must be a time");
    assert_refuses(imported_text("jsonl", "{\"session\": {\"outcome\": \"great\"}}"),
                   "ok, failed, crashed or running");
}

TEST(format_jsonl__a_session_without_measurements_is_one_too)
{
    struct imported imported = imported_text("jsonl", SESSION "\"measurements\": []}\n");
    assert_int_equal(imported.result.batches, 1);
    imported_release(&imported);
}

TEST(format_jsonl__buckets_come_with_the_samples)
{
    struct imported imported = imported_text(
        "jsonl", SESSION "\"measurements\": [{\"metric_id\": \"m\", \"unit\": \"ms\", \"n\": 5, "
                         "\"value\": 2, \"min\": 1, \"max\": 3, \"mean\": 2, \"samples\": [1, 3], "
                         "\"buckets\": [[64000, 2], [64001, 1]]}]}");
    assert_imports_line(&imported, "  m | ms lower custom | 5 0 | 1 3\n");
    imported_release(&imported);
    assert_refuses(imported_text("jsonl",
                                 SESSION "\"measurements\": [{\"metric_id\": \"m\", \"buckets\": "
                                         "[[5, 1], [4, 1]]}]}"),
                   "measurements[0].buckets[1]");
}
