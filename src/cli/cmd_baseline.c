#include "app/baseline_change.h"
#include "app/lists.h"
#include "app/repository.h"
#include "cli/commands.h"
#include "cli/context.h"

#include <stdio.h>
#include <string.h>

struct options {
    struct common_options common;
    const char *metric;
};

static const struct option_row rows[] = {
    OPTIONS_READING(options),
    {"metric", 0, OPTION_TEXT, offsetof(struct options, metric), "ID", "only this metric"},
    {"all", 'a', OPTION_FLAG, offsetof(struct options, common.all), NULL,
     "the environment of each too"},
    {0},
};

static int baselines_show(struct context *context, const struct store_filter *filter)
{
    struct tare_error error;
    struct baseline_report report = {0};
    int result = baseline_report_build(context->store, filter, &report, &error) == TARE_OK
                     ? context_print(context, &report)
                     : command_fail(&error);
    baseline_report_release(&report);
    return result;
}

static const char *const verbs[] = {"pin", "unpin", "reset"};
static const char *const done_words[] = {"pinned", "unpinned", "reset"};

static int baselines_change(struct context *context, const struct store_filter *filter,
                            enum baseline_verb verb, const char *name)
{
    struct tare_error error;
    char commit[COMMIT_TEXT_SIZE] = "";
    size_t changed, refused;
    if (verb == BASELINE_PIN && repository_resolve(name, commit, NULL) != TARE_OK)
        snprintf(commit, sizeof commit, "%.64s", name); /* of another repository: as it is written */
    if (baseline_change(context->store, &context->config, filter, verb, name, commit, &changed,
                        &refused, &error) != TARE_OK)
        return command_fail(&error);
    if (changed + refused == 0)
        return command_usage(context->command, "no series matches");
    printf("%zu baseline%s %s", changed, changed == 1 ? "" : "s", done_words[verb]);
    if (refused > 0)
        printf("; %zu left as they were: too few measurements of %s", refused, name);
    printf("\n");
    return changed > 0 ? EXIT_DONE : EXIT_NOTHING;
}

static int verb_find(const char *word)
{
    for (int i = 0; i < 3; i++)
        if (strcmp(verbs[i], word) == 0)
            return i;
    return -1;
}

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {0};
    struct context context;
    int operands;
    int result = context_begin(&context, command, argc, argv, &options, &operands);
    if (result >= 0)
        return result;
    const char *word = operands < argc ? argv[operands] : "show";
    int verb = verb_find(word), wanted = verb == BASELINE_PIN ? 2 : 1;
    result = context_renderer(&context, baseline_renderers);
    if (result < 0 && verb < 0 && strcmp(word, "show") != 0)
        result = command_usage(command, "baseline does show, pin, unpin or reset, not '%.60s'", word);
    if (result < 0 && operands < argc && argc - operands != wanted)
        result = command_usage(command, "baseline %s %s", word,
                               wanted == 2 ? "wants a commit or tag" : "takes no operand");
    if (result < 0)
        result = context_open(&context, verb >= 0 ? CONTEXT_WRITE : CONTEXT_READ);
    struct store_filter filter = result < 0 ? context_filter(&context) : (struct store_filter){0};
    filter.metric_id = options.metric;
    if (result < 0)
        result = verb >= 0
                     ? baselines_change(&context, &filter, (enum baseline_verb)verb,
                                        verb == BASELINE_PIN ? argv[operands + 1] : NULL)
                     : baselines_show(&context, &filter);
    context_end(&context);
    return result;
}

const struct command command_baseline = {
    .name = "baseline",
    .synopsis = "[show | pin COMMIT | unpin | reset] [options]",
    .summary = "what is normal: centre, spread, confidence; pin, unpin, reset",
    .details = "pin holds the baselines of the chosen series to the measurements of a commit or\n"
               "tag; unpin lets them roll again; reset begins them anew with the next\n"
               "measurements. --metric, --app, --env and --label choose the series.",
    .options = rows,
    .run = run,
};
