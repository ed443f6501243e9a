/* A metric: what is measured. */
#ifndef MODEL_METRIC_H
#define MODEL_METRIC_H

#include "base/error.h"
#include "tare/better.h"

#include <stdbool.h>
#include <stdint.h>

enum metric_aggregate {
    AGGREGATE_MEDIAN = 0,
    AGGREGATE_MEAN,
    AGGREGATE_SUM,
    AGGREGATE_MAX,
    AGGREGATE_LAST,
    AGGREGATE_P95,
    AGGREGATE_P99,
    AGGREGATE_COUNT,
    AGGREGATE_RATE /* failed / all, percent */
};

enum metric_category { CATEGORY_CORE = 0, CATEGORY_SECONDARY, CATEGORY_CUSTOM };

#define METRIC_WARNING_PERCENT 10.0
#define METRIC_ERROR_PERCENT   20.0
#define METRIC_PERSIST_NEEDED  2
#define METRIC_PERSIST_OF      3
#define METRIC_ID_MOST         200 /* bytes */

/* All strings are owned and UTF-8. metric_init() gives the defaults named behind each field. */
struct metric {
    char *id;   /* "APP-001", "my_metric"; never NULL once filled in            */
    char *name; /* "Start-up time"; NULL: the id stands in                      */
    char *unit; /* base unit of the stored values: "ms", "MB", "count", "%", …  */
    enum tare_better better;
    enum metric_aggregate aggregate;
    enum metric_category category; /* custom */
    double weight;                 /* in the performance index; 1 */
    uint32_t warmup;               /* samples of a session that are skipped first; 0 */
    double min_change;             /* in the unit; a smaller absolute change is ok; 0 */
    double resolution;             /* the smallest step of a value; 0: by the unit */
    uint32_t persist_needed;       /* bad measurements … 2 */
    uint32_t persist_of;           /* … of so many open an alert; 3 */
    double target;                 /* NaN: none */
    double warning_percent;        /* 10 */
    double error_percent;          /* 20 */
};

void metric_init(struct metric *metric);
void metric_release(struct metric *metric);

/* Sets id, name and unit (copies; name may be NULL). */
enum tare_status metric_name(struct metric *metric, const char *id, const char *name,
                             const char *unit, struct tare_error *error);

enum tare_status metric_copy(struct metric *to, const struct metric *from,
                             struct tare_error *error);

/* An id is 1–200 bytes of UTF-8 without control characters. False otherwise. */
bool metric_id_valid(const char *id);

/* The name a person reads: the name, or the id. */
const char *metric_display_name(const struct metric *metric);

/* The smallest step of a value: the field, else 1 for counts and tokens, else 1e-6 ms for times,
 * else 0. */
double metric_resolution(const struct metric *metric);

/* Words and back: "lower", "median", "core"; the parsers return false for unknown words. */
const char *better_word(enum tare_better better);
bool better_parse(const char *word, enum tare_better *better);
const char *aggregate_word(enum metric_aggregate aggregate);
bool aggregate_parse(const char *word, enum metric_aggregate *aggregate);
const char *category_word(enum metric_category category);
bool category_parse(const char *word, enum metric_category *category);

#endif
