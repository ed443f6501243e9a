#include "app/config.h"
#include "app/config_template.h"
#include "app/metric_sync.h"
#include "app/repository.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "record/upwards.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct options {
    struct common_options common;
    const char *preset;
};

static const struct option_row rows[] = {
    {"preset", 0, OPTION_TEXT, offsetof(struct options, preset), "app|ci|empty",
     "app: the catalogue of 21 metrics (default)"},
    {"app", 0, OPTION_TEXT, offsetof(struct options, common.app), "NAME",
     "the app's name (the folder's)"},
    {0},
};

/* The file is not there yet; a failure leaves nothing behind. */
static int file_make(const struct options *options)
{
    struct tare_error error;
    char *folder = getcwd(NULL, 0);
    const char *app = options->common.app;
    if (app == NULL)
        app = folder != NULL && strcmp(folder, "/") != 0 && text_is_utf8(file_base_name(folder))
                  ? file_base_name(folder)
                  : "app";
    char branch[128];
    repository_main_branch(branch);
    char *text = config_template(options->preset != NULL ? options->preset : "app", app, branch);
    enum tare_status status = text != NULL ? file_write_atomic("tare.yml", text, strlen(text),
                                                               0666, true, &error)
                                           : TARE_E_MEMORY;
    if (text == NULL)
        snprintf(error.message, sizeof error.message, "out of memory");
    free(text);
    free(folder);
    error.status = status;
    return status == TARE_OK ? -1 : command_fail(&error);
}

/* The store that tare.yml names, with the metrics that it defines. */
static int store_make(const struct config *config)
{
    struct tare_error error;
    struct store *store = NULL;
    const struct store_options create = {.create = true};
    enum tare_status status = store_open(config->store, &create, &store, &error);
    if (status == TARE_OK)
        status = metric_sync(store, config->store, config, &error);
    store_close(store);
    if (status == TARE_OK)
        return -1;
    command_say("%s", error.message);
    return EXIT_TROUBLE;
}

/* Whether the store that tare.yml names has still to be made, as in a fresh clone of a repository
 * that keeps the file and not the history. */
static bool store_lacks(const struct config *config)
{
    struct store *store = NULL;
    const struct store_options reading = {.read_only = true};
    enum tare_status status = config->store != NULL
                                  ? store_open(config->store, &reading, &store, NULL)
                                  : TARE_OK;
    store_close(store);
    return status == TARE_E_NOT_FOUND;
}

/* tare.yml is there and stays as it is. */
static int store_add(const struct command *command, const struct options *options,
                     struct config *config)
{
    struct tare_error error;
    if (config_read("tare.yml", config, &error) != TARE_OK)
        return command_fail(&error);
    if (options->preset != NULL || options->common.app != NULL || !store_lacks(config))
        return command_usage(command, "tare.yml is there already; change it, or remove it first");
    int result = store_make(config);
    if (result < 0) {
        printf("tare.yml is there already and stays as it is; made the store %s that it names.\n",
               file_base_name(config->store));
        result = fflush(stdout) == 0 ? EXIT_DONE : EXIT_TROUBLE;
    }
    return result;
}

/* Whose tare.yml counts no more below this folder. */
static void above_note(void)
{
    char path[4096], *folder = getcwd(NULL, 0);
    char *parent = folder != NULL ? file_parent(folder) : NULL;
    if (parent != NULL && strcmp(parent, folder) != 0 &&
        upwards_find(parent, "tare.yml", path, sizeof path))
        printf("In this folder and below it counts, and no longer %s.\n", path);
    free(parent);
    free(folder);
}

static int both_make(const struct options *options, struct config *config)
{
    struct tare_error error;
    int result = file_make(options);
    if (result >= 0)
        return result;
    if (config_read("tare.yml", config, &error) != TARE_OK)
        result = command_fail(&error);
    else
        result = store_make(config);
    if (result >= 0) {
        unlink("tare.yml");
        return result;
    }
    printf("Wrote tare.yml (%zu metrics) and the store %s.\n"
           "Next: tare run -- COMMAND, or link libtare; then tare status.\n",
           config->metric_count, file_base_name(config->store));
    if (repository_offers(file_base_name(config->store)))
        printf("Keep the history out of git: echo '/tare.db*' >>.gitignore\n");
    above_note();
    return fflush(stdout) == 0 ? EXIT_DONE : EXIT_TROUBLE;
}

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {0};
    struct tare_error error;
    struct config config = {0};
    bool help = false;
    int operands, result;
    if (options_parse(command->options, argc, argv, &options, false, &operands, &help, &error) !=
        TARE_OK)
        return command_usage(command, "%s", error.message);
    if (help)
        return command_help(command);
    if (operands < argc)
        return command_usage(command, "init takes no operands, so not '%.60s'", argv[operands]);
    if (options.preset != NULL && !config_preset_valid(options.preset))
        return command_usage(command, "--preset is app, ci or empty, not '%.40s'", options.preset);
    if (options.common.app != NULL && options.common.app[0] == '\0')
        return command_usage(command, "--app is empty; it names the app");
    if (file_exists("tare.yml"))
        result = store_add(command, &options, &config);
    else
        result = both_make(&options, &config);
    config_release(&config);
    return result;
}

const struct command command_init = {
    .name = "init",
    .synopsis = "[--preset app|ci|empty] [--app NAME]",
    .summary = "writes tare.yml here and creates the store beside it",
    .details =
        "tare.yml names the store, the app and its metrics, with every default as a comment.\n"
        "An existing tare.yml is never overwritten; where the store that it names is not there\n"
        "yet, that is made. The preset ci is for benchmarks of commits: a base branch, one\n"
        "environment for all runners, measurements kept for a year.",
    .options = rows,
    .run = run,
};
