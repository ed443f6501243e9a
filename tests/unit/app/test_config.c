#include "app/config.h"

#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A tare.yml of this text, named by TARE_CONFIG, and read. */
static void config_of(const char *text, struct config *config)
{
    static const char *const speaking[] = {"TARE_STORE", "TARE_APP", "TARE_ENVIRONMENT",
                                           "TARE_LABELS", "XDG_STATE_HOME"};
    char path[] = "/tmp/tare-config-XXXXXX";
    struct tare_error error = {0};
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    for (size_t i = 0; i < sizeof speaking / sizeof speaking[0]; i++)
        unsetenv(speaking[i]);
    setenv("TARE_CONFIG", path, 1);
    if (config_load(config, &error) != TARE_OK)
        fail_msg("%s", error.message);
    unsetenv("TARE_CONFIG");
    unlink(path);
}

typedef const char *setting_call(const struct config *config, const char *option);

static void said_is(const struct config *config, const char *option, setting_call *call,
                    const char *wanted)
{
    const char *said = call(config, option);
    if (wanted == NULL)
        assert_null(said);
    else
        assert_string_equal(said, wanted);
}

/* Of one setting: nobody says it, the file, the variable as well, the option as well; and that
 * what is empty says nothing. */
static void precedence(const char *text, const char *variable, setting_call *call)
{
    struct config nothing, config;
    config_of("", &nothing);
    config_of(text, &config);
    said_is(&nothing, NULL, call, NULL);
    said_is(&config, NULL, call, "/file");
    said_is(&config, "/option", call, "/option");
    setenv(variable, "/variable", 1);
    said_is(&nothing, NULL, call, "/variable");
    said_is(&config, NULL, call, "/variable");
    said_is(&config, "/option", call, "/option");
    setenv(variable, "", 1);
    said_is(&config, NULL, call, "/file");
    said_is(&config, "", call, "/file");
    unsetenv(variable);
    config_release(&nothing);
    config_release(&config);
}

TEST(config__app_is_the_files_then_the_variables_then_the_options)
{
    precedence("app: /file\n", "TARE_APP", config_app);
}

TEST(config__environment_is_the_files_then_the_variables_then_the_options)
{
    precedence("environment: /file\n", "TARE_ENVIRONMENT", config_environment);
}

static const char *store_said(const struct config *config, const char *option)
{
    static char said[512];
    char *store = NULL;
    setenv("XDG_STATE_HOME", "/state", 1);
    assert_int_equal(config_store(config, option, &store, NULL), TARE_OK);
    snprintf(said, sizeof said, "%s", store);
    free(store);
    return strcmp(said, "/state/tare/tare.db") == 0 ? NULL : said;
}

TEST(config__store_is_the_files_then_the_variables_then_the_options)
{
    precedence("store: /file\n", "TARE_STORE", store_said);
}

TEST(config__store_without_a_word_from_anybody_is_in_the_state_folder)
{
    struct config config;
    char *store = NULL;
    config_of("", &config);
    setenv("HOME", "/somewhere", 1);
    assert_int_equal(config_store(&config, NULL, &store, NULL), TARE_OK);
    assert_string_equal(store, "/somewhere/.local/state/tare/tare.db");
    free(store);
    setenv("XDG_STATE_HOME", "/elsewhere", 1);
    assert_int_equal(config_store(&config, NULL, &store, NULL), TARE_OK);
    assert_string_equal(store, "/elsewhere/tare/tare.db");
    free(store);
    unsetenv("XDG_STATE_HOME");
    config_release(&config);
}

static void labels_are(const struct config *config, const char *option, const char *wanted)
{
    char *labels = NULL;
    assert_int_equal(config_labels(config, option, &labels, NULL), TARE_OK);
    assert_string_equal(labels, wanted);
    free(labels);
}

TEST(config__labels_come_together_and_the_last_to_speak_of_a_key_wins)
{
    struct config config;
    struct tare_error error = {0};
    char *labels = NULL;
    config_of("labels: [team=file, tier=file, zone=file]\n", &config);
    labels_are(&config, NULL, "team=file,tier=file,zone=file");
    labels_are(&config, "zone=option", "team=file,tier=file,zone=option");
    setenv("TARE_LABELS", "tier=variable,zone=variable,new=1", 1);
    labels_are(&config, NULL, "new=1,team=file,tier=variable,zone=variable");
    labels_are(&config, "zone=option", "new=1,team=file,tier=variable,zone=option");
    setenv("TARE_LABELS", "none", 1);
    assert_int_equal(config_labels(&config, NULL, &labels, &error), TARE_E_USAGE);
    assert_non_null(strstr(error.message, "'none' is not key=value"));
    unsetenv("TARE_LABELS");
    config_release(&config);
}
