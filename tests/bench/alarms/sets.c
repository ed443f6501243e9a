#include "sets.h"

#include "baseline/baseline_window.h"
#include "detect/set_verdict.h"

#include <err.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { WINDOW = 20, MOST = 64 };

static struct metric metric_plain(void)
{
    static char id[] = "m", unit[] = "ms";
    struct metric metric;
    metric_init(&metric);
    metric.id = id;
    metric.unit = unit;
    return metric;
}

/* n values around `level`, of a noise that goes by `turn`. */
static void draw(struct generator *generator, size_t turn, double cv, double level, double *values,
                 size_t n)
{
    generator_noise(generator, (enum noise_kind)(turn % NOISE_KINDS), values, n);
    for (size_t i = 0; i < n; i++)
        values[i] = level + 100 * cv * values[i];
}

static bool is_bad(const struct set_verdict *set)
{
    return set->verdict.severity >= SEVERITY_WARNING;
}

struct counts {
    size_t runs, runs_false, runs_raw, worse, found, called, called_false;
};

static void check_run(const struct check_plan *plan, struct generator *generator,
                      const struct metric *metric, const struct metric **metrics,
                      struct set_verdict *sets, double *numbers, size_t *order,
                      struct counts *counts)
{
    double window[WINDOW], candidate[MOST], scratch[WINDOW + MOST];
    struct baseline_rule rule;
    bool raw = false, wrong = false;
    baseline_rule_init(&rule);
    for (size_t i = 0; i < plan->metrics; i++) {
        struct baseline baseline;
        bool worse = i < plan->worse;
        metrics[i] = metric;
        draw(generator, i, plan->cv, 100, window, WINDOW);
        draw(generator, i, plan->cv, worse ? 100 * (1 + plan->step) : 100, candidate, plan->k);
        baseline_compute(&rule, metric, window, WINDOW, &baseline);
        sets[i] = set_verdict(metric, &baseline, (struct value_set){window, WINDOW},
                              (struct value_set){candidate, plan->k}, scratch);
        raw |= !worse && is_bad(&sets[i]);
    }
    set_verdicts_discover(metrics, sets, plan->metrics, 0.05, numbers, order);
    for (size_t i = 0; i < plan->metrics; i++) {
        bool worse = i < plan->worse, bad = is_bad(&sets[i]);
        counts->worse += worse;
        counts->found += worse && bad;
        counts->called += bad;
        counts->called_false += !worse && bad;
        wrong |= !worse && bad;
    }
    counts->runs++;
    counts->runs_raw += raw;
    counts->runs_false += wrong;
}

static double percent(size_t part, size_t whole)
{
    return whole > 0 ? 100 * (double)part / (double)whole : 0;
}

struct check_rates check_simulate(const struct check_plan *plan)
{
    struct generator generator = {.state = plan->seed};
    struct metric metric = metric_plain();
    struct counts counts = {0};
    const struct metric **metrics = calloc(plan->metrics, sizeof *metrics);
    struct set_verdict *sets = calloc(plan->metrics, sizeof *sets);
    double *numbers = calloc(2 * plan->metrics, sizeof *numbers);
    size_t *order = calloc(plan->metrics, sizeof *order);
    if (!metrics || !sets || !numbers || !order || plan->k > MOST)
        err(1, "sets");
    for (size_t run = 0; run < plan->runs; run++)
        check_run(plan, &generator, &metric, metrics, sets, numbers, order, &counts);
    free(metrics);
    free(sets);
    free(numbers);
    free(order);
    return (struct check_rates){
        .runs_with_false_percent = percent(counts.runs_false, counts.runs),
        .raw_percent = percent(counts.runs_raw, counts.runs),
        .found_percent = percent(counts.found, counts.worse),
        .false_share_percent = percent(counts.called_false, counts.called),
    };
}

struct compare_rates compare_simulate(double cv, size_t n, double step, size_t runs, uint64_t seed)
{
    struct generator generator = {.state = seed};
    struct metric metric = metric_plain();
    size_t covered = 0, changes[4] = {0};
    double a[MOST], b[MOST], scratch[2 * MOST];
    for (size_t run = 0; run < runs; run++) {
        draw(&generator, run, cv, 100, a, n);
        draw(&generator, run, cv, 100 * (1 + step), b, n);
        struct set_comparison comparison = set_compare(&metric, (struct value_set){a, n},
                                                       (struct value_set){b, n}, scratch);
        double truth = 100 * (100 * step) / comparison.a_median;
        covered += comparison.low_percent <= truth && truth <= comparison.high_percent;
        changes[comparison.change]++;
    }
    return (struct compare_rates){.covered_percent = percent(covered, runs),
                                  .regressed_percent = percent(changes[SET_REGRESSED], runs),
                                  .improved_percent = percent(changes[SET_IMPROVED], runs),
                                  .same_percent = percent(changes[SET_SAME], runs)};
}
