#include "application.h"

#include "base/file.h"

#include <stdlib.h>

#define OF_THE_APPLICATION                                                                        \
    "SELECT type || name || coalesce(sql, '') FROM sqlite_master WHERE "                          \
    "tbl_name NOT LIKE 'performance_%' AND name <> 'sqlite_sequence' ORDER BY name"

static void live_inside(const char *mode)
{
    struct store *store = NULL;
    struct store_info info;
    char *folder = folder_make(), *path = file_join(folder, "app.db"), *value;
    sqlite3 *db = application_open(path);
    char *set = sqlite3_mprintf("PRAGMA journal_mode = %s", mode);
    application_run(db, set);
    application_run(db, "PRAGMA user_version = 42; PRAGMA application_id = 4242;"
                        "CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT UNIQUE);"
                        "CREATE INDEX by_name ON customers (name);"
                        "CREATE VIEW everyone AS SELECT name FROM customers;"
                        "INSERT INTO customers (name) VALUES ('ann'), ('bob')");
    char *before = application_text(db, OF_THE_APPLICATION);
    done(store_open(path, &(struct store_options){.create = true}, &store, &oops));
    put_history(store, 50, NULL);
    application_run(db, "INSERT INTO customers (name) VALUES ('eve')");
    put_history(store, 60, NULL);
    done(store_info_get(store, &info, &oops));
    assert_false(info.own_file);
    int64_t bytes;
    refused(store_compact(store, &bytes, &oops), TARE_E_USAGE);
    says("application");
    done(store_check(store, &oops));
    store_close(store);
    done(store_open(path, &(struct store_options){.read_only = true}, &store, &oops));
    store_close(store);
    assert_int_equal(application_number(db, "PRAGMA user_version"), 42);
    assert_int_equal(application_number(db, "PRAGMA application_id"), 4242);
    assert_int_equal(application_number(db, "SELECT count(*) FROM customers"), 3);
    assert_int_equal(application_number(db, "SELECT count(*) FROM performance_sessions"), 60);
    char *after = application_text(db, OF_THE_APPLICATION);
    assert_string_equal(after, before);
    value = application_text(db, "PRAGMA journal_mode");
    assert_memory_equal(value, mode, strlen(mode));
    sqlite3_free(set);
    free(value);
    free(before);
    free(after);
    sqlite3_close(db);
    folder_remove(folder);
    free(path);
    free(folder);
}

TEST(sqlite_inside__an_application_with_a_rollback_journal_keeps_all_that_is_its_own)
{
    live_inside("delete");
    live_inside("truncate");
    live_inside("persist");
}

TEST(sqlite_inside__an_application_with_a_write_ahead_log_keeps_all_that_is_its_own)
{
    live_inside("wal");
}

/* Writes as the application, and as another tare. */
static enum tare_status write_between(void *ctx, const struct session *session, size_t count,
                                      struct tare_error *error)
{
    struct store *other = NULL;
    bool fresh;
    (void)count;
    (void)error;
    path_run(ctx, "INSERT INTO customers (name) VALUES (hex(randomblob(8)))");
    done(store_open(ctx, &(struct store_options){.wait_ms = 1}, &other, &oops));
    done(write_batch(other, session->id, &fresh));
    store_close(other);
    return TARE_OK;
}

static enum tare_status pass(void *ctx, const struct session *session, size_t series,
                             const struct measurement *measurement, struct tare_error *error)
{
    (void)ctx;
    (void)session;
    (void)series;
    (void)measurement;
    (void)error;
    return TARE_OK;
}

static void walk_while_others_write(const char *mode)
{
    struct store *store = NULL;
    struct series *series = NULL;
    size_t count = 0;
    char *folder = folder_make(), *path = file_join(folder, "app.db");
    char *set = sqlite3_mprintf("PRAGMA journal_mode = %s; CREATE TABLE customers (name TEXT)",
                                mode);
    path_run(path, set);
    done(store_open(path, &(struct store_options){.create = true}, &store, &oops));
    put_history(store, 3, NULL);
    done(store_series_list(store, &(struct store_filter){0}, &series, &count, &oops));
    const struct store_visitor visitor = {write_between, pass, path};
    done(store_walk(store, &(struct store_filter){.until_ns = 1100 * SECOND}, series, count, false,
                    &visitor, &oops));
    assert_int_equal(path_number(path, "SELECT count(*) FROM customers"), 3);
    store_series_list_free(series, count);
    store_close(store);
    sqlite3_free(set);
    folder_remove(folder);
    free(path);
    free(folder);
}

TEST(sqlite_inside__a_walk_keeps_nobody_from_writing)
{
    walk_while_others_write("delete");
    walk_while_others_write("wal");
}

TEST(sqlite_inside__a_table_of_the_applications_that_is_called_as_one_of_tares_stays)
{
    const char *const theirs[] = {"CREATE TABLE performance_alerts (mine TEXT)",
                                  "CREATE VIEW performance_baselines AS SELECT 1",
                                  "CREATE TABLE Performance_Metrics (mine TEXT)",
                                  "CREATE TABLE performance_schema (version INTEGER, note TEXT)"};
    for (size_t i = 0; i < sizeof theirs / sizeof theirs[0]; i++) {
        struct store *store = NULL;
        char *folder = folder_make(), *path = file_join(folder, "app.db");
        sqlite3 *db = application_open(path);
        application_run(db, theirs[i]);
        char *before = application_text(db, "SELECT group_concat(sql) FROM sqlite_master");
        refused(store_open(path, &(struct store_options){.create = true}, &store, &oops),
                TARE_E_STORE);
        says("erformance_");
        says("rename it");
        refused(store_open(path, &(struct store_options){.read_only = true}, &store, &oops),
                TARE_E_STORE);
        char *after = application_text(db, "SELECT group_concat(sql) FROM sqlite_master");
        assert_string_equal(after, before);
        free(before);
        free(after);
        sqlite3_close(db);
        folder_remove(folder);
        free(path);
        free(folder);
    }
}

TEST(sqlite_inside__a_table_that_only_begins_as_one_of_tares_is_no_trouble)
{
    struct store *store = NULL;
    char *folder = folder_make(), *path = file_join(folder, "app.db");
    sqlite3 *db = application_open(path);
    application_run(db,
                    "CREATE TABLE performance_alerts_of_mine (a); CREATE TABLE performance_a (a)");
    done(store_open(path, &(struct store_options){.create = true}, &store, &oops));
    store_close(store);
    sqlite3_close(db);
    folder_remove(folder);
    free(path);
    free(folder);
}

TEST(sqlite_inside__without_create_an_application_gets_no_tables)
{
    struct store *store = NULL;
    char *folder = folder_make(), *path = file_join(folder, "app.db");
    path_run(path, "CREATE TABLE customers (name TEXT)");
    refused(store_open(path, &(struct store_options){0}, &store, &oops), TARE_E_NOT_FOUND);
    says("tare init");
    refused(store_open(path, &(struct store_options){.read_only = true}, &store, &oops),
            TARE_E_NOT_FOUND);
    assert_int_equal(path_number(path, "SELECT count(*) FROM sqlite_master"), 1);
    folder_remove(folder);
    free(path);
    free(folder);
}
