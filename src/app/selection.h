/* The words by which a user names measurements: a commit, tag, branch, session, or range. */
#ifndef APP_SELECTION_H
#define APP_SELECTION_H

#include "store/store.h"

#define SELECTION_PER_SERIES 20 /* of a branch the newest so many of each series */

/* Reads the measurements that `word` means, under `filter`, in order of series, then time; only
 * those that count (outcome ok, not excluded, a value). A word is tried as
 *   A..B    the commits behind A up to B, by git
 *   branch  that sessions were recorded on: the newest SELECTION_PER_SERIES of each series
 *   name    that git knows: its commit
 *   commit  of the store, maybe cut short
 *   session of the store, maybe cut short
 * TARE_E_NOT_FOUND: it is none of these, or has no measurements. The caller frees `*list`. */
enum tare_status selection_read(struct store *store, const struct store_filter *filter,
                                const char *word, struct measurement **list, size_t *count,
                                struct tare_error *error);

/* The stretch of `list` (in order of series) that belongs to one series. */
struct measurement_span {
    const struct measurement *first;
    size_t count;
};
struct measurement_span selection_of_series(const struct measurement *list, size_t count,
                                            int64_t series_id);

/* Puts measurements in order of series, then time, then id. */
void selection_order(struct measurement *list, size_t count);

#endif
