#include "record/yaml_scalars.h"

#include "record/scene.h"
#include "suite.h"

#include <stdio.h>

static void read_text(const struct scene *scene, const char *text, struct yaml_scalars *scalars)
{
    char path[128];
    snprintf(path, sizeof path, "%s/tare.yml", scene->folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    yaml_scalars_read(path, scalars);
}

TEST(yaml_scalars__takes_plain_quoted_and_commented_values)
{
    struct scene scene;
    struct yaml_scalars scalars;
    char store[128];
    scene_begin(&scene);
    read_text(&scene,
              "# a file\nstore: data/tare.db   # relative\napp: \"My App\"\n"
              "environment: 'lab # 3'\nwindow: 10m\n  store: nested.db\nmetrics:\n  - app: no\n",
              &scalars);
    snprintf(store, sizeof store, "%s/data/tare.db", scene.folder);
    assert_string_equal(scalars.store, store);
    assert_string_equal(scalars.app, "My App");
    assert_string_equal(scalars.environment, "lab # 3");
    assert_string_equal(scalars.window, "10m");
    assert_string_equal(scalars.ingest, "");
    read_text(&scene, "store: postgresql://db/x\napp:\n", &scalars);
    assert_string_equal(scalars.store, "postgresql://db/x");
    assert_string_equal(scalars.app, "");
    scene_end(&scene);
}

TEST(yaml_scalars__of_a_missing_file_are_empty)
{
    struct yaml_scalars scalars;
    yaml_scalars_read("/no/such/tare.yml", &scalars);
    assert_string_equal(scalars.store, "");
}
