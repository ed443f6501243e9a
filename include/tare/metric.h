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

/* What a field is that an initialiser leaves out: said, so that g++ -Wextra does not ask. */
#if defined(__cplusplus) && __cplusplus >= 201402L
#define TARE_ABSENT_                                                                              \
    {                                                                                             \
    }
#else
#define TARE_ABSENT_
#endif

typedef struct tare_metric {
    const char *id;                /* 1–200 bytes of UTF-8: "VAL-001", "my_metric" */
    const char *name TARE_ABSENT_; /* for people; NULL: the catalogue's, else the id */
    const char *unit TARE_ABSENT_; /* "MB", "count", …; NULL: the catalogue's; of spans "ms" */
    enum tare_better better TARE_ABSENT_;
    enum tare_aggregate aggregate TARE_ABSENT_;
    double target TARE_ABSENT_;          /* the budget, in the unit; 0: none given */
    double warning_percent TARE_ABSENT_; /* 0: 10 */
    double error_percent TARE_ABSENT_;   /* 0: 20 */
    uint32_t warmup TARE_ABSENT_;        /* the first samples of a session that are not recorded */
    uint32_t unused_ TARE_ABSENT_;
    uint64_t span_ TARE_ABSENT_;  /* the library's: who last saw a span of it, and its place */
    uint64_t value_ TARE_ABSENT_; /* the same of values */
    double factor_ TARE_ABSENT_;  /* from `unit` into the one that is stored */
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
