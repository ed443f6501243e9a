#include "collect/importer_csv_export.h"

#include "base/clock.h"
#include "base/error.h"
#include "collect/importer_source.h"

#include <math.h>
#include <string.h>

/* A session of more measurements comes in several batches. */
#define FLUSH_PARTS 4096

enum column {
    SESSION_ID,
    STARTED,
    METRIC_ID,
    TIME,
    COUNT,
    VALUE,
    LEAST,
    GREATEST,
    MEAN,
    P50,
    P95,
    P99,
    REQUIRED, /* behind these: what may be missing */
    APP = REQUIRED,
    ENDED,
    OUTCOME,
    TEMPERATURE,
    COMMIT,
    BRANCH,
    DIRTY,
    VERSION,
    ENVIRONMENT,
    LABELS,
    UNIT,
    BETTER,
    FAILED,
    EXCLUDED,
    WINDOW_START,
    ROLLED_UP
};

static const char *const names[CSV_EXPORT_COLUMNS] = {
    "session_id", "started_at",  "metric_id", "time",   "n",        "value",        "min",
    "max",        "mean",        "p50",       "p95",    "p99",      "app",          "ended_at",
    "outcome",    "temperature", "commit",    "branch", "dirty",    "version",      "environment",
    "labels",     "unit",        "better",    "failed", "excluded", "window_start", "rolled_up"};

bool csv_export_begin(struct csv_export *self, struct import *import,
                      const struct csv_table *table)
{
    *self = (struct csv_export){.import = import};
    strbuf_init(&self->owner);
    if (import->options->map != NULL)
        return false;
    for (size_t i = 0; i < table->count; i++)
        for (size_t k = 0; k < CSV_EXPORT_COLUMNS; k++)
            if (strcmp(table->columns[i].name, names[k]) == 0)
                self->at[k] = i + 1;
    for (size_t k = 0; k < REQUIRED; k++)
        if (self->at[k] == 0)
            return false;
    return true;
}

void csv_export_release(struct csv_export *self)
{
    import_session_release(&self->session);
    strbuf_release(&self->owner);
    self->open = false;
}

/* NULL for an empty cell. */
static const char *cell_of(const struct csv_export *self, enum column column)
{
    const char *cell = self->at[column] > 0 ? self->cells[self->at[column] - 1] : "";
    return cell[0] != '\0' ? cell : NULL;
}

static enum tare_status cell_wrong(const struct csv_export *self, enum column column,
                                   const char *wanted, struct tare_error *error)
{
    const char *cell = cell_of(self, column);
    return import_source_wrong(self->import->source, error,
                               "the column '%s' is '%.80s': it must be %s", names[column],
                               cell != NULL ? cell : "", wanted);
}

static enum tare_status time_read(const struct csv_export *self, enum column column,
                                  int64_t *time_ns, struct tare_error *error)
{
    const char *cell = cell_of(self, column);
    *time_ns = 0;
    if (cell == NULL || clock_parse(cell, time_ns))
        return TARE_OK;
    return cell_wrong(self, column, "a time like 2026-01-31T12:34:56Z", error);
}

static enum tare_status number_read(const struct csv_export *self, enum column column,
                                    double *number, struct tare_error *error)
{
    const char *cell = cell_of(self, column);
    bool wrong = false;
    *number = NAN;
    if (cell != NULL)
        csv_number(cell, number, &wrong);
    return wrong ? cell_wrong(self, column, "a number", error) : TARE_OK;
}

static enum tare_status count_read(const struct csv_export *self, enum column column,
                                   uint64_t *count, struct tare_error *error)
{
    double number;
    enum tare_status status = number_read(self, column, &number, error);
    if (status != TARE_OK)
        return status;
    if (isnan(number))
        number = 0;
    if (!(number >= 0 && number < 9e15 && number == floor(number)))
        return cell_wrong(self, column, "a whole number", error);
    *count = (uint64_t)number;
    return TARE_OK;
}

static bool is_true(const struct csv_export *self, enum column column)
{
    const char *cell = cell_of(self, column);
    return cell != NULL && strcmp(cell, "true") == 0;
}

static enum tare_status origin_read(const struct csv_export *self, struct import_origin *origin,
                                    struct tare_error *error)
{
    const char *outcome = cell_of(self, OUTCOME), *temperature = cell_of(self, TEMPERATURE);
    const char *id = cell_of(self, SESSION_ID);
    *origin = (struct import_origin){
        .session_id = id != NULL && strlen(id) == UUID_TEXT_SIZE - 1 ? id : NULL,
        .app = cell_of(self, APP),
        .commit = cell_of(self, COMMIT),
        .branch = cell_of(self, BRANCH),
        .version = cell_of(self, VERSION),
        .labels = cell_of(self, LABELS),
        .environment = cell_of(self, ENVIRONMENT),
        .dirty = is_true(self, DIRTY),
        .whole = true};
    if (outcome != NULL && !outcome_parse(outcome, &origin->outcome))
        return cell_wrong(self, OUTCOME, "ok, failed, crashed or running", error);
    if (temperature != NULL && !temperature_parse(temperature, &origin->temperature))
        return cell_wrong(self, TEMPERATURE, "warm or cold", error);
    enum tare_status status = time_read(self, STARTED, &origin->time_ns, error);
    return status == TARE_OK ? time_read(self, ENDED, &origin->ended_ns, error) : status;
}

static void owner_make(const struct csv_export *self, struct strbuf *owner)
{
    static const enum column columns[] = {SESSION_ID, APP, ENVIRONMENT, TEMPERATURE, LABELS};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        strbuf_add_text(owner, cell_of(self, columns[i]));
        strbuf_add_char(owner, '\n');
    }
}

static enum tare_status flush(struct csv_export *self, struct tare_error *error)
{
    return self->open ? import_session_flush(&self->session, error) : TARE_OK;
}

/* Sees to it that the session of this row is the open one, of this app, environment and so on. */
static enum tare_status session_turn(struct csv_export *self, struct tare_error *error)
{
    struct strbuf owner;
    struct import_origin origin;
    enum tare_status status = TARE_OK;
    strbuf_init(&owner);
    owner_make(self, &owner);
    if (owner.failed)
        status = error_memory(error);
    if (self->open && strcmp(owner.text, self->owner.text) == 0)
        goto out;
    if (status == TARE_OK)
        status = flush(self, error);
    import_session_release(&self->session);
    self->open = false;
    if (status == TARE_OK)
        status = origin_read(self, &origin, error);
    if (status == TARE_OK)
        status = import_session_begin(&self->session, self->import, &origin, error);
    if (status != TARE_OK)
        goto out;
    self->open = true;
    self->session.as_told = true;
    self->session.batch.session.ended_ns = origin.ended_ns;
    if (origin.session_id == NULL)
        import_session_name(&self->session, owner.text);
    strbuf_release(&self->owner);
    self->owner = owner;
    strbuf_init(&owner);
out:
    strbuf_release(&owner);
    return status;
}

static enum tare_status metric_read(const struct csv_export *self, struct batch_part *part,
                                    struct tare_error *error)
{
    const char *id = cell_of(self, METRIC_ID), *better = cell_of(self, BETTER);
    if (id == NULL || !metric_id_valid(id))
        return cell_wrong(self, METRIC_ID, "the name of a metric", error);
    if (better != NULL && !better_parse(better, &part->metric.better))
        return cell_wrong(self, BETTER, "lower, higher or exact", error);
    part->metric_described = better != NULL;
    return metric_name(&part->metric, id, NULL, cell_of(self, UNIT), error);
}

static enum tare_status numbers_read(const struct csv_export *self, struct batch_part *part,
                                     struct tare_error *error)
{
    struct batch_summary summary = {.given = true, .excluded = is_true(self, EXCLUDED)};
    const struct {
        enum column column;
        double *number;
    } numbers[] = {{VALUE, &summary.value}, {LEAST, &summary.min}, {GREATEST, &summary.max},
                   {MEAN, &summary.mean},   {P50, &summary.p50},   {P95, &summary.p95},
                   {P99, &summary.p99}};
    enum tare_status status = time_read(self, TIME, &summary.time_ns, error);
    if (status == TARE_OK)
        status = time_read(self, WINDOW_START, &part->window_start_ns, error);
    if (status == TARE_OK)
        status = count_read(self, COUNT, &summary.n, error);
    if (status == TARE_OK)
        status = count_read(self, FAILED, &part->failed, error);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0] && status == TARE_OK; i++)
        status = number_read(self, numbers[i].column, numbers[i].number, error);
    if (status == TARE_OK && summary.n > 0 && !isfinite(summary.value))
        status = cell_wrong(self, VALUE, "a number", error);
    if (status != TARE_OK)
        return status;
    int64_t start_ns = self->session.batch.session.started_ns;
    if (summary.time_ns == 0)
        summary.time_ns = start_ns;
    if (part->window_start_ns == 0)
        part->window_start_ns = start_ns;
    part->n = summary.n;
    part->first_ns = part->last_ns = summary.time_ns;
    part->summary = summary;
    return TARE_OK;
}

enum tare_status csv_export_row(struct csv_export *self, char *const *cells,
                                struct tare_error *error)
{
    self->cells = cells;
    if (cell_of(self, ROLLED_UP) != NULL) { /* a day has no session, and cannot be judged */
        self->import->result->ignored++;
        return TARE_OK;
    }
    enum tare_status status = session_turn(self, error);
    if (status != TARE_OK)
        return status;
    struct batch_part *part = batch_part_add(&self->session.batch);
    if (part == NULL)
        return error_memory(error);
    status = metric_read(self, part, error);
    if (status == TARE_OK)
        status = numbers_read(self, part, error);
    for (size_t k = 0; k < CSV_EXPORT_COLUMNS && status == TARE_OK; k++) {
        const char *cell = cell_of(self, (enum column)k);
        if (cell != NULL)
            import_session_digest(&self->session, cell, strlen(cell));
        import_session_digest(&self->session, "", 1);
    }
    if (status == TARE_OK && self->session.batch.part_count >= FLUSH_PARTS)
        status = flush(self, error);
    return status;
}

enum tare_status csv_export_end(struct csv_export *self, struct tare_error *error)
{
    return flush(self, error);
}
