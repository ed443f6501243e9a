#include "app/retention.h"
#include "cli/commands.h"
#include "cli/verbs.h"

#include <stdio.h>

struct options {
    struct common_options common;
    bool dry_run, compact;
};

static const struct option_row rows[] = {
    {"dry-run", 'n', OPTION_FLAG, offsetof(struct options, dry_run), NULL,
     "say what would go, and change nothing"},
    {"compact", 0, OPTION_FLAG, offsetof(struct options, compact), NULL,
     "then give what is free back to the disk"},
    OPTION_STORE(options),
    {0},
};

static void size_format(int64_t bytes, char text[32])
{
    if (bytes >= 1000000)
        snprintf(text, 32, "%.1f MB", (double)bytes / 1e6);
    else
        snprintf(text, 32, "%lld kB", (long long)(bytes > 0 ? bytes / 1000 : 0));
}

static void raw_print(uint32_t days, const struct store_retention_report *report, const char *verb)
{
    if (days == 0) {
        printf("Measurements stay for good: retention.raw_days is 0.\n");
        return;
    }
    printf("Older than %u days: %lld measurements with %lld samples and %lld sessions %s into "
           "daily rollups;\n%lld stay, because something still stands on them.\n",
           days, (long long)report->measurements, (long long)report->samples,
           (long long)report->sessions, verb, (long long)report->kept);
    if (report->young > 0)
        printf("%lld more are as old, but were taken in less than %u days ago and stay until "
               "then.\n",
               (long long)report->young, days);
}

static void report_print(const struct config *config, const struct store_retention_report *report,
                         bool dry_run)
{
    const char *verb = dry_run ? "would go" : "went";
    char size[32];
    size_format(report->bytes, size);
    raw_print(config->raw_days, report, verb);
    if (config->rollup_days > 0)
        printf("Older than %u days: %lld daily rollups %s.\n", config->rollup_days,
               (long long)report->rollups, verb);
    printf("%s of the store %s free for what comes.\n", size, dry_run ? "would be" : "are");
}

static int compact(struct store *store)
{
    struct tare_error error;
    char size[32];
    int64_t bytes = 0;
    if (store_compact(store, &bytes, &error) != TARE_OK)
        return command_fail(&error);
    size_format(bytes, size);
    printf("The store is %s smaller.\n", size);
    return EXIT_DONE;
}

static int prune(struct context *context, void *values, char **operands)
{
    (void)operands;
    const struct options *options = values;
    struct tare_error error;
    struct store_retention_report report = {0};
    if (options->dry_run && options->compact)
        return command_usage(context->command,
                             "a rehearsal (--dry-run) cannot --compact anything");
    if (retention_prune(context->store, &context->config, options->dry_run, &report, &error) !=
        TARE_OK)
        return command_fail(&error);
    report_print(&context->config, &report, options->dry_run);
    return options->compact ? compact(context->store) : EXIT_DONE;
}

static const struct command_verb verbs[] = {{"", 0, 0, NULL, CONTEXT_WRITE, prune}, {0}};

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {0};
    return verbs_run(command, NULL, verbs, &options, argc, argv);
}

const struct command command_prune = {
    .name = "prune",
    .synopsis = "[--dry-run|--compact] [options]",
    .summary = "rolls old measurements up by the day",
    .details =
        "Measurements older than retention.raw_days of tare.yml (30) become daily rollups;\n"
        "rollups older than rollup_days (365) go. What a baseline, an alert or a restart\n"
        "stands on stays, and so does what was measured at a tag. It happens by itself, once\n"
        "a day; this does it now. Age counts from when something was taken in.",
    .options = rows,
    .run = run,
};
