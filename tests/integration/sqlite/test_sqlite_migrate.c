/* Stores of schema 5 on their way to the next: what they hold is the same afterwards. */
#include "application.h"

#include "base/file.h"
#include "base/strbuf.h"
#include "store/packing.h"
#include "store/schema.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MEASUREMENTS 3000
#define STARTED(i)   (1000 * SECOND + (i)*SECOND)

static const struct store_options plain = {0};

/* All that a person can see of measurements, samples and what was said of them. */
#define OF_MEASUREMENTS                                                                           \
    "SELECT id || ' ' || series_id || ' ' || session_id || ' ' || window_start || ' ' || time "   \
    "|| ' ' || n || ' ' || failed || ' ' || quote(value) || quote(min) || quote(max) || "         \
    "quote(mean) || quote(p50) || quote(p95) || quote(p99) || final || excluded "                 \
    "FROM performance_measurements ORDER BY id"
#define OF_SAMPLES                                                                                \
    "SELECT series_id || ' ' || session_id || ' ' || window_start || ' ' || last_time || ' ' || " \
    "n || ' ' || failed || ' ' || exact || quote(data) || quote(buckets) "                        \
    "FROM performance_samples ORDER BY session_id, series_id, window_start, last_time"
#define OF_VERDICTS                                                                               \
    "SELECT measurement_id || ' ' || severity || quote(z) || quote(reason) || window_first "      \
    "FROM performance_verdicts ORDER BY measurement_id"
#define OF_BASELINES "SELECT id || quote(startup_time_ms) FROM performance_baselines ORDER BY id"

static const char *const questions[] = {OF_MEASUREMENTS, OF_SAMPLES, OF_VERDICTS, OF_BASELINES};
#define QUESTIONS (sizeof questions / sizeof questions[0])

static sqlite3_stmt *prepared(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    return statement;
}

static void step(sqlite3_stmt *statement)
{
    assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_reset(statement);
}

/* A row of samples of measurement i: one to six, some with a failure, some much later than it. */
static void samples_insert(sqlite3_stmt *put, int64_t i, int64_t window_ns)
{
    struct sample samples[6];
    struct strbuf data;
    int n = 1 + (int)i % 6;
    double sum = 0;
    strbuf_init(&data);
    for (int k = 0; k < n; k++) {
        samples[k] = (struct sample){STARTED(i) + 500 + k, (double)(i + k) / 7};
        sum += samples[k].value;
    }
    packing_samples_encode(&data, samples, (size_t)n);
    sqlite3_bind_int64(put, 1, 1 + i);
    sqlite3_bind_int64(put, 2, window_ns);
    sqlite3_bind_int64(put, 3, STARTED(i) + 500);
    sqlite3_bind_int64(put, 4, STARTED(i) + 500 + n - 1 + (i % 11 == 0));
    sqlite3_bind_int(put, 5, n);
    sqlite3_bind_int(put, 6, i % 13 == 0);
    sqlite3_bind_double(put, 7, sum);
    sqlite3_bind_double(put, 8, samples[0].value);
    sqlite3_bind_double(put, 9, samples[n - 1].value);
    sqlite3_bind_blob(put, 10, data.text, (int)data.length, SQLITE_TRANSIENT);
    step(put);
    strbuf_release(&data);
}

static void measurements_insert(sqlite3 *db)
{
    sqlite3_stmt *session = prepared(db, "INSERT INTO performance_sessions (id, session_id, app, "
                                         "started_at, outcome, temperature, dirty, labels, "
                                         "environment_id, dropped, condensed) VALUES "
                                         "(?1, printf('%08x', ?1), 'shop', ?2, 'ok', 'warm', 0, "
                                         "'', 1, 0, 0)");
    sqlite3_stmt *measurement = prepared(
        db, "INSERT INTO performance_measurements VALUES (?1, 1, ?1, ?2, ?3, ?4, ?5, ?6, "
            "?6, ?7, ?8, ?6, ?9, ?6, 1, ?10)");
    sqlite3_stmt *samples = prepared(
        db, "INSERT INTO performance_samples (series_id, session_id, window_start, "
            "first_time, last_time, n, failed, sum, min, max, exact, data) VALUES "
            "(1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?5, ?10)");
    for (int64_t i = 0; i < MEASUREMENTS; i++) {
        int64_t window_ns = i % 5 == 0 ? 0 : i % 5 == 1 ? STARTED(i) + 17 : STARTED(i);
        int n = 1 + (int)i % 6;
        sqlite3_bind_int64(session, 1, 1 + i);
        sqlite3_bind_int64(session, 2, STARTED(i));
        step(session);
        sqlite3_clear_bindings(measurement);
        sqlite3_bind_int64(measurement, 1, 1 + i);
        sqlite3_bind_int64(measurement, 2, window_ns);
        sqlite3_bind_int64(measurement, 3, STARTED(i) + 500 + n - 1);
        sqlite3_bind_int(measurement, 4, n);
        sqlite3_bind_int(measurement, 5, i % 17 == 0);
        if (i % 23 != 0) { /* without a value there is none of the others either, or there is */
            sqlite3_bind_double(measurement, 6, (double)i / 7);
            sqlite3_bind_double(measurement, 7, (double)(i + n - 1) / 7);
        }
        if (i % 19 != 0) {
            sqlite3_bind_double(measurement, 8, (double)i / 3);
            sqlite3_bind_double(measurement, 9, 3);
        }
        sqlite3_bind_int(measurement, 10, i % 29 == 0);
        step(measurement);
        for (int k = 0; k < (i % 7 == 0 ? 2 : 1) && i % 31 != 0; k++)
            samples_insert(samples, i, window_ns);
    }
    sqlite3_finalize(session);
    sqlite3_finalize(measurement);
    sqlite3_finalize(samples);
}

/* In an application's own file, with a view that is broken and no business of ours. */
static void old_store(const char *path)
{
    sqlite3 *db = application_open(path);
    application_run(db, "CREATE TABLE orders (id INTEGER PRIMARY KEY); "
                        "CREATE VIEW broken AS SELECT gone FROM nowhere; BEGIN");
    for (int i = 0; i < 5; i++)
        application_run(db, schema_migrations[i]);
    application_run(db, "INSERT INTO performance_schema VALUES (5, 0); "
                        "INSERT INTO performance_environments VALUES (1, 'box', NULL, NULL, NULL, "
                        "1, 1); INSERT INTO performance_metrics VALUES ('APP-001', NULL, 'ms', "
                        "'lower', 'median', 'app', 1, 0, 0, 0, 2, 3); "
                        "INSERT INTO performance_series VALUES (1, 'APP-001', 'shop', 1, 'warm', "
                        "'')");
    measurements_insert(db);
    application_run(db, "INSERT INTO performance_verdicts SELECT id, id % 5, 0, 0, 0, NULL, 1.5, "
                        "2.5, NULL, 0.1, 3, 0, CASE id % 5 WHEN 0 THEN NULL ELSE 'why' END, 1, 2, "
                        "3, id, id FROM performance_measurements WHERE id % 4 = 0; COMMIT");
    sqlite3_close(db);
}

static void answers_take(const char *path, char *answers[QUESTIONS])
{
    for (size_t i = 0; i < QUESTIONS; i++)
        answers[i] = path_text(path, questions[i]);
}

static void assert_same_answers(const char *path, char *const before[QUESTIONS])
{
    char *after[QUESTIONS];
    answers_take(path, after);
    for (size_t i = 0; i < QUESTIONS; i++) {
        if (strcmp(before[i], after[i]) != 0)
            fail_msg("question %zu has another answer", i);
        free(after[i]);
    }
}

static void answers_free(char *answers[QUESTIONS])
{
    for (size_t i = 0; i < QUESTIONS; i++)
        free(answers[i]);
}

TEST(sqlite_migrate__what_a_store_held_is_the_same_afterwards)
{
    struct store *store = NULL;
    struct batch_part part;
    char *folder = folder_make(), *path = file_join(folder, "app.db"), *before[QUESTIONS];
    old_store(path);
    answers_take(path, before);
    done(store_open(path, &plain, &store, &oops));
    done(store_check(store, &oops));
    done(store_samples_read(store, 1, "0000000b", 0, &part, &oops)); /* measurement 10's */
    assert_int_equal(part.sample_count, 5);
    assert_true(part.samples[4].value == 2 && part.samples[4].time_ns == STARTED(10) + 504);
    batch_part_release(&part);
    struct measurement *list = NULL;
    size_t count = 0;
    done(store_measurement_list(store, &(struct store_filter){.series_id = 1}, &list, &count,
                                &oops));
    assert_int_equal(count, MEASUREMENTS);
    for (int64_t i = 0; i < MEASUREMENTS; i++) {
        assert_true(list[i].window_start_ns == (i % 5 == 0   ? 0
                                                : i % 5 == 1 ? STARTED(i) + 17
                                                             : STARTED(i)));
        assert_true(isnan(list[i].value) == (i % 23 == 0) && isnan(list[i].mean) == (i % 19 == 0));
        assert_true(isnan(list[i].p99) == (i % 23 == 0) && isnan(list[i].p95) == (i % 19 == 0));
    }
    free(list);
    store_close(store);
    assert_same_answers(path, before);
    assert_true(path_number(path, "SELECT count(*) FROM performance_sample_rows") <
                path_number(path, "SELECT count(*) FROM performance_samples") / 2);
    assert_int_equal(path_number(path, "SELECT count(*) FROM sqlite_master WHERE name IN "
                                       "('broken', 'orders')"),
                     2);
    char *broken = path_text(path, "SELECT * FROM pragma_foreign_key_check");
    assert_string_equal(broken, "");
    free(broken);
    answers_free(before);
    folder_remove(folder);
    free(path);
    free(folder);
}

TEST(sqlite_migrate__what_was_left_unjudged_is_known_afterwards)
{
    struct store *store = NULL;
    int64_t *ids = NULL;
    size_t count = 0;
    char *folder = folder_make(), *path = file_join(folder, "app.db");
    old_store(path);
    path_run(path, "INSERT INTO performance_series VALUES (2, 'APP-001', 'till', 1, 'warm', ''), "
                   "(3, 'APP-001', 'desk', 1, 'warm', ''), (4, 'APP-001', 'yard', 1, 'warm', ''); "
                   "UPDATE performance_measurements SET series_id = 2 + id % 3; "
                   "UPDATE performance_measurements SET final = 0 WHERE series_id = 4; "
                   "INSERT INTO performance_baseline_states SELECT 2, 0, NULL, NULL, NULL, NULL, "
                   "0, 0, 0, 0, 0, 0, 0, 0, 0, max(id), max(time), '' "
                   "FROM performance_measurements WHERE series_id = 2; "
                   "INSERT INTO performance_baseline_states SELECT 3, 0, NULL, NULL, NULL, NULL, "
                   "0, 0, 0, 0, 0, 0, 0, 0, 0, max(id), max(time) - 1, '' "
                   "FROM performance_measurements WHERE series_id = 3");
    done(store_open(path, &plain, &store, &oops));
    done(store_unjudged_list(store, &ids, &count, &oops));
    assert_int_equal(count, 1); /* 1 has nothing, 2 is judged to its end, of 4 all goes on */
    assert_int_equal(ids[0], 3);
    free(ids);
    store_close(store);
    folder_remove(folder);
    free(path);
    free(folder);
}

TEST(sqlite_migrate__what_a_search_said_is_known_afterwards)
{
    struct store *store = NULL;
    struct alert_event *events = NULL;
    size_t count = 0;
    char *folder = folder_make(), *path = file_join(folder, "app.db");
    old_store(path);
    path_run(path, "INSERT INTO performance_alerts SELECT column1, 1, 'APP-001', column2, "
                   "'warning', 'open', 1, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL, NULL, 0, 0, 1, 2, "
                   "NULL, NULL, '', NULL FROM (VALUES (1, 'step'), (2, 'trend'), (3, 'target')); "
                   "INSERT INTO performance_alert_events SELECT column1, column2, 1, column3, "
                   "'warning', 1, column4, 0, 'tare', column5 FROM (VALUES "
                   "(1, 1, 'opened', 5, 'stepped from 1 ms to 2 ms'), "
                   "(2, 1, 'acknowledged', 0, 'stepped from my chair'), "
                   "(3, 1, 'reopened', 6, '2 ms is 100 % above'), "
                   "(4, 2, 'opened', 5, 'drifts by 1 ms'), "
                   "(5, 3, 'opened', 5, 'stepped from nowhere'))");
    done(store_open(path, &plain, &store, &oops));
    done(store_alert_event_list(store, 1, &events, &count, &oops));
    assert_int_equal(count, 3);
    assert_true(events[0].searched && !events[1].searched && !events[2].searched);
    free(events);
    done(store_alert_event_list(store, 2, &events, &count, &oops));
    assert_true(count == 1 && events[0].searched);
    free(events);
    done(store_alert_event_list(store, 3, &events, &count, &oops));
    assert_true(count == 1 && !events[0].searched);
    free(events);
    store_close(store);
    folder_remove(folder);
    free(path);
    free(folder);
}

TEST(sqlite_migrate__killed_at_any_point_it_is_done_the_next_time)
{
    char *folder = folder_make(), *path = file_join(folder, "app.db"), *before[QUESTIONS];
    int whole = 0;
    old_store(path);
    answers_take(path, before);
    for (int i = 0; i < 12; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            struct store *store = NULL;
            store_open(path, &plain, &store, NULL);
            _exit(0);
        }
        nanosleep(&(struct timespec){.tv_nsec = 1000000L * i * i}, NULL);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        whole += path_number(path, "SELECT max(version) FROM performance_schema") > 5;
        assert_same_answers(path, before);
    }
    print_message("# migrated before the end: %d of 12\n", whole);
    struct store *store = NULL;
    done(store_open(path, &plain, &store, &oops));
    done(store_check(store, &oops));
    store_close(store);
    assert_same_answers(path, before);
    answers_free(before);
    folder_remove(folder);
    free(path);
    free(folder);
}
