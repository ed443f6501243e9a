/* What alerts cost and catch, beside two controls: the table of STATS.md 7 and the promise of 8.
 * One command, fixed seeds. Usage: false_alarms [series of each noise, 60] */
#include "alarms.h"
#include "further.h"
#include "sets.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static const double variation[] = {0.03, 0.05, 0.10};
static const double promised[] = {0.5, 1, 5};

static struct alarms_plan plan_of(enum course_rule rule, double cv, size_t series, double step)
{
    return (struct alarms_plan){.rule = rule,
                                .cv = cv,
                                .series = series,
                                .length = step > 0 ? 20 : 500,
                                .step = step,
                                .seed = 1};
}

static void row_print(enum course_rule rule, size_t v, size_t series)
{
    double cv = variation[v];
    struct alarms_plan still = plan_of(rule, cv, series, 0);
    struct alarms_plan large = plan_of(rule, cv, 2 * series, 0.25);
    struct alarms_plan small = plan_of(rule, cv, 2 * series, 0.15);
    struct alarms quiet = alarms_of_all(&still);
    struct alarms quarter = alarms_of_all(&large), less = alarms_of_all(&small);
    printf("%-15s %3.0f %%  %8.2f  %6.2f %% %6.2f %%  %5.0f %6.1f %%  %5.0f %6.1f %%",
           course_rule_word(rule), 100 * cv, quiet.opened_per_1000, quiet.bad_percent,
           quiet.error_percent, quarter.delay_median, quarter.missed_percent, less.delay_median,
           less.missed_percent);
    if (rule == COURSE_TARE)
        printf("   ≤ %g, ≤ 2: %s", promised[v],
               quiet.opened_per_1000 <= promised[v] && quarter.delay_median <= 2 ? "reached"
                                                                                 : "NOT REACHED");
    printf("\n");
}

static void noises_print(size_t series)
{
    double worst[3] = {0};
    printf("\nalerts opened per 1,000, each noise alone\n%-15s", "");
    for (size_t v = 0; v < 3; v++)
        printf("  CV %2.0f %%", 100 * variation[v]);
    printf("\n");
    for (int kind = 0; kind < NOISE_KINDS; kind++) {
        printf("%-15s", noise_word((enum noise_kind)kind));
        for (size_t v = 0; v < 3; v++) {
            struct alarms_plan plan = plan_of(COURSE_TARE, variation[v], series, 0);
            double opened = alarms_of_noise(&plan, (enum noise_kind)kind).opened_per_1000;
            worst[v] = opened > worst[v] ? opened : worst[v];
            printf("  %7.2f", opened);
        }
        printf("\n");
    }
    printf("%-15s", "worst");
    for (size_t v = 0; v < 3; v++)
        printf("  %7.2f", worst[v]);
    printf("\n%-15s", "to reach");
    for (size_t v = 0; v < 3; v++)
        printf("  ≤ %5.2g", promised[v]);
    bool reached = worst[0] <= promised[0] && worst[1] <= promised[1] && worst[2] <= promised[2];
    printf("   %s\n", reached ? "reached" : "NOT REACHED");
}

static void checks_print(size_t series)
{
    printf("\ncheck of 200 metrics, 5 measurements each against 20, ten of them 25 %% worse\n"
           "%-6s %24s %24s %12s %22s\n",
           "CV", "unchanged runs accused", "without FDR control", "found", "false among accused");
    for (size_t v = 0; v < 3; v++) {
        struct check_plan plan = {
            .cv = variation[v], .runs = series, .metrics = 200, .k = 5, .step = 0.25, .seed = 1};
        struct check_rates null = check_simulate(&plan);
        plan.worse = 10;
        struct check_rates some = check_simulate(&plan);
        printf("%3.0f %%  %22.1f %% %22.1f %% %10.1f %% %20.1f %%\n", 100 * variation[v],
               null.runs_with_false_percent, null.raw_percent, some.found_percent,
               some.false_share_percent);
    }
}

static void compares_print(size_t series)
{
    printf("\ncompare of 10 against 10: intervals that hold the truth, and what is said\n"
           "%-6s %-10s %10s %10s %10s %10s\n",
           "CV", "change", "covered", "regressed", "improved", "same");
    for (size_t v = 0; v < 3; v++)
        for (int step = 0; step <= 20; step += 20) {
            struct compare_rates rates = compare_simulate(variation[v], 10, step / 100.0,
                                                          100 * series, 7);
            printf("%3.0f %%  %5d %%  %10.1f %% %8.1f %% %8.1f %% %8.1f %%\n", 100 * variation[v],
                   step, rates.covered_percent, rates.regressed_percent, rates.improved_percent,
                   rates.same_percent);
        }
}

static void further_print(size_t series)
{
    static const double steps[] = {0.25, 0.5, 1};
    printf("\na critical step that stays is told again, of a hundred series; one that goes on to "
           "three "
           "times as far:\nfound in 15, after how many, median\n%-6s %-10s %12s %12s %8s\n",
           "CV", "step", "stays", "goes on", "after");
    for (size_t v = 0; v < 3; v++)
        for (size_t i = 0; i < 3; i++) {
            struct further_plan plan = {variation[v], 10 * series, steps[i], steps[i], 3};
            struct further stays = further_simulate(&plan);
            plan.goes_on_to = 3 * steps[i];
            struct further on = further_simulate(&plan);
            printf("%3.0f %%  %5.0f %%    %10.2f %% %10.1f %% %8.0f\n", 100 * variation[v],
                   100 * steps[i], stays.told_percent, on.found_percent, on.delay_median);
        }
}

int main(int argc, char **argv)
{
    size_t series = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 60;
    if (series == 0)
        series = 60;
    printf("stationary series of seven noises: alerts opened per 1,000 measurements, measurements "
           "with a warning\nand an error; and the measurements until a step is alerted, median, "
           "with the share missed in 15\n\n");
    printf("%-15s %5s  %8s  %8s %8s  %14s  %14s\n", "rule", "CV", "per 1000", "warning", "error",
           "25 % worse", "15 % worse");
    for (int rule = 0; rule < COURSE_RULES; rule++)
        for (size_t v = 0; v < 3; v++)
            row_print((enum course_rule)rule, v, series);
    noises_print(series);
    checks_print(series);
    compares_print(series);
    further_print(series);
    return 0;
}
