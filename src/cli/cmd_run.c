#include "app/run.h"
#include "app/standing_rules.h"
#include "app/status.h"
#include "cli/commands.h"
#include "cli/notices.h"
#include "cli/verbs.h"
#include "model/labels.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define EXIT_SELF 125 /* as env(1): tare itself failed */

struct options {
    struct common_options common;
    const char *name;
    const char *version;
    const char *commit;
    unsigned repeat, warmup;
    bool cold, warm, quiet;
};

static const struct option_row rows[] = {
    {"name", 'n', OPTION_TEXT, offsetof(struct options, name), "NAME",
     "of the metrics (the command's base name)"},
    {"repeat", 'r', OPTION_COUNT, offsetof(struct options, repeat), "K",
     "run it K times: K samples of one session (1)"},
    {"warmup", 'w', OPTION_COUNT, offsetof(struct options, warmup), "W",
     "and W times before, unmeasured (0)"},
    {"cold", 0, OPTION_FLAG, offsetof(struct options, cold), NULL, "this is a cold start"},
    {"warm", 0, OPTION_FLAG, offsetof(struct options, warm), NULL, "this is a warm start"},
    {"app", 0, OPTION_TEXT, offsetof(struct options, common.app), "NAME",
     "the app (TARE_APP, tare.yml, the name)"},
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
    {"quiet", 'q', OPTION_FLAG, offsetof(struct options, quiet), NULL,
     "print no summary, only alerts"},
    {0},
};

/* The summary goes to standard error: standard output is the command's. */
static void summary_print(struct context *context, const struct batch *batch)
{
    struct store *store = NULL;
    struct status_report report;
    struct strbuf out;
    const struct store_options reading = {.read_only = true};
    const struct store_filter filter = {.session_id = batch->session.id};
    struct text_style style = output_style(STDERR_FILENO);
    status_report_init(&report);
    strbuf_init(&out);
    if (store_open(context->store_url, &reading, &store, NULL) == TARE_OK &&
        standing_rules_adopt(store, context->store_url, &context->config, NULL) == TARE_OK &&
        status_build(store, &context->config, &filter, &report, NULL) == TARE_OK) {
        renderer_find(status_renderers, "text")->render(&report, &style, &out);
        fputs(out.text, stderr);
    }
    store_close(store);
    strbuf_release(&out);
    status_report_release(&report);
}

/* What to end with: the child's status, unless it was well and tare was not. */
static int hand_over(struct context *context, const struct options *options,
                     const struct batch *batch, int child_status)
{
    struct tare_error error;
    struct ingest_result result;
    bool waiting;
    enum tare_status status = self_session_hand_over(&context->config, context->store_url, batch,
                                                     &result, &waiting, &error);
    bool in_memory = strcmp(context->store_url, ":memory:") == 0; /* it has gone by now */
    if (status == TARE_OK && !options->quiet && !in_memory)
        summary_print(context, batch);
    if (status == TARE_OK)
        notices_print(context->store_url, &context->config, &result);
    ingest_result_release(&result);
    context->delivers = true;
    if (status == TARE_OK)
        return child_status;
    command_say("%s%s", error.message,
                waiting ? "; the samples wait in the inbox and nothing is lost" : "");
    return waiting || child_status != 0 ? child_status : EXIT_SELF;
}

/* Why not all was run that should have been. */
static void course_tell(const struct run_options *how, const struct run_course *course)
{
    char end[48];
    const struct child_usage *last = &course->last;
    snprintf(end, sizeof end, "the command ended with status %d", last->exit_status);
    if (last->interrupted != 0)
        snprintf(end, sizeof end, "interrupted");
    if (course->warmups < how->warmup)
        command_say("%s in warm-up run %u of %u: nothing was measured", end, course->warmups + 1,
                    how->warmup);
    else if (how->repeat > 1 && course->runs < how->repeat && course->runs == 0)
        command_say("%s in run 1 of %u: nothing was measured", end, how->repeat);
    else if (how->repeat > 1 && course->runs < how->repeat)
        command_say("%s in run %u of %u: %s", end, course->runs + 1, how->repeat,
                    last->interrupted != 0 ? "those before it are kept"
                                           : "the session counts as failed");
}

/* What to end with. */
static int course_status(const struct run_options *how, const struct run_course *course)
{
    bool whole = course->warmups == how->warmup && course->runs == how->repeat;
    return course->last.exit_status == 0 && !whole ? 128 + course->last.interrupted
                                                   : course->last.exit_status;
}

static int measure(struct context *context, const struct options *options, char **command)
{
    struct tare_error error;
    struct batch batch;
    struct run_course course;
    const struct run_options how = {
        .name = options->name,
        .repeat = options->repeat,
        .warmup = options->warmup,
        .cold = options->cold,
        .warm = options->warm,
        .session = {.app = options->common.app,
                    .version = options->version,
                    .environment = options->common.environment,
                    .commit = options->commit,
                    .branch = options->common.branch,
                    .labels = context->labels,
                    .source = "tare run"},
    };
    batch_init(&batch);
    enum tare_status status = run_measure(&context->config, context->store_url, &how, command,
                                          &batch, &course, &error);
    int result = course_status(&how, &course);
    if (status != TARE_OK)
        command_fail(&error);
    else if (batch.part_count > 0)
        result = hand_over(context, options, &batch, result);
    if (status == TARE_OK)
        course_tell(&how, &course);
    batch_release(&batch);
    return result;
}

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {.repeat = 1};
    struct context context;
    int at;
    int result = context_begin_command(&context, command, argc, argv, &options, &at);
    if (result >= 0)
        return result == EXIT_DONE ? EXIT_DONE : EXIT_SELF;
    if (at == argc)
        result = command_usage(command, "run wants a command: tare run -- COMMAND");
    else if (options.repeat == 0)
        result = command_usage(command, "--repeat is at least 1");
    else if (options.cold && options.warm)
        result = command_usage(command, "a start is --cold or --warm, not both");
    result = result < 0 ? measure(&context, &options, argv + at) : EXIT_SELF;
    context_end(&context);
    return result;
}

const struct command command_run = {
    .name = "run",
    .synopsis = "[options] [--] COMMAND [ARGUMENT…]",
    .summary = "runs a command as a session and records what it took",
    .details =
        "Records NAME.wall, NAME.user, NAME.system (ms), NAME.peak_memory, NAME.read,\n"
        "NAME.written (MB), NAME.major_faults and NAME.involuntary_switches. The command finds\n"
        "TARE_SESSION and TARE_STORE in its environment: what it records through libtare or\n"
        "'tare record' joins the session. The summary goes to standard error.\n\n"
        "Stops at the first run that fails or is interrupted: of several the whole ones count.\n"
        "Ends with the command's exit status (128 + N when signal N killed it); 125 when tare\n"
        "itself failed, 126 when the command could not be executed, 127 when it was not found.",
    .options = rows,
    .run = run,
};
