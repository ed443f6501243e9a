#include "app/status.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/live.h"

struct options {
    struct common_options common;
    bool live;
};

static const struct option_row rows[] = {
    OPTIONS_READING(options),
    {"all", 'a', OPTION_FLAG, offsetof(struct options, common.all), NULL,
     "secondary metrics too"},
    {"live", 0, OPTION_FLAG, offsetof(struct options, live), NULL,
     "of the programs that are running now"},
    {0},
};

static int status_show(struct context *context)
{
    struct tare_error error;
    struct status_report report;
    struct store_filter filter = context_filter(context);
    status_report_init(&report);
    int result = status_build(context->store, &filter, &report, &error) == TARE_OK
                     ? context_print(context, &report)
                     : command_fail(&error);
    status_report_release(&report);
    return result;
}

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {0};
    struct context context;
    int operands;
    int result = context_begin(&context, command, argc, argv, &options, &operands);
    if (result >= 0)
        return result;
    if (operands < argc)
        result = command_usage(command, "status takes no operands, so not '%.60s'", argv[operands]);
    if (result < 0)
        result = context_renderer(&context, status_renderers);
    if (result < 0 && options.live)
        result = live_show(&context);
    if (result < 0)
        result = context_open(&context, CONTEXT_READ);
    if (result < 0)
        result = status_show(&context);
    context_end(&context);
    return result;
}

const struct command command_status = {
    .name = "status",
    .synopsis = "[options]",
    .summary = "how the newest session did: values, targets, baselines, verdicts",
    .details = "Shows the newest session of the app (of --app, TARE_APP or tare.yml; else of any):\n"
               "each core and custom metric with its value, verdict, target and baseline, then\n"
               "warnings and the trend.",
    .options = rows,
    .run = run,
};
