#include "collect/importer_document.h"

#include "base/strbuf.h"
#include "collect/importer_rows.h"

static enum tare_status rows_fill(struct import_session *session, struct import_rows *rows,
                                  const struct document_format *format, void *state,
                                  struct tare_error *error)
{
    struct place place = import_rows_place(rows), row;
    bool more = false;
    enum tare_status status = place_need_array(&place, error);
    while (status == TARE_OK) {
        status = import_rows_next(rows, &row, &more, error);
        if (status != TARE_OK || !more)
            break;
        status = format->row(session, &row, state, error);
        if (status == TARE_OK && import_session_full(session))
            status = import_session_flush(session, error);
    }
    if (status == TARE_OK && format->end != NULL)
        status = format->end(session, state, error);
    return status == TARE_OK ? import_session_flush(session, error) : status;
}

enum tare_status import_document(struct import *import, const struct document_format *format,
                                 void *state, struct tare_error *error)
{
    struct import_rows rows;
    struct import_session session = {0};
    struct document_origin from = {0};
    enum tare_status status = import_rows_open(&rows, import, format->path, error);
    if (status != TARE_OK)
        return status;
    if (format->origin != NULL)
        format->origin(&rows.places[0], &from);
    status = import_session_begin(&session, import, &from.origin, error);
    if (status == TARE_OK) {
        import_session_digest(&session, &rows.digest, sizeof rows.digest);
        status = rows_fill(&session, &rows, format, state, error);
    }
    import_session_release(&session);
    import_rows_close(&rows);
    return status;
}

enum tare_status document_values(struct import_session *session, const struct place *values,
                                 const struct import_measure *measure, struct tare_error *error)
{
    struct import_slot slot;
    enum tare_status status = place_need_array(values, error);
    if (status == TARE_OK)
        status = import_session_slot(session, measure, &slot, error);
    for (size_t i = 0; i < place_count(values) && status == TARE_OK; i++) {
        struct place item = place_item(values, i);
        double value;
        status = place_need_number(&item, &value, error);
        if (status == TARE_OK)
            status = import_session_value(session, &slot, 0, value, error);
    }
    return status;
}

char *document_name(const char *name, const struct place *parameters)
{
    struct strbuf text;
    const char *key, *before = " [";
    json_t *value;
    strbuf_init(&text);
    strbuf_add_text(&text, name);
    json_object_foreach(parameters->value, key, value)
    {
        strbuf_add_format(&text, "%s%s=", before, key);
        if (json_is_string(value))
            strbuf_add_text(&text, json_string_value(value));
        else if (json_is_number(value))
            strbuf_add_format(&text, "%.15g", json_number_value(value));
        before = ", ";
    }
    if (json_object_size(parameters->value) > 0)
        strbuf_add_char(&text, ']');
    return strbuf_detach(&text);
}
