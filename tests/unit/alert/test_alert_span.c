#include "alert/alert_span.h"

#include "suite.h"

#include <stdio.h>

static struct alert_event event_of(int64_t time_ns, enum alert_action action, const char *who)
{
    struct alert_event event = {.time_ns = time_ns, .action = action};
    snprintf(event.who, sizeof event.who, "%s", who);
    return event;
}

TEST(alert_span__open_acknowledged_resolved)
{
    const struct alert_event events[] = {event_of(10, ALERT_ACTION_OPENED, "tare"),
                                         event_of(15, ALERT_ACTION_REPEATED, "tare"),
                                         event_of(20, ALERT_ACTION_ACKNOWLEDGED, "anna"),
                                         event_of(25, ALERT_ACTION_ACKNOWLEDGED, "bert"),
                                         event_of(40, ALERT_ACTION_RESOLVED, "tare")};
    struct alert_span spans[5];
    assert_int_equal(alert_spans(events, 5, 100, spans), 1);
    assert_int_equal(spans[0].opened_ns, 10);
    assert_int_equal(spans[0].acknowledged_ns, 20);
    assert_int_equal(spans[0].closed_ns, 40);
    assert_int_equal(spans[0].state, ALERT_RESOLVED);
    assert_false(spans[0].taken_over);
}

TEST(alert_span__as_it_was_known_then)
{
    const struct alert_event events[] = {event_of(10, ALERT_ACTION_OPENED, "tare"),
                                         event_of(20, ALERT_ACTION_ACKNOWLEDGED, "anna"),
                                         event_of(40, ALERT_ACTION_RESOLVED, "tare")};
    struct alert_span spans[3];
    assert_int_equal(alert_spans(events, 3, 10, spans), 0);
    assert_int_equal(alert_spans(events, 3, 20, spans), 1);
    assert_int_equal(spans[0].state, ALERT_OPEN);
    assert_int_equal(spans[0].acknowledged_ns, 0);
    assert_int_equal(alert_spans(events, 3, 40, spans), 1);
    assert_int_equal(spans[0].state, ALERT_ACKNOWLEDGED);
    assert_int_equal(spans[0].closed_ns, 0);
}

TEST(alert_span__reopened_is_another)
{
    const struct alert_event events[] = {event_of(10, ALERT_ACTION_OPENED, "tare"),
                                         event_of(20, ALERT_ACTION_RESOLVED, "tare"),
                                         event_of(30, ALERT_ACTION_REOPENED, "tare")};
    struct alert_span spans[3];
    assert_int_equal(alert_spans(events, 3, 100, spans), 2);
    assert_int_equal(spans[0].acknowledged_ns, 0);
    assert_int_equal(spans[1].opened_ns, 30);
    assert_int_equal(spans[1].state, ALERT_OPEN);
}

TEST(alert_span__who_closes_it_has_seen_it)
{
    const struct alert_event events[] = {
        event_of(10, ALERT_ACTION_OPENED, "tare"), event_of(20, ALERT_ACTION_ACCEPTED, "anna"),
        event_of(30, ALERT_ACTION_OPENED, "tare"), event_of(50, ALERT_ACTION_ABSORBED, "tare")};
    struct alert_span spans[4];
    assert_int_equal(alert_spans(events, 4, 100, spans), 2);
    assert_int_equal(spans[0].acknowledged_ns, 20);
    assert_int_equal(spans[0].state, ALERT_ACCEPTED);
    assert_int_equal(spans[1].acknowledged_ns, 0);
    assert_int_equal(spans[1].state, ALERT_ACCEPTED);
}

TEST(alert_span__a_step_takes_it_over)
{
    const struct alert_event events[] = {event_of(10, ALERT_ACTION_OPENED, "tare"),
                                         event_of(20, ALERT_ACTION_MUTED, "anna"),
                                         event_of(30, ALERT_ACTION_TAKEN_OVER, "tare")};
    struct alert_span spans[3];
    assert_int_equal(alert_spans(events, 3, 100, spans), 1);
    assert_true(spans[0].taken_over);
    assert_int_equal(spans[0].state, ALERT_RESOLVED);
    assert_int_equal(spans[0].acknowledged_ns, 0);
}
