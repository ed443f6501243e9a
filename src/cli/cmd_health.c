#include "app/health.h"
#include "base/clock.h"
#include "cli/commands.h"
#include "cli/verbs.h"

struct options {
    struct common_options common;
};

static const struct option_row rows[] = {
    OPTION_FORMAT(options), OPTION_STORE(options), OPTION_APP(options),
    OPTION_ENV(options),    OPTION_LABEL(options), {0},
};

/* The inbox is looked at before opening the store for reading takes in what waits there. */
static int show(struct context *context, void *values, char **operands)
{
    (void)values;
    (void)operands;
    struct tare_error error;
    struct health_report report;
    health_report_init(&report);
    health_inbox_look(context->store_url, &report.inbox);
    int result = context_open(context, CONTEXT_READ);
    if (result < 0)
        context_note_nothing(context);
    if (result < 0) {
        const struct store_filter filter = context_filter(context);
        health_sessions_look(context->store_url, filter.app, &report.inbox);
        result = health_build(context->store, &context->config, &filter, clock_now_ns(), &report,
                              &error) == TARE_OK
                     ? context_print(context, &report)
                     : command_fail(&error);
    }
    health_report_release(&report);
    return result;
}

static const struct command_verb verbs[] = {{"", 0, 0, NULL, CONTEXT_NOTHING, show}, {0}};

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {0};
    return verbs_run(command, health_renderers, verbs, &options, argc, argv);
}

const struct command command_health = {
    .name = "health",
    .synopsis = "[options]",
    .summary = "is tare itself working: what it should reach after 30 and 60 days",
    .details =
        "Seven criteria, each with its goal: the share of starts that are recorded, metrics "
        "of the\n"
        "catalogue with data, baselines with confidence, alerts that are answered, samples "
        "that\n"
        "are dropped, how long hand-overs wait, and how fast the store grows. Each is met, "
        "not\n"
        "met yet, or cannot be known yet.",
    .options = rows,
    .run = run,
};
