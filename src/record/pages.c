#include "record/pages.h"

#include <errno.h>
#include <sys/mman.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

#define PAGE_SIZE 4096u

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

bool pages_reserve(struct session_image *image, const void *from, size_t size)
{
    size_t offset = (size_t)((const char *)from - (const char *)image);
    size_t first = offset / PAGE_SIZE, last = (offset + size - 1) / PAGE_SIZE;
    uint64_t wanted = (UINT64_MAX >> (63 - (last - first))) << first;
    uint64_t *pages = &image->header.pages;
    if (first > 0 && (__atomic_load_n(pages, __ATOMIC_ACQUIRE) & wanted) == wanted)
        return true;
    if (!populate((char *)image + first * PAGE_SIZE, (last - first + 1) * PAGE_SIZE))
        return false;
    __atomic_or_fetch(pages, wanted, __ATOMIC_RELEASE);
    return true;
}
