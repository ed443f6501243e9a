#include "record/losses.h"

#include "base/clock.h"
#include "base/crc32.h"
#include "base/file.h"
#include "base/number.h"
#include "base/text.h"
#include "record/runtime_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE (RUNTIME_FOLDER_SIZE + 64)

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

uint64_t loss_key(const uint16_t text_at[TEXT_COUNT], const char text[HEADER_TEXT_SIZE])
{
    uint32_t checksum = crc32c(0, text_at, TEXT_COUNT * sizeof *text_at);
    return UINT64_C(1) << 32 | crc32c(checksum, text, HEADER_TEXT_SIZE);
}

static bool file_fill(int fd)
{
    const off_t size = sizeof(struct losses);
    const struct losses_head head = {LOSSES_MAGIC, LOSSES_VERSION, sizeof(struct losses)};
    return file_may_grow(size) && posix_fallocate(fd, 0, size) == 0 &&
           pwrite(fd, &head, sizeof head, 0) == (ssize_t)sizeof head;
}

/* Whole, or not there: it gets its name at last, which nobody else's loses for it. */
void losses_make(const char *folder)
{
    char path[PATH_SIZE], making[PATH_SIZE], pid[NUMBER_TEXT_SIZE];
    number_write_whole((uint64_t)getpid(), pid);
    (void)text_join(path, sizeof path, folder, "/", LOSSES_NAME, NULL);
    (void)text_join(making, sizeof making, path, ".", pid, NULL);
    if (access(path, F_OK) == 0)
        return;
    (void)unlink(making); /* of a process that died here, and had our number */
    int fd = open(making, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return;
    if (file_fill(fd))
        (void)link(making, path);
    unlink(making);
    close(fd);
}

static bool file_ours(int fd)
{
    struct stat info;
    return fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_uid == geteuid() &&
           info.st_size == (off_t)sizeof(struct losses);
}

/* Its pages are there: what else a file system may want for a write, it says here and not by
 * killing the program. Kernels that cannot be asked take the allocation for that. */
static struct losses *file_map(int fd)
{
    struct losses *losses = mmap(NULL, sizeof *losses, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (losses == MAP_FAILED)
        return NULL;
    bool there = madvise(losses, sizeof *losses, MADV_POPULATE_WRITE) == 0 || errno == EINVAL;
    if (there && losses_ours(losses))
        return losses;
    munmap(losses, sizeof *losses);
    return NULL;
}

struct losses *losses_open(const char *folder)
{
    char path[PATH_SIZE];
    if (!runtime_folder_make(folder) && errno != EDQUOT)
        return NULL;
    losses_make(folder);
    (void)text_join(path, sizeof path, folder, "/", LOSSES_NAME, NULL);
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return NULL;
    struct losses *losses = file_ours(fd) ? file_map(fd) : NULL;
    close(fd);
    return losses;
}

void losses_close(struct losses *losses)
{
    if (losses != NULL)
        munmap(losses, sizeof *losses);
}

/* Whoever takes a free slot writes what all others with its key would write there, too: it may be
 * killed before. */
static bool slot_claim(struct loss_slot *slot, uint64_t key, const struct settings *settings)
{
    uint64_t found = 0;
    if (!__atomic_compare_exchange_n(&slot->key, &found, key, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE) &&
        found != key)
        return false;
    if (memcmp(slot->text_at, settings->text_at, sizeof slot->text_at) != 0 ||
        memcmp(slot->text, settings->text, sizeof slot->text) != 0) {
        memcpy(slot->text_at, settings->text_at, sizeof slot->text_at);
        memcpy(slot->text, settings->text, sizeof slot->text);
    }
    return true;
}

/* Whether a slot that somebody has is of this store, and, where that matters, of this app. */
static bool slot_shared(const struct loss_slot *slot, const struct settings *settings, bool app)
{
    return loss_key(slot->text_at, slot->text) == slot->key &&
           strcmp(loss_text(slot, TEXT_STORE), settings_text(settings, TEXT_STORE)) == 0 &&
           (!app || strcmp(loss_text(slot, TEXT_APP), settings_text(settings, TEXT_APP)) == 0);
}

struct loss_slot *losses_slot(struct losses *losses, const struct settings *settings)
{
    uint64_t key = loss_key(settings->text_at, settings->text);
    for (size_t i = 0; i < LOSSES_SLOTS; i++)
        if (slot_claim(&losses->slots[i], key, settings))
            return &losses->slots[i];
    for (int any_app = 0; any_app < 2; any_app++)
        for (size_t i = 0; i < LOSSES_SLOTS; i++)
            if (slot_shared(&losses->slots[i], settings, any_app == 0))
                return &losses->slots[i];
    return NULL;
}

void loss_count(struct loss_slot *slot, uint64_t samples)
{
    __atomic_fetch_add(&slot->count, samples, __ATOMIC_RELAXED);
}

void loss_note_time(struct loss_slot *slot)
{
    int64_t now_ns = clock_now_ns(), never = 0;
    __atomic_store_n(&slot->last_ns, now_ns, __ATOMIC_RELAXED);
    __atomic_compare_exchange_n(&slot->since_ns, &never, now_ns, false, __ATOMIC_RELAXED,
                                __ATOMIC_RELAXED);
}
