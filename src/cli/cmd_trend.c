#include "app/history.h"
#include "cli/commands.h"
#include "cli/verbs.h"

struct options {
    struct common_options common;
    unsigned limit;
};

static const struct option_row rows[] = {
    OPTIONS_READING(options),
    {"limit", 'n', OPTION_COUNT, offsetof(struct options, limit), "N",
     "the newest N measurements (500; 0: all)"},
    {0},
};

static int show(struct context *context, void *values, char **operands)
{
    struct tare_error error;
    struct history_list list = {0};
    struct metric metric;
    struct store_filter filter = context_filter(context);
    metric_init(&metric);
    filter.metric_id = operands[0];
    filter.limit = ((const struct options *)values)->limit;
    enum tare_status status = store_metric_get(context->store, operands[0], &metric, &error);
    if (status == TARE_OK)
        status = history_build(context->store, &filter, &list, &error);
    int result = status == TARE_OK ? context_print(context, &list) : command_fail(&error);
    metric_release(&metric);
    history_list_release(&list);
    return result;
}

static const struct command_verb verbs[] = {{"", 1, 1, "a metric's id", CONTEXT_READ, show}, {0}};

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {.limit = 500};
    return verbs_run(command, trend_renderers, verbs, &options, argc, argv);
}

const struct command command_trend = {
    .name = "trend",
    .synopsis = "METRIC [options]",
    .summary = "a plot of one metric over time, with baseline, change points and alerts",
    .details = NULL,
    .options = rows,
    .run = run,
};
