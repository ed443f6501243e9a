#include "app/judge_queue.h"

#include "base/array.h"
#include "base/error.h"

#include <stdlib.h>

#define HELD     ((size_t)1 << 19) /* measurements in memory: 20 MB */
#define AT_ONCE  1024              /* series whose courses are in memory together: 25 MB */
#define TOLD_FOR 4096              /* measurements between two words about progress */

struct waiting {
    int64_t time_ns, id;
    double value;
    uint32_t number; /* of the series */
    bool counts, admitted;
};

static int waiting_compare(const void *left, const void *right)
{
    const struct waiting *a = left, *b = right;
    if (a->number / AT_ONCE != b->number / AT_ONCE)
        return a->number < b->number ? -1 : 1;
    if (a->time_ns != b->time_ns)
        return a->time_ns < b->time_ns ? -1 : 1;
    return a->id < b->id ? -1 : a->id > b->id;
}

void judge_queue_init(struct judge_queue *queue)
{
    *queue = (struct judge_queue){0};
    sorted_records_init(&queue->records, sizeof(struct waiting), waiting_compare, HELD);
}

static void course_close(struct judge_queue_series *series)
{
    if (series->course != NULL)
        course_release(series->course);
    free(series->course);
    series->course = NULL;
}

void judge_queue_release(struct judge_queue *queue)
{
    for (size_t i = 0; i < queue->series_count; i++)
        course_close(&queue->series[i]);
    free(queue->series);
    sorted_records_release(&queue->records);
    judge_queue_init(queue);
}

enum tare_status judge_queue_open(struct judge_queue *queue, int64_t series_id, size_t *number,
                                  struct tare_error *error)
{
    struct judge_queue_series *series = array_add(&queue->series, &queue->series_count,
                                                  sizeof *queue->series);
    if (series == NULL)
        return error_memory(error);
    *series = (struct judge_queue_series){.id = series_id};
    *number = queue->series_count - 1;
    return TARE_OK;
}

enum tare_status judge_queue_add(struct judge_queue *queue, size_t number,
                                 const struct course_measurement *measurement,
                                 struct tare_error *error)
{
    const struct waiting waiting = {.time_ns = measurement->time_ns,
                                    .id = measurement->id,
                                    .value = measurement->value,
                                    .number = (uint32_t)number,
                                    .counts = measurement->counts,
                                    .admitted = measurement->admitted};
    queue->series[number].to_come += measurement->counts;
    return sorted_records_add(&queue->records, &waiting, error);
}

void judge_queue_withdraw(struct judge_queue *queue, int64_t series_id)
{
    for (size_t i = 0; i < queue->series_count; i++)
        if (queue->series[i].id == series_id)
            queue->series[i].withdrawn = true;
}

static enum tare_status course_open(struct judge *judge, struct judge_queue_series *series,
                                    struct tare_error *error)
{
    if (series->course != NULL)
        return TARE_OK;
    series->course = calloc(1, sizeof *series->course);
    if (series->course == NULL)
        return error_memory(error);
    return judge_begin(judge, series->id, series->course, error);
}

/* Those of the group that `number` is in. */
static enum tare_status group_end(struct judge_queue *queue, struct judge *judge, size_t number,
                                  struct tare_error *error)
{
    size_t first = number / AT_ONCE * AT_ONCE;
    enum tare_status status = TARE_OK;
    for (size_t i = first; i < first + AT_ONCE && i < queue->series_count; i++) {
        if (status == TARE_OK && queue->series[i].course != NULL)
            status = judge_end(judge, queue->series[i].course, error);
        course_close(&queue->series[i]);
    }
    return status;
}

static enum tare_status waiting_judge(struct judge_queue *queue, struct judge *judge,
                                      const struct waiting *waiting, struct tare_error *error)
{
    struct judge_queue_series *series = &queue->series[waiting->number];
    const struct course_measurement measurement = {.id = waiting->id,
                                                   .time_ns = waiting->time_ns,
                                                   .value = waiting->value,
                                                   .counts = waiting->counts,
                                                   .admitted = waiting->admitted};
    if (series->withdrawn)
        return TARE_OK;
    series->to_come -= measurement.counts;
    enum tare_status status = course_open(judge, series, error);
    if (status == TARE_OK)
        status = judge_measurement(judge, series->course, &measurement, series->to_come, error);
    return status;
}

enum tare_status judge_queue_run(struct judge_queue *queue, struct judge *judge,
                                 const struct judge_progress *progress, struct tare_error *error)
{
    struct waiting waiting;
    size_t group = 0;
    uint64_t done = 0;
    bool more = true;
    enum tare_status status = sorted_records_begin(&queue->records, error);
    while (status == TARE_OK) {
        status = sorted_records_next(&queue->records, &waiting, &more, error);
        if (status != TARE_OK || !more)
            break;
        if (waiting.number / AT_ONCE != group)
            status = group_end(queue, judge, group * AT_ONCE, error);
        group = waiting.number / AT_ONCE;
        if (status == TARE_OK)
            status = waiting_judge(queue, judge, &waiting, error);
        if (++done % TOLD_FOR == 0 && progress != NULL && progress->tell != NULL)
            progress->tell(progress->context, done, queue->records.count);
    }
    return status == TARE_OK ? group_end(queue, judge, group * AT_ONCE, error) : status;
}
