/* Rows cut out of a document that is never whole in memory. */
#include "imported.h"

#include "base/strbuf.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROW(name) "{\"name\": \"" name "\", \"unit\": \"s\", \"value\": 1}"

TEST(importer_rows__what_stands_behind_them_is_known_before_them)
{
    struct imported imported = imported_text(
        "pytest-benchmark",
        "{\"machine_info\": {\"system\": \"Linux\"}, \"benchmarks\": [{\"fullname\": \"a\", "
        "\"stats\": {\"median\": 1}}, {\"fullname\": \"b\", \"stats\": {\"median\": 2}}], "
        "\"datetime\": \"2024-05-06T07:08:09Z\", \"commit_info\": {\"id\": \"abc\"}}");
    assert_imports_line(&imported, "commit=abc");
    assert_imports_line(&imported, "  b | ms lower core | 1 0 | 2000");
    imported_release(&imported);
}

/* Brackets, commas and quotes in texts and keys are no structure. */
TEST(importer_rows__texts_are_left_alone)
{
    struct imported imported = imported_text(
        "github-action-benchmark",
        "{\"x\\\"]\": \"[{\\\\\", \"entries\": {\"a\\\"b\\u00e9\": [{\"commit\": {\"id\": \"c\"}, "
        "\"date\": 1700000000000, \"tool\": \"cargo\", \"benches\": [" ROW(
            "x]},{\\\"") "]}], "
                         "\"empty\": [], \"z\": [ ]}, \"entries2\": [1, [2], {\"benches\": []}]}");
    assert_imports_line(&imported, "  x]},{\" | ms lower core | 1 0 | 1000");
    assert_imports_line(&imported, "suite=a\"b\xc3\xa9");
    assert_int_equal(imported.result.batches, 1);
    imported_release(&imported);
}

static void assert_wrong(const char *text, const char *words)
{
    assert_refuses(imported_text("github-action-benchmark", text), words);
}

TEST(importer_rows__errors_name_line_and_column_wherever_they_are)
{
    assert_wrong("[" ROW("a") " " ROW("b") "]", "f:1:41: ',' or ']' must stand here");
    assert_wrong("[" ROW("a") ",\n ]", "f:2:2: a value must stand here");
    assert_wrong("[,]", "f:1:2: a value must stand here");
    assert_wrong("[" ROW("a") ",\n" ROW("b") ",\n  {\"name\": }]", "f:3:12: ");
    assert_wrong("[" ROW("a") ",\n" ROW("b"), "f:2:");
    assert_wrong("[" ROW("a") ",\n  {\"name\": \"b\",\n   \"unit\"", "f:3:9: ");
    assert_wrong("[" ROW("a") "] x", "f:1:42: ");
    assert_wrong("{\"entries\": {\"s\": [\n\n]}, \"s\": 1,\n  2}", "f:4:3: ");
    assert_wrong("{\"entries\": {\"s\": [\n\n]}, 2}", "f:3:5: ");
    assert_wrong("{\"entries\": {\"s\": [], \"t\": {}}}", "f: entries.t is an object: it must be");
    assert_wrong("{\"entries\": {\"s\": [], \"s\": []}}", "duplicate object key");
    assert_wrong("[" ROW("a") ", {\"unit\": \"s\"}]", "f: [1].name is missing");
    assert_wrong("[" ROW("a") ", 7]", "f:1:42: ");
}

/* Longer than any piece that is read at once, so that every kind of byte meets an end of one. */
TEST(importer_rows__a_document_of_any_length_is_read)
{
    struct strbuf text;
    strbuf_init(&text);
    strbuf_add_char(&text, '[');
    for (int i = 0; i < 30000; i++)
        strbuf_add_format(&text, "%s{\"name\": \"n%d \\\\\", \"unit\": \"s\", \"value\": %d.5}",
                          i > 0 ? ", " : "", i % 100, i);
    strbuf_add_char(&text, ']');
    char path[] = "/tmp/tare-rows-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, text.text, text.length) == (ssize_t)text.length);
    const struct import_options options = imported_options();
    struct imported imported = imported_path("auto", path, &options);
    assert_imports_line(&imported, "  n99 \\ | ms lower core | 300 0 | 99500 199500 ");
    assert_int_equal(imported.result.samples, 30000);
    imported_release(&imported);
    close(fd);
    unlink(path);
    strbuf_release(&text);
}
