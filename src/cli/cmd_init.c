#include "app/config.h"
#include "app/config_template.h"
#include "app/metric_sync.h"
#include "app/repository.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/context.h"

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

/* The file must not be there yet; a failure leaves nothing behind. */
static int file_make(const struct command *command, const struct options *options)
{
    struct tare_error error;
    char *folder = getcwd(NULL, 0);
    const char *app = options->common.app;
    if (app == NULL)
        app = folder != NULL && strcmp(folder, "/") != 0 ? file_base_name(folder) : "app";
    if (file_exists("tare.yml")) {
        free(folder);
        return command_usage(command, "tare.yml is there already; change it, or remove it first");
    }
    char branch[128];
    repository_main_branch(branch);
    char *text = config_template(options->preset, app, branch);
    enum tare_status status = text != NULL ? file_write_atomic("tare.yml", text, strlen(text),
                                                               0644, true, &error)
                                           : TARE_E_MEMORY;
    if (text == NULL)
        snprintf(error.message, sizeof error.message, "out of memory");
    free(text);
    free(folder);
    error.status = status;
    return status == TARE_OK ? -1 : command_fail(&error);
}

static int store_make(const char **store_url, struct config *config)
{
    struct tare_error error;
    struct store *store = NULL;
    const struct store_options create = {.create = true};
    enum tare_status status = config_read("tare.yml", config, &error);
    if (status == TARE_OK) {
        *store_url = config->store;
        status = store_open(config->store, &create, &store, &error);
    }
    if (status == TARE_OK)
        status = metric_sync(store, config->store, config, &error);
    store_close(store);
    if (status == TARE_OK)
        return -1;
    unlink("tare.yml");
    command_say("%s", error.message);
    return EXIT_TROUBLE;
}

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {.preset = "app"};
    struct tare_error error;
    struct config config = {0};
    const char *store_url = NULL;
    bool help = false;
    int operands;
    if (options_parse(command->options, argc, argv, &options, false, &operands, &help, &error) !=
        TARE_OK)
        return command_usage(command, "%s", error.message);
    if (help)
        return command_help(command);
    if (operands < argc)
        return command_usage(command, "init takes no operands, so not '%.60s'", argv[operands]);
    if (!config_preset_valid(options.preset))
        return command_usage(command, "--preset is app, ci or empty, not '%.40s'", options.preset);
    int result = file_make(command, &options);
    if (result < 0)
        result = store_make(&store_url, &config);
    if (result < 0) {
        printf("Wrote tare.yml (%zu metrics) and the store %s.\n"
               "Next: tare run -- COMMAND, or link libtare; then tare status.\n",
               config.metric_count, file_base_name(store_url));
        if (repository_offers(file_base_name(store_url)))
            printf("Keep the history out of git: echo '/tare.db*' >>.gitignore\n");
        result = fflush(stdout) == 0 ? EXIT_DONE : EXIT_TROUBLE;
    }
    config_release(&config);
    return result;
}

const struct command command_init = {
    .name = "init",
    .synopsis = "[--preset app|ci|empty] [--app NAME]",
    .summary = "writes tare.yml here and creates the store beside it",
    .details =
        "tare.yml names the store, the app and its metrics, with every default as a comment.\n"
        "An existing tare.yml is never overwritten. The preset ci is for benchmarks of commits:\n"
        "a base branch, one environment for all runners, measurements kept for a year.",
    .options = rows,
    .run = run,
};
