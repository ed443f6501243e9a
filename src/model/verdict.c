#include "model/verdict.h"

#include "base/words.h"

#include <math.h>

static const char *const severity_words[] = {"ok", "info", "warning", "error", "critical"};

WORDS_DEFINE(severity, severity, severity_words)

const char *verdict_tier_word(enum verdict_tier tier)
{
    switch (tier) {
    case TIER_THRESHOLD:
        return "threshold";
    case TIER_STATISTICAL:
        return "statistical";
    case TIER_TREND:
        return "trend";
    default:
        return "step";
    }
}

void verdict_init(struct verdict *verdict)
{
    *verdict = (struct verdict){.deviation_target_percent = NAN,
                                .deviation_baseline_percent = NAN,
                                .z = NAN,
                                .z_target = NAN,
                                .p = NAN,
                                .ratio = NAN,
                                .centre = NAN,
                                .spread = NAN};
}

bool verdict_is_passed(const struct verdict *verdict)
{
    return verdict->learning || !isnan(verdict->z);
}
