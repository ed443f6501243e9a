#include "app/explain.h"
#include "cli/commands.h"
#include "cli/verbs.h"

#include <stdlib.h>

struct options {
    struct common_options common;
};

static const struct option_row rows[] = {OPTIONS_READING(options), {0}};

static int show(struct context *context, void *values, char **operands)
{
    (void)values;
    struct tare_error error;
    struct explain_report report;
    char *end;
    long long id = strtoll(operands[0], &end, 10);
    if (end == operands[0] || *end != '\0' || id <= 0)
        return command_usage(context->command, "'%.40s' is no alert's id", operands[0]);
    explain_report_init(&report);
    int result = explain_build(context->store, &context->config, id, &report, &error) == TARE_OK
                     ? context_print(context, &report)
                     : command_fail(&error);
    explain_report_release(&report);
    return result;
}

static const struct command_verb verbs[] = {{"", 1, 1, "an alert's id", CONTEXT_READ, show}, {0}};

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {0};
    return verbs_run(command, explain_renderers, verbs, &options, argc, argv);
}

const struct command command_explain = {
    .name = "explain",
    .synopsis = "ALERT [options]",
    .summary = "replays an alert's verdict from the stored inputs",
    .details = "Shows the measurement, the window its baseline was computed from, centre, spread\n"
               "and thresholds, passes the verdict anew, and says whether it is the same bit for\n"
               "bit.",
    .options = rows,
    .run = run,
};
