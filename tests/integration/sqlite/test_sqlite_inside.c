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
