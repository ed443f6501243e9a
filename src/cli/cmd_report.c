#include "app/report.h"
#include "base/clock.h"
#include "base/error.h"
#include "cli/commands.h"
#include "cli/verbs.h"

#include <string.h>

#define DAYS_MOST 36500

struct options {
    struct common_options common;
    unsigned days;
    const char *until;
    const char *output;
    struct option_list metrics;
};

static const struct option_row rows[] = {
    {"days", 'd', OPTION_COUNT, offsetof(struct options, days), "N",
     "how many days, today included (7)"},
    {"until", 0, OPTION_TEXT, offsetof(struct options, until), "TIME",
     "the last day, or the moment, that it ends with (now)"},
    {"metric", 0, OPTION_LIST, offsetof(struct options, metrics), "ID",
     "only this metric (repeatable)"},
    {"output", 'o', OPTION_TEXT, offsetof(struct options, output), "FILE",
     "write there instead of to standard output"},
    {"format", 'f', OPTION_TEXT, offsetof(struct options, common.format),
     "text|markdown|json|html|csv", "how to print (text)"},
    OPTION_STORE(options),
    OPTION_APP(options),
    OPTION_ENV(options),
    OPTION_BRANCH(options),
    OPTION_LABEL(options),
    {0},
};

/* A day means to its end. */
static bool until_parse(const char *text, int64_t *until_ns)
{
    *until_ns = clock_now_ns();
    if (text == NULL)
        return true;
    if (!clock_parse(text, until_ns))
        return false;
    if (strlen(text) == strlen("2026-01-31"))
        *until_ns += CLOCK_NS_PER_DAY;
    return true;
}

static int show(struct context *context, void *values, char **operands)
{
    (void)operands;
    const struct options *options = values;
    struct tare_error error;
    struct period_report report;
    struct report_request request = {.filter = context_filter(context),
                                     .metrics = options->metrics.values,
                                     .metric_count = options->metrics.count,
                                     .days = options->days};
    if (options->days < 1 || options->days > DAYS_MOST)
        return command_usage(context->command, "--days wants 1 to %d", DAYS_MOST);
    if (!until_parse(options->until, &request.until_ns))
        return command_usage(context->command,
                             "--until wants a day (2026-01-31) or a moment "
                             "(2026-01-31T12:00:00Z), not '%.60s'",
                             options->until);
    period_report_init(&report);
    enum tare_status status = report_build(context->store, &context->config, &request, &report,
                                           &error);
    int result = status == TARE_OK ? context_print_to(context, &report, options->output)
                                   : command_fail(&error);
    period_report_release(&report);
    return result;
}

static const struct command_verb verbs[] = {{"", 0, 0, NULL, CONTEXT_READ, show}, {0}};

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {.days = 7};
    return verbs_run(command, period_renderers, verbs, &options, argc, argv);
}

const struct command command_report = {
    .name = "report",
    .synopsis = "[--days N] [options]",
    .summary = "the detailed report over some days: numbers, changes, watch list, gaps",
    .details =
        "For every metric measured in the last N days (whole UTC days, today included): how "
        "often,\n"
        "median, 95th percentile, the change against the N days before with its 95 % interval,\n"
        "baseline and trend; then the watch list of what is over its target, alerts, steps, the\n"
        "slowest sessions, and which metrics have no data. Days that are rolled up count, too.\n"
        "--format html is one file that needs nothing else, to be mailed or kept.",
    .options = rows,
    .run = run,
};
