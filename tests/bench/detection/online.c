#include "generator.h"
#include "rows.h"
#include "score.h"

#include "stats/change_points_online.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LENGTH = 200, LONG = 1500, REPEATS = 60, NOT_SEEN = 99, NEAR = 10 };

/* One series as it comes in. */
struct stream {
    struct change_watch watch;
    struct change_point *points, *offline;
    size_t count;
    void *scratch;
};

static void stream_init(struct stream *stream)
{
    *stream = (struct stream){
        .points = calloc(change_points_most(LONG) + 1, sizeof(struct change_point)),
        .offline = calloc(change_points_most(LONG) + 1, sizeof(struct change_point)),
        .scratch = malloc(change_points_scratch(LONG)),
    };
    if (!stream->points || !stream->offline || !stream->scratch)
        err(1, "online");
}

static void stream_release(struct stream *stream)
{
    free(stream->points);
    free(stream->offline);
    free(stream->scratch);
}

static void stream_start(struct stream *stream)
{
    stream->watch = (struct change_watch){0};
    stream->count = 0;
}

static void stream_add(struct stream *stream, const double *values, size_t n)
{
    stream->count = change_watch_add(&stream->watch, values, n, NULL, stream->scratch,
                                     stream->points, stream->count);
}

/* Points that were announced, each place once however often it came back. */
static size_t alarms_count(struct stream *stream, const double *values, size_t n)
{
    bool told[LONG + NEAR] = {false};
    size_t alarms = 0;
    stream_start(stream);
    for (size_t i = 1; i <= n; i++) {
        stream_add(stream, values, i);
        for (size_t k = 0; k < stream->count; k++) {
            size_t at = stream->points[k].index, from = at < NEAR ? 0 : at - NEAR;
            if (!memchr(told + from, true, 2 * NEAR))
                alarms++;
            told[at] = true;
        }
    }
    return alarms;
}

/* Measurements from a step of three sigmas until it is reported. */
static int delay_measure(struct stream *stream, struct generator *generator, enum noise_kind kind)
{
    double values[LENGTH];
    generator_noise(generator, kind, values, LENGTH);
    size_t at = generator_between(generator, 60, LENGTH - 40);
    double step = generator_uniform(generator) < 0.5 ? -3 : 3;
    for (size_t i = at; i < LENGTH; i++)
        values[i] += step;
    stream_start(stream);
    for (size_t i = 1; i <= at + 30; i++) {
        stream_add(stream, values, i);
        if (i > at && stream->count > 0 &&
            stream->points[stream->count - 1].index + SCORE_MARGIN >= at)
            return (int)(i - at);
    }
    return NOT_SEEN;
}

static int order(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static void delay_row(struct stream *stream)
{
    int delays[NOISE_KINDS * REPEATS], count = 0;
    for (enum noise_kind kind = 0; kind < NOISE_KINDS; kind++) {
        struct generator generator = {300 + (uint64_t)kind};
        for (int i = 0; i < REPEATS; i++)
            delays[count++] = delay_measure(stream, &generator, kind);
    }
    qsort(delays, (size_t)count, sizeof *delays, order);
    row_print("online: measurements until a 3 sigma step is reported, median", delays[count / 2],
              0, '<', 5);
    row_print("  90 % are reported after", delays[count * 9 / 10], 0, ' ', 0);
}

static void alarm_row(struct stream *stream)
{
    char kinds[160];
    double total = 0, values[LENGTH];
    int used = 0;
    for (enum noise_kind kind = 0; kind < NOISE_KINDS; kind++) {
        struct generator generator = {500 + (uint64_t)kind};
        double alarms = 0;
        for (int i = 0; i < 2 * REPEATS; i++) {
            generator_noise(&generator, kind, values, LENGTH);
            alarms += (double)alarms_count(stream, values, LENGTH);
        }
        double rate = 1000 * alarms / (2 * REPEATS * LENGTH);
        total += rate;
        used += snprintf(kinds + used, sizeof kinds - (size_t)used, "%s%s %.2f",
                         kind == 0 ? "" : ", ", noise_word(kind), rate);
    }
    row_print("online: false alarms on null noise, per 1,000 (mean of seven noises)",
              total / NOISE_KINDS, 2, '<', 0.3);
    printf("  %s\n", kinds);
}

/* Confirmed points at the end of the stream that the whole series at once gives too, and the
 * other way round, as 2·both / (one + other), over long series with steps of all sizes. */
static void agreement_row(struct stream *stream)
{
    double values[LONG], both = 0, all = 0;
    for (int i = 0; i < 35; i++) {
        struct generator generator = {700 + (uint64_t)i};
        size_t n = LONG - generator_between(&generator, 0, 200);
        generator_noise(&generator, (enum noise_kind)(i % NOISE_KINDS), values, n);
        for (size_t k = 0; k < n; k++)
            values[k] += (double)(k / 170 * 7 % 5);
        stream_start(stream);
        for (size_t k = 1; k <= n; k++)
            stream_add(stream, values, k);
        size_t offline = change_points_find(values, n, NULL, stream->scratch, stream->offline);
        for (size_t k = 0; k < offline; k++) {
            all += stream->offline[k].state == CHANGE_CONFIRMED;
            for (size_t j = 0; j < stream->count; j++)
                both += stream->points[j].index == stream->offline[k].index &&
                        stream->points[j].state == CHANGE_CONFIRMED &&
                        stream->offline[k].state == CHANGE_CONFIRMED;
        }
        for (size_t k = 0; k < stream->count; k++)
            all += stream->points[k].state == CHANGE_CONFIRMED;
    }
    row_print("online = offline, points older than the delay, series of 1,500: F1", 2 * both / all,
              4, '>', 0.99);
}

void rows_online(void)
{
    struct stream stream;
    stream_init(&stream);
    delay_row(&stream);
    alarm_row(&stream);
    agreement_row(&stream);
    stream_release(&stream);
}
