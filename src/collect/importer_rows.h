/* JSON documents of many rows in bounded memory, whatever their order: while the bytes come by,
 * the rows are cut out and put aside (base/spool.h); what is left, with empty arrays in their
 * place, is read as one document; then the rows are read, one after the other.
 *
 *   static const char *const path[] = {"benchmarks", NULL};
 *   import_rows_open(&rows, import, path, error);
 *   … rows.root, rows.digest …
 *   while (import_rows_next(&rows, &row, &more, error) == TARE_OK && more) …
 *   import_rows_close(&rows);
 */
#ifndef COLLECT_IMPORTER_ROWS_H
#define COLLECT_IMPORTER_ROWS_H

#include "base/spool.h"
#include "base/strbuf.h"
#include "collect/importer_json.h"

#define ROWS_LEVELS 2

struct import_rows {
    json_t *root;         /* the document without its rows; owned */
    struct digest digest; /* of all the bytes */
    const char *key;      /* of the array that the last row stood in, where the path ends in "*" */
    /* its own */
    const char *file;
    const char *const *path;
    size_t levels;
    struct spool spool;
    uint64_t left; /* records in the spool */
    struct strbuf text;
    json_t *row, *array_name;
    size_t index;
    struct place places[ROWS_LEVELS + 1];
};

/* Reads the whole source. The rows are the items of the array at `path`, keys from the root with
 * NULL behind them, ROWS_LEVELS at most; "*" is any key; no key at all is the root itself. A
 * statement of JavaScript around the document, "window.X = {…};", is passed over. Errors name
 * line and column. */
enum tare_status import_rows_open(struct import_rows *rows, struct import *import,
                                  const char *const *path, struct tare_error *error);
void import_rows_close(struct import_rows *rows); /* fine on an all-zero one */

/* Where the rows stood, but for a "*"; empty of them. */
struct place import_rows_place(const struct import_rows *rows);

/* `*row` holds until the next call; `*more` is false behind the last one. */
enum tare_status import_rows_next(struct import_rows *rows, struct place *row, bool *more,
                                  struct tare_error *error);

#endif
