#include "application.h"

#include "base/file.h"
#include "store/sqlite.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

TEST(sqlite_weather__a_full_database_keeps_what_it_has_and_goes_on_with_room)
{
    struct store *store = NULL;
    bool fresh = false;
    char *folder = folder_make(), *path = file_join(folder, "tare.db");
    done(store_open(path, &(struct store_options){.create = true}, &store, &oops));
    application_run(sqlite_of(store)->db, "PRAGMA max_page_count = 60");
    int count = fill_store(store);
    assert_true(count > 0);
    assert_store_holds(store, count);
    application_run(sqlite_of(store)->db, "PRAGMA max_page_count = 100000");
    done(write_batch(store, SESSION_A, &fresh));
    assert_true(fresh);
    assert_store_holds(store, count + 1);
    store_close(store);
    folder_remove(folder);
    free(path);
    free(folder);
}

/* A store of a few hundred pages. */
static char *big_store(const char *folder)
{
    struct store *store = NULL;
    char *path = file_join(folder, "tare.db");
    done(store_open(path, &(struct store_options){.create = true}, &store, &oops));
    put_history(store, 3000, NULL);
    store_close(store);
    return path;
}

static void overwrite(const char *path, off_t at, size_t size)
{
    char *bytes = malloc(size);
    memset(bytes, 0xdb, size);
    int fd = open(path, O_WRONLY);
    assert_int_equal(pwrite(fd, bytes, size, at), (ssize_t)size);
    close(fd);
    free(bytes);
}

TEST(sqlite_weather__damage_is_copied_aside_once_and_never_written_to)
{
    struct store *store = NULL;
    size_t size;
    char *folder = folder_make(), *path = big_store(folder), *copy = NULL;
    overwrite(path, 4096 * 100, 4096 * 10); /* behind all that opening reads */
    char *bytes = bytes_of(path, &size);
    for (int round = 0; round < 3; round++) {
        struct store_options options = {.read_only = round == 0};
        done(store_open(path, &options, &store, &oops));
        refused(store_check(store, &oops), TARE_E_CORRUPT);
        says(path);
        says("a copy is in ");
        says(".damaged-");
        says("run 'tare doctor'");
        assert_null(strchr(oops.message, '\n'));
        assert_null(strstr(oops.message, "***"));
        if (copy == NULL)
            copy = strdup(strstr(oops.message, "a copy is in ") + strlen("a copy is in "));
        if (round > 0) {
            refused(store_begin(store, &oops), TARE_E_CORRUPT);
            says("tare doctor");
        }
        store_close(store);
    }
    copy[strcspn(copy, ":")] = '\0'; /* up to the colon of its time */
    assert_non_null(strstr(copy, path));
    assert_int_equal(files_named(folder, ".damaged-"), 1);
    assert_same_bytes(path, bytes, size);
    free(copy);
    free(bytes);
    folder_remove(folder);
    free(path);
    free(folder);
}

TEST(sqlite_weather__damage_met_while_writing_ends_the_writing)
{
    struct store *store = NULL;
    size_t size;
    char *folder = folder_make(), *path = big_store(folder), id[UUID_TEXT_SIZE];
    struct stat info;
    stat(path, &info);
    overwrite(path, 4096 * 60, (size_t)info.st_size - 4096 * 60);
    char *bytes = bytes_of(path, &size);
    done(store_open(path, &(struct store_options){0}, &store, &oops));
    bool fresh;
    enum tare_status status = TARE_OK;
    for (int i = 0; i < 100 && status == TARE_OK; i++) {
        snprintf(id, sizeof id, "00000000-0000-4000-8000-%012d", i);
        status = write_batch(store, id, &fresh);
    }
    refused(status, TARE_E_CORRUPT);
    says("a copy is in ");
    refused(write_batch(store, SESSION_A, &fresh), TARE_E_CORRUPT);
    store_close(store);
    assert_same_bytes(path, bytes, size);
    assert_true(files_named(folder, ".damaged-") >= 1);
    free(bytes);
    folder_remove(folder);
    free(path);
    free(folder);
}

TEST(sqlite_weather__a_damaged_schema_is_refused_at_the_door)
{
    struct store *store = NULL;
    size_t size;
    char *folder = folder_make(), *path = big_store(folder);
    overwrite(path, 100, 3900);
    char *bytes = bytes_of(path, &size);
    refused(store_open(path, &(struct store_options){.create = true}, &store, &oops),
            TARE_E_CORRUPT);
    says("a copy is in ");
    assert_same_bytes(path, bytes, size);
    assert_int_equal(files_named(folder, ".damaged-"), 1);
    free(bytes);
    folder_remove(folder);
    free(path);
    free(folder);
}

TEST(sqlite_weather__a_file_cut_short_is_damaged)
{
    struct store *store = NULL;
    char *folder = folder_make(), *path = big_store(folder);
    assert_int_equal(truncate(path, 4096 * 50), 0);
    enum tare_status status = store_open(path, &(struct store_options){0}, &store, &oops);
    if (status == TARE_OK)
        status = store_check(store, &oops);
    refused(status, TARE_E_CORRUPT);
    store_close(store);
    folder_remove(folder);
    free(path);
    free(folder);
}

TEST(sqlite_weather__a_store_without_its_tables_says_so)
{
    struct store *store = NULL;
    struct session *sessions = NULL;
    size_t count;
    char *folder = folder_make(), *path = big_store(folder);
    done(store_open(path, &(struct store_options){0}, &store, &oops));
    path_run(path, "ALTER TABLE performance_sessions RENAME TO gone");
    struct store_info info;
    refused(store_info_get(store, &info, &oops), TARE_E_STORE);
    refused(store_session_list(store, &(struct store_filter){0}, &sessions, &count, &oops),
            TARE_E_STORE);
    says("performance_sessions");
    says(path);
    store_close(store);
    folder_remove(folder);
    free(path);
    free(folder);
}
