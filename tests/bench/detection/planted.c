#include "generator.h"
#include "rows.h"
#include "score.h"

#include "stats/quantile.h"
#include "stats/robust.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LENGTH = 200, REPEATS = 200, LONGEST = 1000, HISTORY_LONGEST = 4096, HALF_WINDOW = 20 };

/* F1 pooled over series: 2·matches / (planted + found). */
struct agreement {
    size_t matches, planted, found;
};

static double agreement_f1(const struct agreement *agreement)
{
    return 2 * (double)agreement->matches / (double)(agreement->planted + agreement->found);
}

static void agreement_add(struct agreement *agreement, const struct marks *planted,
                          const double *values, size_t n)
{
    struct marks found = detect(values, n);
    agreement->matches += score_matches(planted, &found);
    agreement->planted += planted->count;
    agreement->found += found.count;
    free(found.at);
}

/* One step in the middle, or two a third of the series apart, up or down. */
static struct marks steps_plant(struct generator *generator, double size, double *values,
                                size_t at[2])
{
    struct marks planted = {at, generator_uniform(generator) < 0.5 ? 1 : 2};
    at[0] = planted.count == 1 ? generator_between(generator, 60, 140)
                               : generator_between(generator, 45, 80);
    at[1] = generator_between(generator, 115, 150);
    for (size_t k = 0; k < planted.count; k++) {
        double step = generator_uniform(generator) < 0.5 ? -size : size;
        for (size_t i = at[k]; i < LENGTH; i++)
            values[i] += step;
    }
    return planted;
}

static double planted_f1(double size, enum noise_kind kind)
{
    struct generator generator = {1000 + (uint64_t)kind};
    struct agreement agreement = {0, 0, 0};
    double values[LENGTH];
    size_t at[2];
    for (int i = 0; i < REPEATS; i++) {
        generator_noise(&generator, kind, values, LENGTH);
        struct marks planted = steps_plant(&generator, size, values, at);
        agreement_add(&agreement, &planted, values, LENGTH);
    }
    return agreement_f1(&agreement);
}

static void planted_row(double size, double bound)
{
    char what[96], kinds[160];
    double total = 0;
    int used = 0;
    for (enum noise_kind kind = 0; kind < NOISE_KINDS; kind++) {
        double f1 = planted_f1(size, kind);
        total += f1;
        used += snprintf(kinds + used, sizeof kinds - (size_t)used, "%s%s %.2f",
                         kind == 0 ? "" : ", ", noise_word(kind), f1);
    }
    snprintf(what, sizeof what, "planted steps of %g sigma, mean of seven noises: F1", size);
    row_print(what, total / NOISE_KINDS, 3, '>', bound);
    printf("  %s\n", kinds);
}

static double null_rate(enum noise_kind kind)
{
    static const size_t lengths[] = {100, 200, LONGEST};
    struct generator generator = {77 + (uint64_t)kind};
    double values[LONGEST], found = 0, measured = 0;
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        for (size_t i = 0; i < 100000 / lengths[k]; i++) {
            generator_noise(&generator, kind, values, lengths[k]);
            struct marks points = detect(values, lengths[k]);
            found += (double)points.count;
            measured += (double)lengths[k];
            free(points.at);
        }
    }
    return 1000 * found / measured;
}

static void null_row(void)
{
    char kinds[160];
    double worst = 0;
    int used = 0;
    for (enum noise_kind kind = 0; kind < NOISE_KINDS; kind++) {
        double rate = null_rate(kind);
        worst = fmax(worst, rate);
        used += snprintf(kinds + used, sizeof kinds - (size_t)used, "%s%s %.2f",
                         kind == 0 ? "" : ", ", noise_word(kind), rate);
    }
    row_print("false points on null noise, per 1,000 (worst kind)", worst, 2, '<', 0.2);
    printf("  %s\n", kinds);
}

/* Takes the running median off, so that what changes it had of its own are gone. */
static void centre_locally(const struct history *history, double *centred)
{
    double window[2 * HALF_WINDOW + 1];
    for (size_t i = 0; i < history->n; i++) {
        size_t begin = i > HALF_WINDOW ? i - HALF_WINDOW : 0;
        size_t end = i + HALF_WINDOW + 1 < history->n ? i + HALF_WINDOW + 1 : history->n;
        memcpy(window, history->values + begin, (end - begin) * sizeof *window);
        centred[i] = history->values[i] - median(window, end - begin);
    }
}

struct history_sum {
    struct agreement agreement;
    double found, measured;
};

static void history_measure(const struct history *history, struct generator *generator,
                            struct history_sum *sum)
{
    double centred[HISTORY_LONGEST], values[HISTORY_LONGEST], centre;
    size_t n = history->n;
    if (n > HISTORY_LONGEST)
        return;
    centre_locally(history, centred);
    memcpy(values, centred, n * sizeof *values);
    values_sort(values, n);
    double sigma = robust_spread(values, n, &centre);
    struct marks own = detect(centred, n);
    sum->found += (double)own.count;
    sum->measured += (double)n;
    free(own.at);
    for (int i = 0; sigma > 0 && i < 10; i++) {
        size_t at = generator_between(generator, n / 5, n - n / 5);
        double step = generator_uniform(generator) < 0.5 ? -3 * sigma : 3 * sigma;
        for (size_t k = 0; k < n; k++)
            values[k] = centred[k] + (k < at ? 0 : step);
        agreement_add(&sum->agreement, &(struct marks){&at, 1}, values, n);
    }
}

static void history_rows(void)
{
    struct histories histories = histories_read("benchmark-histories");
    struct generator generator = {5};
    struct history_sum sum = {0};
    for (size_t i = 0; i < histories.count; i++)
        history_measure(&histories.at[i], &generator, &sum);
    if (histories.count == 0)
        printf("benchmark histories: skipped, no shared data (set TARE_SHARED)\n");
    else {
        row_print("steps of 3 robust sigma in real benchmark histories: F1",
                  agreement_f1(&sum.agreement), 3, '>', 0.96);
        row_print("false points on those histories, per 1,000", 1000 * sum.found / sum.measured, 2,
                  '<', 0.2);
    }
    histories_free(&histories);
}

void rows_planted(void)
{
    planted_row(1, 0.78);
    planted_row(1.5, 0.96);
    planted_row(2, 0.99);
    planted_row(3, 0.995);
    null_row();
    history_rows();
}
