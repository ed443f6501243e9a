#include "collect/importer_source.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_CAPACITY  (IMPORT_PROBE_SIZE * 2)
#define PROGRESS_STRIDE (1 << 20) /* bytes between two calls */

static void progress_tell(struct import_source *source)
{
    const struct import_options *options = source->options;
    if (options == NULL || options->progress == NULL)
        return;
    if (source->done_bytes - source->told_bytes < PROGRESS_STRIDE && !source->ended)
        return;
    source->told_bytes = source->done_bytes;
    options->progress(options->progress_ctx, source->done_bytes, source->size_bytes);
}

/* Makes room for at least one more byte behind `end`, and the NUL behind that. */
static enum tare_status room_make(struct import_source *source, struct tare_error *error)
{
    if (source->start > 0 && source->end + 1 >= source->capacity) {
        memmove(source->buffer, source->buffer + source->start, source->end - source->start);
        source->end -= source->start;
        source->start = 0;
    }
    if (source->end + 1 < source->capacity)
        return TARE_OK;
    if (source->capacity > SIZE_MAX / 4)
        return error_memory(error);
    size_t capacity = source->capacity > 0 ? source->capacity * 2 : FIRST_CAPACITY;
    char *larger = realloc(source->buffer, capacity);
    if (larger == NULL)
        return error_memory(error);
    source->buffer = larger;
    source->capacity = capacity;
    return TARE_OK;
}

/* Reads once more behind what is in the buffer; sets `ended` when there is nothing. */
static enum tare_status fill(struct import_source *source, struct tare_error *error)
{
    enum tare_status status = room_make(source, error);
    if (status != TARE_OK)
        return status;
    size_t room = source->capacity - source->end - 1;
    ssize_t got;
    do
        got = source->fd < 0 ? 0 : read(source->fd, source->buffer + source->end, room);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return error_set_errno(error, errno, "cannot read %s", source->name);
    source->ended = got == 0;
    source->end += (size_t)got;
    source->buffer[source->end] = '\0';
    return TARE_OK;
}

static void take(struct import_source *source, size_t size)
{
    source->start += size;
    source->done_bytes += (int64_t)size;
    progress_tell(source);
}

/* How compressed files begin, and what unpacks them. */
static const struct {
    const char *begins;
    size_t size;
    const char *reader;
} packed[] = {{"\x1f\x8b", 2, "zcat"},
              {"BZh", 3, "bzcat"},
              {"\xfd"
               "7zXZ",
               5, "xzcat"},
              {"\x28\xb5\x2f\xfd", 4, "zstdcat"}};

/* UTF-8 may begin with a mark, which means nothing; UTF-16 is what PowerShell writes for ">". */
static enum tare_status mark_skip(struct import_source *source, struct tare_error *error)
{
    const char *bytes;
    size_t size;
    enum tare_status status = import_source_peek(source, &bytes, &size, error);
    if (status != TARE_OK)
        return status;
    if (size >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0))
        return error_set(error, TARE_E_SYNTAX, "%s is in UTF-16: save it as UTF-8 and try again",
                         source->name);
    for (size_t i = 0; i < sizeof packed / sizeof packed[0]; i++)
        if (size >= packed[i].size && memcmp(bytes, packed[i].begins, packed[i].size) == 0)
            return error_set(error, TARE_E_SYNTAX,
                             "%s is compressed: '%s FILE | tare import FORMAT -' reads it",
                             source->name, packed[i].reader);
    if (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
        take(source, 3);
    return TARE_OK;
}

static enum tare_status file_open(struct import_source *source, const char *path,
                                  struct tare_error *error)
{
    struct stat info;
    source->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (source->fd < 0)
        return error_set_errno(error, errno, "cannot open %s", path);
    source->path = path;
    if (fstat(source->fd, &info) != 0)
        return error_set_errno(error, errno, "cannot read %s", path);
    if (S_ISREG(info.st_mode)) {
        source->size_bytes = info.st_size;
        source->time_ns = (int64_t)info.st_mtim.tv_sec * CLOCK_NS_PER_SECOND +
                          info.st_mtim.tv_nsec;
    }
    return TARE_OK;
}

enum tare_status import_source_open(struct import_source *source, const char *path,
                                    const struct import_options *options, struct tare_error *error)
{
    bool standard = strcmp(path, "-") == 0;
    *source = (struct import_source){
        .name = standard ? "standard input" : path, .size_bytes = -1, .options = options, .fd = 0};
    enum tare_status status = standard ? TARE_OK : file_open(source, path, error);
    if (status == TARE_OK)
        status = mark_skip(source, error);
    if (status != TARE_OK)
        import_source_close(source);
    return status;
}

enum tare_status import_source_open_bytes(struct import_source *source, const char *name,
                                          const void *bytes, size_t size,
                                          const struct import_options *options,
                                          struct tare_error *error)
{
    *source = (struct import_source){
        .name = name, .size_bytes = (int64_t)size, .options = options, .fd = -1};
    source->buffer = malloc(size + 2);
    if (source->buffer == NULL)
        return error_memory(error);
    if (size > 0)
        memcpy(source->buffer, bytes, size);
    source->buffer[size] = '\0';
    source->capacity = size + 2;
    source->end = size;
    enum tare_status status = mark_skip(source, error);
    if (status != TARE_OK)
        import_source_close(source);
    return status;
}

void import_source_close(struct import_source *source)
{
    if (source->path != NULL)
        close(source->fd);
    free(source->buffer);
    *source = (struct import_source){.fd = -1};
}

enum tare_status import_source_peek(struct import_source *source, const char **bytes, size_t *size,
                                    struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    while (status == TARE_OK && !source->ended && source->end - source->start < IMPORT_PROBE_SIZE)
        status = fill(source, error);
    if (status != TARE_OK)
        return status;
    size_t there = source->end - source->start;
    *bytes = source->buffer + source->start;
    *size = there < IMPORT_PROBE_SIZE ? there : IMPORT_PROBE_SIZE;
    return TARE_OK;
}

enum tare_status import_source_line(struct import_source *source, char **line, size_t *length,
                                    struct tare_error *error)
{
    char *end = NULL;
    size_t searched = 0;
    while (end == NULL) {
        size_t there = source->end - source->start;
        if (there > searched)
            end = memchr(source->buffer + source->start + searched, '\n', there - searched);
        searched = there;
        if (end != NULL || source->ended)
            break;
        if (there > IMPORT_LINE_LIMIT) {
            source->line++;
            return import_source_wrong(source, error, "the line is longer than %u MB",
                                       IMPORT_LINE_LIMIT >> 20);
        }
        enum tare_status status = fill(source, error);
        if (status != TARE_OK)
            return status;
    }
    *line = NULL;
    if (end == NULL && searched == 0)
        return TARE_OK;
    char *begin = source->buffer + source->start;
    size_t size = end != NULL ? (size_t)(end - begin) : searched;
    take(source, size + (end != NULL));
    if (size > 0 && begin[size - 1] == '\r')
        size--;
    begin[size] = '\0';
    source->line++;
    *line = begin;
    *length = size;
    return TARE_OK;
}

enum tare_status import_source_piece(struct import_source *source, char **bytes, size_t *size,
                                     struct tare_error *error)
{
    if (source->start == source->end && !source->ended) {
        source->start = source->end = 0;
        enum tare_status status = fill(source, error);
        if (status != TARE_OK)
            return status;
    }
    *bytes = source->buffer + source->start;
    *size = source->end - source->start;
    take(source, *size);
    return TARE_OK;
}

enum tare_status import_source_all(struct import_source *source, char **bytes, size_t *size,
                                   struct tare_error *error)
{
    while (!source->ended) {
        enum tare_status status = fill(source, error);
        if (status != TARE_OK)
            return status;
    }
    return import_source_piece(source, bytes, size, error);
}

enum tare_status import_source_wrong(const struct import_source *source, struct tare_error *error,
                                     const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return error_set(error, TARE_E_SYNTAX, "%s:%zu: %s", source->name, source->line, text);
}
