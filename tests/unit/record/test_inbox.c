#include "record/inbox.h"

#include "base/file.h"
#include "record/scene.h"
#include "suite.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void append(const struct scene *scene, int number)
{
    struct batch batch;
    batch_init(&batch);
    snprintf(batch.id, sizeof batch.id, "batch.%d", number);
    strcpy(batch.session.id, "6f9619ff-8b86-4011-b42d-00c04fc964ff");
    batch.session.app = strdup("app");
    assert_int_equal(inbox_append(scene->store, &batch, NULL), TARE_OK);
    batch_release(&batch);
}

static void frames_path(const struct scene *scene, char path[256])
{
    snprintf(path, 256, "%s.inbox/frames", scene->store);
}

TEST(inbox__gives_batches_in_order_and_then_none)
{
    struct scene scene;
    struct batch *batches;
    scene_begin(&scene);
    for (int i = 0; i < 3; i++)
        append(&scene, i);
    assert_int_equal(scene_batches(&scene, &batches), 3);
    assert_string_equal(batches[0].id, "batch.0");
    assert_string_equal(batches[2].id, "batch.2");
    assert_non_null(batches[0].session.environment.key);
    scene_batches_free(batches, 3);
    assert_int_equal(scene_batches(&scene, &batches), 0);
    scene_end(&scene);
}

TEST(inbox__keeps_what_was_read_but_not_stored)
{
    struct scene scene;
    struct batch *batches, batch;
    struct inbox *inbox;
    scene_begin(&scene);
    append(&scene, 1);
    assert_int_equal(inbox_open(scene.store, &inbox, NULL), TARE_OK);
    batch_init(&batch);
    assert_true(inbox_next(inbox, &batch));
    batch_release(&batch);
    inbox_close(inbox);
    append(&scene, 2);
    assert_int_equal(scene_batches(&scene, &batches), 2);
    scene_batches_free(batches, 2);
    scene_end(&scene);
}

TEST(inbox__may_be_told_after_each_batch_that_it_is_stored)
{
    struct scene scene;
    struct batch *batches, batch;
    struct inbox *inbox;
    scene_begin(&scene);
    append(&scene, 1);
    append(&scene, 2);
    assert_int_equal(inbox_open(scene.store, &inbox, NULL), TARE_OK);
    batch_init(&batch);
    while (inbox_next(inbox, &batch)) {
        inbox_stored(inbox);
        batch_release(&batch);
    }
    inbox_close(inbox);
    assert_int_equal(scene_batches(&scene, &batches), 0);
    scene_end(&scene);
}

static enum tare_status never_known(void *context, const char *batch_id, bool *known,
                                    struct tare_error *error)
{
    (void)context;
    (void)error;
    assert_string_equal(batch_id, "batch.2");
    *known = false;
    return TARE_OK;
}

TEST(inbox__steps_over_a_torn_frame_and_keeps_its_bytes)
{
    struct scene scene;
    struct batch batch;
    struct inbox *inbox;
    char path[256], damaged[256];
    scene_begin(&scene);
    frames_path(&scene, path);
    append(&scene, 1);
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    append(&scene, 2);
    assert_int_equal(truncate(path, info.st_size + 40), 0);
    append(&scene, 3);
    assert_int_equal(inbox_open(scene.store, &inbox, NULL), TARE_OK);
    batch_init(&batch);
    assert_true(inbox_next(inbox, &batch));
    batch_release(&batch);
    assert_true(inbox_next(inbox, &batch));
    assert_string_equal(batch.id, "batch.3");
    batch_release(&batch);
    assert_false(inbox_next(inbox, &batch));
    inbox_stored(inbox);
    const struct inbox_store store = {NULL, never_known};
    assert_int_equal(inbox_settle(inbox, &store, NULL), TARE_OK);
    assert_int_equal(inbox_damaged(inbox), 1);
    inbox_close(inbox);
    snprintf(damaged, sizeof damaged, "%s.inbox/damaged", scene.store);
    assert_int_equal(stat(damaged, &info), 0);
    assert_int_equal(info.st_size, 40);
    scene_end(&scene);
}

TEST(inbox__a_second_reader_gets_nothing_of_the_first)
{
    struct scene scene;
    struct inbox *first, *second;
    scene_begin(&scene);
    append(&scene, 1);
    assert_int_equal(inbox_open(scene.store, &first, NULL), TARE_OK);
    assert_int_equal(inbox_open(scene.store, &second, NULL), TARE_OK);
    assert_non_null(first);
    assert_null(second);
    inbox_close(first);
    scene_end(&scene);
}

TEST(inbox__a_full_one_refuses_and_stays_whole)
{
    struct scene scene;
    struct batch *batches, batch;
    struct tare_error error = {0};
    scene_begin(&scene);
    append(&scene, 1);
    setenv("TARE_INBOX_LIMIT", "400", 1);
    batch_init(&batch);
    strcpy(batch.id, "batch.2");
    strcpy(batch.session.id, "6f9619ff-8b86-4011-b42d-00c04fc964ff");
    batch.session.app = strdup("app");
    assert_int_equal(inbox_append(scene.store, &batch, &error), TARE_E_FULL);
    assert_non_null(strstr(error.message, "tare ingest"));
    batch_release(&batch);
    unsetenv("TARE_INBOX_LIMIT");
    assert_int_equal(scene_batches(&scene, &batches), 1);
    scene_batches_free(batches, 1);
    scene_end(&scene);
}

TEST(inbox__of_a_url_lies_in_the_state_folder)
{
    char path[INBOX_PATH_SIZE];
    setenv("XDG_STATE_HOME", "/state", 1);
    assert_true(inbox_folder("postgresql://db/x", path));
    assert_memory_equal(path, "/state/tare/", 12);
    assert_true(inbox_folder("/a/tare.db", path));
    assert_string_equal(path, "/a/tare.db.inbox");
    assert_true(inbox_card_path("/a/tare.db", path));
    assert_string_equal(path, "/a/tare.db.card");
    unsetenv("XDG_STATE_HOME");
}

/* What a writer left that was killed in the middle of its append. */
static void append_cut(const struct scene *scene, const void *bytes, size_t size)
{
    char path[256];
    frames_path(scene, path);
    int fd = open(path, O_WRONLY | O_APPEND);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), size);
    close(fd);
}

static off_t damaged_size(const struct scene *scene)
{
    char path[256];
    struct stat info;
    snprintf(path, sizeof path, "%s.inbox/damaged", scene->store);
    return stat(path, &info) == 0 ? info.st_size : 0;
}

/* The frame of a session that hands over, as long as it is. */
static size_t frame_read(const struct scene *scene, char **bytes)
{
    char path[256];
    size_t size = 0;
    tare_tracker *tracker = scene_tracker(scene);
    for (int i = 0; i < 50; i++)
        tare_metric_record(tracker, "x", i);
    tare_tracker_close(tracker, NULL);
    frames_path(scene, path);
    assert_int_equal(file_read(path, 0, bytes, &size, NULL), TARE_OK);
    return size;
}

/* Its name is in the first thousand bytes. What was cut off before that nobody can tell. */
TEST(inbox__forgets_a_torn_frame_whose_batch_came_by_another_way)
{
    for (int way = 0; way < 3; way++) {
        struct scene scene;
        struct batch *batches;
        char *bytes = NULL;
        scene_begin(&scene);
        size_t size = frame_read(&scene, &bytes), cut = way == 0 ? size - 1 : way == 1 ? 1000 : 60;
        append_cut(&scene, bytes, cut);
        append(&scene, 7);
        append_cut(&scene, bytes, cut);
        assert_int_equal(scene_batches(&scene, &batches), 2);
        assert_int_equal(damaged_size(&scene), way == 2 ? 120 : 0);
        scene_batches_free(batches, 2);
        assert_int_equal(scene_batches(&scene, &batches), 0);
        free(bytes);
        scene_end(&scene);
    }
}

TEST(inbox__sets_a_torn_frame_aside_whose_batch_never_came)
{
    struct scene scene;
    struct batch *batches;
    char *bytes = NULL, path[256];
    scene_begin(&scene);
    size_t size = frame_read(&scene, &bytes);
    frames_path(&scene, path);
    assert_int_equal(truncate(path, (off_t)size - 10), 0);
    append(&scene, 7);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    assert_int_equal(damaged_size(&scene), size - 10);
    scene_batches_free(batches, 1);
    free(bytes);
    scene_end(&scene);
}

/* As a full disk has none: the folder may take no new file, but the frames can be read. */
TEST(inbox__keeps_damage_that_there_is_no_room_to_set_aside)
{
    struct scene scene;
    struct batch *batches;
    char damaged[256];
    scene_begin(&scene);
    append(&scene, 1);
    append_cut(&scene, "no frame", 8);
    snprintf(damaged, sizeof damaged, "%s.inbox/damaged", scene.store);
    assert_int_equal(mkdir(damaged, 0700), 0);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(scene_batches(&scene, &batches), 1);
        scene_batches_free(batches, 1);
    }
    assert_int_equal(rmdir(damaged), 0);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    scene_batches_free(batches, 1);
    assert_int_equal(damaged_size(&scene), 8);
    assert_int_equal(scene_batches(&scene, &batches), 0);
    scene_end(&scene);
}

/* By who had no store to ask: it is there for the next. */
TEST(inbox__keeps_a_torn_frame_until_it_is_settled)
{
    struct scene scene;
    struct batch *batches, batch;
    struct inbox *inbox;
    char *bytes = NULL;
    scene_begin(&scene);
    assert_true(frame_read(&scene, &bytes) > 1000);
    append_cut(&scene, bytes, 1000);
    assert_int_equal(inbox_open(scene.store, &inbox, NULL), TARE_OK);
    batch_init(&batch);
    while (inbox_next(inbox, &batch))
        batch_release(&batch);
    assert_int_equal(inbox_torn(inbox), 1);
    inbox_stored(inbox);
    inbox_close(inbox);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    assert_int_equal(damaged_size(&scene), 0);
    scene_batches_free(batches, 1);
    free(bytes);
    scene_end(&scene);
}
