#include "app/alert_change.h"
#include "app/lists.h"
#include "app/person.h"
#include "base/clock.h"
#include "cli/commands.h"
#include "cli/verbs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define IDS_MOST 1000

struct options {
    struct common_options common;
    struct option_list ids;
    const char *notes, *until, *who, *metric;
};

static const struct option_row rows[] = {
    OPTIONS_READING(options),
    {"all", 'a', OPTION_FLAG, offsetof(struct options, common.all), NULL,
     "list: the accepted and resolved too"},
    {"metric", 0, OPTION_TEXT, offsetof(struct options, metric), "ID", "list: only this metric"},
    {"id", 0, OPTION_LIST, offsetof(struct options, ids), "N",
     "an alert (repeatable; operands do, too)"},
    {"notes", 'm', OPTION_TEXT, offsetof(struct options, notes), "TEXT", "kept with the alert"},
    {"until", 0, OPTION_TEXT, offsetof(struct options, until), "TIME",
     "mute: a date or time, or 7d, 12h"},
    {"who", 0, OPTION_TEXT, offsetof(struct options, who), "NAME",
     "who does it (TARE_USER, USER)"},
    {0},
};

struct id_list {
    int64_t ids[IDS_MOST];
    size_t count;
};

static int id_add(struct id_list *list, const struct command *command, const char *text)
{
    char *end;
    errno = 0;
    long long id = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0 || id <= 0)
        return command_usage(command, "'%.40s' is no alert's id", text);
    for (size_t i = 0; i < list->count; i++)
        if (list->ids[i] == id)
            return -1; /* said twice, meant once */
    if (list->count == IDS_MOST)
        return command_usage(command, "more than %d alerts at once", IDS_MOST);
    list->ids[list->count++] = id;
    return -1;
}

/* Ids from --id and from operands. */
static int ids_read(const struct command *command, const struct options *options, char **operands,
                    struct id_list *list)
{
    int result = -1;
    list->count = 0;
    for (size_t i = 0; i < options->ids.count && result < 0; i++)
        result = id_add(list, command, options->ids.values[i]);
    for (; *operands != NULL && result < 0; operands++)
        result = id_add(list, command, *operands);
    if (result < 0 && list->count == 0)
        result = command_usage(command, "which alert? name its number; 'tare alerts' shows them");
    return result;
}

static int list(struct context *context, void *values, char **operands)
{
    (void)operands;
    const struct options *options = values;
    struct tare_error error;
    struct alert_report report;
    struct store_filter filter = context_filter(context);
    filter.metric_id = options->metric;
    int result = context_metric_check(context, options->metric);
    if (result >= 0)
        return result;
    alert_report_init(&report);
    result = alert_report_build(context->store, &filter, !options->common.all, &report, &error) ==
                     TARE_OK
                 ? context_print(context, &report)
                 : command_fail(&error);
    alert_report_release(&report);
    return result;
}

static int show(struct context *context, void *values, char **operands)
{
    struct tare_error error;
    struct alert_report report;
    struct id_list ids;
    int result = ids_read(context->command, values, operands, &ids);
    alert_report_init(&report);
    for (size_t i = 0; i < ids.count && result < 0; i++)
        if (alert_report_build_one(context->store, ids.ids[i], &report, &error) != TARE_OK)
            result = command_fail(&error);
    if (result < 0)
        result = context_print(context, &report);
    alert_report_release(&report);
    return result;
}

/* A date, a time, or a span from now. */
static bool until_read(const char *text, int64_t now_ns, int64_t *until_ns)
{
    int64_t span_ns;
    if (clock_parse(text, until_ns))
        return true;
    if (!clock_span_parse(text, &span_ns))
        return false;
    *until_ns = now_ns + span_ns;
    return true;
}

static int until_check(const struct command *self, const char *until, enum alert_order order,
                       struct alert_command *command)
{
    if (order != ALERT_ORDER_MUTE)
        return until == NULL ? -1 : command_usage(self, "--until is for mute alone");
    if (until == NULL)
        return command_usage(self, "mute wants --until with a date, a time, or a span such as 7d");
    if (until_read(until, command->now_ns, &command->until_ns))
        return -1;
    return command_usage(self, "--until '%.40s' is no date (2026-01-31), no time and no span (7d)",
                         until);
}

static int change(struct context *context, const struct options *options, char **operands,
                  enum alert_order order, const char *done)
{
    struct tare_error error;
    struct id_list ids;
    struct alert_command command = {.order = order,
                                    .who = options->who != NULL ? options->who : person_name(),
                                    .note = options->notes,
                                    .now_ns = clock_now_ns()};
    int result = ids_read(context->command, options, operands, &ids);
    if (result >= 0)
        return result;
    result = until_check(context->command, options->until, order, &command);
    if (result >= 0)
        return result;
    if (alert_change(context->store, &context->config, ids.ids, ids.count, &command, &error) !=
        TARE_OK)
        return command_fail(&error);
    struct strbuf out;
    strbuf_init(&out);
    for (size_t i = 0; i < ids.count; i++)
        strbuf_add_format(&out, "Alert %lld %s.\n", (long long)ids.ids[i], done);
    context->delivers = true;
    result = output_write(&out);
    strbuf_release(&out);
    return result;
}

static int ack(struct context *context, void *values, char **operands)
{
    return change(context, values, operands, ALERT_ORDER_ACKNOWLEDGE, "acknowledged");
}

static int accept(struct context *context, void *values, char **operands)
{
    return change(context, values, operands, ALERT_ORDER_ACCEPT,
                  "accepted: its level is the new normal");
}

static int resolve(struct context *context, void *values, char **operands)
{
    return change(context, values, operands, ALERT_ORDER_RESOLVE, "resolved");
}

static int mute(struct context *context, void *values, char **operands)
{
    return change(context, values, operands, ALERT_ORDER_MUTE, "muted");
}

static int unmute(struct context *context, void *values, char **operands)
{
    return change(context, values, operands, ALERT_ORDER_UNMUTE, "no longer muted");
}

static const struct command_verb verbs[] = {{"list", 0, 0, NULL, CONTEXT_READ, list},
                                            {"show", 0, -1, NULL, CONTEXT_READ, show},
                                            {"ack", 0, -1, NULL, CONTEXT_WRITE, ack},
                                            {"accept", 0, -1, NULL, CONTEXT_WRITE, accept},
                                            {"resolve", 0, -1, NULL, CONTEXT_WRITE, resolve},
                                            {"mute", 0, -1, NULL, CONTEXT_WRITE, mute},
                                            {"unmute", 0, -1, NULL, CONTEXT_WRITE, unmute},
                                            {0}};

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {0};
    return verbs_run(command, alert_renderers, verbs, &options, argc, argv);
}

const struct command command_alerts = {
    .name = "alerts",
    .synopsis = "[list | show|ack|accept|resolve|mute|unmute ALERT…] [options]",
    .summary = "what wants a person: list, show, acknowledge, accept, resolve, mute",
    .details =
        "ack: seen; no more notices unless it gets worse. accept: the new level is normal,\n"
        "the baseline begins anew behind the last good measurement. resolve: over. mute:\n"
        "no notices until a date. Several ids at once are changed together or not at all.",
    .options = rows,
    .run = run,
};
