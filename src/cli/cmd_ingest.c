#include "app/ingest.h"
#include "cli/commands.h"
#include "cli/notices.h"
#include "cli/verbs.h"

#include <stdio.h>

struct options {
    struct common_options common;
    bool quiet;
};

static const struct option_row rows[] = {
    OPTION_STORE(options),
    {"quiet", 'q', OPTION_FLAG, offsetof(struct options, quiet), NULL,
     "say nothing but what went wrong"},
    {0},
};

static void result_print(const struct ingest_result *result)
{
    printf("Took in %zu hand-over%s with %llu samples", result->batches,
           result->batches == 1 ? "" : "s", (unsigned long long)result->samples);
    if (result->known > 0)
        printf("; %zu were known already", result->known);
    if (result->crashed > 0)
        printf("; %zu session%s crashed", result->crashed, result->crashed == 1 ? "" : "s");
    if (result->running > 0)
        printf("; %zu still running", result->running);
    if (result->newer > 0)
        printf("; %zu of a newer tare were left", result->newer);
    printf(".\n");
}

static int take(struct context *context, void *values, char **operands)
{
    (void)operands;
    const struct options *options = values;
    struct tare_error error;
    struct ingest_result result;
    enum tare_status status = ingest_run(context->store, context->store_url, &context->config,
                                         &result, &error);
    if (status == TARE_OK && !options->quiet)
        result_print(&result);
    notices_print(context->store_url, &context->config, &result);
    ingest_result_release(&result);
    context->delivers = true;
    if (status == TARE_OK)
        return EXIT_DONE;
    command_fail(&error);
    return EXIT_TROUBLE;
}

static const struct command_verb verbs[] = {{"", 0, 0, NULL, CONTEXT_CREATE, take}, {0}};

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {0};
    return verbs_run(command, NULL, verbs, &options, argc, argv);
}

const struct command command_ingest = {
    .name = "ingest",
    .synopsis = "[options]",
    .summary = "takes in what programs handed over",
    .details = "Every other command does this first; programs start it when they end. What was\n"
               "taken in once is never taken in again.",
    .options = rows,
    .run = run,
};
