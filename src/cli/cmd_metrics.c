#include "app/lists.h"
#include "cli/commands.h"
#include "cli/context.h"

struct options {
    struct common_options common;
};

static const struct option_row rows[] = {OPTIONS_READING(options), {0}};

static int metrics_show(struct context *context)
{
    struct tare_error error;
    struct metric_report report = {0};
    struct store_filter filter = context_filter(context);
    int result = metric_report_build(context->store, &filter, &report, &error) == TARE_OK
                     ? context_print(context, &report)
                     : command_fail(&error);
    metric_report_release(&report);
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
        result =
            command_usage(command, "metrics takes no operands, so not '%.60s'", argv[operands]);
    if (result < 0)
        result = context_renderer(&context, metric_renderers);
    if (result < 0)
        result = context_open(&context, CONTEXT_READ);
    if (result < 0)
        result = metrics_show(&context);
    context_end(&context);
    return result;
}

const struct command command_metrics = {
    .name = "metrics",
    .synopsis = "[options]",
    .summary = "what is measured: units, direction, targets, newest values",
    .details = NULL,
    .options = rows,
    .run = run,
};
