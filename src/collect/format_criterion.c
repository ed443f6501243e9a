/* Criterion: one folder a benchmark, target/criterion/NAME/new, of three files. Any of them stands
 * for the folder. The benchmarks of one folder of criterion are one session; each is a batch of
 * its own by its content alone, so that those that did not run again are not counted again. */
#include "base/clock.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "collect/importer_document.h"
#include "collect/importer_format.h"
#include "collect/importer_source.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int criterion_probe(const char *head, size_t size, const char *file_name)
{
    char first = json_head_first(head, size);
    if (first == '{' && json_head_has(head, size, 1, "group_id") &&
        json_head_has(head, size, 1, "function_id"))
        return 90;
    if (first == '{' && json_head_has(head, size, 1, "iters") &&
        json_head_has(head, size, 1, "times"))
        return 90;
    if (first == '{' && json_head_has(head, size, 2, "point_estimate"))
        return 90;
    return first == '[' && strcmp(file_name, "sample.json") == 0 ? 60 : 0;
}

/* The three files of a benchmark; NULL where there is none. */
struct criterion_folder {
    char *folder;
    json_t *benchmark, *sample, *estimates;
    int64_t time_ns; /* of the last modification of the sample or the estimates */
    struct digest digest;
};

static enum tare_status member_read(struct criterion_folder *self, const char *name, json_t **to,
                                    struct tare_error *error)
{
    char *bytes = NULL, *path = file_join(self->folder, name);
    size_t size;
    struct stat info;
    enum tare_status status = path != NULL ? TARE_OK : error_memory(error);
    if (status == TARE_OK && stat(path, &info) == 0) {
        status = file_read(path, 0, &bytes, &size, error);
        if (status == TARE_OK) {
            digest_add(&self->digest, bytes, size);
            const struct json_cut whole = {.line = 1, .column = 1};
            status = import_json_parse(path, &whole, 1, bytes, size, to, error);
        }
        self->time_ns = (int64_t)info.st_mtim.tv_sec * CLOCK_NS_PER_SECOND + info.st_mtim.tv_nsec;
    }
    free(bytes);
    free(path);
    return status;
}

static enum tare_status folder_read(struct criterion_folder *self, const char *path,
                                    struct tare_error *error)
{
    if (path == NULL)
        return error_set(error, TARE_E_USAGE,
                         "criterion's results are folders: name target/criterion, or one of its "
                         "files, and not standard input");
    self->folder = file_parent(path);
    self->digest = digest_begin();
    if (self->folder == NULL)
        return error_memory(error);
    enum tare_status status = member_read(self, "benchmark.json", &self->benchmark, error);
    if (status == TARE_OK)
        status = member_read(self, "estimates.json", &self->estimates, error);
    if (status == TARE_OK)
        status = member_read(self, "sample.json", &self->sample, error);
    if (status == TARE_OK && self->benchmark == NULL)
        status = error_set(error, TARE_E_SYNTAX, "%s has no benchmark.json beside it", path);
    return status;
}

static void folder_release(struct criterion_folder *self)
{
    free(self->folder);
    json_decref(self->benchmark);
    json_decref(self->sample);
    json_decref(self->estimates);
}

/* full_id, which very old files lack: "group/function/value". */
static char *benchmark_name(const struct place *benchmark)
{
    static const char *const parts[] = {"group_id", "function_id", "value_str"};
    const char *whole = place_text(benchmark, "full_id");
    struct strbuf name;
    strbuf_init(&name);
    strbuf_add_text(&name, whole);
    for (size_t i = 0; whole == NULL && i < 3; i++) {
        const char *part = place_text(benchmark, parts[i]);
        if (part != NULL && name.length > 0)
            strbuf_add_char(&name, '/');
        strbuf_add_text(&name, part);
    }
    return strbuf_detach(&name);
}

/* {iters, times} or, in older files, [iters, times]: totals over iterations. */
static enum tare_status sample_read(struct import_session *session, const char *file, json_t *root,
                                    const struct import_measure *measure, struct tare_error *error)
{
    struct import_slot slot;
    struct place sample = place_root(file, root);
    bool array = json_is_array(root);
    struct place iters = array ? place_item(&sample, 0) : place_member(&sample, "iters");
    struct place times = array ? place_item(&sample, 1) : place_member(&sample, "times");
    enum tare_status status = place_need_array(&iters, error);
    if (status == TARE_OK)
        status = place_need_array(&times, error);
    if (status == TARE_OK && place_count(&iters) != place_count(&times))
        status = place_wrong(&times, "as long as its iterations", error);
    if (status == TARE_OK)
        status = import_session_slot(session, measure, &slot, error);
    for (size_t i = 0; i < place_count(&times) && status == TARE_OK; i++) {
        struct place time = place_item(&times, i), iter = place_item(&iters, i);
        double total = NAN, count = NAN;
        status = place_need_number(&time, &total, error);
        if (status == TARE_OK)
            status = place_need_number(&iter, &count, error);
        if (status == TARE_OK && !(count > 0))
            status = place_wrong(&iter, "above 0", error);
        if (status == TARE_OK)
            status = import_session_value(session, &slot, 0, total / count, error);
    }
    return status;
}

static enum tare_status estimates_read(struct import_session *session, const char *file,
                                       json_t *root, const struct import_measure *measure,
                                       struct tare_error *error)
{
    double value;
    struct place estimates = place_root(file, root);
    bool older = place_has(&estimates, "Median");
    struct place median = place_member(&estimates, older ? "Median" : "median");
    struct place point = place_member(&median, "point_estimate");
    enum tare_status status = place_need_number(&point, &value, error);
    return status == TARE_OK ? import_session_add(session, measure, value, error) : status;
}

static enum tare_status values_read(struct import_session *session,
                                    const struct criterion_folder *folder,
                                    struct tare_error *error)
{
    struct place benchmark = place_root(folder->folder, folder->benchmark);
    char *name = benchmark_name(&benchmark);
    const struct import_measure measure = {.benchmark = name, .unit = "ns", .fine = true};
    char file[4096];
    snprintf(file, sizeof file, "%s/%s", folder->folder,
             folder->sample != NULL ? "sample.json" : "estimates.json");
    enum tare_status status;
    if (name == NULL)
        status = error_memory(error);
    else if (folder->sample != NULL)
        status = sample_read(session, file, folder->sample, &measure, error);
    else
        status = estimates_read(session, file, folder->estimates, &measure, error);
    free(name);
    return status;
}

enum tare_status criterion_read(struct import *import, struct tare_error *error)
{
    struct criterion_folder folder = {0};
    struct import_session session = {0};
    const struct import_origin origin = {0};
    enum tare_status status = folder_read(&folder, import->source->path, error);
    if (status == TARE_OK) {
        import->source->time_ns = folder.time_ns;
        status = import_session_begin(&session, import, &origin, error);
    }
    if (status == TARE_OK && import->folder_digest != NULL)
        import_session_name(&session, import->folder_digest);
    if (status == TARE_OK)
        status = values_read(&session, &folder, error);
    if (status == TARE_OK) {
        import_session_digest(&session, &folder.digest, sizeof folder.digest);
        session.content_alone = true;
        status = import_session_flush(&session, error);
    }
    import_session_release(&session);
    folder_release(&folder);
    return status;
}
