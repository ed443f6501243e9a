#include "application.h"

#include "base/file.h"
#include "base/strbuf.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

sqlite3 *application_open(const char *path)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    return db;
}

void application_run(sqlite3 *db, const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
}

int64_t application_number(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *row = NULL;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &row, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(row, 0);
    sqlite3_finalize(row);
    return number;
}

char *application_text(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *row = NULL;
    struct strbuf text;
    strbuf_init(&text);
    if (sqlite3_prepare_v2(db, sql, -1, &row, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    while (sqlite3_step(row) == SQLITE_ROW) {
        strbuf_add_text(&text, (const char *)sqlite3_column_text(row, 0));
        strbuf_add_char(&text, '\n');
    }
    sqlite3_finalize(row);
    return strbuf_detach(&text);
}

void path_run(const char *path, const char *sql)
{
    sqlite3 *db = application_open(path);
    application_run(db, sql);
    sqlite3_close(db);
}

int64_t path_number(const char *path, const char *sql)
{
    sqlite3 *db = application_open(path);
    int64_t number = application_number(db, sql);
    sqlite3_close(db);
    return number;
}

char *path_text(const char *path, const char *sql)
{
    sqlite3 *db = application_open(path);
    char *text = application_text(db, sql);
    sqlite3_close(db);
    return text;
}

char *bytes_of(const char *path, size_t *size)
{
    char *bytes = NULL;
    done(file_read(path, 0, &bytes, size, &oops));
    return bytes;
}

void assert_same_bytes(const char *path, const char *bytes, size_t size)
{
    size_t now_size;
    char *now = bytes_of(path, &now_size);
    assert_int_equal(now_size, size);
    assert_memory_equal(now, bytes, size);
    free(now);
}

size_t files_named(const char *folder, const char *part)
{
    size_t count = 0;
    DIR *files = opendir(folder);
    assert_non_null(files);
    for (struct dirent *file; (file = readdir(files)) != NULL;)
        count += strstr(file->d_name, part) != NULL;
    closedir(files);
    return count;
}

static enum tare_status batch_rows(struct store *store, const char *id)
{
    struct session session = a_session(id, 1000 * SECOND);
    struct series series = a_series("m");
    struct metric metric;
    struct batch batch;
    int64_t series_id = 0;
    metric_init(&metric);
    batch_init(&batch);
    struct batch_part *part = batch_part_add(&batch);
    part->window_start_ns = 1;
    enum tare_status status = metric_name(&metric, "m", NULL, "ms", &oops);
    if (status == TARE_OK)
        status = store_metric_put(store, &metric, false, &oops);
    if (status == TARE_OK)
        status = store_session_put(store, &session, &oops);
    if (status == TARE_OK)
        status = store_series_put(store, &series, &series_id, &oops);
    if (status == TARE_OK)
        status = batch_part_sample(part, 1001 * SECOND, 1.5, &oops);
    if (status == TARE_OK)
        status = store_samples_add(store, series_id, id, part, &oops);
    struct measurement one = a_measurement(series_id, id, 1001 * SECOND, 1.5);
    if (status == TARE_OK)
        status = store_measurement_put(store, &one, &oops);
    batch_release(&batch);
    metric_release(&metric);
    return status;
}

enum tare_status write_batch(struct store *store, const char *id, bool *fresh)
{
    enum tare_status status = store_begin(store, &oops);
    if (status == TARE_OK)
        status = store_batch_claim(store, id, fresh, &oops);
    if (status == TARE_OK && *fresh)
        status = batch_rows(store, id);
    if (status == TARE_OK)
        status = store_commit(store, &oops);
    if (status != TARE_OK)
        store_rollback(store);
    return status;
}

int fill_store(struct store *store)
{
    char id[UUID_TEXT_SIZE];
    for (int i = 0; i < 100000; i++) {
        bool fresh;
        snprintf(id, sizeof id, "00000000-0000-4000-8000-%012d", i);
        enum tare_status status = write_batch(store, id, &fresh);
        if (status == TARE_OK)
            continue;
        refused(status, TARE_E_FULL);
        says("make room");
        return i;
    }
    fail_msg("it was never full");
    return 0;
}

void assert_store_holds(struct store *store, int count)
{
    struct store_info info;
    done(store_info_get(store, &info, &oops));
    assert_int_equal(info.batches, count);
    assert_int_equal(info.measurements, count);
    assert_int_equal(info.samples, count);
    done(store_check(store, &oops));
}
