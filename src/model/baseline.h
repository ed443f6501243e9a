/* A baseline: the expected value of a series (STATS.md section 3). */
#ifndef MODEL_BASELINE_H
#define MODEL_BASELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BASELINE_WINDOW         20
#define BASELINE_MINIMUM        5
#define BASELINE_UPDATE_EVERY   10
#define BASELINE_FROZEN_AT_MOST 100

enum baseline_state {
    BASELINE_LEARNING = 0, /* fewer measurements than the minimum: centre is NaN */
    BASELINE_ACTIVE,
    BASELINE_FROZEN, /* held while a step alert is open */
    BASELINE_PINNED  /* held to a commit or tag by a person */
};

const char *baseline_state_word(enum baseline_state state);

/* Plain data. Values in the metric's unit. */
struct baseline {
    enum baseline_state state;
    double centre;        /* median of the window; NaN while learning */
    double spread;        /* robust standard deviation, never below its floor */
    double low, high;     /* 95 % interval of the median; NaN for n < 6 */
    double confidence;    /* 0 … 1 */
    uint32_t n;           /* measurements in the window */
    uint32_t minimum;     /* so many are asked for: with fewer it is learning */
    bool spread_at_floor; /* nothing random was seen: counts, sizes, tokens */
    int64_t computed_ns;  /* when */
    int64_t first_id;     /* the window: first and last measurement id, 0 unknown */
    int64_t last_id;
};

void baseline_init(struct baseline *baseline); /* learning, n = 0 */

/* "low" < 0.3 ≤ "medium" < 0.7 ≤ "high" */
const char *baseline_confidence_label(const struct baseline *baseline);

/* What the store keeps for a series between measurements: one row. Plain data. */
struct baseline_standing {
    int64_t series_id;
    struct baseline baseline;
    uint32_t since_update;  /* measurements since it was computed */
    uint32_t frozen_for;    /* measurements while frozen */
    int64_t start_after_id; /* the window begins behind this measurement (accept, reset); 0 none */
    int64_t judged_id;      /* the newest measurement that was judged, and its time: detection */
    int64_t judged_ns;      /* goes on behind it, in order of (time, id); 0 none */
    char pin[128];          /* commit or tag; "" not pinned */
};

void baseline_standing_init(struct baseline_standing *standing, int64_t series_id);

#endif
