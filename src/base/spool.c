#include "base/spool.h"

#include "base/file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void spool_init(struct spool *spool)
{
    *spool = (struct spool){.file = -1};
    strbuf_init(&spool->held);
}

void spool_release(struct spool *spool)
{
    if (spool->file >= 0)
        close(spool->file);
    strbuf_release(&spool->held);
    spool_init(spool);
}

static enum tare_status held_write(struct spool *spool, struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    if (spool->file < 0)
        status = file_open_nameless(&spool->file, error);
    if (status == TARE_OK)
        status = file_write_all(spool->file, spool->held.text, spool->held.length,
                                "a temporary file", error);
    spool->written += (int64_t)spool->held.length;
    strbuf_clear(&spool->held);
    return status;
}

enum tare_status spool_add(struct spool *spool, const void *bytes, size_t size,
                           struct tare_error *error)
{
    strbuf_add(&spool->held, bytes, size);
    if (spool->held.failed)
        return error_memory(error);
    return spool->held.length < SPOOL_HELD ? TARE_OK : held_write(spool, error);
}

enum tare_status spool_begin(struct spool *spool, struct tare_error *error)
{
    return spool->file >= 0 ? held_write(spool, error) : TARE_OK;
}

/* Reads what comes next of the file into `held`. */
static enum tare_status held_read(struct spool *spool, struct tare_error *error)
{
    char bytes[65536];
    ssize_t got = 0;
    if (spool->taken < spool->written)
        do
            got = pread(spool->file, bytes, sizeof bytes, spool->taken);
        while (got < 0 && errno == EINTR);
    if (got <= 0)
        return error_set_errno(error, got < 0 ? errno : EIO, "cannot read a temporary file");
    strbuf_clear(&spool->held);
    strbuf_add(&spool->held, bytes, (size_t)got);
    spool->at = 0;
    spool->taken += got;
    return spool->held.failed ? error_memory(error) : TARE_OK;
}

enum tare_status spool_take(struct spool *spool, void *bytes, size_t size,
                            struct tare_error *error)
{
    char *to = bytes;
    enum tare_status status = TARE_OK;
    while (size > 0 && status == TARE_OK) {
        size_t there = spool->held.length - spool->at, part = there < size ? there : size;
        memcpy(to, spool->held.text + spool->at, part);
        spool->at += part;
        to += part;
        size -= part;
        if (size > 0)
            status = held_read(spool, error);
    }
    return status;
}
