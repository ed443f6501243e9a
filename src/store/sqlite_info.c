#include "store/sqlite.h"

#include "base/error.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static enum tare_status number_get(struct sqlite_store *self, const char *sql, int64_t *number,
                                   struct tare_error *error)
{
    sqlite3_stmt *row = sqlite_statement(self, sql, error);
    enum tare_status status = TARE_OK;
    if (row == NULL)
        return sqlite_status(self);
    if (sqlite3_step(row) == SQLITE_ROW)
        *number = sqlite3_column_int64(row, 0);
    else
        status = sqlite_failed(self, "read", error);
    sqlite3_reset(row);
    return status;
}

static int64_t file_size(const char *path, const char *suffix)
{
    char name[4200];
    struct stat info;
    snprintf(name, sizeof name, "%s%s", path, suffix);
    return stat(name, &info) == 0 ? (int64_t)info.st_size : 0;
}

enum tare_status sqlite_info_get(struct store *store, struct store_info *info,
                                 struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    struct store_info about = {.schema_version_known = sqlite_schema_known(),
                               .own_file = self->own_file,
                               .may_corrupt_wal = sqlite3_libversion_number() <= 3051002};
    const struct {
        const char *sql;
        int64_t *number;
    } counts[] = {
        {"SELECT count(*) FROM performance_sessions", &about.sessions},
        {"SELECT count(*) FROM performance_series", &about.series},
        {"SELECT count(*) FROM performance_measurements", &about.measurements},
        {"SELECT coalesce(sum(n), 0) FROM performance_samples", &about.samples},
        {"SELECT count(*) FROM performance_batches", &about.batches},
        {"SELECT count(*) FROM performance_alerts WHERE state IN ('open', 'acknowledged')",
         &about.alerts_live},
    };
    snprintf(about.backend, sizeof about.backend, "sqlite");
    snprintf(about.backend_version, sizeof about.backend_version, "%s", sqlite3_libversion());
    snprintf(about.journal_mode, sizeof about.journal_mode, "%s", self->wal ? "wal" : "rollback");
    about.size_bytes = file_size(self->path, "") + file_size(self->path, "-wal");
    enum tare_status status = sqlite_schema_version(self, &about.schema_version, error);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0] && status == TARE_OK; i++)
        status = number_get(self, counts[i].sql, counts[i].number, error);
    if (status == TARE_OK)
        *info = about;
    return status;
}

static enum tare_status damaged(struct sqlite_store *self, const char *finding,
                                struct tare_error *error)
{
    const char *line = strrchr(finding, '\n'); /* before it stands which database */
    finding = line != NULL && line[1] != '\0' ? line + 1 : finding;
    sqlite_damage_note(self);
    return error_damaged(error, "the store %s is damaged (%.150s)%s%s", self->path, finding,
                         self->damaged_copy != NULL ? "; a copy is in " : "",
                         self->damaged_copy != NULL ? self->damaged_copy : "");
}

enum tare_status sqlite_check(struct store *store, struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    sqlite3_stmt *row = sqlite_statement(self, "PRAGMA integrity_check(1)", error);
    enum tare_status status = TARE_OK;
    if (row == NULL)
        return TARE_E_CORRUPT;
    if (sqlite3_step(row) != SQLITE_ROW)
        status = sqlite_failed(self, "check", error);
    else if (strcmp(column_borrow(row, 0), "ok") != 0)
        status = damaged(self, column_borrow(row, 0), error);
    sqlite3_reset(row);
    return status;
}
