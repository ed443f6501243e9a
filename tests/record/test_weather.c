/* Storms of signals, full disks, clocks that step. */
#include "base/clock.h"
#include "record/scene.h"
#include "suite.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The wall clock of this test, moved by `step_seconds` (the linker puts this before the real one).
 */
static time_t step_seconds;
int __real_clock_gettime(clockid_t id, struct timespec *now);
int __wrap_clock_gettime(clockid_t id, struct timespec *now);

int __wrap_clock_gettime(clockid_t id, struct timespec *now)
{
    int failed = __real_clock_gettime(id, now);
    if (id == CLOCK_REALTIME)
        now->tv_sec += step_seconds;
    return failed;
}

/* A ring as one would write it who does not think of signals: the control. */
static volatile uint64_t plain_head;
static volatile uint64_t plain_ring[128];

static void plain_push(uint64_t value)
{
    uint64_t head = plain_head;
    plain_ring[head % 128] = value;
    plain_head = head + 1;
}

static tare_tracker *storm_tracker;
static volatile uint64_t storm_hits;
static tare_metric inside = TARE_METRIC("inside", .unit = "count");
static tare_metric outside = TARE_METRIC("outside", .unit = "count");

static void storm_handle(int signal_number)
{
    (void)signal_number;
    storm_hits++;
    plain_push(2);
    tare_sample_record(storm_tracker, &inside, 2);
    tare_metric_record(storm_tracker, "inside", 2);
}

struct storm {
    pthread_t victim;
    volatile bool over;
};

static void *storm_blow(void *context)
{
    struct storm *storm = context;
    while (!storm->over)
        pthread_kill(storm->victim, SIGUSR1);
    return NULL;
}

TEST(weather__a_storm_of_signals_loses_nothing)
{
    struct scene scene;
    struct batch *batches;
    struct storm storm = {pthread_self(), false};
    pthread_t thread;
    scene_begin(&scene);
    storm_tracker = scene_tracker(&scene);
    signal(SIGUSR1, storm_handle);
    uint64_t attempts = 0;
    assert_int_equal(pthread_create(&thread, NULL, storm_blow, &storm), 0);
    while (storm_hits < 100000 && attempts < 50000000) {
        attempts++;
        plain_push(1);
        tare_sample_record(storm_tracker, &outside, 1);
    }
    storm.over = true;
    pthread_join(thread, NULL);
    signal(SIGUSR1, SIG_DFL);
    tare_counts counts;
    tare_tracker_count(storm_tracker, &counts);
    tare_tracker_close(storm_tracker, NULL);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    const struct batch_part *in = scene_part(&batches[0], "inside");
    const struct batch_part *out = scene_part(&batches[0], "outside");
    uint64_t plain_lost = attempts + storm_hits - plain_head;
    print_message("# %llu samples under %llu signals: %llu dropped; a plain ring lost %llu\n",
                  (unsigned long long)attempts, (unsigned long long)storm_hits,
                  (unsigned long long)counts.dropped, (unsigned long long)plain_lost);
    assert_int_equal(in->n + out->n + counts.dropped, attempts + 2 * storm_hits);
    assert_close(in->sum, 2.0 * (double)in->n, 0);
    assert_close(out->sum, (double)out->n, 0);
    assert_int_equal(scene_accounted(in), in->n);
    assert_int_equal(scene_accounted(out), out->n);
    assert_int_equal(counts.dropped, 0);
    assert_true(plain_lost > 0);
    scene_batches_free(batches, 1);
    scene_end(&scene);
}

/* Signals to this very thread, so often that a few come while a session opens. */
static timer_t storm_begin(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR1};
    const struct itimerspec often = {{0, 15000}, {0, 15000}};
    timer_t timer;
    event._sigev_un._tid = gettid();
    signal(SIGUSR1, storm_handle);
    assert_int_equal(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
    assert_int_equal(timer_settime(timer, 0, &often, NULL), 0);
    return timer;
}

static void storm_end(timer_t timer)
{
    timer_delete(timer);
    signal(SIGUSR1, SIG_DFL);
}

TEST(weather__signals_while_the_session_opens_lose_nothing)
{
    struct scene scene;
    struct batch *batches;
    scene_begin(&scene);
    uint64_t hits_before = storm_hits;
    for (int session = 0; session < 500; session++) {
        tare_counts counts;
        storm_tracker = scene_tracker(&scene);
        timer_t storm = storm_begin();
        tare_sample_record(storm_tracker, &outside, 1);
        storm_end(storm);
        tare_tracker_count(storm_tracker, &counts);
        assert_int_equal(counts.dropped, 0);
        tare_tracker_reset(storm_tracker);
        tare_tracker_close(storm_tracker, NULL);
    }
    print_message("# %llu signals while 500 sessions opened\n",
                  (unsigned long long)(storm_hits - hits_before));
    assert_true(storm_hits - hits_before > 100);
    size_t count = scene_batches(&scene, &batches);
    scene_batches_free(batches, count);
    scene_end(&scene);
}

struct crowd {
    pthread_barrier_t in, over;
};

static void *crowd_join(void *context)
{
    struct crowd *crowd = context;
    tare_sample_record(storm_tracker, &outside, 1);
    pthread_barrier_wait(&crowd->in);
    pthread_barrier_wait(&crowd->over);
    return NULL;
}

/* Eight other threads have the rings: this one and its handler meet in the shared one. */
TEST(weather__a_storm_over_the_shared_ring_loses_nothing)
{
    struct scene scene;
    struct batch *batches;
    struct crowd crowd;
    pthread_t threads[8];
    tare_counts counts;
    scene_begin(&scene);
    storm_tracker = scene_tracker(&scene);
    pthread_barrier_init(&crowd.in, NULL, 9);
    pthread_barrier_init(&crowd.over, NULL, 9);
    for (int i = 0; i < 8; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, crowd_join, &crowd), 0);
    pthread_barrier_wait(&crowd.in);
    uint64_t attempts = 8, hits_before = storm_hits;
    timer_t storm = storm_begin();
    for (; attempts < 20000000 && storm_hits - hits_before < 20000; attempts++)
        tare_sample_record(storm_tracker, &outside, 1);
    storm_end(storm);
    pthread_barrier_wait(&crowd.over);
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    tare_tracker_count(storm_tracker, &counts);
    tare_tracker_close(storm_tracker, NULL);
    uint64_t hits = storm_hits - hits_before;
    assert_int_equal(scene_batches(&scene, &batches), 1);
    print_message("# %llu samples in the shared ring under %llu signals: %llu dropped\n",
                  (unsigned long long)attempts, (unsigned long long)hits,
                  (unsigned long long)counts.dropped);
    assert_int_equal(counts.dropped, 0);
    assert_int_equal(scene_part(&batches[0], "outside")->n, attempts);
    assert_int_equal(scene_part(&batches[0], "inside")->n, 2 * hits);
    assert_int_equal(scene_accounted(scene_part(&batches[0], "inside")), 2 * hits);
    scene_batches_free(batches, 1);
    scene_end(&scene);
}

#define LOSSES_PAGES 4

/* In a name space of its own, with so many pages for the session file, beside what counts losses.
 */
static void record_in_pages(const struct scene *scene, int pages)
{
    char path[128], options[32];
    struct sweep sweep;
    snprintf(path, sizeof path, "%s/tare", scene->folder);
    snprintf(options, sizeof options, "size=%dk", (pages + LOSSES_PAGES) * 4);
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("tmpfs", path, "tmpfs", 0, options) != 0 || chmod(path, 0700) != 0)
        _exit(77);
    losses_make(path); /* as the first session of all does */
    tare_tracker *tracker = scene_tracker(scene);
    for (int i = 0; i < 3000; i++) {
        char id[16];
        snprintf(id, sizeof id, "m%d", i % 30);
        tare_metric_record(tracker, id, i);
    }
    tare_counts counts;
    tare_tracker_count(tracker, &counts);
    bool counted = counts.recorded + counts.dropped == 3000;
    enum tare_status expected = counts.recorded > 0 ? TARE_OK : TARE_E_FULL;
    bool closed = tare_tracker_close(tracker, NULL) == expected;
    bool swept = sessions_sweep(NULL, &sweep, NULL) == TARE_OK && sweep.failed == 0;
    _exit(closed && counted && swept ? 0 : 1);
}

TEST(weather__a_full_tmpfs_drops_and_says_so)
{
    uint64_t kept_before = 0;
    for (int pages = 1; pages < 26; pages++) {
        struct scene scene;
        struct batch *batches;
        char path[128];
        scene_begin(&scene);
        snprintf(path, sizeof path, "%s/tare", scene.folder);
        assert_int_equal(mkdir(path, 0700), 0);
        pid_t child = fork();
        if (child == 0)
            record_in_pages(&scene, pages);
        int status = 0;
        waitpid(child, &status, 0);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
            scene_end(&scene);
            print_message("# skipped: only root may mount a tmpfs\n");
            skip();
        }
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
        assert_int_equal(scene_batches(&scene, &batches), 1);
        uint64_t kept = 0;
        for (size_t i = 0; i < batches[0].part_count; i++) {
            const struct batch_part *part = &batches[0].parts[i];
            kept += part->metric.id[0] == 'm' || strcmp(part->metric.id, "other") == 0 ? part->n
                                                                                       : 0;
        }
        assert_true(kept + batches[0].session.dropped >= 3000);
        kept = kept < 3000 ? kept : 3000; /* `other` has the system's metrics, too */
        assert_true(kept >= kept_before);
        kept_before = kept;
        scene_batches_free(batches, 1);
        scene_end(&scene);
    }
    assert_int_equal(kept_before, 3000);
}

TEST(weather__a_clock_that_steps_back_bends_no_duration)
{
    struct scene scene;
    struct batch *batches;
    static tare_metric metric = TARE_METRIC("VAL-001");
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    tare_metric_record(tracker, "before", 1);
    int64_t before_ns = clock_now_ns();
    tare_span span = tare_span_begin(tracker, &metric);
    usleep(20000);
    step_seconds = -3600;
    tare_span_end(span);
    tare_tracker_close(tracker, NULL);
    step_seconds = 0;
    assert_int_equal(scene_batches(&scene, &batches), 1);
    const struct batch_part *part = scene_part(&batches[0], "VAL-001");
    assert_true(part->min >= 20 && part->max < 2000);
    assert_true(part->first_ns >= before_ns);
    assert_true(batches[0].session.ended_ns >= batches[0].session.started_ns);
    assert_true(batches[0].session.ended_ns >= part->last_ns - 2 * CLOCK_NS_PER_SECOND / 1000);
    scene_batches_free(batches, 1);
    scene_end(&scene);
}

TEST(weather__samples_that_find_no_session_file_are_told_at_every_hand_over)
{
    struct scene scene;
    struct batch *batches;
    struct tare_error error = {0};
    tare_counts counts;
    scene_begin(&scene);
    setenv("TARE_RUNTIME_DIR", "/nonexistent", 1);
    tare_tracker *tracker = scene_tracker(&scene);
    for (int i = 0; i < 7; i++)
        assert_int_equal(tare_metric_record(tracker, "x", 1), TARE_E_FULL);
    assert_int_equal(tare_operation_start(tracker, "x"), TARE_E_FULL);
    tare_tracker_count(tracker, &counts);
    assert_int_equal(counts.dropped, 8);
    assert_int_equal(tare_snapshot_hand_over(tracker, &error), TARE_E_NOT_FOUND);
    assert_non_null(strstr(error.message, "8 samples are lost"));
    error.message[0] = '\0';
    assert_int_equal(tare_tracker_close(tracker, &error), TARE_E_NOT_FOUND);
    assert_non_null(strstr(error.message, "/nonexistent/tare: No such file or directory"));
    assert_int_equal(scene_batches(&scene, &batches), 1);
    assert_int_equal(batches[0].session.dropped, 8);
    scene_batches_free(batches, 1);
    scene_end(&scene);
}

/* As after su(1): XDG_RUNTIME_DIR is still the other user's. */
#define SOMEBODY 4242424

static void record_as_somebody(const struct scene *scene)
{
    struct sweep sweep;
    unsetenv("TARE_RUNTIME_DIR");
    if (setresuid(SOMEBODY, SOMEBODY, SOMEBODY) != 0)
        _exit(77);
    tare_tracker *tracker = scene_tracker(scene);
    bool recorded = tare_metric_record(tracker, "x", 1) == TARE_OK;
    bool swept = sessions_sweep(NULL, &sweep, NULL) == TARE_OK && sweep.running == 1;
    tare_tracker_reset(tracker); /* leaves no file */
    _exit(recorded && swept ? 0 : 1);
}

TEST(weather__another_users_runtime_folder_is_gone_round)
{
    static const char folder[] = "/dev/shm/tare-4242424";
    struct scene scene;
    struct stat info;
    scene_begin(&scene);
    if (geteuid() != 0 || stat("/dev/shm", &info) != 0) {
        scene_end(&scene);
        skip();
    }
    pid_t child = fork();
    if (child == 0)
        record_as_somebody(&scene);
    int status = 0;
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(stat(folder, &info), 0);
    assert_int_equal(info.st_uid, SOMEBODY);
    child = fork();
    if (child == 0) {
        execlp("rm", "rm", "-rf", folder, (char *)NULL);
        _exit(1);
    }
    waitpid(child, NULL, 0);
    scene_end(&scene);
}
