/* How large the store was, day by day: kept in the store itself, so that its growth can be told.
 */
#ifndef APP_SIZE_LOG_H
#define APP_SIZE_LOG_H

#include "store/store.h"

#define SIZE_LOG_DAYS 100 /* noted days that are kept */

/* Notes today's size, once a day; for whoever writes anyway. Fails in silence: it is nobody's
 * errand. */
void size_log_note(struct store *store, int64_t now_ns);

struct size_entry {
    int64_t day_ns;
    int64_t bytes;
};

/* The noted days, oldest first; `entries` has room for SIZE_LOG_DAYS. */
enum tare_status size_log_read(struct store *store, struct size_entry *entries, size_t *count,
                               struct tare_error *error);

#endif
