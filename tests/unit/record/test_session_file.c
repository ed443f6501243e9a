#include "record/session_file.h"

#include "record/layout.h"
#include "record/recorder.h"
#include "record/scene.h"
#include "record/seal.h"
#include "suite.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdalign.h>
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

/* Folded values of a window that is over. */
static tare_tracker *a_window_recorded(const struct scene *scene)
{
    tare_tracker *tracker = scene_tracker(scene);
    for (int i = 0; i < 1000; i++)
        tare_metric_record(tracker, "x", 1);
    usleep(150000);
    return tracker;
}

TEST(session_file__of_a_program_that_was_killed_ends_when_it_was_last_seen)
{
    struct scene scene;
    struct batch *batches;
    struct sweep sweep;
    int ready[2];
    char byte;
    scene_begin(&scene);
    scene.options.window_seconds = 0.1;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        a_window_recorded(&scene);
        if (write(ready[1], "", 1) == 1)
            pause();
        _exit(1);
    }
    ssize_t got = read(ready[0], &byte, 1);
    enum tare_status swept = sessions_sweep(NULL, &sweep, NULL); /* all that it recorded */
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(ready[0]);
    close(ready[1]);
    assert_int_equal(got, 1);
    assert_int_equal(swept, TARE_OK);
    assert_int_equal(sessions_sweep(NULL, &sweep, NULL), TARE_OK);
    assert_int_equal(sweep.crashed, 1);
    size_t count = scene_batches(&scene, &batches);
    assert_int_equal(count, 2);
    assert_int_equal(scene_part(&batches[0], "x")->n, 1000);
    assert_int_equal(batches[1].part_count, 0);
    assert_true(batches[1].session.ended_ns >= batches[1].session.started_ns + 100000000);
    scene_batches_free(batches, count);
    scene_end(&scene);
}

/* Takes the window as if nobody had tried before, and gives every unit of the pool back. */
static void killed_reader_followed(const struct scene *scene, tare_tracker *tracker)
{
    const struct session_image *image = recorder_of(tracker)->image;
    struct batch *batches;
    struct sweep sweep;
    assert_int_equal(sessions_sweep(NULL, &sweep, NULL), TARE_OK);
    assert_int_equal(sweep.failed, 0);
    assert_int_equal(scene_batches(scene, &batches), 1);
    assert_int_equal(scene_part(&batches[0], "x")->n, 1000);
    scene_batches_free(batches, 1);
    assert_int_equal(image->header.taking, 0);
    assert_true(image->header.pool[0] == 0 && image->header.pool[1] == 0);
    tare_metric_record(tracker, "x", 7);
    tare_tracker_close(tracker, NULL);
    assert_int_equal(scene_batches(scene, &batches), 1);
    assert_int_equal(scene_part(&batches[0], "x")->n, 1);
    scene_batches_free(batches, 1);
}

TEST(session_file__a_reader_that_was_killed_before_it_took_leaves_no_unit_in_use)
{
    struct scene scene;
    scene_begin(&scene);
    scene.options.window_seconds = 0.1;
    tare_tracker *tracker = a_window_recorded(&scene);
    struct session_image *image = recorder_of(tracker)->image;
    image->header.taking = 1;
    image->header.pool[1] |= UINT64_C(1) << 63; /* which it had taken out of every list */
    killed_reader_followed(&scene, tracker);
    scene_end(&scene);
}

TEST(session_file__a_reader_that_was_killed_behind_its_seal_is_gone_on_with)
{
    struct scene scene;
    scene_begin(&scene);
    scene.options.window_seconds = 0.1;
    tare_tracker *tracker = a_window_recorded(&scene);
    struct session_image *image = recorder_of(tracker)->image;
    const char *folder = recorder_of(tracker)->folder;
    image->header.taking = 1;
    struct seal *seal = seal_make(folder, image->header.card.writer, image->header.sequence, 1);
    assert_non_null(seal);
    assert_int_equal(seal_fill(seal, image, false, NULL), TARE_OK);
    seal_close(seal);
    image->header.pool[0] |= 6; /* it did not come to give them back */
    killed_reader_followed(&scene, tracker);
    scene_end(&scene);
}

/* Where nobody ever runs `tare`, what crashed programs leave must not fill the memory. */
TEST(session_file__is_not_made_where_a_thousand_lie_already)
{
    struct scene scene;
    struct batch *batches;
    struct sweep sweep;
    tare_counts counts;
    scene_begin(&scene);
    scene_crowd(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    assert_int_equal(tare_metric_record(tracker, "x", 1), TARE_E_FULL);
    assert_int_equal(tare_metric_record(tracker, "x", 1), TARE_E_FULL);
    tare_tracker_count(tracker, &counts);
    assert_int_equal(counts.dropped, 2);
    assert_int_equal(scene_files(&scene, ".session"), 0);
    struct tare_error error;
    assert_int_equal(tare_tracker_close(tracker, &error), TARE_E_FULL);
    assert_non_null(strstr(error.message, "run `tare ingest`"));
    assert_int_equal(sessions_sweep(NULL, &sweep, NULL), TARE_OK);
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

static void path_find(const struct scene *scene, char path[256])
{
    char pattern[256];
    snprintf(pattern, sizeof pattern, "ls %s/tare/*.session", scene->folder);
    FILE *list = popen(pattern, "r");
    assert_non_null(fgets(path, 256, list));
    pclose(list);
    path[strcspn(path, "\n")] = '\0';
}

static void run_once(const struct scene *scene, int samples, double value)
{
    tare_tracker *tracker = scene_tracker(scene);
    for (int i = 0; i < samples; i++)
        tare_metric_record(tracker, "x", value);
    assert_int_equal(tare_tracker_close(tracker, NULL), TARE_OK);
}

static ino_t inode_of(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 ? info.st_ino : 0;
}

TEST(session_file__of_a_run_that_ended_is_the_next_ones)
{
    struct scene scene;
    struct sweep sweep;
    struct batch *batches;
    char path[256];
    scene_begin(&scene);
    run_once(&scene, 100, 1);
    path_find(&scene, path);
    ino_t first = inode_of(path);
    assert_int_equal(sessions_sweep(NULL, &sweep, NULL), TARE_OK);
    assert_int_equal(sweep.ended + sweep.running + sweep.damaged + sweep.failed, 0);
    run_once(&scene, 3, 5);
    assert_true(first != 0 && inode_of(path) == first);
    size_t count = scene_batches(&scene, &batches);
    assert_int_equal(count, 2);
    assert_int_equal(scene_part(&batches[0], "x")->n, 100);
    assert_int_equal(scene_part(&batches[1], "x")->n, 3);
    assert_close(scene_part(&batches[1], "x")->min, 5, 0);
    assert_string_not_equal(batches[0].id, batches[1].id);
    assert_string_not_equal(batches[0].session.id, batches[1].session.id);
    scene_batches_free(batches, count);
    scene_end(&scene);
}

/* A record of the run before, where this one was killed before it wrote its own, would count. */
TEST(session_file__that_is_taken_over_has_nothing_of_the_run_before)
{
    struct scene scene;
    struct session_image *image = aligned_alloc(alignof(struct session_image), sizeof *image);
    char path[256];
    scene_begin(&scene);
    run_once(&scene, 100, 1);
    path_find(&scene, path);
    tare_tracker *tracker = scene_tracker(&scene);
    tare_metric_record(tracker, "x", 1);
    int fd = open(path, O_RDONLY);
    assert_int_equal(read(fd, image, sizeof *image), sizeof *image);
    close(fd);
    assert_int_equal(image->control[0].head, 1);
    assert_int_not_equal(image->first_ring[0].commit, 0);
    for (int i = 1; i < RING_CAPACITY; i++)
        assert_int_equal(image->first_ring[i].commit, 0);
    assert_int_equal(image->registry[2].state, ENTRY_FREE);
    tare_tracker_close(tracker, NULL);
    free(image);
    scene_end(&scene);
}

TEST(session_file__of_an_app_is_one_runs_at_a_time)
{
    struct scene scene;
    struct batch *batches;
    scene_begin(&scene);
    run_once(&scene, 1, 1);
    tare_tracker *first = scene_tracker(&scene), *second = scene_tracker(&scene);
    tare_metric_record(first, "x", 1);
    tare_metric_record(second, "x", 2);
    tare_metric_record(first, "x", 1);
    assert_int_equal(scene_files(&scene, ".session"), 2);
    tare_tracker_close(first, NULL);
    run_once(&scene, 1, 3);
    tare_tracker_close(second, NULL);
    size_t count = scene_batches(&scene, &batches);
    assert_int_equal(count, 4);
    assert_close(scene_part(&batches[1], "x")->sum, 2, 0);
    assert_close(scene_part(&batches[2], "x")->sum, 3, 0);
    assert_close(scene_part(&batches[3], "x")->sum, 2, 0);
    assert_int_equal(scene_part(&batches[3], "x")->n, 1);
    scene_batches_free(batches, count);
    scene_end(&scene);
}

/* What grew would hold memory that a short run has no use for. */
TEST(session_file__that_has_grown_is_not_left)
{
    struct scene scene;
    struct batch *batches;
    char path[256];
    scene_begin(&scene);
    run_once(&scene, 1, 1);
    path_find(&scene, path);
    run_once(&scene, 1000, 1);
    assert_int_not_equal(access(path, F_OK), 0);
    size_t count = scene_batches(&scene, &batches);
    assert_int_equal(count, 2);
    scene_batches_free(batches, count);
    scene_end(&scene);
}

static void bytes_set(const char *path, off_t at, const void *bytes, size_t size)
{
    int fd = open(path, O_WRONLY);
    assert_int_equal(pwrite(fd, bytes, size, at), size);
    close(fd);
}

TEST(session_file__that_lies_idle_goes_after_an_hour)
{
    struct scene scene;
    struct sweep sweep;
    char path[256];
    const int64_t long_ago = 1;
    scene_begin(&scene);
    run_once(&scene, 1, 1);
    path_find(&scene, path);
    assert_int_equal(sessions_sweep(NULL, &sweep, NULL), TARE_OK);
    assert_int_equal(access(path, F_OK), 0);
    bytes_set(path, offsetof(struct session_image, header.last.real_ns), &long_ago,
              sizeof long_ago);
    assert_int_equal(sessions_sweep(NULL, &sweep, NULL), TARE_OK);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_int_equal(sweep.damaged, 0);
    scene_end(&scene);
}

/* Of a layout that we do not know, of another size, open to others: set aside. */
TEST(session_file__is_taken_over_only_when_it_is_ours)
{
    static const uint32_t other_version = SESSION_VERSION + 1;
    for (int way = 0; way < 3; way++) {
        struct scene scene;
        struct batch *batches;
        char path[256];
        scene_begin(&scene);
        run_once(&scene, 1, 1);
        path_find(&scene, path);
        if (way == 0)
            bytes_set(path, offsetof(struct session_image, header.card.version), &other_version,
                      sizeof other_version);
        if (way == 1)
            assert_int_equal(truncate(path, 4096), 0);
        if (way == 2)
            assert_int_equal(link(path, strcat(strcpy((char[300]){0}, path), ".link")), 0);
        run_once(&scene, 2, 2);
        size_t count = scene_batches(&scene, &batches);
        assert_int_equal(count, 2);
        assert_int_equal(scene_part(&batches[1], "x")->n, 2);
        scene_batches_free(batches, count);
        scene_end(&scene);
    }
}

/* Each batch tells what was dropped since the one before, one without a sample too. */
TEST(session_file__tells_what_was_dropped_once)
{
    struct scene scene;
    struct batch *batches;
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    tare_metric_record(tracker, "x", 1);
    struct session_header *header = &recorder_of(tracker)->image->header;
    header->dropped = 3;
    inbox_fill(true);
    assert_int_equal(tare_snapshot_record(tracker), TARE_E_FULL);
    header->dropped = 5;
    inbox_fill(false);
    assert_int_equal(tare_snapshot_record(tracker), TARE_OK);
    header->dropped = 9;
    tare_tracker_close(tracker, NULL);
    assert_int_equal(scene_batches(&scene, &batches), 3);
    assert_int_equal(batches[0].session.dropped, 3);
    assert_int_equal(batches[1].session.dropped, 2);
    assert_int_equal(batches[2].session.dropped, 4);
    scene_batches_free(batches, 3);
    scene_end(&scene);
}

/* Damaged for longer than a minute: not of a program that is about to write it. */
TEST(session_file__that_is_damaged_is_set_aside)
{
    static const uint32_t nonsense = 77;
    struct scene scene;
    struct sweep sweep;
    struct leftovers left;
    char path[256], command[320];
    scene_begin(&scene);
    for (int way = 0; way < 2; way++) {
        pid_t child = fork();
        if (child == 0) {
            tare_metric_record(scene_tracker(&scene), "x", 1);
            _exit(0);
        }
        waitpid(child, NULL, 0);
        path_find(&scene, path);
        bytes_set(path, offsetof(struct session_image, header.card_checksum), &nonsense,
                  sizeof nonsense);
        if (way == 1)
            assert_int_equal(truncate(path, 0), 0); /* killed before it wrote a header */
        assert_int_equal(sessions_sweep(NULL, &sweep, NULL), TARE_OK);
        assert_int_equal(sweep.damaged, way == 0); /* to be killed so early is no damage */
        assert_int_equal(access(path, F_OK), 0);
        snprintf(command, sizeof command, "touch -d '2 minutes ago' %s", path);
        assert_int_equal(pclose(popen(command, "r")), 0);
        assert_int_equal(sessions_sweep(NULL, &sweep, NULL), TARE_OK);
        assert_int_not_equal(access(path, F_OK), 0);
        assert_int_equal(sessions_leftovers(NULL, &left, NULL), TARE_OK);
        assert_int_equal(left.aside, 1);
        assert_int_equal(scene_files(&scene, ".damaged"), 1);
        leftovers_release(&left);
        assert_int_equal(sessions_sweep(NULL, &sweep, NULL), TARE_OK);
        assert_int_equal(sweep.damaged, 0);
    }
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
    path_find(&scene, path);
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
