#include "fixture.h"

#include <stdlib.h>

static struct measurement *list(struct store *store, const struct store_filter *filter,
                                size_t *count)
{
    struct measurement *found = NULL;
    done(store_measurement_list(store, filter, &found, count, &oops));
    return found;
}

/* The values that match are first, first + 1, … */
static void expect(struct store *store, const struct store_filter *filter, size_t count,
                   double first)
{
    size_t found_count;
    struct measurement *found = list(store, filter, &found_count);
    assert_int_equal(found_count, count);
    for (size_t i = 0; i < count; i++)
        assert_true(found[i].value == first + (double)i);
    free(found);
}

TEST(measurement__every_field_comes_back_with_those_of_its_session)
{
    struct fixture f;
    size_t count;
    fixture_open(&f);
    struct session session = a_session(SESSION_A, 1);
    session.commit = (char *)"0123456789abcdef0123456789abcdef01234567";
    session.branch = (char *)"main";
    session.dirty = true;
    session.outcome = OUTCOME_FAILED;
    done(store_begin(f.store, &oops));
    int64_t series = put_series(f.store, "m", &session);
    struct measurement put = {.series_id = series,
                              .session_id = SESSION_A,
                              .time_ns = 1234567890123456789,
                              .window_start_ns = 1234567890000000000,
                              .n = 5000000000,
                              .failed = 2,
                              .value = 1.5,
                              .min = -1e300,
                              .max = 1e300,
                              .mean = 1e-300,
                              .p50 = 1.0 / 3,
                              .p95 = 4,
                              .p99 = NAN,
                              .final = true};
    done(store_measurement_put(f.store, &put, &oops));
    assert_true(put.id > 0);
    done(store_commit(f.store, &oops));
    fixture_reopen(&f);
    struct measurement *back = list(f.store, &(struct store_filter){.series_id = series}, &count);
    assert_int_equal(count, 1);
    assert_true(back->id == put.id && back->series_id == series);
    assert_string_equal(back->session_id, SESSION_A);
    assert_true(back->time_ns == put.time_ns && back->window_start_ns == put.window_start_ns);
    assert_true(back->n == put.n && back->failed == 2 && back->final && !back->excluded);
    assert_true(back->value == put.value && back->min == put.min && back->max == put.max);
    assert_true(back->mean == put.mean && back->p50 == put.p50 && back->p95 == put.p95);
    assert_true(isnan(back->p99) && back->dirty);
    assert_string_equal(back->commit, session.commit);
    assert_string_equal(back->branch, "main");
    assert_int_equal(back->outcome, OUTCOME_FAILED);
    char commit[COMMIT_TEXT_SIZE] = "";
    done(store_measurement_commit(f.store, put.id, commit, &oops));
    assert_string_equal(commit, session.commit);
    done(store_measurement_commit(f.store, put.id + 1, commit, &oops));
    assert_string_equal(commit, "");
    free(back);
    fixture_close(&f);
}

TEST(measurement__put_again_replaces_the_one_of_its_window)
{
    struct fixture f;
    size_t count;
    fixture_open(&f);
    struct session session = a_session(SESSION_A, 1);
    done(store_begin(f.store, &oops));
    int64_t series = put_series(f.store, "m", &session);
    struct measurement one = a_measurement(series, SESSION_A, 100, 1);
    one.window_start_ns = 50;
    done(store_measurement_put(f.store, &one, &oops));
    int64_t first_id = one.id;
    one.value = 2;
    one.time_ns = 200;
    one.id = 0;
    done(store_measurement_put(f.store, &one, &oops));
    assert_true(one.id == first_id);
    one.final = false; /* what has ended does not go on again */
    done(store_measurement_put(f.store, &one, &oops));
    one.window_start_ns = 60;
    done(store_measurement_put(f.store, &one, &oops));
    assert_true(one.id != first_id);
    done(store_commit(f.store, &oops));
    struct measurement *back = list(f.store, &(struct store_filter){0}, &count);
    assert_int_equal(count, 2);
    assert_true(back[0].value == 2 && back[0].time_ns == 200 && back[0].final);
    free(back);
    fixture_close(&f);
}

TEST(measurement__add_leaves_the_one_of_its_window_alone)
{
    struct fixture f;
    size_t count;
    bool added = false;
    fixture_open(&f);
    struct session session = a_session(SESSION_A, 1);
    done(store_begin(f.store, &oops));
    int64_t series = put_series(f.store, "m", &session);
    struct measurement one = a_measurement(series, SESSION_A, 100, 1);
    done(store_measurement_add(f.store, &one, &added, &oops));
    assert_true(added && one.id > 0);
    struct measurement other = a_measurement(series, SESSION_A, 100, 2);
    done(store_measurement_add(f.store, &other, &added, &oops));
    assert_true(!added && other.id == 0);
    other.window_start_ns = one.window_start_ns + 1;
    done(store_measurement_add(f.store, &other, &added, &oops));
    assert_true(added && other.id != one.id);
    struct measurement stray = a_measurement(series, SESSION_B, 100, 1);
    refused(store_measurement_add(f.store, &stray, &added, &oops), TARE_E_NOT_FOUND);
    done(store_commit(f.store, &oops));
    struct measurement *back = list(f.store, &(struct store_filter){0}, &count);
    assert_int_equal(count, 2);
    assert_true(back[0].value == 1 && back[1].value == 2);
    free(back);
    fixture_close(&f);
}

/* A session that was rolled back is not there, whatever is remembered of it. */
TEST(measurement__add_after_a_rollback_asks_anew)
{
    struct fixture f;
    bool added = false;
    fixture_open(&f);
    struct session session = a_session(SESSION_A, 1);
    done(store_begin(f.store, &oops));
    done(store_session_add(f.store, &session, &added, &oops));
    assert_true(added);
    store_rollback(f.store);
    done(store_begin(f.store, &oops));
    struct session other = a_session(SESSION_B, 1);
    int64_t series = put_series(f.store, "m", &other);
    struct measurement stray = a_measurement(series, SESSION_A, 100, 1);
    refused(store_measurement_add(f.store, &stray, &added, &oops), TARE_E_NOT_FOUND);
    store_rollback(f.store);
    fixture_close(&f);
}

TEST(measurement__without_its_session_is_refused)
{
    struct fixture f;
    fixture_open(&f);
    struct session session = a_session(SESSION_A, 1);
    done(store_begin(f.store, &oops));
    int64_t series = put_series(f.store, "m", &session);
    struct measurement one = a_measurement(series, SESSION_B, 100, 1);
    refused(store_measurement_put(f.store, &one, &oops), TARE_E_NOT_FOUND);
    says(SESSION_B);
    store_rollback(f.store);
    fixture_close(&f);
}

TEST(measurement__list_is_oldest_first_and_a_limit_takes_the_newest)
{
    struct fixture f;
    fixture_open(&f);
    int64_t series = put_history(f.store, 30, NULL);
    expect(f.store, &(struct store_filter){.series_id = series}, 30, 1);
    expect(f.store, &(struct store_filter){.series_id = series, .limit = 20}, 20, 11);
    expect(f.store, &(struct store_filter){.metric_id = "m", .limit = 7}, 7, 24);
    expect(f.store, &(struct store_filter){.series_id = series + 1}, 0, 0);
    expect(f.store, &(struct store_filter){.since_ns = 1010 * SECOND, .until_ns = 1012 * SECOND},
           2, 10);
    fixture_close(&f);
}

TEST(measurement__before_and_after_go_by_place_in_the_series)
{
    struct fixture f;
    int64_t ids[10];
    fixture_open(&f);
    int64_t series = put_history(f.store, 10, ids);
    /* A late one from before: number 11, but it stands at time 1004.5 s. */
    struct session late = a_session(SESSION_A, 1004 * SECOND);
    done(store_begin(f.store, &oops));
    put_series(f.store, "m", &late);
    struct measurement one = a_measurement(series, SESSION_A, 1004 * SECOND + SECOND / 2, 4.5);
    done(store_measurement_put(f.store, &one, &oops));
    done(store_commit(f.store, &oops));
    struct store_filter filter = {.series_id = series, .after_measurement_id = ids[4]};
    expect(f.store, &filter, 5, 6);
    filter.after_measurement_id = one.id;
    expect(f.store, &filter, 6, 5);
    filter = (struct store_filter){.series_id = series, .before_measurement_id = one.id};
    expect(f.store, &filter, 4, 1);
    filter.limit = 2;
    expect(f.store, &filter, 2, 3);
    filter.limit = 0;
    filter.after_measurement_id = ids[1];
    expect(f.store, &filter, 2, 3);
    fixture_close(&f);
}

TEST(measurement__of_the_same_time_are_ordered_by_id)
{
    struct fixture f;
    fixture_open(&f);
    struct session session = a_session(SESSION_A, 1);
    done(store_begin(f.store, &oops));
    int64_t series = put_series(f.store, "m", &session), ids[3];
    for (int i = 0; i < 3; i++) {
        struct measurement one = a_measurement(series, SESSION_A, 100, i + 1);
        one.window_start_ns = 90 - i;
        done(store_measurement_put(f.store, &one, &oops));
        ids[i] = one.id;
    }
    done(store_commit(f.store, &oops));
    expect(f.store, &(struct store_filter){.series_id = series}, 3, 1);
    expect(f.store, &(struct store_filter){.series_id = series, .after_measurement_id = ids[0]}, 2,
           2);
    expect(f.store, &(struct store_filter){.series_id = series, .before_measurement_id = ids[1]},
           1, 1);
    fixture_close(&f);
}

static void put_one(struct store *store, struct session session, double value)
{
    int64_t series = put_series(store, "m", &session);
    struct measurement one = a_measurement(series, session.id, session.started_ns + 1, value);
    done(store_measurement_put(store, &one, &oops));
}

TEST(measurement__is_found_by_what_its_session_and_series_are)
{
    struct fixture f;
    fixture_open(&f);
    struct session a = a_session(SESSION_A, 10 * SECOND), b = a_session(SESSION_B, 20 * SECOND),
                   c = a_session(SESSION_C, 30 * SECOND);
    a.branch = (char *)"main";
    a.commit = (char *)"abcd000000000000000000000000000000000000";
    b.labels = (char *)"os=linux,shard=1";
    b.app = (char *)"till";
    c.environment.key = (char *)"other";
    c.temperature = TEMPERATURE_COLD;
    done(store_begin(f.store, &oops));
    put_one(f.store, a, 1);
    put_one(f.store, b, 2);
    put_one(f.store, c, 3);
    done(store_commit(f.store, &oops));
    expect(f.store, &(struct store_filter){0}, 3, 1);
    expect(f.store, &(struct store_filter){.branch = "main"}, 1, 1);
    expect(f.store, &(struct store_filter){.commit = "abcd"}, 1, 1);
    expect(f.store, &(struct store_filter){.commit = "abce"}, 0, 0);
    expect(f.store, &(struct store_filter){.labels = "shard=1"}, 1, 2);
    expect(f.store, &(struct store_filter){.labels = "shard=1", .limit = 1}, 1, 2);
    expect(f.store, &(struct store_filter){.app = "till"}, 1, 2);
    expect(f.store, &(struct store_filter){.environment = "other"}, 1, 3);
    expect(f.store, &(struct store_filter){.session_id = "cccccccc"}, 1, 3);
    expect(f.store,
           &(struct store_filter){.has_temperature = true, .temperature = TEMPERATURE_COLD}, 1, 3);
    expect(f.store, &(struct store_filter){.metric_id = "m", .until_ns = 25 * SECOND}, 2, 1);
    fixture_close(&f);
}

TEST(measurement__a_session_is_excluded_and_taken_back)
{
    struct fixture f;
    size_t count;
    char name[UUID_TEXT_SIZE];
    fixture_open(&f);
    put_history(f.store, 3, NULL);
    for (int excluded = 1; excluded >= 0; excluded--) {
        done(store_begin(f.store, &oops));
        done(store_session_exclude(f.store, session_name(name, 2), excluded, &oops));
        done(store_commit(f.store, &oops));
        struct measurement *back = list(f.store, &(struct store_filter){0}, &count);
        assert_int_equal(back[1].excluded, excluded);
        assert_false(back[0].excluded);
        free(back);
    }
    fixture_close(&f);
}

TEST(measurement__is_excluded_from_the_start_or_by_its_session)
{
    struct fixture f;
    size_t count;
    bool added = false;
    fixture_open(&f);
    struct session session = a_session(SESSION_A, 1);
    done(store_begin(f.store, &oops));
    int64_t series = put_series(f.store, "m", &session);
    struct measurement put = a_measurement(series, SESSION_A, 100, 1), add = put, plain = put;
    put.excluded = add.excluded = true;
    add.window_start_ns = 50;
    plain.window_start_ns = 60;
    done(store_measurement_put(f.store, &put, &oops));
    done(store_measurement_add(f.store, &add, &added, &oops));
    assert_true(added);
    done(store_measurement_put(f.store, &plain, &oops));
    struct measurement *back = list(f.store, &(struct store_filter){0}, &count);
    assert_int_equal(count, 3);
    assert_true(back[0].excluded && back[1].excluded && !back[2].excluded);
    free(back);
    put.excluded = false;
    plain.excluded = true;
    done(store_measurement_put(f.store, &put, &oops));
    done(store_measurement_put(f.store, &plain, &oops));
    back = list(f.store, &(struct store_filter){0}, &count);
    assert_true(back[0].excluded && back[1].excluded && !back[2].excluded);
    free(back);
    done(store_commit(f.store, &oops));
    fixture_close(&f);
}
