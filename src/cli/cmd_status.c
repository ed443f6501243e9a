#include "app/live.h"
#include "app/status.h"
#include "cli/commands.h"
#include "cli/verbs.h"

struct options {
    struct common_options common;
    bool live;
};

static const struct option_row rows[] = {
    OPTIONS_READING(options),
    {"all", 'a', OPTION_FLAG, offsetof(struct options, common.all), NULL, "secondary metrics too"},
    {"live", 0, OPTION_FLAG, offsetof(struct options, live), NULL,
     "the newest program that is recording now"},
    {0},
};

static int show(struct context *context, void *values, char **operands)
{
    (void)operands;
    const struct options *options = values;
    struct tare_error error;
    struct status_report report;
    struct store_filter filter = context_filter(context);
    if (context->store == NULL && !options->live)
        return context_open(context, CONTEXT_READ); /* says that there is none */
    if (options->live)
        filter.app = options->common.app; /* whatever runs on this store */
    else
        context_note_nothing(context);
    status_report_init(&report);
    enum tare_status status = options->live
                                  ? live_build(context->store, context->store_url,
                                               &context->config, &filter, &report, &error)
                                  : status_build(context->store, &context->config, &filter,
                                                 &report, &error);
    int result = status == TARE_OK ? context_print(context, &report) : command_fail(&error);
    status_report_release(&report);
    return result;
}

static const struct command_verb verbs[] = {{"", 0, 0, NULL, CONTEXT_READ_IF_THERE, show}, {0}};

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {0};
    return verbs_run(command, status_renderers, verbs, &options, argc, argv);
}

const struct command command_status = {
    .name = "status",
    .synopsis = "[options]",
    .summary = "how the newest session did: values, targets, baselines, verdicts",
    .details =
        "Shows the newest session of the app (of --app, else of TARE_APP or tare.yml where\n"
        "it has any, else of all): each core and custom metric with its value, verdict,\n"
        "target and the baseline it was held against; then warnings, the trend, and how\n"
        "many other alerts are open. --live reads the newest program that is recording now\n"
        "straight from its session file; nothing is taken from it.",
    .options = rows,
    .run = run,
};
