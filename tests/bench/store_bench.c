/* What keeping costs, as ratios to a bare SQLite in the same run (DESIGN.md section 15). The
 * rounds of a measurement and of its control take turns, and a figure is the smallest of its
 * rounds: the one that was disturbed least. */
#include "base/clock.h"
#include "store/store.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROUNDS            7
#define INGEST_SAMPLES    200000
#define PART_SAMPLES      1000
#define BIG_SESSIONS      5000 /* × metrics × samples: ten million */
#define BIG_METRICS       20
#define BIG_SAMPLES       100
#define LOOK_UPS          2000
#define AGGREGATE_SAMPLES 1000000

static struct tare_error oops;
static char folder[] = "/tmp/tare-bench-XXXXXX";
static struct sample samples[PART_SAMPLES];

static void need(enum tare_status status)
{
    if (status == TARE_OK)
        return;
    fprintf(stderr, "store_bench: %s\n", oops.message);
    exit(3);
}

static void need_sqlite(int code, sqlite3 *db)
{
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW)
        return;
    fprintf(stderr, "store_bench: %s\n", sqlite3_errmsg(db));
    exit(3);
}

static double now_s(void)
{
    return (double)clock_monotonic_ns() / 1e9;
}

static uint32_t seed = 1;

static double random_unit(void)
{
    seed = seed * 1664525 + 1013904223;
    return (double)(seed >> 8) / 16777216.0;
}

static char *path_of(const char *name)
{
    static char path[64];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void verdict(const char *what, double ratio, double limit, double ours, double control,
                    const char *unit)
{
    printf("%-52s %7.3f  to reach %5.2f  %s   (%.3g %s to %.3g %s)\n", what, ratio, limit,
           ratio <= limit ? "yes" : "NO ", ours, unit, control, unit);
}

static struct store *store_at(const char *name)
{
    struct store *store = NULL;
    need(store_open(path_of(name), &(struct store_options){.create = true}, &store, &oops));
    return store;
}

static struct session session_of(int number, char *commit)
{
    struct session session;
    session_init(&session);
    snprintf(session.id, sizeof session.id, "%08x-0000-4000-8000-000000000000", number);
    snprintf(commit, 41, "%040x", number / 10);
    session.app = (char *)"bench";
    session.labels = (char *)"";
    session.environment.key = (char *)"here";
    session.commit = commit;
    session.branch = (char *)"main";
    session.started_ns = (1700000000 + (int64_t)number * 600) * CLOCK_NS_PER_SECOND;
    return session;
}

static int64_t series_of(struct store *store, int metric_number, const struct session *session)
{
    char id[16];
    int64_t series_id = 0;
    struct metric metric;
    metric_init(&metric);
    snprintf(id, sizeof id, "m%d", metric_number);
    need(metric_name(&metric, id, NULL, "ms", &oops));
    need(store_metric_put(store, &metric, false, &oops));
    struct series series = {.metric_id = id,
                            .app = session->app,
                            .environment = session->environment.key,
                            .labels = session->labels};
    need(store_series_put(store, &series, &series_id, &oops));
    metric_release(&metric);
    return series_id;
}

/* A part of durations around 1.2 ms: `exact_ns` as a span gives them, whole nanoseconds in ms;
 * else with all the digits a double has. A sample every quarter of a millisecond or so. */
static struct batch_part part_fill(int64_t from_ns, size_t count, bool exact_ns)
{
    struct batch_part part = {.samples = samples,
                              .sample_count = count,
                              .window_start_ns = from_ns,
                              .n = count,
                              .min = INFINITY,
                              .max = -INFINITY,
                              .first_ns = from_ns};
    for (size_t i = 0; i < count; i++) {
        double ms = 1 + 0.4 * random_unit() * random_unit();
        from_ns += (int64_t)(500000 * random_unit());
        samples[i].time_ns = from_ns;
        samples[i].value = exact_ns ? (double)(int64_t)(ms * 1e6) / 1e6 : ms * 1.00000000123;
        part.sum += samples[i].value;
        part.min = fmin(part.min, samples[i].value);
        part.max = fmax(part.max, samples[i].value);
    }
    part.last_ns = from_ns;
    return part;
}

static double ingest_packed(struct store *store, int round)
{
    char commit[41];
    struct session session = session_of(round, commit);
    need(store_begin(store, &oops));
    need(store_session_put(store, &session, &oops));
    int64_t series = series_of(store, 0, &session);
    need(store_commit(store, &oops));
    double spent = 0;
    for (int i = 0; i < INGEST_SAMPLES / PART_SAMPLES; i++) {
        struct batch_part part = part_fill(session.started_ns + i * CLOCK_NS_PER_SECOND,
                                           PART_SAMPLES, true);
        double began = now_s();
        if (i == 0)
            need(store_begin(store, &oops));
        need(store_samples_add(store, series, session.id, &part, &oops));
        if (i == INGEST_SAMPLES / PART_SAMPLES - 1)
            need(store_commit(store, &oops));
        spent += now_s() - began;
    }
    return spent;
}

static sqlite3 *rows_open(const char *name)
{
    sqlite3 *db;
    need_sqlite(sqlite3_open(path_of(name), &db), NULL);
    need_sqlite(sqlite3_exec(db,
                             "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                             "CREATE TABLE samples (series INTEGER, session INTEGER, time INTEGER,"
                             " value REAL)",
                             NULL, NULL, NULL),
                db);
    return db;
}

static double ingest_rows(sqlite3 *db, int round, int count)
{
    sqlite3_stmt *put;
    double spent = 0;
    need_sqlite(sqlite3_prepare_v2(db, "INSERT INTO samples VALUES (?, ?, ?, ?)", -1, &put, NULL),
                db);
    for (int i = 0; i < count; i += PART_SAMPLES) {
        part_fill((1700000000 + i) * CLOCK_NS_PER_SECOND, PART_SAMPLES, true);
        double began = now_s();
        if (i == 0)
            need_sqlite(sqlite3_exec(db, "BEGIN", NULL, NULL, NULL), db);
        for (int k = 0; k < PART_SAMPLES; k++) {
            sqlite3_bind_int64(put, 1, 1);
            sqlite3_bind_int64(put, 2, round);
            sqlite3_bind_int64(put, 3, samples[k].time_ns);
            sqlite3_bind_double(put, 4, samples[k].value);
            need_sqlite(sqlite3_step(put), db);
            sqlite3_reset(put);
        }
        if (i == count - PART_SAMPLES)
            need_sqlite(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), db);
        spent += now_s() - began;
    }
    sqlite3_finalize(put);
    return spent;
}

static void bench_ingest(void)
{
    struct store *store = store_at("ingest.db");
    sqlite3 *db = rows_open("rows.db");
    double ours = INFINITY, control = INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
        ours = fmin(ours, ingest_packed(store, round));
        control = fmin(control, ingest_rows(db, round, INGEST_SAMPLES));
    }
    store_close(store);
    sqlite3_close(db);
    verdict("ingest of packed samples, to a prepared insert a row", ours / control, 0.25,
            ours / INGEST_SAMPLES * 1e9, control / INGEST_SAMPLES * 1e9, "ns");
}

static double file_bytes(const char *name)
{
    struct stat info;
    return stat(path_of(name), &info) == 0 ? (double)info.st_size : NAN;
}

/* All that the file grew by, indexes and headers included, for sessions of `a_session` samples. */
static void bench_bytes(const char *what, int a_session, bool exact_ns)
{
    enum { TOTAL = 200000 };
    char commit[41];
    store_close(store_at("bytes.db"));
    double empty = file_bytes("bytes.db");
    struct store *store = store_at("bytes.db");
    need(store_begin(store, &oops));
    for (int i = 0; i < TOTAL / a_session; i++) {
        struct session session = session_of(i, commit);
        need(store_session_put(store, &session, &oops));
        int64_t series = series_of(store, 0, &session);
        for (int left = a_session; left > 0; left -= PART_SAMPLES) {
            size_t count = left < PART_SAMPLES ? (size_t)left : PART_SAMPLES;
            struct batch_part part = part_fill(session.started_ns, count, exact_ns);
            need(store_samples_add(store, series, session.id, &part, &oops));
        }
    }
    need(store_commit(store, &oops));
    store_close(store);
    double each = (file_bytes("bytes.db") - empty) / TOTAL;
    verdict(what, each, 10, each, 24, "bytes");
    unlink(path_of("bytes.db"));
}

static int64_t big_fill(struct store *store)
{
    char commit[41];
    int64_t series[BIG_METRICS] = {0};
    for (int i = 0; i < BIG_SESSIONS; i++) {
        struct session session = session_of(i, commit);
        if (i % 500 == 0)
            need(store_begin(store, &oops));
        need(store_session_put(store, &session, &oops));
        for (int m = 0; m < BIG_METRICS; m++) {
            struct batch_part part = part_fill(session.started_ns, BIG_SAMPLES, true);
            if (series[m] == 0)
                series[m] = series_of(store, m, &session);
            need(store_samples_add(store, series[m], session.id, &part, &oops));
            struct measurement one = {.series_id = series[m],
                                      .time_ns = part.last_ns,
                                      .window_start_ns = session.started_ns,
                                      .n = part.n,
                                      .value = part.sum / BIG_SAMPLES,
                                      .min = part.min,
                                      .max = part.max,
                                      .mean = part.sum / BIG_SAMPLES,
                                      .p50 = part.min,
                                      .p95 = part.max,
                                      .p99 = part.max,
                                      .final = true};
            memcpy(one.session_id, session.id, sizeof one.session_id);
            need(store_measurement_put(store, &one, &oops));
        }
        if (i % 500 == 499)
            need(store_commit(store, &oops));
    }
    return series[BIG_METRICS / 2];
}

static double look_up_store(struct store *store, int64_t first_series)
{
    double began = now_s(), sum = 0;
    for (int i = 0; i < LOOK_UPS; i++) {
        struct store_filter filter = {.series_id = first_series + i % 8, .limit = 20};
        struct measurement *found = NULL;
        size_t count = 0;
        need(store_measurement_list(store, &filter, &found, &count, &oops));
        sum += count == 20 ? found[19].value : NAN;
        free(found);
    }
    return isnan(sum) ? NAN : (now_s() - began) / LOOK_UPS;
}

/* The same rows by nothing but SQLite: the index of the series, the columns of a measurement. */
static double look_up_bare(sqlite3 *db, int64_t first_series)
{
    static const char sql[] = "SELECT id, time, n, failed, value, min, max, mean, p50, p95, p99 "
                              "FROM performance_measurement_rows WHERE series_id = ? "
                              "ORDER BY time DESC LIMIT 20";
    sqlite3_stmt *row;
    double sum = 0;
    need_sqlite(sqlite3_prepare_v2(db, sql, -1, &row, NULL), db);
    double began = now_s();
    for (int i = 0; i < LOOK_UPS; i++) {
        sqlite3_bind_int64(row, 1, first_series + i % 8);
        while (sqlite3_step(row) == SQLITE_ROW)
            for (int column = 0; column < 11; column++)
                sum += sqlite3_column_double(row, column);
        sqlite3_reset(row);
    }
    double spent = (now_s() - began) / LOOK_UPS;
    sqlite3_finalize(row);
    return sum > 0 ? spent : NAN;
}

static double verdicts_read(struct store *store)
{
    int64_t ids[100];
    struct verdict verdicts[100];
    for (int i = 0; i < 100; i++)
        ids[i] = 1 + i * 997;
    double began = now_s();
    for (int i = 0; i < LOOK_UPS / 10; i++)
        need(store_verdict_list(store, ids, 100, verdicts, &oops));
    return (now_s() - began) / (LOOK_UPS / 10);
}

static void bench_look_up(void)
{
    struct store *store = store_at("big.db");
    double began = now_s();
    int64_t series = big_fill(store);
    printf("%-52s %7.1f s, %.0f MB\n", "(a store of 10 million samples, 100,000 measurements)",
           now_s() - began, file_bytes("big.db") / 1e6);
    sqlite3 *db;
    need_sqlite(sqlite3_open(path_of("big.db"), &db), NULL);
    double ours = INFINITY, control = INFINITY, verdicts = INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
        ours = fmin(ours, look_up_store(store, series));
        control = fmin(control, look_up_bare(db, series));
        verdicts = fmin(verdicts, verdicts_read(store));
    }
    sqlite3_close(db);
    store_close(store);
    verdict("last 20 of a series, to a bare indexed look-up", ours / control, 3, ours * 1e6,
            control * 1e6, "us");
    printf("%-52s %7.1f us\n", "a hundred verdicts by their measurements", verdicts * 1e6);
}

static double aggregate_bare(sqlite3 *db, int64_t since_ns)
{
    sqlite3_stmt *row;
    need_sqlite(sqlite3_prepare_v2(db,
                                   "SELECT count(*), sum(value), min(value), max(value) "
                                   "FROM samples WHERE series = 1 AND time >= ?",
                                   -1, &row, NULL),
                db);
    sqlite3_bind_int64(row, 1, since_ns);
    double began = now_s();
    need_sqlite(sqlite3_step(row), db);
    bool found = sqlite3_column_int64(row, 0) == AGGREGATE_SAMPLES;
    double spent = now_s() - began;
    sqlite3_finalize(row);
    return found ? spent : NAN;
}

/* A million samples of one series, by their totals and row by row. */
static void bench_aggregate(void)
{
    char commit[41];
    struct session session = session_of(1, commit);
    struct store *store = store_at("ingest.db");
    sqlite3 *db = rows_open("rows.db");
    ingest_rows(db, 1, AGGREGATE_SAMPLES);
    need_sqlite(sqlite3_exec(db, "CREATE INDEX by_time ON samples (series, time, value)", NULL,
                             NULL, NULL),
                db);
    need(store_begin(store, &oops));
    need(store_session_put(store, &session, &oops));
    int64_t series = series_of(store, 0, &session);
    for (int i = 0; i < AGGREGATE_SAMPLES / PART_SAMPLES; i++) {
        struct batch_part part = part_fill(session.started_ns + i * CLOCK_NS_PER_SECOND,
                                           PART_SAMPLES, true);
        need(store_samples_add(store, series, session.id, &part, &oops));
    }
    need(store_commit(store, &oops));
    double ours = INFINITY, control = INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
        struct store_totals totals;
        double began = now_s();
        need(store_totals_get(store, series, session.started_ns, 0, &totals, &oops));
        ours = fmin(ours, totals.n == AGGREGATE_SAMPLES ? now_s() - began : NAN);
        control = fmin(control, aggregate_bare(db, 1));
    }
    store_close(store);
    sqlite3_close(db);
    verdict("a million samples aggregated, to SQLite over rows", ours / control, 0.01, ours * 1e3,
            control * 1e3, "ms");
}

static void files_remove_all(void)
{
    static const char *const files[] = {"ingest.db", "rows.db", "bytes.db", "big.db"};
    static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < 4; i++)
        for (size_t k = 0; k < 4; k++) {
            char name[32];
            snprintf(name, sizeof name, "%s%s", files[i], endings[k]);
            unlink(path_of(name));
        }
}

static void files_remove(void)
{
    files_remove_all();
    rmdir(folder);
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 3;
    bench_ingest();
    bench_bytes("bytes a sample, 1,000 a session, spans", 1000, true);
    bench_bytes("bytes a sample, 1,000 a session, any doubles", 1000, false);
    bench_bytes("bytes a sample, 200 a session, spans", 200, true);
    bench_look_up();
    files_remove_all();
    bench_aggregate();
    files_remove();
    return 0;
}
