#include "record/settings.h"

#include "record/scene.h"
#include "suite.h"

#include <stdio.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* What a tracker is told under these options, with this text as tare.yml. */
static struct settings settings_of(const struct scene *scene, const tare_options *options)
{
    char path[128];
    struct settings settings;
    struct tare_error error = {0};
    snprintf(path, sizeof path, "%s/tare.yml", scene->folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("store: /file.db\napp: of-file\nenvironment: here\nwindow: 20m\ningest: exit\n"
          "labels:\n  - team=file\n  - zone=file\n",
          file);
    fclose(file);
    setenv("TARE_CONFIG", path, 1);
    if (settings_read(options, &settings, &error) != TARE_OK)
        fail_msg("%s", error.message);
    unsetenv("TARE_CONFIG");
    return settings;
}

static void settings_are(const struct settings *settings, const char *store, const char *app,
                         const char *environment, int64_t window_minutes)
{
    assert_string_equal(settings_text(settings, TEXT_STORE), store);
    assert_string_equal(settings_text(settings, TEXT_APP), app);
    assert_string_equal(settings_text(settings, TEXT_ENVIRONMENT), environment);
    assert_int_equal(settings->window_ns, window_minutes * 60 * 1000000000LL);
}

/* The recorder does not read what it hands on: two with one key, the later one counts. */
static void labels_end_with(const struct settings *settings, const char *wanted)
{
    const char *labels = settings_text(settings, TEXT_LABELS);
    size_t length = strlen(labels), tail = strlen(wanted);
    assert_true(length >= tail);
    assert_string_equal(labels + length - tail, wanted);
}

TEST(settings__are_the_files_then_the_variables_then_the_options)
{
    struct scene scene;
    const tare_options said = {.store = "/option.db",
                               .app = "of-option",
                               .environment = "there",
                               .labels = "zone=option",
                               .window_seconds = 2400};
    scene_begin(&scene);
    unsetenv("TARE_INGEST");
    struct settings settings = settings_of(&scene, NULL);
    settings_are(&settings, "/file.db", "of-file", "here", 20);
    labels_end_with(&settings, "team=file,zone=file");
    assert_false(settings.ingest_never);
    settings = settings_of(&scene, &said);
    settings_are(&settings, "/option.db", "of-option", "there", 40);
    labels_end_with(&settings, "zone=option");

    setenv("TARE_STORE", "/variable.db", 1);
    setenv("TARE_APP", "of-variable", 1);
    setenv("TARE_ENVIRONMENT", "elsewhere", 1);
    setenv("TARE_WINDOW", "30m", 1);
    setenv("TARE_INGEST", "never", 1);
    setenv("TARE_LABELS", "zone=variable", 1);
    settings = settings_of(&scene, NULL);
    settings_are(&settings, "/variable.db", "of-variable", "elsewhere", 30);
    labels_end_with(&settings, "zone=file,zone=variable");
    assert_true(settings.ingest_never);
    settings = settings_of(&scene, &said);
    settings_are(&settings, "/option.db", "of-option", "there", 40);
    labels_end_with(&settings, "zone=variable,zone=option");
    scene_end(&scene);
}

TEST(settings__of_nobody_are_the_defaults)
{
    struct scene scene;
    struct settings settings;
    scene_begin(&scene);
    setenv("TARE_CONFIG", "/nowhere/tare.yml", 1);
    setenv("XDG_STATE_HOME", "/state", 1);
    unsetenv("TARE_INGEST");
    assert_int_equal(settings_read(NULL, &settings, NULL), TARE_OK);
    settings_are(&settings, "/state/tare/tare.db", "test_record", "", 10);
    assert_false(settings.ingest_never);
    unsetenv("TARE_CONFIG");
    unsetenv("XDG_STATE_HOME");
    scene_end(&scene);
}

TEST(settings__refuse_labels_that_nobody_could_take)
{
    struct scene scene;
    struct settings settings;
    struct tare_error error = {0};
    scene_begin(&scene);
    setenv("TARE_LABELS", "a=b,nonsense", 1);
    assert_int_equal(settings_read(NULL, &settings, &error), TARE_E_USAGE);
    assert_non_null(strstr(error.message, "nonsense"));
    unsetenv("TARE_LABELS");
    scene_end(&scene);
}

TEST(settings__know_how_long_a_window_is)
{
    double seconds = 0;
    assert_true(window_parse("600", &seconds) && seconds == 600);
    assert_true(window_parse("90s", &seconds) && seconds == 90);
    assert_true(window_parse("10m", &seconds) && seconds == 600);
    assert_true(window_parse("2min", &seconds) && seconds == 120);
    assert_true(window_parse("1.5h", &seconds) && seconds == 5400);
    assert_true(window_parse("500ms", &seconds) && seconds == 0.5);
    seconds = 7;
    assert_false(window_parse("", &seconds));
    assert_false(window_parse("soon", &seconds));
    assert_false(window_parse("10 minutes", &seconds));
    assert_false(window_parse("-1", &seconds));
    assert_false(window_parse("nan", &seconds));
    assert_false(window_parse("1e9h", &seconds));
    assert_close(seconds, 7, 0);
}

/* execve(2) may name a program nothing, or "folder/". */
TEST(settings__a_program_without_a_name_has_its_files)
{
    struct scene scene;
    struct settings settings;
    char nothing[] = "", *kept = program_invocation_short_name;
    scene_begin(&scene);
    program_invocation_short_name = nothing;
    assert_int_equal(settings_read(NULL, &settings, NULL), TARE_OK);
    program_invocation_short_name = kept;
    assert_string_equal(settings_text(&settings, TEXT_APP), kept);
    scene_end(&scene);
}

TEST(settings__refuse_options_that_are_none)
{
    struct scene scene;
    struct settings settings;
    struct tare_error error = {0};
    const tare_options windows[] = {{.window_seconds = -5},
                                    {.window_seconds = NAN},
                                    {.window_seconds = 1e-300},
                                    {.window_seconds = INFINITY}};
    scene_begin(&scene);
    for (size_t i = 0; i < sizeof windows / sizeof windows[0]; i++)
        assert_int_equal(settings_read(&windows[i], &settings, NULL), TARE_E_USAGE);
    const tare_options hot = {.temperature = (enum tare_temperature)7};
    assert_int_equal(settings_read(&hot, &settings, NULL), TARE_E_USAGE);
    setenv("TARE_TEMPERATURE", "hot", 1);
    assert_int_equal(settings_read(NULL, &settings, &error), TARE_E_USAGE);
    assert_non_null(strstr(error.message, "'hot'"));
    setenv("TARE_TEMPERATURE", "warm", 1);
    assert_int_equal(settings_read(NULL, &settings, NULL), TARE_OK);
    scene_end(&scene);
}
