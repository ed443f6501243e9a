#include "collect/importer_rows_cut.h"

#include "base/array.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

void rows_cutter_init(struct rows_cutter *cutter, const char *file, const char *const *path,
                      size_t levels, struct spool *spool)
{
    *cutter = (struct rows_cutter){
        .file = file, .path = path, .levels = levels, .spool = spool, .line = 1, .column = 1};
    strbuf_init(&cutter->rest);
    strbuf_init(&cutter->row);
    for (size_t i = 0; i < ROWS_DEPTH; i++)
        strbuf_init(&cutter->keys[i]);
}

void rows_cutter_release(struct rows_cutter *cutter)
{
    strbuf_release(&cutter->rest);
    strbuf_release(&cutter->row);
    for (size_t i = 0; i < ROWS_DEPTH; i++)
        strbuf_release(&cutter->keys[i]);
    free(cutter->cuts);
}

static enum tare_status wrong(const struct rows_cutter *cutter, const char *why,
                              struct tare_error *error)
{
    return error_set(error, TARE_E_SYNTAX, "%s:%zu:%zu: %s", cutter->file, cutter->line,
                     cutter->column, why);
}

static enum tare_status cut_add(struct rows_cutter *cutter, struct tare_error *error)
{
    struct json_cut *cut = array_add(&cutter->cuts, &cutter->cut_count, sizeof *cut);
    if (cut == NULL)
        return error_memory(error);
    *cut = (struct json_cut){
        .at = cutter->rest.length, .line = cutter->line, .column = cutter->column};
    return TARE_OK;
}

enum tare_status rows_cutter_begin(struct rows_cutter *cutter, struct tare_error *error)
{
    return cut_add(cutter, error);
}

static enum tare_status record_add(struct rows_cutter *cutter, const struct strbuf *text,
                                   bool is_name, struct tare_error *error)
{
    const struct rows_record record = {.size = text->length,
                                       .line = is_name ? cutter->line : cutter->row_line,
                                       .column = is_name ? cutter->column : cutter->row_column,
                                       .is_name = is_name};
    if (text->failed)
        return error_memory(error);
    enum tare_status status = spool_add(cutter->spool, &record, sizeof record, error);
    cutter->records++;
    return status == TARE_OK ? spool_add(cutter->spool, text->text, text->length, error) : status;
}

/* ---- in the rows ---- */

static enum tare_status row_end(struct rows_cutter *cutter, struct tare_error *error)
{
    cutter->state = ROWS_BEHIND_ROW;
    enum tare_status status = record_add(cutter, &cutter->row, false, error);
    strbuf_clear(&cutter->row);
    return status;
}

static void text_advance(struct rows_cutter *cutter, char byte)
{
    if (cutter->escaped)
        cutter->escaped = false;
    else if (byte == '\\')
        cutter->escaped = true;
    else if (byte == '"')
        cutter->in_text = cutter->in_key = false;
}

static enum tare_status between_rows(struct rows_cutter *cutter, char byte,
                                     struct tare_error *error);

/* A number or a word ends where something else begins. */
static bool plain_ends(const struct rows_cutter *cutter, char byte)
{
    return !cutter->in_text && cutter->row_depth == 0 && cutter->row.length > 0 &&
           (byte == ',' || byte == ']' || isspace((unsigned char)byte));
}

static enum tare_status in_row(struct rows_cutter *cutter, char byte, struct tare_error *error)
{
    if (plain_ends(cutter, byte)) {
        enum tare_status status = row_end(cutter, error);
        return status == TARE_OK ? between_rows(cutter, byte, error) : status;
    }
    strbuf_add_char(&cutter->row, byte);
    if (cutter->in_text)
        text_advance(cutter, byte);
    else if (byte == '"')
        cutter->in_text = true;
    else if (byte == '{' || byte == '[')
        cutter->row_depth++;
    else if (byte == '}' || byte == ']')
        cutter->row_depth -= cutter->row_depth > 0;
    bool ends = byte == '"' || byte == '}' || byte == ']';
    return ends && !cutter->in_text && cutter->row_depth == 0 ? row_end(cutter, error) : TARE_OK;
}

static enum tare_status between_rows(struct rows_cutter *cutter, char byte,
                                     struct tare_error *error)
{
    if (isspace((unsigned char)byte))
        return TARE_OK;
    if (byte == ']' && cutter->state != ROWS_BEFORE_ROW) {
        cutter->state = ROWS_OUTSIDE;
        enum tare_status status = cut_add(cutter, error);
        strbuf_add_char(&cutter->rest, byte);
        return status;
    }
    if (cutter->state == ROWS_BEHIND_ROW) {
        cutter->state = ROWS_BEFORE_ROW;
        return byte == ',' ? TARE_OK : wrong(cutter, "',' or ']' must stand here", error);
    }
    if (byte == ',' || byte == ']')
        return wrong(cutter, "a value must stand here", error);
    cutter->state = ROWS_IN_ROW;
    cutter->row_depth = 0;
    cutter->row_line = cutter->line;
    cutter->row_column = cutter->column;
    return in_row(cutter, byte, error);
}

/* ---- around them ---- */

static bool path_fits(const struct rows_cutter *cutter)
{
    if (cutter->depth != cutter->levels)
        return false;
    for (size_t i = 0; i < cutter->levels; i++)
        if (!cutter->is_object[i] || (strcmp(cutter->path[i], "*") != 0 &&
                                      strcmp(cutter->path[i], cutter->keys[i].text) != 0))
            return false;
    return true;
}

static enum tare_status rows_begin(struct rows_cutter *cutter, struct tare_error *error)
{
    cutter->state = ROWS_BEFORE_FIRST;
    if (cutter->levels == 0 || strcmp(cutter->path[cutter->levels - 1], "*") != 0)
        return TARE_OK;
    strbuf_clear(&cutter->row);
    strbuf_add_format(&cutter->row, "[\"%s\"]", cutter->keys[cutter->levels - 1].text);
    enum tare_status status = record_add(cutter, &cutter->row, true, error);
    strbuf_clear(&cutter->row);
    return status;
}

static void container_enter(struct rows_cutter *cutter, bool object)
{
    if (cutter->depth < ROWS_DEPTH) {
        cutter->is_object[cutter->depth] = cutter->key_next[cutter->depth] = object;
        strbuf_clear(&cutter->keys[cutter->depth]);
    }
    cutter->depth++;
}

/* Whether the innermost object is one whose keys are looked at, and the next text is its key. */
static bool *key_flag(struct rows_cutter *cutter)
{
    size_t level = cutter->depth - 1;
    return cutter->depth > 0 && level < ROWS_DEPTH && cutter->is_object[level]
               ? &cutter->key_next[level]
               : NULL;
}

static void text_begin(struct rows_cutter *cutter)
{
    bool *key_next = key_flag(cutter);
    cutter->in_text = true;
    cutter->in_key = key_next != NULL && *key_next;
    if (!cutter->in_key)
        return;
    *key_next = false;
    strbuf_clear(&cutter->keys[cutter->depth - 1]);
}

static void text_take(struct rows_cutter *cutter, char byte)
{
    if (cutter->in_key && (byte != '"' || cutter->escaped))
        strbuf_add_char(&cutter->keys[cutter->depth - 1], byte);
    text_advance(cutter, byte);
}

/* "window.X = " before the document becomes blanks, and so does the ";" behind it. */
static char statement_blank(struct rows_cutter *cutter, char byte)
{
    if (!cutter->begun && !cutter->statement && !isspace((unsigned char)byte)) {
        cutter->statement = byte == 'w';
        cutter->begun = !cutter->statement;
    }
    cutter->begun |= byte == '{';
    bool outside = !cutter->begun || (cutter->depth == 0 && byte == ';');
    return cutter->statement && outside && byte != '\n' ? ' ' : byte;
}

static enum tare_status outside(struct rows_cutter *cutter, char byte, struct tare_error *error)
{
    byte = cutter->in_text ? byte : statement_blank(cutter, byte);
    strbuf_add_char(&cutter->rest, byte);
    if (cutter->in_text) {
        text_take(cutter, byte);
    } else if (byte == '"') {
        text_begin(cutter);
    } else if (byte == '[' && path_fits(cutter)) {
        return rows_begin(cutter, error);
    } else if (byte == '{' || byte == '[') {
        container_enter(cutter, byte == '{');
    } else if (byte == '}' || byte == ']') {
        cutter->depth -= cutter->depth > 0;
    } else if (byte == ',') {
        bool *key_next = key_flag(cutter);
        if (key_next != NULL)
            *key_next = true;
    }
    return TARE_OK;
}

enum tare_status rows_cutter_take(struct rows_cutter *cutter, const char *bytes, size_t size,
                                  struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    for (size_t i = 0; i < size && status == TARE_OK; i++) {
        if (cutter->state == ROWS_OUTSIDE)
            status = outside(cutter, bytes[i], error);
        else if (cutter->state == ROWS_IN_ROW)
            status = in_row(cutter, bytes[i], error);
        else
            status = between_rows(cutter, bytes[i], error);
        cutter->column = bytes[i] == '\n' ? 1 : cutter->column + 1;
        cutter->line += bytes[i] == '\n';
    }
    return status == TARE_OK && cutter->rest.failed ? error_memory(error) : status;
}

/* Half a row says by itself what is wrong with it. */
enum tare_status rows_cutter_end(struct rows_cutter *cutter, struct tare_error *error)
{
    struct strbuf *rest = &cutter->rest;
    while (rest->length > 0 && isspace((unsigned char)rest->text[rest->length - 1]))
        rest->length--; /* "it ends here" is said of where the last of it stands */
    if (cutter->state == ROWS_OUTSIDE)
        return TARE_OK;
    enum tare_status status = TARE_OK;
    if (cutter->state == ROWS_IN_ROW) {
        const struct json_cut begin = {.line = cutter->row_line, .column = cutter->row_column};
        json_t *half = NULL;
        status = import_json_parse(cutter->file, &begin, 1, cutter->row.text, cutter->row.length,
                                   &half, error);
        json_decref(half);
    }
    return status == TARE_OK ? wrong(cutter, "the document ends here, in the middle", error)
                             : status;
}
