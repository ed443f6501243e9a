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

/* Looks at the history up to list[place], whose verdict was pushed already. Not at every
 * measurement: at once while something looks wrong, else now and then. */
enum tare_status level_look(struct course *course, size_t place, struct level *level,
                            struct tare_error *error);

void level_scratch_free(struct level_scratch *scratch); /* NULL is fine */

#endif
