/* The one file of libtare where the recorder meets detect/ and present/: see scripts/layers. */
#include "tare/status.h"

#include "base/file.h"
#include "base/machine.h"
#include "detect/measurement_verdict.h"
#include "model/card.h"
#include "model/labels.h"
#include "model/report.h"
#include "present/summary_text.h"
#include "record/clock_source.h"
#include "record/image.h"
#include "record/inbox.h"
#include "record/part_measure.h"
#include "record/process.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CARD_LIMIT_BYTES (4u << 20)

/* A missing or damaged card is an empty one. */
static void card_load(const struct recorder *recorder, struct card *card)
{
    char path[INBOX_PATH_SIZE], *text = NULL;
    card_init(card);
    if (!inbox_card_path(settings_text(&recorder->settings, TEXT_STORE), path) ||
        file_read(path, CARD_LIMIT_BYTES, &text, NULL, NULL) != TARE_OK)
        return;
    (void)card_decode(text, card, NULL);
    free(text);
}

static enum tare_status environment_fill(struct environment *environment, struct tare_error *error)
{
    struct machine machine;
    if (environment->key != NULL)
        return TARE_OK;
    machine_describe(&machine);
    environment->cpu = strdup(machine.cpu);
    environment->os = strdup(machine.os);
    environment->architecture = strdup(machine.architecture);
    environment->cores = machine.cores;
    environment->memory_mb = machine.memory_mb;
    return environment_key(environment, NULL, error);
}

/* The session as the settings make it, where nothing was recorded yet. */
static enum tare_status session_describe(const struct recorder *recorder, struct session *session,
                                         struct tare_error *error)
{
    const struct settings *settings = &recorder->settings;
    const char *environment = settings_text(settings, TEXT_ENVIRONMENT);
    const char *commit = settings_text(settings, TEXT_COMMIT);
    const char *branch = settings_text(settings, TEXT_BRANCH);
    session->app = strdup(settings_text(settings, TEXT_APP));
    session->commit = commit[0] != '\0' ? strdup(commit) : NULL;
    session->branch = branch[0] != '\0' ? strdup(branch) : NULL;
    session->environment.key = environment[0] != '\0' ? strdup(environment) : NULL;
    session->temperature = recorder->cold ? TEMPERATURE_COLD : TEMPERATURE_WARM;
    session->outcome = OUTCOME_RUNNING;
    if (session->app == NULL)
        return error_memory(error);
    return labels_canonical(settings_text(settings, TEXT_LABELS), &session->labels, error);
}

/* What this session has recorded since its last snapshot, into an initialised batch. */
static enum tare_status batch_peek(struct recorder *recorder, struct batch *batch,
                                   struct tare_error *error)
{
    if (recorder_epoch(recorder) == 0)
        return session_describe(recorder, &batch->session, error);
    struct session_image *copy = aligned_alloc(4096, sizeof *copy);
    if (copy == NULL)
        return error_memory(error);
    struct image_reading reading = {.outcome = OUTCOME_RUNNING, .cut_window = 0};
    enum tare_status status = TARE_E_BUSY;
    if (image_copy(recorder->image, copy)) {
        image_settle(copy);
        anchor_take(recorder->handle.clock_, &reading.now);
        status = image_batch(copy, &reading, batch, error);
    } else {
        error_set(error, TARE_E_BUSY, "samples come faster than they can be read");
    }
    free(copy);
    return status;
}

static const struct card_entry *entry_of(const struct card *card, const struct session *session,
                                         const char *metric_id)
{
    return card_find(card, metric_id, session->app, session->environment.key,
                     session->labels != NULL ? session->labels : "", session->temperature);
}

/* A row for `value`: by the card's words on the metric where it has any. */
static enum tare_status row_add(const struct card *card, struct status_report *report,
                                const struct metric *metric, const struct card_entry *known,
                                double value, uint64_t n, struct tare_error *error)
{
    struct status_metric *row = status_report_metric_add(report);
    if (row == NULL)
        return error_memory(error);
    enum tare_status status = metric_copy(&row->metric, known != NULL ? &known->metric : metric,
                                          error);
    if (status != TARE_OK)
        return status;
    row->value = value;
    row->n = n;
    row->baseline.centre = NAN;
    if (known != NULL) {
        row->baseline = known->baseline;
        row->recent_count = known->recent_count < REPORT_RECENT ? known->recent_count
                                                                : REPORT_RECENT - 1;
        memcpy(row->recent, known->recent + known->recent_count - row->recent_count,
               row->recent_count * sizeof *row->recent);
    }
    row->baseline.minimum = card->baseline_minimum;
    row->recent[row->recent_count++] = value;
    if (isfinite(value))
        row->verdict = measurement_verdict(&row->metric, &row->baseline, value);
    return TARE_OK;
}

static enum tare_status current_add(const struct card *card, const struct batch *batch,
                                    struct status_report *report, struct tare_error *error)
{
    for (size_t i = 0; i < batch->part_count; i++) {
        const struct batch_part *part = &batch->parts[i];
        const struct card_entry *known = entry_of(card, &batch->session, part->metric.id);
        struct measurement measurement;
        if (!part_measure(known != NULL ? &known->metric : &part->metric, part, true, &measurement,
                          error))
            continue;
        enum tare_status status = row_add(card, report, &part->metric, known, measurement.value,
                                          measurement.n, error);
        if (status != TARE_OK)
            return status;
    }
    return TARE_OK;
}

static bool report_has(const struct status_report *report, const char *metric_id)
{
    for (size_t i = 0; i < report->metric_count; i++)
        if (strcmp(report->metrics[i].metric.id, metric_id) == 0)
            return true;
    return false;
}

/* Metrics that this session has not recorded: as the session before left them. */
static enum tare_status earlier_add(const struct card *card, const struct session *session,
                                    struct status_report *report, struct tare_error *error)
{
    for (size_t i = 0; i < card->entry_count; i++) {
        const struct card_entry *entry = &card->entries[i];
        if (entry->recent_count == 0 || report_has(report, entry->metric.id) ||
            entry_of(card, session, entry->metric.id) != entry)
            continue;
        struct card_entry before = *entry; /* shares the strings */
        before.recent_count--;
        enum tare_status status = row_add(card, report, &entry->metric, &before,
                                          entry->recent[before.recent_count], 1, error);
        if (status != TARE_OK)
            return status;
    }
    return TARE_OK;
}

static enum tare_status report_build(struct recorder *recorder, bool earlier,
                                     struct status_report *report, struct tare_error *error)
{
    struct batch batch;
    struct card card;
    batch_init(&batch);
    card_load(recorder, &card);
    enum tare_status status = batch_peek(recorder, &batch, error);
    if (status == TARE_OK)
        status = environment_fill(&batch.session.environment, error);
    if (status == TARE_OK)
        status = current_add(&card, &batch, report, error);
    if (status == TARE_OK && earlier)
        status = earlier_add(&card, &batch.session, report, error);
    if (status == TARE_OK) {
        report->has_session = report->live = true;
        report->session = batch.session; /* the strings move */
        session_init(&batch.session);
        report->app = strdup(report->session.app);
        if (report->app == NULL || !status_report_conclude(report))
            status = error_memory(error);
    }
    batch_release(&batch);
    card_release(&card);
    return status;
}

/* Numbers as everywhere in tare, with a point, in programs with a decimal comma too. */
static locale_t locale_plain(void)
{
    return uselocale(newlocale(LC_ALL_MASK, "C", (locale_t)0)); /* glibc's own: nothing to free */
}

static enum tare_status summary_print(tare_tracker *tracker, FILE *stream,
                                      struct tare_error *error)
{
    struct status_report report;
    struct strbuf text;
    status_report_init(&report);
    strbuf_init(&text);
    enum tare_status status = report_build(recorder_of(tracker), true, &report, error);
    if (status == TARE_OK && report.metric_count == 0)
        status = error_set(error, TARE_E_NOT_FOUND,
                           "nothing is known of %s yet: record, and run `tare ingest`",
                           report.app);
    if (status == TARE_OK) {
        const struct text_style style = {.colour = isatty(fileno(stream)) == 1 &&
                                                   getenv("NO_COLOR") == NULL};
        summary_text(&report, &style, &text);
        if (text.failed)
            status = error_memory(error);
        else if (fwrite(text.text, 1, text.length, stream) != text.length)
            status = error_set(error, TARE_E_IO, "cannot print the summary");
    }
    strbuf_release(&text);
    status_report_release(&report);
    return status;
}

enum tare_status tare_status_print(tare_tracker *tracker, FILE *stream, struct tare_error *error)
{
    if (!recorder_on(tracker))
        return tracker_off(tracker, error);
    locale_t kept = locale_plain();
    enum tare_status status = summary_print(tracker, stream, error);
    uselocale(kept);
    return status;
}

static void worst_take(const struct status_report *report, tare_judgement *judgement)
{
    *judgement = (tare_judgement){0};
    for (size_t i = 0; i < report->metric_count; i++) {
        const struct status_metric *row = &report->metrics[i];
        if (isnan(row->metric.target) && !isfinite(row->baseline.centre))
            continue;
        judgement->judged++;
        if ((int)row->verdict.severity <= (int)judgement->severity)
            continue;
        judgement->severity = (enum tare_severity)row->verdict.severity;
        snprintf(judgement->metric_id, sizeof judgement->metric_id, "%.200s", row->metric.id);
        snprintf(judgement->reason, sizeof judgement->reason, "%.255s", row->verdict.reason);
    }
}

enum tare_status tare_snapshot_judge(tare_tracker *tracker, tare_judgement *judgement,
                                     struct tare_error *error)
{
    tare_judgement ignored;
    judgement = judgement != NULL ? judgement : &ignored;
    *judgement = (tare_judgement){0};
    if (!recorder_on(tracker))
        return tracker_off(tracker, error);
    struct status_report report;
    locale_t kept = locale_plain();
    status_report_init(&report);
    enum tare_status status = report_build(recorder_of(tracker), false, &report, error);
    if (status == TARE_OK)
        worst_take(&report, judgement);
    status_report_release(&report);
    uselocale(kept);
    enum tare_status handed = tare_snapshot_hand_over(tracker, status == TARE_OK ? error : NULL);
    return status != TARE_OK ? status : handed;
}
