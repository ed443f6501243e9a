/* Detection as a whole, in memory: what each measurement costs from its value to the alerts, over
 * 10,000 series of 200 (DESIGN.md section 15). The noises are those of the false-alarm table, at
 * 3, 5 and 10 % of the level; every fifth series becomes 25 % slower half way. */
#include "app/course.h"
#include "app/level.h"
#include "base/clock.h"
#include "detection/generator.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define SERIES 10000
#define LENGTH 200
#define DRAWN  210 /* different ones: each noise at each size, ten times */
#define ROUNDS 3

static double values[DRAWN][LENGTH];

struct counts {
    size_t verdicts, events, opened[ALERT_KIND_COUNT];
    int64_t alert_id;
};

static enum tare_status take_verdict(void *context, int64_t id, struct verdict *verdict,
                                     const struct course_words *words, struct tare_error *error)
{
    (void)id;
    (void)words;
    (void)verdict;
    (void)error;
    ((struct counts *)context)->verdicts++;
    return TARE_OK;
}

static enum tare_status take_alert(void *context, struct alert *alert, struct tare_error *error)
{
    struct counts *counts = context;
    (void)error;
    if (alert->id == 0) {
        alert->id = ++counts->alert_id;
        counts->opened[alert->kind]++;
    }
    return TARE_OK;
}

static enum tare_status take_event(void *context, struct alert_event *event,
                                   struct tare_error *error)
{
    (void)event;
    (void)error;
    ((struct counts *)context)->events++;
    return TARE_OK;
}

static enum tare_status no_commit(void *context, int64_t id, char commit[COMMIT_TEXT_SIZE],
                                  struct tare_error *error)
{
    (void)context;
    (void)id;
    (void)error;
    commit[0] = '\0';
    return TARE_OK;
}

static void draw(double step)
{
    static const double sizes[] = {0.03, 0.05, 0.10};
    struct generator generator = {.state = 5};
    for (size_t i = 0; i < DRAWN; i++) {
        generator_noise(&generator, (enum noise_kind)(i % NOISE_KINDS), values[i], LENGTH);
        for (size_t k = 0; k < LENGTH; k++) {
            bool worse = i % 5 == 0 && k >= LENGTH / 2;
            double level = worse ? 100 * (1 + step) : 100;
            values[i][k] = level + 100 * sizes[i / NOISE_KINDS % 3] * values[i][k];
        }
    }
}

static void series_pass(const struct metric *metric, const double *series, struct course *course,
                        struct level_scratch *scratch, const struct course_sink *sink)
{
    struct baseline_rule rule;
    baseline_rule_init(&rule);
    if (course_init(course, 1, metric, &rule, NULL) != TARE_OK)
        errx(1, "no memory");
    for (size_t k = 0; k < LENGTH; k++) {
        const struct course_measurement one = {.id = (int64_t)k + 1,
                                               .time_ns = ((int64_t)k + 1) * CLOCK_NS_PER_DAY / 24,
                                               .value = series[k],
                                               .counts = true,
                                               .admitted = true};
        course_take(course, &one, scratch, sink, NULL);
    }
    course_finish(course, sink, NULL);
    course_release(course);
}

/* Of this process: what else runs on the machine does not count. */
static double cpu_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Measurements a second. */
static double pass(struct counts *counts)
{
    static struct course course;
    struct level_scratch *scratch = level_scratch_new();
    struct metric metric;
    metric_init(&metric);
    if (scratch == NULL || metric_name(&metric, "m", NULL, "ms", NULL) != TARE_OK)
        errx(1, "no memory");
    const struct course_sink sink = {counts, take_verdict, take_alert, take_event, no_commit};
    double began = cpu_s();
    for (size_t i = 0; i < SERIES; i++)
        series_pass(&metric, values[i % DRAWN], &course, scratch, &sink);
    double took = cpu_s() - began;
    metric_release(&metric);
    level_scratch_free(scratch);
    return (double)SERIES * LENGTH / took;
}

int main(void)
{
    struct counts counts = {0}, still = {0};
    double best = 0;
    draw(0.25);
    for (int round = 0; round < ROUNDS; round++) {
        double rate = pass(&counts) / 1e6;
        best = rate > best ? rate : best;
    }
    printf("%-52s %7.3f  to reach %5.2f  %s   (10,000 series of 200, one core)\n",
           "whole detection: million measurements a second", best, 1.0, best >= 1 ? "yes" : "NO ");
    draw(0);
    pass(&still);
    for (int kind = 0; kind < ALERT_KIND_COUNT; kind++)
        printf("  %-8s alerts: %6zu of %d steps; on still series %.2f per 1,000\n",
               alert_kind_word((enum alert_kind)kind), counts.opened[kind] / ROUNDS, SERIES / 5,
               1000.0 * (double)still.opened[kind] / ((double)SERIES * LENGTH));
    return 0;
}
