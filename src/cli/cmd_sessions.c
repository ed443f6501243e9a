#include "app/lists.h"
#include "cli/commands.h"
#include "cli/context.h"

#include <string.h>

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

static int sessions_show(struct context *context, unsigned limit)
{
    struct tare_error error;
    struct session_report report = {0};
    struct store_filter filter = context_filter(context);
    filter.limit = limit;
    int result = session_report_build(context->store, &filter, &report, &error) == TARE_OK
                     ? context_print(context, &report)
                     : command_fail(&error);
    session_report_release(&report);
    return result;
}

static int session_exclude(struct context *context, const char *id, bool excluded)
{
    struct tare_error error;
    struct session *found = NULL;
    size_t count = 0;
    const struct store_filter filter = {.session_id = id, .limit = 2};
    enum tare_status status = store_session_list(context->store, &filter, &found, &count, &error);
    if (status == TARE_OK && count != 1) {
        store_session_list_free(found, count);
        return command_usage(context->command,
                             count == 0 ? "there is no session '%.40s'"
                                        : "'%.40s' is the beginning of several sessions",
                             id);
    }
    if (status == TARE_OK)
        status = store_begin(context->store, &error);
    if (status == TARE_OK) {
        status = store_session_exclude(context->store, found->id, excluded, &error);
        if (status == TARE_OK)
            status = store_commit(context->store, &error);
        else
            store_rollback(context->store);
    }
    store_session_list_free(found, count);
    return status == TARE_OK ? EXIT_DONE : command_fail(&error);
}

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {.limit = 20};
    struct context context;
    int operands;
    int result = context_begin(&context, command, argc, argv, &options, &operands);
    if (result >= 0)
        return result;
    result = context_renderer(&context, session_renderers);
    const char *verb = operands < argc ? argv[operands] : "list";
    bool exclude = strcmp(verb, "exclude") == 0, include = strcmp(verb, "include") == 0;
    int wanted = exclude || include ? 2 : 1;
    if (result < 0 && !exclude && !include && strcmp(verb, "list") != 0)
        result = command_usage(command, "sessions does list, exclude or include, not '%.60s'", verb);
    if (result < 0 && (exclude || include) && argc - operands != wanted)
        result = command_usage(command, "sessions %s wants one session's id", verb);
    if (result < 0)
        result = context_open(&context, exclude || include ? CONTEXT_WRITE : CONTEXT_READ);
    if (result < 0)
        result = exclude || include ? session_exclude(&context, argv[operands + 1], exclude)
                                    : sessions_show(&context, options.limit);
    context_end(&context);
    return result;
}

const struct command command_sessions = {
    .name = "sessions",
    .synopsis = "[list | exclude ID | include ID] [options]",
    .summary = "the runs that were recorded",
    .details = "exclude keeps a session's measurements out of every baseline from now on; include\n"
               "takes that back. An ID may be cut short.",
    .options = rows,
    .run = run,
};
