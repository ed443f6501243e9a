#include "application.h"

#include "base/file.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Fixed, so that a failure comes again. */
static uint32_t random_next(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

static void sleep_us(uint32_t us)
{
    nanosleep(&(struct timespec){.tv_nsec = (long)us * 1000}, NULL);
}

static void kill_and_wait(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static void create_in_child(const char *path, uint32_t after_us)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct store *store = NULL;
        store_open(path, &(struct store_options){.create = true}, &store, NULL);
        _exit(0);
    }
    sleep_us(after_us);
    kill_and_wait(pid);
}

TEST(sqlite_kill__while_the_schema_is_made)
{
    uint32_t seed = 1;
    int halfway = 0;
    for (int i = 0; i < 30; i++) {
        struct store *store = NULL;
        char *folder = folder_make(), *path = file_join(folder, "tare.db");
        create_in_child(path, random_next(&seed) % 6000);
        halfway += file_exists(path) &&
                   store_open(path, &(struct store_options){0}, &store, &oops) != TARE_OK;
        store_close(store);
        done(store_open(path, &(struct store_options){.create = true}, &store, &oops));
        put_history(store, 2, NULL);
        done(store_check(store, &oops));
        struct store_info info;
        done(store_info_get(store, &info, &oops));
        assert_true(info.own_file && strcmp(info.journal_mode, "wal") == 0);
        store_close(store);
        folder_remove(folder);
        free(path);
        free(folder);
    }
    print_message("# killed between file and schema: %d of 30\n", halfway);
}

TEST(sqlite_kill__while_the_schema_is_made_in_an_applications_file)
{
    uint32_t seed = 2;
    for (int i = 0; i < 20; i++) {
        struct store *store = NULL;
        char *folder = folder_make(), *path = file_join(folder, "app.db");
        path_run(path, "PRAGMA user_version = 7; CREATE TABLE customers (name TEXT); "
                       "INSERT INTO customers VALUES ('ann')");
        create_in_child(path, random_next(&seed) % 6000);
        done(store_open(path, &(struct store_options){.create = true}, &store, &oops));
        put_history(store, 2, NULL);
        done(store_check(store, &oops));
        store_close(store);
        assert_int_equal(path_number(path, "SELECT count(*) FROM customers"), 1);
        assert_int_equal(path_number(path, "PRAGMA user_version"), 7);
        char *mode = path_text(path, "PRAGMA journal_mode");
        assert_string_equal(mode, "delete\n");
        free(mode);
        folder_remove(folder);
        free(path);
        free(folder);
    }
}

/* Takes batches in from where it stands on, says in shared memory what was committed. */
static void ingest_for_ever(const char *path, int writer, volatile uint32_t *committed)
{
    struct store *store = NULL;
    if (store_open(path, &(struct store_options){.create = true}, &store, &oops) != TARE_OK)
        _exit(2);
    for (;;) {
        char id[UUID_TEXT_SIZE];
        bool fresh;
        snprintf(id, sizeof id, "%08d-0000-4000-8000-%012u", writer, *committed);
        if (write_batch(store, id, &fresh) != TARE_OK)
            _exit(3);
        ++*committed;
    }
}

/* However slow the machine is: until somebody has got on, or the writer is gone. */
static void got_on_wait(pid_t pid, const volatile uint32_t *committed, uint32_t before)
{
    siginfo_t gone = {0};
    while (committed[0] + committed[1] == before &&
           waitid(P_PID, (id_t)pid, &gone, WEXITED | WNOHANG | WNOWAIT) == 0 && gone.si_pid == 0)
        sleep_us(500);
}

TEST(sqlite_kill__while_batches_are_committed_loses_and_doubles_none)
{
    enum { WRITERS = 2, KILLS = 400 };
    uint32_t seed = 3, before = 0;
    char *folder = folder_make(), *path = file_join(folder, "tare.db");
    volatile uint32_t *committed = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t pids[WRITERS] = {0};
    struct store *made = NULL;
    done(store_open(path, &(struct store_options){.create = true}, &made, &oops));
    store_close(made);
    for (int i = 0; i < KILLS + WRITERS; i++) {
        int writer = i % WRITERS;
        if (pids[writer] != 0 && i % 3 == 0)
            got_on_wait(pids[writer], committed, before);
        before = committed[0] + committed[1];
        if (pids[writer] != 0)
            kill_and_wait(pids[writer]);
        if (i < KILLS && (pids[writer] = fork()) == 0)
            ingest_for_ever(path, writer, &committed[writer]);
        sleep_us(random_next(&seed) % 8000);
    }
    struct store *store = NULL;
    struct store_info info;
    done(store_open(path, &(struct store_options){0}, &store, &oops));
    done(store_check(store, &oops));
    done(store_info_get(store, &info, &oops));
    uint32_t said = committed[0] + committed[1];
    assert_true(said > KILLS / 4); /* they got on between the kills */
    /* What was committed but not yet said is at most one a writer. */
    assert_in_range(info.batches, said, said + WRITERS);
    assert_true(info.sessions == info.batches && info.samples == info.batches);
    assert_true(info.measurements == info.batches);
    store_close(store);
    print_message("# %u batches through %d kills\n", said, KILLS);
    munmap((void *)committed, 4096);
    folder_remove(folder);
    free(path);
    free(folder);
}

/* Lets go of all that is old, in one go or a little a time; killed after so long. */
static void retain_in_child(const char *path, bool in_one, uint32_t after_us)
{
    pid_t pid = fork();
    if (pid == 0) {
        const struct store_retention policy = {.raw_days = 1, .budget_ns = in_one ? 0 : 5000000};
        struct store *store = NULL;
        struct store_retention_report report;
        if (store_open(path, &(struct store_options){0}, &store, NULL) == TARE_OK)
            store_retention_apply(store, &policy, clock_now_ns(), false, &report, NULL);
        _exit(0);
    }
    sleep_us(after_us);
    kill_and_wait(pid);
}

TEST(sqlite_kill__while_the_old_goes_loses_and_doubles_none)
{
    enum { MEASUREMENTS = 6000 };
    const struct store_retention policy = {.raw_days = 1};
    uint32_t seed = 4;
    int halfway = 0;
    struct store *store = NULL;
    struct store_retention_report report;
    struct rollup *days = NULL;
    size_t count = 0;
    char *folder = folder_make(), *path = file_join(folder, "tare.db");
    done(store_open(path, &(struct store_options){.create = true}, &store, &oops));
    put_history(store, MEASUREMENTS, NULL);
    store_close(store);
    for (int i = 0; i < 20; i++) {
        retain_in_child(path, i % 2 == 0, 5000 + random_next(&seed) % 15000);
        int64_t left = path_number(path, "SELECT count(*) FROM performance_measurements");
        int64_t gone = path_number(path, "SELECT coalesce(sum(measurements), 0) "
                                         "FROM performance_rollups");
        assert_int_equal(left + gone, MEASUREMENTS);
        halfway += left > 0 && gone > 0;
    }
    done(store_open(path, &(struct store_options){0}, &store, &oops));
    done(store_retention_apply(store, &policy, clock_now_ns(), false, &report, &oops));
    done(store_check(store, &oops));
    done(store_rollup_list(store, &(struct store_filter){0}, &days, &count, &oops));
    assert_int_equal(count, 1);
    assert_true(days->values.n == MEASUREMENTS);
    assert_true(days->values.sum == MEASUREMENTS * (MEASUREMENTS + 1.0) / 2);
    store_rollup_list_free(days, count);
    print_message("# found half done: %d of 20\n", halfway);
    store_close(store);
    folder_remove(folder);
    free(path);
    free(folder);
}
