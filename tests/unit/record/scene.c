#include "record/scene.h"

#include "record/layout.h"
#include "suite.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *walk)
{
    (void)info;
    (void)type;
    (void)walk;
    return remove(path);
}

void scene_begin(struct scene *scene)
{
    static const char *const speaking[] = {"TARE_STORE",  "TARE_APP",    "TARE_ENVIRONMENT",
                                           "TARE_LABELS", "TARE_WINDOW", "TARE_SESSION",
                                           "TARE_CONFIG", "TARE_DISABLE"};
    *scene = (struct scene){.folder = "/tmp/tare-scene-XXXXXX"};
    assert_non_null(mkdtemp(scene->folder));
    snprintf(scene->store, sizeof scene->store, "%s/tare.db", scene->folder);
    for (size_t i = 0; i < sizeof speaking / sizeof speaking[0]; i++)
        unsetenv(speaking[i]);
    setenv("XDG_RUNTIME_DIR", scene->folder, 1);
    setenv("TARE_RUNTIME_DIR", scene->folder, 1); /* nothing of this machine's other programs */
    setenv("TARE_INGEST", "never", 1);
    setenv("TARE_TEMPERATURE", "warm", 1);
    scene->options = (tare_options){.store = scene->store, .app = "scene"};
}

/* A session file that an app keeps for its next run. */
static bool file_idle(const char *folder, const char *name)
{
    char path[512];
    uint64_t magic = 0;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    bool idle = file != NULL && fread(&magic, sizeof magic, 1, file) == 1 && magic == SESSION_IDLE;
    if (file != NULL)
        fclose(file);
    return idle;
}

size_t scene_files(const struct scene *scene, const char *suffix)
{
    char path[128];
    size_t count = 0;
    snprintf(path, sizeof path, "%s/tare", scene->folder);
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        size_t length = strlen(entry->d_name), tail = strlen(suffix);
        count += length >= tail && strcmp(entry->d_name + length - tail, suffix) == 0 &&
                 !file_idle(path, entry->d_name);
    }
    if (folder != NULL)
        closedir(folder);
    return count;
}

void scene_end(struct scene *scene)
{
    assert_int_equal(scene_files(scene, ".session"), 0);
    assert_int_equal(scene_files(scene, ".seal"), 0);
    nftw(scene->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void scene_crowd(const struct scene *scene)
{
    char folder[128], path[256];
    struct stat info;
    snprintf(folder, sizeof folder, "%s/tare", scene->folder);
    mkdir(folder, 0700);
    for (int i = 0; stat(folder, &info) == 0 && info.st_size < 20000; i++) {
        assert_true(i < 2000);
        snprintf(path, sizeof path, "%s/left-%078d", folder, i);
        close(open(path, O_CREAT | O_WRONLY, 0600));
    }
}

tare_tracker *scene_tracker(const struct scene *scene)
{
    tare_tracker *tracker = NULL;
    struct tare_error error = {0};
    if (tare_tracker_open(&scene->options, &tracker, &error) != TARE_OK)
        fail_msg("%s", error.message);
    return tracker;
}

struct batch_list {
    const struct batch *batches;
    size_t count;
};

static enum tare_status batch_known(void *context, const char *batch_id, bool *known,
                                    struct tare_error *error)
{
    const struct batch_list *list = context;
    (void)error;
    for (size_t i = 0; i < list->count; i++)
        *known = *known || strcmp(list->batches[i].id, batch_id) == 0;
    return TARE_OK;
}

size_t scene_batches(const struct scene *scene, struct batch **batches)
{
    struct inbox *inbox = NULL;
    struct batch batch;
    size_t count = 0;
    *batches = NULL;
    assert_int_equal(inbox_open(scene->store, &inbox, NULL), TARE_OK);
    batch_init(&batch);
    while (inbox_next(inbox, &batch)) {
        *batches = realloc(*batches, (count + 1) * sizeof batch);
        (*batches)[count++] = batch;
        batch_init(&batch);
    }
    inbox_stored(inbox);
    const struct inbox_store store = {&(struct batch_list){*batches, count}, batch_known};
    assert_int_equal(inbox_settle(inbox, &store, NULL), TARE_OK);
    inbox_close(inbox);
    return count;
}

void scene_batches_free(struct batch *batches, size_t count)
{
    for (size_t i = 0; i < count; i++)
        batch_release(&batches[i]);
    free(batches);
}

const struct batch_part *scene_part(const struct batch *batch, const char *id)
{
    for (size_t i = 0; i < batch->part_count; i++)
        if (strcmp(batch->parts[i].metric.id, id) == 0)
            return &batch->parts[i];
    return NULL;
}

uint64_t scene_accounted(const struct batch_part *part)
{
    uint64_t count = part->sample_count;
    for (size_t i = 0; i < part->bucket_count; i++)
        count += part->buckets[i].count;
    return count;
}
