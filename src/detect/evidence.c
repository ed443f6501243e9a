#include "detect/evidence.h"

#include <math.h>
#include <stdio.h>

#include "base/bounds.h"
#include "detect/deviation.h"
#include "detect/reason.h"
#include "detect/recurrence.h"
#include "stats/distribution.h"
#include "stats/quantile.h"

static const double LEAST_ERROR = -3, GREATEST_ERROR = 4; /* in units of the noise */
static const double GREATEST_DISTANCE = 6;                /* what more is does not disagree more */
static const double ASKED_AT_LEAST = 3, ASKED_SHARE = 0.7;
static const double ASKED_OF_TARGET = 2.5; /* beyond where its warnings begin */
static const double CRITICAL_SIGMAS = 3;
static const double ASKED_TO_END = 2, SPARED_TO_END = 0.05, SHORTEST_TO_END = 3;
static const double ASKED_OF_DEPENDENT = 0.8; /* more, times the correlation of neighbours */
static const double SPARED_BY_LENGTH = 0.1;   /* less, for every measurement beyond two */
static const double DISAGREEMENT = 2;         /* how much it costs */
static const double BASELINE_WEIGHT = 10;     /* of its spread among the strays that are pooled */
static const double INDEPENDENT_WEIGHT = 10;  /* pairs' worth of belief that neighbours are */
static const double SPIKE = 2.1; /* in units of the noise: beyond, sizes from ALIKE of one on */
static const double ALIKE = 0.3; /* are as good as that */
static const double SAME_LEVEL = 1.5; /* in units of the spread */
static const double MEDIAN_VARIANCE = 1.571;
static const double MOST_DEPENDENT = 0.8;

enum { COMBINED = 12, CENTRE_POOL = 40, SUSTAINED = 6, COMMON = 3, SHORTEST = 8, OVER_IN = 24 };

static enum severity severity_of(const struct evidence_point *point, enum alert_kind kind)
{
    return (enum severity)(kind == ALERT_TARGET ? point->target_severity
                                                : point->baseline_severity);
}

static bool has_value(const struct evidence_point *point)
{
    return !isnan(point->value);
}

struct evidence_point evidence_point_of(const struct verdict *verdict, double value)
{
    bool known = !verdict->learning && isfinite(verdict->centre);
    return (struct evidence_point){
        .value = known ? value : NAN,
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
    double usual[EVIDENCE_HISTORY]; /* strays that are not */
    size_t usual_count;
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

/* Marks runs of SUSTAINED or more that stray by half the spread without a break, and gathers the
 * others. */
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
    history->usual_count = 0;
    for (size_t i = 0; i < history->count; i++) {
        history->usual[history->usual_count] = history->stray[i];
        history->usual_count += !history->sustained[i];
    }
}

/* The noise: root mean square of the strays to the worse side, pooled with the spread. */
static double noise_of(const struct history *history, double spread)
{
    double squares = BASELINE_WEIGHT * spread * spread, weight = BASELINE_WEIGHT;
    for (size_t i = 0; i < history->usual_count; i++) {
        if (history->usual[i] <= 0)
            continue;
        double stray = least_of(GREATEST_ERROR * spread, history->usual[i]);
        squares += stray * stray;
        weight++;
    }
    return sqrt(squares / weight);
}

static double held(double value, double most)
{
    return least_of(most, greatest_of(-most, value));
}

/* The correlation of neighbours, as far as the history is long enough to tell; never negative.
 * Strays are held at three spreads, so that two spikes are no dependence. */
static double dependence_of(const struct history *history, double spread)
{
    double most = 3 * spread, sum = 0, squares = 0, products = 0, before = NAN;
    double count = (double)history->usual_count, all = 0;
    for (size_t i = 0; i < history->usual_count; i++)
        sum += held(history->usual[i], most);
    for (size_t i = 0; i < history->count; i++) {
        if (history->sustained[i]) {
            before = NAN;
            continue;
        }
        double stray = held(history->stray[i], most) - sum / count;
        squares += stray * stray;
        if (!isnan(before)) {
            products += stray * before;
            all++;
        }
        before = stray;
    }
    if (history->usual_count < SHORTEST || all < 1 || squares <= 0)
        return 0;
    double correlation = products / all / (squares / count) + 1 / count; /* it is biased by that */
    return held(greatest_of(0, correlation * all / (all + INDEPENDENT_WEIGHT)), MOST_DEPENDENT);
}

/* How much worse, in units of the noise. A size that came up in the history at least COMMON times
 * says no more than how rare it was there: in a series with spikes, a spike is no news. */
static double error_of(const struct history *history, double noise, double worse)
{
    double error = least_of(GREATEST_ERROR, greatest_of(LEAST_ERROR, worse / noise));
    double size = least_of(worse, greatest_of(SPIKE * noise, ALIKE * worse));
    size_t times = 0;
    if (error <= 0)
        return error;
    for (size_t i = 0; i < history->usual_count; i++)
        times += history->usual[i] >= size;
    if (times < COMMON)
        return error;
    double share = (double)(times - 1) / (double)history->usual_count;
    return least_of(error, greatest_of(0, normal_quantile_upper(share)));
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
    if (n < SHORTEST)
        return level;
    values_sort(values, n);
    double low = quantile_sorted(values, n, 0.1), high = quantile_sorted(values, n, 0.9);
    for (size_t i = 0; i < n; i++)
        sum += least_of(high, greatest_of(low, values[i]));
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
    double dependence;
};

/* The last measurements taken together, more and more of them. */
struct together {
    double count, sum;         /* of errors */
    double distances, squares; /* in units of the noise, held only where no size means more */
    double variance, power;    /* of the sum of so many dependent ones; dependence to the count */
};

/* One more: a sum of k + 1 that correlate by r to the distance varies by 1 + 2 (r + … + rᵏ) more
 * than one of k. */
static void together_count(struct together *together, double r)
{
    double power = together->count > 0 ? together->power * r : 1;
    together->count++;
    together->variance += 1 + 2 * (r - power * r) / (1 - r);
    together->power = power;
}

static void together_add(struct together *together, const struct yardstick *yardstick,
                         double worse)
{
    double distance = least_of(GREATEST_DISTANCE,
                               greatest_of(LEAST_ERROR, worse / yardstick->noise));
    together_count(together, yardstick->dependence);
    together->sum += error_of(&yardstick->history, yardstick->noise, worse);
    together->distances += distance;
    together->squares += distance * distance;
}

/* Their score: how far the sum is out, less what they disagree among themselves by more than
 * noise does, for a level is one that its measurements agree on. */
static double together_score(const struct together *together, const struct yardstick *yardstick)
{
    double n = together->count, r = yardstick->dependence, freedom = n - 1;
    double shared = (1 + r) / (1 - r) * n * n / yardstick->level.known;
    double score = together->sum / sqrt(together->variance + shared);
    double scatter = together->squares - together->distances * together->distances / n;
    double excess = greatest_of(0, scatter - freedom - sqrt(2 * freedom));
    double left = score > 0 ? score * score - DISAGREEMENT * excess : 0;
    return (left > 0 ? sqrt(left) : 0) + SPARED_BY_LENGTH * (n - 2);
}

/* Of being worse than the level by more than `spared`. */
static double combined_score(const struct yardstick *yardstick, const struct metric *metric,
                             double spared, const struct evidence_point *points, size_t count)
{
    struct together together = {0};
    double best = NAN;
    for (size_t k = 1; k <= COMBINED && k <= count; k++) {
        const struct evidence_point *point = &points[count - k];
        if (!has_value(point))
            break;
        double worse = deviation_worse(metric->better, point->value, yardstick->level.value);
        together_add(&together, yardstick, worse - spared);
        if (k >= 2)
            best = greatest_of(together_score(&together, yardstick), best);
    }
    return best;
}

/* Where nothing varied by anything, not even by what can be told apart, as about a centre of 0: so
 * little that whatever strayed did so by far. */
static double spread_of(const struct history *history, const struct metric *metric,
                        const struct verdict *now, const struct evidence_point *newest)
{
    if (now->spread > 0)
        return now->spread;
    double least = deviation_worse(metric->better, newest->value, now->centre);
    for (size_t i = 0; i < history->count; i++)
        if (history->stray[i] > 0 && (history->stray[i] < least || !(least > 0)))
            least = history->stray[i];
    return least > 0 ? least / GREATEST_DISTANCE : 1;
}

static void yardstick_make(struct yardstick *yardstick, const struct metric *metric,
                           const struct verdict *now, const struct evidence_point *points,
                           size_t count)
{
    history_read(&yardstick->history, metric, points, count);
    double spread = spread_of(&yardstick->history, metric, now, &points[count - 1]);
    history_mark(&yardstick->history, spread);
    yardstick->noise = noise_of(&yardstick->history, spread);
    yardstick->dependence = dependence_of(&yardstick->history, spread);
}

static void score(struct evidence *evidence, const struct metric *metric, enum alert_kind kind,
                  const struct verdict *now, const struct evidence_point *points, size_t count)
{
    struct yardstick yardstick = {.level = {metric->target, INFINITY}};
    double spared = deviation_spared(metric, metric->target);
    yardstick_make(&yardstick, metric, now, points, count);
    evidence->asked = ASKED_OF_TARGET;
    if (kind == ALERT_BASELINE) {
        yardstick.level = level_of(&yardstick.history, now);
        double change = metric->error_percent / 100 * fabs(yardstick.level.value);
        double expected = M_SQRT2 * error_of(&yardstick.history, yardstick.noise, change);
        evidence->asked = greatest_of(ASKED_AT_LEAST, ASKED_SHARE * expected);
        spared = 0;
    }
    evidence->asked += ASKED_OF_DEPENDENT * yardstick.dependence;
    evidence->score = combined_score(&yardstick, metric, spared, points, count);
}

/* ---- graver ---- */

bool evidence_is_graver(const struct metric *metric, double reference, enum severity severity,
                        const struct verdict *now, const struct evidence_point *points,
                        size_t count)
{
    struct yardstick yardstick = {.level = {reference, INFINITY}};
    double beyond = metric->error_percent / 100 * fabs(reference);
    if (!has_value(&points[count - 1]))
        return true;
    if (severity == SEVERITY_CRITICAL) {
        double sigma = now->spread * sqrt(1 + MEDIAN_VARIANCE / now->baseline_n);
        double centre = deviation_worse(metric->better, now->centre, reference);
        beyond = greatest_of(beyond, centre + CRITICAL_SIGMAS * sigma);
    }
    yardstick_make(&yardstick, metric, now, points, count);
    return combined_score(&yardstick, metric, beyond, points, count) >= ASKED_OF_TARGET;
}

/* ---- over again ---- */

bool evidence_is_over(const struct metric *metric, double reference, const struct verdict *now,
                      const struct evidence_point *points, size_t count)
{
    struct yardstick yardstick = {.level = {reference, INFINITY}};
    struct together together = {0};
    double spared = deviation_spared(metric, reference);
    if (!has_value(&points[count - 1]) || !(spared > 0))
        return true;
    yardstick_make(&yardstick, metric, now, points, count);
    for (size_t k = 1; k <= OVER_IN && k <= count && has_value(&points[count - k]); k++) {
        double worse = deviation_worse(metric->better, points[count - k].value, reference);
        double better = (spared - worse) / yardstick.noise;
        together_count(&together, yardstick.dependence);
        together.sum += least_of(GREATEST_ERROR, greatest_of(LEAST_ERROR, better));
        double more = together.count - SHORTEST_TO_END;
        if (more >= 0 &&
            together.sum / sqrt(together.variance) + SPARED_TO_END * more >= ASKED_TO_END)
            return true;
    }
    return false;
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

/* Whether there was something like this before, not as long as a regression lasts. */
static bool has_strayed(enum alert_kind kind, const struct evidence_point *points, size_t count)
{
    size_t run = 0;
    for (size_t i = count > EVIDENCE_LOOKS_AT ? count - EVIDENCE_LOOKS_AT : 0; i < count; i++) {
        if (severity_of(&points[i], kind) >= SEVERITY_WARNING)
            run++;
        else if (run > 0 && run < SUSTAINED)
            return true;
        else
            run = 0;
    }
    return false;
}

/* Whether it was like this before, and went away by itself. */
static bool recurs(const struct metric *metric, enum alert_kind kind, const struct verdict *now,
                   const struct evidence_point *points, size_t count)
{
    double values[EVIDENCE_LOOKS_AT];
    size_t first = count > EVIDENCE_LOOKS_AT ? count - EVIDENCE_LOOKS_AT : 0;
    for (size_t i = first; i < count; i++)
        values[i - first] = points[i].value;
    return recurrence_found(metric, kind == ALERT_TARGET ? metric->target : now->centre, values,
                            count - first);
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
    bool constant = !now->learning && baseline->spread_at_floor &&
                    !has_strayed(kind, points, count - 1 - evidence.first_bad);
    evidence.at_once = constant || metric->persist_of <= 1 || metric->persist_needed <= 1;
    if (evidence.at_once) {
        evidence.severity = severity;
        return evidence;
    }
    if (lasting != SEVERITY_OK && has_value(&points[count - 1])) {
        score(&evidence, metric, kind, now, points, count);
        if (!(evidence.score >= evidence.asked) || recurs(metric, kind, now, points, count))
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
