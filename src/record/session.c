#include "record/session.h"

#include "base/crc32.h"
#include "base/text.h"
#include "model/session.h"
#include "record/clock_source.h"
#include "record/pages.h"
#include "record/registry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

void session_path(const char *folder, const char *writer, char path[SESSION_PATH_SIZE])
{
    (void)text_join(path, SESSION_PATH_SIZE, folder, "/", writer, SESSION_SUFFIX, NULL);
}

/* Maps the file with its first pages allocated. Kernels that cannot allocate by madvise() get the
 * whole file at once. */
static struct session_image *file_map(int fd)
{
    size_t size = sizeof(struct session_image);
    if (ftruncate(fd, (off_t)size) != 0)
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

static struct session_image *file_create(const char *folder, const char *writer)
{
    char path[SESSION_PATH_SIZE];
    session_path(folder, writer, path);
    if (!runtime_folder_make(folder))
        return NULL;
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return NULL;
    struct session_image *image = file_map(fd);
    int saved = errno;
    close(fd);
    if (image == NULL)
        unlink(path);
    errno = saved;
    return image;
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
    const char *joined = getenv("TARE_SESSION");
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
    uuid_generate_text(writer);
    struct session_image *image = settings->in_memory ? memory_create()
                                                      : file_create(folder, writer);
    if (image == NULL)
        return NULL;
    struct session_header *header = &image->header;
    card_fill(&header->card, settings, clock, cold, writer);
    header->outcome = OUTCOME_OK;
    header->pages = (1u << PAGES_FIRST) - 1;
    if (!registry_open(image)) {
        int saved = errno;
        session_discard(image, folder, !settings->in_memory);
        errno = saved;
        return NULL;
    }
    __atomic_store_n(&header->card_checksum, crc32c(0, &header->card, sizeof header->card),
                     __ATOMIC_RELEASE);
    return image;
}

void session_discard(struct session_image *image, const char *folder, bool remove)
{
    char path[SESSION_PATH_SIZE];
    if (remove) {
        session_path(folder, image->header.card.writer, path);
        unlink(path);
    }
    munmap(image, sizeof *image);
}
