/* A verdict: the result of holding a measurement against target, baseline and trend. */
#ifndef MODEL_VERDICT_H
#define MODEL_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

enum severity {
    SEVERITY_OK = 0,
    SEVERITY_INFO,
    SEVERITY_WARNING,
    SEVERITY_ERROR,
    SEVERITY_CRITICAL
};

const char *severity_word(enum severity severity);
bool severity_parse(const char *word, enum severity *severity);

/* Which tiers spoke: bits. */
enum verdict_tier {
    TIER_THRESHOLD = 1,   /* against the target */
    TIER_STATISTICAL = 2, /* against the baseline */
    TIER_TREND = 4,
    TIER_STEP = 8
};

/* The word of a single tier bit. */
const char *verdict_tier_word(enum verdict_tier tier);

/* Plain data. NaN where a number is undefined or there is nothing to compare with. */
struct verdict {
    enum severity severity; /* the worse of the two below */
    unsigned tiers;         /* of enum verdict_tier, those that spoke */
    enum severity target_severity;
    enum severity baseline_severity;
    double deviation_target_percent;   /* positive is worse */
    double deviation_baseline_percent; /* positive is worse */
    double z;                          /* normal score against the baseline */
    double z_target;  /* normal score against the target with the baseline's spread */
    double p;         /* one-sided, of z */
    double ratio;     /* plain (value − centre) / spread, for explain */
    bool known;       /* over target, but not new: the program has been like this */
    bool learning;    /* no baseline yet */
    char reason[256]; /* one sentence with the numbers in it */
    /* What the measurement was held against; kept with the verdict, so that it can be replayed. */
    double centre, spread;   /* of the baseline; NaN while learning */
    uint32_t baseline_n;     /* measurements in its window */
    int64_t window_first_id; /* the window's first and last measurement; 0: none */
    int64_t window_last_id;
};

/* Says nothing yet: ok, its numbers NaN, without a reason. */
void verdict_init(struct verdict *verdict);

/* Whether it was passed on something, even if only that nothing is known yet. */
bool verdict_is_passed(const struct verdict *verdict);

#endif
