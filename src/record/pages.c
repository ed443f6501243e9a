#include "record/pages.h"

#include <errno.h>
#include <sys/mman.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

/* Kernels before 5.14 do not know MADV_POPULATE_WRITE; for them the whole file was allocated when
 * it was made (session_create()). */
static bool populate(void *from, size_t size)
{
    int saved = errno;
    if (madvise(from, size, MADV_POPULATE_WRITE) == 0 || errno == EINVAL) {
        errno = saved;
        return true;
    }
    if (errno == EFAULT)
        errno = ENOSPC; /* "would have raised SIGBUS" */
    return false;
}

/* The bits of header.pages that stand for so many bytes from an offset on. */
static uint64_t pages_bits(size_t offset, size_t size)
{
    size_t first = offset / IMAGE_PAGE, last = (offset + size - 1) / IMAGE_PAGE;
    return (UINT64_MAX >> (63 - (last - first))) << first;
}

bool pages_reserved(const struct session_image *image, const void *from, size_t size)
{
    uint64_t wanted = pages_bits((size_t)((const char *)from - (const char *)image), size);
    return (__atomic_load_n(&image->header.pages, __ATOMIC_ACQUIRE) & wanted) == wanted;
}

bool pages_reserve(struct session_image *image, const void *from, size_t size)
{
    if (pages_reserved(image, from, size))
        return true;
    size_t offset = (size_t)((const char *)from - (const char *)image);
    size_t begin = offset / IMAGE_PAGE * IMAGE_PAGE;
    if (!populate((char *)image + begin,
                  (offset + size - begin + IMAGE_PAGE - 1) / IMAGE_PAGE * IMAGE_PAGE))
        return false;
    __atomic_or_fetch(&image->header.pages, pages_bits(offset, size), __ATOMIC_RELEASE);
    return true;
}
