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

static void labels_are(const struct scene *scene, const char *text, const char *wanted)
{
    struct yaml_scalars scalars;
    read_text(scene, text, &scalars);
    assert_string_equal(scalars.labels, wanted);
}

TEST(yaml_scalars__takes_labels_in_either_form_of_list)
{
    struct scene scene;
    scene_begin(&scene);
    labels_are(&scene, "labels: [team=a, \"stage=b # c\" , 'd=e']  # ours\napp: x\n",
               "team=a,stage=b # c,d=e");
    labels_are(&scene, "labels:\n  - team=a   # ours\n\n  # more\n  - \"d=e\"\napp: x\n  - f=g\n",
               "team=a,d=e");
    labels_are(&scene, "labels:\n- team=a\n- d=e\n", "team=a,d=e");
    labels_are(&scene, "labels: [team=a,\n  d=e,\n]\nbaseline: [f=g]\n", "team=a,d=e");
    labels_are(&scene, "labels: []\n", "");
    labels_are(&scene, "labels:\nmetrics:\n  - id: a\n", "");
    labels_are(&scene, "labels: [\"team=a\n", ""); /* the binary says what is wrong with it */
    scene_end(&scene);
}

TEST(yaml_scalars__take_no_word_for_nothing)
{
    struct scene scene;
    struct yaml_scalars scalars;
    scene_begin(&scene);
    read_text(&scene, "app: ~\nenvironment: null # none\nwindow: \"~\"\n", &scalars);
    assert_string_equal(scalars.app, "");
    assert_string_equal(scalars.environment, "");
    assert_string_equal(scalars.window, "~");
    scene_end(&scene);
}
