#include "app/record_values.h"
#include "cli/commands.h"
#include "cli/notices.h"
#include "cli/verbs.h"

#include <stdio.h>

struct options {
    struct common_options common;
    const char *unit, *better, *version, *commit, *time;
};

static const struct option_row rows[] = {
    {"unit", 'u', OPTION_TEXT, offsetof(struct options, unit), "UNIT",
     "the unit of the values (the metric's; count)"},
    {"better", 0, OPTION_TEXT, offsetof(struct options, better), "lower|higher|exact",
     "which way is better, for a new metric (lower)"},
    {"time", 0, OPTION_TEXT, offsetof(struct options, time), "TIME",
     "when it was measured, RFC 3339 (now)"},
    {"app", 0, OPTION_TEXT, offsetof(struct options, common.app), "NAME",
     "the app (TARE_APP, tare.yml, the folder's name)"},
    {"app-version", 0, OPTION_TEXT, offsetof(struct options, version), "TEXT",
     "the app's version"},
    {"commit", 0, OPTION_TEXT, offsetof(struct options, commit), "ID",
     "the commit (TARE_COMMIT, git)"},
    {"branch", 0, OPTION_TEXT, offsetof(struct options, common.branch), "NAME",
     "the branch (TARE_BRANCH, git)"},
    {"env", 0, OPTION_TEXT, offsetof(struct options, common.environment), "NAME",
     "the environment (the machine)"},
    {"label", 0, OPTION_LIST, offsetof(struct options, common.labels), "K=V",
     "a label of the session (repeatable)"},
    OPTION_STORE(options),
    {0},
};

static int keep(struct context *context, void *values, char **operands)
{
    const struct options *options = values;
    struct tare_error error;
    struct ingest_result result = {0};
    bool waiting = false;
    const struct record_request request = {
        .metric_id = operands[0],
        .values = operands + 1,
        .unit = options->unit,
        .better = options->better,
        .time = options->time,
        .session = {.app = options->common.app,
                    .version = options->version,
                    .environment = options->common.environment,
                    .commit = options->commit,
                    .branch = options->common.branch,
                    .labels = context->labels,
                    .source = "tare record"},
    };
    enum tare_status status = record_values(&context->config, context->store_url, &request, stdin,
                                            &result, &waiting, &error);
    if (status == TARE_OK)
        notices_print(context->store_url, &context->config, &result);
    ingest_result_release(&result);
    context->delivers = true;
    if (status == TARE_OK)
        return EXIT_DONE;
    if (!waiting)
        return command_fail(&error);
    command_say("%s; the values wait in the inbox and nothing is lost", error.message);
    return EXIT_DONE;
}

static const struct command_verb verbs[] = {
    {"", 2, -1, "METRIC and at least one VALUE (or - to read lines)", CONTEXT_NOTHING, keep}, {0}};

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {0};
    return verbs_run(command, NULL, verbs, &options, argc, argv);
}

const struct command command_record = {
    .name = "record",
    .synopsis = "METRIC VALUE… | METRIC - [options]",
    .summary = "records values from a script, as one session",
    .details =
        "A VALUE of - reads values from standard input, one a line. Inside 'tare run' they\n"
        "join its session. A metric that is not known yet is made, with --unit and\n"
        "--better. A negative VALUE goes behind --: tare record -- METRIC -3.",
    .options = rows,
    .run = run,
};
