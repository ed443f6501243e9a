#include "application.h"

#include "base/file.h"
#include "model/catalogue.h"

#include <stdio.h>
#include <stdlib.h>

struct place {
    char *folder, *path;
    struct store *store;
};

static struct place place_open(void)
{
    struct place place = {.folder = folder_make()};
    place.path = file_join(place.folder, "tare.db");
    done(store_open(place.path, &(struct store_options){.create = true}, &place.store, &oops));
    return place;
}

static void place_close(struct place *place)
{
    store_close(place->store);
    folder_remove(place->folder);
    free(place->folder);
    free(place->path);
}

static void assert_columns(const char *path, const char *table, const char *const *columns)
{
    char sql[128], wanted[64];
    snprintf(sql, sizeof sql, "SELECT name FROM pragma_table_info('%s')", table);
    char *have = path_text(path, sql);
    for (size_t i = 0; columns[i] != NULL; i++) {
        snprintf(wanted, sizeof wanted, "%s\n", columns[i]);
        const char *at = strstr(have, wanted);
        if (at == NULL || (at != have && at[-1] != '\n'))
            fail_msg("%s has no column %s", table, columns[i]);
    }
    free(have);
}

#define COLUMNS(...) ((const char *const[]){__VA_ARGS__, NULL})

TEST(sqlite_schema__tables_have_the_columns_that_people_query)
{
    struct place place = place_open();
    assert_columns(place.path, "performance_measurements",
                   COLUMNS("series_id", "session_id", "time", "n", "value", "min", "max", "mean",
                           "p50", "p95", "p99"));
    assert_columns(place.path, "performance_sessions",
                   COLUMNS("id", "session_id", "app", "started_at", "ended_at", "outcome",
                           "temperature", "git_commit", "git_branch", "dropped"));
    assert_columns(place.path, "performance_alerts",
                   COLUMNS("id", "series_id", "metric_id", "kind", "severity", "state",
                           "current_value", "expected_value", "deviation_percent", "occurrences",
                           "triggered_at", "last_seen_at", "acknowledged", "acknowledged_at",
                           "acknowledged_by", "resolved_at", "good_commit", "bad_commit", "reason",
                           "notes"));
    assert_columns(place.path, "performance_targets",
                   COLUMNS("metric_id", "target_value", "warning_threshold", "error_threshold",
                           "unit", "updated_at", "updated_by"));
    assert_columns(place.path, "performance_rollups",
                   COLUMNS("series_id", "day", "n", "min", "max", "mean", "median", "p95", "p99"));
    static const char *const others[] = {"metrics",         "environments", "series",  "samples",
                                         "baseline_states", "alert_events", "batches", "schema"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        char sql[120];
        snprintf(sql, sizeof sql, "SELECT count(*) FROM performance_%s", others[i]);
        assert_true(path_number(place.path, sql) >= 0);
    }
    place_close(&place);
}

TEST(sqlite_schema__numbers_and_samples_that_rows_do_not_repeat_are_there_for_people)
{
    struct place place = place_open();
    struct batch batch;
    struct session session = a_session(SESSION_A, 1000);
    batch_init(&batch);
    struct batch_part *part = batch_part_add(&batch);
    part->window_start_ns = 1000;
    done(batch_part_sample(part, 2000, 1.5, &oops));
    done(store_begin(place.store, &oops));
    int64_t series = put_series(place.store, "m", &session);
    done(store_samples_add(place.store, series, SESSION_A, part, &oops));
    struct measurement one = a_measurement(series, SESSION_A, 2000, 1.5), two = one, none = one;
    one.window_start_ns = 1000;
    two.window_start_ns = 0;
    two.n = 4;
    two.max = 3;
    two.p95 = two.p99 = NAN;
    none.window_start_ns = -7;
    none.n = 0;
    none.value = none.min = none.max = none.mean = none.p50 = none.p95 = none.p99 = NAN;
    done(store_measurement_put(place.store, &one, &oops));
    done(store_measurement_put(place.store, &two, &oops));
    done(store_measurement_put(place.store, &none, &oops));
    done(store_commit(place.store, &oops));
    char *rows = path_text(
        place.path, "SELECT window_start || ' ' || n || ' ' || ifnull(value, '-') || ' ' || "
                    "ifnull(min, '-') || ' ' || ifnull(max, '-') || ' ' || "
                    "ifnull(mean, '-') || ' ' || ifnull(p50, '-') || ' ' || "
                    "ifnull(p95, '-') || ' ' || ifnull(p99, '-') "
                    "FROM performance_measurements ORDER BY id");
    assert_string_equal(rows, "1000 1 1.5 1.5 1.5 1.5 1.5 1.5 1.5\n"
                              "0 4 1.5 1.5 3.0 1.5 1.5 - -\n"
                              "-7 0 - - - - - - -\n");
    free(rows);
    rows = path_text(place.path, "SELECT window_start || ' ' || last_time || ' ' || n || ' ' || "
                                 "sum || ' ' || min || ' ' || max FROM performance_samples");
    assert_string_equal(rows, "1000 2000 1 1.5 1.5 1.5\n");
    free(rows);
    assert_int_equal(path_number(place.path, "SELECT count(*) FROM performance_sample_rows"), 0);
    batch_release(&batch);
    place_close(&place);
}

TEST(sqlite_schema__every_metric_of_the_catalogue_has_its_column)
{
    struct place place = place_open();
    struct session session = a_session(SESSION_A, 1769862896 * SECOND);
    session.commit = (char *)"0123abcd";
    done(store_begin(place.store, &oops));
    for (size_t i = 0; i < CATALOGUE_COUNT; i++) {
        int64_t series = put_series(place.store, catalogue[i].id, &session);
        struct measurement one = a_measurement(series, SESSION_A, session.started_ns + 1,
                                               (double)i + 0.5);
        done(store_measurement_put(place.store, &one, &oops));
    }
    done(store_commit(place.store, &oops));
    for (size_t i = 0; i < CATALOGUE_COUNT; i++) {
        char sql[200], expected[32];
        snprintf(sql, sizeof sql, "SELECT %s FROM performance_baselines", catalogue[i].column);
        snprintf(expected, sizeof expected, "%g\n", (double)i + 0.5);
        char *value = path_text(place.path, sql);
        assert_string_equal(value, expected);
        free(value);
    }
    assert_int_equal(
        path_number(place.path, "SELECT count(*) FROM pragma_table_info('performance_baselines')"),
        4 + CATALOGUE_COUNT);
    char *row = path_text(place.path, "SELECT id || ' ' || timestamp || ' ' || session_id || ' ' "
                                      "|| git_commit FROM performance_baselines");
    assert_string_equal(row, "1 2026-01-31T12:34:56Z " SESSION_A " 0123abcd\n");
    free(row);
    place_close(&place);
}

TEST(sqlite_schema__a_session_without_measurements_is_a_row_of_nulls)
{
    struct place place = place_open();
    struct session session = a_session(SESSION_B, 5);
    done(store_begin(place.store, &oops));
    done(store_session_put(place.store, &session, &oops));
    done(store_commit(place.store, &oops));
    assert_int_equal(path_number(place.path, "SELECT count(*) FROM performance_baselines WHERE "
                                             "startup_time_ms IS NULL AND git_commit IS NULL"),
                     1);
    place_close(&place);
}

TEST(sqlite_schema__metrics_are_their_ids_in_every_table)
{
    struct place place = place_open();
    int64_t series = put_history(place.store, 1, NULL);
    struct alert alert = {.series_id = series,
                          .kind = ALERT_STEP,
                          .severity = SEVERITY_ERROR,
                          .state = ALERT_ACKNOWLEDGED};
    struct alert_event seen = {.action = ALERT_ACTION_ACKNOWLEDGED, .time_ns = 77, .who = "ann"};
    done(store_begin(place.store, &oops));
    done(store_alert_put(place.store, &alert, &oops));
    seen.alert_id = alert.id;
    done(store_alert_event_add(place.store, &seen, &oops));
    done(store_target_set(place.store, "m", 5, 10, 20, "ann", &oops));
    done(store_commit(place.store, &oops));
    char *rows = path_text(place.path,
                           "SELECT metric_id FROM performance_series UNION ALL "
                           "SELECT metric_id || ' ' || kind || ' ' || severity || ' ' || state || "
                           "' ' || acknowledged || ' ' || acknowledged_at || ' ' || "
                           "acknowledged_by FROM performance_alerts UNION ALL "
                           "SELECT metric_id || ' ' || target_value || ' ' || unit || ' ' || "
                           "updated_by FROM performance_targets");
    assert_string_equal(rows, "m\nm step error acknowledged 1 77 ann\nm 5.0 ms ann\n");
    free(rows);
    place_close(&place);
}
