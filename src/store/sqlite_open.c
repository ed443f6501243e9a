#include "store/sqlite.h"

#include "base/error.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPLICATION_ID  0x74617265 /* "tare" */
#define WAIT_DEFAULT_MS 10000

/* A store belongs to one thread at a time (store.h): its every call need not take a mutex. */
#define CONNECTION SQLITE_OPEN_NOMUTEX

bool sqlite_in_memory(const struct sqlite_store *self)
{
    return strcmp(self->path, ":memory:") == 0;
}

int64_t sqlite_number(struct sqlite_store *self, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int64_t value = -1;
    if (sqlite3_prepare_v2(self->db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

static int note_wal(void *context, sqlite3 *db, const char *name, int pages)
{
    (void)db;
    (void)name;
    ((struct sqlite_store *)context)->wal_pages = pages;
    return SQLITE_OK;
}

/* A file that holds nothing becomes ours: it gets the write-ahead log and our mark. An
 * application's file keeps all that it has. */
static enum tare_status file_claim(struct sqlite_store *self, struct tare_error *error)
{
    char sql[80];
    if (sqlite_number(self, "SELECT count(*) FROM sqlite_master") != 0)
        return TARE_OK; /* somebody was quicker */
    snprintf(sql, sizeof sql, "PRAGMA application_id = %d", APPLICATION_ID);
    enum tare_status status = sqlite_execute(self, "PRAGMA journal_mode = WAL", error);
    return status == TARE_OK ? sqlite_execute(self, sql, error) : status;
}

static enum tare_status file_prepare(struct sqlite_store *self, bool create,
                                     struct tare_error *error)
{
    sqlite3_busy_timeout(self->db, (int)self->wait_ms);
    int64_t tables = sqlite_number(self, "SELECT count(*) FROM sqlite_master");
    enum tare_status status = TARE_OK;
    if (tables < 0)
        return sqlite_failed(self, "open", error);
    if (tables == 0 && create) {
        status = sqlite_lock_take(self, self->wait_ms, error);
        if (status != TARE_OK)
            return status;
        status = file_claim(self, error);
        sqlite_lock_release(self);
    }
    self->own_file = sqlite_number(self, "PRAGMA application_id") == APPLICATION_ID;
    return status;
}

static void connection_tune(struct sqlite_store *self)
{
    sqlite3_wal_hook(self->db, note_wal, self);
    /* A checkpoint belongs under the lock: never at a time of SQLite's choosing. */
    sqlite3_db_config(self->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_exec(self->db, "PRAGMA mmap_size = 0; " SQLITE_MEMORY_SETTINGS, NULL, NULL, NULL);
    if (self->own_file) /* with a rollback journal NORMAL may cost an application its file */
        sqlite3_exec(self->db, "PRAGMA synchronous = NORMAL", NULL, NULL, NULL);
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(self->db, "PRAGMA journal_mode", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        self->wal = strcmp(column_borrow(statement, 0), "wal") == 0;
    sqlite3_finalize(statement);
}

/* Where nothing may be written a write-ahead log cannot be shared: what is in the file itself is
 * read. */
static int open_immutable(struct sqlite_store *self)
{
    struct strbuf uri;
    strbuf_init(&uri);
    strbuf_add_text(&uri, "file:");
    for (const char *at = self->path; *at != '\0'; at++) {
        if (strchr("?#%", *at) != NULL)
            strbuf_add_format(&uri, "%%%02x", (unsigned)*at);
        else
            strbuf_add_char(&uri, *at);
    }
    strbuf_add_text(&uri, "?immutable=1");
    sqlite3_close(self->db);
    self->db = NULL;
    int code = uri.failed
                   ? SQLITE_NOMEM
                   : sqlite3_open_v2(uri.text, &self->db,
                                     SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | CONNECTION, NULL);
    strbuf_release(&uri);
    return code;
}

/* A write-ahead log or its index is not there, and the folder takes none: which of the two codes
 * comes depends on which of the two files SQLite misses first. */
static bool needs_new_files(int code)
{
    return (code & 0xff) == SQLITE_CANTOPEN || (code & 0xff) == SQLITE_READONLY;
}

static enum tare_status connect_read_only(struct sqlite_store *self, struct tare_error *error)
{
    int version = 0;
    self->read_only = true;
    int code = sqlite3_open_v2(self->path, &self->db, SQLITE_OPEN_READONLY | CONNECTION, NULL);
    if (code == SQLITE_OK && sqlite_schema_version(self, &version, NULL) != TARE_OK &&
        needs_new_files(sqlite3_errcode(self->db)))
        code = open_immutable(self);
    if (code != SQLITE_OK)
        return sqlite_failed(self, "open", error);
    connection_tune(self);
    self->own_file = sqlite_number(self, "PRAGMA application_id") == APPLICATION_ID;
    return sqlite_schema_readable(self, error);
}

static enum tare_status connect_writing(struct sqlite_store *self, bool create,
                                        struct tare_error *error)
{
    int flags = SQLITE_OPEN_READWRITE | CONNECTION | (create ? SQLITE_OPEN_CREATE : 0);
    if (!sqlite_in_memory(self) && file_exists(self->path) &&
        faccessat(AT_FDCWD, self->path, W_OK, AT_EACCESS) != 0)
        return error_set(error, TARE_E_READ_ONLY,
                         "the store %s may not be written to; make it writable", self->path);
    int made = create && !sqlite_in_memory(self) ? file_make_owned(self->path) : -1;
    if (made >= 0) /* SQLite makes it, and its log, for its maker alone to write to */
        close(made);
    enum tare_status status = sqlite_lock_open(self, error);
    if (status != TARE_OK)
        return status;
    if (sqlite3_open_v2(self->path, &self->db, flags, NULL) != SQLITE_OK)
        return sqlite_failed(self, "open", error);
    status = file_prepare(self, create, error);
    if (status == TARE_OK)
        connection_tune(self);
    return status == TARE_OK ? sqlite_migrate(self, create, error) : status;
}

/* SQLite takes no longer one, in full, and with what it calls its log. */
#define PATH_MOST_BYTES 500

static enum tare_status length_check(const char *path, struct tare_error *error)
{
    char *real = file_real_path(path);
    size_t length = strlen(real != NULL ? real : path);
    free(real);
    return length <= PATH_MOST_BYTES
               ? TARE_OK
               : error_set(error, TARE_E_USAGE,
                           "the path of the store has %zu bytes, and may have %d: name another by "
                           "--store, TARE_STORE or the store: of tare.yml: %.100s…",
                           length, PATH_MOST_BYTES, path);
}

static enum tare_status path_check(const struct sqlite_store *self,
                                   const struct store_options *options, struct tare_error *error)
{
    struct stat info;
    if (sqlite_in_memory(self))
        return TARE_OK;
    if (stat(self->path, &info) == 0) {
        if (S_ISDIR(info.st_mode))
            return error_set(error, TARE_E_IO, "the store %s is a folder; name a file in it",
                             self->path);
        return TARE_OK;
    }
    if (errno == ENOTDIR)
        return error_set(error, TARE_E_IO, "cannot make the store %s: it lies below a file",
                         self->path);
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
        status = length_check(self->path, error);
    if (status == TARE_OK)
        status = options->read_only && !sqlite_in_memory(self)
                     ? connect_read_only(self, error)
                     : connect_writing(self, options->create || sqlite_in_memory(self), error);
    if (status != TARE_OK) {
        sqlite_close(&self->base);
        return status;
    }
    *store = &self->base;
    return TARE_OK;
}
