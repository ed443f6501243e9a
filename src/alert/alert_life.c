#include "alert/alert_life.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"

enum stage {
    STAGE_NONE = 0,
    STAGE_OPEN,
    STAGE_ACKNOWLEDGED,
    STAGE_ACCEPTED,
    STAGE_RESOLVED, /* not long ago */
    STAGE_PAST,     /* resolved more than ALERT_REOPENED_WITHIN measurements ago */
    STAGE_COUNT
};

/* The orders first, in the order of enum alert_order. */
enum happening {
    HAPPENS_ACKNOWLEDGE = 0,
    HAPPENS_ACCEPT,
    HAPPENS_RESOLVE,
    HAPPENS_MUTE,
    HAPPENS_UNMUTE,
    HAPPENS_TAKE_OVER,
    HAPPENS_ABSORB,
    HAPPENS_EVIDENCE, /* enough to open */
    HAPPENS_GRAVER,   /* enough for more than the alert's severity, or for twice as far */
    HAPPENS_BAD,      /* a warning or worse by itself */
    HAPPENS_UNSURE,   /* info: neither good nor bad */
    HAPPENS_GOOD,
    HAPPENS_GOOD_ENOUGH, /* the third in a row, or a later one that leaves no doubt */
    HAPPENING_COUNT
};

enum { NOTHING = -1, REFUSED = -2 };

struct transition {
    enum stage to;
    int action; /* enum alert_action, NOTHING or REFUSED */
};

#define STAY(stage)                                                                               \
    {                                                                                             \
        STAGE_##stage, NOTHING                                                                    \
    }
#define REFUSE(stage)                                                                             \
    {                                                                                             \
        STAGE_##stage, REFUSED                                                                    \
    }
#define GO(stage, what)                                                                           \
    {                                                                                             \
        STAGE_##stage, ALERT_ACTION_##what                                                        \
    }

/* To add a state or a happening: name it above, fill in its row or column here, and add its line
 * to the table of tests/unit/alert/test_alert_life.c, which walks every cell. */
static const struct transition life[STAGE_COUNT][HAPPENING_COUNT] = {
    [STAGE_NONE] = {REFUSE(NONE), REFUSE(NONE), REFUSE(NONE), REFUSE(NONE), REFUSE(NONE),
                    STAY(NONE), STAY(NONE), GO(OPEN, OPENED), GO(OPEN, OPENED), STAY(NONE),
                    STAY(NONE), STAY(NONE), STAY(NONE)},
    [STAGE_OPEN] = {GO(ACKNOWLEDGED, ACKNOWLEDGED), GO(ACCEPTED, ACCEPTED), GO(RESOLVED, RESOLVED),
                    GO(OPEN, MUTED), GO(OPEN, UNMUTED), GO(RESOLVED, TAKEN_OVER),
                    GO(ACCEPTED, ABSORBED), GO(OPEN, REPEATED), GO(OPEN, ESCALATED),
                    GO(OPEN, REPEATED), STAY(OPEN), STAY(OPEN), GO(RESOLVED, RESOLVED)},
    [STAGE_ACKNOWLEDGED] = {GO(ACKNOWLEDGED, ACKNOWLEDGED), GO(ACCEPTED, ACCEPTED),
                            GO(RESOLVED, RESOLVED), GO(ACKNOWLEDGED, MUTED),
                            GO(ACKNOWLEDGED, UNMUTED), GO(RESOLVED, TAKEN_OVER),
                            GO(ACCEPTED, ABSORBED), GO(ACKNOWLEDGED, REPEATED),
                            GO(ACKNOWLEDGED, ESCALATED), GO(ACKNOWLEDGED, REPEATED),
                            STAY(ACKNOWLEDGED), STAY(ACKNOWLEDGED), GO(RESOLVED, RESOLVED)},
    [STAGE_ACCEPTED] = {REFUSE(ACCEPTED), REFUSE(ACCEPTED), REFUSE(ACCEPTED), REFUSE(ACCEPTED),
                        REFUSE(ACCEPTED), STAY(ACCEPTED), STAY(ACCEPTED), GO(OPEN, OPENED),
                        GO(OPEN, OPENED), STAY(ACCEPTED), STAY(ACCEPTED), STAY(ACCEPTED),
                        STAY(ACCEPTED)},
    [STAGE_RESOLVED] = {REFUSE(RESOLVED), REFUSE(RESOLVED), REFUSE(RESOLVED), REFUSE(RESOLVED),
                        REFUSE(RESOLVED), STAY(RESOLVED), STAY(RESOLVED), GO(OPEN, REOPENED),
                        GO(OPEN, REOPENED), STAY(RESOLVED), STAY(RESOLVED), STAY(RESOLVED),
                        STAY(RESOLVED)},
    [STAGE_PAST] = {REFUSE(PAST), REFUSE(PAST), REFUSE(PAST), REFUSE(PAST), REFUSE(PAST),
                    STAY(PAST), STAY(PAST), GO(OPEN, OPENED), GO(OPEN, OPENED), STAY(PAST),
                    STAY(PAST), STAY(PAST), STAY(PAST)},
};

bool alert_exists(const struct alert *alert)
{
    return alert->triggered_ns != 0;
}

bool alert_is_live(const struct alert *alert)
{
    return alert_exists(alert) &&
           (alert->state == ALERT_OPEN || alert->state == ALERT_ACKNOWLEDGED);
}

struct alert alert_none(int64_t series_id, enum alert_kind kind)
{
    return (struct alert){.series_id = series_id, .kind = kind};
}

static enum stage stage_of(const struct alert *alert)
{
    if (!alert_exists(alert))
        return STAGE_NONE;
    switch (alert->state) {
    case ALERT_OPEN:
        return STAGE_OPEN;
    case ALERT_ACKNOWLEDGED:
        return STAGE_ACKNOWLEDGED;
    case ALERT_ACCEPTED:
        return STAGE_ACCEPTED;
    default:
        return alert->since_resolved <= ALERT_REOPENED_WITHIN ? STAGE_RESOLVED : STAGE_PAST;
    }
}

static void text_set(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from ? from : "");
}

static bool asks_for_notice(enum alert_action action)
{
    return action == ALERT_ACTION_OPENED || action == ALERT_ACTION_REOPENED ||
           action == ALERT_ACTION_ESCALATED || action == ALERT_ACTION_RESOLVED;
}

static void enter(struct alert *alert, enum stage stage, int64_t now_ns)
{
    static const enum alert_state states[STAGE_COUNT] = {
        [STAGE_OPEN] = ALERT_OPEN,         [STAGE_ACKNOWLEDGED] = ALERT_ACKNOWLEDGED,
        [STAGE_ACCEPTED] = ALERT_ACCEPTED, [STAGE_RESOLVED] = ALERT_RESOLVED,
        [STAGE_PAST] = ALERT_RESOLVED,
    };
    if (stage == STAGE_RESOLVED && alert->state != ALERT_RESOLVED) {
        alert->resolved_ns = now_ns;
        alert->since_resolved = 0;
    }
    if (stage == STAGE_OPEN || stage == STAGE_ACKNOWLEDGED)
        alert->resolved_ns = 0;
    alert->state = states[stage];
}

static void event_fill(struct alert_event *event, const struct alert *alert,
                       enum alert_action action, int64_t time_ns)
{
    *event = (struct alert_event){.alert_id = alert->id,
                                  .time_ns = time_ns,
                                  .action = action,
                                  .severity = alert->severity,
                                  .value = alert->current_value,
                                  .notify = asks_for_notice(action) &&
                                            alert->muted_until_ns <= time_ns};
}

/* ---- measurements ---- */

bool alert_is_graver(const struct alert *alert, const struct alert_sign *sign)
{
    return alert_is_live(alert) && sign->evidence > alert->severity;
}

static enum happening happening_of(const struct alert *alert, const struct alert_sign *sign)
{
    if (sign->evidence >= SEVERITY_WARNING && sign->seen >= SEVERITY_WARNING) {
        bool graver = alert_is_graver(alert, sign) && !sign->doubtful;
        return graver || (alert_is_live(alert) && sign->further) ? HAPPENS_GRAVER
                                                                 : HAPPENS_EVIDENCE;
    }
    if (sign->seen >= SEVERITY_WARNING)
        return HAPPENS_BAD;
    if (sign->seen == SEVERITY_INFO)
        return HAPPENS_UNSURE;
    bool enough = alert->good_streak + 1 >= ALERT_GOOD_TO_RESOLVE && !sign->doubtful;
    return enough ? HAPPENS_GOOD_ENOUGH : HAPPENS_GOOD;
}

/* What whoever is told of it hears. */
static void speak(struct alert *alert, const struct alert_sign *sign)
{
    alert->severity = sign->evidence;
    alert->told_percent = sign->deviation_percent;
    text_set(alert->reason, sizeof alert->reason, sign->reason);
}

/* A new alert in the old one's place, or the old one come back: where it began is told anew. */
static void begin(struct alert *alert, enum alert_action action, const struct alert_sign *sign,
                  const struct alert_occasion *occasion)
{
    if (action == ALERT_ACTION_OPENED) {
        *alert = alert_none(occasion->series_id, alert->kind);
        alert->triggered_ns = occasion->time_ns;
    }
    alert->good_measurement_id = sign->good_measurement_id;
    alert->bad_measurement_id = sign->bad_measurement_id;
    text_set(alert->good_commit, sizeof alert->good_commit, sign->good_commit);
    text_set(alert->bad_commit, sizeof alert->bad_commit, sign->bad_commit);
    speak(alert, sign);
}

static void look(struct alert *alert, const struct alert_sign *sign,
                 const struct alert_occasion *occasion)
{
    alert->current_value = occasion->value;
    alert->expected_value = sign->expected;
    alert->deviation_percent = sign->deviation_percent;
}

static void occur(struct alert *alert, const struct alert_sign *sign,
                  const struct alert_occasion *occasion)
{
    alert->occurrences++;
    alert->good_streak = 0;
    if (occasion->time_ns > alert->last_seen_ns || alert->occurrences == 1)
        alert->last_seen_ns = occasion->time_ns;
    look(alert, sign, occasion);
}

/* Of what repeats for ever, a few events tell enough. */
static bool worth_keeping(const struct alert *alert, enum alert_action action)
{
    return action != ALERT_ACTION_REPEATED || alert->occurrences <= ALERT_REPEATS_RECORDED + 1 ||
           alert->occurrences % 10 == 0;
}

bool alert_age(struct alert *alert)
{
    if (!alert_exists(alert) || alert->state != ALERT_RESOLVED ||
        alert->since_resolved > ALERT_REOPENED_WITHIN)
        return false;
    alert->since_resolved++;
    return true;
}

bool alert_take(struct alert *alert, const struct alert_sign *sign,
                const struct alert_occasion *occasion, struct alert_event *event)
{
    if (!sign->judged)
        return false;
    enum happening happening = happening_of(alert, sign);
    const struct transition *next = &life[stage_of(alert)][happening];
    alert->good_streak = happening < HAPPENS_GOOD ? 0 : alert->good_streak + 1;
    if (next->action == NOTHING)
        return false;
    enum alert_action action = (enum alert_action)next->action;
    if (action == ALERT_ACTION_OPENED || action == ALERT_ACTION_REOPENED)
        begin(alert, action, sign, occasion);
    if (action == ALERT_ACTION_ESCALATED)
        speak(alert, sign);
    if (action != ALERT_ACTION_RESOLVED)
        occur(alert, sign, occasion);
    else
        look(alert, sign, occasion);
    enter(alert, next->to, occasion->time_ns);
    if (!worth_keeping(alert, action))
        return false;
    event_fill(event, alert, action, occasion->time_ns);
    event->measurement_id = occasion->measurement_id;
    event->searched = sign->searched;
    text_set(event->who, sizeof event->who, "tare");
    text_set(event->note, sizeof event->note, sign->reason);
    return true;
}

/* ---- people ---- */

/* Appends a note behind those that are there; what does not fit is left out of the alert and kept
 * in the event alone. */
static void note_append(struct alert *alert, const char *note)
{
    size_t used = strlen(alert->notes);
    size_t wanted = strlen(note) + (used ? 2 : 0);
    if (used + wanted < sizeof alert->notes)
        snprintf(alert->notes + used, sizeof alert->notes - used, "%s%s", used ? "; " : "", note);
}

enum tare_status alert_obey(struct alert *alert, const struct alert_command *command,
                            struct alert_event *event, struct tare_error *error)
{
    const struct transition *next = &life[stage_of(alert)][command->order];
    if (next->action < 0)
        return error_set(error, TARE_E_USAGE,
                         "alert %lld is %s: only an open or acknowledged alert can be changed",
                         (long long)alert->id,
                         alert_exists(alert) ? alert_state_word(alert->state) : "not there");
    if (command->order == ALERT_ORDER_MUTE) {
        if (command->until_ns <= command->now_ns)
            return error_set(error, TARE_E_USAGE,
                             "cannot mute alert %lld until a time that is past: name a later date",
                             (long long)alert->id);
        alert->muted_until_ns = command->until_ns;
    }
    if (command->order == ALERT_ORDER_UNMUTE)
        alert->muted_until_ns = 0;
    enter(alert, next->to, command->now_ns);
    alert->good_streak = 0;
    if (command->note && *command->note)
        note_append(alert, command->note);
    event_fill(event, alert, (enum alert_action)next->action, command->now_ns);
    text_set(event->who, sizeof event->who, command->who);
    text_set(event->note, sizeof event->note, command->note);
    return TARE_OK;
}
