#include "fixture.h"

#include "base/strbuf.h"

#include <stdio.h>
#include <stdlib.h>

/* What a walk tells: "aaaaaaaa 2 [0 1.5] [1 3]", a line a session: its measurements by the place
 * of their series, with their values. */
struct tale {
    struct strbuf text;
    size_t sessions, measurements;
    struct store *written_meanwhile; /* by the first call of all; NULL: nobody */
    size_t stop_after;               /* measurements; 0: never */
};

static void tale_clear(struct tale *tale)
{
    strbuf_release(&tale->text);
    *tale = (struct tale){0};
    strbuf_init(&tale->text);
}

static void put_one(struct store *store, const char *metric, const struct session *session,
                    int64_t time_ns, double value)
{
    int64_t series = put_series(store, metric, session);
    struct measurement one = a_measurement(series, session->id, time_ns, value);
    done(store_measurement_put(store, &one, &oops));
}

/* A new session, and the first measurement of the one that has none. */
static void write_newest(struct store *store)
{
    struct session session = a_session("ffffffff-0000-4000-8000-000000000001", 900000 * SECOND);
    struct session last = a_session(SESSION_C, 3000 * SECOND);
    done(store_begin(store, &oops));
    put_one(store, "m", &last, 3005 * SECOND, 98);
    int64_t series = put_series(store, "m", &session);
    struct measurement one = a_measurement(series, session.id, 900001 * SECOND, 99);
    done(store_measurement_put(store, &one, &oops));
    done(store_commit(store, &oops));
}

static enum tare_status tell_session(void *ctx, const struct session *session, size_t measurements,
                                     struct tare_error *error)
{
    struct tale *tale = ctx;
    (void)error;
    if (tale->written_meanwhile != NULL)
        write_newest(tale->written_meanwhile);
    tale->written_meanwhile = NULL;
    strbuf_add_format(&tale->text, "%s%.8s %zu", tale->sessions++ > 0 ? "\n" : "", session->id,
                      measurements);
    return TARE_OK;
}

static enum tare_status tell_measurement(void *ctx, const struct session *session, size_t series,
                                         const struct measurement *measurement,
                                         struct tare_error *error)
{
    struct tale *tale = ctx;
    if (session != NULL)
        assert_string_equal(measurement->session_id, session->id);
    strbuf_add_format(&tale->text, " [%zu %g]", series, measurement->value);
    tale->measurements++;
    if (tale->stop_after != tale->measurements)
        return TARE_OK;
    if (error != NULL)
        *error = (struct tare_error){.status = TARE_E_FULL, .message = "enough"};
    return TARE_E_FULL;
}

static struct store_visitor teller(struct tale *tale)
{
    return (struct store_visitor){tell_session, tell_measurement, tale};
}

/* A walk over these series that tells this. */
static void tells(struct store *store, const struct store_filter *filter,
                  const struct series *series, size_t count, bool empty, const char *expected)
{
    struct tale tale = {0};
    const struct store_visitor visitor = teller(&tale);
    tale_clear(&tale);
    done(store_walk(store, filter, series, count, empty, &visitor, &oops));
    assert_string_equal(tale.text.text, expected);
    tale_clear(&tale);
}

static struct series *all_series(struct store *store, size_t *count)
{
    struct series *series = NULL;
    done(store_series_list(store, &(struct store_filter){0}, &series, count, &oops));
    return series;
}

/* Three sessions with "m" and "n", told in no order; B is long, with three windows of "m"; the
 * last has nothing. */
static struct series *three_sessions(struct store *store, size_t *count)
{
    struct session a = a_session(SESSION_A, 3000 * SECOND),
                   b = a_session(SESSION_B, 1000 * SECOND),
                   c = a_session(SESSION_C, 3000 * SECOND);
    a.commit = (char *)"aaaa00000000";
    a.branch = (char *)"main";
    b.commit = (char *)"bbbb00000000";
    b.branch = (char *)"topic";
    done(store_begin(store, &oops));
    put_one(store, "n", &a, 3002 * SECOND, 1);
    put_one(store, "m", &a, 3001 * SECOND, 2);
    put_one(store, "m", &b, 5000 * SECOND, 3);
    put_one(store, "m", &b, 1001 * SECOND, 4);
    put_one(store, "n", &b, 1001 * SECOND, 5);
    put_one(store, "m", &b, 2000 * SECOND, 6);
    done(store_session_put(store, &c, &oops));
    done(store_commit(store, &oops));
    return all_series(store, count);
}

TEST(walk__sessions_come_oldest_first_with_their_measurements_in_the_order_asked)
{
    struct fixture f;
    size_t count;
    fixture_open(&f);
    struct series *series = three_sessions(f.store, &count);
    assert_int_equal(count, 2);
    tells(f.store, &(struct store_filter){0}, series, 2, false,
          "bbbbbbbb 4 [0 4] [0 6] [0 3] [1 5]\naaaaaaaa 2 [0 2] [1 1]");
    struct series swap = series[0];
    series[0] = series[1];
    series[1] = swap;
    tells(f.store, &(struct store_filter){0}, series, 2, false,
          "bbbbbbbb 4 [0 5] [1 4] [1 6] [1 3]\naaaaaaaa 2 [0 1] [1 2]");
    tells(f.store, &(struct store_filter){0}, series, 1, false,
          "bbbbbbbb 1 [0 5]\naaaaaaaa 1 [0 1]");
    tells(f.store, &(struct store_filter){0}, series + 1, 1, false,
          "bbbbbbbb 3 [0 4] [0 6] [0 3]\naaaaaaaa 1 [0 2]");
    tells(f.store, &(struct store_filter){0}, series, 0, false, "");
    store_series_list_free(series, count);
    fixture_close(&f);
}

TEST(walk__the_filter_holds_of_sessions_and_of_times)
{
    struct fixture f;
    size_t count;
    fixture_open(&f);
    struct series *series = three_sessions(f.store, &count);
    tells(f.store, &(struct store_filter){.branch = "main"}, series, 2, true,
          "aaaaaaaa 2 [0 2] [1 1]");
    tells(f.store, &(struct store_filter){.commit = "bbbb"}, series, 1, false,
          "bbbbbbbb 3 [0 4] [0 6] [0 3]");
    tells(f.store, &(struct store_filter){.commit = "cccc"}, series, 2, true, "");
    tells(f.store, &(struct store_filter){.session_id = SESSION_A}, series, 2, true,
          "aaaaaaaa 2 [0 2] [1 1]");
    /* Of a long session the windows within; it began long before. */
    tells(f.store, &(struct store_filter){.since_ns = 1002 * SECOND}, series, 2, false,
          "bbbbbbbb 2 [0 6] [0 3]\naaaaaaaa 2 [0 2] [1 1]");
    tells(f.store, &(struct store_filter){.since_ns = 3002 * SECOND}, series, 2, false,
          "bbbbbbbb 1 [0 3]\naaaaaaaa 1 [1 1]");
    tells(f.store, &(struct store_filter){.until_ns = 2000 * SECOND}, series, 2, false,
          "bbbbbbbb 2 [0 4] [1 5]");
    tells(f.store, &(struct store_filter){.since_ns = 1500 * SECOND, .until_ns = 3001 * SECOND},
          series, 2, false, "bbbbbbbb 1 [0 6]");
    tells(f.store, &(struct store_filter){.since_ns = 6000 * SECOND}, series, 2, true, "");
    store_series_list_free(series, count);
    fixture_close(&f);
}

TEST(walk__sessions_without_measurements_come_when_they_are_wanted)
{
    struct fixture f;
    size_t count;
    fixture_open(&f);
    struct series *series = three_sessions(f.store, &count);
    tells(f.store, &(struct store_filter){0}, series, 2, true,
          "bbbbbbbb 4 [0 4] [0 6] [0 3] [1 5]\naaaaaaaa 2 [0 2] [1 1]\ncccccccc 0");
    /* One that has others is not without. */
    tells(f.store, &(struct store_filter){0}, series, 0, true, "cccccccc 0");
    tells(f.store, &(struct store_filter){.app = "shop", .environment = "box"}, series, 0, true,
          "cccccccc 0");
    tells(f.store, &(struct store_filter){.app = "other"}, series, 0, true, "");
    tells(f.store, &(struct store_filter){.environment = "other"}, series, 0, true, "");
    tells(f.store, &(struct store_filter){.labels = "a=1"}, series, 0, true, "");
    tells(f.store,
          &(struct store_filter){.has_temperature = true, .temperature = TEMPERATURE_COLD}, series,
          0, true, "");
    tells(f.store, &(struct store_filter){.since_ns = 3000 * SECOND}, series, 0, true,
          "cccccccc 0");
    tells(f.store, &(struct store_filter){.since_ns = 3000 * SECOND + 1}, series, 0, true, "");
    tells(f.store, &(struct store_filter){.until_ns = 3000 * SECOND}, series, 0, true, "");
    store_series_list_free(series, count);
    fixture_close(&f);
}

/* More than are read at once, most of them of one moment. */
TEST(walk__many_sessions_come_once_each_and_in_order)
{
    struct fixture f;
    size_t count, number = 0;
    struct tale tale = {0};
    char name[UUID_TEXT_SIZE];
    fixture_open(&f);
    done(store_begin(f.store, &oops));
    for (size_t i = 0; i < 1500; i++) {
        struct session session = a_session(session_name(name, (i * 7) % 1500),
                                           i % 10 == 0 ? 900 * SECOND : 1000 * SECOND);
        put_one(f.store, "m", &session, 1001 * SECOND, (double)i);
    }
    done(store_commit(f.store, &oops));
    struct series *series = all_series(f.store, &count);
    const struct store_visitor visitor = teller(&tale);
    tale_clear(&tale);
    done(store_walk(f.store, &(struct store_filter){0}, series, count, false, &visitor, &oops));
    assert_int_equal(tale.sessions, 1500);
    assert_int_equal(tale.measurements, 1500);
    tale_clear(&tale);
    struct session *sessions = NULL;
    done(store_session_list(f.store, &(struct store_filter){0}, &sessions, &number, &oops));
    assert_int_equal(number, 1500);
    store_session_list_free(sessions, number);
    store_series_list_free(series, count);
    fixture_close(&f);
}

TEST(walk__a_visitor_ends_it)
{
    struct fixture f;
    size_t count;
    struct tale tale = {0};
    fixture_open(&f);
    struct series *series = three_sessions(f.store, &count);
    const struct store_visitor visitor = teller(&tale);
    tale_clear(&tale);
    tale.stop_after = 2;
    refused(store_walk(f.store, &(struct store_filter){0}, series, 2, false, &visitor, &oops),
            TARE_E_FULL);
    says("enough");
    assert_string_equal(tale.text.text, "bbbbbbbb 4 [0 4] [0 6]");
    tale_clear(&tale);
    write_newest(f.store); /* the store goes on */
    tells(f.store, &(struct store_filter){.since_ns = 6000 * SECOND}, series, 2, false,
          "ffffffff 1 [0 99]");
    store_series_list_free(series, count);
    fixture_close(&f);
}

TEST(walk__is_of_one_moment_and_locks_nobody_out)
{
    struct fixture f;
    size_t count;
    struct tale tale = {0};
    fixture_open(&f);
    if (strcmp(f.url, ":memory:") == 0) {
        fixture_close(&f);
        skip(); /* nobody else can be there */
    }
    struct series *series = three_sessions(f.store, &count);
    const struct store_visitor visitor = teller(&tale);
    struct store *other = f.store;
    done(store_open(f.url, &(struct store_options){.wait_ms = 1}, &other, &oops));
    tale_clear(&tale);
    tale.written_meanwhile = other;
    done(store_walk(f.store, &(struct store_filter){0}, series, 2, true, &visitor, &oops));
    assert_string_equal(tale.text.text, "bbbbbbbb 4 [0 4] [0 6] [0 3] [1 5]\n"
                                        "aaaaaaaa 2 [0 2] [1 1]\ncccccccc 0");
    tale_clear(&tale);
    tells(f.store, &(struct store_filter){.since_ns = 3005 * SECOND}, series, 2, true,
          "bbbbbbbb 1 [0 3]\ncccccccc 1 [0 98]\nffffffff 1 [0 99]");
    store_close(other);
    store_series_list_free(series, count);
    fixture_close(&f);
}

TEST(walk__of_a_series_goes_by_commit_branch_outcome_and_window)
{
    struct fixture f;
    struct tale tale = {0};
    char name[UUID_TEXT_SIZE];
    static const char *const commits[] = {"cccc0000", "aaaa0000", NULL, "aaaa0000", "bbbb0000"};
    static const char *const branches[] = {"main", "main", NULL, "topic", "main"};
    int64_t series_id = 0;
    fixture_open(&f);
    done(store_begin(f.store, &oops));
    for (size_t i = 0; i < 20; i++) {
        int64_t time_ns = (1000 + (int64_t)((i * 7) % 20)) * SECOND;
        struct session session = a_session(session_name(name, i), time_ns - 1);
        session.commit = (char *)commits[i % 5];
        session.branch = (char *)branches[i % 5];
        session.outcome = i == 13 ? OUTCOME_CRASHED : OUTCOME_OK;
        series_id = put_series(f.store, "m", &session);
        put_one(f.store, "m", &session, time_ns, (double)((i * 7) % 20));
        put_one(f.store, "n", &session, time_ns, 1000);
    }
    done(store_commit(f.store, &oops));
    const struct store_visitor visitor = teller(&tale);
    tale_clear(&tale);
    done(store_series_walk(f.store, &(struct store_filter){.series_id = series_id}, &visitor,
                           &oops));
    assert_string_equal(tale.text.text,
                        " [0 4] [0 9] [0 14] [0 19] [0 2] [0 7] [0 12] [0 17] [0 11] [0 1] [0 6] "
                        "[0 16] [0 3] [0 8] [0 13] [0 18] [0 0] [0 5] [0 10] [0 15]");
    tale_clear(&tale);
    done(store_series_walk(f.store,
                           &(struct store_filter){.series_id = series_id,
                                                  .commit = "aaaa",
                                                  .branch = "topic",
                                                  .since_ns = 1002 * SECOND,
                                                  .until_ns = 1018 * SECOND},
                           &visitor, &oops));
    assert_string_equal(tale.text.text, " [0 11] [0 6] [0 16]");
    tale_clear(&tale);
    fixture_close(&f);
}
