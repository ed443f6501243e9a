#include "app/baseline_change.h"
#include "app/lists.h"
#include "app/repository.h"
#include "app/rules.h"
#include "cli/commands.h"
#include "cli/verbs.h"
#include "present/text_safe.h"

#include <stdio.h>

struct options {
    struct common_options common;
    const char *metric;
};

static const struct option_row rows[] = {
    OPTIONS_READING(options),
    {"metric", 0, OPTION_TEXT, offsetof(struct options, metric), "ID", "only this metric"},
    {"all", 'a', OPTION_FLAG, offsetof(struct options, common.all), NULL,
     "show: the environment of each too; reset: every series"},
    {0},
};

static struct store_filter filter_of(const struct context *context, const struct options *options)
{
    struct store_filter filter = context_filter(context);
    filter.metric_id = options->metric;
    return filter;
}

static int show(struct context *context, void *values, char **operands)
{
    (void)operands;
    struct tare_error error;
    struct baseline_report report = {0};
    struct store_filter filter = filter_of(context, values);
    int result = context_metric_check(context, filter.metric_id);
    if (result >= 0)
        return result;
    result = baseline_report_build(context->store, &filter, &report, &error) == TARE_OK
                 ? context_print(context, &report)
                 : command_fail(&error);
    baseline_report_release(&report);
    return result;
}

/* The commit that `name` means to git, else, being of another repository, as written: then the
 * store must know it. -1, or the exit status. */
static int commit_find(const struct context *context, const char *name,
                       char commit[COMMIT_TEXT_SIZE])
{
    struct session *sessions = NULL;
    size_t count = 0;
    if (name == NULL || repository_resolve(name, commit, NULL) == TARE_OK)
        return -1;
    snprintf(commit, COMMIT_TEXT_SIZE, "%.64s", name);
    const struct store_filter of_commit = {.commit = commit, .limit = 1};
    if (store_session_list(context->store, &of_commit, &sessions, &count, NULL) == TARE_OK)
        store_session_list_free(sessions, count);
    if (count > 0)
        return -1;
    return command_usage(context->command,
                         "'%.60s' is no commit or tag, neither of git's nor of "
                         "a session",
                         name);
}

static int change(struct context *context, const struct options *options, enum baseline_verb verb,
                  const char *name)
{
    static const char *const done[] = {"pinned", "unpinned", "reset"};
    struct tare_error error;
    char commit[COMMIT_TEXT_SIZE] = "";
    size_t changed, refused;
    struct store_filter filter = filter_of(context, options);
    int result = commit_find(context, name, commit);
    if (result >= 0)
        return result;
    if (baseline_change(context->store, &context->config, &filter, verb, name, commit, &changed,
                        &refused, &error) != TARE_OK)
        return command_fail(&error);
    if (changed + refused == 0)
        return command_usage(context->command, "no series matches");
    struct strbuf out;
    strbuf_init(&out);
    strbuf_add_format(&out, "%zu baseline%s %s", changed, changed == 1 ? "" : "s", done[verb]);
    if (refused > 0)
        text_add_safe_format(&out,
                             "; %zu left as %s: fewer than %u measurements of %s, as many as a "
                             "baseline needs",
                             refused, refused == 1 ? "it was" : "they were",
                             rules_baseline(&context->config).minimum, name);
    strbuf_add_char(&out, '\n');
    result = output_write(&out);
    strbuf_release(&out);
    return result == EXIT_DONE && changed == 0 ? EXIT_NOTHING : result;
}

static int pin(struct context *context, void *values, char **operands)
{
    return change(context, values, BASELINE_PIN, operands[0]);
}

static int unpin(struct context *context, void *values, char **operands)
{
    (void)operands;
    return change(context, values, BASELINE_UNPIN, NULL);
}

/* What was learned does not come back: to lose all of it one has to say so. */
static int reset(struct context *context, void *values, char **operands)
{
    const struct options *options = values;
    const struct store_filter chosen = filter_of(context, options);
    (void)operands;
    if (chosen.metric_id == NULL && options->common.app == NULL &&
        options->common.environment == NULL && options->common.branch == NULL &&
        options->common.labels.count == 0 && !options->common.all)
        return command_usage(context->command,
                             "reset forgets what every baseline of the store has learned: choose "
                             "by --metric, --app, --env or --label, or say --all");
    return change(context, values, BASELINE_RESET, NULL);
}

static const struct command_verb verbs[] = {{"show", 0, 0, NULL, CONTEXT_READ, show},
                                            {"pin", 1, 1, "a commit or tag", CONTEXT_WRITE, pin},
                                            {"unpin", 0, 0, NULL, CONTEXT_WRITE, unpin},
                                            {"reset", 0, 0, NULL, CONTEXT_WRITE, reset},
                                            {0}};

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {0};
    return verbs_run(command, baseline_renderers, verbs, &options, argc, argv);
}

const struct command command_baseline = {
    .name = "baseline",
    .synopsis = "[show | pin COMMIT | unpin | reset] [options]",
    .summary = "what is normal: centre, spread, confidence; pin, unpin, reset",
    .details = "pin holds the baselines of the chosen series to the measurements of a commit or\n"
               "tag; unpin lets them roll again; reset begins them anew with the next\n"
               "measurements. --metric, --app, --env and --label choose the series; reset wants\n"
               "a choice, or --all.",
    .options = rows,
    .run = run,
};
