#include "alert/alert_life.h"

#include "suite.h"

#include <stdio.h>

/* The whole table again, in words, one letter a cell: what follows from each happening. Upper case
 * asks for a notice.
 *   . nothing   x refused
 *   O opened  r repeated  E escalated  a acknowledged  c accepted  R resolved  B reopened
 *   m muted   u unmuted   t taken over  b absorbed */
static const char action_letters[] = "OrEacRBmutb";

enum stage { NONE, OPEN, ACKNOWLEDGED, ACCEPTED, RESOLVED, PAST, STAGES };

/* Columns: acknowledge accept resolve mute unmute take-over absorb | evidence graver bad info good
 * third-good. */
static const char expected_action[STAGES][14] = {
    [NONE] = "xxxxx..OO....",     [OPEN] = "acRmutbrEr..R",     [ACKNOWLEDGED] = "acRmutbrEr..R",
    [ACCEPTED] = "xxxxx..OO....", [RESOLVED] = "xxxxx..BB....", [PAST] = "xxxxx..OO....",
};

static const enum alert_state expected_state[STAGES][13] = {
    [NONE] = {[7] = ALERT_OPEN, [8] = ALERT_OPEN},
    [OPEN] = {ALERT_ACKNOWLEDGED, ALERT_ACCEPTED, ALERT_RESOLVED, ALERT_OPEN, ALERT_OPEN,
              ALERT_RESOLVED, ALERT_ACCEPTED, ALERT_OPEN, ALERT_OPEN, ALERT_OPEN, ALERT_OPEN,
              ALERT_OPEN, ALERT_RESOLVED},
    [ACKNOWLEDGED] = {ALERT_ACKNOWLEDGED, ALERT_ACCEPTED, ALERT_RESOLVED, ALERT_ACKNOWLEDGED,
                      ALERT_ACKNOWLEDGED, ALERT_RESOLVED, ALERT_ACCEPTED, ALERT_ACKNOWLEDGED,
                      ALERT_ACKNOWLEDGED, ALERT_ACKNOWLEDGED, ALERT_ACKNOWLEDGED,
                      ALERT_ACKNOWLEDGED, ALERT_RESOLVED},
    [ACCEPTED] = {ALERT_ACCEPTED, ALERT_ACCEPTED, ALERT_ACCEPTED, ALERT_ACCEPTED, ALERT_ACCEPTED,
                  ALERT_ACCEPTED, ALERT_ACCEPTED, ALERT_OPEN, ALERT_OPEN, ALERT_ACCEPTED,
                  ALERT_ACCEPTED, ALERT_ACCEPTED, ALERT_ACCEPTED},
    [RESOLVED] = {ALERT_RESOLVED, ALERT_RESOLVED, ALERT_RESOLVED, ALERT_RESOLVED, ALERT_RESOLVED,
                  ALERT_RESOLVED, ALERT_RESOLVED, ALERT_OPEN, ALERT_OPEN, ALERT_RESOLVED,
                  ALERT_RESOLVED, ALERT_RESOLVED, ALERT_RESOLVED},
    [PAST] = {ALERT_RESOLVED, ALERT_RESOLVED, ALERT_RESOLVED, ALERT_RESOLVED, ALERT_RESOLVED,
              ALERT_RESOLVED, ALERT_RESOLVED, ALERT_OPEN, ALERT_OPEN, ALERT_RESOLVED,
              ALERT_RESOLVED, ALERT_RESOLVED, ALERT_RESOLVED},
};

static struct alert alert_at(enum stage stage)
{
    static const enum alert_state states[] = {ALERT_OPEN,     ALERT_OPEN,     ALERT_ACKNOWLEDGED,
                                              ALERT_ACCEPTED, ALERT_RESOLVED, ALERT_RESOLVED};
    struct alert alert = alert_none(7, ALERT_BASELINE);
    if (stage == NONE)
        return alert;
    alert.id = 42;
    alert.state = states[stage];
    alert.severity = SEVERITY_WARNING;
    alert.occurrences = 2;
    alert.triggered_ns = 1000;
    if (stage >= RESOLVED)
        alert.resolved_ns = 2000;
    alert.since_resolved = stage == PAST ? 21 : 5;
    return alert;
}

static struct alert_sign sign_of(enum severity seen, enum severity evidence)
{
    return (struct alert_sign){.judged = true,
                               .seen = seen,
                               .evidence = evidence,
                               .expected = 100,
                               .deviation_percent = 30,
                               .reason = "because",
                               .good_measurement_id = 3,
                               .bad_measurement_id = 4,
                               .good_commit = "aaaa",
                               .bad_commit = "bbbb"};
}

static const struct alert_occasion occasion = {
    .series_id = 7, .measurement_id = 5, .time_ns = 5000, .value = 130};

/* Lets column `c` happen. Returns the letter of what followed. */
static char happen(struct alert *alert, size_t c, struct alert_event *event)
{
    static const enum severity seen[] = {SEVERITY_WARNING, SEVERITY_ERROR, SEVERITY_WARNING,
                                         SEVERITY_INFO,    SEVERITY_OK,    SEVERITY_OK};
    static const enum severity evidence[] = {SEVERITY_WARNING, SEVERITY_ERROR, SEVERITY_OK,
                                             SEVERITY_OK,      SEVERITY_OK,    SEVERITY_OK};
    if (c < 7) {
        struct alert_command command = {
            .order = (enum alert_order)c, .who = "ann", .now_ns = 5000, .until_ns = 9000};
        if (alert_obey(alert, &command, event, NULL) == TARE_OK)
            return action_letters[event->action];
        return c < 5 ? 'x' : '.';
    }
    if (c == 12)
        alert->good_streak = 2;
    struct alert_sign sign = sign_of(seen[c - 7], evidence[c - 7]);
    return alert_take(alert, &sign, &occasion, event) ? action_letters[event->action] : '.';
}

TEST(alert_life__every_cell_of_the_table)
{
    for (enum stage stage = NONE; stage < STAGES; stage++)
        for (size_t c = 0; c < 13; c++) {
            struct alert alert = alert_at(stage);
            struct alert_event event = {.notify = false};
            char letter = happen(&alert, c, &event);
            if (letter != expected_action[stage][c] || alert.state != expected_state[stage][c])
                print_error("stage %d, column %zu: %c, state %d\n", stage, c, letter, alert.state);
            assert_int_equal(letter, expected_action[stage][c]);
            assert_int_equal(alert.state, expected_state[stage][c]);
            assert_int_equal(event.notify, letter >= 'A' && letter <= 'Z');
        }
}

TEST(alert_life__opening_says_what_and_where)
{
    struct alert alert = alert_none(7, ALERT_BASELINE);
    struct alert_event event;
    struct alert_sign sign = sign_of(SEVERITY_CRITICAL, SEVERITY_ERROR);
    assert_false(alert_exists(&alert));
    assert_true(alert_take(&alert, &sign, &occasion, &event));
    assert_true(alert_is_live(&alert));
    assert_int_equal(alert.severity, SEVERITY_ERROR);
    assert_int_equal(alert.occurrences, 1);
    assert_true(alert.current_value == 130 && alert.expected_value == 100);
    assert_true(alert.deviation_percent == 30);
    assert_string_equal(alert.good_commit, "aaaa");
    assert_string_equal(alert.bad_commit, "bbbb");
    assert_string_equal(alert.reason, "because");
    assert_false(event.searched);
    sign.searched = true;
    assert_true(alert_take(&alert, &sign, &occasion, &event));
    assert_true(event.searched);
    assert_int_equal(alert.bad_measurement_id, 4);
    assert_string_equal(event.who, "tare");
    assert_string_equal(event.note, "because");
    assert_int_equal(event.measurement_id, 5);
    assert_int_equal(event.time_ns, 5000);
}

TEST(alert_life__what_is_not_judged_leaves_it_alone)
{
    struct alert alert = alert_at(OPEN), before = alert;
    struct alert_sign sign = sign_of(SEVERITY_OK, SEVERITY_OK);
    struct alert_event event;
    sign.judged = false;
    assert_false(alert_take(&alert, &sign, &occasion, &event));
    assert_memory_equal(&alert, &before, sizeof alert);
}

/* One letter a measurement: g good, i info, b bad, e evidence. */
static void course(struct alert *alert, const char *letters)
{
    struct alert_event event;
    for (; *letters; letters++) {
        struct alert_sign sign = sign_of(*letters == 'g'   ? SEVERITY_OK
                                         : *letters == 'i' ? SEVERITY_INFO
                                                           : SEVERITY_WARNING,
                                         *letters == 'e' ? SEVERITY_WARNING : SEVERITY_OK);
        alert_age(alert);
        alert_take(alert, &sign, &occasion, &event);
    }
}

TEST(alert_life__three_good_in_a_row_resolve)
{
    struct alert alert = alert_none(7, ALERT_BASELINE);
    course(&alert, "eggbggigg");
    assert_int_equal(alert.state, ALERT_OPEN);
    assert_int_equal(alert.occurrences, 2);
    course(&alert, "g");
    assert_int_equal(alert.state, ALERT_RESOLVED);
    assert_int_equal(alert.resolved_ns, 5000);
}

TEST(alert_life__what_is_doubtfully_graver_is_a_repeat)
{
    struct alert alert = alert_at(OPEN);
    struct alert_sign sign = sign_of(SEVERITY_ERROR, SEVERITY_ERROR);
    struct alert_event event;
    sign.doubtful = true;
    assert_true(alert_take(&alert, &sign, &occasion, &event));
    assert_int_equal(event.action, ALERT_ACTION_REPEATED);
    assert_int_equal(alert.severity, SEVERITY_WARNING);
    sign.doubtful = false;
    assert_true(alert_take(&alert, &sign, &occasion, &event));
    assert_int_equal(event.action, ALERT_ACTION_ESCALATED);
}

TEST(alert_life__doubtful_ones_count_and_do_not_resolve)
{
    struct alert alert = alert_at(OPEN);
    struct alert_sign doubtful = sign_of(SEVERITY_OK, SEVERITY_OK);
    struct alert_event event;
    doubtful.doubtful = true;
    for (int i = 0; i < 5; i++)
        assert_false(alert_take(&alert, &doubtful, &occasion, &event));
    assert_int_equal(alert.state, ALERT_OPEN);
    course(&alert, "g");
    assert_int_equal(alert.state, ALERT_RESOLVED);
}

TEST(alert_life__returns_as_the_same_within_twenty_else_as_a_new_one)
{
    struct alert alert = alert_none(7, ALERT_BASELINE);
    course(&alert, "e");
    alert.id = 42;
    course(&alert, "ggg"
                   "ggggggggggggggggggg"
                   "e");
    assert_int_equal(alert.id, 42);
    assert_int_equal(alert.occurrences, 2);
    assert_int_equal(alert.state, ALERT_OPEN);
    assert_int_equal(alert.resolved_ns, 0);
    course(&alert, "ggg"
                   "gggggggggggggggggggg"
                   "e");
    assert_int_equal(alert.id, 0);
    assert_int_equal(alert.occurrences, 1);
}

TEST(alert_life__bad_without_evidence_opens_nothing)
{
    struct alert alert = alert_none(7, ALERT_BASELINE);
    course(&alert, "bibgb");
    assert_false(alert_exists(&alert));
}

TEST(alert_life__muted_is_silent_and_counts_on)
{
    struct alert alert = alert_at(OPEN);
    struct alert_command mute = {
        .order = ALERT_ORDER_MUTE, .who = "ann", .now_ns = 4000, .until_ns = 6000};
    struct alert_event event;
    assert_int_equal(alert_obey(&alert, &mute, &event, NULL), TARE_OK);
    assert_string_equal(alert_shown_state(&alert, 5000), "muted");
    struct alert_sign graver = sign_of(SEVERITY_ERROR, SEVERITY_ERROR);
    assert_true(alert_take(&alert, &graver, &occasion, &event));
    assert_int_equal(event.action, ALERT_ACTION_ESCALATED);
    assert_false(event.notify);
    graver.seen = graver.evidence = SEVERITY_CRITICAL;
    struct alert_occasion later = occasion;
    later.time_ns = 6000;
    assert_true(alert_take(&alert, &graver, &later, &event));
    assert_true(event.notify);
}

TEST(alert_life__what_cannot_be_graver_escalates_by_going_further)
{
    struct alert alert = alert_at(ACKNOWLEDGED);
    struct alert_sign sign = sign_of(SEVERITY_CRITICAL, SEVERITY_CRITICAL);
    struct alert_event event;
    assert_true(alert_take(&alert, &sign, &occasion, &event));
    assert_int_equal(event.action, ALERT_ACTION_ESCALATED);
    assert_true(alert.told_percent == sign.deviation_percent);
    sign.deviation_percent *= 3;
    assert_true(alert_take(&alert, &sign, &occasion, &event));
    assert_int_equal(event.action, ALERT_ACTION_REPEATED);
    assert_true(alert.told_percent < sign.deviation_percent);
    sign.further = true;
    assert_true(alert_take(&alert, &sign, &occasion, &event));
    assert_int_equal(event.action, ALERT_ACTION_ESCALATED);
    assert_true(event.notify);
    assert_int_equal(alert.state, ALERT_ACKNOWLEDGED);
    assert_true(alert.told_percent == sign.deviation_percent);
}

TEST(alert_life__mute_into_the_past_is_refused)
{
    struct alert alert = alert_at(OPEN), before = alert;
    struct alert_command mute = {
        .order = ALERT_ORDER_MUTE, .who = "ann", .now_ns = 4000, .until_ns = 4000};
    struct alert_event event;
    struct tare_error error;
    assert_int_equal(alert_obey(&alert, &mute, &event, &error), TARE_E_USAGE);
    assert_non_null(strstr(error.message, "alert 42"));
    assert_memory_equal(&alert, &before, sizeof alert);
}

TEST(alert_life__notes_pile_up_as_far_as_they_fit)
{
    struct alert alert = alert_at(OPEN);
    struct alert_command command = {
        .order = ALERT_ORDER_ACKNOWLEDGE, .who = "ann", .note = "seen", .now_ns = 4000};
    struct alert_event event;
    assert_int_equal(alert_obey(&alert, &command, &event, NULL), TARE_OK);
    command.note = "still there";
    for (int i = 0; i < 100; i++)
        assert_int_equal(alert_obey(&alert, &command, &event, NULL), TARE_OK);
    assert_true(strncmp(alert.notes, "seen; still there; still", 24) == 0);
    assert_true(strlen(alert.notes) < sizeof alert.notes);
    assert_string_equal(event.note, "still there");
    assert_string_equal(event.who, "ann");
}

TEST(alert_life__endless_repeats_are_kept_every_tenth_time)
{
    struct alert alert = alert_none(7, ALERT_BASELINE);
    struct alert_event event;
    struct alert_sign sign = sign_of(SEVERITY_WARNING, SEVERITY_WARNING);
    int kept = 0;
    for (int i = 0; i < 200; i++)
        kept += alert_take(&alert, &sign, &occasion, &event);
    assert_int_equal(alert.occurrences, 200);
    assert_int_equal(kept, 1 + 10 + 19);
}
