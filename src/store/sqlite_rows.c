#include "store/sqlite.h"

#include "base/array.h"
#include "base/error.h"

static bool is_full(const struct store_filter *filter, size_t count)
{
    return filter != NULL && filter->limit != 0 && count >= filter->limit;
}

enum tare_status sqlite_rows_collect(struct sqlite_store *self, sqlite3_stmt *row,
                                     const struct sqlite_rows *how, void *list, size_t *count,
                                     struct tare_error *error)
{
    int code = SQLITE_DONE;
    bool failed = false;
    if (row == NULL)
        return sqlite_status(self);
    while (!failed && !is_full(how->filter, *count) && (code = sqlite3_step(row)) == SQLITE_ROW) {
        if (how->filter != NULL && !sqlite_labels_match(row, how->labels_column, how->filter))
            continue;
        void *element = array_add(list, count, how->size);
        failed = element == NULL || !how->read(row, element);
    }
    enum tare_status status = TARE_OK;
    if (failed)
        status = error_memory(error);
    else if (code != SQLITE_DONE && code != SQLITE_ROW)
        status = sqlite_failed(self, "read", error);
    sqlite3_reset(row);
    return status;
}
