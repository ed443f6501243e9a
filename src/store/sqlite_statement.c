#include "store/sqlite.h"

#include "base/error.h"
#include "model/labels.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum tare_status sqlite_status(struct sqlite_store *self)
{
    switch (sqlite3_errcode(self->db)) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return TARE_E_BUSY;
    case SQLITE_FULL:
        return TARE_E_FULL;
    case SQLITE_READONLY:
        return TARE_E_READ_ONLY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return TARE_E_CORRUPT;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return TARE_E_IO;
    case SQLITE_NOMEM:
        return TARE_E_MEMORY;
    case SQLITE_IOERR: /* a full disk, too, where it is met by the index of the log */
        return sqlite3_system_errno(self->db) == ENOSPC ? TARE_E_FULL : TARE_E_IO;
    default:
        return TARE_E_STORE;
    }
}

static const char *remedy_of(struct sqlite_store *self, enum tare_status status)
{
    if (sqlite3_errcode(self->db) == SQLITE_NOTADB)
        return "; name another store, or move that file away";
    switch (status) {
    case TARE_E_BUSY:
        return "; somebody else is writing, try again";
    case TARE_E_FULL:
        return "; make room on the disk, nothing was lost";
    case TARE_E_READ_ONLY:
        return "; make the file and its folder writable";
    default:
        return "";
    }
}

enum tare_status sqlite_failed(struct sqlite_store *self, const char *doing,
                               struct tare_error *error)
{
    enum tare_status status = sqlite_status(self);
    char text[200];
    snprintf(text, sizeof text, "%s", sqlite3_errmsg(self->db));
    if (sqlite3_errcode(self->db) == SQLITE_CORRUPT &&
        !self->read_only) /* not SQLITE_NOTADB: that was never ours */
        sqlite_damage_note(self);
    const char *remedy = remedy_of(self, status), *copy = self->damaged_copy;
    if (status == TARE_E_CORRUPT && remedy[0] == '\0')
        return error_damaged(error, "cannot %s the store %s: %s%s%s", doing, self->path, text,
                             copy != NULL ? "; a copy is in " : "", copy != NULL ? copy : "");
    return error_set(error, status, "cannot %s the store %s: %s%s%s%s", doing, self->path, text,
                     copy != NULL ? "; a copy is in " : "", copy != NULL ? copy : "", remedy);
}

sqlite3_stmt *sqlite_statement(struct sqlite_store *self, const char *sql,
                               struct tare_error *error)
{
    for (size_t i = 0; i < self->statement_count; i++) {
        if (self->statements[i].sql != sql)
            continue;
        sqlite3_reset(self->statements[i].statement);
        sqlite3_clear_bindings(self->statements[i].statement);
        return self->statements[i].statement;
    }
    sqlite3_stmt *statement = NULL;
    if (self->statement_count == SQLITE_STATEMENTS_MOST)
        abort(); /* more literals than the table has room for: a matter of this source */
    if (sqlite3_prepare_v3(self->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) !=
        SQLITE_OK) {
        sqlite_failed(self, "read", error);
        return NULL;
    }
    self->statements[self->statement_count].sql = sql;
    self->statements[self->statement_count++].statement = statement;
    return statement;
}

enum tare_status sqlite_run(struct sqlite_store *self, sqlite3_stmt *statement, const char *doing,
                            struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    if (sqlite3_step(statement) != SQLITE_DONE)
        status = sqlite_failed(self, doing, error);
    sqlite3_reset(statement);
    return status;
}

enum tare_status sqlite_execute(struct sqlite_store *self, const char *sql,
                                struct tare_error *error)
{
    if (sqlite3_exec(self->db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return TARE_OK;
    return sqlite_failed(self, "write to", error);
}

void bind_int(sqlite3_stmt *statement, int index, int64_t value)
{
    sqlite3_bind_int64(statement, index, value);
}

void bind_int_or_null(sqlite3_stmt *statement, int index, int64_t value)
{
    if (value != 0)
        sqlite3_bind_int64(statement, index, value);
}

void bind_real(sqlite3_stmt *statement, int index, double value)
{
    if (!isnan(value))
        sqlite3_bind_double(statement, index, value);
}

void bind_text(sqlite3_stmt *statement, int index, const char *text)
{
    sqlite3_bind_text(statement, index, text != NULL ? text : "", -1, SQLITE_TRANSIENT);
}

void bind_text_or_null(sqlite3_stmt *statement, int index, const char *text)
{
    if (text != NULL && text[0] != '\0')
        sqlite3_bind_text(statement, index, text, -1, SQLITE_TRANSIENT);
}

void bind_beside(sqlite3_stmt *statement, int index, double number, double value)
{
    if (isnan(number) && !isnan(value))
        sqlite3_bind_text(statement, index, "", 0, SQLITE_STATIC);
    else if (!isnan(number) && memcmp(&number, &value, sizeof number) != 0)
        sqlite3_bind_double(statement, index, number);
}

double column_real(sqlite3_stmt *statement, int column)
{
    if (sqlite3_column_type(statement, column) == SQLITE_NULL)
        return NAN;
    return sqlite3_column_double(statement, column);
}

double column_beside(sqlite3_stmt *statement, int column, double value)
{
    int type = sqlite3_column_type(statement, column);
    if (type == SQLITE_NULL)
        return value;
    return type == SQLITE_TEXT ? NAN : sqlite3_column_double(statement, column);
}

const char *column_borrow(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return text != NULL ? text : "";
}

char *column_text(sqlite3_stmt *statement, int column, bool *failed)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    if (text == NULL)
        return NULL;
    char *copy = strdup(text);
    *failed = *failed || copy == NULL;
    return copy;
}

void column_copy(sqlite3_stmt *statement, int column, char *into, size_t size)
{
    snprintf(into, size, "%s", column_borrow(statement, column));
}

void sqlite_query_init(struct sqlite_query *query, const char *select)
{
    *query = (struct sqlite_query){0};
    strbuf_init(&query->sql);
    strbuf_add_text(&query->sql, select);
}

void sqlite_query_plain(struct sqlite_query *query, const char *condition)
{
    strbuf_add_text(&query->sql, query->has_where ? " AND " : " WHERE ");
    strbuf_add_text(&query->sql, condition);
    query->has_where = true;
}

void sqlite_query_text(struct sqlite_query *query, const char *condition, const char *value)
{
    if (value == NULL)
        return;
    sqlite_query_plain(query, condition);
    query->values[query->count].is_text = true;
    query->values[query->count].text = strdup(value);
    query->sql.failed = query->sql.failed || query->values[query->count].text == NULL;
    query->count++;
}

void sqlite_query_number(struct sqlite_query *query, const char *condition, int64_t value)
{
    if (value == 0)
        return;
    sqlite_query_plain(query, condition);
    query->values[query->count++].number = value;
}

void sqlite_query_prefix(struct sqlite_query *query, const char *column, const char *prefix)
{
    char condition[96], end[80];
    if (prefix == NULL)
        return;
    snprintf(condition, sizeof condition, "%s >= ?", column);
    sqlite_query_text(query, condition, prefix);
    snprintf(condition, sizeof condition, "%s < ?", column);
    snprintf(end, sizeof end, "%.70s~", prefix);
    sqlite_query_text(query, condition, end);
}

void sqlite_query_order(struct sqlite_query *query, const char *order)
{
    strbuf_add_text(&query->sql, " ORDER BY ");
    strbuf_add_text(&query->sql, order);
}

/* The place of a query in the cache: its own, else the one that was not used for longest. */
static size_t query_place(struct sqlite_store *self, const char *sql)
{
    size_t oldest = 0;
    for (size_t i = 0; i < SQLITE_QUERIES_MOST; i++) {
        if (self->queries[i].sql != NULL && strcmp(self->queries[i].sql, sql) == 0)
            return i;
        if (self->queries[i].used < self->queries[oldest].used)
            oldest = i;
    }
    return oldest;
}

static sqlite3_stmt *query_cached(struct sqlite_store *self, const char *sql,
                                  struct tare_error *error)
{
    size_t place = query_place(self, sql);
    self->queries[place].used = ++self->queries_used;
    if (self->queries[place].sql != NULL && strcmp(self->queries[place].sql, sql) == 0) {
        sqlite3_reset(self->queries[place].statement);
        sqlite3_clear_bindings(self->queries[place].statement);
        return self->queries[place].statement;
    }
    sqlite3_finalize(self->queries[place].statement);
    free(self->queries[place].sql);
    self->queries[place].statement = NULL;
    self->queries[place].sql = strdup(sql);
    if (self->queries[place].sql == NULL) {
        error_memory(error);
        return NULL;
    }
    if (sqlite3_prepare_v3(self->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
                           &self->queries[place].statement, NULL) != SQLITE_OK) {
        sqlite_failed(self, "read", error);
        free(self->queries[place].sql);
        self->queries[place].sql = NULL;
    }
    return self->queries[place].statement;
}

sqlite3_stmt *sqlite_query_prepare(struct sqlite_query *query, struct sqlite_store *self,
                                   struct tare_error *error)
{
    sqlite3_stmt *statement = NULL;
    if (query->sql.failed)
        error_memory(error);
    else
        statement = query_cached(self, query->sql.text, error);
    for (int i = 0; i < query->count; i++) {
        if (statement != NULL && query->values[i].is_text)
            bind_text(statement, i + 1, query->values[i].text);
        else if (statement != NULL)
            bind_int(statement, i + 1, query->values[i].number);
        free(query->values[i].text);
    }
    strbuf_release(&query->sql);
    return statement;
}

bool sqlite_labels_match(sqlite3_stmt *statement, int column, const struct store_filter *filter)
{
    return filter->labels == NULL || filter->labels[0] == '\0' ||
           labels_contain(column_borrow(statement, column), filter->labels);
}
