#include "app/check.h"
#include "cli/commands.h"
#include "cli/verbs.h"

struct options {
    struct common_options common;
    const char *base, *candidate, *fail_on, *metric;
    bool allow_empty, selftest;
};

static const struct option_row rows[] = {
    {"base", 'b', OPTION_TEXT, offsetof(struct options, base), "REF",
     "hold it against this commit, tag or branch (what was before)"},
    {"candidate", 'c', OPTION_TEXT, offsetof(struct options, candidate), "REF",
     "what is checked (the newest session's commit)"},
    {"fail-on", 0, OPTION_TEXT, offsetof(struct options, fail_on), "info|warning|error|critical",
     "from which severity on to fail (error)"},
    {"allow-empty", 0, OPTION_FLAG, offsetof(struct options, allow_empty), NULL,
     "end with 0 when there is nothing to compare"},
    {"selftest", 0, OPTION_FLAG, offsetof(struct options, selftest), NULL,
     "plant a regression in memory: must end with 1"},
    {"metric", 0, OPTION_TEXT, offsetof(struct options, metric), "ID", "only this metric"},
    {"all", 'a', OPTION_FLAG, offsetof(struct options, common.all), NULL,
     "secondary metrics decide, too"},
    OPTIONS_READING(options),
    {0},
};

static int exit_of(const struct check_report *report, const struct options *options)
{
    if (report->result == CHECK_FAIL)
        return EXIT_REGRESSION;
    if (report->result == CHECK_INSUFFICIENT)
        return options->allow_empty ? EXIT_DONE : EXIT_NOTHING;
    /* A gate that lets a planted regression through is out of order. */
    return options->selftest ? EXIT_TROUBLE : EXIT_DONE;
}

static int check(struct context *context, void *values, char **operands)
{
    (void)operands;
    const struct options *options = values;
    struct tare_error error;
    struct check_report report;
    struct check_request request = {.candidate = options->candidate,
                                    .base = options->base,
                                    .fail_on = SEVERITY_ERROR,
                                    .selftest = options->selftest,
                                    .secondary = options->common.all};
    struct store_filter filter = context_filter(context);
    if (options->fail_on != NULL &&
        (!severity_parse(options->fail_on, &request.fail_on) || request.fail_on == SEVERITY_OK))
        return command_usage(context->command,
                             "--fail-on is info, warning, error or critical, not '%.40s'",
                             options->fail_on);
    filter.metric_id = options->metric;
    check_report_init(&report);
    enum tare_status status = check_build(context->store, &context->config, &filter, &request,
                                          &report, &error);
    int result = status != TARE_OK ? command_fail(&error) : context_print(context, &report);
    if (result == EXIT_DONE)
        result = exit_of(&report, options);
    check_report_release(&report);
    return result;
}

static const struct command_verb verbs[] = {{"", 0, 0, NULL, CONTEXT_READ, check}, {0}};

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {0};
    return verbs_run(command, check_renderers, verbs, &options, argc, argv);
}

const struct command command_check = {
    .name = "check",
    .synopsis = "[--base REF] [--fail-on SEVERITY] [options]",
    .summary = "the gate: did the newest measurements become worse?",
    .details =
        "Holds every core and custom metric of the newest session's commit against its baseline,\n"
        "with false-discovery control over all of them. Ends with 0 when nothing is as bad as\n"
        "--fail-on, 1 when something is, 4 when there is nothing to compare or too little.\n"
        "--selftest makes the measurements worse in memory and must end with 1; it ends with 3\n"
        "when the gate did not notice.",
    .options = rows,
    .run = run,
};
