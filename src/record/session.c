#include "record/session.h"

#include "base/clock.h"
#include "base/crc32.h"
#include "base/file.h"
#include "base/text.h"
#include "model/session.h"
#include "record/clock_source.h"
#include "record/pages.h"
#include "record/registry.h"
#include "record/stamp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/single_threaded.h>
#include <sys/stat.h>
#include <unistd.h>

/* So long an idle file lies there; the bits of header.pages of one. */
#define IDLE_SECONDS     3600
#define PAGES_FIRST_BITS ((UINT64_C(1) << PAGES_FIRST) - 1)

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

void session_path(const char *folder, const struct session_image *image,
                  char path[SESSION_PATH_SIZE])
{
    const struct session_card *card = &image->header.card;
    char name[STAMP_NAME_SIZE];
    if (image->header.kept)
        stamp_name(card->text + card->text_at[TEXT_APP], name);
    (void)text_join(path, SESSION_PATH_SIZE, folder, "/", image->header.kept ? name : card->writer,
                    SESSION_SUFFIX, NULL);
}

/* Maps the file with its first pages allocated. Kernels that cannot allocate by madvise() get the
 * whole file at once. */
static struct session_image *file_map(int fd)
{
    size_t size = sizeof(struct session_image);
    if (!file_may_grow((int64_t)size) || ftruncate(fd, (off_t)size) != 0)
        return NULL;
    void *image = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (image == MAP_FAILED)
        return NULL;
    if (madvise(image, PAGES_FIRST * IMAGE_PAGE, MADV_POPULATE_WRITE) == 0)
        return image;
    int failed = errno == EINVAL ? posix_fallocate(fd, 0, (off_t)size) : ENOSPC;
    if (failed == 0)
        return image;
    munmap(image, size);
    errno = failed;
    return NULL;
}

/* Not fstat(): that asks the same, but with an empty path of libc's own, on one more page of it.
 */
static bool file_ours(int fd)
{
    struct stat info;
    return fstatat(fd, "", &info, AT_EMPTY_PATH) == 0 && S_ISREG(info.st_mode) &&
           info.st_uid == geteuid() && info.st_nlink == 1 &&
           info.st_size == (off_t)sizeof(struct session_image);
}

bool session_idle(const struct session_image *image)
{
    return __atomic_load_n(&image->header.card.magic, __ATOMIC_ACQUIRE) == SESSION_IDLE &&
           image->header.card.version == SESSION_VERSION;
}

bool session_idle_for_long(const struct session_image *image)
{
    return session_idle(image) &&
           clock_now_ns() - image->header.last.real_ns > IDLE_SECONDS * CLOCK_NS_PER_SECOND;
}

/* The idle file of an app, emptied: a record of its last session must not be taken for one that
 * this one did not come to write. A reader that asks whose it is (owner.c) is not waited for. -1:
 * it is in use, or there is none (ENOENT). */
static int file_take_over(const char *path, struct session_image **image)
{
    const size_t size = sizeof **image;
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return -1;
    void *map = flock(fd, LOCK_EX | LOCK_NB) == 0 && file_ours(fd)
                    ? mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
                    : MAP_FAILED;
    if (map != MAP_FAILED && session_idle(map)) {
        memset(map, 0, PAGES_FIRST * IMAGE_PAGE);
        *image = map;
        return fd;
    }
    if (map != MAP_FAILED)
        munmap(map, size);
    close(fd);
    errno = EBUSY;
    return -1;
}

/* Without its flock: a new file without a header is left alone for a minute (session_file.c), and
 * a reader that is stopped must not make us wait. -1: with errno. */
static int file_create(const char *path, struct session_image **image)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return -1;
    *image = file_map(fd);
    if (*image != NULL)
        return fd;
    int saved = errno;
    unlink(path);
    close(fd);
    errno = saved;
    return -1;
}

/* The mapping goes on to hold what the descriptor stood for, and with it the lock. */
static void file_let_go(int fd)
{
    if (fd < 0)
        return;
    flock(fd, LOCK_UN);
    close(fd);
}

/* The app's file, else one of the writer's own. The header is still to be filled in. -1: none. */
static int file_open(const char *folder, const char *app, const char *writer,
                     struct session_image **image)
{
    char path[SESSION_PATH_SIZE], name[STAMP_NAME_SIZE];
    stamp_name(app, name);
    (void)text_join(path, sizeof path, folder, "/", name, SESSION_SUFFIX, NULL);
    bool kept = true;
    int fd = file_take_over(path, image);
    if (fd < 0) {
        kept = errno == ENOENT;
        if (!runtime_folder_make(folder))
            return -1;
        if (kept)
            fd = file_create(path, image);
    }
    if (fd < 0 && (!kept || errno == EEXIST)) {
        kept = false;
        (void)text_join(path, sizeof path, folder, "/", writer, SESSION_SUFFIX, NULL);
        fd = file_create(path, image);
    }
    if (fd >= 0)
        (*image)->header.kept = kept;
    return fd;
}

static struct session_image *memory_create(void)
{
    void *image = mmap(NULL, sizeof(struct session_image), PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return image != MAP_FAILED ? image : NULL;
}

static bool uuid_shaped(const char *text)
{
    if (text == NULL || strlen(text) != UUID_TEXT_SIZE - 1)
        return false;
    for (size_t i = 0; i < UUID_TEXT_SIZE - 1; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        bool digit = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
        if (dash ? text[i] != '-' : !digit)
            return false;
    }
    return true;
}

static void card_fill(struct session_card *card, const struct settings *settings, uint32_t clock,
                      bool cold, const char *writer)
{
    const char *joined = secure_getenv("TARE_SESSION");
    card->magic = SESSION_MAGIC;
    card->version = SESSION_VERSION;
    card->size = sizeof(struct session_image);
    memcpy(card->writer, writer, UUID_TEXT_SIZE);
    memcpy(card->id, uuid_shaped(joined) ? joined : writer, UUID_TEXT_SIZE);
    card->pid = (uint32_t)getpid();
    card->clock = clock;
    card->window_ns = settings->window_ns;
    card->temperature = cold ? TEMPERATURE_COLD : TEMPERATURE_WARM;
    memcpy(card->text_at, settings->text_at, sizeof card->text_at);
    memcpy(card->text, settings->text, settings->text_used);
    anchor_take(clock, &card->opened);
}

struct session_image *session_create(const char *folder, const struct settings *settings,
                                     uint32_t clock, bool cold)
{
    char writer[UUID_TEXT_SIZE];
    struct session_image *image = NULL;
    int fd = -1;
    uuid_generate_text(writer);
    if (settings->in_memory)
        image = memory_create();
    else
        fd = file_open(folder, settings_text(settings, TEXT_APP), writer, &image);
    if (image == NULL)
        return NULL;
    struct session_header *header = &image->header;
    card_fill(&header->card, settings, clock, cold, writer);
    header->outcome = OUTCOME_OK;
    header->pages = PAGES_FIRST_BITS;
    bool whole = registry_open(image);
    int saved = errno;
    if (whole)
        __atomic_store_n(&header->card_checksum, crc32c(0, &header->card, sizeof header->card),
                         __ATOMIC_RELEASE);
    else if (fd >= 0)
        session_remove(image, folder, true);
    file_let_go(fd);
    if (!whole)
        munmap(image, sizeof *image);
    errno = saved;
    return whole ? image : NULL;
}

/* Nobody but this thread can be in the middle of a record, and the file has not grown. */
static bool session_keepable(const struct session_image *image)
{
    const struct session_header *header = &image->header;
    return header->kept && __libc_single_threaded && header->pages == PAGES_FIRST_BITS &&
           header->taking == 0;
}

void session_leave(struct session_image *image, const char *folder)
{
    if (session_keepable(image))
        __atomic_store_n(&image->header.card.magic, SESSION_IDLE, __ATOMIC_RELEASE);
    else
        session_remove(image, folder, false);
}

/* Under that name may lie another session's by now, where `tare` has taken ours up. Where somebody
 * is at it, it is left to him. */
static bool kept_lock(const char *path, const struct session_image *image, int *fd)
{
    char writer[sizeof image->header.card.writer];
    const off_t at = offsetof(struct session_image, header.card.writer);
    struct stat info;
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    return *fd >= 0 && flock(*fd, LOCK_EX | LOCK_NB) == 0 && fstat(*fd, &info) == 0 &&
           info.st_nlink > 0 && pread(*fd, writer, sizeof writer, at) == (ssize_t)sizeof writer &&
           memcmp(writer, image->header.card.writer, sizeof writer) == 0;
}

void session_remove(const struct session_image *image, const char *folder, bool locked)
{
    char path[SESSION_PATH_SIZE];
    int fd = -1;
    session_path(folder, image, path);
    if (locked || !image->header.kept || kept_lock(path, image, &fd))
        unlink(path);
    if (fd >= 0)
        close(fd);
}
