#include "app/lists.h"
#include "app/person.h"
#include "cli/commands.h"
#include "cli/verbs.h"
#include "model/unit.h"

#include <math.h>
#include <stdlib.h>

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

static int show(struct context *context, void *values, char **operands)
{
    (void)values;
    (void)operands;
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
static int value_read(const struct command *command, const struct metric *metric, const char *text,
                      const char *unit, double *value)
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

static int target_change(struct context *context, bool with_value, char **operands,
                         const struct options *options)
{
    struct tare_error error;
    struct metric metric;
    double value = NAN;
    metric_init(&metric);
    int result = -1;
    if (store_metric_get(context->store, operands[0], &metric, &error) != TARE_OK)
        result = command_fail(&error);
    if (result < 0 && with_value)
        result = value_read(context->command, &metric, operands[1], options->unit, &value);
    if (result < 0)
        result = target_write(context, operands[0], value, &metric, options);
    metric_release(&metric);
    return result;
}

static int set(struct context *context, void *values, char **operands)
{
    return target_change(context, true, operands, values);
}

static int unset(struct context *context, void *values, char **operands)
{
    return target_change(context, false, operands, values);
}

static const struct command_verb verbs[] = {{"list", 0, 0, NULL, CONTEXT_READ, show},
                                            {"set", 2, 2, "METRIC and VALUE", CONTEXT_WRITE, set},
                                            {"unset", 1, 1, "METRIC", CONTEXT_WRITE, unset},
                                            {0}};

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {.warning_percent = NAN, .error_percent = NAN};
    return verbs_run(command, target_renderers, verbs, &options, argc, argv);
}

const struct command command_targets = {
    .name = "targets",
    .synopsis = "[list | set METRIC VALUE | unset METRIC] [options]",
    .summary = "the budgets that metrics are held against",
    .details =
        "A target counts from the next measurement on. One that tare.yml gives for a metric\n"
        "is only its first value: what is set here stays.",
    .options = rows,
    .run = run,
};
