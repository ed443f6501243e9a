#include "imported.h"

#include "base/file.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

TEST(importer__table_is_whole)
{
    struct tare_error error = {0};
    if (importers_check(&error) != TARE_OK)
        fail_msg("%s", error.message);
    assert_null(importer_find("no-such"));
    assert_string_equal(importer_find("hyperfine")->name, "hyperfine");
}

/* Calls `visit` for every fixture: "formats/FORMAT/FILE". */
static void fixtures_walk(const char *format, void (*visit)(const char *format, const char *path))
{
    char folder[1024], path[2048];
    snprintf(folder, sizeof folder, "%s", imported_fixture(format));
    DIR *open = opendir(folder);
    if (open == NULL)
        fail_msg("%s is missing: every importer has a fixture there", folder);
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(open)) != NULL;) {
        if (entry->d_type != DT_REG)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        visit(format, path);
        count++;
    }
    closedir(open);
    assert_true(count > 0);
}

/* Its own probe is sure of it, and every other's at most half as much. */
static void probe_visit(const char *format, const char *path)
{
    char *head;
    size_t size;
    assert_int_equal(file_read(path, 0, &head, &size, NULL), TARE_OK);
    const char *name = file_base_name(path);
    int own = importer_find(format)->probe(head, size, name);
    if (own < 20)
        fail_msg("%s does not know its own %s", format, name);
    for (size_t i = 0; i < importer_count; i++)
        if (strcmp(importers[i].name, format) != 0 &&
            importers[i].probe(head, size, name) * 2 > own)
            fail_msg("%s takes %s of %s for its own", importers[i].name, name, format);
    free(head);
}

TEST(importer__probes_know_their_own_fixtures_and_no_others)
{
    for (size_t i = 0; i < importer_count; i++)
        fixtures_walk(importers[i].name, probe_visit);
}

static char *expected_of(const char *format, const char *path)
{
    char place[2048], *text = NULL;
    snprintf(place, sizeof place, "%s/formats-expected/%s/%s.txt", TEST_DATA, format,
             file_base_name(path));
    const char *write = getenv("TARE_WRITE_EXPECTED");
    struct import_options options = imported_options();
    if (write != NULL) {
        struct imported imported = imported_path(format, path, &options);
        if (imported.status != TARE_OK)
            print_error("%s\n", imported.error.message);
        file_write_atomic(place, imported.text.text, imported.text.length, 0644, false, NULL);
        imported_release(&imported);
    }
    if (file_read(place, 0, &text, NULL, NULL) != TARE_OK)
        fail_msg("%s is missing", place);
    return text;
}

static void golden_visit(const char *format, const char *path)
{
    struct import_options options = imported_options();
    char *expected = expected_of(format, path);
    assert_imports(imported_path(format, path, &options), expected);
    assert_imports(imported_path("auto", path, &options), expected);
    free(expected);
}

TEST(importer__fixtures_give_what_is_expected)
{
    for (size_t i = 0; i < importer_count; i++)
        fixtures_walk(importers[i].name, golden_visit);
}

static void twice_visit(const char *format, const char *path)
{
    struct import_options options = imported_options();
    struct imported once = imported_path(format, path, &options);
    options.time_ns += 12345678900;
    struct imported again = imported_path(format, path, &options);
    assert_true(once.ids.length > 0);
    assert_string_equal(once.ids.text, again.ids.text);
    options.commit = "5555555555555555555555555555555555555555";
    options.app = "another";
    struct imported other = imported_path(format, path, &options);
    assert_int_equal(other.status, TARE_OK);
    if (strcmp(format, "jsonl") != 0)
        assert_string_not_equal(once.ids.text, other.ids.text);
    imported_release(&once);
    imported_release(&again);
    imported_release(&other);
}

TEST(importer__same_file_twice_has_the_same_ids)
{
    for (size_t i = 0; i < importer_count; i++)
        fixtures_walk(importers[i].name, twice_visit);
}

TEST(importer__every_format_has_its_section_in_the_guide_and_a_fuzz_target)
{
    char *guide, *targets, text[128];
    assert_int_equal(file_read(TEST_DATA "/../../docs/formats.md", 0, &guide, NULL, NULL),
                     TARE_OK);
    assert_int_equal(file_read(TEST_DATA "/../fuzz/meson.build", 0, &targets, NULL, NULL),
                     TARE_OK);
    for (size_t i = 0; i < importer_count; i++) {
        snprintf(text, sizeof text, "\n## %s\n", importers[i].name);
        if (strstr(guide, text) == NULL)
            fail_msg("docs/formats.md has no section '## %s'", importers[i].name);
        snprintf(text, sizeof text, "'%s'", importers[i].name);
        if (strstr(targets, text) == NULL)
            fail_msg("tests/fuzz/meson.build does not name '%s'", importers[i].name);
    }
    free(guide);
    free(targets);
}

TEST(importer__nothing_of_a_file_steers_the_terminal)
{
    assert_refuses(imported_text("csv", "time,a\n2024-01-01,1\n2024-01-02,\x1b[31mred\n"),
                   "?[31mred");
}

/* Cut anywhere, a file is read or refused as broken, with its name. */
static void cut_visit(const char *format, const char *path)
{
    char *bytes;
    size_t size;
    struct import_options options = imported_options();
    assert_int_equal(file_read(path, 0, &bytes, &size, NULL), TARE_OK);
    size_t step = size / 150 + 1;
    for (size_t cut = 0; cut < size; cut += step) {
        struct imported imported = imported_bytes(format, "cut", bytes, cut, &options);
        if (imported.status != TARE_OK) {
            assert_int_equal(imported.status, TARE_E_SYNTAX);
            assert_non_null(strstr(imported.error.message, "cut"));
        }
        imported_release(&imported);
    }
    free(bytes);
}

TEST(importer__cut_files_are_refused_with_a_place)
{
    for (size_t i = 0; i < importer_count; i++)
        if (strcmp(importers[i].name, "criterion") != 0)
            fixtures_walk(importers[i].name, cut_visit);
}

TEST(importer__unknown_formats_and_files_are_named)
{
    struct import_options options = imported_options();
    assert_refuses(imported_path("cobol", "x", &options), "there is no format 'cobol'");
    assert_refuses(imported_path("auto", "/nowhere/at-all", &options),
                   "cannot open /nowhere/at-all");
    assert_refuses(imported_text("auto", ""), "f is empty");
    assert_refuses(imported_text("auto", "Dear all,\n\nnothing here.\n"),
                   "no format that tare knows");
    assert_refuses(imported_bytes("auto", "wide.json", "\xff\xfe[\0", 4, &options), "UTF-16");
    assert_refuses(imported_bytes("csv", "a.gz", "\x1f\x8b\x08", 3, &options),
                   "a.gz is compressed: 'zcat FILE | tare import FORMAT -' reads it");
}

TEST(importer__options_stand_in_where_the_file_is_silent)
{
    const struct environment machine = {.key = (char *)"here", .cores = 2};
    struct import_options options = imported_options();
    options.app_usual = "mine";
    options.head_commit = "6666";
    options.head_branch = "topic";
    options.head_dirty = true;
    options.labels = "b=2,a=1";
    options.machine = &machine;
    const char *text = "[{\"name\": \"a\", \"value\": 1, \"unit\": \"ms\"}]";
    struct imported imported = imported_bytes("github-action-benchmark", "f", text, strlen(text),
                                              &options);
    assert_imports_line(&imported, "session app=mine commit=6666+ branch=topic "
                                   "time=2026-01-01T00:00:00Z environment=here labels=a=1,b=2");
    imported_release(&imported);
    options.commit = "7777";
    options.branch = "asked";
    options.environment_usual = "usual";
    imported = imported_bytes("github-action-benchmark", "f", text, strlen(text), &options);
    assert_imports_line(&imported, "app=mine commit=7777 branch=asked");
    assert_imports_line(&imported, "environment=usual");
    imported_release(&imported);
    options.environment = "lab";
    options.has_better = true;
    options.better = TARE_HIGHER;
    imported = imported_bytes("github-action-benchmark", "f", text, strlen(text), &options);
    assert_imports_line(&imported, "environment=lab");
    assert_imports_line(&imported, "a | ms higher core | 1 0 | 1");
    imported_release(&imported);
}

static enum tare_status refuse(void *ctx, const struct batch *batch, struct tare_error *error)
{
    (void)ctx;
    (void)batch;
    if (error != NULL)
        *error = (struct tare_error){.status = TARE_E_FULL, .message = "no more"};
    return TARE_E_FULL;
}

TEST(importer__what_the_taker_says_ends_the_import)
{
    struct import_options options = imported_options();
    struct import_result result = {0};
    struct tare_error error = {0};
    assert_int_equal(import_path("auto", imported_fixture("hyperfine/traps.json"), &options,
                                 refuse, NULL, &result, &error),
                     TARE_E_FULL);
    assert_string_equal(error.message, "no more");
}

/* What the file says comes before what is usual here, and what was asked for before both. */
TEST(importer__the_file_goes_before_the_usual_and_the_command_line_before_all)
{
    struct import_options options = imported_options();
    options.app_usual = "usual";
    options.environment_usual = "usual";
    options.head_commit = "6666";
    const char *text = "time,app,environment,commit,m\n2025-01-01,theirs,box,1234,5\n";
    struct imported imported = imported_bytes("csv", "f", text, strlen(text), &options);
    assert_imports_line(&imported, "session app=theirs commit=1234 ");
    assert_imports_line(&imported, "environment=box");
    imported_release(&imported);
    options.app = "asked";
    options.environment = "lab";
    imported = imported_bytes("csv", "f", text, strlen(text), &options);
    assert_imports_line(&imported, "session app=asked ");
    assert_imports_line(&imported, "environment=lab");
    imported_release(&imported);
}
