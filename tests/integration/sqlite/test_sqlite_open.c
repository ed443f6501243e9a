#include "application.h"

#include "base/file.h"
#include "store/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOBODY 65534

static const struct store_options create = {.create = true};
static const struct store_options read_only = {.read_only = true};

/* What root may do says nothing about permissions: the effective user becomes nobody. */
static void become(uid_t user)
{
    if (getuid() == 0)
        assert_int_equal(seteuid(user), 0);
}

static char *made_store(const char *folder)
{
    struct store *store = NULL;
    char *path = file_join(folder, "tare.db");
    done(store_open(path, &create, &store, &oops));
    put_history(store, 3, NULL);
    store_close(store);
    return path;
}

static void assert_three(struct store *store)
{
    struct measurement *found = NULL;
    size_t count = 0;
    done(store_measurement_list(store, &(struct store_filter){0}, &found, &count, &oops));
    assert_int_equal(count, 3);
    free(found);
}

TEST(sqlite_open__a_missing_store_is_made_only_when_asked)
{
    struct store *store = NULL;
    char *folder = folder_make(), *path = file_join(folder, "tare.db");
    refused(store_open(path, &(struct store_options){0}, &store, &oops), TARE_E_NOT_FOUND);
    says(path);
    says("tare init");
    refused(store_open(path, &read_only, &store, &oops), TARE_E_NOT_FOUND);
    assert_false(file_exists(path));
    assert_int_equal(files_named(folder, "tare"), 0);
    done(store_open(path, &create, &store, &oops));
    store_close(store);
    done(store_open(path, &(struct store_options){0}, &store, &oops));
    store_close(store);
    folder_remove(folder);
    free(path);
    free(folder);
}

TEST(sqlite_open__makes_missing_folders_and_takes_a_prefix)
{
    struct store *store = NULL;
    char *folder = folder_make(), *deep = file_join(folder, "a"), *url = NULL;
    assert_true(asprintf(&url, "sqlite:%s/a/t.db", folder) > 0);
    done(store_open(url, &create, &store, &oops));
    store_close(store);
    assert_true(file_exists(url + 7));
    folder_remove(deep);
    folder_remove(folder);
    free(url);
    free(deep);
    free(folder);
}

TEST(sqlite_open__its_own_file_is_marked_and_has_a_write_ahead_log)
{
    char *folder = folder_make(), *path = made_store(folder);
    char *mode = path_text(path, "PRAGMA journal_mode");
    assert_string_equal(mode, "wal\n");
    assert_int_equal(path_number(path, "PRAGMA application_id"), 0x74617265);
    assert_int_equal(path_number(path, "PRAGMA user_version"), 0);
    char *others = path_text(path, "SELECT name FROM sqlite_master WHERE name NOT LIKE "
                                   "'performance_%' AND name NOT LIKE "
                                   "'sqlite_autoindex_performance_%' AND name <> "
                                   "'sqlite_sequence'");
    assert_string_equal(others, "");
    free(others);
    free(mode);
    folder_remove(folder);
    free(path);
    free(folder);
}

TEST(sqlite_open__what_cannot_be_opened_is_named)
{
    struct store *store = NULL;
    char *folder = folder_make(), *under = NULL;
    refused(store_open(folder, &create, &store, &oops), TARE_E_IO);
    says(folder);
    says("is a folder");
    char *path = made_store(folder);
    assert_true(asprintf(&under, "%s/tare.db", path) > 0);
    refused(store_open(under, &create, &store, &oops), TARE_E_IO);
    says(under);
    free(under);
    chmod(folder, 0700);
    become(NOBODY);
    chmod(folder, getuid() == 0 ? 0700 : 0);
    refused(store_open(path, &create, &store, &oops), TARE_E_IO);
    says("ermission");
    become(0);
    chmod(folder, 0700);
    folder_remove(folder);
    free(path);
    free(folder);
}

TEST(sqlite_open__a_read_only_file_is_read_not_written)
{
    struct store *store = NULL;
    char *folder = folder_make(), *path = made_store(folder);
    chmod(folder, 0777);
    chmod(path, 0444);
    become(NOBODY);
    refused(store_open(path, &create, &store, &oops), TARE_E_READ_ONLY);
    says(path);
    done(store_open(path, &read_only, &store, &oops));
    assert_three(store);
    refused(store_begin(store, &oops), TARE_E_READ_ONLY);
    store_close(store);
    become(0);
    folder_remove(folder);
    free(path);
    free(folder);
}

TEST(sqlite_open__in_a_read_only_folder_it_is_still_read)
{
    struct store *store = NULL;
    char *outer = folder_make(), *folder = file_join(outer, "odd?#%41 name");
    mkdir(folder, 0755);
    char *path = made_store(folder), *lock = NULL;
    assert_true(asprintf(&lock, "%s.lock", path) > 0);
    unlink(lock);
    chmod(outer, 0755);
    chmod(path, 0666);
    chmod(folder, 0555);
    become(NOBODY);
    refused(store_open(path, &create, &store, &oops), TARE_E_READ_ONLY);
    says("folder");
    done(store_open(path, &read_only, &store, &oops));
    assert_three(store);
    store_close(store);
    become(0);
    chmod(folder, 0755);
    folder_remove(folder);
    folder_remove(outer);
    free(lock);
    free(path);
    free(folder);
    free(outer);
}

TEST(sqlite_open__a_file_that_is_no_database_is_left_alone)
{
    struct store *store = NULL;
    char *folder = folder_make(), *path = file_join(folder, "notes.txt");
    const char *text = "Dear diary, this is by no means a database, however long it may become, "
                       "and whoever opens it as one should be told so and leave it as it was.\n";
    done(file_write_atomic(path, text, strlen(text), 0600, false, &oops));
    refused(store_open(path, &create, &store, &oops), TARE_E_CORRUPT);
    says("not a database");
    says(path);
    refused(store_open(path, &read_only, &store, &oops), TARE_E_CORRUPT);
    assert_same_bytes(path, text, strlen(text));
    assert_int_equal(files_named(folder, "damaged"), 0);
    folder_remove(folder);
    free(path);
    free(folder);
}

TEST(sqlite_open__an_empty_file_becomes_a_store)
{
    struct store *store = NULL;
    char *folder = folder_make(), *path = file_join(folder, "tare.db");
    done(file_write_atomic(path, "", 0, 0600, false, &oops));
    refused(store_open(path, &(struct store_options){0}, &store, &oops), TARE_E_NOT_FOUND);
    done(store_open(path, &create, &store, &oops));
    put_history(store, 3, NULL);
    assert_three(store);
    store_close(store);
    folder_remove(folder);
    free(path);
    free(folder);
}

TEST(sqlite_open__a_newer_schema_is_refused_and_untouched)
{
    struct store *store = NULL;
    char *folder = folder_make(), *path = made_store(folder);
    path_run(path,
             "INSERT INTO performance_schema VALUES (99, 0); PRAGMA wal_checkpoint(TRUNCATE)");
    size_t size;
    char *bytes = bytes_of(path, &size);
    refused(store_open(path, &create, &store, &oops), TARE_E_NEWER);
    says("99");
    says(path);
    refused(store_open(path, &read_only, &store, &oops), TARE_E_NEWER);
    assert_same_bytes(path, bytes, size);
    free(bytes);
    folder_remove(folder);
    free(path);
    free(folder);
}

/* A store as the first tare would have left it. */
static char *first_store(const char *folder)
{
    char *path = file_join(folder, "old.db");
    sqlite3 *db = application_open(path);
    application_run(db, "PRAGMA application_id = 0x74617265; PRAGMA journal_mode = WAL");
    application_run(db, schema_migrations[0]);
    application_run(db, "INSERT INTO performance_schema VALUES (1, 0)");
    application_run(db, "INSERT INTO performance_settings VALUES ('kept', 'yes')");
    sqlite3_close(db);
    return path;
}

TEST(sqlite_open__an_older_schema_is_migrated_with_what_it_holds)
{
    struct store *store = NULL;
    struct store_info info;
    char *folder = folder_make(), *path = first_store(folder), *value = NULL;
    assert_true(schema_migration_count > 1);
    refused(store_open(path, &read_only, &store, &oops), TARE_E_READ_ONLY);
    says("tare ingest");
    done(store_open(path, &(struct store_options){0}, &store, &oops));
    done(store_info_get(store, &info, &oops));
    assert_int_equal(info.schema_version, (int)schema_migration_count);
    done(store_setting_get(store, "kept", &value, &oops));
    assert_string_equal(value, "yes");
    free(value);
    put_history(store, 3, NULL);
    assert_three(store);
    store_close(store);
    assert_int_equal(path_number(path, "SELECT count(*) FROM performance_schema"),
                     (int)schema_migration_count);
    folder_remove(folder);
    free(path);
    free(folder);
}
