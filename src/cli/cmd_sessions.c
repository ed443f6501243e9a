#include "app/lists.h"
#include "cli/commands.h"
#include "cli/verbs.h"

struct options {
    struct common_options common;
    unsigned limit;
};

static const struct option_row rows[] = {
    OPTIONS_READING(options),
    {"limit", 'n', OPTION_COUNT, offsetof(struct options, limit), "N",
     "the newest N (20; 0: all)"},
    {0},
};

static int show(struct context *context, void *values, char **operands)
{
    (void)operands;
    struct tare_error error;
    struct session_report report = {0};
    struct store_filter filter = context_filter(context);
    filter.limit = ((const struct options *)values)->limit;
    int result = session_report_build(context->store, &filter, &report, &error) == TARE_OK
                     ? context_print(context, &report)
                     : command_fail(&error);
    session_report_release(&report);
    return result;
}

static enum tare_status mark(struct store *store, const char *id, bool excluded,
                             struct tare_error *error)
{
    enum tare_status status = store_begin(store, error);
    if (status != TARE_OK)
        return status;
    status = store_session_exclude(store, id, excluded, error);
    if (status == TARE_OK)
        status = store_commit(store, error);
    if (status != TARE_OK)
        store_rollback(store);
    return status;
}

static int change(struct context *context, const char *id, bool excluded)
{
    struct tare_error error;
    struct session *found = NULL;
    size_t count = 0;
    const struct store_filter filter = {.session_id = id, .limit = 2};
    enum tare_status status = store_session_list(context->store, &filter, &found, &count, &error);
    int result = -1;
    if (status == TARE_OK && count != 1)
        result = command_usage(context->command,
                               count == 0 ? "there is no session '%.40s'"
                                          : "'%.40s' is the beginning of several sessions",
                               id);
    else if (status == TARE_OK)
        status = mark(context->store, found->id, excluded, &error);
    store_session_list_free(found, count);
    if (result < 0)
        result = status == TARE_OK ? EXIT_DONE : command_fail(&error);
    return result;
}

static int exclude(struct context *context, void *values, char **operands)
{
    (void)values;
    return change(context, operands[0], true);
}

static int include(struct context *context, void *values, char **operands)
{
    (void)values;
    return change(context, operands[0], false);
}

static const struct command_verb verbs[] = {
    {"list", 0, 0, NULL, CONTEXT_READ, show},
    {"exclude", 1, 1, "one session's ID", CONTEXT_WRITE, exclude},
    {"include", 1, 1, "one session's ID", CONTEXT_WRITE, include},
    {0}};

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {.limit = 20};
    return verbs_run(command, session_renderers, verbs, &options, argc, argv);
}

const struct command command_sessions = {
    .name = "sessions",
    .synopsis = "[list | exclude ID | include ID] [options]",
    .summary = "the runs that were recorded",
    .details =
        "exclude keeps a session's measurements out of every baseline from now on; include\n"
        "takes that back. An ID may be cut short.",
    .options = rows,
    .run = run,
};
