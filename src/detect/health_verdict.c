#include "detect/health_verdict.h"

#include <math.h>

struct goal {
    double after_30, after_60;
    bool at_most;
    bool lasting; /* it takes the whole window to know */
};

/* To change a goal: here, and in the table of docs/man/tare-health.1. */
static const struct goal goals[HEALTH_SUBJECTS] = {
    [HEALTH_STARTS] = {95, 99, false, true},       [HEALTH_CATALOGUE] = {13, 21, false, false},
    [HEALTH_BASELINES] = {80, 90, false, false},   [HEALTH_ALERTS] = {90, 95, false, true},
    [HEALTH_DROPS] = {0.1, 0.1, true, true},       [HEALTH_INBOX] = {24, 24, true, false},
    [HEALTH_GROWTH] = {300e3, 300e3, true, false},
};

/* 21 metrics, 50 starts a day, 30 days. */
static const double growth_measurements = 21.0 * 50 * 30;

struct health_criterion health_verdict(enum health_subject subject, double value,
                                       const struct health_basis *basis)
{
    const struct goal *goal = &goals[subject];
    struct health_criterion criterion = {.subject = subject,
                                         .value = value,
                                         .goal = basis->days > 30 ? goal->after_60
                                                                  : goal->after_30,
                                         .at_most = goal->at_most};
    if (subject == HEALTH_GROWTH && basis->measurements_a_month > growth_measurements)
        criterion.goal *= basis->measurements_a_month / growth_measurements;
    bool whole = basis->history_days + 1 >= basis->days; /* today is not over */
    if (isnan(value) || (goal->lasting && !whole))
        return criterion;
    bool met = goal->at_most ? value <= criterion.goal : value >= criterion.goal;
    criterion.standing = met ? HEALTH_MET : HEALTH_NOT_MET;
    return criterion;
}

bool health_baseline_good(const struct baseline *baseline)
{
    return isfinite(baseline->centre) && baseline->confidence >= 0.3;
}
