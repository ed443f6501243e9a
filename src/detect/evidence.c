#include "detect/evidence.h"

#include <math.h>
#include <stdio.h>

#include "detect/deviation.h"
#include "detect/reason.h"
#include "stats/distribution.h"
#include "stats/quantile.h"

static const double LEAST_ERROR = -3, GREATEST_ERROR = 5; /* in units of the noise */
static const double ASKED_AT_LEAST = 2.9, ASKED_AT_MOST = 5, ASKED_SHARE = 0.9;
static const double BASELINE_WEIGHT = 10; /* of its spread among the strays that are pooled */
static const double SPIKE = 2.5;          /* in units of the noise: sizes beyond are all one */
static const double SAME_LEVEL = 1.5;     /* in units of the spread */
static const double MEDIAN_VARIANCE = 1.571;

enum { COMBINED = 8, CENTRE_POOL = 40, SUSTAINED = 6, COMMON = 3 };

static enum severity severity_of(const struct evidence_point *point, enum alert_kind kind)
{
    return (enum severity)(kind == ALERT_TARGET ? point->target_severity
                                                : point->baseline_severity);
}

static bool has_value(const struct evidence_point *point)
{
    return !isnan(point->value);
}

struct evidence_point evidence_point_of(const struct verdict *verdict)
{
    bool known = !verdict->learning && isfinite(verdict->ratio) && isfinite(verdict->centre);
    return (struct evidence_point){
        .value = known ? verdict->centre + verdict->ratio * verdict->spread : NAN,
        .centre = verdict->centre,
        .deviation_target_percent = verdict->deviation_target_percent,
        .deviation_baseline_percent = verdict->deviation_baseline_percent,
        .target_severity = (unsigned char)verdict->target_severity,
        .baseline_severity = (unsigned char)verdict->baseline_severity,
    };
}

/* ---- what is normal ---- */

/* The older verdicts with a value, oldest first: where they stood. */
struct history {
    double value[EVIDENCE_HISTORY];
    double centre[EVIDENCE_HISTORY];  /* of the baseline of their day */
    double stray[EVIDENCE_HISTORY];   /* how much worse than that */
    bool sustained[EVIDENCE_HISTORY]; /* part of an old regression, not noise */
    size_t count;
};

static void history_read(struct history *history, const struct metric *metric,
                         const struct evidence_point *points, size_t count)
{
    size_t end = count > EVIDENCE_RECENT ? count - EVIDENCE_RECENT : 0;
    size_t start = end > EVIDENCE_HISTORY ? end - EVIDENCE_HISTORY : 0;
    history->count = 0;
    for (size_t i = start; i < end; i++) {
        if (!has_value(&points[i]))
            continue;
        size_t h = history->count++;
        history->value[h] = points[i].value;
        history->centre[h] = points[i].centre;
        history->stray[h] = deviation_worse(metric->better, points[i].value, points[i].centre);
    }
}

/* Marks runs of SUSTAINED or more that stray by half the spread without a break. */
static void history_mark(struct history *history, double spread)
{
    for (size_t i = 0, end; i < history->count; i = end + 1) {
        for (end = i; end < history->count && history->stray[end] > 0.5 * spread;)
            end++;
        for (size_t j = i; j < end; j++)
            history->sustained[j] = end - i >= SUSTAINED;
        if (end < history->count)
            history->sustained[end] = false;
    }
}

/* A mean of squares, begun with the baseline's spread. */
struct pool {
    double squares, weight;
};

static void pool_add(struct pool *pool, double stray)
{
    if (stray <= 0)
        return;
    pool->squares += stray * stray;
    pool->weight++;
}

/* The noise: root mean square of the strays to the worse side, pooled with the baseline's spread;
 * or of the sums of two neighbours over √2, if that is more: where one bad measurement brings the
 * next, two together say less. */
static double noise_of(const struct history *history, double spread)
{
    struct pool single = {BASELINE_WEIGHT * spread * spread, BASELINE_WEIGHT}, pair = single;
    double cap = GREATEST_ERROR * spread, before = NAN;
    for (size_t i = 0; i < history->count; i++) {
        if (history->sustained[i]) {
            before = NAN;
            continue;
        }
        double stray = fmin(history->stray[i], cap);
        pool_add(&single, stray);
        if (!isnan(before))
            pool_add(&pair, (before + stray) / M_SQRT2);
        before = stray;
    }
    return sqrt(fmax(single.squares / single.weight, pair.squares / pair.weight));
}

/* How much worse, in units of the noise. A size that came up in the history at least COMMON times
 * says no more than how rare it was there: in a series with spikes, a spike is no news. */
static double error_of(const struct history *history, double noise, double worse)
{
    double error = fmin(fmax(worse / noise, LEAST_ERROR), GREATEST_ERROR);
    double size = fmin(worse, SPIKE * noise);
    size_t times = 0, of = 0;
    for (size_t i = 0; i < history->count; i++) {
        if (history->sustained[i])
            continue;
        of++;
        times += history->stray[i] >= size;
    }
    if (times < COMMON || error <= 0)
        return error;
    return fmin(error, fmax(0, normal_quantile_upper((double)(times - 1) / (double)of)));
}

/* The level to hold measurements against, and how many measurements' worth it is known to. */
struct level {
    double value;
    double known; /* INFINITY: not estimated */
};

/* The baseline's centre pooled with the winsorised mean of the newest values of the history that
 * were of the same level. */
static struct level level_of(const struct history *history, const struct verdict *now)
{
    struct level level = {now->centre, now->baseline_n / MEDIAN_VARIANCE};
    double values[CENTRE_POOL], sum = 0;
    size_t n = 0;
    for (size_t i = history->count; i-- > 0 && n < CENTRE_POOL;)
        if (fabs(history->centre[i] - now->centre) <= SAME_LEVEL * now->spread)
            values[n++] = history->value[i];
    if (n < 8)
        return level;
    values_sort(values, n);
    double low = quantile_sorted(values, n, 0.1), high = quantile_sorted(values, n, 0.9);
    for (size_t i = 0; i < n; i++)
        sum += fmin(fmax(values[i], low), high);
    double count = (double)n;
    level.value = (sum + level.known * level.value) / (count + level.known);
    level.known += count;
    return level;
}

/* ---- how far the last ones are from it ---- */

/* What the last measurements are held against. */
struct yardstick {
    struct history history;
    struct level level;
    double noise;
};

static double combined_score(const struct yardstick *yardstick, const struct metric *metric,
                             const struct evidence_point *points, size_t count)
{
    double sum = 0, best = NAN;
    for (size_t k = 1; k <= COMBINED && k <= count; k++) {
        const struct evidence_point *point = &points[count - k];
        if (!has_value(point))
            break;
        double size = (double)k;
        double worse = deviation_worse(metric->better, point->value, yardstick->level.value);
        sum += error_of(&yardstick->history, yardstick->noise, worse);
        if (k >= 2)
            best = fmax(best, sum / sqrt(size + size * size / yardstick->level.known));
    }
    return best;
}

static void score(struct evidence *evidence, const struct metric *metric, enum alert_kind kind,
                  const struct verdict *now, const struct evidence_point *points, size_t count)
{
    struct yardstick yardstick = {.level = {metric->target, INFINITY}};
    history_read(&yardstick.history, metric, points, count);
    history_mark(&yardstick.history, now->spread);
    yardstick.noise = noise_of(&yardstick.history, now->spread);
    if (kind == ALERT_BASELINE)
        yardstick.level = level_of(&yardstick.history, now);
    double change = metric->error_percent / 100 * fabs(yardstick.level.value);
    double expected = M_SQRT2 * error_of(&yardstick.history, yardstick.noise, change);
    evidence->asked = fmin(fmax(ASKED_SHARE * expected, ASKED_AT_LEAST), ASKED_AT_MOST);
    evidence->score = combined_score(&yardstick, metric, points, count);
}

/* ---- how often ---- */

/* Counts the bad ones among the last persist_of, and returns the severity that persist_needed of
 * them have at least; SEVERITY_OK when there are too few. */
static enum severity persistent(struct evidence *evidence, const struct metric *metric,
                                enum alert_kind kind, const struct evidence_point *points,
                                size_t count)
{
    unsigned at_least[SEVERITY_CRITICAL + 1] = {0};
    for (size_t i = 0; i < metric->persist_of && i < count; i++)
        for (int s = (int)severity_of(&points[count - 1 - i], kind); s >= 0; s--)
            at_least[s]++;
    evidence->bad = at_least[SEVERITY_WARNING];
    for (int s = SEVERITY_CRITICAL; s >= SEVERITY_WARNING; s--)
        if (at_least[s] >= metric->persist_needed)
            return (enum severity)s;
    return SEVERITY_OK;
}

/* Back over the bad ones, a single good one between them notwithstanding. */
static size_t first_bad(enum alert_kind kind, const struct evidence_point *points, size_t count)
{
    size_t first = 0;
    for (size_t i = 1; i < count && i <= first + 2; i++)
        if (severity_of(&points[count - 1 - i], kind) >= SEVERITY_WARNING)
            first = i;
    return first;
}

struct evidence evidence_weigh(const struct metric *metric, const struct baseline *baseline,
                               enum alert_kind kind, const struct verdict *now,
                               const struct evidence_point *points, size_t count)
{
    struct evidence evidence = {.score = NAN, .asked = NAN};
    enum severity severity = severity_of(&points[count - 1], kind);
    enum severity lasting = persistent(&evidence, metric, kind, points, count);
    if (severity < SEVERITY_WARNING)
        return evidence;
    evidence.first_bad = first_bad(kind, points, count);
    bool constant = !now->learning && baseline->spread_at_floor;
    evidence.at_once = constant || metric->persist_of <= 1 || metric->persist_needed <= 1;
    if (evidence.at_once) {
        evidence.severity = severity;
        return evidence;
    }
    if (lasting != SEVERITY_OK && has_value(&points[count - 1])) {
        score(&evidence, metric, kind, now, points, count);
        if (!(evidence.score >= evidence.asked))
            lasting = SEVERITY_OK;
    }
    evidence.severity = lasting;
    evidence.pending = lasting == SEVERITY_OK;
    return evidence;
}

void evidence_note(const struct metric *metric, const struct evidence *evidence,
                   struct verdict *verdict)
{
    char text[96];
    if (!evidence->pending)
        return;
    if (evidence->bad <= 1)
        snprintf(text, sizeof text, "; seen once, alert if it repeats");
    else
        snprintf(text, sizeof text, "; seen in %u of the last %u, alert if it goes on",
                 evidence->bad, metric->persist_of);
    reason_append(verdict, text);
}
