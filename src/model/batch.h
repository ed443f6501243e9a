/* A batch: what one session hands over at once. The recorder makes them, importers and `tare run`
 * make them, the store takes each exactly once by its id. */
#ifndef MODEL_BATCH_H
#define MODEL_BATCH_H

#include "model/metric.h"
#include "model/session.h"

#include <stddef.h>

/* One observation. */
struct sample {
    int64_t time_ns;
    double value;
};

struct histogram_bucket {
    int32_t index; /* stats/histogram.h */
    uint64_t count;
};

/* Counts `count` more into the bucket with this index of an array in ascending order, which gets
 * it if it has none. False, with everything as before: no memory. */
bool histogram_bucket_add(struct histogram_bucket **buckets, size_t *bucket_count, int32_t index,
                          uint64_t count);

/* A measurement that was made elsewhere (another store's export), taken as it stands. */
struct batch_summary {
    bool given;
    bool observed; /* the observations behind it are in the part; else the part has no samples */
    bool excluded; /* a person keeps it out of baselines */
    int64_t time_ns;
    uint64_t n;
    double value, min, max, mean, p50, p95, p99;
};

/* What a recorder kept of a metric within one window of a session. `n` observations succeeded, of
 * which `sample_count` are kept exactly and the others in `buckets`; `failed` more failed and
 * have no value. sum, min and max are over all n. */
struct batch_part {
    struct metric metric;    /* id and unit always; the rest as far as the program said it */
    bool metric_described;   /* the program gave better, target …; else the store's own hold */
    int64_t window_start_ns; /* the window's, or the session's where it is not cut */
    int64_t window_end_ns;   /* 0: the window goes on; more may come */
    struct sample *samples;  /* owned, in order of time */
    size_t sample_count;
    struct histogram_bucket *buckets; /* owned, ascending by index, count > 0 */
    size_t bucket_count;
    uint64_t n;
    uint64_t failed;
    double sum, min, max;
    int64_t first_ns, last_ns;    /* of all observations, failed ones too */
    struct batch_summary summary; /* when given: instead of what the observations come to */
};

#define BATCH_ID_SIZE 80

struct batch {
    char id[BATCH_ID_SIZE];   /* unique for ever: "<session>.<number>", or a digest of a file */
    struct session session;   /* outcome `running` while the program goes on */
    struct batch_part *parts; /* owned */
    size_t part_count;
};

void batch_init(struct batch *batch);
void batch_release(struct batch *batch);
void batch_part_release(struct batch_part *part);

/* Whether nobody said what unit the numbers are in. */
bool batch_part_is_unitless(const struct batch_part *part);

/* Appends an empty part (n 0, min +inf, max −inf). NULL: no memory. The pointer holds until the
 * next call. */
struct batch_part *batch_part_add(struct batch *batch);

/* Appends a value to a part and keeps n, sum, min, max, first and last right. */
enum tare_status batch_part_sample(struct batch_part *part, int64_t time_ns, double value,
                                   struct tare_error *error);

/* Whether a batch that somebody else wrote can be taken: ids and words are some, what is in an
 * order is, numbers are finite, times are of these centuries, and no more observations are there
 * than were counted. What a sound writer writes always is. */
bool batch_sound(const struct batch *batch);

#endif
