/* The formats of which a file is one JSON document: what is refused, and real files. */
#include "imported.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

TEST(format_asv__errors_name_the_path)
{
    assert_refuses(imported_text("asv", "{\"commit_hash\": \"a\"}"), "f: results is missing");
    assert_refuses(
        imported_text("asv", "{\"commit_hash\": \"a\", \"results\": {\"b.time_c\": \"x\"}}"),
        "f: results.b.time_c is a text: it must be a number");
    assert_refuses(imported_text("asv",
                                 "{\"results\": {\"t\": {\"result\": [1], \"params\": [[\"1\"]], "
                                 "\"samples\": [[true]]}}}"),
                   "samples[0][0] is true");
}

TEST(format_asv__a_file_that_grew_has_its_old_batches_still)
{
    struct imported old = imported_text("asv",
                                        "{\"commit_hash\": \"a\", \"results\": {\"t\": 1}}");
    struct imported grown = imported_text(
        "asv", "{\"commit_hash\": \"a\", \"results\": {\"s\": 3, \"t\": 1}}");
    assert_non_null(strstr(grown.ids.text, old.ids.text));
    imported_release(&old);
    imported_release(&grown);
}

TEST(format_asv__samples_import)
{
    const struct import_options options = imported_options();
    const char *path = imported_sample("asv/result.json");
    if (path == NULL)
        skip();
    struct imported imported = imported_path("auto", path, &options);
    assert_imports_line(&imported, "commit=05d283b9694ed6db6e3f2df3f21d832e78bded7f branch=- "
                                   "time=2013-12-10T15:20:01Z environment=cheetah "
                                   "labels=numpy=1.8,python=2.7");
    assert_imports_line(&imported, "  time_units.mem_unit | MB lower core | 1 0 | 0.000728\n");
    imported_release(&imported);
}

TEST(format_benchmarkdotnet__errors_name_the_path)
{
    assert_refuses(imported_text("benchmarkdotnet", "{\"Benchmarks\": [{}]}"),
                   "f: Benchmarks[0].FullName is missing: it must be a text");
    assert_refuses(imported_text("benchmarkdotnet",
                                 "{\"Benchmarks\": [{\"FullName\": \"a\", \"Statistics\": {}}]}"),
                   "f: Benchmarks[0].Statistics.Median is missing");
}

TEST(format_benchmarkdotnet__samples_import)
{
    const struct import_options options = imported_options();
    const char *path = imported_sample("benchmarkdotnet/report.json");
    if (path == NULL)
        skip();
    struct imported imported = imported_path("auto", path, &options);
    assert_imports_line(&imported,
                        "time=2020-05-29T16:44:31Z environment=Intel Core i7-7820HQ CPU");
    assert_imports_line(&imported,
                        "  Sample.Benchmarks.Fib10 | ms lower core | 14 0 | 2.480546203e-05");
    imported_release(&imported);
}

TEST(format_bmf__asks_where_the_format_is_silent)
{
    const char *text = "{\"a\": {\"accuracy\": {\"value\": 3}}}";
    assert_refuses(imported_text("bmf", text), "say --better lower or --better higher");
    struct import_options options = imported_options();
    options.has_better = true;
    options.better = TARE_HIGHER;
    options.unit = "%";
    struct imported imported = imported_bytes("bmf", "f", text, strlen(text), &options);
    assert_imports_line(&imported, "  a.accuracy | % higher secondary | 1 0 | 3\n");
    imported_release(&imported);
}

TEST(format_bmf__errors_name_the_path)
{
    assert_refuses(imported_text("bmf", "{\"a\": {\"latency\": {}}}"),
                   "f: a.latency.value is missing: it must be a number");
    assert_refuses(imported_text("bmf", "{\"a\": 5}"), "f: a is a number: it must be an object");
    assert_refuses(imported_text("bmf", "[]"), "f: the document is an array");
    assert_refuses(imported_text("bmf", "{\"\": {\"latency\": {\"value\": 1}}}"), "has no name");
}

TEST(format_bmf__samples_import)
{
    const struct import_options options = imported_options();
    const char *path = imported_sample("bmf/latency.json");
    if (path == NULL)
        skip();
    struct imported imported = imported_path("auto", path, &options);
    assert_imports_line(&imported, "  tests::benchmark_a | ms lower core | 1 0 | 0.003247\n");
    imported_release(&imported);
}

TEST(format_jmh__errors_name_the_path)
{
    assert_refuses(imported_text("jmh", "[{\"benchmark\": \"a\"}]"),
                   "f: [0].primaryMetric is missing: it must be an object");
    assert_refuses(imported_text("jmh",
                                 "[{\"benchmark\": \"a\", \"primaryMetric\": {\"scoreUnit\": "
                                 "\"ops/s\", \"rawData\": [[1], [\"x\"]]}}]"),
                   "f: [0].primaryMetric.rawData[1][0] is a text: it must be a number");
    assert_refuses(imported_text("jmh",
                                 "[{\"benchmark\": \"a\", \"primaryMetric\": {\"scoreUnit\": "
                                 "\"s/op\", \"rawDataHistogram\": [[[[1, -1]]]]}}]"),
                   "rawDataHistogram[0][0][0][1] is a number: it must be a count");
}

TEST(format_jmh__samples_import)
{
    const struct import_options options = imported_options();
    const char *path = imported_sample("jmh/params.json");
    if (path == NULL)
        skip();
    struct imported imported = imported_path("auto", path, &options);
    assert_imports_line(&imported, "JMHSample_01_HelloWorld.wellHelloThere:thrpt [paramA=17, "
                                   "paramB=33] | ops/s higher core | 3 0 | 3376842766 3376519889");
    imported_release(&imported);
    imported = imported_path("auto", imported_sample("jmh/plain.json"), &options);
    assert_imports_line(&imported, "wellHelloThere:thrpt | ops/s higher core | 3 0 |");
    imported_release(&imported);
}

TEST(format_pytest__errors_name_the_path)
{
    assert_refuses(imported_text("pytest-benchmark", "{\"benchmarks\": [{\"fullname\": \"a\"}]}"),
                   "f: benchmarks[0].stats is missing: it must be an object");
    assert_refuses(imported_text("pytest-benchmark",
                                 "{\"benchmarks\": [{\"name\": \"a\", \"stats\": {\"rounds\": 2, "
                                 "\"data\": [1, \"x\"]}}]}"),
                   "f: benchmarks[0].stats.data[1] is a text");
}

TEST(format_pytest__samples_import)
{
    const struct import_options options = imported_options();
    const char *path = imported_sample("pytest-benchmark/one-unit.json");
    if (path == NULL)
        skip();
    struct imported imported = imported_path("auto", path, &options);
    assert_imports_line(&imported,
                        "session app=github-action-benchmark "
                        "commit=9d55ab0434c9088746ae2d134702d782bf088644+ branch=pytest "
                        "time=2019-11-17T02:22:16.817862Z "
                        "environment=Intel(R) Core(TM) i7-4771 CPU @ 3.50GHz, Darwin 18, x86_64");
    assert_imports_line(&imported, "  bench.py::test_fib_10 | ms lower core | 1 0 | 0.0223\n");
    imported_release(&imported);
    imported = imported_path("auto", imported_sample("pytest-benchmark/several-units.json"),
                             &options);
    assert_imports_line(&imported, "  bench.py::test_sleep_2 | ms lower core | 5 0 | 2005.173128");
    imported_release(&imported);
}

/* A folder of criterion as it stands after a run, out of the fixture's files. */
struct criterion_tree {
    char root[64];
};

static void tree_write(const struct criterion_tree *tree, const char *path, const char *name,
                       const char *text)
{
    char place[512];
    snprintf(place, sizeof place, "%s/%s", tree->root, path);
    assert_int_equal(file_make_folders(place, NULL), TARE_OK);
    snprintf(place, sizeof place, "%s/%s/%s", tree->root, path, name);
    assert_int_equal(file_write_atomic(place, text, strlen(text), 0644, false, NULL), TARE_OK);
}

static void tree_benchmark(const struct criterion_tree *tree, const char *id, const char *sample)
{
    char path[256], text[512];
    static const char *const runs[] = {"new", "base"};
    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", id, runs[i]);
        snprintf(
            text, sizeof text,
            "{\"group_id\":\"%s\",\"function_id\":null,\"value_str\":null,\"throughput\":null,"
            "\"full_id\":\"%s\",\"directory_name\":\"%s\",\"title\":\"%s\"}",
            id, id, id, id);
        tree_write(tree, path, "benchmark.json", text);
        tree_write(tree, path, "sample.json", sample);
    }
    snprintf(path, sizeof path, "%s/report", id);
    tree_write(tree, path, "index.html", "<html></html>");
}

static struct criterion_tree tree_make(void)
{
    struct criterion_tree tree = {.root = "/tmp/tare-criterion-XXXXXX"};
    assert_non_null(mkdtemp(tree.root));
    tree_benchmark(&tree, "b", "[[10,20],[100,220]]");
    tree_benchmark(&tree, "a", "{\"sampling_mode\":\"Flat\",\"iters\":[1,1],\"times\":[5,6]}");
    return tree;
}

static void tree_remove(const struct criterion_tree *tree)
{
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", tree->root);
    FILE *done = popen(command, "r");
    if (done != NULL)
        pclose(done);
}

TEST(format_criterion__a_folder_is_one_session_with_a_batch_a_benchmark)
{
    const struct import_options options = imported_options();
    struct criterion_tree tree = tree_make();
    struct imported imported = imported_path("auto", tree.root, &options);
    assert_imports_line(&imported, "  a | ms lower core | 2 0 | 5e-06 6e-06\n");
    assert_imports_line(&imported, "  b | ms lower core | 2 0 | 1e-05 1.1e-05\n");
    assert_int_equal(imported.result.batches, 2);
    assert_int_equal(imported.result.sessions, 1);
    const char *second = strchr(imported.ids.text, '\n') + 1;
    assert_memory_equal(imported.ids.text, second, 36);
    imported_release(&imported);
    tree_remove(&tree);
}

/* Without the sample the median stands, as older files and newer ones spell it. */
TEST(format_criterion__estimates_stand_where_there_is_no_sample)
{
    static const char *const spellings[] = {"median", "Median"};
    const struct import_options options = imported_options();
    struct criterion_tree tree = tree_make();
    char path[128], text[256];
    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/b/new/sample.json", tree.root);
        unlink(path);
        snprintf(text, sizeof text,
                 "{\"%s\":{\"confidence_interval\":{},\"point_estimate\":4500.0,"
                 "\"standard_error\":1},\"slope\":null}",
                 spellings[i]);
        tree_write(&tree, "b/new", "estimates.json", text);
        struct imported imported = imported_path("auto", tree.root, &options);
        assert_imports_line(&imported, "  b | ms lower core | 1 0 | 0.0045\n");
        imported_release(&imported);
    }
    tree_remove(&tree);
}

TEST(format_criterion__what_did_not_run_again_keeps_its_batch)
{
    const struct import_options options = imported_options();
    struct criterion_tree tree = tree_make();
    struct imported before = imported_path("criterion", tree.root, &options);
    tree_benchmark(&tree, "b", "[[10,20],[110,240]]");
    struct imported after = imported_path("criterion", tree.root, &options);
    char *first = strstr(before.ids.text, ", "), *first_after = strstr(after.ids.text, ", ");
    size_t length = strcspn(first, "\n");
    assert_memory_equal(first, first_after, length);
    assert_memory_not_equal(before.ids.text, after.ids.text, 36);
    assert_string_not_equal(strrchr(before.ids.text, ','), strrchr(after.ids.text, ','));
    imported_release(&before);
    imported_release(&after);
    tree_remove(&tree);
}

TEST(format_criterion__errors_name_the_file_and_path)
{
    const struct import_options options = imported_options();
    struct criterion_tree tree = tree_make();
    tree_write(&tree, "b/new", "sample.json", "{\"iters\": [1, 0], \"times\": [2, 3]}");
    assert_refuses(imported_path("auto", tree.root, &options), "b/new/sample.json: iters[1] is a");
    tree_write(&tree, "b/new", "sample.json", "{\"iters\": [1], \"times\": [2, 3]}");
    assert_refuses(imported_path("auto", tree.root, &options), "as long as its iterations");
    tree_write(&tree, "b/new", "sample.json", "{\"iters\": [1],\n \"times\": [");
    assert_refuses(imported_path("auto", tree.root, &options), "b/new/sample.json:2:");
    tree_remove(&tree);
    assert_refuses(imported_text("criterion", "{}"), "criterion's results are folders");
}

TEST(format_criterion__samples_import)
{
    const struct import_options options = imported_options();
    const char *path = imported_sample("criterion");
    if (path == NULL)
        skip();
    struct imported imported = imported_path("auto", path, &options);
    assert_int_equal(imported.result.files, 1);
    assert_imports_line(&imported, "  Fibonacci/Iterative | ms lower core | 100 0 | ");
    imported_release(&imported);
}

TEST(importer_folder__skips_what_it_does_not_know)
{
    const struct import_options options = imported_options();
    struct criterion_tree tree = {.root = "/tmp/tare-criterion-XXXXXX"};
    assert_non_null(mkdtemp(tree.root));
    assert_refuses(imported_path("auto", tree.root, &options), "holds no file that 'auto' knows");
    tree_write(&tree, "x", "notes.md", "Some words.\n");
    tree_write(&tree, "x", "r.json", "[{\"name\": \"a\", \"unit\": \"s\", \"value\": 1}]");
    struct imported imported = imported_path("auto", tree.root, &options);
    assert_imports_line(&imported, "  a | ms lower core | 1 0 | 1000\n");
    assert_int_equal(imported.result.skipped, 1);
    imported_release(&imported);
    assert_refuses(imported_path("hyperfine", tree.root, &options), "'hyperfine' knows");
    tree_remove(&tree);
}
