/* The measurements of an import, waiting to be judged when all of it is in the store. They wait
 * in bounded memory and are judged in order of time, whatever order the file had, as if each had
 * been recorded when it was made. Only series of which nothing was judged before wait here. */
#ifndef APP_JUDGE_QUEUE_H
#define APP_JUDGE_QUEUE_H

#include "app/judge.h"
#include "base/sorted_records.h"

struct judge_queue {
    struct sorted_records records;
    struct judge_queue_series {
        int64_t id;
        bool withdrawn;
        uint64_t to_come;      /* of its measurements that count */
        struct course *course; /* while its measurements pass */
    } * series;                /* owned */
    size_t series_count;
};

void judge_queue_init(struct judge_queue *queue);
void judge_queue_release(struct judge_queue *queue);

/* A series that measurements will be added of. */
enum tare_status judge_queue_open(struct judge_queue *queue, int64_t series_id, size_t *number,
                                  struct tare_error *error);

enum tare_status judge_queue_add(struct judge_queue *queue, size_t number,
                                 const struct course_measurement *measurement,
                                 struct tare_error *error);

/* What was added of a series no longer holds: it is left out, for judge_series() to read anew. */
void judge_queue_withdraw(struct judge_queue *queue, int64_t series_id);

/* Told now and then how many measurements of how many are judged. */
struct judge_progress {
    void (*tell)(void *context, uint64_t done, uint64_t total); /* NULL: nobody asks */
    void *context;
};

/* Judges all that waits. */
enum tare_status judge_queue_run(struct judge_queue *queue, struct judge *judge,
                                 const struct judge_progress *progress, struct tare_error *error);

#endif
