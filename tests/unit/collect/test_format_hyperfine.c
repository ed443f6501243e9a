#include "imported.h"

TEST(format_hyperfine__errors_name_line_or_path)
{
    assert_refuses(imported_text("hyperfine", "{\"results\": [{\"command\": \"a\"}]}"),
                   "f: results[0].mean is missing: it must be a number");
    assert_refuses(
        imported_text("hyperfine", "{\"results\": [{\"command\": \"a\", \"times\": [1, true]}]}"),
        "f: results[0].times[1] is true: it must be a number");
    assert_refuses(imported_text("hyperfine", "{\"results\": 3}"), "results is a number");
    assert_refuses(imported_text("hyperfine", "{\"results\": [\n{]}"), "f:2:");
}

TEST(format_hyperfine__samples_import)
{
    const struct import_options options = imported_options();
    const char *path = imported_sample("hyperfine/two.json");
    if (path == NULL)
        skip();
    struct imported imported = imported_path("auto", path, &options);
    assert_imports_line(&imported, "  sleep 0.1 | ms lower core | 27 0 | 105.8687687 107.2589767");
    assert_imports_line(&imported, "  sleep 0.2.user | ms lower secondary | 1 0 | 1.013969231\n");
    imported_release(&imported);
}
