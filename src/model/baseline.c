#include "model/baseline.h"

#include <math.h>

const char *baseline_state_word(enum baseline_state state)
{
    static const char *const words[] = {"learning", "active", "frozen", "pinned"};
    return words[state];
}

void baseline_init(struct baseline *baseline)
{
    *baseline = (struct baseline){.state = BASELINE_LEARNING,
                                  .centre = NAN,
                                  .spread = NAN,
                                  .low = NAN,
                                  .high = NAN,
                                  .minimum = BASELINE_MINIMUM};
}

const char *baseline_confidence_label(const struct baseline *baseline)
{
    if (baseline->confidence < 0.3)
        return "low";
    return baseline->confidence < 0.7 ? "medium" : "high";
}

void baseline_standing_init(struct baseline_standing *standing, int64_t series_id)
{
    *standing = (struct baseline_standing){.series_id = series_id};
    baseline_init(&standing->baseline);
}
