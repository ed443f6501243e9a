/* Where an importer reads from: a file, standard input or memory, in pieces of bounded size. */
#ifndef COLLECT_IMPORTER_SOURCE_H
#define COLLECT_IMPORTER_SOURCE_H

#include "base/error.h"
#include "collect/importer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A line longer than this is an error: nothing that tare reads has one. */
#define IMPORT_LINE_LIMIT (64u << 20)

struct import_source {
    const char *name;   /* for messages; borrowed */
    const char *path;   /* of the file; NULL for standard input and memory; borrowed */
    int64_t time_ns;    /* of the file's last modification; 0 unknown */
    int64_t size_bytes; /* −1 unknown */
    int64_t done_bytes; /* handed out so far */
    size_t line;        /* number of the line handed out last, from 1 */
    const struct import_options *options; /* for the progress */
    /* the source's own */
    int fd; /* −1: all there is stands in the buffer */
    char *buffer;
    size_t start, end, capacity;
    bool ended;
    int64_t told_bytes;
};

/* Opens `path`, or standard input for "-". A byte-order mark is skipped; UTF-16 is refused with
 * the remedy. TARE_E_NOT_FOUND, TARE_E_IO, TARE_E_SYNTAX. */
enum tare_status import_source_open(struct import_source *source, const char *path,
                                    const struct import_options *options,
                                    struct tare_error *error);
enum tare_status import_source_open_bytes(struct import_source *source, const char *name,
                                          const void *bytes, size_t size,
                                          const struct import_options *options,
                                          struct tare_error *error);
void import_source_close(struct import_source *source); /* fine on an all-zero one */

/* What comes next, up to IMPORT_PROBE_SIZE bytes, NUL-terminated, without taking it. */
enum tare_status import_source_peek(struct import_source *source, const char **bytes, size_t *size,
                                    struct tare_error *error);

/* Takes the next line, without its end ("\n" or "\r\n"), NUL-terminated; it holds until the next
 * call. `*line` is NULL at the end. */
enum tare_status import_source_line(struct import_source *source, char **line, size_t *length,
                                    struct tare_error *error);

/* Takes the next piece, of whatever size; `*size` is 0 at the end. */
enum tare_status import_source_piece(struct import_source *source, char **bytes, size_t *size,
                                     struct tare_error *error);

/* Takes all that is left, NUL-terminated; it holds until the source is closed. */
enum tare_status import_source_all(struct import_source *source, char **bytes, size_t *size,
                                   struct tare_error *error);

/* Sets an error that says "NAME:LINE: …" of the line handed out last. TARE_E_SYNTAX. */
enum tare_status import_source_wrong(const struct import_source *source, struct tare_error *error,
                                     const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
