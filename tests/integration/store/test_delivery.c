#include "fixture.h"

#include "base/uuid.h"

#include <stdio.h>
#include <stdlib.h>

/* Two alerts with an event each, within a store of their own. */
struct bench {
    struct fixture f;
    int64_t alerts[2], events[2];
};

static int64_t event_add(struct bench *bench, int64_t alert_id)
{
    struct alert_event event = {.alert_id = alert_id, .time_ns = 50, .notify = true, .who = "x"};
    done(store_alert_event_add(bench->f.store, &event, &oops));
    return event.id;
}

static void bench_open(struct bench *bench)
{
    fixture_open(&bench->f);
    int64_t series = put_history(bench->f.store, 1, NULL);
    done(store_begin(bench->f.store, &oops));
    for (int i = 0; i < 2; i++) {
        struct alert alert = {.series_id = series,
                              .kind = i == 0 ? ALERT_TARGET : ALERT_BASELINE,
                              .severity = SEVERITY_ERROR,
                              .triggered_ns = 50};
        done(store_alert_put(bench->f.store, &alert, &oops));
        bench->alerts[i] = alert.id;
        bench->events[i] = event_add(bench, alert.id);
    }
    done(store_commit(bench->f.store, &oops));
}

static struct delivery add(struct bench *bench, int64_t event, int64_t alert, const char *sink,
                           int64_t now_ns)
{
    struct delivery delivery = {
        .event_id = event, .alert_id = alert, .created_ns = now_ns, .give_up_ns = now_ns + 1000};
    bool fresh = false;
    snprintf(delivery.sink, sizeof delivery.sink, "%s", sink);
    done(store_begin(bench->f.store, &oops));
    done(store_delivery_add(bench->f.store, &delivery, &fresh, &oops));
    done(store_commit(bench->f.store, &oops));
    assert_true(fresh);
    return delivery;
}

static struct store_claim a_claim(const char *sink, int64_t now_ns)
{
    return (struct store_claim){
        .sink = sink, .now_ns = now_ns, .until_ns = now_ns + 30, .claimant = "me", .limit = 10};
}

static size_t due(struct bench *bench, const char *sink, int64_t now_ns)
{
    struct store_claim claim = a_claim(sink, now_ns);
    size_t count = 99;
    done(store_delivery_due(bench->f.store, &claim, &count, &oops));
    return count;
}

/* How many; the first one to `first`. */
static size_t claim(struct bench *bench, const struct store_claim *claim, struct delivery *first)
{
    struct delivery *list = NULL;
    size_t count = 0;
    done(store_begin(bench->f.store, &oops));
    done(store_delivery_claim(bench->f.store, claim, &list, &count, &oops));
    done(store_commit(bench->f.store, &oops));
    if (count > 0)
        *first = list[0];
    free(list);
    return count;
}

static void settle(struct bench *bench, struct delivery *delivery, enum delivery_state state,
                   int64_t next_ns, const char *why, const char *claimant)
{
    delivery->state = state;
    delivery->next_attempt_ns = next_ns;
    delivery->settled_ns = state == DELIVERY_PENDING ? 0 : next_ns;
    snprintf(delivery->last_error, sizeof delivery->last_error, "%s", why);
    done(store_begin(bench->f.store, &oops));
    done(store_delivery_settle(bench->f.store, delivery, claimant, &oops));
    done(store_commit(bench->f.store, &oops));
}

static struct delivery stored(struct bench *bench, int64_t id)
{
    struct delivery *list = NULL, found = {0};
    size_t count = 0;
    done(store_delivery_list(bench->f.store, false, 0, &list, &count, &oops));
    for (size_t i = 0; i < count; i++)
        if (list[i].id == id)
            found = list[i];
    free(list);
    assert_true(found.id == id);
    return found;
}

/* One for the sink "ops", claimed. */
static void bench_open_claimed(struct bench *bench, struct delivery *mine)
{
    const struct store_claim first = a_claim("ops", 100);
    bench_open(bench);
    add(bench, bench->events[0], bench->alerts[0], "ops", 100);
    assert_int_equal(claim(bench, &first, mine), 1);
}

TEST(delivery__an_event_goes_to_a_sink_once)
{
    struct bench b;
    bool fresh = true;
    bench_open(&b);
    struct delivery one = add(&b, b.events[0], b.alerts[0], "ops", 100),
                    two = add(&b, b.events[0], b.alerts[0], "log", 100), again = one;
    assert_true(one.id > 0 && two.id != one.id);
    assert_int_equal(strlen(one.key), UUID_TEXT_SIZE - 1);
    assert_string_not_equal(one.key, two.key);
    done(store_begin(b.f.store, &oops));
    done(store_delivery_add(b.f.store, &again, &fresh, &oops));
    done(store_commit(b.f.store, &oops));
    assert_false(fresh);
    fixture_reopen(&b.f);
    struct delivery back = stored(&b, one.id);
    assert_true(back.event_id == b.events[0] && back.alert_id == b.alerts[0]);
    assert_string_equal(back.sink, "ops");
    assert_string_equal(back.key, one.key);
    assert_true(back.state == DELIVERY_PENDING && back.attempts == 0);
    assert_true(back.created_ns == 100 && back.next_attempt_ns == 100 && back.give_up_ns == 1100);
    assert_true(back.last_attempt_ns == 0 && back.settled_ns == 0);
    fixture_close(&b.f);
}

TEST(delivery__a_claim_keeps_others_off_until_it_ends)
{
    struct bench b;
    struct delivery mine, theirs = {0};
    bench_open(&b);
    struct delivery made = add(&b, b.events[0], b.alerts[0], "ops", 100);
    struct store_claim first = a_claim("ops", 100), second = a_claim("ops", 110);
    second.claimant = "they";
    assert_int_equal(due(&b, "ops", 99), 0);
    assert_int_equal(due(&b, "other", 100), 0);
    assert_int_equal(due(&b, "ops", 100), 1);
    assert_int_equal(claim(&b, &first, &mine), 1);
    assert_true(mine.id == made.id && mine.attempts == 1 && mine.last_attempt_ns == 100);
    assert_string_equal(mine.key, made.key);
    assert_int_equal(due(&b, "ops", 110), 0);
    assert_int_equal(claim(&b, &second, &theirs), 0);
    second.now_ns = 130; /* whoever had it was killed */
    assert_int_equal(claim(&b, &second, &theirs), 1);
    assert_true(theirs.id == made.id && theirs.attempts == 2);
    assert_string_equal(theirs.key, made.key);
    fixture_close(&b.f);
}

TEST(delivery__what_was_delivered_is_not_due_again)
{
    struct bench b;
    struct delivery mine;
    bench_open_claimed(&b, &mine);
    settle(&b, &mine, DELIVERY_DELIVERED, 105, "", "me");
    assert_int_equal(due(&b, "ops", 5000), 0);
    struct delivery back = stored(&b, mine.id);
    assert_true(back.state == DELIVERY_DELIVERED && back.settled_ns == 105);
    fixture_close(&b.f);
}

TEST(delivery__a_failed_attempt_waits_for_the_next)
{
    struct bench b;
    struct delivery mine;
    bench_open_claimed(&b, &mine);
    settle(&b, &mine, DELIVERY_PENDING, 200, "it's down", "me");
    assert_int_equal(due(&b, "ops", 199), 0);
    assert_int_equal(due(&b, "ops", 200), 1);
    assert_string_equal(stored(&b, mine.id).last_error, "it's down");
    fixture_close(&b.f);
}

TEST(delivery__after_a_lost_claim_only_success_counts)
{
    struct bench b;
    struct delivery mine, theirs;
    struct store_claim second = a_claim("ops", 130);
    second.claimant = "they";
    bench_open_claimed(&b, &mine);
    claim(&b, &second, &theirs);
    settle(&b, &mine, DELIVERY_PENDING, 900, "late", "me");
    assert_string_equal(stored(&b, mine.id).last_error, "");
    assert_int_equal(due(&b, "ops", 140), 0); /* their claim stands */
    settle(&b, &mine, DELIVERY_DELIVERED, 141, "", "me");
    assert_int_equal(stored(&b, mine.id).state, DELIVERY_DELIVERED);
    settle(&b, &theirs, DELIVERY_PENDING, 900, "theirs failed", "they");
    assert_int_equal(stored(&b, mine.id).state, DELIVERY_DELIVERED);
    fixture_close(&b.f);
}

TEST(delivery__of_one_alert_what_happened_first_is_told_first)
{
    struct bench b;
    struct delivery got;
    bench_open(&b);
    struct delivery opened = add(&b, b.events[0], b.alerts[0], "ops", 100);
    done(store_begin(b.f.store, &oops));
    int64_t later = event_add(&b, b.alerts[0]);
    done(store_commit(b.f.store, &oops));
    struct delivery resolved = add(&b, later, b.alerts[0], "ops", 101);
    struct delivery other = add(&b, b.events[1], b.alerts[1], "ops", 102);
    struct store_claim now = a_claim("ops", 110);
    assert_int_equal(due(&b, "ops", 110), 2);
    assert_int_equal(claim(&b, &now, &got), 2);
    assert_true(got.id == opened.id && other.id > 0);
    settle(&b, &got, DELIVERY_DELIVERED, 111, "", "me");
    now.claimant = "me again";
    assert_int_equal(claim(&b, &now, &got), 1);
    assert_true(got.id == resolved.id);
    fixture_close(&b.f);
}

TEST(delivery__a_claim_takes_no_more_than_its_limit)
{
    struct bench b;
    struct delivery got;
    bench_open(&b);
    add(&b, b.events[0], b.alerts[0], "ops", 100);
    add(&b, b.events[1], b.alerts[1], "ops", 100);
    struct store_claim one = a_claim("ops", 100);
    one.limit = 1;
    assert_int_equal(claim(&b, &one, &got), 1);
    assert_true(got.event_id == b.events[0]);
    assert_int_equal(due(&b, "ops", 100), 1);
    fixture_close(&b.f);
}

TEST(delivery__a_muted_alert_is_told_to_nobody_until_its_date)
{
    struct bench b;
    struct alert alert;
    bench_open(&b);
    add(&b, b.events[0], b.alerts[0], "ops", 100);
    done(store_alert_get(b.f.store, b.alerts[0], &alert, &oops));
    alert.muted_until_ns = 500;
    done(store_begin(b.f.store, &oops));
    done(store_alert_put(b.f.store, &alert, &oops));
    done(store_commit(b.f.store, &oops));
    assert_int_equal(due(&b, "ops", 499), 0);
    assert_int_equal(due(&b, "ops", 500), 1);
    fixture_close(&b.f);
}

TEST(delivery__what_is_new_for_a_sink_that_failed_waits_with_the_rest)
{
    struct bench b;
    struct delivery mine;
    bench_open_claimed(&b, &mine);
    settle(&b, &mine, DELIVERY_PENDING, 400, "down", "me");
    struct delivery later = add(&b, b.events[1], b.alerts[1], "ops", 150);
    assert_true(later.next_attempt_ns == 400);
    struct delivery elsewhere = add(&b, b.events[1], b.alerts[1], "log", 150);
    assert_true(elsewhere.next_attempt_ns == 150);
    fixture_close(&b.f);
}

TEST(delivery__a_sinks_attempts_are_put_off_or_brought_forward)
{
    struct bench b;
    bench_open(&b);
    struct delivery one = add(&b, b.events[0], b.alerts[0], "ops", 100),
                    two = add(&b, b.events[1], b.alerts[1], "log", 100);
    done(store_begin(b.f.store, &oops));
    done(store_delivery_defer(b.f.store, "ops", 300, false, &oops));
    done(store_delivery_defer(b.f.store, "ops", 200, false, &oops)); /* no step back */
    done(store_commit(b.f.store, &oops));
    assert_true(stored(&b, one.id).next_attempt_ns == 300);
    assert_true(stored(&b, two.id).next_attempt_ns == 100);
    done(store_begin(b.f.store, &oops));
    done(store_delivery_defer(b.f.store, "ops", 250, true, &oops));
    done(store_delivery_defer(b.f.store, "ops", 999, true, &oops));
    done(store_commit(b.f.store, &oops));
    assert_true(stored(&b, one.id).next_attempt_ns == 250);
    fixture_close(&b.f);
}

TEST(delivery__given_up_in_the_end_and_revived_when_asked)
{
    struct bench b;
    struct delivery mine;
    size_t count = 9;
    bench_open(&b);
    struct delivery one = add(&b, b.events[0], b.alerts[0], "ops", 100),
                    two = add(&b, b.events[1], b.alerts[1], "log", 200);
    struct store_claim first = a_claim("ops", 1090);
    claim(&b, &first, &mine);
    done(store_begin(b.f.store, &oops));
    done(store_delivery_give_up(b.f.store, 1119, &count, &oops));
    assert_int_equal(count, 0); /* it is under way */
    done(store_delivery_give_up(b.f.store, 1120, &count, &oops));
    assert_int_equal(count, 1);
    done(store_commit(b.f.store, &oops));
    struct delivery back = stored(&b, one.id);
    assert_true(back.state == DELIVERY_FAILED && back.settled_ns == 1120);
    assert_true(strlen(back.last_error) > 0);
    assert_int_equal(stored(&b, two.id).state, DELIVERY_PENDING);
    done(store_begin(b.f.store, &oops));
    done(store_delivery_revive(b.f.store, "log", 1200, 2000, &count, &oops));
    assert_int_equal(count, 0);
    done(store_delivery_revive(b.f.store, NULL, 1200, 2000, &count, &oops));
    assert_int_equal(count, 1);
    done(store_commit(b.f.store, &oops));
    back = stored(&b, one.id);
    assert_true(back.state == DELIVERY_PENDING && back.next_attempt_ns == 1200);
    assert_true(back.give_up_ns == 2000 && back.settled_ns == 0);
    assert_int_equal(due(&b, "ops", 1200), 1);
    fixture_close(&b.f);
}

TEST(delivery__list_is_newest_first_and_open_when_asked)
{
    struct bench b;
    struct delivery mine, *list = NULL;
    size_t count = 0;
    bench_open(&b);
    struct delivery one = add(&b, b.events[0], b.alerts[0], "ops", 100),
                    two = add(&b, b.events[1], b.alerts[1], "ops", 200);
    struct store_claim first = a_claim("ops", 100);
    claim(&b, &first, &mine);
    settle(&b, &mine, DELIVERY_DELIVERED, 105, "", "me");
    done(store_delivery_list(b.f.store, false, 0, &list, &count, &oops));
    assert_int_equal(count, 2);
    assert_true(list[0].id == two.id && list[1].id == one.id);
    free(list);
    done(store_delivery_list(b.f.store, false, 1, &list, &count, &oops));
    assert_true(count == 1 && list[0].id == two.id);
    free(list);
    done(store_delivery_list(b.f.store, true, 0, &list, &count, &oops));
    assert_true(count == 1 && list[0].id == two.id);
    free(list);
    fixture_close(&b.f);
}

TEST(delivery__totals_tell_how_each_sink_fares)
{
    struct bench b;
    struct delivery mine;
    struct delivery_totals *totals = NULL;
    size_t count = 9;
    bench_open(&b);
    done(store_delivery_totals(b.f.store, &totals, &count, &oops));
    assert_int_equal(count, 0);
    free(totals);
    add(&b, b.events[0], b.alerts[0], "ops", 100);
    add(&b, b.events[1], b.alerts[1], "ops", 120);
    add(&b, b.events[0], b.alerts[0], "log", 100);
    struct store_claim first = a_claim("ops", 100), log = a_claim("log", 100);
    claim(&b, &first, &mine);
    settle(&b, &mine, DELIVERY_PENDING, 300, "answered 503", "me");
    claim(&b, &log, &mine);
    settle(&b, &mine, DELIVERY_DELIVERED, 105, "", "me");
    done(store_delivery_totals(b.f.store, &totals, &count, &oops));
    assert_int_equal(count, 2);
    assert_string_equal(totals[0].sink, "log");
    assert_true(totals[0].waiting == 0 && totals[0].delivered == 1 && totals[0].failed == 0);
    assert_true(totals[0].delivered_ns == 105 && totals[0].waiting_since_ns == 0);
    assert_string_equal(totals[0].last_error, "");
    assert_string_equal(totals[1].sink, "ops");
    assert_true(totals[1].waiting == 2 && totals[1].waiting_since_ns == 100);
    assert_true(totals[1].next_attempt_ns == 120 && totals[1].delivered_ns == 0);
    assert_string_equal(totals[1].last_error, "answered 503");
    free(totals);
    first.now_ns = 400; /* it comes back: what failed before is past */
    claim(&b, &first, &mine);
    settle(&b, &mine, DELIVERY_DELIVERED, 401, "", "me");
    done(store_delivery_totals(b.f.store, &totals, &count, &oops));
    assert_string_equal(totals[1].last_error, "");
    free(totals);
    fixture_close(&b.f);
}
