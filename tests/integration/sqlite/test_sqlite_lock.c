#include "application.h"

#include "base/file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void sleep_ms(int64_t ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

/* A process that holds the lock of the store for so long; it has it when this returns. */
static pid_t lock_holder_start(const char *path, int64_t ms)
{
    char *lock = NULL, ready;
    int pipe_ends[2];
    assert_true(asprintf(&lock, "%s.lock", path) > 0);
    assert_int_equal(pipe(pipe_ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        int fd = open(lock, O_RDWR | O_CREAT, 0600);
        if (flock(fd, LOCK_EX) != 0 || write(pipe_ends[1], "!", 1) != 1)
            _exit(1);
        sleep_ms(ms);
        _exit(0);
    }
    assert_int_equal(read(pipe_ends[0], &ready, 1), 1);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    free(lock);
    return pid;
}

TEST(sqlite_lock__held_for_long_is_busy_and_names_who_holds_it)
{
    struct store *store = NULL;
    struct store_options patient = {.create = true, .wait_ms = 100};
    char *folder = folder_make(), *path = file_join(folder, "tare.db"), who[32];
    done(store_open(path, &patient, &store, &oops));
    pid_t pid = lock_holder_start(path, 60000);
    int64_t began_ns = clock_monotonic_ns();
    refused(store_begin(store, &oops), TARE_E_BUSY);
    assert_true(clock_monotonic_ns() - began_ns >= 100 * 1000000);
    snprintf(who, sizeof who, "process %d", (int)pid);
    says(who);
    says(path);
    /* Reading goes on. */
    struct session *sessions = NULL;
    size_t count = 9;
    done(store_session_list(store, &(struct store_filter){0}, &sessions, &count, &oops));
    assert_int_equal(count, 0);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    put_history(store, 1, NULL); /* the lock went with its holder */
    store_close(store);
    folder_remove(folder);
    free(path);
    free(folder);
}

TEST(sqlite_lock__a_store_has_one_lock_by_whatever_name_it_is_opened)
{
    struct store *store = NULL;
    struct store_options patient = {.create = true, .wait_ms = 100};
    char *folder = folder_make(), *path = file_join(folder, "tare.db");
    char *name = file_join(folder, "another");
    assert_int_equal(symlink("tare.db", name), 0);
    done(store_open(name, &patient, &store, &oops)); /* makes what the link leads to */
    pid_t pid = lock_holder_start(path, 60000);
    refused(store_begin(store, &oops), TARE_E_BUSY);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    store_close(store);
    folder_remove(folder);
    free(name);
    free(path);
    free(folder);
}

TEST(sqlite_lock__held_for_a_moment_is_waited_for)
{
    struct store *store = NULL;
    char *folder = folder_make(), *path = file_join(folder, "tare.db");
    done(store_open(path, &(struct store_options){.create = true}, &store, &oops));
    pid_t pid = lock_holder_start(path, 150);
    put_history(store, 1, NULL);
    waitpid(pid, NULL, 0);
    store_close(store);
    folder_remove(folder);
    free(path);
    free(folder);
}

TEST(sqlite_lock__an_application_that_writes_is_waited_for)
{
    struct store *store = NULL;
    char *folder = folder_make(), *path = file_join(folder, "app.db");
    sqlite3 *db = application_open(path);
    application_run(db, "CREATE TABLE customers (name TEXT)");
    done(store_open(path, &(struct store_options){.create = true, .wait_ms = 100}, &store, &oops));
    application_run(db, "BEGIN IMMEDIATE; INSERT INTO customers VALUES ('ann')");
    refused(store_begin(store, &oops), TARE_E_BUSY);
    says("locked");
    application_run(db, "COMMIT");
    put_history(store, 1, NULL);
    sqlite3_close(db);
    store_close(store);
    folder_remove(folder);
    free(path);
    free(folder);
}

static void write_many(const char *path, int writer, int count)
{
    struct store *store = NULL;
    char id[UUID_TEXT_SIZE];
    bool fresh;
    if (store_open(path, &(struct store_options){.create = true}, &store, &oops) != TARE_OK)
        _exit(2);
    for (int i = 0; i < count; i++) {
        snprintf(id, sizeof id, "%08d-0000-4000-8000-%012d", writer, i);
        if (write_batch(store, id, &fresh) != TARE_OK || !fresh)
            _exit(3);
    }
    store_close(store);
    _exit(0);
}

TEST(sqlite_lock__four_writers_at_once_lose_nothing)
{
    enum { WRITERS = 4, BATCHES = 100 };
    char *folder = folder_make(), *path = file_join(folder, "tare.db");
    pid_t pids[WRITERS];
    for (int i = 0; i < WRITERS; i++)
        if ((pids[i] = fork()) == 0)
            write_many(path, i, BATCHES); /* the first of them creates the store */
    for (int i = 0; i < WRITERS; i++) {
        int status;
        waitpid(pids[i], &status, 0);
        assert_int_equal(status, 0);
    }
    assert_int_equal(path_number(path, "SELECT count(*) FROM performance_batches"),
                     WRITERS * BATCHES);
    assert_int_equal(path_number(path, "SELECT sum(n) FROM performance_samples"),
                     WRITERS * BATCHES);
    assert_int_equal(path_number(path, "SELECT count(*) FROM performance_measurements"),
                     WRITERS * BATCHES);
    folder_remove(folder);
    free(path);
    free(folder);
}
