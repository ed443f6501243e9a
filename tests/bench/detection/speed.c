#include "generator.h"
#include "rows.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Noise with a step of two sigma at every tenth part, as a long history has. */
static double *history_make(size_t n, bool steps)
{
    struct generator generator = {3};
    double *values = calloc(n, sizeof *values);
    if (!values)
        err(1, "speed");
    generator_noise(&generator, NOISE_NORMAL, values, n);
    for (size_t i = 0; steps && i < n; i++)
        values[i] += (double)(10 * i / n % 3) * 2;
    return values;
}

/* The fastest of a few runs, in milliseconds. */
static double time_one(size_t n, bool steps, int runs)
{
    double *values = history_make(n, steps), best = 0;
    void *scratch = malloc(change_points_scratch(n));
    struct change_point *points = calloc(change_points_most(n), sizeof *points);
    if (!scratch || !points)
        err(1, "speed");
    for (int i = 0; i < runs; i++) {
        double begin = now_ms();
        change_points_find(values, n, NULL, scratch, points);
        double took = now_ms() - begin;
        best = i == 0 || took < best ? took : best;
    }
    free(values);
    free(scratch);
    free(points);
    return best;
}

/* 10,000 series of 200, one in five with a step. */
static double many_rate(void)
{
    enum { SERIES = 10000, LENGTH = 200, KEPT = 50 };
    static double values[KEPT][LENGTH];
    struct generator generator = {9};
    for (int i = 0; i < KEPT; i++) {
        generator_noise(&generator, (enum noise_kind)(i % NOISE_KINDS), values[i], LENGTH);
        for (int k = 100; k < LENGTH && i % 5 == 0; k++)
            values[i][k] += 3;
    }
    void *scratch = malloc(change_points_scratch(LENGTH));
    struct change_point points[LENGTH];
    if (!scratch)
        err(1, "speed");
    double begin = now_ms();
    for (int i = 0; i < SERIES; i++)
        change_points_find(values[i % KEPT], LENGTH, NULL, scratch, points);
    double took = now_ms() - begin;
    free(scratch);
    return (double)SERIES * LENGTH / took * 1e3;
}

void rows_speed(void)
{
    row_print("time, one series of 2,500 without steps, ms", time_one(2500, false, 20), 2, '<',
              2.5);
    row_print("time, one series of 2,500 with nine steps, ms", time_one(2500, true, 20), 2, '<',
              2.5);
    row_print("10,000 series of 200: million measurements a second", many_rate() / 1e6, 2, '>', 1);
    for (size_t n = 10000; n <= 1000000; n *= 10) {
        char what[96];
        snprintf(what, sizeof what, "time, one series of %zu: ns a measurement, flat; steps", n);
        row_print(what, time_one(n, false, 2) * 1e6 / (double)n, 0, ' ', 0);
        row_print("", time_one(n, true, 2) * 1e6 / (double)n, 0, ' ', 0);
    }
}
