#include "store/sqlite.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "store/schema.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define APPLICATION_ID  0x74617265 /* "tare" */
#define WAIT_DEFAULT_MS 10000
#define WAL_PAGES_MOST  1000

static bool in_memory(const struct sqlite_store *self)
{
    return strcmp(self->path, ":memory:") == 0;
}

static int64_t pragma_number(struct sqlite_store *self, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int64_t value = -1;
    if (sqlite3_prepare_v2(self->db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

enum tare_status sqlite_schema_version(struct sqlite_store *self, int *version,
                                       struct tare_error *error)
{
    sqlite3_stmt *statement = NULL;
    static const char *const sql[] = {
        "SELECT count(*) FROM sqlite_master WHERE name = 'performance_schema'",
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

/* Under the lock the version is read again: somebody may have been quicker. */
enum tare_status sqlite_migrate(struct sqlite_store *self, bool create, struct tare_error *error)
{
    int version;
    enum tare_status status = sqlite_schema_version(self, &version, error);
    if (status != TARE_OK || version == sqlite_schema_known())
        return status;
    if (version > sqlite_schema_known())
        return newer(self, version, error);
    if (version == 0 && !create)
        return error_set(error, TARE_E_NOT_FOUND,
                         "%s is a database without tare's tables; 'tare init' or recording makes "
                         "them",
                         self->path);
    status = sqlite_begin(&self->base, error);
    if (status == TARE_OK)
        status = sqlite_schema_version(self, &version, error);
    if (status == TARE_OK && version < sqlite_schema_known())
        status = migrations_apply(self, version, error);
    if (status == TARE_OK)
        return sqlite_commit(&self->base, error);
    sqlite_rollback(&self->base);
    return status;
}

static int note_wal(void *context, sqlite3 *db, const char *name, int pages)
{
    (void)db;
    (void)name;
    ((struct sqlite_store *)context)->wal_pages = pages;
    return SQLITE_OK;
}

/* Our own file gets the write-ahead log; an application's keeps all that it has. */
static enum tare_status file_prepare(struct sqlite_store *self, struct tare_error *error)
{
    char sql[80];
    int64_t id = pragma_number(self, "PRAGMA application_id");
    int64_t tables = pragma_number(self, "SELECT count(*) FROM sqlite_master");
    if (id < 0 || tables < 0)
        return sqlite_failed(self, "open", error);
    self->own_file = id == APPLICATION_ID || tables == 0;
    if (self->own_file && tables == 0) {
        snprintf(sql, sizeof sql, "PRAGMA application_id = %d", APPLICATION_ID);
        if (sqlite_execute(self, "PRAGMA journal_mode = WAL", error) != TARE_OK ||
            sqlite_execute(self, sql, error) != TARE_OK)
            return sqlite_failed(self, "open", error);
    }
    return TARE_OK;
}

static void connection_tune(struct sqlite_store *self)
{
    sqlite3_busy_timeout(self->db, (int)self->wait_ms);
    sqlite3_wal_hook(self->db, note_wal, self);
    /* A checkpoint belongs under the lock: never at a time of SQLite's choosing. */
    sqlite3_db_config(self->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_exec(self->db, "PRAGMA synchronous = NORMAL; PRAGMA mmap_size = 0", NULL, NULL, NULL);
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(self->db, "PRAGMA journal_mode", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        self->wal = strcmp(column_borrow(statement, 0), "wal") == 0;
    sqlite3_finalize(statement);
}

static enum tare_status lock_open(struct sqlite_store *self, struct tare_error *error)
{
    char *path = NULL;
    if (in_memory(self))
        return TARE_OK;
    if (asprintf(&path, "%s.lock", self->path) < 0)
        return error_memory(error);
    self->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    enum tare_status status = TARE_OK;
    if (self->lock_fd < 0)
        status = error_set_errno(error, errno, "cannot open the lock %s", path);
    if (status == TARE_E_IO && (errno == EACCES || errno == EPERM))
        status = error_set(error, TARE_E_READ_ONLY,
                           "cannot write to the store %s: its folder may not be written to",
                           self->path);
    free(path);
    return status;
}

static enum tare_status connect_read_only(struct sqlite_store *self, struct tare_error *error)
{
    int version = 0;
    int code = sqlite3_open_v2(self->path, &self->db, SQLITE_OPEN_READONLY, NULL);
    if (code == SQLITE_OK && sqlite_schema_version(self, &version, NULL) != TARE_OK &&
        access(self->path, W_OK) != 0) {
        /* A write-ahead log cannot be shared where nothing may be written: read what is in the
         * file itself. */
        char *uri = sqlite3_mprintf("file:%s?immutable=1", self->path);
        sqlite3_close(self->db);
        code = sqlite3_open_v2(uri, &self->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
        sqlite3_free(uri);
    }
    if (code != SQLITE_OK)
        return sqlite_failed(self, "open", error);
    connection_tune(self);
    enum tare_status status = sqlite_schema_version(self, &version, error);
    if (status != TARE_OK)
        return status;
    if (version > sqlite_schema_known())
        return newer(self, version, error);
    if (version == 0)
        return error_set(error, TARE_E_NOT_FOUND, "%s is a database without tare's tables",
                         self->path);
    if (version < sqlite_schema_known())
        return error_set(
            error, TARE_E_READ_ONLY,
            "the store %s has the older schema %d; 'tare ingest' brings it up to date", self->path,
            version);
    self->own_file = pragma_number(self, "PRAGMA application_id") == APPLICATION_ID;
    return TARE_OK;
}

static enum tare_status connect_writing(struct sqlite_store *self, bool create,
                                        struct tare_error *error)
{
    int flags = SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0);
    enum tare_status status = lock_open(self, error);
    if (status != TARE_OK)
        return status;
    if (!in_memory(self) && file_exists(self->path) && access(self->path, W_OK) != 0)
        return error_set(error, TARE_E_READ_ONLY,
                         "the store %s may only be read; make it writable", self->path);
    if (sqlite3_open_v2(self->path, &self->db, flags, NULL) != SQLITE_OK)
        return sqlite_failed(self, "open", error);
    sqlite3_busy_timeout(self->db, (int)self->wait_ms);
    if (create)
        status = file_prepare(self, error);
    else
        self->own_file = pragma_number(self, "PRAGMA application_id") == APPLICATION_ID;
    connection_tune(self);
    return status == TARE_OK ? sqlite_migrate(self, create, error) : status;
}

static enum tare_status path_check(const struct sqlite_store *self,
                                   const struct store_options *options, struct tare_error *error)
{
    struct stat info;
    if (in_memory(self))
        return TARE_OK;
    if (stat(self->path, &info) == 0) {
        if (S_ISDIR(info.st_mode))
            return error_set(error, TARE_E_IO, "the store %s is a folder; name a file in it",
                             self->path);
        return TARE_OK;
    }
    if (errno != ENOENT)
        return error_set_errno(error, errno, "cannot open the store %s", self->path);
    if (!options->create)
        return error_set(error, TARE_E_NOT_FOUND,
                         "there is no store %s yet; 'tare init' makes one, so does recording",
                         self->path);
    char *parent = file_parent(self->path);
    if (parent == NULL)
        return error_memory(error);
    enum tare_status status = file_make_folders(parent, error);
    free(parent);
    return status;
}

enum tare_status sqlite_open(const char *url, const struct store_options *options,
                             struct store **store, struct tare_error *error)
{
    struct sqlite_store *self = calloc(1, sizeof *self);
    if (self == NULL)
        return error_memory(error);
    self->base.backend = &sqlite_backend;
    self->lock_fd = -1;
    self->wait_ms = options->wait_ms > 0 ? options->wait_ms : WAIT_DEFAULT_MS;
    self->path = strdup(strncmp(url, "sqlite:", 7) == 0 ? url + 7 : url);
    enum tare_status status = self->path != NULL ? path_check(self, options, error)
                                                 : error_memory(error);
    if (status == TARE_OK)
        status = options->read_only && !in_memory(self)
                     ? connect_read_only(self, error)
                     : connect_writing(self, options->create || in_memory(self), error);
    if (status != TARE_OK) {
        sqlite_close(&self->base);
        return status;
    }
    *store = &self->base;
    return TARE_OK;
}

/* Waits for the lock beside the database by asking again: flock(2) knows no time limit. */
static enum tare_status lock_take(struct sqlite_store *self, int64_t wait_ms,
                                  struct tare_error *error)
{
    const struct timespec pause = {.tv_nsec = 5000000};
    int64_t until_ns = clock_monotonic_ns() + wait_ms * 1000000;
    while (self->lock_fd >= 0 && flock(self->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return error_set_errno(error, errno, "cannot lock the store %s", self->path);
        if (clock_monotonic_ns() >= until_ns)
            return error_set(error, TARE_E_BUSY,
                             "the store %s is locked by another process for over %lld s; try "
                             "again, or see who holds %s.lock",
                             self->path, (long long)(wait_ms / 1000), self->path);
        nanosleep(&pause, NULL);
    }
    return TARE_OK;
}

static void lock_release(struct sqlite_store *self)
{
    if (self->lock_fd >= 0)
        flock(self->lock_fd, LOCK_UN);
}

enum tare_status sqlite_begin(struct store *store, struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    enum tare_status status = lock_take(self, self->wait_ms, error);
    if (status != TARE_OK)
        return status;
    if (sqlite3_exec(self->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK) {
        status = sqlite_failed(self, "write to", error);
        lock_release(self);
        return status;
    }
    self->in_transaction = true;
    return TARE_OK;
}

enum tare_status sqlite_commit(struct store *store, struct tare_error *error)
{
    struct sqlite_store *self = sqlite_of(store);
    if (sqlite3_exec(self->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
        return sqlite_failed(self, "write to", error); /* the caller rolls back */
    self->in_transaction = false;
    self->wrote = true;
    if (self->own_file && self->wal && self->wal_pages > WAL_PAGES_MOST)
        sqlite3_wal_checkpoint_v2(self->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    lock_release(self);
    return TARE_OK;
}

void sqlite_rollback(struct store *store)
{
    struct sqlite_store *self = sqlite_of(store);
    if (!self->in_transaction)
        return;
    for (size_t i = 0; i < self->statement_count; i++)
        sqlite3_reset(self->statements[i].statement);
    sqlite3_exec(self->db, "ROLLBACK", NULL, NULL, NULL);
    self->in_transaction = false;
    lock_release(self);
}

void sqlite_close(struct store *store)
{
    struct sqlite_store *self = sqlite_of(store);
    sqlite_rollback(store);
    for (size_t i = 0; i < self->statement_count; i++)
        sqlite3_finalize(self->statements[i].statement);
    if (self->wrote && self->own_file && self->wal && lock_take(self, 0, NULL) == TARE_OK) {
        sqlite3_busy_timeout(self->db, 0);
        sqlite3_wal_checkpoint_v2(self->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
        lock_release(self);
    }
    sqlite3_close(self->db);
    if (self->lock_fd >= 0)
        close(self->lock_fd);
    free(self->path);
    free(self);
}
