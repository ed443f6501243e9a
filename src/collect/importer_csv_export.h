/* The rows of a CSV that tare exported: measurements as they stand, and their sessions. */
#ifndef COLLECT_IMPORTER_CSV_EXPORT_H
#define COLLECT_IMPORTER_CSV_EXPORT_H

#include "base/strbuf.h"
#include "collect/importer_csv.h"
#include "collect/importer_session.h"

#define CSV_EXPORT_COLUMNS 28

struct csv_export {
    struct import *import;
    struct import_session session;
    bool open;
    struct strbuf owner;           /* whose the open session's rows are */
    size_t at[CSV_EXPORT_COLUMNS]; /* place of each column in the header, from 1; 0: not there */
    char *const *cells;            /* of the row */
};

/* Whether the table has the columns of an export; then `self` is ready for its rows. */
bool csv_export_begin(struct csv_export *self, struct import *import,
                      const struct csv_table *table);

/* Adds a row; rows of one session stand together. */
enum tare_status csv_export_row(struct csv_export *self, char *const *cells,
                                struct tare_error *error);

/* Emits what there is; release it whatever comes back. */
enum tare_status csv_export_end(struct csv_export *self, struct tare_error *error);
void csv_export_release(struct csv_export *self);

#endif
