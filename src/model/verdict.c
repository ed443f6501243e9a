#include "model/verdict.h"

#include "base/words.h"

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
