#include "collect/importer_folder.h"

#include "base/digest.h"
#include "base/file.h"
#include "collect/importer_source.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEPTH_LIMIT 64

struct walk {
    const char *format;
    const struct import_options *options;
    import_emit emit;
    void *emit_ctx;
    struct import_result *result;
    struct digest digest; /* of all benchmarks of criterion, by the first of two rounds */
    char digest_text[DIGEST_TEXT_SIZE];
    bool digesting;
};

static int is_name(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static bool file_in(const char *folder, const char *name)
{
    char *path = file_join(folder, name);
    bool there = path != NULL && file_exists(path);
    free(path);
    return there;
}

/* A folder in which criterion left one benchmark. */
static bool is_benchmark(const char *folder)
{
    return file_in(folder, "benchmark.json") &&
           (file_in(folder, "estimates.json") || file_in(folder, "sample.json"));
}

static enum tare_status benchmark_read(struct walk *walk, const char *folder,
                                       struct tare_error *error)
{
    char *path = file_join(folder, "benchmark.json"), *bytes = NULL;
    const char *sample = file_in(folder, "sample.json") ? "sample.json" : "estimates.json";
    size_t size = 0;
    enum tare_status status = path != NULL ? TARE_OK : error_memory(error);
    if (status == TARE_OK && !walk->digesting) {
        status = import_file("criterion", path, walk->digest_text, walk->options, walk->emit,
                             walk->emit_ctx, walk->result, error);
    } else if (status == TARE_OK) {
        free(path);
        path = file_join(folder, sample);
        status = path != NULL ? file_read(path, 0, &bytes, &size, error) : error_memory(error);
        if (status == TARE_OK)
            digest_add(&walk->digest, bytes, size);
    }
    free(bytes);
    free(path);
    return status;
}

/* A file that the walk came by: read when the format knows it. */
static enum tare_status file_visit(struct walk *walk, const char *path, struct tare_error *error)
{
    struct import_source source;
    const char *head;
    size_t size;
    if (walk->digesting)
        return TARE_OK;
    struct tare_error strange;
    enum tare_status status = import_source_open(&source, path, walk->options, &strange);
    if (status == TARE_E_SYNTAX) {
        walk->result->skipped++;
        return TARE_OK;
    }
    if (status != TARE_OK)
        return error_set(error, status, "%s", strange.message);
    status = import_source_peek(&source, &head, &size, error);
    const struct importer *known = NULL;
    if (status == TARE_OK && size > 0)
        known = importer_probe(head, size, file_base_name(path));
    import_source_close(&source);
    if (status != TARE_OK)
        return status;
    if (known == NULL ||
        (strcmp(walk->format, "auto") != 0 && strcmp(walk->format, known->name) != 0)) {
        walk->result->skipped++;
        return TARE_OK;
    }
    return import_file(known->name, path, NULL, walk->options, walk->emit, walk->emit_ctx,
                       walk->result, error);
}

static enum tare_status folder_visit(struct walk *walk, const char *folder, unsigned depth,
                                     struct tare_error *error);

static enum tare_status entry_visit(struct walk *walk, const char *path, bool beside_new,
                                    unsigned depth, struct tare_error *error)
{
    struct stat info;
    const char *name = file_base_name(path);
    if (lstat(path, &info) != 0)
        return error_set_errno(error, errno, "cannot read %s", path);
    if (S_ISLNK(info.st_mode) && (stat(path, &info) != 0 || S_ISDIR(info.st_mode)))
        return TARE_OK;
    if (S_ISREG(info.st_mode))
        return file_visit(walk, path, error);
    bool others = strcmp(name, "base") == 0 || strcmp(name, "change") == 0 ||
                  strcmp(name, "report") == 0;
    if (!S_ISDIR(info.st_mode) || (beside_new && others))
        return TARE_OK;
    return folder_visit(walk, path, depth + 1, error);
}

static bool criterion_wanted(const struct walk *walk)
{
    return strcmp(walk->format, "auto") == 0 || strcmp(walk->format, "criterion") == 0;
}

static enum tare_status folder_visit(struct walk *walk, const char *folder, unsigned depth,
                                     struct tare_error *error)
{
    struct dirent **entries = NULL;
    bool beside_new = false;
    if (depth > DEPTH_LIMIT)
        return error_set(error, TARE_E_USAGE, "%s is more than %d folders deep", folder,
                         DEPTH_LIMIT);
    if (criterion_wanted(walk) && is_benchmark(folder))
        return benchmark_read(walk, folder, error);
    int count = scandir(folder, &entries, is_name, alphasort);
    if (count < 0)
        return error_set_errno(error, errno, "cannot read the folder %s", folder);
    for (int i = 0; i < count; i++)
        beside_new |= strcmp(entries[i]->d_name, "new") == 0;
    enum tare_status status = TARE_OK;
    for (int i = 0; i < count; i++) {
        char *path = status == TARE_OK ? file_join(folder, entries[i]->d_name) : NULL;
        if (status == TARE_OK)
            status = path != NULL ? entry_visit(walk, path, beside_new, depth, error)
                                  : error_memory(error);
        free(path);
        free(entries[i]);
    }
    free(entries);
    return status;
}

enum tare_status import_folder(const char *format, const char *path,
                               const struct import_options *options, import_emit emit,
                               void *emit_ctx, struct import_result *result,
                               struct tare_error *error)
{
    struct walk walk = {.format = format,
                        .options = options,
                        .emit = emit,
                        .emit_ctx = emit_ctx,
                        .result = result,
                        .digest = digest_begin(),
                        .digesting = true};
    size_t files = result->files;
    enum tare_status status = criterion_wanted(&walk) ? folder_visit(&walk, path, 0, error)
                                                      : TARE_OK;
    digest_text(&walk.digest, walk.digest_text);
    walk.digesting = false;
    if (status == TARE_OK)
        status = folder_visit(&walk, path, 0, error);
    if (status == TARE_OK && result->files == files)
        return error_set(error, TARE_E_NOT_FOUND, "%s holds no file that '%s' knows", path,
                         format);
    return status;
}
