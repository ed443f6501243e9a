/* Cuts the rows out of a JSON document while its bytes come by (collect/importer_rows.h). */
#ifndef COLLECT_IMPORTER_ROWS_CUT_H
#define COLLECT_IMPORTER_ROWS_CUT_H

#include "base/spool.h"
#include "base/strbuf.h"
#include "collect/importer_json.h"

/* What stands in the spool before each text: a row, or ["NAME"] of the array whose rows follow. */
struct rows_record {
    uint64_t size; /* of the text behind it */
    uint64_t line, column;
    uint64_t is_name;
};

enum rows_state {
    ROWS_OUTSIDE = 0,
    ROWS_BEFORE_FIRST, /* behind "[" */
    ROWS_BEFORE_ROW,   /* behind "," */
    ROWS_IN_ROW,
    ROWS_BEHIND_ROW
};

#define ROWS_DEPTH 4 /* of containers whose keys are looked at */

struct rows_cutter {
    const char *file;
    const char *const *path;
    size_t levels;
    struct spool *spool;
    uint64_t records;      /* in the spool */
    struct strbuf rest;    /* the document without the rows */
    struct json_cut *cuts; /* owned; where pieces of the rest stood */
    size_t cut_count;
    /* where it is */
    enum rows_state state;
    size_t line, column;
    size_t depth; /* containers around, but for what is in a row */
    bool is_object[ROWS_DEPTH], key_next[ROWS_DEPTH];
    struct strbuf keys[ROWS_DEPTH]; /* the one read last, as it is spelled */
    bool begun, statement;
    bool in_text, escaped, in_key;
    struct strbuf row;
    size_t row_depth;
    size_t row_line, row_column;
};

void rows_cutter_init(struct rows_cutter *cutter, const char *file, const char *const *path,
                      size_t levels, struct spool *spool);
void rows_cutter_release(struct rows_cutter *cutter);

/* Before the first bytes. */
enum tare_status rows_cutter_begin(struct rows_cutter *cutter, struct tare_error *error);

/* The next bytes. TARE_E_SYNTAX for rows that are not set apart by commas. */
enum tare_status rows_cutter_take(struct rows_cutter *cutter, const char *bytes, size_t size,
                                  struct tare_error *error);

/* Nothing comes behind. A row that does not end is TARE_E_SYNTAX. */
enum tare_status rows_cutter_end(struct rows_cutter *cutter, struct tare_error *error);

#endif
