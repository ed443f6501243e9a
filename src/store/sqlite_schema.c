#include "store/sqlite.h"

#include "base/clock.h"
#include "base/error.h"
#include "store/schema.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum tare_status sqlite_schema_version(struct sqlite_store *self, int *version,
                                       struct tare_error *error)
{
    sqlite3_stmt *statement = NULL;
    static const char *const sql[] = {
        "SELECT count(*) = 2 FROM pragma_table_info('performance_schema') WHERE name IN "
        "('version', 'applied_at')",
        "SELECT coalesce(max(version), 0) FROM performance_schema"};
    *version = 0;
    for (size_t i = 0; i < 2; i++) {
        bool done = sqlite3_prepare_v2(self->db, sql[i], -1, &statement, NULL) == SQLITE_OK &&
                    sqlite3_step(statement) == SQLITE_ROW;
        if (done)
            *version = sqlite3_column_int(statement, 0);
        enum tare_status status = done ? TARE_OK : sqlite_failed(self, "read", error);
        sqlite3_finalize(statement);
        if (status != TARE_OK || *version == 0)
            return status;
    }
    return TARE_OK;
}

int sqlite_schema_known(void)
{
    return (int)schema_migration_count;
}

static enum tare_status migrations_apply(struct sqlite_store *self, int version,
                                         struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    for (size_t i = (size_t)version; i < schema_migration_count && status == TARE_OK; i++) {
        char note[160];
        snprintf(note, sizeof note, "INSERT INTO performance_schema VALUES (%zu, %lld)", i + 1,
                 (long long)clock_now_ns());
        status = sqlite_execute(self, schema_migrations[i], error);
        if (status == TARE_OK)
            status = sqlite_execute(self, note, error);
    }
    return status;
}

static enum tare_status newer(const struct sqlite_store *self, int version,
                              struct tare_error *error)
{
    return error_set(error, TARE_E_NEWER,
                     "the store %s has schema %d, this tare knows up to %d: use a newer tare; "
                     "nothing was changed",
                     self->path, version, sqlite_schema_known());
}

/* Whether a migration speaks of it: the name as a word of its own. */
static bool is_name_of_ours(const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < schema_migration_count; i++)
        for (const char *at = schema_migrations[i]; (at = strcasestr(at, name)) != NULL;
             at += length)
            if (at[length] != '_' && !isalnum((unsigned char)at[length]))
                return true;
    return false;
}

/* An application may have a table of a name that tare's have: neither is touched. */
static enum tare_status names_are_free(struct sqlite_store *self, struct tare_error *error)
{
    sqlite3_stmt *row = NULL;
    enum tare_status status = TARE_OK;
    if (sqlite3_prepare_v2(self->db,
                           "SELECT type, name FROM sqlite_master WHERE name LIKE "
                           "'performance!_%' ESCAPE '!' ORDER BY name",
                           -1, &row, NULL) != SQLITE_OK)
        return sqlite_failed(self, "read", error);
    while (status == TARE_OK && sqlite3_step(row) == SQLITE_ROW)
        if (is_name_of_ours(column_borrow(row, 1)))
            status = error_set(error, TARE_E_STORE,
                               "%s has a %s %s that is not tare's: rename it, or give tare a file "
                               "of its own; nothing was changed",
                               self->path, column_borrow(row, 0), column_borrow(row, 1));
    sqlite3_finalize(row);
    return status;
}

static enum tare_status none_yet(struct sqlite_store *self, struct tare_error *error)
{
    enum tare_status status = names_are_free(self, error);
    if (status != TARE_OK)
        return status;
    return error_set(error, TARE_E_NOT_FOUND,
                     "%s is a database without tare's tables; 'tare init' or recording makes them",
                     self->path);
}

enum tare_status sqlite_schema_readable(struct sqlite_store *self, struct tare_error *error)
{
    int version;
    enum tare_status status = sqlite_schema_version(self, &version, error);
    if (status != TARE_OK || version == sqlite_schema_known())
        return status;
    if (version > sqlite_schema_known())
        return newer(self, version, error);
    if (version == 0)
        return none_yet(self, error);
    return error_set(error, TARE_E_READ_ONLY,
                     "the store %s has the older schema %d; 'tare ingest' brings it up to date",
                     self->path, version);
}

enum tare_status sqlite_migrate(struct sqlite_store *self, bool create, struct tare_error *error)
{
    int version;
    enum tare_status status = sqlite_schema_version(self, &version, error);
    if (status != TARE_OK || version == sqlite_schema_known())
        return status;
    if (version == 0 && !create)
        return none_yet(self, error);
    if (version > sqlite_schema_known())
        return newer(self, version, error);
    status = sqlite_begin(&self->base, error);
    if (status == TARE_OK) /* somebody may have been quicker */
        status = sqlite_schema_version(self, &version, error);
    if (status == TARE_OK && version > sqlite_schema_known())
        status = newer(self, version, error);
    if (status == TARE_OK && version == 0)
        status = names_are_free(self, error);
    if (status == TARE_OK)
        status = migrations_apply(self, version, error);
    if (status == TARE_OK)
        return sqlite_commit(&self->base, error);
    sqlite_rollback(&self->base);
    return status;
}
