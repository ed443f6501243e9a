#include "fixture.h"

#include "stats/quantile.h"

#include <stdio.h>
#include <stdlib.h>

#define DAY CLOCK_NS_PER_DAY

/* Day 1000 since the epoch; the history of a test stands around it. */
#define DAY_0 (1000 * DAY)

static const struct store_retention month = {.raw_days = 30, .rollup_days = 365};

struct entry {
    int64_t time_ns;
    double values[3]; /* of its samples; the median is the measurement's */
    enum session_outcome outcome;
};

static int64_t taken_ns; /* of the sessions that come next; 0: when they start */

/* A session with three samples of "m" and their measurement. Its id. */
static int64_t put_entry(struct store *store, size_t number, struct entry entry)
{
    char name[UUID_TEXT_SIZE];
    struct batch batch;
    struct session session = a_session(session_name(name, number), entry.time_ns);
    session.outcome = entry.outcome;
    session.taken_ns = taken_ns != 0 ? taken_ns : entry.time_ns;
    int64_t series = put_series(store, "m", &session);
    batch_init(&batch);
    struct batch_part *part = batch_part_add(&batch);
    part->window_start_ns = entry.time_ns;
    for (size_t i = 0; i < 3; i++)
        done(batch_part_sample(part, entry.time_ns + (int64_t)i, entry.values[i], &oops));
    done(store_samples_add(store, series, name, part, &oops));
    struct measurement one = a_measurement(series, name, entry.time_ns, entry.values[1]);
    one.window_start_ns = entry.time_ns;
    one.n = 3;
    one.min = part->min;
    one.max = part->max;
    one.mean = part->sum / 3;
    done(store_measurement_put(store, &one, &oops));
    batch_release(&batch);
    return one.id;
}

/* `count` entries an hour apart from `day` on: samples v, v + 1, v + 2 with v = number × 10. */
static void put_days(struct store *store, size_t first, size_t count, int64_t from_ns,
                     int64_t *ids)
{
    done(store_begin(store, &oops));
    for (size_t i = 0; i < count; i++) {
        double v = (double)(first + i) * 10;
        struct entry entry = {from_ns + (int64_t)i * 3600 * SECOND, {v, v + 1, v + 2}, OUTCOME_OK};
        int64_t id = put_entry(store, first + i, entry);
        if (ids != NULL)
            ids[i] = id;
    }
    done(store_commit(store, &oops));
}

static struct store_retention_report apply(struct store *store, struct store_retention policy,
                                           int64_t now_ns)
{
    struct store_retention_report report, dry;
    struct store_info before, after;
    done(store_info_get(store, &before, &oops));
    done(store_retention_apply(store, &policy, now_ns, true, &dry, &oops));
    done(store_info_get(store, &after, &oops));
    assert_memory_equal(&before.sessions, &after.sessions, 6 * sizeof before.sessions);
    done(store_retention_apply(store, &policy, now_ns, false, &report, &oops));
    assert_memory_equal(&report, &dry, sizeof report); /* a dry run says what happens */
    done(store_check(store, &oops));
    return report;
}

static size_t measurements(struct store *store)
{
    struct store_info info;
    done(store_info_get(store, &info, &oops));
    return (size_t)info.measurements;
}

static bool is_there(struct store *store, int64_t id)
{
    struct measurement *found = NULL;
    size_t count = 0;
    bool there = false;
    done(store_measurement_list(store, &(struct store_filter){0}, &found, &count, &oops));
    for (size_t i = 0; i < count; i++)
        there = there || found[i].id == id;
    free(found);
    return there;
}

static struct rollup *rollups(struct store *store, const struct store_filter *filter,
                              size_t *count)
{
    struct rollup *found = NULL;
    done(store_rollup_list(store, filter, &found, count, &oops));
    return found;
}

TEST(retention__old_days_become_rollups_with_exact_sums)
{
    struct fixture f;
    size_t count;
    fixture_open(&f);
    put_days(f.store, 1, 48, DAY_0, NULL); /* two days; then one that is young enough */
    put_days(f.store, 49, 5, DAY_0 + 2 * DAY, NULL);
    struct store_retention_report report = apply(f.store, month, DAY_0 + 32 * DAY + DAY / 2);
    assert_true(report.measurements == 48 && report.samples == 144 && report.sessions == 48);
    assert_true(report.kept == 0 && report.not_counted == 0 && report.rollups == 0);
    assert_int_equal(measurements(f.store), 5);
    fixture_reopen(&f);
    struct rollup *days = rollups(f.store, &(struct store_filter){.metric_id = "m"}, &count);
    assert_int_equal(count, 2);
    assert_true(days[0].day_ns == DAY_0 && days[1].day_ns == DAY_0 + DAY);
    assert_true(days[0].observations.n == 72 && days[0].values.n == 24);
    assert_true(days[0].observations.min == 10 && days[0].observations.max == 242);
    assert_true(days[0].observations.sum == 3 * (10.0 * 24 * 25 / 2 + 24));
    assert_true(days[0].values.min == 11 && days[0].values.max == 241);
    assert_true(days[0].values.sum == 10.0 * 24 * 25 / 2 + 24);
    store_rollup_list_free(days, count);
    days = rollups(f.store, &(struct store_filter){.since_ns = DAY_0 + 1}, &count);
    assert_int_equal(count, 1);
    store_rollup_list_free(days, count);
    days = rollups(f.store, &(struct store_filter){.app = "till"}, &count);
    assert_int_equal(count, 0);
    store_rollup_list_free(days, count);
    fixture_close(&f);
}

TEST(retention__what_comes_late_is_added_to_its_day)
{
    struct fixture f;
    size_t count;
    fixture_open(&f);
    put_days(f.store, 1, 4, DAY_0, NULL);
    apply(f.store, month, DAY_0 + 60 * DAY);
    put_days(f.store, 5, 3, DAY_0 + DAY / 2, NULL);
    apply(f.store, month, DAY_0 + 61 * DAY);
    struct rollup *days = rollups(f.store, &(struct store_filter){0}, &count);
    assert_int_equal(count, 1);
    assert_true(days->values.n == 7 && days->observations.n == 21);
    assert_true(days->values.sum == 10.0 * 28 + 7 && days->observations.max == 72);
    store_rollup_list_free(days, count);
    fixture_close(&f);
}

TEST(retention__a_day_of_many_slices_is_one_rollup)
{
    struct fixture f;
    size_t count;
    fixture_open(&f);
    done(store_begin(f.store, &oops));
    for (size_t i = 0; i < 1234; i++)
        put_entry(f.store, i, (struct entry){DAY_0 + (int64_t)i * SECOND, {1, 2, 3}, OUTCOME_OK});
    done(store_commit(f.store, &oops));
    struct store_retention_report report = apply(f.store, month, DAY_0 + 60 * DAY);
    assert_int_equal(report.measurements, 1234);
    struct rollup *days = rollups(f.store, &(struct store_filter){0}, &count);
    assert_int_equal(count, 1);
    assert_true(days->values.n == 1234 && days->observations.sum == 6.0 * 1234);
    store_rollup_list_free(days, count);
    fixture_close(&f);
}

TEST(retention__quantiles_are_right_within_one_percent)
{
    static double values[3 * 600], medians[600];
    static const double probabilities[] = {0, 0.05, 0.5, 0.9, 0.95, 0.99, 1};
    struct fixture f;
    size_t count;
    uint32_t seed = 7;
    fixture_open(&f);
    done(store_begin(f.store, &oops));
    for (size_t i = 0; i < 600; i++) {
        struct entry entry = {DAY_0 + (int64_t)i * 60 * SECOND, {0}, OUTCOME_OK};
        for (size_t k = 0; k < 3; k++) {
            seed = seed * 1664525 + 1013904223;
            entry.values[k] = values[3 * i + k] = exp((double)(seed >> 8) / 1e6 - 8);
        }
        medians[i] = entry.values[1];
        put_entry(f.store, i, entry);
    }
    done(store_commit(f.store, &oops));
    apply(f.store, month, DAY_0 + 60 * DAY);
    struct rollup *days = rollups(f.store, &(struct store_filter){0}, &count);
    assert_int_equal(count, 1);
    for (size_t i = 0; i < sizeof probabilities / sizeof probabilities[0]; i++) {
        double exact = quantile(values, 1800, probabilities[i]),
               exact_value = quantile(medians, 600, probabilities[i]);
        assert_true(fabs(rollup_quantile(&days->observations, probabilities[i]) - exact) <=
                    0.01 * exact);
        assert_true(fabs(rollup_quantile(&days->values, probabilities[i]) - exact_value) <=
                    0.01 * exact_value);
    }
    store_rollup_list_free(days, count);
    fixture_close(&f);
}

TEST(retention__the_newest_and_the_baselines_window_stay)
{
    struct fixture f;
    int64_t ids[40];
    struct baseline_standing standing;
    fixture_open(&f);
    put_days(f.store, 1, 40, DAY_0, ids);
    struct measurement *all = NULL;
    size_t count = 0;
    done(store_measurement_list(f.store, &(struct store_filter){0}, &all, &count, &oops));
    baseline_standing_init(&standing, all[0].series_id);
    free(all);
    standing.baseline.state = BASELINE_PINNED;
    standing.baseline.first_id = ids[3];
    standing.baseline.last_id = ids[6];
    standing.start_after_id = ids[1];
    standing.judged_id = ids[20];
    done(store_begin(f.store, &oops));
    done(store_standing_put(f.store, &standing, &oops));
    done(store_commit(f.store, &oops));
    struct store_retention policy = month;
    policy.keep = 10;
    struct store_retention_report report = apply(f.store, policy, DAY_0 + 60 * DAY);
    assert_int_equal(report.kept, 10 + 4 + 2);
    for (size_t i = 0; i < 40; i++) {
        bool stays = i >= 30 || (i >= 3 && i <= 6) || i == 1 || i == 20;
        assert_int_equal(is_there(f.store, ids[i]), stays);
    }
    fixture_close(&f);
}

TEST(retention__what_an_alert_names_stays_and_so_does_the_alert)
{
    struct fixture f;
    int64_t ids[20];
    fixture_open(&f);
    put_days(f.store, 1, 20, DAY_0, ids);
    struct measurement *all = NULL;
    struct alert *alerts = NULL;
    size_t count = 0;
    done(store_measurement_list(f.store, &(struct store_filter){0}, &all, &count, &oops));
    struct alert live = {.series_id = all[0].series_id,
                         .kind = ALERT_STEP,
                         .state = ALERT_OPEN,
                         .good_measurement_id = ids[9],
                         .bad_measurement_id = ids[11]},
                 old = {.series_id = all[0].series_id,
                        .kind = ALERT_BASELINE,
                        .state = ALERT_RESOLVED,
                        .good_measurement_id = ids[14],
                        .bad_measurement_id = ids[15]};
    struct verdict verdict = {
        .severity = SEVERITY_ERROR, .window_first_id = ids[4], .window_last_id = ids[8]};
    struct alert_event event = {.who = "tare"};
    free(all);
    done(store_begin(f.store, &oops));
    done(store_alert_put(f.store, &live, &oops));
    done(store_alert_put(f.store, &old, &oops));
    event.alert_id = old.id;
    done(store_alert_event_add(f.store, &event, &oops));
    done(store_verdict_put(f.store, ids[11], &verdict, &oops));
    done(store_verdict_put(f.store, ids[15], &verdict, &oops));
    done(store_commit(f.store, &oops));
    apply(f.store, month, DAY_0 + 400 * DAY);
    for (size_t i = 0; i < 20; i++) {
        bool stays = (i >= 4 && i <= 8) || i == 9 || i == 11 || i == 14 || i == 15;
        assert_int_equal(is_there(f.store, ids[i]), stays);
    }
    struct verdict back[2];
    done(store_verdict_list(f.store, (int64_t[]){ids[11], ids[15]}, 2, back, &oops));
    assert_true(back[0].severity == SEVERITY_ERROR && back[1].severity == SEVERITY_ERROR);
    done(store_alert_list(f.store, &(struct store_filter){0}, false, &alerts, &count, &oops));
    assert_int_equal(count, 2);
    free(alerts);
    struct alert_event *events = NULL;
    done(store_alert_event_list(f.store, old.id, &events, &count, &oops));
    assert_int_equal(count, 1);
    free(events);
    fixture_close(&f);
}

TEST(retention__what_never_counted_enters_no_rollup)
{
    struct fixture f;
    size_t count;
    fixture_open(&f);
    done(store_begin(f.store, &oops));
    put_entry(f.store, 1, (struct entry){DAY_0, {1, 2, 3}, OUTCOME_OK});
    put_entry(f.store, 2, (struct entry){DAY_0, {100, 200, 300}, OUTCOME_CRASHED});
    put_entry(f.store, 3, (struct entry){DAY_0, {100, 200, 300}, OUTCOME_FAILED});
    done(store_commit(f.store, &oops));
    struct store_retention_report report = apply(f.store, month, DAY_0 + 60 * DAY);
    assert_true(report.measurements == 3 && report.not_counted == 2 && report.sessions == 3);
    struct rollup *days = rollups(f.store, &(struct store_filter){0}, &count);
    assert_int_equal(count, 1);
    assert_true(days->values.n == 1 && days->observations.max == 3);
    store_rollup_list_free(days, count);
    fixture_close(&f);
}

TEST(retention__a_window_that_goes_on_stays)
{
    struct fixture f;
    fixture_open(&f);
    struct session session = a_session(SESSION_A, DAY_0);
    session.outcome = OUTCOME_RUNNING;
    done(store_begin(f.store, &oops));
    int64_t series = put_series(f.store, "m", &session);
    struct measurement one = a_measurement(series, SESSION_A, DAY_0, 1);
    one.final = false;
    done(store_measurement_put(f.store, &one, &oops));
    done(store_commit(f.store, &oops));
    struct store_retention_report report = apply(f.store, month, DAY_0 + 60 * DAY);
    assert_true(report.measurements == 0 && report.sessions == 0 && report.kept == 1);
    assert_true(is_there(f.store, one.id));
    fixture_close(&f);
}

TEST(retention__rollups_and_batches_go_in_their_time)
{
    struct fixture f;
    size_t count;
    bool fresh;
    fixture_open(&f);
    int64_t now_ns = clock_now_ns(), today_ns = now_ns - now_ns % DAY;
    put_days(f.store, 1, 30, today_ns - 366 * DAY, NULL);
    done(store_begin(f.store, &oops));
    done(store_batch_claim(f.store, "b", &fresh, &oops));
    done(store_commit(f.store, &oops));
    struct store_retention_report report = apply(f.store, month, now_ns);
    assert_true(report.measurements == 30 && report.rollups == 1 && report.batches == 0);
    struct rollup *days = rollups(f.store, &(struct store_filter){0}, &count);
    assert_int_equal(count, 1);
    assert_int_equal(days->values.n, 6);
    store_rollup_list_free(days, count);
    report = apply(f.store, month, now_ns + 366 * DAY);
    assert_true(report.rollups == 1 && report.batches == 1);
    fixture_close(&f);
}

TEST(retention__zero_days_mean_for_ever)
{
    struct fixture f;
    fixture_open(&f);
    put_days(f.store, 1, 10, DAY_0, NULL);
    apply(f.store, (struct store_retention){0}, DAY_0 + 10000 * DAY);
    assert_int_equal(measurements(f.store), 10);
    apply(f.store, (struct store_retention){.rollup_days = 1}, DAY_0 + 10000 * DAY);
    assert_int_equal(measurements(f.store), 10);
    apply(f.store, (struct store_retention){.raw_days = 1}, DAY_0 + 10000 * DAY);
    assert_int_equal(measurements(f.store), 0);
    fixture_close(&f);
}

TEST(retention__is_daily_when_asked_daily)
{
    struct fixture f;
    bool applied = false;
    struct store_retention_report report;
    fixture_open(&f);
    put_days(f.store, 1, 3, DAY_0, NULL);
    done(store_retention_daily(f.store, &month, DAY_0 + 60 * DAY, &applied, &report, &oops));
    assert_true(applied && report.measurements == 3);
    put_days(f.store, 4, 3, DAY_0, NULL);
    done(store_retention_daily(f.store, &month, DAY_0 + 60 * DAY + SECOND, &applied, &report,
                               &oops));
    assert_false(applied);
    assert_int_equal(measurements(f.store), 3);
    fixture_reopen(&f);
    done(store_retention_daily(f.store, &month, DAY_0 + 61 * DAY, &applied, &report, &oops));
    assert_true(applied && report.measurements == 3);
    fixture_close(&f);
}

TEST(retention__within_a_transaction_is_refused)
{
    struct fixture f;
    struct store_retention_report report;
    fixture_open(&f);
    done(store_begin(f.store, &oops));
    done(store_setting_put(f.store, "a", "1", &oops));
    refused(store_retention_apply(f.store, &month, DAY_0, true, &report, &oops), TARE_E_USAGE);
    refused(store_retention_apply(f.store, &month, DAY_0, false, &report, &oops), TARE_E_USAGE);
    done(store_commit(f.store, &oops));
    fixture_close(&f);
}

TEST(retention__what_is_left_can_still_be_asked_for_what_came_before)
{
    struct fixture f;
    int64_t ids[10];
    size_t count = 0;
    struct measurement *found = NULL;
    fixture_open(&f);
    put_days(f.store, 1, 10, DAY_0, ids);
    struct store_retention policy = month;
    policy.keep = 4;
    apply(f.store, policy, DAY_0 + 60 * DAY);
    struct store_filter filter = {.after_measurement_id = ids[2]}; /* has gone */
    done(store_measurement_list(f.store, &filter, &found, &count, &oops));
    assert_int_equal(count, 4);
    free(found);
    filter = (struct store_filter){.before_measurement_id = ids[2]};
    done(store_measurement_list(f.store, &filter, &found, &count, &oops));
    assert_int_equal(count, 0);
    free(found);
    fixture_close(&f);
}

/* What is as old as history but came today is not old: 30 days later it is, and a year after that
 * its days are. */
TEST(retention__age_counts_from_when_it_was_taken_in)
{
    struct fixture f;
    size_t count;
    const int64_t arrival_ns = DAY_0 + 200 * DAY;
    fixture_open(&f);
    taken_ns = arrival_ns;
    put_days(f.store, 1, 48, DAY_0, NULL);
    taken_ns = 0;
    struct store_retention_report report = apply(f.store, month, arrival_ns + 30 * DAY);
    assert_true(report.measurements == 0 && report.young == 48 && report.kept == 0);
    assert_int_equal(measurements(f.store), 48);
    put_days(f.store, 100, 3, DAY_0 + DAY, NULL); /* of the same days, and here since then */
    report = apply(f.store, month, arrival_ns + 30 * DAY);
    assert_true(report.measurements == 3 && report.young == 48);
    report = apply(f.store, month, arrival_ns + 32 * DAY);
    assert_true(report.measurements == 48 && report.young == 0 && report.rollups == 0);
    report = apply(f.store, month, arrival_ns + 365 * DAY);
    assert_int_equal(report.rollups, 0);
    struct rollup *days = rollups(f.store, &(struct store_filter){0}, &count);
    assert_true(count == 2 && days[0].taken_ns == arrival_ns && days[1].taken_ns == arrival_ns);
    assert_int_equal(days[1].values.n, 24 + 3);
    store_rollup_list_free(days, count);
    report = apply(f.store, month, arrival_ns + 367 * DAY);
    assert_int_equal(report.rollups, 2);
    fixture_close(&f);
}

TEST(retention__a_session_is_taken_in_once)
{
    struct fixture f;
    struct session *found = NULL;
    size_t count = 0;
    fixture_open(&f);
    struct session session = a_session(SESSION_A, DAY_0);
    session.taken_ns = DAY_0 + 5 * DAY;
    done(store_begin(f.store, &oops));
    done(store_session_put(f.store, &session, &oops));
    session.taken_ns = DAY_0 + 50 * DAY;
    session.ended_ns = DAY_0 + DAY;
    done(store_session_put(f.store, &session, &oops));
    session.taken_ns = 0; /* now */
    snprintf(session.id, sizeof session.id, "%s", SESSION_B);
    int64_t before_ns = clock_now_ns();
    done(store_session_put(f.store, &session, &oops));
    done(store_commit(f.store, &oops));
    done(store_session_list(f.store, &(struct store_filter){.session_id = SESSION_A}, &found,
                            &count, &oops));
    assert_true(count == 1 && found[0].taken_ns == DAY_0 + 5 * DAY);
    store_session_list_free(found, count);
    done(store_session_list(f.store, &(struct store_filter){.session_id = SESSION_B}, &found,
                            &count, &oops));
    assert_true(count == 1 && found[0].taken_ns >= before_ns);
    store_session_list_free(found, count);
    fixture_close(&f);
}

/* An entry at a commit, each an hour later. */
static int64_t put_at_commit(struct store *store, size_t number, const char *commit)
{
    char name[UUID_TEXT_SIZE];
    int64_t time_ns = DAY_0 + (int64_t)number * 3600 * SECOND;
    struct session session = a_session(session_name(name, number), time_ns);
    session.commit = (char *)commit;
    int64_t series = put_series(store, "m", &session);
    struct measurement one = a_measurement(series, name, time_ns, (double)number);
    done(store_measurement_put(store, &one, &oops));
    return one.id;
}

TEST(retention__of_commits_to_keep_the_newest_stay)
{
    static const char *const wanted[] = {"aaaa", "cccc", "dddd"};
    struct fixture f;
    int64_t ids[30];
    fixture_open(&f);
    done(store_begin(f.store, &oops));
    for (size_t i = 0; i < 30; i++)
        ids[i] = put_at_commit(f.store, i, i < 10 ? "aaaa" : i < 20 ? "bbbb" : "cccc");
    done(store_retention_keep(f.store, wanted, 3, &oops));
    done(store_retention_keep(f.store, wanted, 3, &oops));
    done(store_commit(f.store, &oops));
    struct store_retention policy = month;
    policy.keep_of_commit = 4;
    struct store_retention_report report = apply(f.store, policy, DAY_0 + 60 * DAY);
    assert_int_equal(report.kept, 8);
    for (size_t i = 0; i < 30; i++)
        assert_int_equal(is_there(f.store, ids[i]), (i >= 6 && i < 10) || i >= 26);
    done(store_begin(f.store, &oops)); /* that one came later, and its note with it */
    put_at_commit(f.store, 40, "dddd");
    done(store_commit(f.store, &oops));
    report = apply(f.store, policy, DAY_0 + 70 * DAY);
    assert_int_equal(report.kept, 8);
    fixture_close(&f);
}

/* With a budget a call does a little, and the next one goes on there, whoever makes it. */
TEST(retention__goes_on_where_its_budget_ended)
{
    struct fixture f;
    size_t count, calls = 0;
    bool applied = true;
    struct store_retention policy = month;
    struct store_retention_report report;
    policy.budget_ns = 1;
    fixture_open(&f);
    done(store_begin(f.store, &oops));
    for (size_t i = 0; i < 1700; i++)
        put_entry(f.store, i, (struct entry){DAY_0 + (int64_t)i * SECOND, {1, 2, 3}, OUTCOME_OK});
    done(store_commit(f.store, &oops));
    size_t left = 1700;
    do {
        done(store_retention_daily(f.store, &policy, DAY_0 + 60 * DAY, &applied, &report, &oops));
        assert_true(applied && report.measurements <= 250);
        left -= (size_t)report.measurements;
        assert_int_equal(measurements(f.store), left);
        fixture_reopen(&f);
        calls++;
    } while (report.more);
    assert_true(left == 0 && calls >= 4 && calls < 20);
    done(store_retention_daily(f.store, &policy, DAY_0 + 60 * DAY, &applied, &report, &oops));
    assert_false(applied);
    struct rollup *days = rollups(f.store, &(struct store_filter){0}, &count);
    assert_true(count == 1 && days->values.n == 1700);
    store_rollup_list_free(days, count);
    struct store_info info;
    done(store_info_get(f.store, &info, &oops));
    assert_true(info.sessions == 0 && info.samples == 0);
    fixture_close(&f);
}

/* What a pass looks through and leaves is not looked through again by every call. */
TEST(retention__does_not_begin_anew_with_what_stays)
{
    struct fixture f;
    size_t calls = 0;
    bool applied = true;
    struct store_retention policy = month;
    struct store_retention_report report;
    policy.budget_ns = 1;
    policy.keep = 2000;
    fixture_open(&f);
    done(store_begin(f.store, &oops));
    for (size_t i = 0; i < 1700; i++)
        put_entry(f.store, i, (struct entry){DAY_0 + (int64_t)i * SECOND, {1, 2, 3}, OUTCOME_OK});
    done(store_commit(f.store, &oops));
    int64_t kept = 0;
    do {
        done(store_retention_daily(f.store, &policy, DAY_0 + 60 * DAY, &applied, &report, &oops));
        kept += report.kept;
    } while (report.more && ++calls < 20);
    assert_true(kept == 1700 && calls < 12);
    assert_int_equal(measurements(f.store), 1700);
    fixture_close(&f);
}

TEST(retention__says_how_much_becomes_free)
{
    struct fixture f;
    fixture_open(&f);
    done(store_begin(f.store, &oops));
    for (size_t i = 0; i < 2000; i++)
        put_entry(f.store, i, (struct entry){DAY_0 + (int64_t)i * SECOND, {1, 2, 3}, OUTCOME_OK});
    done(store_commit(f.store, &oops));
    struct store_retention_report report = apply(f.store, month, DAY_0 + 60 * DAY);
    assert_true(report.bytes > 2000 * 200);
    report = apply(f.store, month, DAY_0 + 61 * DAY);
    assert_int_equal(report.bytes, 0);
    fixture_close(&f);
}

/* A program hands over once; a file may be imported again. */
TEST(retention__notes_of_hand_overs_go_with_their_session)
{
    struct fixture f;
    bool fresh = false;
    fixture_open(&f);
    done(store_begin(f.store, &oops));
    static const char *const sources[] = {"libtare", "tare run", "go"};
    char name[UUID_TEXT_SIZE], id[UUID_TEXT_SIZE + 8];
    for (size_t i = 0; i < 3; i++) {
        struct session session = a_session(session_name(name, i), DAY_0);
        session.source = (char *)sources[i];
        int64_t series = put_series(f.store, "m", &session);
        struct measurement one = a_measurement(series, name, DAY_0, 1);
        done(store_measurement_put(f.store, &one, &oops));
        snprintf(id, sizeof id, "%s.0", name);
        done(store_batch_claim(f.store, id, &fresh, &oops));
    }
    done(store_commit(f.store, &oops));
    apply(f.store, month, DAY_0 + 60 * DAY);
    done(store_begin(f.store, &oops));
    for (size_t i = 0; i < 3; i++) {
        snprintf(id, sizeof id, "%s.0", session_name(name, i));
        done(store_batch_claim(f.store, id, &fresh, &oops));
        assert_int_equal(fresh, i < 2);
    }
    store_rollback(f.store);
    fixture_close(&f);
}

TEST(retention__compacting_gives_back_what_is_free_and_keeps_the_rest)
{
    struct fixture f;
    int64_t bytes = 0, none = 0;
    struct store_info before, after;
    fixture_open(&f);
    done(store_begin(f.store, &oops));
    for (size_t i = 0; i < 2000; i++)
        put_entry(f.store, i, (struct entry){DAY_0 + (int64_t)i * SECOND, {1, 2, 3}, OUTCOME_OK});
    refused(store_compact(f.store, &bytes, &oops), TARE_E_USAGE);
    done(store_commit(f.store, &oops));
    struct store_retention policy = month;
    policy.keep = 100;
    struct store_retention_report report = apply(f.store, policy, DAY_0 + 60 * DAY);
    done(store_info_get(f.store, &before, &oops));
    if (f.folder != NULL) { /* in memory nothing is anybody's file */
        done(store_compact(f.store, &bytes, &oops));
        assert_true(bytes >= report.bytes - 100 * 4096);
        done(store_compact(f.store, &none, &oops));
        assert_true(none >= 0 && none < 10 * 4096);
        done(store_check(f.store, &oops));
        fixture_reopen(&f);
    }
    done(store_info_get(f.store, &after, &oops));
    assert_int_equal(measurements(f.store), 100);
    assert_memory_equal(&before.sessions, &after.sessions, 6 * sizeof before.sessions);
    assert_true(after.own_file == before.own_file);
    fixture_close(&f);
}
