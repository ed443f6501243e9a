#include "app/lists.h"
#include "app/person.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "model/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct options {
    struct common_options common;
    double warning_percent;
    double error_percent;
    const char *unit;
};

static const struct option_row rows[] = {
    OPTIONS_READING(options),
    {"warning", 0, OPTION_REAL, offsetof(struct options, warning_percent), "PERCENT",
     "set: warn from so much beyond (10)"},
    {"error", 0, OPTION_REAL, offsetof(struct options, error_percent), "PERCENT",
     "set: an error from so much beyond (20)"},
    {"unit", 0, OPTION_TEXT, offsetof(struct options, unit), "UNIT",
     "set: the unit of the value (the metric's)"},
    {0},
};

static int targets_show(struct context *context)
{
    struct tare_error error;
    struct metric_report report = {0};
    struct store_filter filter = context_filter(context);
    int result = metric_report_build(context->store, &filter, &report, &error) == TARE_OK
                     ? context_print(context, &report)
                     : command_fail(&error);
    metric_report_release(&report);
    return result;
}

/* The value in the metric's own unit. */
static int value_read(const struct command *command, const struct metric *metric,
                      const char *text, const char *unit, double *value)
{
    char *end;
    double factor = 1;
    *value = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(*value))
        return command_usage(command, "a target is a number, not '%.60s'", text);
    if (unit != NULL && !unit_convert(unit, metric->unit, &factor))
        return command_usage(command, "%s is measured in %s, which %.30s does not fit", metric->id,
                             metric->unit, unit);
    *value *= factor;
    return -1;
}

static int target_write(struct context *context, const char *id, double value,
                        const struct metric *metric, const struct options *options)
{
    struct tare_error error;
    double warning = isnan(options->warning_percent) ? metric->warning_percent
                                                     : options->warning_percent;
    double beyond = isnan(options->error_percent) ? metric->error_percent : options->error_percent;
    if (!(warning >= 0) || !(beyond >= warning))
        return command_usage(context->command,
                             "thresholds need 0 ≤ --warning ≤ --error, not %g and %g", warning,
                             beyond);
    enum tare_status status = store_begin(context->store, &error);
    if (status != TARE_OK)
        return command_fail(&error);
    status = store_target_set(context->store, id, value, warning, beyond, person_name(), &error);
    if (status == TARE_OK)
        status = store_commit(context->store, &error);
    if (status == TARE_OK)
        return EXIT_DONE;
    store_rollback(context->store);
    return command_fail(&error);
}

static int target_change(struct context *context, bool set, char **operands,
                         const struct options *options)
{
    struct tare_error error;
    struct metric metric;
    double value = NAN;
    metric_init(&metric);
    int result = -1;
    if (store_metric_get(context->store, operands[0], &metric, &error) != TARE_OK)
        result = command_fail(&error);
    if (result < 0 && set)
        result = value_read(context->command, &metric, operands[1], options->unit, &value);
    if (result < 0)
        result = target_write(context, operands[0], value, &metric, options);
    metric_release(&metric);
    return result;
}

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {.warning_percent = NAN, .error_percent = NAN};
    struct context context;
    int operands;
    int result = context_begin(&context, command, argc, argv, &options, &operands);
    if (result >= 0)
        return result;
    const char *verb = operands < argc ? argv[operands] : "list";
    bool set = strcmp(verb, "set") == 0, unset = strcmp(verb, "unset") == 0;
    result = context_renderer(&context, target_renderers);
    if (result < 0 && !set && !unset && strcmp(verb, "list") != 0)
        result = command_usage(command, "targets does list, set or unset, not '%.60s'", verb);
    if (result < 0 && set && argc - operands != 3)
        result = command_usage(command, "targets set wants METRIC and VALUE");
    if (result < 0 && unset && argc - operands != 2)
        result = command_usage(command, "targets unset wants METRIC");
    if (result < 0)
        result = context_open(&context, set || unset ? CONTEXT_WRITE : CONTEXT_READ);
    if (result < 0)
        result = set || unset ? target_change(&context, set, argv + operands + 1, &options)
                              : targets_show(&context);
    context_end(&context);
    return result;
}

const struct command command_targets = {
    .name = "targets",
    .synopsis = "[list | set METRIC VALUE | unset METRIC] [options]",
    .summary = "the budgets that metrics are held against",
    .details = "A target counts from the next measurement on. One that tare.yml gives for a metric\n"
               "is only its first value: what is set here stays.",
    .options = rows,
    .run = run,
};
