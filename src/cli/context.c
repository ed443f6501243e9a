#include "cli/context.h"

#include "app/deliver.h"
#include "app/ingest.h"
#include "app/standing_rules.h"
#include "base/draft.h"
#include "base/error.h"
#include "model/labels.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

static int labels_read(struct context *context, struct tare_error *error)
{
    struct strbuf all;
    strbuf_init(&all);
    for (size_t i = 0; i < context->options->labels.count; i++) {
        strbuf_add_text(&all, context->options->labels.values[i]);
        strbuf_add_char(&all, ',');
    }
    enum tare_status status = all.failed ? error_memory(error)
                                         : labels_canonical(all.text, &context->labels, error);
    strbuf_release(&all);
    return status == TARE_OK ? -1 : command_fail(error);
}

/* What can be no store, whatever happens to it later: refused before anything is measured for it
 * or handed over to it. */
static int store_place_check(const char *url)
{
    struct tare_error error;
    struct store *store = NULL;
    struct stat info;
    const struct store_options reading = {.read_only = true};
    if (strstr(url, "://") == NULL && stat(url, &info) == 0 && S_ISDIR(info.st_mode)) {
        error_set(&error, TARE_E_USAGE, "the store %.200s is a folder; name a file in it", url);
        return command_fail(&error);
    }
    if (strstr(url, "://") == NULL)
        return -1;
    enum tare_status status = store_open(url, &reading, &store, &error);
    store_close(store);
    return status == TARE_E_USAGE ? command_fail(&error) : -1;
}

static int begin(struct context *context, const struct command *command, int argc, char **argv,
                 void *values, bool stop_early, int *operands)
{
    struct tare_error error;
    bool help = false;
    *context = (struct context){.command = command, .options = values};
    if (options_parse(command->options, argc, argv, values, stop_early, operands, &help, &error) !=
        TARE_OK)
        return command_usage(command, "%s", error.message);
    if (help)
        return command_help(command);
    if (config_load(&context->config, &error) != TARE_OK)
        return command_fail(&error);
    int result = labels_read(context, &error);
    if (result < 0 && config_store(&context->config, context->options->store, &context->store_url,
                                   &error) != TARE_OK)
        result = command_fail(&error);
    if (result < 0)
        result = store_place_check(context->store_url);
    if (result >= 0)
        context_end(context);
    return result;
}

int context_begin(struct context *context, const struct command *command, int argc, char **argv,
                  void *values, int *operands)
{
    return begin(context, command, argc, argv, values, false, operands);
}

int context_begin_command(struct context *context, const struct command *command, int argc,
                          char **argv, void *values, int *operands)
{
    return begin(context, command, argc, argv, values, true, operands);
}

int context_renderer(struct context *context, const struct renderer *table)
{
    const char *format = context->options->format;
    context->renderer = renderer_find(table, format != NULL ? format : "text");
    if (context->renderer != NULL)
        return -1;
    struct strbuf formats;
    strbuf_init(&formats);
    for (; table->format != NULL; table++) {
        strbuf_add_text(&formats, formats.length > 0 ? ", " : "");
        strbuf_add_text(&formats, table->format);
    }
    int result = command_usage(context->command, "--format is one of %s, not '%.40s'",
                               formats.text, format);
    strbuf_release(&formats);
    return result;
}

/* Opens a store to read it. One of an older tare is brought up to date first, if it may be. */
static enum tare_status open_to_read(const char *url, struct store **store,
                                     struct tare_error *error)
{
    const struct store_options reading = {.read_only = true};
    const struct store_options writing = {0};
    struct store *older = NULL;
    enum tare_status status = store_open(url, &reading, store, error);
    if (status != TARE_E_READ_ONLY || store_open(url, &writing, &older, NULL) != TARE_OK)
        return status;
    store_close(older);
    return store_open(url, &reading, store, error);
}

int context_open(struct context *context, enum context_access access)
{
    struct tare_error error;
    bool reads = access == CONTEXT_READ || access == CONTEXT_READ_IF_THERE;
    const struct store_options writing = {.create = access == CONTEXT_CREATE};
    if (access == CONTEXT_NOTHING)
        return -1;
    struct tare_error waits;
    bool taken = !reads || ingest_quietly(context->store_url, &context->config, &context->delivers,
                                          &waits) == TARE_OK;
    enum tare_status status = reads ? open_to_read(context->store_url, &context->store, &error)
                                    : store_open(context->store_url, &writing, &context->store,
                                                 &error);
    if (status == TARE_OK && !taken)
        command_say("this is not the newest: what waits in the inbox could not be taken in: %s",
                    waits.message);
    else if (status == TARE_OK && reads &&
             ingest_judge_quietly(context->store, context->store_url, &context->config,
                                  &context->delivers, &waits) != TARE_OK)
        command_say("this is not the newest: what was taken in last could not be judged yet: %s",
                    waits.message);
    if (status == TARE_OK)
        status = standing_rules_adopt(context->store, context->store_url, &context->config,
                                      &error);
    if (status == TARE_OK || (status == TARE_E_NOT_FOUND && access == CONTEXT_READ_IF_THERE))
        return -1;
    command_fail(&error);
    return EXIT_TROUBLE;
}

/* The app that is meant where the command line names none: TARE_APP's or tare.yml's, unless the
 * store has nothing of it: programs may call themselves otherwise. */
static const char *app_meant(const struct context *context)
{
    const char *app = config_app(&context->config, context->options->app);
    struct session *sessions = NULL;
    size_t count = 0;
    if (context->options->app != NULL || app == NULL || context->store == NULL)
        return app;
    const struct store_filter of_app = {.app = app, .limit = 1};
    if (store_session_list(context->store, &of_app, &sessions, &count, NULL) != TARE_OK)
        return app;
    store_session_list_free(sessions, count);
    return count > 0 ? app : NULL;
}

struct store_filter context_filter(const struct context *context)
{
    return (struct store_filter){
        .app = app_meant(context),
        .environment = context->options->environment,
        .branch = context->options->branch,
        .labels = context->labels[0] != '\0' ? context->labels : NULL,
    };
}

int context_metric_check(const struct context *context, const char *id)
{
    struct tare_error error;
    struct metric metric;
    if (id == NULL)
        return -1;
    metric_init(&metric);
    int result = store_metric_get(context->store, id, &metric, &error) == TARE_OK
                     ? -1
                     : command_fail(&error);
    metric_release(&metric);
    return result;
}

/* Whether there is anything of it: sessions, or series whose sessions were rolled up. */
static bool has_any(struct store *store, struct store_filter filter)
{
    struct session *sessions = NULL;
    struct series *series = NULL;
    size_t count = 0;
    filter.limit = 1;
    if (store_session_list(store, &filter, &sessions, &count, NULL) != TARE_OK)
        return true; /* whoever reads it next says so */
    store_session_list_free(sessions, count);
    if (count > 0 || filter.branch != NULL)
        return count > 0;
    if (store_series_list(store, &filter, &series, &count, NULL) != TARE_OK)
        return true;
    store_series_list_free(series, count);
    return count > 0;
}

void context_note_nothing(const struct context *context)
{
    const struct common_options *options = context->options;
    const char *labels = context->labels[0] != '\0' ? context->labels : NULL;
    const struct {
        const char *what, *value;
        struct store_filter filter;
    } chosen[] = {
        {"app", options->app, {.app = options->app}},
        {"environment", options->environment, {.environment = options->environment}},
        {"branch", options->branch, {.branch = options->branch}},
        {"label", labels, {.labels = labels}},
    };
    const struct store_filter all = {.app = options->app,
                                     .environment = options->environment,
                                     .branch = options->branch,
                                     .labels = labels};
    if (context->store == NULL || has_any(context->store, all) ||
        !has_any(context->store, (struct store_filter){0}))
        return;
    for (size_t i = 0; i < sizeof chosen / sizeof chosen[0]; i++) {
        if (chosen[i].value == NULL || has_any(context->store, chosen[i].filter))
            continue;
        command_say("nothing in the store has the %s '%.200s'; 'tare sessions' shows what there "
                    "is",
                    chosen[i].what, chosen[i].value);
        return;
    }
    command_say("nothing in the store has all of these options at once; 'tare sessions' shows "
                "what there is");
}

struct text_style output_style(int fd)
{
    struct text_style style = {0};
    const char *no_colour = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    const char *columns = getenv("COLUMNS");
    struct winsize size;
    if (isatty(fd)) {
        style.colour = (no_colour == NULL || no_colour[0] == '\0') &&
                       (terminal == NULL || strcmp(terminal, "dumb") != 0);
        if (ioctl(fd, TIOCGWINSZ, &size) == 0)
            style.width = size.ws_col;
    }
    if (style.width == 0 && columns != NULL)
        style.width = (unsigned)strtoul(columns, NULL, 10);
    return style;
}

int output_write(const struct strbuf *text)
{
    if (text->failed) {
        fprintf(stderr, "tare: out of memory\n");
        return EXIT_TROUBLE;
    }
    if (fwrite(text->text, 1, text->length, stdout) == text->length && fflush(stdout) == 0)
        return EXIT_DONE;
    if (errno != EPIPE) /* `| head` has seen enough, and knows it */
        fprintf(stderr, "tare: cannot write to standard output: %s\n", strerror(errno));
    return EXIT_TROUBLE;
}

int context_print(const struct context *context, const void *report)
{
    struct strbuf out;
    struct text_style style = output_style(STDOUT_FILENO);
    style.all = context->options->all;
    strbuf_init(&out);
    context->renderer->render(report, &style, &out);
    int result = output_write(&out);
    strbuf_release(&out);
    return result;
}

int context_print_to(const struct context *context, const void *report, const char *path)
{
    struct tare_error error;
    struct strbuf out;
    struct draft draft;
    const struct text_style plain = {.all = context->options->all};
    if (path == NULL || strcmp(path, "-") == 0)
        return context_print(context, report);
    strbuf_init(&out);
    context->renderer->render(report, &plain, &out);
    enum tare_status status = out.failed ? error_memory(&error)
                                         : draft_begin(&draft, path, 0666, &error);
    if (status == TARE_OK) {
        status = draft_write(&draft, out.text, out.length, &error);
        if (status == TARE_OK)
            status = draft_finish(&draft, &error);
        else
            draft_drop(&draft);
    }
    strbuf_release(&out);
    if (status == TARE_OK)
        return EXIT_DONE;
    command_fail(&error);
    return EXIT_TROUBLE;
}

void context_end(struct context *context)
{
    store_close(context->store);
    if (context->delivers)
        deliver_behind(context->store_url, &context->config);
    config_release(&context->config);
    free(context->store_url);
    free(context->labels);
    *context = (struct context){0};
}
