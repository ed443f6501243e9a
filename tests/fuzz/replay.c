/* Replays the corpus (tests/data/formats) and changed copies of it through every importer, and
 * what sound writers write through the readers of all that is kept, by a fixed seed: what `make
 * fuzz` looks for at length, looked for a little in every test run.
 *
 *     replay [CHANGES] [TARGET]       CHANGES copies of each file, 60 unless given
 *     replay --seeds FOLDER           writes a first input for each kept target there */
#include "target.h"

#include "base/file.h"
#include "collect/importer.h"
#include "kept.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t random_state = 20260131;

static uint64_t random_below(uint64_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return limit > 0 ? random_state % limit : 0;
}

static const char *const pieces[] = {"{",         "}",
                                     "[",         "]",
                                     "\"",        ",",
                                     ":",         "null",
                                     "NaN",       "-1",
                                     "1e999",     "0",
                                     "\n",        "\r\n",
                                     "\\",        "99999999999999999999",
                                     "\xff",      "\xc3",
                                     "\x1b[31m",  "#",
                                     "<",         ">",
                                     "&",         "=",
                                     ";",         "\t",
                                     " ",         "# EOF\n",
                                     "Benchmark", "ns/op",
                                     "\"\"",      "true",
                                     "{\"a\":",   "-----------------------------\n"};

struct bytes {
    uint8_t *at;
    size_t size, room;
};

/* Puts a piece in, over what stands there or between. */
static void piece_put(struct bytes *text, size_t at, const char *piece, bool over)
{
    size_t length = strlen(piece);
    if (over && at + length <= text->size) {
        memcpy(text->at + at, piece, length);
    } else if (text->size + length <= text->room) {
        memmove(text->at + at + length, text->at + at, text->size - at);
        memcpy(text->at + at, piece, length);
        text->size += length;
    }
}

/* Takes a stretch out, or says it twice. */
static void stretch_change(struct bytes *text, size_t at, bool twice)
{
    size_t length = random_below(text->size - at < 64 ? text->size - at : 64);
    if (!twice) {
        memmove(text->at + at, text->at + at + length, text->size - at - length);
        text->size -= length;
    } else if (text->size + length <= text->room) {
        memmove(text->at + at + length, text->at + at, text->size - at);
        text->size += length;
    }
}

static void change(struct bytes *text)
{
    for (uint64_t changes = 1 + random_below(4); changes > 0; changes--) {
        size_t at = random_below(text->size + 1);
        switch (random_below(6)) {
        case 0:
            if (at < text->size)
                text->at[at] = (uint8_t)random_below(256);
            break;
        case 1:
            if (at < text->size)
                text->at[at] ^= (uint8_t)(1u << random_below(8));
            break;
        case 2:
        case 3:
            piece_put(text, at, pieces[random_below(sizeof pieces / sizeof pieces[0])],
                      random_below(2) == 0);
            break;
        case 4:
            stretch_change(text, at, random_below(2) == 0);
            break;
        default:
            text->size = random_below(8) == 0 ? at : text->size;
        }
    }
}

/* Copies with changes, each through `run`. */
static size_t changed_replay(const char *original, size_t size, unsigned long changes,
                             void (*run)(const void *context, const struct bytes *text),
                             const void *context)
{
    struct bytes text = {.at = malloc(size * 2 + 256), .room = size * 2 + 256};
    size_t runs = 0;
    for (; text.at != NULL && runs < changes; runs++) {
        memcpy(text.at, original, size);
        text.size = size;
        change(&text);
        run(context, &text);
    }
    free(text.at);
    return runs;
}

struct import_place {
    const char *format, *name;
};

static void import_run(const void *context, const struct bytes *text)
{
    const struct import_place *place = context;
    target_import(place->format, place->name, text->at, text->size);
    target_import("auto", place->name, text->at, text->size);
}

/* Through the importer it is meant for, through the one that the content suggests, and as it is
 * through all the others. */
static size_t file_replay(const char *format, const char *path, unsigned long changes)
{
    char *original;
    size_t size, runs = 0;
    if (file_read(path, 0, &original, &size, NULL) != TARE_OK)
        return 0;
    const struct import_place place = {format, file_base_name(path)};
    for (size_t i = 0; i < importer_count; i++, runs++)
        target_import(importers[i].name, place.name, (const uint8_t *)original, size);
    runs += 2 * changed_replay(original, size, changes, import_run, &place);
    free(original);
    return runs;
}

static size_t format_replay(const char *format, unsigned long changes)
{
    char folder[1024], path[2048];
    size_t runs = 0;
    struct dirent **entries;
    snprintf(folder, sizeof folder, "%s/formats/%s", TARE_TEST_DATA, format);
    int count = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (entries[i]->d_type == DT_REG)
            runs += file_replay(format, path, changes);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    return runs;
}

static void kept_run(const void *context, const struct bytes *text)
{
    ((const struct kept_target *)context)->run(text->at, text->size);
}

/* A changed byte of what is kept leads further in than one of a text: more of them. */
static size_t kept_replay(const struct kept_target *target, unsigned long changes)
{
    struct strbuf seed;
    strbuf_init(&seed);
    target->seed(&seed);
    target->run((const uint8_t *)seed.text, seed.length);
    size_t runs = changed_replay(seed.text, seed.length, changes * 10, kept_run, target);
    strbuf_release(&seed);
    return runs;
}

static int seeds_write(const char *folder)
{
    int status = 0;
    for (size_t i = 0; i < kept_target_count && status == 0; i++) {
        char path[1024];
        struct strbuf seed;
        strbuf_init(&seed);
        kept_targets[i].seed(&seed);
        snprintf(path, sizeof path, "%s/%s", folder, kept_targets[i].name);
        if (file_write_atomic(path, seed.text, seed.length, 0600, false, NULL) != TARE_OK)
            status = 3;
        strbuf_release(&seed);
    }
    return status;
}

static void told(size_t number, const char *name, size_t runs)
{
    printf("%sok %zu - fuzz__%s # %zu runs\n", runs > 0 ? "" : "not ", number, name, runs);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--seeds") == 0)
        return seeds_write(argv[2]);
    unsigned long changes = argc > 1 ? strtoul(argv[1], NULL, 10) : 60;
    const char *only = argc > 2 ? argv[2] : NULL;
    printf("1..%zu\n", importer_count + kept_target_count);
    for (size_t i = 0; i < importer_count; i++) {
        const char *format = importers[i].name;
        bool wanted = only == NULL || strcmp(only, format) == 0;
        told(i + 1, format, wanted ? format_replay(format, changes) : 1);
    }
    for (size_t i = 0; i < kept_target_count; i++) {
        bool wanted = only == NULL || strcmp(only, kept_targets[i].name) == 0;
        told(importer_count + i + 1, kept_targets[i].name,
             wanted ? kept_replay(&kept_targets[i], changes) : 1);
    }
    return 0;
}
