#include "fixture.h"

static struct session *list(struct store *store, const struct store_filter *filter, size_t *count)
{
    struct session *sessions = NULL;
    done(store_session_list(store, filter, &sessions, count, &oops));
    return sessions;
}

static size_t count_of(struct store *store, const struct store_filter *filter)
{
    size_t count;
    struct session *sessions = list(store, filter, &count);
    store_session_list_free(sessions, count);
    return count;
}

TEST(session__every_field_comes_back)
{
    struct fixture f;
    size_t count;
    fixture_open(&f);
    struct session session = {
        .id = SESSION_A,
        .app = (char *)"shop",
        .version = (char *)"1.2",
        .commit = (char *)"0123456789abcdef0123456789abcdef01234567",
        .branch = (char *)"main",
        .dirty = true,
        .labels = (char *)"a=1,b=2",
        .environment = {(char *)"key", (char *)"CPU", (char *)"Linux", (char *)"x86_64", 2, 2048},
        .started_ns = 1234567890123456789,
        .ended_ns = 1234567890123456999,
        .outcome = OUTCOME_FAILED,
        .temperature = TEMPERATURE_COLD,
        .dropped = 7,
        .condensed = 8,
        .source = (char *)"libtare"};
    done(store_begin(f.store, &oops));
    done(store_session_put(f.store, &session, &oops));
    done(store_commit(f.store, &oops));
    fixture_reopen(&f);
    struct store_filter any = {0};
    struct session *back = list(f.store, &any, &count);
    assert_int_equal(count, 1);
    assert_string_equal(back->id, session.id);
    assert_string_equal(back->app, session.app);
    assert_string_equal(back->version, session.version);
    assert_string_equal(back->commit, session.commit);
    assert_string_equal(back->branch, session.branch);
    assert_true(back->dirty);
    assert_string_equal(back->labels, session.labels);
    assert_string_equal(back->environment.key, "key");
    assert_string_equal(back->environment.cpu, "CPU");
    assert_string_equal(back->environment.os, "Linux");
    assert_string_equal(back->environment.architecture, "x86_64");
    assert_int_equal(back->environment.cores, 2);
    assert_int_equal(back->environment.memory_mb, 2048);
    assert_true(back->started_ns == session.started_ns && back->ended_ns == session.ended_ns);
    assert_int_equal(back->outcome, OUTCOME_FAILED);
    assert_int_equal(back->temperature, TEMPERATURE_COLD);
    assert_int_equal(back->dropped, 7);
    assert_int_equal(back->condensed, 8);
    assert_string_equal(back->source, "libtare");
    store_session_list_free(back, count);
    fixture_close(&f);
}

TEST(session__add_leaves_one_that_is_there_alone)
{
    struct fixture f;
    size_t count;
    bool added = false;
    fixture_open(&f);
    struct session first = a_session(SESSION_A, 10);
    struct session again = a_session(SESSION_A, 5);
    done(store_begin(f.store, &oops));
    done(store_session_add(f.store, &first, &added, &oops));
    assert_true(added);
    done(store_session_add(f.store, &again, &added, &oops));
    assert_false(added);
    done(store_commit(f.store, &oops));
    struct session *back = list(f.store, &(struct store_filter){0}, &count);
    assert_int_equal(count, 1);
    assert_true(back[0].started_ns == 10);
    store_session_list_free(back, count);
    fixture_close(&f);
}

TEST(session__unknown_texts_come_back_as_null)
{
    struct fixture f;
    size_t count;
    fixture_open(&f);
    struct session session = a_session(SESSION_A, 1);
    struct store_filter any = {0};
    done(store_begin(f.store, &oops));
    done(store_session_put(f.store, &session, &oops));
    done(store_commit(f.store, &oops));
    struct session *back = list(f.store, &any, &count);
    assert_null(back->version);
    assert_null(back->commit);
    assert_null(back->branch);
    assert_null(back->source);
    assert_int_equal(back->ended_ns, 0);
    store_session_list_free(back, count);
    fixture_close(&f);
}

TEST(session__put_again_brings_it_up_to_date_but_never_back_to_running)
{
    struct fixture f;
    size_t count;
    fixture_open(&f);
    struct session session = a_session(SESSION_A, 1);
    struct store_filter any = {0};
    session.outcome = OUTCOME_RUNNING;
    done(store_begin(f.store, &oops));
    done(store_session_put(f.store, &session, &oops));
    session.outcome = OUTCOME_CRASHED;
    session.ended_ns = 99;
    session.dropped = 3;
    done(store_session_put(f.store, &session, &oops));
    session.outcome = OUTCOME_RUNNING;
    session.ended_ns = 0;
    session.dropped = 4;
    done(store_session_put(f.store, &session, &oops));
    done(store_commit(f.store, &oops));
    struct session *back = list(f.store, &any, &count);
    assert_int_equal(count, 1);
    assert_int_equal(back->outcome, OUTCOME_CRASHED);
    assert_int_equal(back->ended_ns, 99);
    assert_int_equal(back->dropped, 4);
    store_session_list_free(back, count);
    fixture_close(&f);
}

static void put_three(struct store *store)
{
    struct session a = a_session(SESSION_A, 10), b = a_session(SESSION_B, 30),
                   c = a_session(SESSION_C, 20);
    a.commit = (char *)"aaaa111111111111111111111111111111111111";
    a.branch = (char *)"main";
    a.labels = (char *)"os=linux,shard=1";
    b.commit = (char *)"aaaa222222222222222222222222222222222222";
    b.app = (char *)"till";
    b.temperature = TEMPERATURE_COLD;
    c.environment.key = (char *)"other box";
    c.labels = (char *)"os=linux,shard=2";
    done(store_begin(store, &oops));
    done(store_session_put(store, &a, &oops));
    done(store_session_put(store, &b, &oops));
    done(store_session_put(store, &c, &oops));
    int64_t series = put_series(store, "m", &a);
    struct measurement one = a_measurement(series, SESSION_A, 11, 1);
    done(store_measurement_put(store, &one, &oops));
    one.window_start_ns++;
    done(store_measurement_put(store, &one, &oops));
    done(store_commit(store, &oops));
}

TEST(session__list_is_newest_first_and_filtered)
{
    struct fixture f;
    size_t count;
    fixture_open(&f);
    put_three(f.store);
    struct session *all = list(f.store, &(struct store_filter){0}, &count);
    assert_int_equal(count, 3);
    assert_string_equal(all[0].id, SESSION_B);
    assert_string_equal(all[1].id, SESSION_C);
    assert_string_equal(all[2].id, SESSION_A);
    size_t measured[3] = {9, 9, 9};
    done(store_session_measurements(f.store, all, 3, measured, &oops));
    assert_true(measured[0] == 0 && measured[1] == 0 && measured[2] == 2);
    store_session_list_free(all, count);
    assert_int_equal(count_of(f.store, &(struct store_filter){.app = "shop"}), 2);
    assert_int_equal(count_of(f.store, &(struct store_filter){.app = "shop", .limit = 1}), 1);
    assert_int_equal(count_of(f.store, &(struct store_filter){.branch = "main"}), 1);
    assert_int_equal(count_of(f.store, &(struct store_filter){.commit = "aaaa"}), 2);
    assert_int_equal(count_of(f.store, &(struct store_filter){.commit = "aaaa1"}), 1);
    assert_int_equal(count_of(f.store, &(struct store_filter){.session_id = "bbbb"}), 1);
    assert_int_equal(count_of(f.store, &(struct store_filter){.session_id = SESSION_C}), 1);
    assert_int_equal(count_of(f.store, &(struct store_filter){.environment = "other box"}), 1);
    assert_int_equal(count_of(f.store, &(struct store_filter){.labels = "os=linux"}), 2);
    assert_int_equal(count_of(f.store, &(struct store_filter){.labels = "shard=2"}), 1);
    assert_int_equal(count_of(f.store, &(struct store_filter){.metric_id = "m"}), 1);
    assert_int_equal(count_of(f.store, &(struct store_filter){.since_ns = 20}), 2);
    assert_int_equal(count_of(f.store, &(struct store_filter){.until_ns = 20}), 1);
    assert_int_equal(count_of(f.store, &(struct store_filter){.has_temperature = true,
                                                              .temperature = TEMPERATURE_COLD}),
                     1);
    fixture_close(&f);
}

TEST(session__a_limit_counts_what_matches_the_labels)
{
    struct fixture f;
    size_t count;
    fixture_open(&f);
    put_three(f.store);
    struct store_filter filter = {.labels = "shard=1", .limit = 1};
    struct session *found = list(f.store, &filter, &count);
    assert_int_equal(count, 1);
    assert_string_equal(found->id, SESSION_A);
    store_session_list_free(found, count);
    fixture_close(&f);
}
