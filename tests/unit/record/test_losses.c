#include "record/losses.h"

#include "record/losses_take.h"
#include "record/recorder.h"
#include "record/scene.h"
#include "suite.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void inbox_fill(bool full)
{
    if (full)
        setenv("TARE_INBOX_LIMIT", "1", 1);
    else
        unsetenv("TARE_INBOX_LIMIT");
}

/* So many samples of an app that find no session, and the end of its tracker. */
static void lose(const struct scene *scene, const char *store, const char *app, int samples)
{
    struct scene other = *scene;
    struct tare_error error = {0};
    other.options.store = store;
    other.options.app = app;
    tare_tracker *tracker = scene_tracker(&other);
    for (int i = 0; i < samples; i++)
        assert_int_equal(tare_metric_record(tracker, "x", i), TARE_E_FULL);
    assert_int_equal(tare_tracker_close(tracker, &error), TARE_E_FULL);
    assert_non_null(strstr(error.message, "samples are lost"));
}

static void path_of(const struct scene *scene, char path[128])
{
    snprintf(path, 128, "%s/tare/%s", scene->folder, LOSSES_NAME);
}

/* The scene's file, mapped; the caller closes. */
static struct losses *losses_of(const struct scene *scene)
{
    char folder[128];
    snprintf(folder, sizeof folder, "%s/tare", scene->folder);
    struct losses *losses = losses_open(folder);
    assert_non_null(losses);
    return losses;
}

static void sweep_expect(size_t damaged)
{
    struct sweep sweep;
    assert_int_equal(sessions_sweep(NULL, &sweep, NULL), TARE_OK);
    assert_int_equal(sweep.failed, 0);
    assert_int_equal(sweep.damaged, damaged);
}

static uint64_t left_of(const char *store)
{
    struct leftovers left;
    uint64_t samples = 0;
    assert_int_equal(sessions_leftovers(store, &left, NULL), TARE_OK);
    for (size_t i = 0; i < left.losses.count; i++)
        samples += left.losses.losses[i].samples;
    leftovers_release(&left);
    return samples;
}

TEST(losses__wait_for_a_full_inbox_and_come_once)
{
    struct scene scene;
    struct batch *batches;
    scene_begin(&scene);
    scene_crowd(&scene);
    inbox_fill(true);
    lose(&scene, scene.store, "scene", 7);
    lose(&scene, scene.store, "scene", 5);
    sweep_expect(0);
    assert_int_equal(left_of(scene.store), 12);
    inbox_fill(false);
    sweep_expect(0);
    sweep_expect(0);
    assert_int_equal(left_of(scene.store), 0);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    assert_int_equal(batches[0].session.dropped, 12);
    assert_string_equal(batches[0].session.app, "scene");
    assert_int_equal(batches[0].part_count, 0);
    assert_true(batches[0].session.started_ns <= batches[0].session.ended_ns);
    scene_batches_free(batches, 1);
    lose(&scene, scene.store, "scene", 3);
    sweep_expect(0);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    assert_int_equal(batches[0].session.dropped, 3);
    scene_batches_free(batches, 1);
    scene_end(&scene);
}

TEST(losses__of_a_killed_program_are_counted)
{
    struct scene scene;
    struct batch *batches;
    scene_begin(&scene);
    scene_crowd(&scene);
    pid_t child = fork();
    if (child == 0) {
        tare_tracker *tracker = scene_tracker(&scene);
        for (int i = 0; i < 100; i++)
            tare_metric_record(tracker, "x", i);
        kill(getpid(), SIGKILL);
    }
    waitpid(child, NULL, 0);
    sweep_expect(0);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    assert_int_equal(batches[0].session.dropped, 100);
    scene_batches_free(batches, 1);
    scene_end(&scene);
}

TEST(losses__of_several_stores_and_apps_are_told_apart)
{
    struct scene scene;
    char other[sizeof scene.store];
    struct batch *batches;
    scene_begin(&scene);
    scene_crowd(&scene);
    snprintf(other, sizeof other, "%s/other.db", scene.folder);
    lose(&scene, scene.store, "shop", 1);
    lose(&scene, scene.store, "till", 2);
    lose(&scene, other, "shop", 4);
    struct sweep sweep;
    assert_int_equal(sessions_sweep(scene.store, &sweep, NULL), TARE_OK);
    assert_int_equal(left_of(scene.store), 0);
    assert_int_equal(left_of(other), 4);
    assert_int_equal(scene_batches(&scene, &batches), 2);
    assert_string_equal(batches[0].session.app, "shop");
    assert_int_equal(batches[0].session.dropped, 1);
    assert_string_equal(batches[1].session.app, "till");
    assert_int_equal(batches[1].session.dropped, 2);
    scene_batches_free(batches, 2);
    sweep_expect(0);
    memcpy(scene.store, other, sizeof other);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    assert_int_equal(batches[0].session.dropped, 4);
    scene_batches_free(batches, 1);
    scene_end(&scene);
}

/* More apps than there are slots: the last ones are counted with another of their store. */
TEST(losses__of_more_apps_than_there_is_room_for_are_counted_with_others)
{
    struct scene scene;
    char app[16];
    struct batch *batches;
    scene_begin(&scene);
    scene_crowd(&scene);
    for (int i = 0; i < LOSSES_SLOTS + 3; i++) {
        snprintf(app, sizeof app, "app%d", i);
        lose(&scene, scene.store, app, 1);
    }
    sweep_expect(0);
    size_t count = scene_batches(&scene, &batches);
    uint64_t dropped = 0;
    for (size_t i = 0; i < count; i++)
        dropped += batches[i].session.dropped;
    assert_int_equal(count, LOSSES_SLOTS);
    assert_int_equal(dropped, LOSSES_SLOTS + 3);
    scene_batches_free(batches, count);
    scene_end(&scene);
}

/* Another store finds no slot: the program tells the inbox itself, as one without a folder does.
 */
TEST(losses__that_find_no_slot_go_to_the_inbox)
{
    struct scene scene;
    char app[16], other[128];
    struct batch *batches;
    struct tare_error error = {0};
    scene_begin(&scene);
    scene_crowd(&scene);
    snprintf(other, sizeof other, "%s/other.db", scene.folder);
    for (int i = 0; i < LOSSES_SLOTS; i++) {
        snprintf(app, sizeof app, "app%d", i);
        lose(&scene, other, app, 1);
    }
    lose(&scene, scene.store, "scene", 9);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    assert_int_equal(batches[0].session.dropped, 9);
    scene_batches_free(batches, 1);
    inbox_fill(true);
    tare_tracker *tracker = scene_tracker(&scene);
    tare_metric_record(tracker, "x", 1);
    assert_int_equal(tare_tracker_close(tracker, &error), TARE_E_FULL);
    assert_non_null(strstr(error.message, "nor can they be counted"));
    inbox_fill(false);
    scene_end(&scene);
}

/* Killed with the batch in the inbox and no word of it in the file: the next makes the same. */
TEST(losses__that_a_killed_reader_had_told_keep_their_name)
{
    struct scene scene;
    struct batch *batches;
    char id[BATCH_ID_SIZE];
    scene_begin(&scene);
    scene_crowd(&scene);
    lose(&scene, scene.store, "scene", 6);
    sweep_expect(0);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    memcpy(id, batches[0].id, sizeof id);
    scene_batches_free(batches, 1);
    struct losses *losses = losses_of(&scene);
    struct loss_slot *slot = &losses->slots[0];
    slot->told = 0;
    slot->pending = 6;
    lose(&scene, scene.store, "scene", 2);
    inbox_fill(true);
    sweep_expect(0);
    assert_int_equal(slot->pending, 6);
    inbox_fill(false);
    sweep_expect(0);
    sweep_expect(0);
    assert_int_equal(scene_batches(&scene, &batches), 2);
    assert_string_equal(batches[0].id, id);
    assert_int_equal(batches[0].session.dropped, 6);
    assert_string_not_equal(batches[1].id, id);
    assert_int_equal(batches[1].session.dropped, 2);
    scene_batches_free(batches, 2);
    losses_close(losses);
    scene_end(&scene);
}

/* After it had noted that, and before it took the name away. */
TEST(losses__that_a_killed_reader_had_noted_are_not_told_again)
{
    struct scene scene;
    struct batch *batches;
    scene_begin(&scene);
    scene_crowd(&scene);
    lose(&scene, scene.store, "scene", 6);
    struct losses *losses = losses_of(&scene);
    losses->slots[0].told = losses->slots[0].pending = 6;
    uuid_generate_text(losses->slots[0].session);
    sweep_expect(0);
    assert_int_equal(scene_batches(&scene, &batches), 0);
    lose(&scene, scene.store, "scene", 1);
    sweep_expect(0);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    assert_int_equal(batches[0].session.dropped, 1);
    scene_batches_free(batches, 1);
    losses_close(losses);
    scene_end(&scene);
}

TEST(losses__of_a_damaged_slot_are_said_and_stop_no_other)
{
    struct scene scene;
    struct batch *batches;
    struct leftovers left;
    struct tare_error error = {0};
    scene_begin(&scene);
    scene_crowd(&scene);
    lose(&scene, scene.store, "shop", 1);
    lose(&scene, scene.store, "till", 2);
    struct losses *losses = losses_of(&scene);
    losses->slots[0].told = 1000;
    sweep_expect(1);
    assert_int_equal(sessions_leftovers(scene.store, &left, &error), TARE_E_CORRUPT);
    assert_non_null(strstr(error.message, "/tare/losses is damaged"));
    leftovers_release(&left);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    assert_string_equal(batches[0].session.app, "till");
    scene_batches_free(batches, 1);
    losses_close(losses);
    scene_end(&scene);
}

TEST(losses__in_a_file_that_is_none_are_told_by_the_inbox)
{
    struct scene scene;
    char path[128];
    struct batch *batches;
    scene_begin(&scene);
    scene_crowd(&scene);
    path_of(&scene, path);
    for (int way = 0; way < 2; way++) {
        int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
        assert_int_equal(ftruncate(fd, way == 0 ? 100 : (off_t)sizeof(struct losses)), 0);
        close(fd);
        lose(&scene, scene.store, "scene", 4);
        sweep_expect(1);
        assert_int_equal(scene_batches(&scene, &batches), 1);
        assert_int_equal(batches[0].session.dropped, 4);
        scene_batches_free(batches, 1);
    }
    scene_end(&scene);
}

/* Its maker was killed between taking the slot and writing what it is of. */
TEST(losses__of_a_slot_that_was_half_made_have_its_words)
{
    struct scene scene;
    struct batch *batches;
    scene_begin(&scene);
    scene_crowd(&scene);
    lose(&scene, scene.store, "scene", 1);
    struct losses *losses = losses_of(&scene);
    memset(losses->slots[0].text, 0, HEADER_TEXT_SIZE);
    losses->slots[0].count = 0;
    sweep_expect(0);
    lose(&scene, scene.store, "scene", 3);
    sweep_expect(0);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    assert_int_equal(batches[0].session.dropped, 3);
    scene_batches_free(batches, 1);
    losses_close(losses);
    scene_end(&scene);
}

TEST(losses__have_their_file_since_the_first_session_of_an_app)
{
    struct scene scene;
    struct stat info;
    char path[128];
    struct batch *batches;
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    tare_metric_record(tracker, "x", 1);
    path_of(&scene, path);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(info.st_size, sizeof(struct losses));
    assert_int_equal(info.st_blocks * 512, 4 * IMAGE_PAGE);
    tare_tracker_close(tracker, NULL);
    sweep_expect(0);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    scene_batches_free(batches, 1);
    scene_end(&scene);
}

#define UNTIL_TRIED_AGAIN 65536

static void session_opens_after_losses(const struct scene *scene, tare_tracker *tracker)
{
    tare_counts counts;
    struct batch *batches;
    uint64_t dropped = 0;
    assert_int_equal(tare_metric_record(tracker, "x", 1), TARE_OK);
    tare_tracker_count(tracker, &counts);
    assert_int_equal(counts.dropped, UNTIL_TRIED_AGAIN);
    assert_int_equal(tare_tracker_close(tracker, NULL), TARE_OK);
    sweep_expect(0);
    size_t count = scene_batches(scene, &batches);
    for (size_t i = 0; i < count; i++)
        dropped += batches[i].session.dropped;
    assert_int_equal(dropped, UNTIL_TRIED_AGAIN);
    scene_batches_free(batches, count);
}

static tare_tracker *many_lost(const struct scene *scene)
{
    tare_tracker *tracker = scene_tracker(scene);
    for (int i = 0; i < UNTIL_TRIED_AGAIN; i++)
        assert_int_equal(tare_metric_record(tracker, "x", 1), TARE_E_FULL);
    return tracker;
}

TEST(losses__that_no_file_counted_are_the_next_sessions)
{
    struct scene scene;
    char path[128];
    scene_begin(&scene);
    snprintf(path, sizeof path, "%s/tare", scene.folder);
    close(open(path, O_CREAT | O_WRONLY, 0600)); /* no folder can be made there */
    tare_tracker *tracker = many_lost(&scene);
    unlink(path);
    session_opens_after_losses(&scene, tracker);
    scene_end(&scene);
}

TEST(losses__that_a_file_counted_are_not_the_next_sessions)
{
    struct scene scene;
    char path[128], away[128], file[256], kept[256];
    scene_begin(&scene);
    scene_crowd(&scene);
    tare_tracker *tracker = many_lost(&scene);
    snprintf(path, sizeof path, "%s/tare", scene.folder);
    snprintf(away, sizeof away, "%s/away", scene.folder);
    snprintf(file, sizeof file, "%s/%s", away, LOSSES_NAME);
    snprintf(kept, sizeof kept, "%s/%s", path, LOSSES_NAME);
    assert_int_equal(rename(path, away), 0); /* the crowd goes */
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(rename(file, kept), 0);
    session_opens_after_losses(&scene, tracker);
    scene_end(&scene);
}
