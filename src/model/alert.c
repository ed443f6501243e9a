#include "model/alert.h"

#include "base/words.h"

static const char *const kind_words[] = {"target", "baseline", "trend", "step"};
static const char *const state_words[] = {"open", "acknowledged", "accepted", "resolved"};
static const char *const action_words[] = {"opened",   "repeated",   "escalated", "acknowledged",
                                           "accepted", "resolved",   "reopened",  "muted",
                                           "unmuted",  "taken over", "absorbed"};

WORDS_DEFINE(alert_kind, alert_kind, kind_words)
WORDS_DEFINE(alert_action, alert_action, action_words)

const char *alert_state_word(enum alert_state state)
{
    return state_words[state];
}

static bool is_less(const struct alert *alert, enum tare_better better)
{
    return better == TARE_HIGHER ||
           (better == TARE_EXACT && alert->current_value < alert->expected_value);
}

double alert_change_percent(const struct alert *alert, enum tare_better better)
{
    return is_less(alert, better) ? -alert->deviation_percent : alert->deviation_percent;
}

double alert_told_change(const struct alert *alert, enum tare_better better)
{
    return is_less(alert, better) ? -alert->told_percent : alert->told_percent;
}

const char *alert_shown_state(const struct alert *alert, int64_t now_ns)
{
    bool live = alert->state == ALERT_OPEN || alert->state == ALERT_ACKNOWLEDGED;
    if (live && alert->muted_until_ns > now_ns)
        return "muted";
    return alert_state_word(alert->state);
}
