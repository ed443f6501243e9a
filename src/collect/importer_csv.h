/* What the columns of a table mean: by their names, or as the user maps them. */
#ifndef COLLECT_IMPORTER_CSV_H
#define COLLECT_IMPORTER_CSV_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum csv_role {
    CSV_IGNORED = 0,
    CSV_NUMBERS, /* a metric of its own */
    CSV_TIME,
    CSV_COMMIT,
    CSV_BRANCH,
    CSV_METRIC, /* the metric's id */
    CSV_VALUE,  /* … and its value */
    CSV_UNIT,
    CSV_BETTER,
    CSV_APP,
    CSV_VERSION,
    CSV_ENVIRONMENT,
    CSV_TEMPERATURE,
    CSV_LABELS, /* "k=v,k=v" */
    CSV_LABEL,  /* one value; the column's name is the key; may be there more than once */
    CSV_SESSION,
    CSV_ROLE_COUNT
};

struct csv_column {
    char *name; /* without the unit; owned, as is the next */
    char *unit; /* of "wall (ms)" or "wall [ms]"; NULL */
    enum csv_role role;
};

struct csv_table {
    struct csv_column *columns; /* owned */
    size_t count;
    size_t at[CSV_ROLE_COUNT]; /* number of the column with a role, from 1; 0: none has it */
};

/* Reads a header. `map` is "role=column,role=column" over the names (NULL: none), the roles being
 * time, commit, branch, metric, value, unit, better, app, version, environment, temperature,
 * labels, label, session and ignore. A lone column "value" is the metric `stem`. TARE_E_USAGE for
 * a map that does not fit. Release the table whatever comes back. */
enum tare_status csv_table_fill(struct csv_table *table, char *const *cells, size_t count,
                                const char *map, const char *stem, struct tare_error *error);
void csv_table_release(struct csv_table *table);

/* Looks at the first row of cells: a column of numbers without a number there is a text. False
 * when no column of values is left. */
bool csv_table_look(struct csv_table *table, char *const *cells);

/* One metric a row, named in it. */
bool csv_table_is_long(const struct csv_table *table);

/* The cell without the apostrophe that keeps a spreadsheet from taking it for a formula. */
char *csv_plain(char *cell);

/* Reads a cell that holds a number. False, with NaN, for an empty one and the words that stand
 * for none; `*wrong` when it is anything else. */
bool csv_number(const char *cell, double *number, bool *wrong);

#endif
