#include "record/stamp.h"

#include "base/number.h"
#include "base/text.h"
#include "record/layout.h"
#include "record/runtime_folder.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define STAMP_TEXT_SIZE 64
#define TMPFS_MAGIC     0x01021994

static uint64_t mix(uint64_t hash, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ at[i]) * UINT64_C(1099511628211);
    return hash;
}

/* Where the executable was put, by its own program headers; those of a static one do not name
 * themselves, but lie behind the file's header in the segment that begins with it. False: unknown.
 */
static bool base_find(const ElfW(Phdr) * headers, size_t count, ElfW(Addr) * base)
{
    const ElfW(Ehdr) *before = (const ElfW(Ehdr) *)headers - 1;
    bool behind = (ElfW(Addr))headers % IMAGE_PAGE >= sizeof *before &&
                  memcmp(before->e_ident, ELFMAG, SELFMAG) == 0 &&
                  before->e_phoff == sizeof *before;
    for (size_t i = 0; i < count; i++) {
        bool itself = headers[i].p_type == PT_PHDR;
        bool first = headers[i].p_type == PT_LOAD && headers[i].p_offset == 0;
        if (!itself && !(behind && first))
            continue;
        *base = (itself ? (ElfW(Addr))headers : (ElfW(Addr))before) - headers[i].p_vaddr;
        return true;
    }
    return false;
}

/* The build id that the linker noted in the executable; 0: none. */
static uint64_t build_note(void)
{
    const ElfW(Phdr) *headers = (const ElfW(Phdr) *)getauxval(AT_PHDR);
    size_t count = getauxval(AT_PHNUM);
    ElfW(Addr) base;
    if (headers == NULL || !base_find(headers, count, &base))
        return 0;
    for (size_t i = 0; i < count; i++) {
        if (headers[i].p_type != PT_NOTE)
            continue;
        const char *at = (const char *)(base + headers[i].p_vaddr);
        const char *end = at + headers[i].p_memsz;
        while (at + sizeof(ElfW(Nhdr)) <= end) {
            const ElfW(Nhdr) *note = (const ElfW(Nhdr) *)at;
            const char *name = at + sizeof *note;
            const char *text = name + ((note->n_namesz + 3u) & ~3u);
            if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 &&
                memcmp(name, "GNU", 4) == 0)
                return mix(14695981039346656037u, text, note->n_descsz) | 1;
            at = text + ((note->n_descsz + 3u) & ~3u);
        }
    }
    return 0;
}

static uint64_t build_identity(void)
{
    uint64_t build = build_note();
    struct stat info;
    if (build != 0 || stat("/proc/self/exe", &info) != 0)
        return build;
    uint64_t parts[3] = {(uint64_t)info.st_size, (uint64_t)info.st_mtim.tv_sec,
                         (uint64_t)info.st_mtim.tv_nsec};
    return mix(14695981039346656037u, parts, sizeof parts) | 1;
}

#define HEX_DIGITS 16

static void hex_write(uint64_t value, char text[HEX_DIGITS + 1])
{
    for (int i = 0; i < HEX_DIGITS; i++)
        text[i] = "0123456789abcdef"[value >> (60 - 4 * i) & 15];
    text[HEX_DIGITS] = '\0';
}

/* By hand: strtoull() looks into the locale, and that is two more pages of libc at every start. */
static bool hex_read(const char *text, uint64_t *value)
{
    uint64_t read = 0;
    for (int i = 0; i < HEX_DIGITS; i++) {
        unsigned digit = (unsigned char)text[i] - (unsigned)'0';
        unsigned letter = (unsigned char)text[i] - (unsigned)'a';
        if (digit > 9 && letter > 5)
            return false;
        read = read << 4 | (digit <= 9 ? digit : letter + 10);
    }
    *value = read;
    return true;
}

void stamp_name(const char *app, char name[STAMP_NAME_SIZE])
{
    hex_write(mix(14695981039346656037u, app, strlen(app)), name);
}

static void stamp_path(const char *folder, const char *app, char *path, size_t size)
{
    char name[STAMP_NAME_SIZE];
    stamp_name(app, name);
    (void)text_join(path, size, folder, "/", name, ".stamp", NULL);
}

/* "2f0c…81:1:" and the boot, where that has to be told. */
static void stamp_text(const struct stamp *stamp, char text[STAMP_TEXT_SIZE])
{
    char build[HEX_DIGITS + 1], clock[2] = {(char)('0' + stamp->clock), '\0'};
    hex_write(stamp->build, build);
    (void)text_join(text, STAMP_TEXT_SIZE, build, ":", clock, ":", stamp->boot_id, NULL);
}

/* A tmpfs ends with the boot; elsewhere the boot has to be told apart. */
static void boot_id_read(const char *folder, char boot_id[40])
{
    struct statfs info;
    boot_id[0] = '\0';
    if (statfs(folder, &info) == 0 && info.f_type == TMPFS_MAGIC)
        return;
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    ssize_t got = fd >= 0 ? read(fd, boot_id, 36) : -1;
    if (fd >= 0)
        close(fd);
    boot_id[36] = '\0';
    if (got != 36)
        (void)text_join(boot_id, 40, "unknown", NULL);
}

static bool stamp_load(const char *path, struct stamp *stamp)
{
    char text[STAMP_TEXT_SIZE];
    ssize_t size = readlink(path, text, sizeof text - 1);
    if (size <= HEX_DIGITS + 2)
        return false;
    text[size] = '\0';
    const char *end = text + HEX_DIGITS;
    stamp->clock = (uint32_t)(end[1] - '0');
    return hex_read(text, &stamp->build) && end[0] == ':' && end[2] == ':' &&
           text_join(stamp->boot_id, sizeof stamp->boot_id, end + 3, NULL);
}

static bool stamps_same(const struct stamp *a, const struct stamp *b)
{
    return a->build == b->build && a->clock == b->clock && strcmp(a->boot_id, b->boot_id) == 0;
}

void stamp_read(const char *folder, const char *app, struct stamp *fresh, bool *cold,
                bool *current)
{
    char path[RUNTIME_FOLDER_SIZE + 32];
    struct stamp found;
    stamp_path(folder, app, path, sizeof path);
    bool loaded = stamp_load(path, &found);
    *fresh = (struct stamp){.build = build_identity()};
    if (!loaded || found.boot_id[0] != '\0') /* else it lies on a tmpfs, and so is of this boot */
        boot_id_read(folder, fresh->boot_id);
    bool same_boot = loaded && strcmp(found.boot_id, fresh->boot_id) == 0;
    if (same_boot && clock_source_plausible((enum clock_source)found.clock))
        fresh->clock = found.clock;
    else
        fresh->clock = clock_source_detect();
    *cold = !same_boot || found.build != fresh->build;
    *current = loaded && stamps_same(&found, fresh);
}

void stamp_write(const char *folder, const char *app, const struct stamp *fresh)
{
    char path[RUNTIME_FOLDER_SIZE + 32], temporary[RUNTIME_FOLDER_SIZE + 64];
    char text[STAMP_TEXT_SIZE], pid[NUMBER_TEXT_SIZE];
    struct stamp written = *fresh;
    boot_id_read(folder,
                 written.boot_id); /* the folder may be new: who asked before it was there */
    stamp_path(folder, app, path, sizeof path);
    stamp_text(&written, text);
    number_write_whole((uint64_t)getpid(), pid);
    (void)text_join(temporary, sizeof temporary, path, ".", pid, NULL);
    (void)unlink(temporary); /* of a process that died here, and had our number */
    if (symlink(text, temporary) == 0 && rename(temporary, path) != 0)
        unlink(temporary);
}

/* As execvp(3) would find it. */
static bool command_stat(const char *command, struct stat *info)
{
    const char *path = getenv("PATH");
    char candidate[4096];
    if (strchr(command, '/') != NULL)
        return stat(command, info) == 0;
    while (path != NULL && *path != '\0') {
        size_t length = strcspn(path, ":");
        snprintf(candidate, sizeof candidate, "%.*s/%s", (int)length, path, command);
        if (stat(candidate, info) == 0 && access(candidate, X_OK) == 0)
            return true;
        path += length;
        path += *path == ':';
    }
    return false;
}

bool stamp_command(const char *app, const char *command)
{
    char folder[RUNTIME_FOLDER_SIZE], name[300], path[RUNTIME_FOLDER_SIZE + 32];
    struct stat info;
    struct stamp found, fresh = {0};
    if (!command_stat(command, &info) || !runtime_folder_path(folder) ||
        !runtime_folder_make(folder))
        return false;
    const uint64_t parts[3] = {(uint64_t)info.st_size, (uint64_t)info.st_mtim.tv_sec,
                               (uint64_t)info.st_mtim.tv_nsec};
    snprintf(name, sizeof name, "run %.250s", app);
    stamp_path(folder, name, path, sizeof path);
    boot_id_read(folder, fresh.boot_id);
    fresh.build = mix(14695981039346656037u, parts, sizeof parts) | 1;
    if (stamp_load(path, &found) && stamps_same(&found, &fresh))
        return false;
    stamp_write(folder, name, &fresh);
    return true;
}
