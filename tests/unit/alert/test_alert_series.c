#include "alert/alert_series.h"

#include "suite.h"

struct bench {
    struct alert_series series;
    struct alert_sign signs[ALERT_KIND_COUNT];
    struct alert_series_event events[ALERT_SERIES_EVENTS];
    struct alert_occasion occasion;
    size_t count;
};

static void bench_init(struct bench *bench)
{
    memset(bench, 0, sizeof *bench);
    alert_series_init(&bench->series, 7);
    bench->occasion = (struct alert_occasion){.series_id = 7, .time_ns = 100, .value = 130};
}

static void say(struct bench *bench, enum alert_kind kind, enum severity seen,
                enum severity evidence)
{
    bench->signs[kind] = (struct alert_sign){
        .judged = true, .seen = seen, .evidence = evidence, .expected = 100, .reason = "because"};
}

static void take(struct bench *bench)
{
    bench->occasion.time_ns += 100;
    bench->occasion.measurement_id++;
    bench->count = alert_series_take(&bench->series, bench->signs, &bench->occasion,
                                     bench->events);
    memset(bench->signs, 0, sizeof bench->signs);
}

TEST(alert_series__kinds_live_side_by_side)
{
    struct bench bench;
    bench_init(&bench);
    say(&bench, ALERT_TARGET, SEVERITY_ERROR, SEVERITY_ERROR);
    say(&bench, ALERT_TREND, SEVERITY_WARNING, SEVERITY_WARNING);
    take(&bench);
    say(&bench, ALERT_TARGET, SEVERITY_CRITICAL, SEVERITY_ERROR);
    say(&bench, ALERT_BASELINE, SEVERITY_ERROR, SEVERITY_ERROR);
    say(&bench, ALERT_TREND, SEVERITY_WARNING, SEVERITY_WARNING);
    take(&bench);
    assert_int_equal(bench.count, 3);
    assert_int_equal(bench.events[0].kind, ALERT_TARGET);
    assert_int_equal(bench.events[0].event.severity, SEVERITY_ERROR);
    assert_true(bench.series.changed[ALERT_TARGET] && bench.series.changed[ALERT_BASELINE]);
    assert_false(bench.series.changed[ALERT_STEP]);
    assert_false(alert_series_holds(&bench.series));
}

TEST(alert_series__no_drift_opens_beside_what_may_be_a_step)
{
    struct bench bench;
    bench_init(&bench);
    say(&bench, ALERT_BASELINE, SEVERITY_ERROR, SEVERITY_ERROR);
    say(&bench, ALERT_TREND, SEVERITY_WARNING, SEVERITY_WARNING);
    take(&bench);
    assert_int_equal(bench.count, 1);
    assert_int_equal(bench.events[0].kind, ALERT_BASELINE);
    assert_false(alert_exists(&bench.series.alerts[ALERT_TREND]));
}

TEST(alert_series__one_drift_is_one_alert)
{
    struct bench bench;
    bench_init(&bench);
    say(&bench, ALERT_TREND, SEVERITY_WARNING, SEVERITY_WARNING);
    take(&bench);
    for (int i = 0; i < 3; i++) {
        say(&bench, ALERT_BASELINE, SEVERITY_ERROR, SEVERITY_WARNING);
        say(&bench, ALERT_TREND, SEVERITY_WARNING, SEVERITY_WARNING);
        take(&bench);
        assert_int_equal(bench.count, 1);
        assert_int_equal(bench.events[0].kind, ALERT_TREND);
        assert_int_equal(bench.events[0].event.action, ALERT_ACTION_REPEATED);
    }
    assert_false(alert_exists(&bench.series.alerts[ALERT_BASELINE]));
    say(&bench, ALERT_BASELINE, SEVERITY_ERROR, SEVERITY_ERROR); /* that is more than the drift */
    take(&bench);
    assert_int_equal(bench.events[0].kind, ALERT_BASELINE);
    assert_int_equal(bench.events[0].event.action, ALERT_ACTION_OPENED);
    for (int i = 0; i < 3; i++) { /* and that ends by itself, though the drift goes on */
        say(&bench, ALERT_BASELINE, SEVERITY_OK, SEVERITY_OK);
        say(&bench, ALERT_TREND, SEVERITY_WARNING, SEVERITY_WARNING);
        take(&bench);
    }
    assert_int_equal(bench.events[0].event.action, ALERT_ACTION_RESOLVED);
    assert_true(alert_is_live(&bench.series.alerts[ALERT_TREND]));
}

TEST(alert_series__a_step_takes_over_the_baseline_alert)
{
    struct bench bench;
    bench_init(&bench);
    say(&bench, ALERT_BASELINE, SEVERITY_ERROR, SEVERITY_ERROR);
    bench.signs[ALERT_BASELINE].bad_commit = "bbbb";
    bench.signs[ALERT_BASELINE].bad_measurement_id = 9;
    take(&bench);
    say(&bench, ALERT_BASELINE, SEVERITY_ERROR, SEVERITY_ERROR);
    say(&bench, ALERT_STEP, SEVERITY_ERROR, SEVERITY_ERROR);
    take(&bench);
    assert_int_equal(bench.count, 2);
    assert_int_equal(bench.events[0].kind, ALERT_STEP);
    assert_int_equal(bench.events[0].event.action, ALERT_ACTION_OPENED);
    assert_int_equal(bench.events[1].kind, ALERT_BASELINE);
    assert_int_equal(bench.events[1].event.action, ALERT_ACTION_TAKEN_OVER);
    assert_false(bench.events[1].event.notify);
    assert_false(alert_is_live(&bench.series.alerts[ALERT_BASELINE]));
    assert_string_equal(bench.series.alerts[ALERT_STEP].bad_commit, "bbbb");
    assert_int_equal(bench.series.alerts[ALERT_STEP].bad_measurement_id, 9);
    assert_true(alert_series_holds(&bench.series));
}

static void step_takes_over(struct bench *bench, enum severity severity)
{
    say(bench, ALERT_BASELINE, SEVERITY_ERROR, SEVERITY_ERROR);
    say(bench, ALERT_STEP, severity, severity);
    take(bench);
    assert_int_equal(bench->events[0].kind, ALERT_STEP);
    assert_int_equal(bench->events[0].event.action, ALERT_ACTION_OPENED);
}

static void order(struct alert *alert, enum alert_order what)
{
    struct alert_event event;
    const struct alert_command command = {
        .order = what, .who = "ann", .now_ns = 250, .until_ns = 5000};
    assert_int_equal(alert_obey(alert, &command, &event, NULL), TARE_OK);
}

TEST(alert_series__who_was_told_of_a_regression_is_not_told_again_of_its_step)
{
    struct bench bench;
    bench_init(&bench);
    say(&bench, ALERT_BASELINE, SEVERITY_ERROR, SEVERITY_ERROR);
    take(&bench);
    assert_true(bench.events[0].event.notify);
    step_takes_over(&bench, SEVERITY_ERROR);
    assert_false(bench.events[0].event.notify);
    assert_int_equal(bench.series.alerts[ALERT_STEP].state, ALERT_OPEN);
}

TEST(alert_series__a_step_that_is_graver_is_told)
{
    struct bench bench;
    bench_init(&bench);
    say(&bench, ALERT_BASELINE, SEVERITY_ERROR, SEVERITY_ERROR);
    take(&bench);
    order(&bench.series.alerts[ALERT_BASELINE], ALERT_ORDER_ACKNOWLEDGE);
    step_takes_over(&bench, SEVERITY_CRITICAL);
    assert_true(bench.events[0].event.notify);
    assert_int_equal(bench.series.alerts[ALERT_STEP].state, ALERT_OPEN);
}

TEST(alert_series__a_step_is_acknowledged_as_what_it_explains_was)
{
    struct bench bench;
    bench_init(&bench);
    say(&bench, ALERT_BASELINE, SEVERITY_ERROR, SEVERITY_ERROR);
    take(&bench);
    order(&bench.series.alerts[ALERT_BASELINE], ALERT_ORDER_ACKNOWLEDGE);
    step_takes_over(&bench, SEVERITY_WARNING);
    assert_int_equal(bench.series.alerts[ALERT_STEP].state, ALERT_ACKNOWLEDGED);
    assert_false(bench.events[0].event.notify);
}

TEST(alert_series__a_step_is_muted_as_what_it_explains_was)
{
    struct bench bench;
    bench_init(&bench);
    say(&bench, ALERT_BASELINE, SEVERITY_ERROR, SEVERITY_ERROR);
    take(&bench);
    order(&bench.series.alerts[ALERT_BASELINE], ALERT_ORDER_MUTE);
    step_takes_over(&bench, SEVERITY_CRITICAL);
    assert_false(bench.events[0].event.notify);
    assert_int_equal(bench.series.alerts[ALERT_STEP].muted_until_ns, 5000);
}

TEST(alert_series__while_a_step_lives_the_baseline_speaks_for_it)
{
    struct bench bench;
    bench_init(&bench);
    say(&bench, ALERT_STEP, SEVERITY_WARNING, SEVERITY_WARNING);
    take(&bench);
    for (int i = 0; i < 4; i++) {
        say(&bench, ALERT_BASELINE, SEVERITY_WARNING, SEVERITY_WARNING);
        say(&bench, ALERT_TREND, SEVERITY_WARNING, SEVERITY_WARNING);
        take(&bench);
        assert_int_equal(bench.count, 1);
        assert_int_equal(bench.events[0].kind, ALERT_STEP);
        assert_int_equal(bench.events[0].event.action, ALERT_ACTION_REPEATED);
    }
    assert_int_equal(bench.series.alerts[ALERT_STEP].occurrences, 5);
    assert_false(alert_exists(&bench.series.alerts[ALERT_BASELINE]));
    assert_false(alert_exists(&bench.series.alerts[ALERT_TREND]));
    for (int i = 0; i < 3; i++) {
        say(&bench, ALERT_BASELINE, SEVERITY_OK, SEVERITY_OK);
        take(&bench);
    }
    assert_int_equal(bench.events[0].event.action, ALERT_ACTION_RESOLVED);
    assert_false(alert_series_holds(&bench.series));
}

/* What was resolved before a step is long past when the step is over. */
TEST(alert_series__alerts_age_while_a_step_lives)
{
    struct bench bench;
    bench_init(&bench);
    say(&bench, ALERT_BASELINE, SEVERITY_ERROR, SEVERITY_ERROR);
    take(&bench);
    say(&bench, ALERT_STEP, SEVERITY_ERROR, SEVERITY_ERROR);
    take(&bench); /* takes over */
    for (int i = 0; i < 21; i++)
        take(&bench);
    assert_int_equal(bench.series.alerts[ALERT_BASELINE].since_resolved, 21);
    assert_true(bench.series.changed[ALERT_BASELINE]);
    take(&bench);
    assert_false(bench.series.changed[ALERT_BASELINE]);
    bench.series.alerts[ALERT_STEP].state = ALERT_ACCEPTED;
    say(&bench, ALERT_BASELINE, SEVERITY_ERROR, SEVERITY_ERROR);
    take(&bench);
    assert_int_equal(bench.count, 1);
    assert_int_equal(bench.events[0].event.action, ALERT_ACTION_OPENED);
}

TEST(alert_series__a_step_that_comes_back_is_reopened_by_the_baseline)
{
    struct bench bench;
    bench_init(&bench);
    say(&bench, ALERT_STEP, SEVERITY_ERROR, SEVERITY_ERROR);
    take(&bench);
    for (int i = 0; i < 3; i++) {
        say(&bench, ALERT_STEP, SEVERITY_OK, SEVERITY_OK);
        take(&bench);
    }
    assert_int_equal(bench.events[0].event.action, ALERT_ACTION_RESOLVED);
    say(&bench, ALERT_BASELINE, SEVERITY_ERROR, SEVERITY_OK);
    take(&bench); /* seen once */
    assert_int_equal(bench.count, 0);
    say(&bench, ALERT_BASELINE, SEVERITY_ERROR, SEVERITY_ERROR);
    take(&bench);
    assert_int_equal(bench.count, 1);
    assert_int_equal(bench.events[0].kind, ALERT_STEP);
    assert_int_equal(bench.events[0].event.action, ALERT_ACTION_REOPENED);
    assert_true(alert_series_holds(&bench.series));
    assert_false(alert_exists(&bench.series.alerts[ALERT_BASELINE]));
}

TEST(alert_series__a_step_long_past_is_not_reopened_by_the_baseline)
{
    struct bench bench;
    bench_init(&bench);
    say(&bench, ALERT_STEP, SEVERITY_ERROR, SEVERITY_ERROR);
    take(&bench);
    for (int i = 0; i < 24; i++) {
        say(&bench, ALERT_STEP, SEVERITY_OK, SEVERITY_OK);
        take(&bench);
    }
    say(&bench, ALERT_BASELINE, SEVERITY_ERROR, SEVERITY_ERROR);
    take(&bench);
    assert_int_equal(bench.events[0].kind, ALERT_BASELINE);
    assert_int_equal(bench.events[0].event.action, ALERT_ACTION_OPENED);
}

TEST(alert_series__silence_changes_nothing)
{
    struct bench bench;
    bench_init(&bench);
    take(&bench);
    assert_int_equal(bench.count, 0);
    for (int kind = 0; kind < ALERT_KIND_COUNT; kind++)
        assert_false(bench.series.changed[kind]);
}
