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
                   "measurements[0].metric_id is empty: it must be a text");
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

#define FACTS                                                                                     \
    "{\"session\": {\"id\": \"0b9e2a44-7c1d-4f6e-9a57-1f2e3d4c5b6a\", \"app\": \"a\", "           \
    "\"started_at\": "                                                                            \
    "\"2025-01-01T00:00:00Z\", \"ended_at\": \"2025-01-01T00:00:00.5Z\", \"commit\": null, "      \
    "\"branch\": null, \"environment\": \"lab\", \"labels\": \"k=v\"}, "
#define NUMBERS                                                                                   \
    "\"value\": 2, \"min\": 1, \"max\": 3, \"mean\": 2.25, \"p50\": 2, \"p95\": null, \"p99\": 3"

struct taken {
    struct batch_part part; /* without what it owns */
    struct session session;
    size_t batches;
};

static enum tare_status take(void *ctx, const struct batch *batch, struct tare_error *error)
{
    struct taken *taken = ctx;
    (void)error;
    taken->session = batch->session;
    if (taken->batches++ == 0 && batch->part_count > 0)
        taken->part = batch->parts[0];
    return TARE_OK;
}

static struct taken taken_of(const char *text)
{
    const struct import_options options = imported_options();
    struct taken taken = {0};
    struct import_result result = {0};
    struct tare_error error = {0};
    if (import_bytes("jsonl", "f", text, strlen(text), &options, take, &taken, &result, &error) !=
        TARE_OK)
        fail_msg("%s", error.message);
    return taken;
}

TEST(format_jsonl__a_measurement_that_says_all_stands_with_its_samples)
{
    struct taken taken = taken_of(
        FACTS "\"measurements\": [{\"metric_id\": \"m\", \"unit\": \"ms\", \"time\": "
              "\"2025-01-01T00:00:09Z\", \"n\": 7, \"failed\": 2, \"persist_needed\": 4, "
              "\"excluded\": true, \"samples\": [{\"time\": \"2025-01-01T00:00:01Z\", "
              "\"value\": 1}, 3], " NUMBERS "}]}");
    const struct batch_summary *summary = &taken.part.summary;
    int64_t start_ns = taken.session.started_ns;
    assert_true(summary->given && summary->observed && summary->excluded);
    assert_true(summary->n == 7 && summary->value == 2 && summary->min == 1 && summary->max == 3);
    assert_true(summary->mean == 2.25 && isnan(summary->p95) && summary->p99 == 3);
    assert_true(summary->time_ns == start_ns + 9 * INT64_C(1000000000));
    assert_true(taken.part.n == 2 && taken.part.failed == 2 && taken.part.sample_count == 2);
    assert_true(taken.part.first_ns == start_ns + INT64_C(1000000000));
    assert_true(taken.part.last_ns == summary->time_ns);
    assert_int_equal(taken.part.metric.persist_needed, 4);
    assert_true(taken.session.ended_ns == start_ns + 500000000); /* as it was told */
}

TEST(format_jsonl__one_that_lacks_a_number_is_what_its_samples_come_to)
{
    struct taken taken = taken_of(FACTS "\"measurements\": [{\"metric_id\": \"m\", \"n\": 7, "
                                        "\"value\": 2, \"samples\": [1, 3]}]}");
    assert_false(taken.part.summary.given || taken.part.summary.observed);
    assert_true(taken.part.n == 2);
}

/* What tare exports says what is not known, too: it is not made up from where the import runs. */
TEST(format_jsonl__what_is_null_stays_unknown)
{
    const struct import_options options = {.app_usual = "usual",
                                           .environment_usual = "usual",
                                           .head_commit = "abcd",
                                           .head_branch = "main",
                                           .head_dirty = true};
    const char *text = FACTS "\"measurements\": []}";
    struct imported imported = imported_bytes("jsonl", "f", text, strlen(text), &options);
    assert_imports_line(&imported, "app=a commit=- branch=- ");
    assert_imports_line(&imported, "environment=lab ");
    imported_release(&imported);
    text = "{\"session\": {\"started_at\": \"2025-01-01T00:00:00Z\"}, \"measurements\": []}";
    imported = imported_bytes("jsonl", "f", text, strlen(text), &options);
    assert_imports_line(&imported, "app=usual commit=abcd+ branch=main ");
    assert_imports_line(&imported, "environment=usual ");
    imported_release(&imported);
}

TEST(format_jsonl__measurements_of_other_owners_come_behind_the_sessions_own)
{
    struct imported imported = imported_text(
        "jsonl",
        FACTS "\"measurements\": [{\"metric_id\": \"x\", \"value\": 1, \"app\": \"b\"}, "
              "{\"metric_id\": \"m\", \"value\": 2}, {\"metric_id\": \"y\", \"value\": 3, "
              "\"labels\": \"\", \"temperature\": \"cold\"}, {\"metric_id\": \"z\", "
              "\"value\": 4, \"app\": \"b\"}]}");
    assert_int_equal(imported.result.batches, 3);
    const char *own = strstr(imported.text.text,
                             "app=a commit=- branch=- time=2025-01-01T00:00:00Z "
                             "environment=lab labels=k=v outcome=ok warm\n  m |"),
               *other = strstr(imported.text.text, "app=b "),
               *cold = strstr(imported.text.text, "labels=- outcome=ok cold\n  y |");
    assert_true(own == imported.text.text + strlen("session "));
    assert_non_null(other);
    assert_non_null(strstr(other, "  x |"));
    assert_non_null(strstr(other, "  z |"));
    assert_true(cold > other);
    /* Three batches of one session, each with an id of its own. */
    assert_int_equal(strlen(imported.ids.text) % 3, 0);
    size_t third = strlen(imported.ids.text) / 3;
    assert_memory_equal(imported.ids.text, imported.ids.text + third, 36);
    assert_memory_not_equal(imported.ids.text, imported.ids.text + third, third);
    assert_memory_not_equal(imported.ids.text + third, imported.ids.text + 2 * third, third);
    imported_release(&imported);
}

TEST(format_jsonl__days_that_were_rolled_up_are_passed_over)
{
    struct imported imported = imported_text(
        "jsonl",
        "{\"day\": {\"metric_id\": \"m\", \"value\": 2}}\n" FACTS "\"measurements\": []}\n");
    assert_int_equal(imported.status, TARE_OK);
    assert_int_equal(imported.result.batches, 1);
    assert_int_equal(imported.result.ignored, 1);
    imported_release(&imported);
}
