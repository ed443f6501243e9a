#include "app/record_values.h"

#include "app/repository.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "model/catalogue.h"
#include "model/unit.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the values are held against before anything is kept. */
struct recording {
    struct batch batch;
    struct metric known; /* the metric as it is defined already; id NULL: it is new */
    double factor;       /* into the metric's unit */
    int64_t time_ns;
};

static enum tare_status known_find(const struct config *config, const char *store_url,
                                   const char *id, struct metric *known, struct tare_error *error)
{
    struct store *store = NULL;
    const struct store_options options = {.read_only = true};
    const struct catalogue_metric *row = catalogue_find(id);
    enum tare_status status = store_open(store_url, &options, &store, NULL);
    if (status == TARE_OK)
        status = store_metric_get(store, id, known, NULL);
    store_close(store);
    if (status == TARE_OK)
        return TARE_OK;
    for (size_t i = 0; i < config->metric_count; i++)
        if (strcmp(config->metrics[i].id, id) == 0)
            return metric_copy(known, &config->metrics[i], error);
    return row != NULL ? catalogue_metric_fill(row, known, error) : TARE_OK;
}

/* --better describes a metric that is new; of one that is known it may only say what holds. */
static enum tare_status better_take(const struct record_request *request,
                                    const struct metric *known, struct metric *metric,
                                    struct tare_error *error)
{
    if (request->better == NULL)
        return TARE_OK;
    if (!better_parse(request->better, &metric->better))
        return error_set(error, TARE_E_USAGE, "--better is lower, higher or exact, not '%.40s'",
                         request->better);
    if (known->id != NULL && known->better != metric->better)
        return error_set(error, TARE_E_USAGE,
                         "of the metric %s %s is better, not %s; to change that, write better: %s "
                         "for it in tare.yml",
                         known->id, better_word(known->better), request->better, request->better);
    return TARE_OK;
}

static enum tare_status part_define(struct recording *recording,
                                    const struct record_request *request, struct tare_error *error)
{
    struct batch_part *part = batch_part_add(&recording->batch);
    const struct metric *known = &recording->known;
    const char *given = request->unit != NULL ? request->unit
                        : known->id != NULL   ? known->unit
                                              : ""; /* the store may know: it is asked later */
    double factor;
    if (part == NULL)
        return error_memory(error);
    if (!metric_id_valid(request->metric_id))
        return error_set(
            error, TARE_E_USAGE,
            "'%.60s' is no metric id: 1 to 200 bytes of UTF-8 without control characters",
            request->metric_id);
    if (given[0] != '\0' && !unit_valid(given))
        return error_set(error, TARE_E_USAGE, "'%.40s' is not a unit", given);
    enum tare_status status = better_take(request, known, &part->metric, error);
    if (status != TARE_OK)
        return status;
    const char *base = unit_base(given, &factor);
    if (known->id != NULL && !unit_convert(given, known->unit, &factor))
        return error_set(error, TARE_E_USAGE, "the metric %s is kept in %s, which %s does not fit",
                         known->id, known->unit, given);
    recording->factor = factor;
    part->metric_described = request->better != NULL || request->unit != NULL;
    part->window_start_ns = recording->batch.session.started_ns;
    return metric_name(&part->metric, request->metric_id, NULL,
                       known->id != NULL ? known->unit : base, error);
}

static enum tare_status value_add(struct recording *recording, const char *text, const char *where,
                                  size_t number, struct tare_error *error)
{
    char *end;
    errno = 0;
    double value = strtod(text, &end);
    bool read = end != text;
    while (*end == ' ' || *end == '\t' || *end == '\r' || *end == '\n')
        end++;
    if (!read || *end != '\0' || !isfinite(value))
        return error_set(error, TARE_E_USAGE, "%s %zu is no finite number: '%.60s'", where, number,
                         text);
    return batch_part_sample(&recording->batch.parts[0], recording->time_ns,
                             value * recording->factor, error);
}

static enum tare_status lines_add(struct recording *recording, FILE *stream,
                                  struct tare_error *error)
{
    char line[256];
    enum tare_status status = TARE_OK;
    for (size_t number = 1; status == TARE_OK && fgets(line, sizeof line, stream) != NULL;
         number++) {
        line[strcspn(line, "\r\n")] = '\0';
        if (line[strspn(line, " \t")] != '\0')
            status = value_add(recording, line, "line", number, error);
    }
    if (status == TARE_OK && ferror(stream))
        status = error_set_errno(error, errno, "cannot read standard input");
    return status;
}

static enum tare_status values_add(struct recording *recording,
                                   const struct record_request *request, FILE *stream,
                                   struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    for (size_t i = 0; request->values[i] != NULL && status == TARE_OK; i++)
        status = strcmp(request->values[i], "-") == 0
                     ? lines_add(recording, stream, error)
                     : value_add(recording, request->values[i], "value", i + 1, error);
    if (status == TARE_OK && recording->batch.parts[0].n == 0)
        status = error_set(error, TARE_E_USAGE, "there was no value to record");
    return status;
}

/* The app where nobody names one: the repository's folder, else the working directory's name. */
static char *folder_name(void)
{
    struct repository_head head;
    repository_head_read(&head);
    size_t length = strlen(head.folder);
    if (length > 1 && head.folder[length - 1] == '/')
        head.folder[length - 1] = '\0';
    if (head.folder[0] != '\0')
        return strdup(file_base_name(head.folder));
    char *folder = getcwd(NULL, 0);
    char *name = strdup(folder != NULL && folder[1] != '\0' ? file_base_name(folder) : "default");
    free(folder);
    return name;
}

static enum tare_status session_begin(struct recording *recording, const struct config *config,
                                      const struct record_request *request,
                                      struct tare_error *error)
{
    struct self_session_options session = request->session;
    char *name = folder_name();
    recording->time_ns = clock_now_ns();
    enum tare_status status = TARE_OK;
    if (request->time != NULL && !clock_parse(request->time, &recording->time_ns))
        status = error_set(error, TARE_E_USAGE,
                           "'%.60s' is no time; write it like 2026-01-31T12:00:00Z",
                           request->time);
    session.time_ns = recording->time_ns;
    session.fallback_app = name;
    if (status == TARE_OK)
        status = self_session_begin(config, &session, &recording->batch, error);
    free(name);
    return status;
}

enum tare_status record_values(const struct config *config, const char *store_url,
                               const struct record_request *request, FILE *stream,
                               struct ingest_result *result, bool *waiting,
                               struct tare_error *error)
{
    struct recording recording = {.factor = 1};
    *result = (struct ingest_result){0};
    *waiting = false;
    batch_init(&recording.batch);
    metric_init(&recording.known);
    enum tare_status status = session_begin(&recording, config, request, error);
    if (status == TARE_OK)
        status = known_find(config, store_url, request->metric_id, &recording.known, error);
    if (status == TARE_OK)
        status = part_define(&recording, request, error);
    if (status == TARE_OK)
        status = values_add(&recording, request, stream, error);
    if (status == TARE_OK)
        status = self_session_hand_over(config, store_url, &recording.batch, result, waiting,
                                        error);
    metric_release(&recording.known);
    batch_release(&recording.batch);
    return status;
}
