#include "app/deliver.h"
#include "app/notify_reports.h"
#include "base/clock.h"
#include "cli/commands.h"
#include "cli/verbs.h"

#include <stdio.h>

#define SHOWN      20
#define LOCK_MS    10000
#define AGAIN_DAYS SINK_GIVE_UP_DAYS

struct options {
    struct common_options common;
    unsigned limit;
    bool failed;
};

static const struct option_row rows[] = {
    OPTION_FORMAT(options),
    OPTION_STORE(options),
    {"all", 'a', OPTION_FLAG, offsetof(struct options, common.all), NULL,
     "list: every delivery there ever was"},
    {"limit", 'n', OPTION_COUNT, offsetof(struct options, limit), "N",
     "list: the newest so many (20)"},
    {"failed", 0, OPTION_FLAG, offsetof(struct options, failed), NULL,
     "list: only what is not delivered; send: what was given up, too"},
    {0},
};

/* Each verb has a report of its own, and so renderers of its own. */
static int report_print(struct context *context, const struct renderer *table, const void *report)
{
    int result = context_renderer(context, table);
    return result < 0 ? context_print(context, report) : result;
}

static int list(struct context *context, void *values, char **operands)
{
    (void)operands;
    const struct options *options = values;
    struct tare_error error;
    struct delivery_report report = {0};
    size_t limit = options->common.all ? 0 : options->limit;
    int result = delivery_report_build(context->store, options->failed, limit, &report, &error) ==
                         TARE_OK
                     ? report_print(context, delivery_renderers, &report)
                     : command_fail(&error);
    delivery_report_release(&report);
    return result;
}

static int sinks(struct context *context, void *values, char **operands)
{
    (void)values;
    (void)operands;
    struct tare_error error;
    struct sink_report report = {0};
    int result = sink_report_build(context->store, &context->config, &report, &error) == TARE_OK
                     ? report_print(context, sink_renderers, &report)
                     : command_fail(&error);
    sink_report_release(&report);
    return result;
}

/* What waits for a sink that has just proved to be well need not wait any longer. */
static void waiting_bring_forward(const struct context *context, const struct sink_report *report)
{
    struct store *store = NULL;
    const struct store_options options = {.wait_ms = LOCK_MS};
    if (store_open(context->store_url, &options, &store, NULL) != TARE_OK)
        return;
    bool begun = store_begin(store, NULL) == TARE_OK;
    for (size_t i = 0; begun && i < report->count; i++)
        if (report->rows[i].delivered)
            store_delivery_defer(store, report->rows[i].name, report->now_ns, true, NULL);
    if (begun && store_commit(store, NULL) != TARE_OK)
        store_rollback(store);
    store_close(store);
}

static int test(struct context *context, void *values, char **operands)
{
    (void)values;
    struct tare_error error;
    struct sink_report report = {0};
    int result = EXIT_DONE;
    if (sink_report_try(&context->config, operands, &report, &error) != TARE_OK)
        result = command_fail(&error);
    else
        result = report_print(context, sink_try_renderers, &report);
    for (size_t i = 0; i < report.count && result == EXIT_DONE; i++)
        if (!report.rows[i].delivered)
            result = EXIT_TROUBLE;
    waiting_bring_forward(context, &report);
    context->delivers = true;
    sink_report_release(&report);
    return result;
}

static enum tare_status failed_revive(const struct context *context, const char *sink,
                                      struct tare_error *error)
{
    struct store *store = NULL;
    const struct store_options options = {.wait_ms = LOCK_MS};
    int64_t now_ns = clock_now_ns();
    size_t count;
    enum tare_status status = store_open(context->store_url, &options, &store, error);
    if (status == TARE_OK)
        status = store_begin(store, error);
    if (status == TARE_OK)
        status = store_delivery_revive(store, sink, now_ns, now_ns + AGAIN_DAYS * CLOCK_NS_PER_DAY,
                                       &count, error);
    if (status == TARE_OK)
        status = store_commit(store, error);
    store_close(store);
    return status;
}

static void result_print(const struct deliver_result *result)
{
    printf("Delivered %zu", result->delivered);
    if (result->failed > 0)
        printf("; %zu failed and will be tried again", result->failed);
    if (result->refused > 0)
        printf("; %zu were refused", result->refused);
    if (result->given_up > 0)
        printf("; %zu were given up", result->given_up);
    printf(".\n");
    if (result->why[0] != '\0')
        command_say("%s: %s", result->sink, result->why);
}

static int send(struct context *context, void *values, char **operands)
{
    const struct options *options = values;
    struct tare_error error;
    struct deliver_result result;
    const struct deliver_options how = {.sink = *operands, .hasty = true, .wait_ms = LOCK_MS};
    if (!config_notifies())
        return command_usage(context->command, "TARE_NOTIFY=off: nobody is told of anything");
    if (*operands != NULL && config_sink(&context->config, *operands) == NULL)
        return command_usage(context->command, "there is no sink %.63s; see 'tare notify sinks'",
                             *operands);
    if (options->failed && failed_revive(context, *operands, &error) != TARE_OK)
        return command_fail(&error);
    if (deliver_run(context->store_url, &context->config, &how, &result, &error) != TARE_OK)
        return command_fail(&error);
    result_print(&result);
    return result.failed + result.refused > 0 ? EXIT_TROUBLE : EXIT_DONE;
}

static const struct command_verb verbs[] = {
    {"list", 0, 0, NULL, CONTEXT_READ, list},
    {"sinks", 0, 0, NULL, CONTEXT_READ_IF_THERE, sinks},
    {"test", 0, -1, NULL, CONTEXT_NOTHING, test},
    {"send", 0, 1, "at most one sink", CONTEXT_NOTHING, send},
    {0}};

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {.limit = SHOWN};
    return verbs_run(command, NULL, verbs, &options, argc, argv);
}

const struct command command_notify = {
    .name = "notify",
    .synopsis = "[list | sinks | test [SINK…] | send [SINK]] [options]",
    .summary = "who is told of alerts, and what was delivered",
    .details =
        "Who is told stands in the section notify of tare.yml. list: the deliveries and what\n"
        "became of them. sinks: how each fares. test: sends each a notice that says it is a\n"
        "test. send: delivers what waits now, without waiting for the next attempt's time.",
    .options = rows,
    .run = run,
};
