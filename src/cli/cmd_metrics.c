#include "app/lists.h"
#include "cli/commands.h"
#include "cli/verbs.h"

struct options {
    struct common_options common;
};

static const struct option_row rows[] = {OPTIONS_READING(options), {0}};

static int show(struct context *context, void *values, char **operands)
{
    (void)values;
    (void)operands;
    struct tare_error error;
    struct metric_report report = {0};
    struct store_filter filter = context_filter(context);
    int result = metric_report_build(context->store, &filter, &report, &error) == TARE_OK
                     ? context_print(context, &report)
                     : command_fail(&error);
    metric_report_release(&report);
    return result;
}

static const struct command_verb verbs[] = {{"", 0, 0, NULL, CONTEXT_READ, show}, {0}};

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {0};
    return verbs_run(command, metric_renderers, verbs, &options, argc, argv);
}

const struct command command_metrics = {
    .name = "metrics",
    .synopsis = "[options]",
    .summary = "what is measured: units, direction, targets, newest values",
    .details = NULL,
    .options = rows,
    .run = run,
};
