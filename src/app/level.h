/* Tier 3: where the level of a series changed, and whether it drifts (STATS.md 6). */
#ifndef APP_LEVEL_H
#define APP_LEVEL_H

#include "app/course.h"

/* What the history up to a measurement says to the alerts of kind step and trend; the reasons are
 * borrowed from here. */
struct level {
    struct alert_sign step, trend;
    char step_reason[256], trend_reason[256];
};

/* Room to look in; serves any number of courses, one after the other. NULL: no memory. */
struct level_scratch *level_scratch_new(void);
void level_scratch_free(struct level_scratch *scratch); /* NULL is fine */

/* Nothing was looked at. */
void level_init(struct level *level);

/* Whether it is time to look: while something looks wrong (so many of the newest measurements are
 * bad, detect/evidence.h, that one stray does not explain it) or is known to be, and whenever the
 * baseline has moved on. */
bool level_due(const struct course *course, unsigned bad);

/* Looks at the history as it is. */
void level_look(const struct course *course, struct level_scratch *scratch, struct level *level);

/* What a live step alert, whose baseline is frozen at the level before it, makes of the newest
 * measurement. */
void level_follow(const struct course *course, struct level *level);

#endif
