#include "app/export.h"
#include "app/repository.h"
#include "base/clock.h"
#include "base/draft.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/verbs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct options {
    struct common_options common;
    const char *output, *since, *until, *commit, *session;
    struct option_list metrics;
    bool samples, rollups;
};

static const struct option_row rows[] = {
    {"format", 'f', OPTION_TEXT, offsetof(struct options, common.format),
     "csv|json|jsonl|openmetrics", "how to write (as --output ends, else csv)"},
    {"output", 'o', OPTION_TEXT, offsetof(struct options, output), "FILE",
     "there, whole or not at all (standard output)"},
    {"metric", 'm', OPTION_LIST, offsetof(struct options, metrics), "ID,...",
     "only these metrics (repeatable)"},
    {"since", 0, OPTION_TEXT, offsetof(struct options, since), "TIME",
     "measured then or later: a date or time, or 7d, 12h ago"},
    {"until", 0, OPTION_TEXT, offsetof(struct options, until), "TIME", "measured before that"},
    {"commit", 0, OPTION_TEXT, offsetof(struct options, commit), "ID",
     "only this commit: cut short, or a name that git knows"},
    {"session", 0, OPTION_TEXT, offsetof(struct options, session), "ID",
     "only this session, maybe cut short"},
    {"samples", 0, OPTION_FLAG, offsetof(struct options, samples), NULL,
     "json, jsonl: with the samples behind each measurement"},
    {"rollups", 0, OPTION_FLAG, offsetof(struct options, rollups), NULL,
     "days of which only the rollup is left, too"},
    OPTION_STORE(options),
    OPTION_APP(options),
    OPTION_ENV(options),
    OPTION_BRANCH(options),
    OPTION_LABEL(options),
    {0},
};

/* Where the bytes go. */
struct output {
    const char *path; /* NULL: standard output */
    struct draft draft;
    bool closed; /* whoever read standard output has had enough */
};

static enum tare_status output_take(void *ctx, const void *bytes, size_t size,
                                    struct tare_error *error)
{
    struct output *output = ctx;
    if (output->path != NULL)
        return draft_write(&output->draft, bytes, size, error);
    errno = 0;
    enum tare_status status = file_write_all(STDOUT_FILENO, bytes, size, "standard output", error);
    output->closed = status != TARE_OK && errno == EPIPE;
    return status;
}

static void progress_show(void *ctx, uint64_t measurements)
{
    int64_t *shown_ns = ctx;
    int64_t now_ns = clock_monotonic_ns();
    if (now_ns - *shown_ns < CLOCK_NS_PER_SECOND)
        return;
    *shown_ns = now_ns;
    fprintf(stderr, "\r%llu measurements", (unsigned long long)measurements);
}

static int format_choose(const struct context *context, const struct options *options,
                         struct export_request *request)
{
    const char *name = options->common.format;
    if (name != NULL)
        request->format = export_format_find(name);
    else if (options->output != NULL)
        request->format = export_format_of_file(options->output);
    if (request->format == NULL && name == NULL)
        request->format = export_formats[0];
    if (request->format == NULL) {
        struct strbuf names;
        strbuf_init(&names);
        for (const struct export_format *const *at = export_formats; *at != NULL; at++)
            strbuf_add_format(&names, "%s%s", names.length > 0 ? ", " : "", (*at)->name);
        int result = command_usage(context->command, "--format is one of %s, not '%.40s'",
                                   names.text, name);
        strbuf_release(&names);
        return result;
    }
    return -1;
}

/* Whether the format has a place for what is wanted. */
static int extras_choose(const struct context *context, const struct options *options,
                         struct export_request *request)
{
    request->samples = options->samples;
    request->days = options->rollups;
    if (request->samples && !request->format->samples)
        return command_usage(context->command, "%s has no place for samples: json and jsonl do",
                             request->format->name);
    if (request->days && !request->format->days)
        return command_usage(context->command, "%s has no place for rollups",
                             request->format->name);
    if (request->days &&
        (options->commit != NULL || options->session != NULL || options->common.branch != NULL))
        return command_usage(context->command,
                             "a rollup knows no commit, branch or session to choose it by");
    return -1;
}

/* A date or time, or how long ago. */
static int moment_read(const struct context *context, const char *option, const char *text,
                       int64_t *moment_ns)
{
    int64_t span_ns;
    if (text == NULL || clock_parse(text, moment_ns))
        return -1;
    if (!clock_span_parse(text, &span_ns))
        return command_usage(context->command,
                             "%s '%.60s' is no time: write 2026-01-31, 2026-01-31T12:00:00Z, or "
                             "7d for seven days ago",
                             option, text);
    *moment_ns = clock_now_ns() - span_ns;
    return -1;
}

static bool is_short_id(const char *text)
{
    return strlen(text) >= 4 && text[strspn(text, "0123456789abcdef-")] == '\0';
}

/* A commit of the store, maybe cut short, else what git calls so. */
static int commit_read(const struct context *context, const char *word,
                       char commit[COMMIT_TEXT_SIZE], struct store_filter *filter)
{
    if (word == NULL)
        return -1;
    filter->commit = word;
    if (is_short_id(word))
        return -1;
    filter->commit = commit;
    return repository_resolve(word, commit, NULL) == TARE_OK
               ? -1
               : command_usage(context->command,
                               "'%.80s' is no commit: give four digits of it or more, or a name "
                               "that git knows",
                               word);
}

static int filter_read(const struct context *context, const struct options *options,
                       char commit[COMMIT_TEXT_SIZE], struct store_filter *filter)
{
    *filter = (struct store_filter){
        .app = options->common.app,
        .environment = options->common.environment,
        .branch = options->common.branch,
        .labels = context->labels[0] != '\0' ? context->labels : NULL,
        .session_id = options->session,
    };
    int result = moment_read(context, "--since", options->since, &filter->since_ns);
    if (result < 0)
        result = moment_read(context, "--until", options->until, &filter->until_ns);
    if (result < 0)
        result = commit_read(context, options->commit, commit, filter);
    if (result < 0 && options->session != NULL && !is_short_id(options->session))
        result = command_usage(context->command,
                               "'%.60s' is no session: give four digits of its id or more",
                               options->session);
    return result;
}

/* Ids, or several with commas between them: a comma may be part of an id. */
struct id_list {
    char **ids; /* owned */
    size_t count;
};

static bool id_add(struct id_list *list, const char *text, size_t length)
{
    char **larger = realloc(list->ids, (list->count + 1) * sizeof *larger);
    if (larger == NULL)
        return false;
    list->ids = larger;
    list->ids[list->count] = strndup(text, length);
    return list->ids[list->count] != NULL && ++list->count > 0;
}

static bool ids_read(struct store *store, const struct option_list *options, struct id_list *list)
{
    bool added = true;
    for (size_t i = 0; i < options->count && added; i++) {
        const char *text = options->values[i];
        struct metric metric;
        metric_init(&metric);
        bool whole = store_metric_get(store, text, &metric, NULL) == TARE_OK;
        metric_release(&metric);
        while (added && *text != '\0') {
            size_t length = whole ? strlen(text) : strcspn(text, ",");
            added = length == 0 || id_add(list, text, length);
            text += length;
            text += *text == ',';
        }
    }
    return added;
}

static void ids_release(struct id_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->ids[i]);
    free(list->ids);
}

/* The store is no place to write an export to. */
static int output_check(const struct context *context, const char *path)
{
    struct stat store, file;
    const char *of_store = context->store_url;
    if (path == NULL)
        return -1;
    if (strncmp(of_store, "sqlite:", 7) == 0)
        of_store += 7;
    if (stat(of_store, &store) == 0 && stat(path, &file) == 0 && store.st_dev == file.st_dev &&
        store.st_ino == file.st_ino)
        return command_usage(context->command, "%s is the store itself", path);
    return -1;
}

static void result_print(const struct output *output, const struct export_request *request,
                         const struct export_result *result)
{
    if (output->path != NULL) {
        printf("Wrote %llu measurement%s of %llu session%s",
               (unsigned long long)result->measurements, result->measurements == 1 ? "" : "s",
               (unsigned long long)result->sessions, result->sessions == 1 ? "" : "s");
        if (request->days)
            printf(" and %llu rolled-up day%s", (unsigned long long)result->days,
                   result->days == 1 ? "" : "s");
        printf(" to %s (%s).\n", output->path, request->format->name);
    } else if (result->sessions + result->measurements + result->days == 0) {
        command_say("nothing in the store matches");
    }
    if (result->days_left && request->format->days)
        command_say("of older days only rollups are left: --rollups adds them");
}

static int write_out(const struct context *context, struct export_request *request,
                     struct output *output)
{
    struct tare_error error;
    struct export_result result;
    int64_t shown_ns = clock_monotonic_ns();
    bool shows = isatty(STDERR_FILENO) && (output->path != NULL || !isatty(STDOUT_FILENO));
    if (output->path != NULL &&
        draft_begin(&output->draft, output->path, 0666, &error) != TARE_OK) {
        command_fail(&error);
        return EXIT_TROUBLE;
    }
    if (shows) {
        request->progress = progress_show;
        request->progress_ctx = &shown_ns;
    }
    enum tare_status status = export_run(context->store, request, output_take, output, &result,
                                         &error);
    if (shows)
        fprintf(stderr, "\r\033[K");
    if (output->path != NULL && status == TARE_OK)
        status = draft_finish(&output->draft, &error);
    else if (output->path != NULL)
        draft_drop(&output->draft);
    if (status == TARE_OK)
        result_print(output, request, &result);
    return status == TARE_OK || output->closed ? EXIT_DONE : command_fail(&error);
}

static int export_all(struct context *context, void *values, char **operands)
{
    const struct options *options = values;
    char commit[COMMIT_TEXT_SIZE];
    struct export_request request = {0};
    struct output output = {.path = options->output};
    struct id_list ids = {0};
    (void)operands;
    int result = format_choose(context, options, &request);
    if (result < 0)
        result = extras_choose(context, options, &request);
    if (result < 0)
        result = filter_read(context, options, commit, &request.filter);
    if (result < 0)
        result = output_check(context, options->output);
    if (result >= 0)
        return result;
    if (ids_read(context->store, &options->metrics, &ids)) {
        request.metric_ids = (const char *const *)ids.ids;
        request.metric_count = ids.count;
        result = write_out(context, &request, &output);
    } else {
        command_say("out of memory");
        result = EXIT_TROUBLE;
    }
    ids_release(&ids);
    return result;
}

static const struct command_verb verbs[] = {{"", 0, 0, NULL, CONTEXT_READ, export_all}, {0}};

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {0};
    return verbs_run(command, NULL, verbs, &options, argc, argv);
}

const struct command command_export = {
    .name = "export",
    .synopsis = "[--format csv|json|jsonl|openmetrics] [options]",
    .summary = "writes measurements for other programs, or for another store",
    .details =
        "Everything in the store, oldest session first, or what the options choose. jsonl\n"
        "with --samples has all that was measured: 'tare import jsonl' makes the same of it.",
    .options = rows,
    .run = run,
};
