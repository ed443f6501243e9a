#include "collect/importer_rows.h"

#include "collect/importer_rows_cut.h"
#include "collect/importer_source.h"

#include <stdlib.h>
#include <string.h>

static enum tare_status source_cut(struct import_rows *rows, struct import *import,
                                   struct rows_cutter *cutter, struct tare_error *error)
{
    char *bytes;
    size_t size;
    enum tare_status status = rows_cutter_begin(cutter, error);
    while (status == TARE_OK) {
        status = import_source_piece(import->source, &bytes, &size, error);
        if (status != TARE_OK || size == 0)
            break;
        digest_add(&rows->digest, bytes, size);
        status = rows_cutter_take(cutter, bytes, size, error);
    }
    return status == TARE_OK ? rows_cutter_end(cutter, error) : status;
}

enum tare_status import_rows_open(struct import_rows *rows, struct import *import,
                                  const char *const *path, struct tare_error *error)
{
    struct rows_cutter cutter;
    *rows = (struct import_rows){
        .file = import->source->name, .path = path, .digest = digest_begin()};
    while (path[rows->levels] != NULL)
        rows->levels++;
    spool_init(&rows->spool);
    strbuf_init(&rows->text);
    rows_cutter_init(&cutter, rows->file, path, rows->levels, &rows->spool);
    enum tare_status status = source_cut(rows, import, &cutter, error);
    if (status == TARE_OK)
        status = import_json_parse(rows->file, cutter.cuts, cutter.cut_count, cutter.rest.text,
                                   cutter.rest.length, &rows->root, error);
    if (status == TARE_OK)
        status = spool_begin(&rows->spool, error);
    rows->left = cutter.records;
    rows_cutter_release(&cutter);
    if (status != TARE_OK) {
        import_rows_close(rows);
        return status;
    }
    rows->places[0] = place_root(rows->file, rows->root);
    for (size_t i = 0; i < rows->levels; i++)
        rows->places[i + 1] = place_member(&rows->places[i], path[i]);
    return TARE_OK;
}

void import_rows_close(struct import_rows *rows)
{
    if (rows->file == NULL)
        return;
    json_decref(rows->root);
    json_decref(rows->row);
    json_decref(rows->array_name);
    spool_release(&rows->spool);
    strbuf_release(&rows->text);
    *rows = (struct import_rows){0};
}

struct place import_rows_place(const struct import_rows *rows)
{
    bool any = rows->levels > 0 && strcmp(rows->path[rows->levels - 1], "*") == 0;
    return rows->places[rows->levels - any];
}

static enum tare_status record_take(struct import_rows *rows, struct rows_record *record,
                                    struct tare_error *error)
{
    enum tare_status status = spool_take(&rows->spool, record, sizeof *record, error);
    if (status != TARE_OK)
        return status;
    strbuf_clear(&rows->text);
    strbuf_add_repeated(&rows->text, ' ', record->size);
    if (rows->text.failed)
        return error_memory(error);
    rows->left--;
    return spool_take(&rows->spool, rows->text.text, record->size, error);
}

/* The rows that follow stand in the array of this name, which comes as it was spelled. */
static enum tare_status array_enter(struct import_rows *rows, const struct json_cut *begin,
                                    struct tare_error *error)
{
    json_t *wrapped;
    enum tare_status status = import_json_parse(rows->file, begin, 1, rows->text.text,
                                                rows->text.length, &wrapped, error);
    if (status != TARE_OK)
        return status;
    json_decref(rows->array_name);
    rows->array_name = json_incref(json_array_get(wrapped, 0));
    json_decref(wrapped);
    rows->key = json_string_value(rows->array_name);
    rows->places[rows->levels] = place_member(&rows->places[rows->levels - 1], rows->key);
    rows->index = 0;
    return TARE_OK;
}

enum tare_status import_rows_next(struct import_rows *rows, struct place *row, bool *more,
                                  struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    json_decref(rows->row);
    rows->row = NULL;
    while (status == TARE_OK && rows->left > 0 && rows->row == NULL) {
        struct rows_record record;
        status = record_take(rows, &record, error);
        const struct json_cut begin = {.line = record.line, .column = record.column};
        if (status == TARE_OK && record.is_name)
            status = array_enter(rows, &begin, error);
        else if (status == TARE_OK)
            status = import_json_parse(rows->file, &begin, 1, rows->text.text, rows->text.length,
                                       &rows->row, error);
    }
    *more = rows->row != NULL;
    *row = (struct place){.parent = &rows->places[rows->levels],
                          .index = rows->index++,
                          .file = rows->file,
                          .value = rows->row};
    return status;
}
