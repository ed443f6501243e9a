#include "fixture.h"

#include <stdlib.h>

static struct alert an_alert(int64_t series, enum alert_kind kind, enum severity severity,
                             enum alert_state state)
{
    return (struct alert){.series_id = series,
                          .kind = kind,
                          .state = state,
                          .severity = severity,
                          .current_value = 12,
                          .expected_value = 10,
                          .deviation_percent = 20,
                          .occurrences = 1,
                          .triggered_ns = 100,
                          .last_seen_ns = 200};
}

TEST(alert__every_field_comes_back_and_is_updated)
{
    struct fixture f;
    struct alert back;
    fixture_open(&f);
    int64_t series = put_history(f.store, 1, NULL);
    struct alert put = {.series_id = series,
                        .kind = ALERT_STEP,
                        .state = ALERT_RESOLVED,
                        .severity = SEVERITY_ERROR,
                        .current_value = 1.0 / 3,
                        .expected_value = NAN,
                        .deviation_percent = 33.5,
                        .told_percent = 12.5,
                        .occurrences = 7,
                        .good_streak = 3,
                        .since_resolved = 5,
                        .triggered_ns = 11,
                        .last_seen_ns = 22,
                        .resolved_ns = 33,
                        .muted_until_ns = 44,
                        .good_measurement_id = 55,
                        .bad_measurement_id = 66,
                        .good_commit = "aaaa",
                        .bad_commit = "bbbb",
                        .reason = "it's slower",
                        .notes = "seen"};
    done(store_begin(f.store, &oops));
    done(store_alert_put(f.store, &put, &oops));
    assert_true(put.id > 0);
    int64_t id = put.id;
    put.occurrences = 8;
    put.told_percent = 22.5;
    done(store_alert_put(f.store, &put, &oops));
    assert_true(put.id == id);
    done(store_commit(f.store, &oops));
    fixture_reopen(&f);
    done(store_alert_get(f.store, id, &back, &oops));
    assert_true(back.id == id && back.series_id == series);
    assert_true(back.kind == ALERT_STEP && back.state == ALERT_RESOLVED);
    assert_int_equal(back.severity, SEVERITY_ERROR);
    assert_true(back.current_value == put.current_value && isnan(back.expected_value));
    assert_true(back.deviation_percent == 33.5 && back.occurrences == 8);
    assert_true(back.told_percent == 22.5);
    assert_true(back.good_streak == 3 && back.since_resolved == 5);
    assert_true(back.triggered_ns == 11 && back.last_seen_ns == 22 && back.resolved_ns == 33);
    assert_true(back.muted_until_ns == 44 && back.good_measurement_id == 55);
    assert_int_equal(back.bad_measurement_id, 66);
    assert_string_equal(back.good_commit, "aaaa");
    assert_string_equal(back.bad_commit, "bbbb");
    assert_string_equal(back.reason, put.reason);
    assert_string_equal(back.notes, "seen");
    fixture_close(&f);
}

TEST(alert__one_that_is_not_there_is_not_found)
{
    struct fixture f;
    struct alert back;
    fixture_open(&f);
    int64_t series = put_history(f.store, 1, NULL);
    refused(store_alert_get(f.store, 42, &back, &oops), TARE_E_NOT_FOUND);
    says("42");
    refused(store_alert_find(f.store, series, ALERT_TREND, &back, &oops), TARE_E_NOT_FOUND);
    fixture_close(&f);
}

TEST(alert__is_found_by_series_and_kind_live_or_not)
{
    struct fixture f;
    struct alert back;
    fixture_open(&f);
    int64_t series = put_history(f.store, 1, NULL);
    struct alert one = an_alert(series, ALERT_TARGET, SEVERITY_WARNING, ALERT_RESOLVED),
                 two = an_alert(series, ALERT_BASELINE, SEVERITY_ERROR, ALERT_OPEN);
    done(store_begin(f.store, &oops));
    done(store_alert_put(f.store, &one, &oops));
    done(store_alert_put(f.store, &two, &oops));
    done(store_commit(f.store, &oops));
    done(store_alert_find(f.store, series, ALERT_TARGET, &back, &oops));
    assert_true(back.id == one.id);
    done(store_alert_find(f.store, series, ALERT_BASELINE, &back, &oops));
    assert_true(back.id == two.id);
    fixture_close(&f);
}

TEST(alert__list_is_worst_and_newest_first_and_live_when_asked)
{
    struct fixture f;
    struct alert *alerts = NULL;
    size_t count = 0;
    fixture_open(&f);
    int64_t series = put_history(f.store, 1, NULL);
    struct alert put[] = {an_alert(series, ALERT_TARGET, SEVERITY_WARNING, ALERT_OPEN),
                          an_alert(series, ALERT_BASELINE, SEVERITY_CRITICAL, ALERT_ACKNOWLEDGED),
                          an_alert(series, ALERT_TREND, SEVERITY_CRITICAL, ALERT_RESOLVED),
                          an_alert(series, ALERT_STEP, SEVERITY_WARNING, ALERT_OPEN)};
    put[3].last_seen_ns = 300;
    done(store_begin(f.store, &oops));
    for (size_t i = 0; i < 4; i++)
        done(store_alert_put(f.store, &put[i], &oops));
    done(store_commit(f.store, &oops));
    done(store_alert_list(f.store, &(struct store_filter){0}, true, &alerts, &count, &oops));
    assert_int_equal(count, 3);
    assert_true(alerts[0].id == put[1].id && alerts[1].id == put[3].id);
    assert_true(alerts[2].id == put[0].id);
    free(alerts);
    done(store_alert_list(f.store, &(struct store_filter){.series_id = series}, false, &alerts,
                          &count, &oops));
    assert_int_equal(count, 4);
    free(alerts);
    done(store_alert_list(f.store, &(struct store_filter){.metric_id = "n"}, false, &alerts,
                          &count, &oops));
    assert_int_equal(count, 0);
    free(alerts);
    done(store_alert_list(f.store, &(struct store_filter){.app = "shop", .limit = 2}, false,
                          &alerts, &count, &oops));
    assert_int_equal(count, 2);
    free(alerts);
    fixture_close(&f);
}

static size_t alerts_of(struct fixture *f, struct store_filter filter)
{
    struct alert *alerts = NULL;
    size_t count = 0;
    done(store_alert_list(f->store, &filter, true, &alerts, &count, &oops));
    free(alerts);
    return count;
}

TEST(alert__list_is_of_labels_and_of_the_branch_that_was_bad_first)
{
    struct fixture f;
    char name[UUID_TEXT_SIZE];
    fixture_open(&f);
    done(store_begin(f.store, &oops));
    for (size_t i = 1; i <= 2; i++) {
        struct session session = a_session(session_name(name, i), (int64_t)i * SECOND);
        session.labels = (char *)(i == 1 ? "size=big,zone=a" : "size=small,zone=a");
        session.branch = (char *)(i == 1 ? "main" : "topic");
        int64_t series = put_series(f.store, "m", &session);
        struct measurement bad = a_measurement(series, name, (int64_t)i * SECOND, 9);
        done(store_measurement_put(f.store, &bad, &oops));
        struct alert alert = an_alert(series, ALERT_STEP, SEVERITY_ERROR, ALERT_OPEN);
        alert.bad_measurement_id = bad.id;
        done(store_alert_put(f.store, &alert, &oops));
    }
    done(store_commit(f.store, &oops));
    assert_int_equal(alerts_of(&f, (struct store_filter){.labels = "size=big"}), 1);
    assert_int_equal(alerts_of(&f, (struct store_filter){.labels = "zone=a"}), 2);
    assert_int_equal(alerts_of(&f, (struct store_filter){.labels = "zone=b"}), 0);
    assert_int_equal(alerts_of(&f, (struct store_filter){.branch = "topic"}), 1);
    assert_int_equal(alerts_of(&f, (struct store_filter){.branch = "topic", .labels = "size=big"}),
                     0);
    assert_int_equal(alerts_of(&f, (struct store_filter){.branch = "other"}), 0);
    fixture_close(&f);
}

TEST(alert__events_are_kept_in_order)
{
    struct fixture f;
    struct alert_event *events = NULL;
    size_t count = 0;
    fixture_open(&f);
    int64_t series = put_history(f.store, 1, NULL);
    struct alert alert = an_alert(series, ALERT_TARGET, SEVERITY_WARNING, ALERT_OPEN);
    done(store_begin(f.store, &oops));
    done(store_alert_put(f.store, &alert, &oops));
    struct alert_event opened = {.alert_id = alert.id,
                                 .time_ns = 1234567890123456789,
                                 .action = ALERT_ACTION_OPENED,
                                 .severity = SEVERITY_WARNING,
                                 .value = 1.0 / 3,
                                 .measurement_id = 5,
                                 .notify = true,
                                 .searched = true,
                                 .who = "tare"},
                       seen = {.alert_id = alert.id,
                               .time_ns = 7,
                               .action = ALERT_ACTION_ACKNOWLEDGED,
                               .value = NAN,
                               .who = "ann",
                               .note = "known; see 12"};
    done(store_alert_event_add(f.store, &opened, &oops));
    done(store_alert_event_add(f.store, &seen, &oops));
    done(store_commit(f.store, &oops));
    assert_true(opened.id > 0 && seen.id > opened.id);
    done(store_alert_event_list(f.store, alert.id, &events, &count, &oops));
    assert_int_equal(count, 2);
    assert_true(events[0].id == opened.id && events[0].alert_id == alert.id);
    assert_true(events[0].time_ns == opened.time_ns && events[0].value == opened.value);
    assert_true(events[0].action == ALERT_ACTION_OPENED && events[0].notify);
    assert_true(events[0].searched && !events[1].searched);
    assert_int_equal(events[0].severity, SEVERITY_WARNING);
    assert_int_equal(events[0].measurement_id, 5);
    assert_string_equal(events[0].who, "tare");
    assert_true(events[1].action == ALERT_ACTION_ACKNOWLEDGED && !events[1].notify);
    assert_true(isnan(events[1].value));
    assert_string_equal(events[1].note, "known; see 12");
    free(events);
    fixture_close(&f);
}
