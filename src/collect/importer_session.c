#include "collect/importer_session.h"

#include "base/clock.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "collect/importer_source.h"
#include "collect/importer_unit.h"
#include "model/labels.h"
#include "model/unit.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A batch is handed on when it holds this many samples. */
#define FLUSH_SAMPLES 65536

/* Times that were divided by a number of iterations: a billionth of a nanosecond is real. */
#define FINE_RESOLUTION 1e-15

int64_t import_time(const struct import *import, int64_t file_time_ns)
{
    if (file_time_ns != 0)
        return file_time_ns;
    if (import->options->time_ns != 0)
        return import->options->time_ns;
    return import->source->time_ns != 0 ? import->source->time_ns : clock_now_ns();
}

/* The parts of a machine that are known, in the words of environment_key(), so that a file that
 * names them all means the same environment as a program that tare watches there. */
static char *machine_key(const struct environment *machine)
{
    struct strbuf key;
    strbuf_init(&key);
    if (machine->cpu != NULL)
        strbuf_add_format(&key, ", %s", machine->cpu);
    if (machine->cores > 0)
        strbuf_add_format(&key, ", %u cores", machine->cores);
    if (machine->memory_mb > 0)
        strbuf_add_format(&key, ", %llu GB",
                          (unsigned long long)((machine->memory_mb + 512) / 1024));
    if (machine->os != NULL)
        strbuf_add_format(&key, ", %.*s", (int)strcspn(machine->os, "."), machine->os);
    if (machine->architecture != NULL)
        strbuf_add_format(&key, ", %s", machine->architecture);
    if (key.length > 2)
        memmove(key.text, key.text + 2, key.length - 1);
    return strbuf_detach(&key);
}

static bool copy_text(char **to, const char *from)
{
    if (from == NULL || from[0] == '\0')
        return true;
    *to = strdup(from);
    return *to != NULL;
}

static bool machine_silent(const struct environment *machine)
{
    return machine->cpu == NULL && machine->cores == 0 && machine->os == NULL &&
           machine->memory_mb == 0 && machine->architecture == NULL;
}

static enum tare_status environment_fill(struct environment *to,
                                         const struct import_options *options,
                                         const struct import_origin *origin,
                                         struct tare_error *error)
{
    const struct environment *machine = &origin->machine;
    const char *name = options->environment;
    if (name == NULL)
        name = origin->environment;
    if (name == NULL)
        name = options->environment_usual;
    if (name == NULL && machine_silent(machine)) {
        name = "unknown";
        if (options->machine != NULL) {
            machine = options->machine;
            name = machine->key;
        }
    }
    bool copied = copy_text(&to->cpu, machine->cpu) && copy_text(&to->os, machine->os) &&
                  copy_text(&to->architecture, machine->architecture);
    to->cores = machine->cores;
    to->memory_mb = machine->memory_mb;
    to->key = name != NULL ? strdup(name) : machine_key(machine);
    return copied && to->key != NULL ? TARE_OK : error_memory(error);
}

/* The first that is there; NULL: none. */
static const char *first_of(const char *a, const char *b, const char *c)
{
    const char *const texts[] = {a, b, c};
    for (size_t i = 0; i < 3; i++)
        if (texts[i] != NULL && texts[i][0] != '\0')
            return texts[i];
    return NULL;
}

static enum tare_status texts_fill(struct session *session, const struct import *import,
                                   const struct import_origin *origin, struct tare_error *error)
{
    const struct import_options *options = import->options;
    const char *head_commit = origin->whole ? NULL : options->head_commit;
    const char *head_branch = origin->whole ? NULL : options->head_branch;
    const char *app = first_of(options->app, origin->app, options->app_usual);
    bool told = first_of(origin->commit, options->commit, NULL) != NULL;
    session->dirty = told || head_commit == NULL ? origin->dirty : options->head_dirty;
    bool copied =
        copy_text(&session->app, app != NULL ? app : "imported") &&
        copy_text(&session->commit, first_of(origin->commit, options->commit, head_commit)) &&
        copy_text(&session->branch, first_of(origin->branch, options->branch, head_branch)) &&
        copy_text(&session->version, first_of(origin->version, options->version, NULL)) &&
        copy_text(&session->source, import->importer->name);
    if (!copied)
        return error_memory(error);
    return labels_merge(origin->labels, options->labels, &session->labels, error);
}

/* What makes the same content another session: whose it is. The machine that stands in is left
 * out, so that a file imported elsewhere once more is still the same. */
static void identity_begin(struct import_session *self, const struct import_origin *origin)
{
    const struct session *session = &self->batch.session;
    self->identity = digest_begin();
    digest_add_text(&self->identity, self->import->importer->name);
    digest_add_text(&self->identity, session->app);
    digest_add_text(&self->identity, session->commit);
    digest_add_text(&self->identity, session->labels);
    digest_add_text(&self->identity, self->import->options->environment);
    digest_add(&self->identity, &origin->time_ns, sizeof origin->time_ns);
}

enum tare_status import_session_begin(struct import_session *self, struct import *import,
                                      const struct import_origin *origin, struct tare_error *error)
{
    *self = (struct import_session){.import = import};
    batch_init(&self->batch);
    struct session *session = &self->batch.session;
    enum tare_status status = texts_fill(session, import, origin, error);
    if (status == TARE_OK)
        status = environment_fill(&session->environment, import->options, origin, error);
    if (status != TARE_OK)
        return status;
    session->started_ns = import_time(import, origin->time_ns);
    session->ended_ns = origin->ended_ns != 0 ? origin->ended_ns : session->started_ns;
    session->outcome = origin->outcome;
    session->temperature = origin->temperature;
    identity_begin(self, origin);
    self->content = digest_begin();
    if (origin->session_id != NULL && strlen(origin->session_id) < sizeof session->id) {
        snprintf(session->id, sizeof session->id, "%s", origin->session_id);
        self->named = true;
    }
    return TARE_OK;
}

void import_session_release(struct import_session *self)
{
    batch_release(&self->batch);
    free(self->slots);
    *self = (struct import_session){0};
}

void import_session_digest(struct import_session *self, const void *bytes, size_t size)
{
    digest_add(&self->content, bytes, size);
}

/* Control characters become spaces, broken UTF-8 the replacement character. */
static void add_clean(struct strbuf *buf, const char *text)
{
    while (*text != '\0') {
        uint32_t point;
        size_t length = text_decode(text, &point);
        if (length == 0)
            strbuf_add_text(buf, "\xef\xbf\xbd");
        else if (point < 0x20 || point == 0x7f)
            strbuf_add_char(buf, ' ');
        else
            strbuf_add(buf, text, length);
        text += length > 0 ? length : 1;
    }
}

#define ID_LIMIT  200
#define TAIL_SIZE 17 /* "~" and sixteen digits */

char *import_metric_id(const char *benchmark, const char *measure)
{
    struct strbuf id;
    strbuf_init(&id);
    add_clean(&id, benchmark);
    if (measure != NULL) {
        strbuf_add_char(&id, '.');
        add_clean(&id, measure);
    }
    if (!id.failed && id.length > ID_LIMIT) {
        char tail[DIGEST_TEXT_SIZE];
        struct digest digest = digest_begin();
        digest_add(&digest, id.text, id.length);
        digest_text(&digest, tail);
        size_t cut = ID_LIMIT - TAIL_SIZE;
        while (cut > 0 && ((unsigned char)id.text[cut] & 0xc0) == 0x80)
            cut--;
        id.length = cut;
        strbuf_add_format(&id, "~%.16s", tail);
    }
    return strbuf_detach(&id);
}

static size_t slot_hash(const char *id)
{
    struct digest digest = digest_begin();
    digest_add(&digest, id, strlen(id));
    return (size_t)digest.low;
}

/* The place of `id` in the table: its own, or the empty one where it belongs. */
static size_t *slot_find(struct import_session *self, const char *id)
{
    size_t at = slot_hash(id) & (self->slot_count - 1);
    while (self->slots[at] != 0 &&
           strcmp(self->batch.parts[self->slots[at] - 1].metric.id, id) != 0)
        at = (at + 1) & (self->slot_count - 1);
    return &self->slots[at];
}

static bool slots_grow(struct import_session *self)
{
    if (self->slots != NULL && self->batch.part_count * 2 < self->slot_count)
        return true;
    size_t count = self->slot_count > 0 ? self->slot_count * 2 : 64;
    size_t *larger = calloc(count, sizeof *larger);
    if (larger == NULL)
        return false;
    free(self->slots);
    self->slots = larger;
    self->slot_count = count;
    for (size_t i = 0; i < self->batch.part_count; i++)
        *slot_find(self, self->batch.parts[i].metric.id) = i + 1;
    return true;
}

static enum tare_status part_define(struct import_session *self,
                                    const struct import_measure *measure, const char *id,
                                    const char *unit, struct tare_error *error)
{
    const struct import_options *options = self->import->options;
    struct batch_part *part = batch_part_add(&self->batch);
    if (part == NULL)
        return error_memory(error);
    const char *name = strlen(id) >= ID_LIMIT - 3 ? measure->benchmark : NULL;
    enum tare_status status = metric_name(&part->metric, id, name, unit, error);
    if (status != TARE_OK)
        return status;
    part->metric.better = options->has_better ? options->better : measure->better;
    part->metric.category = measure->measure == NULL ? CATEGORY_CORE : CATEGORY_SECONDARY;
    if (measure->fine && strcmp(unit, "ms") == 0)
        part->metric.resolution = FINE_RESOLUTION;
    part->metric_described = options->has_better || !measure->guessed;
    part->window_start_ns = self->batch.session.started_ns;
    part->window_end_ns = 0;
    return TARE_OK;
}

/* A benchmark that comes in two units has two measures: the later one goes by its unit. */
static enum tare_status unit_clash(struct import_session *self,
                                   const struct import_measure *measure, const char *unit,
                                   struct import_slot *slot, struct tare_error *error);

enum tare_status import_session_slot(struct import_session *self,
                                     const struct import_measure *measure,
                                     struct import_slot *slot, struct tare_error *error)
{
    char unit[IMPORT_UNIT_SIZE];
    bool silent = measure->unit == NULL || measure->unit[0] == '\0';
    double factor = import_unit(silent ? self->import->options->unit : measure->unit, unit);
    char *id = import_metric_id(measure->benchmark, measure->measure);
    if (id == NULL || !slots_grow(self)) {
        free(id);
        return error_memory(error);
    }
    enum tare_status status = TARE_OK;
    size_t *place = slot_find(self, id);
    if (measure->benchmark[0] == '\0') {
        status = error_set(error, TARE_E_SYNTAX, "%s: a benchmark has no name",
                           self->import->source->name);
    } else if (*place == 0) {
        status = part_define(self, measure, id, unit, error);
        if (status == TARE_OK)
            *place = self->batch.part_count;
    } else if (strcmp(self->batch.parts[*place - 1].metric.unit, unit) != 0) {
        free(id);
        return unit_clash(self, measure, unit, slot, error);
    }
    if (status == TARE_OK)
        *slot = (struct import_slot){.part = *place - 1, .factor = factor};
    free(id);
    return status;
}

static enum tare_status unit_clash(struct import_session *self,
                                   const struct import_measure *measure, const char *unit,
                                   struct import_slot *slot, struct tare_error *error)
{
    struct import_measure apart = *measure;
    if (measure->measure != NULL)
        return error_set(error, TARE_E_SYNTAX, "%s: %.150s.%.100s comes in several units",
                         self->import->source->name, measure->benchmark, measure->measure);
    apart.measure = unit[0] != '\0' ? unit : "value";
    return import_session_slot(self, &apart, slot, error);
}

/* Observations of one moment are told apart by nanoseconds, so that they keep their order. */
static int64_t sample_time(const struct import_session *self, const struct batch_part *part,
                           int64_t time_ns)
{
    if (time_ns != 0)
        return time_ns;
    return self->batch.session.started_ns + (int64_t)(part->n + part->failed);
}

static struct batch_part *part_of(struct import_session *self, const struct import_slot *slot)
{
    self->pending++;
    return &self->batch.parts[slot->part];
}

void import_session_failure(struct import_session *self, const struct import_slot *slot,
                            int64_t time_ns)
{
    struct batch_part *part = part_of(self, slot);
    int64_t time = sample_time(self, part, time_ns);
    if (part->n + part->failed == 0)
        part->first_ns = time;
    part->failed++;
    part->last_ns = time;
}

void import_failure_note(struct import *import, const char *benchmark, const char *why)
{
    struct strbuf text;
    if (why == NULL || why[0] == '\0' || import->result->failure[0] != '\0')
        return;
    strbuf_init(&text);
    add_clean(&text, benchmark);
    strbuf_add_text(&text, ": ");
    add_clean(&text, why);
    snprintf(import->result->failure, sizeof import->result->failure, "%s", text.text);
    strbuf_release(&text);
}

enum tare_status import_session_value(struct import_session *self, const struct import_slot *slot,
                                      int64_t time_ns, double value, struct tare_error *error)
{
    if (!isfinite(value * slot->factor)) {
        import_session_failure(self, slot, time_ns);
        return TARE_OK;
    }
    struct batch_part *part = part_of(self, slot);
    return batch_part_sample(part, sample_time(self, part, time_ns), value * slot->factor, error);
}

enum tare_status import_session_add(struct import_session *self,
                                    const struct import_measure *measure, double value,
                                    struct tare_error *error)
{
    struct import_slot slot;
    enum tare_status status = import_session_slot(self, measure, &slot, error);
    if (status == TARE_OK)
        status = import_session_value(self, &slot, 0, value, error);
    return status;
}

bool import_session_full(const struct import_session *self)
{
    return self->pending >= FLUSH_SAMPLES;
}

void import_session_name(struct import_session *self, const char *text)
{
    struct digest digest = self->identity;
    digest_add_text(&digest, text);
    digest_uuid(&digest, self->batch.session.id);
    self->named = true;
}

static void ids_set(struct import_session *self)
{
    struct digest digest = self->identity;
    char text[DIGEST_TEXT_SIZE];
    digest_add(&digest, &self->content, sizeof self->content);
    if (!self->named)
        digest_uuid(&digest, self->batch.session.id);
    self->named = true;
    const char *owner = self->batch.session.id;
    if (self->content_alone) {
        owner = self->import->importer->name;
        digest = self->content;
        digest_add_text(&digest, self->batch.session.app);
        digest_add_text(&digest, self->batch.session.labels);
        digest_add_text(&digest, self->import->options->environment);
    }
    digest_text(&digest, text);
    snprintf(self->batch.id, sizeof self->batch.id, "%s.%s.%u", owner, text, self->batch_number++);
}

/* Parts without anything in them are nobody's metric. */
static void parts_trim(struct batch *batch)
{
    size_t kept = 0;
    for (size_t i = 0; i < batch->part_count; i++) {
        if (batch->parts[i].n + batch->parts[i].failed == 0)
            batch_part_release(&batch->parts[i]);
        else
            batch->parts[kept++] = batch->parts[i];
    }
    batch->part_count = kept;
}

static void parts_clear(struct batch *batch)
{
    for (size_t i = 0; i < batch->part_count; i++)
        batch_part_release(&batch->parts[i]);
    free(batch->parts);
    batch->parts = NULL;
    batch->part_count = 0;
}

enum tare_status import_session_flush(struct import_session *self, struct tare_error *error)
{
    struct import *import = self->import;
    struct import_result *result = import->result;
    parts_trim(&self->batch);
    if (self->batch.part_count == 0 && !self->keep_empty)
        return TARE_OK;
    ids_set(self);
    for (size_t i = 0; i < self->batch.part_count; i++) {
        struct batch_part *part = &self->batch.parts[i];
        result->samples += part->n + part->failed;
        result->failed += part->failed;
        if (!self->as_told && self->batch.session.ended_ns < part->last_ns)
            self->batch.session.ended_ns = part->last_ns;
    }
    result->batches++;
    result->sessions += strcmp(result->session_id, self->batch.session.id) != 0;
    memcpy(result->session_id, self->batch.session.id, sizeof result->session_id);
    enum tare_status status = import->emit(import->emit_ctx, &self->batch, error);
    parts_clear(&self->batch);
    if (self->slots != NULL)
        memset(self->slots, 0, self->slot_count * sizeof *self->slots);
    self->pending = 0;
    return status;
}
