#include "app/config_template.h"

#include "app/config_file.h"
#include "record/settings.h"
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Puts what stands behind "# " in place, in lines with a key. */
static void uncover(char *text)
{
    for (char *line = text; line != NULL && *line != '\0';) {
        char *end = strchr(line, '\n');
        const char *word = line + 2 + strspn(line + 2, " -");
        size_t length = strspn(word, "abcdefghijklmnopqrstuvwxyz_");
        if (line[0] == '#' && line[1] == ' ' && length > 0 && word[length] == ':')
            memmove(line, line + 2, strlen(line + 2) + 1);
        else
            line = end;
        line = strchr(line, '\n');
        line = line != NULL ? line + 1 : NULL;
    }
}

/* The template of a preset, every default in its place, in a file. */
static void template_write(const char *preset, char path[32])
{
    char *text = config_template(preset, "shop", "main");
    assert_non_null(text);
    uncover(text);
    assert_null(strstr(text, "\n# window"));
    snprintf(path, 32, "/tmp/tare-template-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    free(text);
}

static void metric_same(const struct metric *shown, const struct metric *by_default)
{
    assert_string_equal(shown->id, "my_metric");
    assert_null(shown->name);
    assert_string_equal(shown->unit, "count");
    assert_int_equal(shown->better, by_default->better);
    assert_int_equal(shown->aggregate, by_default->aggregate);
    assert_int_equal(shown->category, by_default->category);
    assert_close(shown->target, by_default->target, 0);
    assert_close(shown->warning_percent, by_default->warning_percent, 0);
    assert_close(shown->error_percent, by_default->error_percent, 0);
    assert_close(shown->min_change, by_default->min_change, 0);
    assert_close(shown->resolution, by_default->resolution, 0);
    assert_close(shown->weight, by_default->weight, 0);
    assert_int_equal(shown->warmup, by_default->warmup);
    assert_int_equal(shown->persist_needed, by_default->persist_needed);
    assert_int_equal(shown->persist_of, by_default->persist_of);
}

static void shows_the_defaults(const char *preset, bool retention)
{
    char path[32];
    struct tare_error error = {0};
    struct config shown, by_default;
    struct metric metric;
    template_write(preset, path);
    config_init(&by_default);
    metric_init(&metric);
    if (config_read(path, &shown, &error) != TARE_OK)
        fail_msg("%s", error.message);
    assert_int_equal(shown.baseline_window, by_default.baseline_window);
    assert_int_equal(shown.baseline_minimum, by_default.baseline_minimum);
    assert_int_equal(shown.baseline_update_every, by_default.baseline_update_every);
    if (retention) {
        assert_int_equal(shown.raw_days, by_default.raw_days);
        assert_int_equal(shown.rollup_days, by_default.rollup_days);
        assert_null(shown.environment);
        assert_null(shown.base_branch);
    }
    assert_string_equal(shown.labels, "");
    assert_true(shown.metric_count > 0);
    metric_same(&shown.metrics[shown.metric_count - 1], &metric);
    config_release(&shown);
    unlink(path);
}

TEST(config_template__shows_the_defaults_of_the_program)
{
    shows_the_defaults("app", true);
    shows_the_defaults("empty", true);
    shows_the_defaults("ci", false);
}

TEST(config_template__shows_the_defaults_of_the_recorder)
{
    char path[32];
    struct settings shown, by_default;
    unsetenv("TARE_WINDOW");
    unsetenv("TARE_INGEST");
    template_write("app", path);
    setenv("TARE_CONFIG", path, 1);
    assert_int_equal(settings_read(NULL, &shown, NULL), TARE_OK);
    setenv("TARE_CONFIG", "/nowhere/tare.yml", 1);
    assert_int_equal(settings_read(NULL, &by_default, NULL), TARE_OK);
    unsetenv("TARE_CONFIG");
    unlink(path);
    assert_int_equal(shown.window_ns, by_default.window_ns);
    assert_int_equal(shown.ingest_never, by_default.ingest_never);
    assert_string_equal(settings_text(&shown, TEXT_APP), "shop");
}

TEST(config_template__for_benchmarks_of_commits)
{
    char path[] = "/tmp/tare-template-XXXXXX";
    struct config config;
    char *text = config_template("ci", "shop", "trunk");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    free(text);
    assert_int_equal(config_read(path, &config, NULL), TARE_OK);
    unlink(path);
    assert_string_equal(config.base_branch, "trunk");
    assert_string_equal(config.environment, "ci");
    assert_int_equal(config.raw_days, 365);
    assert_int_equal(config.rollup_days, 1825);
    assert_int_equal(config.metric_count, 0);
    config_release(&config);
}

TEST(config_template__knows_its_presets)
{
    assert_true(config_preset_valid("app"));
    assert_true(config_preset_valid("ci"));
    assert_true(config_preset_valid("empty"));
    assert_false(config_preset_valid("everything"));
}
