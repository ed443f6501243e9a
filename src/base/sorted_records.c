#include "base/sorted_records.h"

#include "base/array.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_ROOM = 1024, BUFFERED = 4096 };

void sorted_records_init(struct sorted_records *records, size_t size,
                         sorted_records_compare compare, size_t most_held)
{
    *records = (struct sorted_records){
        .size = size, .compare = compare, .most_held = most_held, .in_order = true, .file = -1};
}

void sorted_records_release(struct sorted_records *records)
{
    for (size_t i = 0; i < records->run_count; i++)
        free(records->runs[i].buffer);
    free(records->runs);
    free(records->held);
    if (records->file >= 0)
        close(records->file);
    sorted_records_init(records, records->size, records->compare, records->most_held);
}

static char *held_at(const struct sorted_records *records, size_t place)
{
    return records->held + place * records->size;
}

/* Merges two sorted halves of values[0..count) by way of `room`, stable. */
static void merge(const struct sorted_records *records, char *values, size_t half, size_t count,
                  char *room)
{
    size_t size = records->size, left = 0, right = half, out = 0;
    memcpy(room, values, half * size);
    while (left < half && right < count) {
        bool from_right = records->compare(values + right * size, room + left * size) < 0;
        const char *least = from_right ? values + right++ * size : room + left++ * size;
        memcpy(values + out++ * size, least, size);
    }
    memcpy(values + out * size, room + left * size, (half - left) * size);
}

/* Merge sort: what is nearly in order already is what it is fastest with. */
static void sort(const struct sorted_records *records, char *values, size_t count, char *room)
{
    if (count < 2)
        return;
    size_t half = count / 2, size = records->size;
    sort(records, values, half, room);
    sort(records, values + half * size, count - half, room);
    if (records->compare(values + half * size, values + (half - 1) * size) < 0)
        merge(records, values, half, count, room);
}

static enum tare_status held_sort(struct sorted_records *records, struct tare_error *error)
{
    if (records->in_order)
        return TARE_OK;
    char *room = malloc((records->held_count / 2 + 1) * records->size);
    if (room == NULL)
        return error_memory(error);
    sort(records, records->held, records->held_count, room);
    free(room);
    return TARE_OK;
}

/* Writes what is held to the file as one sorted run. */
static enum tare_status held_write(struct sorted_records *records, struct tare_error *error)
{
    enum tare_status status = held_sort(records, error);
    if (status == TARE_OK && records->file < 0)
        status = file_open_nameless(&records->file, error);
    struct sorted_run *run = NULL;
    if (status == TARE_OK)
        run = array_add(&records->runs, &records->run_count, sizeof *records->runs);
    if (run == NULL)
        return status == TARE_OK ? error_memory(error) : status;
    size_t bytes = records->held_count * records->size;
    *run = (struct sorted_run){.next = records->file_bytes,
                               .end = records->file_bytes + (int64_t)bytes};
    for (size_t done = 0; done < bytes;) {
        ssize_t wrote = pwrite(records->file, records->held + done, bytes - done,
                               records->file_bytes + (int64_t)done);
        if (wrote < 0 && errno != EINTR)
            return error_set_errno(error, errno, "cannot write a temporary file");
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    records->file_bytes = run->end;
    records->held_count = 0;
    records->in_order = true;
    return TARE_OK;
}

enum tare_status sorted_records_add(struct sorted_records *records, const void *record,
                                    struct tare_error *error)
{
    if (records->held_count == records->most_held) {
        enum tare_status status = held_write(records, error);
        if (status != TARE_OK)
            return status;
    }
    if (records->held_count == records->held_room) {
        size_t room = records->held_room > 0 ? 2 * records->held_room : FIRST_ROOM;
        room = room < records->most_held ? room : records->most_held;
        char *larger = realloc(records->held, room * records->size);
        if (larger == NULL)
            return error_memory(error);
        records->held = larger;
        records->held_room = room;
    }
    size_t at = records->held_count++;
    memcpy(held_at(records, at), record, records->size);
    records->in_order = records->in_order &&
                        (at == 0 || records->compare(held_at(records, at - 1), record) <= 0);
    records->count++;
    return TARE_OK;
}

/* Reads on in a run of the file; a run that is at its end has no records in its buffer. */
static enum tare_status run_fill(struct sorted_records *records, struct sorted_run *run,
                                 struct tare_error *error)
{
    size_t wanted = BUFFERED * records->size, got = 0;
    if ((int64_t)wanted > run->end - run->next)
        wanted = (size_t)(run->end - run->next);
    while (got < wanted) {
        ssize_t more = pread(records->file, run->buffer + got, wanted - got,
                             run->next + (int64_t)got);
        if (more == 0)
            return error_set(error, TARE_E_IO, "a temporary file was cut short");
        if (more < 0 && errno != EINTR)
            return error_set_errno(error, errno, "cannot read a temporary file");
        got += more > 0 ? (size_t)more : 0;
    }
    run->next += (int64_t)got;
    run->at = 0;
    run->count = got / records->size;
    return TARE_OK;
}

enum tare_status sorted_records_begin(struct sorted_records *records, struct tare_error *error)
{
    enum tare_status status = held_sort(records, error);
    for (size_t i = 0; i < records->run_count && status == TARE_OK; i++) {
        records->runs[i].buffer = malloc(BUFFERED * records->size);
        status = records->runs[i].buffer != NULL ? run_fill(records, &records->runs[i], error)
                                                 : error_memory(error);
    }
    if (status != TARE_OK)
        return status;
    struct sorted_run *held = array_add(&records->runs, &records->run_count,
                                        sizeof *records->runs);
    if (held == NULL)
        return error_memory(error);
    *held = (struct sorted_run){.count = records->held_count};
    return TARE_OK;
}

static const char *run_first(const struct sorted_records *records, const struct sorted_run *run)
{
    return (run->buffer != NULL ? run->buffer : records->held) + run->at * records->size;
}

enum tare_status sorted_records_next(struct sorted_records *records, void *record, bool *more,
                                     struct tare_error *error)
{
    struct sorted_run *least = NULL;
    for (size_t i = 0; i < records->run_count; i++) {
        struct sorted_run *run = &records->runs[i];
        if (run->at < run->count &&
            (least == NULL ||
             records->compare(run_first(records, run), run_first(records, least)) < 0))
            least = run;
    }
    *more = least != NULL;
    if (least == NULL)
        return TARE_OK;
    memcpy(record, run_first(records, least), records->size);
    if (++least->at == least->count && least->buffer != NULL)
        return run_fill(records, least, error);
    return TARE_OK;
}
