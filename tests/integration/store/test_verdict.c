#include "fixture.h"

#include <stdlib.h>

static struct verdict a_verdict(void)
{
    return (struct verdict){.severity = SEVERITY_CRITICAL,
                            .tiers = TIER_THRESHOLD | TIER_STATISTICAL,
                            .target_severity = SEVERITY_WARNING,
                            .baseline_severity = SEVERITY_CRITICAL,
                            .deviation_target_percent = 1.0 / 3,
                            .deviation_baseline_percent = -2.5,
                            .z = 3.25,
                            .z_target = NAN,
                            .p = 1e-10,
                            .ratio = 4.5,
                            .known = true,
                            .learning = false,
                            .reason = "37 % over the baseline",
                            .centre = 12.5,
                            .spread = 0.5,
                            .baseline_n = 20,
                            .window_first_id = 3,
                            .window_last_id = 22};
}

TEST(verdict__every_field_comes_back_in_the_order_asked)
{
    struct fixture f;
    int64_t ids[4];
    fixture_open(&f);
    put_history(f.store, 4, ids);
    struct verdict put = a_verdict(), other = {.reason = "fine", .learning = true, .z = NAN};
    done(store_begin(f.store, &oops));
    done(store_verdict_put(f.store, ids[2], &other, &oops));
    done(store_verdict_put(f.store, ids[2], &put, &oops)); /* replaces */
    other.severity = SEVERITY_INFO;
    done(store_verdict_put(f.store, ids[0], &other, &oops));
    done(store_commit(f.store, &oops));
    fixture_reopen(&f);
    const int64_t asked[] = {ids[2], ids[1], ids[0]};
    struct verdict back[3];
    done(store_verdict_list(f.store, asked, 3, back, &oops));
    assert_int_equal(back[0].severity, SEVERITY_CRITICAL);
    assert_int_equal(back[0].tiers, put.tiers);
    assert_int_equal(back[0].target_severity, SEVERITY_WARNING);
    assert_int_equal(back[0].baseline_severity, SEVERITY_CRITICAL);
    assert_true(back[0].deviation_target_percent == put.deviation_target_percent);
    assert_true(back[0].deviation_baseline_percent == -2.5 && back[0].z == 3.25);
    assert_true(isnan(back[0].z_target) && back[0].p == 1e-10 && back[0].ratio == 4.5);
    assert_true(back[0].known && !back[0].learning);
    assert_string_equal(back[0].reason, put.reason);
    assert_true(back[0].centre == 12.5 && back[0].spread == 0.5 && back[0].baseline_n == 20);
    assert_true(back[0].window_first_id == 3 && back[0].window_last_id == 22);
    assert_int_equal(back[1].severity, SEVERITY_OK);
    assert_true(isnan(back[1].z) && isnan(back[1].p) && isnan(back[1].centre));
    assert_int_equal(back[1].tiers, 0);
    assert_true(back[2].learning);
    assert_string_equal(back[2].reason, "fine");
    fixture_close(&f);
}

TEST(verdict__is_forgotten_when_nothing_names_it)
{
    struct fixture f;
    int64_t ids[5];
    fixture_open(&f);
    struct alert alert = {.series_id = put_history(f.store, 5, ids),
                          .kind = ALERT_STEP,
                          .good_measurement_id = ids[1],
                          .bad_measurement_id = ids[2]};
    done(store_begin(f.store, &oops));
    for (size_t i = 0; i < 5; i++) {
        struct verdict verdict = {.severity = i == 1 ? SEVERITY_OK : SEVERITY_INFO, .z = 1};
        done(store_verdict_put(f.store, ids[i], &verdict, &oops));
    }
    done(store_alert_put(f.store, &alert, &oops));
    struct alert_event event = {.alert_id = alert.id, .measurement_id = ids[3], .who = "tare"};
    done(store_alert_event_add(f.store, &event, &oops));
    for (size_t i = 0; i < 4; i++)
        done(store_verdict_forget(f.store, ids[i], &oops));
    done(store_verdict_forget(f.store, 0, &oops)); /* there is none */
    done(store_commit(f.store, &oops));
    fixture_reopen(&f);
    struct verdict back[5];
    done(store_verdict_list(f.store, ids, 5, back, &oops));
    assert_true(isnan(back[0].z) && back[0].severity == SEVERITY_OK);
    assert_true(isnan(back[1].z)); /* named, but ok */
    for (size_t i = 2; i < 5; i++)
        assert_true(back[i].z == 1);
    fixture_close(&f);
}

TEST(verdict__standing_begins_learning_and_comes_back)
{
    struct fixture f;
    struct baseline_standing put, back;
    fixture_open(&f);
    int64_t series = put_history(f.store, 1, NULL);
    done(store_standing_get(f.store, series, &back, &oops));
    assert_true(back.series_id == series && back.baseline.state == BASELINE_LEARNING);
    assert_true(isnan(back.baseline.centre) && back.baseline.n == 0 && back.judged_id == 0);
    baseline_standing_init(&put, series);
    put.baseline = (struct baseline){.state = BASELINE_PINNED,
                                     .centre = 10.25,
                                     .spread = 0.5,
                                     .low = 9,
                                     .high = NAN,
                                     .confidence = 0.75,
                                     .n = 20,
                                     .spread_at_floor = true,
                                     .computed_ns = 1234567890123456789,
                                     .first_id = 4,
                                     .last_id = 5};
    put.since_update = 3;
    put.frozen_for = 2;
    put.start_after_id = 8;
    put.judged_id = 9;
    put.judged_ns = 1234567890123456780;
    strcpy(put.pin, "v1.0");
    done(store_begin(f.store, &oops));
    done(store_standing_put(f.store, &put, &oops));
    done(store_standing_put(f.store, &put, &oops));
    done(store_commit(f.store, &oops));
    fixture_reopen(&f);
    done(store_standing_get(f.store, series, &back, &oops));
    assert_int_equal(back.baseline.state, BASELINE_PINNED);
    assert_true(back.baseline.centre == 10.25 && back.baseline.spread == 0.5);
    assert_true(back.baseline.low == 9 && isnan(back.baseline.high));
    assert_true(back.baseline.confidence == 0.75 && back.baseline.n == 20);
    assert_true(back.baseline.spread_at_floor);
    assert_true(back.baseline.computed_ns == put.baseline.computed_ns);
    assert_true(back.baseline.first_id == 4 && back.baseline.last_id == 5);
    assert_true(back.since_update == 3 && back.frozen_for == 2 && back.start_after_id == 8);
    assert_true(back.judged_id == 9 && back.judged_ns == put.judged_ns);
    assert_string_equal(back.pin, "v1.0");
    fixture_close(&f);
}

TEST(verdict__series_that_wait_for_one_are_known_until_they_have_it)
{
    struct fixture f;
    int64_t *ids = NULL;
    size_t count = 0;
    fixture_open(&f);
    int64_t first = put_history(f.store, 2, NULL);
    const struct session session = a_session(SESSION_A, 1000 * SECOND);
    done(store_begin(f.store, &oops));
    int64_t second = put_series(f.store, "other", &session);
    done(store_unjudged_put(f.store, second, true, &oops));
    done(store_unjudged_put(f.store, first, true, &oops));
    done(store_unjudged_put(f.store, second, true, &oops)); /* as often as something comes */
    done(store_commit(f.store, &oops));
    fixture_reopen(&f);
    done(store_begin(f.store, &oops));
    done(store_unjudged_put(f.store, first, false, &oops));
    store_rollback(f.store); /* who was to judge was stopped */
    done(store_unjudged_list(f.store, &ids, &count, &oops));
    assert_int_equal(count, 2);
    assert_true(ids[0] == first && ids[1] == second && first < second);
    free(ids);
    done(store_begin(f.store, &oops));
    done(store_unjudged_put(f.store, first, false, &oops));
    done(store_unjudged_put(f.store, first, false, &oops));
    done(store_commit(f.store, &oops));
    done(store_unjudged_list(f.store, &ids, &count, &oops));
    assert_int_equal(count, 1);
    assert_true(ids[0] == second);
    free(ids);
    fixture_close(&f);
}
