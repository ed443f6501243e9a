#include "app/run.h"

#include "base/error.h"
#include "base/file.h"
#include "record/stamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is measured of a run. To add one: a row here, and a line in docs/man/tare-run.1. */
struct run_metric {
    const char *suffix;
    const char *unit;
    enum metric_category category;
    double resolution;
    double min_change; /* below that the system's own business is louder */
    double (*value)(const struct child_usage *usage); /* NaN-free; negative: unknown */
};

static double wall_ms(const struct child_usage *usage)
{
    return (double)usage->wall_ns / 1e6;
}

static double user_ms(const struct child_usage *usage)
{
    return (double)usage->user_ns / 1e6;
}

static double system_ms(const struct child_usage *usage)
{
    return (double)usage->system_ns / 1e6;
}

static double peak_memory_mb(const struct child_usage *usage)
{
    return (double)usage->peak_memory_bytes / 1e6;
}

static double major_faults(const struct child_usage *usage)
{
    return (double)usage->major_faults;
}

static double involuntary_switches(const struct child_usage *usage)
{
    return (double)usage->involuntary_switches;
}

static double read_mb(const struct child_usage *usage)
{
    return usage->read_bytes < 0 ? -1 : (double)usage->read_bytes / 1e6;
}

static double written_mb(const struct child_usage *usage)
{
    return usage->written_bytes < 0 ? -1 : (double)usage->written_bytes / 1e6;
}

static const struct run_metric run_metrics[] = {
    {"wall", "ms", CATEGORY_CORE, 0, 1, wall_ms},
    /* Kernels split processor time between the two by the tick of a 250 Hz clock. */
    {"user", "ms", CATEGORY_CUSTOM, 4, 10, user_ms},
    {"system", "ms", CATEGORY_CUSTOM, 4, 10, system_ms},
    {"peak_memory", "MB", CATEGORY_CUSTOM, 0.004096, 1, peak_memory_mb},
    {"major_faults", "count", CATEGORY_SECONDARY, 1, 100, major_faults},
    {"involuntary_switches", "count", CATEGORY_SECONDARY, 1, 100, involuntary_switches},
    {"read", "MB", CATEGORY_SECONDARY, 0, 1, read_mb},
    {"written", "MB", CATEGORY_SECONDARY, 0, 1, written_mb},
};

#define NAME_MOST        (METRIC_ID_MOST - 21) /* with ".involuntary_switches" it is an id */
#define RUN_METRIC_COUNT (sizeof run_metrics / sizeof run_metrics[0])

static enum tare_status parts_define(struct batch *batch, const char *name,
                                     struct tare_error *error)
{
    for (size_t i = 0; i < RUN_METRIC_COUNT; i++) {
        char id[256];
        struct batch_part *part = batch_part_add(batch);
        if (part == NULL)
            return error_memory(error);
        int length = snprintf(id, sizeof id, "%s.%s", name, run_metrics[i].suffix);
        if (name[0] == '\0' || (size_t)length >= sizeof id || !metric_id_valid(id))
            return error_set(error, TARE_E_USAGE,
                             "'%.40s%s' cannot begin the name of a metric: 1 to %d bytes without "
                             "control characters; --name gives another",
                             name, strlen(name) > 40 ? "…" : "", NAME_MOST);
        enum tare_status status = metric_name(&part->metric, id, NULL, run_metrics[i].unit, error);
        if (status != TARE_OK)
            return status;
        part->metric.category = run_metrics[i].category;
        part->metric.resolution = run_metrics[i].resolution;
        part->metric.min_change = run_metrics[i].min_change;
        part->metric_described = true;
        part->window_start_ns = batch->session.started_ns;
    }
    return TARE_OK;
}

/* Of a run that failed only that it failed is kept: how long it took says nothing. */
static enum tare_status usage_keep(struct batch *batch, const struct child_usage *usage,
                                   struct tare_error *error)
{
    for (size_t i = 0; i < RUN_METRIC_COUNT; i++) {
        struct batch_part *part = &batch->parts[i];
        double value = run_metrics[i].value(usage);
        enum tare_status status = TARE_OK;
        if (usage->exit_status != 0) {
            if (part->n + part->failed == 0)
                part->first_ns = usage->ended_ns;
            part->failed++;
            part->last_ns = usage->ended_ns;
        } else if (value >= 0) {
            status = batch_part_sample(part, usage->ended_ns, value, error);
        }
        if (status != TARE_OK)
            return status;
    }
    return TARE_OK;
}

/* Parts without anything in them are nobody's metric. */
static void parts_trim(struct batch *batch)
{
    size_t kept = 0;
    for (size_t i = 0; i < batch->part_count; i++) {
        struct batch_part *part = &batch->parts[i];
        if (part->n + part->failed == 0)
            batch_part_release(part);
        else
            batch->parts[kept++] = *part;
    }
    batch->part_count = kept;
}

struct child_environment {
    char session[64];
    char *store, *app, *temperature, *environment, *labels;
    const char *variables[9];
};

static char *variable_make(const char *name, const char *value)
{
    char *text = NULL;
    return asprintf(&text, "%s=%s", name, value != NULL ? value : "") < 0 ? NULL : text;
}

static void child_environment_release(struct child_environment *self)
{
    free(self->store);
    free(self->app);
    free(self->temperature);
    free(self->environment);
    free(self->labels);
}

static enum tare_status child_environment_fill(struct child_environment *self,
                                               const struct batch *batch, const char *store_url,
                                               const char *environment, struct tare_error *error)
{
    const struct session *session = &batch->session;
    *self = (struct child_environment){0};
    snprintf(self->session, sizeof self->session, "TARE_SESSION=%s", session->id);
    self->store = variable_make("TARE_STORE", store_url);
    self->app = variable_make("TARE_APP", session->app);
    self->temperature = variable_make("TARE_TEMPERATURE", temperature_word(session->temperature));
    self->labels = variable_make("TARE_LABELS", session->labels);
    self->environment = variable_make("TARE_ENVIRONMENT", environment);
    bool failed = self->store == NULL || self->app == NULL || self->temperature == NULL ||
                  self->labels == NULL || self->environment == NULL;
    const char *const variables[] = {self->session, "TARE_RUN=1",      "TARE_INGEST=never",
                                     self->store,   self->app,         self->temperature,
                                     self->labels,  self->environment, NULL};
    memcpy(self->variables, variables, sizeof self->variables);
    return failed ? error_memory(error) : TARE_OK;
}

/* A run that was interrupted between others was cut short: it tells nothing. */
static bool cut_short(const struct run_options *options, const struct run_course *course)
{
    return course->last.interrupted != 0 && options->repeat > 1 &&
           (course->runs > 0 || course->last.exit_status == 0);
}

static bool goes_on(enum tare_status status, const struct child_usage *last)
{
    return status == TARE_OK && last->exit_status == 0 && last->interrupted == 0;
}

static enum tare_status runs_do(const struct run_options *options, char *const argv[],
                                const struct child_environment *environment, struct batch *batch,
                                struct run_course *course, struct tare_error *error)
{
    /* A warm-up run is no part of the session: what it records by itself goes nowhere. */
    static const char *const warmup_variables[] = {"TARE_DISABLE=1", NULL};
    struct child_usage *last = &course->last;
    enum tare_status status = TARE_OK;
    last->exit_status = 0;
    for (unsigned i = 0; i < options->warmup && goes_on(status, last); i++) {
        status = child_run(argv, warmup_variables, last, error);
        course->warmups += goes_on(status, last);
    }
    for (unsigned i = 0; i < options->repeat && goes_on(status, last); i++) {
        status = child_run(argv, environment->variables, last, error);
        if (status != TARE_OK || cut_short(options, course))
            break;
        status = usage_keep(batch, last, error);
        course->runs += last->exit_status == 0;
    }
    return status;
}

static enum session_temperature temperature_of(const struct run_options *options,
                                               const struct session *session, const char *command)
{
    if (options->cold || options->warm)
        return options->cold ? TEMPERATURE_COLD : TEMPERATURE_WARM;
    return stamp_command(session->app, command) ? TEMPERATURE_COLD : TEMPERATURE_WARM;
}

enum tare_status run_measure(const struct config *config, const char *store_url,
                             const struct run_options *options, char *const argv[],
                             struct batch *batch, struct run_course *course,
                             struct tare_error *error)
{
    struct self_session_options session = options->session;
    struct child_environment environment = {0};
    const char *name = options->name != NULL ? options->name : file_base_name(argv[0]);
    session.fallback_app = name;
    *course = (struct run_course){.last.exit_status = 125};
    enum tare_status status = self_session_begin(config, &session, batch, error);
    if (status != TARE_OK)
        return status;
    batch->session.temperature = temperature_of(options, &batch->session, argv[0]);
    status = parts_define(batch, name, error);
    if (status == TARE_OK)
        status = child_environment_fill(&environment, batch, store_url,
                                        config_environment(config, options->session.environment),
                                        error);
    if (status == TARE_OK)
        status = runs_do(options, argv, &environment, batch, course, error);
    child_environment_release(&environment);
    parts_trim(batch);
    for (size_t i = 0; i < batch->part_count; i++)
        batch->session.ended_ns = batch->parts[i].last_ns > batch->session.ended_ns
                                      ? batch->parts[i].last_ns
                                      : batch->session.ended_ns;
    const struct child_usage *last = &course->last;
    if (last->exit_status != 0 && !cut_short(options, course))
        batch->session.outcome = last->killed ? OUTCOME_CRASHED : OUTCOME_FAILED;
    return status;
}
