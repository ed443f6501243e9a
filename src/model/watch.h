/* An entry of the watch list: a metric that is, or lately was, over its target. */
#ifndef MODEL_WATCH_H
#define MODEL_WATCH_H

#include <stdint.h>

enum watch_state {
    WATCH_NONE = 0,
    WATCH_ACTIVE,    /* over target, and not clearly getting better */
    WATCH_IMPROVING, /* over target, and getting better; or back within it, but not for long */
    WATCH_FIXED      /* back within target since the period began */
};

/* "none", "active", "improving", "fixed" */
const char *watch_state_word(enum watch_state state);

/* Plain data. Percentages say how much worse than the target; NaN: of a target of 0. */
struct watch {
    enum watch_state state;
    int64_t since_ns; /* the first day over target */
    int64_t fixed_ns; /* the first day within it again; 0: it is not */
    uint64_t over;    /* measurements on the days over target */
    double current;   /* the median of the newest day */
    double current_percent;
    double peak; /* the worst measurement on a day over target */
    double peak_percent;
    int64_t peak_ns; /* its day */
};

#endif
