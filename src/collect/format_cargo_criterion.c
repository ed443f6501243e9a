/* cargo-criterion --message-format=json: one message a line, of which "benchmark-complete" carries
 * results. One session a file; bounded by the longest line. */
#include "collect/importer_document.h"
#include "collect/importer_format.h"
#include "collect/importer_source.h"

#include <math.h>
#include <string.h>

int cargo_criterion_probe(const char *head, size_t size, const char *file_name)
{
    (void)file_name;
    return json_head_first(head, size) == '{' && json_head_has(head, size, 1, "reason") &&
                   (json_head_has(head, size, 1, "measured_values") ||
                    json_head_has(head, size, 1, "group_name"))
               ? 95
               : 0;
}

/* Measured values are totals over their iterations. */
static enum tare_status values_read(struct import_session *session, const struct place *message,
                                    const struct import_measure *measure, struct tare_error *error)
{
    struct import_slot slot;
    struct place values = place_member(message, "measured_values");
    struct place counts = place_member(message, "iteration_count");
    enum tare_status status = place_need_array(&counts, error);
    if (status == TARE_OK && place_count(&counts) != place_count(&values))
        status = place_wrong(&counts, "as long as measured_values", error);
    if (status == TARE_OK)
        status = import_session_slot(session, measure, &slot, error);
    for (size_t i = 0; i < place_count(&values) && status == TARE_OK; i++) {
        struct place value = place_item(&values, i), count = place_item(&counts, i);
        double total = NAN, iterations = NAN;
        status = place_need_number(&value, &total, error);
        if (status == TARE_OK)
            status = place_need_number(&count, &iterations, error);
        if (status == TARE_OK && !(iterations > 0))
            status = place_wrong(&count, "above 0", error);
        if (status == TARE_OK)
            status = import_session_value(session, &slot, 0, total / iterations, error);
    }
    return status;
}

static enum tare_status message_read(struct import_session *session, const struct place *message,
                                     struct tare_error *error)
{
    struct import_measure measure = {.fine = true};
    struct place id = place_member(message, "id");
    struct place values = place_member(message, "measured_values");
    struct place typical = place_member(message, "typical");
    struct place estimate = place_member(&typical, "estimate");
    const char *reason = place_text(message, "reason");
    double value;
    if (reason == NULL || strcmp(reason, "benchmark-complete") != 0) {
        session->import->result->ignored++;
        return TARE_OK;
    }
    measure.unit = place_text(message, "unit");
    if (measure.unit == NULL)
        measure.unit = place_text(&typical, "unit");
    enum tare_status status = place_need_text(&id, &measure.benchmark, error);
    if (status == TARE_OK && place_count(&values) > 0)
        return values_read(session, message, &measure, error);
    if (status == TARE_OK)
        status = place_need_number(&estimate, &value, error);
    return status == TARE_OK ? import_session_add(session, &measure, value, error) : status;
}

static enum tare_status line_read(struct import_session *session, char *line, size_t length,
                                  struct tare_error *error)
{
    json_t *root = NULL;
    const struct import_source *source = session->import->source;
    if (json_head_first(line, length) != '{') {
        session->import->result->ignored += json_head_first(line, length) != '\0';
        return TARE_OK;
    }
    import_session_digest(session, line, length);
    const struct json_cut begin = {.line = source->line, .column = 1};
    enum tare_status status = import_json_parse(source->name, &begin, 1, line, length, &root,
                                                error);
    if (status != TARE_OK)
        return status;
    struct place message = place_root(source->name, root);
    message.line = source->line;
    status = message_read(session, &message, error);
    json_decref(root);
    if (status == TARE_OK && import_session_full(session))
        status = import_session_flush(session, error);
    return status;
}

enum tare_status cargo_criterion_read(struct import *import, struct tare_error *error)
{
    char *line = NULL;
    size_t length = 0;
    struct import_session session;
    const struct import_origin origin = {0};
    enum tare_status status = import_session_begin(&session, import, &origin, error);
    while (status == TARE_OK) {
        status = import_source_line(import->source, &line, &length, error);
        if (status != TARE_OK || line == NULL)
            break;
        status = line_read(&session, line, length, error);
    }
    if (status == TARE_OK)
        status = import_session_flush(&session, error);
    import_session_release(&session);
    return status;
}
