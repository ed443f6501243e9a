#include "base/clock.h"
#include "cli/commands.h"
#include "cli/verbs.h"

#include <stdio.h>

struct options {
    struct common_options common;
    bool dry_run;
};

static const struct option_row rows[] = {
    {"dry-run", 'n', OPTION_FLAG, offsetof(struct options, dry_run), NULL,
     "say what would go, and change nothing"},
    OPTION_STORE(options),
    {0},
};

static void report_print(const struct store_retention *policy,
                         const struct store_retention_report *report, bool dry_run)
{
    const char *verb = dry_run ? "would go" : "went";
    printf("Older than %u days: %lld measurements with %lld samples and %lld sessions %s into "
           "daily rollups;\n%lld stay, because something still stands on them.\n",
           policy->raw_days, (long long)report->measurements, (long long)report->samples,
           (long long)report->sessions, verb, (long long)report->kept);
    printf("Older than %u days: %lld daily rollups %s.\n", policy->rollup_days,
           (long long)report->rollups, verb);
}

static int prune(struct context *context, void *values, char **operands)
{
    (void)operands;
    const struct options *options = values;
    struct tare_error error;
    struct store_retention_report report = {0};
    const struct store_retention policy = {.raw_days = context->config.raw_days,
                                           .rollup_days = context->config.rollup_days,
                                           .keep = context->config.baseline_window};
    if (store_retention_apply(context->store, &policy, clock_now_ns(), options->dry_run, &report,
                              &error) != TARE_OK)
        return command_fail(&error);
    report_print(&policy, &report, options->dry_run);
    return EXIT_DONE;
}

static const struct command_verb verbs[] = {{"", 0, 0, NULL, CONTEXT_WRITE, prune}, {0}};

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {0};
    return verbs_run(command, NULL, verbs, &options, argc, argv);
}

const struct command command_prune = {
    .name = "prune",
    .synopsis = "[--dry-run] [options]",
    .summary = "rolls old measurements up by the day",
    .details =
        "Measurements older than retention.raw_days of tare.yml (30) become daily rollups;\n"
        "rollups older than rollup_days (365) go. What a baseline, an alert or a restart\n"
        "stands on stays. Nothing is ever pruned unless this is run.",
    .options = rows,
    .run = run,
};
