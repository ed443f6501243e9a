/* Records of one size, more of them than memory should hold, given back in order.
 *
 *   sorted_records_init(&records, sizeof (struct record), compare, 1 << 19);
 *   sorted_records_add(&records, &record, error);              any number of times
 *   sorted_records_begin(&records, error);
 *   while (sorted_records_next(&records, &record, &more, error) == TARE_OK && more) …
 *   sorted_records_release(&records);
 *
 * Up to `most_held` are kept in memory; beyond that, sorted runs go to an unnamed file in $TMPDIR
 * or /tmp, which is gone with the process, however it ends. Records that compare equal come back
 * in the order in which they were added. */
#ifndef BASE_SORTED_RECORDS_H
#define BASE_SORTED_RECORDS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int (*sorted_records_compare)(const void *left, const void *right);

struct sorted_records {
    size_t size;
    size_t most_held;
    sorted_records_compare compare;
    char *held; /* owned */
    size_t held_count, held_room;
    bool in_order; /* what is held came in order */
    int file;      /* -1: none */
    int64_t file_bytes;
    struct sorted_run {
        int64_t next, end; /* bytes of the file; of the one in memory, records */
        char *buffer;      /* owned; NULL: the records held in memory */
        size_t at, count;  /* records in the buffer */
    } * runs;              /* owned */
    size_t run_count;
    uint64_t count;
};

void sorted_records_init(struct sorted_records *records, size_t size,
                         sorted_records_compare compare, size_t most_held);
void sorted_records_release(struct sorted_records *records);

enum tare_status sorted_records_add(struct sorted_records *records, const void *record,
                                    struct tare_error *error);

/* No more are added from here on. */
enum tare_status sorted_records_begin(struct sorted_records *records, struct tare_error *error);

/* `*more` is false behind the last one. */
enum tare_status sorted_records_next(struct sorted_records *records, void *record, bool *more,
                                     struct tare_error *error);

#endif
