/* All that is known of a series up to a moment: measurements, and days that are rolled up. */
#ifndef APP_PERIOD_DATA_H
#define APP_PERIOD_DATA_H

#include "app/value_pool.h"
#include "store/store.h"

struct period_data {
    struct measurement *list; /* those that count, oldest first; owned */
    size_t count;
    struct rollup *rollups; /* oldest first; owned */
    size_t rollup_count;
};

/* A stretch of time: at or after `from_ns`, before `to_ns`. A rolled-up day is in it when it
 * begins in it. */
struct time_span {
    int64_t from_ns, to_ns;
};

/* Reads series_id, branch, since_ns and until_ns of the filter. Days that are rolled up know no
 * branch: with one they are left out, and counted in `left_out`. */
enum tare_status period_data_read(struct store *store, const struct store_filter *filter,
                                  struct period_data *data, size_t *left_out,
                                  struct tare_error *error);
void period_data_release(struct period_data *data);

/* The measurements of the span into a pool that is empty; the days of it that are rolled up. */
size_t period_data_values(const struct period_data *data, struct time_span span,
                          struct value_pool *pool);

/* The single observations in them, likewise, and how many failed. */
enum tare_status period_data_observations(struct store *store, const struct period_data *data,
                                          struct time_span span, struct value_pool *pool,
                                          uint64_t *failed, struct tare_error *error);

/* The first and the last moment of which something is known; false: nothing is. */
bool period_data_bounds(const struct period_data *data, struct time_span *bounds);

/* Where in `list` the first measurement at or after a moment stands. */
size_t period_data_place(const struct period_data *data, int64_t time_ns);

#endif
