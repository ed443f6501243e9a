#include "app/compare.h"
#include "cli/commands.h"
#include "cli/verbs.h"

struct options {
    struct common_options common;
    const char *metric;
};

static const struct option_row rows[] = {
    OPTIONS_READING(options),
    {"metric", 0, OPTION_TEXT, offsetof(struct options, metric), "ID", "only this metric"},
    {0},
};

static int show(struct context *context, void *values, char **operands)
{
    struct tare_error error;
    struct comparison_report report = {0};
    struct store_filter filter = context_filter(context);
    filter.metric_id = ((const struct options *)values)->metric;
    filter.branch = context->options->branch;
    enum tare_status status = compare_build(context->store, &filter, operands[0], operands[1],
                                            &report, &error);
    int result = status != TARE_OK ? command_fail(&error) : context_print(context, &report);
    if (result == EXIT_DONE && report.count == 0)
        result = EXIT_NOTHING;
    comparison_report_release(&report);
    return result;
}

static const struct command_verb verbs[] = {
    {"", 2, 2, "two commits, tags, branches, ranges or sessions", CONTEXT_READ, show}, {0}};

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {0};
    return verbs_run(command, comparison_renderers, verbs, &options, argc, argv);
}

const struct command command_compare = {
    .name = "compare",
    .synopsis = "A B [options]",
    .summary = "two commits, tags, branches, ranges or sessions, metric by metric",
    .details =
        "For each metric measured in both: the medians, the Hodges-Lehmann shift from A to B\n"
        "with its 95 % interval, p of the Mann-Whitney test, and a verdict. Of a branch the\n"
        "newest 20 measurements count; A..B is a range of commits. Where there are fewer than\n"
        "three measurements, the samples in them are compared. Ends with 4 when no metric was\n"
        "measured in both.",
    .options = rows,
    .run = run,
};
