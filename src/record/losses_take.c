#include "record/losses_take.h"

#include "base/array.h"
#include "model/labels.h"
#include "record/inbox.h"
#include "record/runtime_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE (RUNTIME_FOLDER_SIZE + 16)

/* More than all programs of a machine count in years: the number is not what it was. */
#define LOSSES_MOST (UINT64_C(1) << 48)

/* What programs change meanwhile, read once: first what is told of it. */
static struct loss_slot slot_read(const struct loss_slot *slot)
{
    struct loss_slot read = *slot;
    read.told = __atomic_load_n(&slot->told, __ATOMIC_ACQUIRE);
    read.count = __atomic_load_n(&slot->count, __ATOMIC_ACQUIRE);
    return read;
}

bool loss_sound(const struct loss_slot *slot)
{
    if (loss_key(slot->text_at, slot->text) != slot->key)
        return false;
    for (int i = 0; i < TEXT_COUNT; i++)
        if (slot->text_at[i] >= HEADER_TEXT_SIZE)
            return false;
    return slot->text[HEADER_TEXT_SIZE - 1] == '\0' && loss_text(slot, TEXT_STORE)[0] != '\0' &&
           loss_text(slot, TEXT_APP)[0] != '\0' && slot->told <= slot->count &&
           slot->count < LOSSES_MOST && slot->pending <= slot->count &&
           (slot->pending <= slot->told ||
            strnlen(slot->session, sizeof slot->session) == UUID_TEXT_SIZE - 1);
}

static bool text_copy(const struct loss_slot *slot, enum header_text which, char **to)
{
    const char *text = loss_text(slot, which);
    if (text[0] == '\0')
        return true;
    *to = strdup(text);
    return *to != NULL;
}

enum tare_status loss_batch(const struct loss_slot *slot, struct batch *batch,
                            struct tare_error *error)
{
    struct batch made;
    batch_init(&made);
    struct session *session = &made.session;
    memcpy(session->id, slot->session, sizeof session->id);
    snprintf(made.id, sizeof made.id, "%s.0", session->id);
    session->started_ns = slot->since_ns != 0 ? slot->since_ns : slot->last_ns;
    session->ended_ns = slot->last_ns > session->started_ns ? slot->last_ns : session->started_ns;
    session->outcome = OUTCOME_OK;
    session->dropped = slot->pending - slot->told;
    session->source = strdup("libtare");
    bool copied = session->source != NULL && text_copy(slot, TEXT_APP, &session->app) &&
                  text_copy(slot, TEXT_VERSION, &session->version) &&
                  text_copy(slot, TEXT_COMMIT, &session->commit) &&
                  text_copy(slot, TEXT_BRANCH, &session->branch) &&
                  text_copy(slot, TEXT_ENVIRONMENT, &session->environment.key);
    enum tare_status status = copied ? labels_canonical(loss_text(slot, TEXT_LABELS),
                                                        &session->labels, error)
                                     : error_memory(error);
    if (status == TARE_OK && !batch_sound(&made))
        status = error_set(error, TARE_E_CORRUPT, "a count of losses is of no time");
    if (status != TARE_OK) {
        batch_release(&made);
        return status;
    }
    *batch = made;
    return TARE_OK;
}

/* The batch gets its name before it goes, and keeps it until it is known to have gone; or not to
 * have: then there is none, and the next may tell more. */
static enum tare_status slot_take(struct loss_slot *slot, struct tare_error *error)
{
    struct loss_slot read = slot_read(slot);
    struct batch batch;
    bool fresh = read.pending <= read.told; /* else who gave it its name was killed */
    if (fresh) {
        if (read.count == read.told)
            return TARE_OK;
        uuid_generate_text(slot->session);
        __atomic_store_n(&slot->pending, read.count, __ATOMIC_RELEASE);
        read.pending = read.count;
        memcpy(read.session, slot->session, sizeof read.session);
    }
    batch_init(&batch);
    enum tare_status status = loss_batch(&read, &batch, error);
    if (status == TARE_OK)
        status = inbox_append(loss_text(&read, TEXT_STORE), &batch, error);
    if (status == TARE_OK) {
        __atomic_store_n(&slot->since_ns, 0, __ATOMIC_RELAXED);
        __atomic_store_n(&slot->told, read.pending, __ATOMIC_RELEASE);
    }
    if (status == TARE_OK || fresh)
        __atomic_store_n(&slot->pending, 0, __ATOMIC_RELEASE);
    batch_release(&batch);
    return status == TARE_OK && !fresh ? slot_take(slot, error) : status;
}

/* A slot without a loss is nobody's, or will be somebody's in a moment. */
static bool slot_counts(const struct loss_slot *slot)
{
    return slot->key != 0 && slot->count > 0;
}

static bool slot_wanted(const struct loss_slot *slot, const char *store)
{
    return store == NULL || store_same(store, loss_text(slot, TEXT_STORE));
}

/* NULL with TARE_OK: there is none, or somebody else takes. */
static enum tare_status file_map(const char *path, bool take, struct losses **losses, int *fd,
                                 struct tare_error *error)
{
    struct stat info;
    *fd = open(path, (take ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NOFOLLOW);
    if (*fd < 0)
        return errno == ENOENT ? TARE_OK : error_set_errno(error, errno, "cannot open %s", path);
    if (take && flock(*fd, LOCK_EX | LOCK_NB) != 0)
        return TARE_OK;
    void *map = MAP_FAILED;
    if (fstat(*fd, &info) == 0 && info.st_size == (off_t)sizeof **losses)
        map = mmap(NULL, sizeof **losses, PROT_READ | (take ? PROT_WRITE : 0), MAP_SHARED, *fd, 0);
    if (map != MAP_FAILED && losses_ours(map)) {
        *losses = map;
        return TARE_OK;
    }
    if (map != MAP_FAILED)
        munmap(map, sizeof **losses);
    return error_set(error, TARE_E_CORRUPT,
                     "%s does not hold what tare counts losses in: remove it, and programs make "
                     "another",
                     path);
}

static enum tare_status file_open(const char *folder, bool take, struct losses **losses, int *fd,
                                  struct tare_error *error)
{
    char path[PATH_SIZE];
    *losses = NULL;
    *fd = -1;
    snprintf(path, sizeof path, "%s/%s", folder, LOSSES_NAME);
    return file_map(path, take, losses, fd, error);
}

static void file_close(struct losses *losses, int fd)
{
    losses_close(losses);
    if (fd >= 0)
        close(fd);
}

static enum tare_status slot_unsound(const char *folder, struct tare_error *error)
{
    return error_set(error, TARE_E_CORRUPT,
                     "a count in %s/%s is damaged: when no program records, remove the file",
                     folder, LOSSES_NAME);
}

enum tare_status losses_take(const char *folder, const char *store, struct tare_error *error)
{
    struct losses *losses;
    int fd;
    enum tare_status status = file_open(folder, true, &losses, &fd, error);
    for (size_t i = 0; losses != NULL && i < LOSSES_SLOTS; i++) {
        struct loss_slot *slot = &losses->slots[i];
        struct loss_slot read = slot_read(slot);
        enum tare_status taken = TARE_OK;
        if (!slot_counts(&read))
            continue;
        if (!loss_sound(&read))
            taken = slot_unsound(folder, status == TARE_OK ? error : NULL);
        else if (slot_wanted(&read, store))
            taken = slot_take(slot, status == TARE_OK ? error : NULL);
        status = status == TARE_OK ? taken : status;
    }
    file_close(losses, fd);
    return status;
}

static enum tare_status loss_add(const struct loss_slot *slot, struct loss_list *list,
                                 struct tare_error *error)
{
    struct loss *loss = array_add(&list->losses, &list->count, sizeof *loss);
    char *app = loss != NULL ? strdup(loss_text(slot, TEXT_APP)) : NULL;
    if (app == NULL) {
        list->count -= loss != NULL;
        return error_memory(error);
    }
    *loss = (struct loss){app, slot->count - slot->told, slot->last_ns};
    return TARE_OK;
}

enum tare_status losses_peek(const char *folder, const char *store, struct loss_list *list,
                             struct tare_error *error)
{
    struct losses *losses;
    int fd;
    enum tare_status status = file_open(folder, false, &losses, &fd, error);
    for (size_t i = 0; losses != NULL && i < LOSSES_SLOTS; i++) {
        struct loss_slot read = slot_read(&losses->slots[i]);
        enum tare_status added = TARE_OK;
        if (!slot_counts(&read))
            continue;
        if (!loss_sound(&read))
            added = slot_unsound(folder, status == TARE_OK ? error : NULL);
        else if (slot_wanted(&read, store) && read.count > read.told)
            added = loss_add(&read, list, status == TARE_OK ? error : NULL);
        status = status == TARE_OK ? added : status;
    }
    file_close(losses, fd);
    return status;
}

void loss_list_release(struct loss_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->losses[i].app);
    free(list->losses);
    *list = (struct loss_list){0};
}
