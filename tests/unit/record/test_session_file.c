#include "record/session_file.h"

#include "record/scene.h"
#include "suite.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
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

TEST(session_file__waits_closed_while_the_inbox_is_full)
{
    struct scene scene;
    struct batch *batches;
    struct sweep sweep;
    struct tare_error error = {0};
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    for (int i = 0; i < 500; i++)
        tare_metric_record(tracker, "x", 2);
    inbox_fill(true);
    assert_int_equal(tare_tracker_close(tracker, &error), TARE_E_FULL);
    assert_non_null(strstr(error.message, "full"));
    assert_int_equal(scene_files(&scene, ".session"), 1);
    pid_t child =
        fork(); /* by then the process is another: its owner is only known to be closed */
    if (child == 0) {
        sessions_sweep(NULL, &sweep, NULL);
        _exit(sweep.failed == 1 ? 0 : 1);
    }
    int status;
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    inbox_fill(false);
    assert_int_equal(sessions_sweep(NULL, &sweep, NULL), TARE_OK);
    assert_int_equal(sweep.ended, 1);
    assert_int_equal(sweep.crashed, 0);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    assert_int_equal(batches[0].session.outcome, OUTCOME_OK);
    assert_int_equal(scene_part(&batches[0], "x")->n, 500);
    scene_batches_free(batches, 1);
    scene_end(&scene);
}

TEST(session_file__snapshots_wait_as_seals_while_the_inbox_is_full)
{
    struct scene scene;
    struct batch *batches;
    tare_counts counts;
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    inbox_fill(true);
    for (int round = 0; round < 3; round++) {
        tare_metric_record(tracker, "x", round);
        assert_int_equal(tare_snapshot_record(tracker), TARE_E_FULL);
    }
    tare_tracker_count(tracker, &counts);
    assert_int_equal(counts.undelivered, 3);
    assert_int_equal(scene_files(&scene, ".seal"), 3);
    inbox_fill(false);
    tare_metric_record(tracker, "x", 3);
    assert_int_equal(tare_snapshot_record(tracker), TARE_OK);
    tare_tracker_close(tracker, NULL);
    size_t count = scene_batches(&scene, &batches);
    assert_int_equal(count, 5);
    for (int round = 0; round < 4; round++)
        assert_close(scene_part(&batches[round], "x")->sum, round, 0);
    scene_batches_free(batches, count);
    scene_end(&scene);
}

TEST(session_file__complete_windows_are_taken_from_a_running_program)
{
    struct scene scene;
    struct batch *batches;
    struct sweep sweep;
    scene_begin(&scene);
    scene.options.window_seconds = 0.1;
    tare_tracker *tracker = scene_tracker(&scene);
    for (int i = 0; i < 1000; i++)
        tare_metric_record(tracker, "x", 1);
    usleep(150000);
    for (int i = 0; i < 300; i++)
        tare_metric_record(tracker, "x", 5);
    assert_int_equal(sessions_sweep(NULL, &sweep, NULL), TARE_OK);
    assert_int_equal(sweep.running, 1);
    size_t count = scene_batches(&scene, &batches);
    assert_int_equal(count, 1);
    const struct batch_part *part = scene_part(&batches[0], "x");
    assert_int_equal(part->n, 1000);
    assert_close(part->sum, 1000, 0);
    assert_int_equal(part->window_end_ns - part->window_start_ns, 100000000);
    assert_int_equal(part->window_start_ns, batches[0].session.started_ns);
    assert_int_equal(batches[0].session.outcome, OUTCOME_RUNNING);
    scene_batches_free(batches, count);
    assert_int_equal(sessions_sweep(NULL, &sweep, NULL), TARE_OK);
    assert_int_equal(scene_batches(&scene, &batches), 0);
    tare_tracker_close(tracker, NULL);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    part = scene_part(&batches[0], "x");
    assert_int_equal(part->n, 300);
    assert_close(part->min, 5, 0);
    scene_batches_free(batches, 1);
    scene_end(&scene);
}

/* Where nobody ever runs `tare`, what crashed programs leave must not fill the memory. */
TEST(session_file__is_not_made_where_a_thousand_lie_already)
{
    struct scene scene;
    struct batch *batches;
    tare_counts counts;
    char path[256];
    scene_begin(&scene);
    snprintf(path, sizeof path, "%s/tare", scene.folder);
    assert_int_equal(mkdir(path, 0700), 0);
    struct stat info;
    for (int i = 0; stat(path, &info) == 0 && info.st_size < 20000; i++) {
        assert_true(i < 2000);
        snprintf(path, sizeof path, "%s/tare/left-%078d", scene.folder, i);
        close(open(path, O_CREAT | O_WRONLY, 0600));
        snprintf(path, sizeof path, "%s/tare", scene.folder);
    }
    tare_tracker *tracker = scene_tracker(&scene);
    assert_int_equal(tare_metric_record(tracker, "x", 1), TARE_E_FULL);
    assert_int_equal(tare_metric_record(tracker, "x", 1), TARE_E_FULL);
    tare_tracker_count(tracker, &counts);
    assert_int_equal(counts.dropped, 2);
    assert_int_equal(scene_files(&scene, ".session"), 0);
    assert_int_equal(tare_tracker_close(tracker, NULL), TARE_OK);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    assert_int_equal(batches[0].session.dropped, 2);
    scene_batches_free(batches, 1);
    scene_end(&scene);
}

TEST(session_file__of_another_store_is_left_alone)
{
    struct scene scene;
    struct sweep sweep;
    scene_begin(&scene);
    pid_t child = fork();
    if (child == 0) {
        tare_metric_record(scene_tracker(&scene), "x", 1);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    assert_int_equal(sessions_sweep("/another/tare.db", &sweep, NULL), TARE_OK);
    assert_int_equal(sweep.ended, 0);
    assert_int_equal(scene_files(&scene, ".session"), 1);
    assert_int_equal(sessions_sweep(scene.store, &sweep, NULL), TARE_OK);
    assert_int_equal(sweep.ended, 1);
    scene_end(&scene);
}

TEST(session_file__peek_shows_what_runs_and_changes_nothing)
{
    struct scene scene;
    struct live_sessions running;
    struct batch *batches;
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    for (int i = 0; i < 1000; i++)
        tare_metric_record(tracker, "x", i);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(sessions_peek(NULL, &running, NULL), TARE_OK);
        assert_int_equal(running.count, 1);
        assert_int_equal(running.batches[0].session.outcome, OUTCOME_RUNNING);
        const struct batch_part *part = scene_part(&running.batches[0], "x");
        assert_int_equal(part->n, 1000);
        assert_int_equal(part->window_end_ns, 0);
        assert_int_equal(scene_accounted(part), 1000);
        live_sessions_release(&running);
    }
    tare_tracker_close(tracker, NULL);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    scene_batches_free(batches, 1);
    assert_int_equal(sessions_peek(NULL, &running, NULL), TARE_OK);
    assert_int_equal(running.count, 0);
    scene_end(&scene);
}

/* Every byte of a dead session's file turned in turn (in steps): a clear answer, no crash, and the
 * file is not thrown away as long as it may be somebody's. */
TEST(session_file__damage_is_noticed_or_harmless)
{
    struct scene scene;
    char path[256] = "", pattern[256];
    scene_begin(&scene);
    pid_t child = fork();
    if (child == 0) {
        tare_tracker *tracker = scene_tracker(&scene);
        for (int i = 0; i < 1000; i++)
            tare_metric_record(tracker, i % 3 ? "x" : "y", i);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    snprintf(pattern, sizeof pattern, "ls %s/tare/*.session", scene.folder);
    FILE *list = popen(pattern, "r");
    assert_non_null(fgets(path, sizeof path, list));
    pclose(list);
    path[strcspn(path, "\n")] = '\0';
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    char *bytes = malloc((size_t)info.st_size);
    int fd = open(path, O_RDONLY);
    assert_int_equal(read(fd, bytes, (size_t)info.st_size), info.st_size);
    close(fd);
    for (size_t at = 0; at < (size_t)info.st_size; at += at < 12288 ? 37 : 509) {
        struct sweep sweep;
        bytes[at] ^= 0x5a;
        fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        assert_int_equal(write(fd, bytes, (size_t)info.st_size), info.st_size);
        close(fd);
        assert_int_equal(sessions_sweep(NULL, &sweep, NULL), TARE_OK);
        assert_int_equal(sweep.ended + sweep.damaged + sweep.failed + sweep.running, 1);
        bytes[at] ^= 0x5a;
        struct batch *batches;
        size_t count = scene_batches(&scene, &batches);
        scene_batches_free(batches, count);
    }
    free(bytes);
    unlink(path);
    snprintf(pattern, sizeof pattern, "rm -f %s/tare/*.seal", scene.folder);
    pclose(popen(pattern, "r"));
    scene_end(&scene);
}
