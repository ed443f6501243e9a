/* Metrics: what is measured, declared once and passed by address on hot paths.
 *
 *     static tare_metric validate = TARE_METRIC("VAL-001", .unit = "ms", .target = 1000);
 *
 * A metric of the catalogue (docs/man/tare.yml.5) needs its id only. Declared fields hold until
 * the store's own configuration says otherwise. In C++ the macro needs C++20.
 */
#ifndef TARE_METRIC_H
#define TARE_METRIC_H

#include "tare/better.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a session's value is made of: its samples' … */
enum tare_aggregate {
    TARE_DEFAULT = 0, /* the catalogue's, else the median */
    TARE_MEDIAN,
    TARE_MEAN,
    TARE_SUM,
    TARE_MAX,
    TARE_LAST,
    TARE_P95,
    TARE_P99,
    TARE_COUNT,
    TARE_RATE /* failed / all, percent */
};

typedef struct tare_metric {
    const char *id;   /* 1–200 bytes of UTF-8: "VAL-001", "my_metric" */
    const char *name; /* for people; NULL: the catalogue's, else the id */
    const char *unit; /* "ms", "MB", "count", …; NULL: the catalogue's; of spans: "ms" */
    enum tare_better better;
    enum tare_aggregate aggregate;
    double target;          /* the budget, in the unit; 0: none given */
    double warning_percent; /* 0: 10 */
    double error_percent;   /* 0: 20 */
    uint32_t warmup;        /* the first samples of a session that are not recorded */
    uint32_t unused_;
    uint64_t span_;  /* the library's: the session that last saw a span of it, and the place */
    uint64_t value_; /* the same of values */
    double factor_;  /* from `unit` into the one that is stored */
} tare_metric;

/* Initialises a tare_metric: the id, then any fields by name, in the order above. */
#define TARE_METRIC(...)                                                                          \
    {                                                                                             \
        .id = __VA_ARGS__                                                                         \
    }

#ifdef __cplusplus
}
#endif

#endif
