/* Programs that the system refuses what a recorder asks for: sandboxes, dropped rights, no files.
 */
#include "record/scene.h"
#include "suite.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAMPLES      300
#define HANG_SECONDS 30

enum { LIVED = 0, MISCOUNTED = 1, NO_SANDBOX = 77 };

/* From here on the system call fails with EPERM. */
static void deny(int number)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        _exit(NO_SANDBOX);
}

static void record(tare_tracker *tracker)
{
    for (int i = 0; i < SAMPLES; i++)
        tare_metric_record(tracker, "x", 1);
}

/* Records, before the call is denied if that is `late`, then, and over a snapshot. */
static void record_in_sandbox(const struct scene *scene, int number, bool late)
{
    tare_counts counts;
    alarm(HANG_SECONDS);
    tare_tracker *tracker = scene_tracker(scene);
    if (late)
        record(tracker);
    deny(number);
    record(tracker);
    tare_tracker_count(tracker, &counts);
    bool all = counts.recorded + counts.dropped == (late ? 2 : 1) * (uint64_t)SAMPLES;
    (void)tare_snapshot_record(tracker);
    record(tracker);
    (void)tare_tracker_close(tracker, NULL);
    _exit(all ? LIVED : MISCOUNTED);
}

/* How many samples reached the inbox, or are told there to be lost. */
static uint64_t samples_told(const struct scene *scene)
{
    struct sweep sweep;
    struct batch *batches;
    uint64_t told = 0;
    assert_int_equal(sessions_sweep(NULL, &sweep, NULL), TARE_OK);
    size_t count = scene_batches(scene, &batches);
    for (size_t i = 0; i < count; i++) {
        const struct batch_part *part = scene_part(&batches[i], "x");
        told += part != NULL ? part->n : 0;
        told += i + 1 == count ? batches[i].session.dropped : 0;
    }
    scene_batches_free(batches, count);
    return told;
}

TEST(sandbox__a_call_that_is_denied_ends_and_hangs_no_program)
{
    static const int calls[] = {SYS_openat,    SYS_flock,  SYS_newfstatat,
                                SYS_ftruncate, SYS_getcwd, SYS_getrusage};
    for (size_t i = 0; i < 2 * sizeof calls / sizeof calls[0]; i++) {
        struct scene scene;
        bool late = i % 2 != 0;
        int status = 0;
        scene_begin(&scene);
        pid_t child = fork();
        if (child == 0)
            record_in_sandbox(&scene, calls[i / 2], late);
        waitpid(child, &status, 0);
        if (!WIFEXITED(status) || (WEXITSTATUS(status) != LIVED))
            print_message("# call %d, %s\n", calls[i / 2], late ? "late" : "from the beginning");
        if (WIFEXITED(status) && WEXITSTATUS(status) == NO_SANDBOX) {
            scene_end(&scene);
            skip();
        }
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), LIVED);
        if (late)
            assert_int_equal(samples_told(&scene), 3 * SAMPLES);
        else
            samples_told(&scene);
        scene_end(&scene);
    }
}

/* As a server does it: root opens all, and its children, which do the work, are somebody else. */
#define SOMEBODY 4242425

static void serve_as_somebody(const struct scene *scene)
{
    struct sweep sweep;
    unsetenv("TARE_RUNTIME_DIR");
    unsetenv("XDG_RUNTIME_DIR");
    tare_tracker *tracker = scene_tracker(scene);
    record(tracker);
    pid_t worker = fork();
    if (worker == 0) {
        tare_counts counts;
        if (setresgid(SOMEBODY, SOMEBODY, SOMEBODY) != 0 ||
            setresuid(SOMEBODY, SOMEBODY, SOMEBODY) != 0)
            _exit(1);
        record(tracker);
        tare_tracker_count(tracker, &counts);
        bool swept = sessions_sweep(NULL, &sweep, NULL) == TARE_OK && sweep.running == 1;
        tare_tracker_reset(tracker); /* leaves no file */
        _exit(counts.recorded == SAMPLES && counts.dropped == 0 && swept ? 0 : 1);
    }
    int status = 0;
    waitpid(worker, &status, 0);
    tare_tracker_reset(tracker);
    _exit(WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 1);
}

TEST(sandbox__a_worker_that_drops_its_rights_records_as_whom_it_is_then)
{
    static const char folder[] = "/dev/shm/tare-4242425";
    struct scene scene;
    struct stat info;
    int status = 0;
    scene_begin(&scene);
    if (geteuid() != 0 || stat("/dev/shm", &info) != 0) {
        scene_end(&scene);
        skip();
    }
    pid_t child = fork();
    if (child == 0)
        serve_as_somebody(&scene);
    waitpid(child, &status, 0);
    int left = stat(folder, &info);
    pid_t cleaner = fork();
    if (cleaner == 0) {
        execlp("rm", "rm", "-rf", folder, (char *)NULL);
        _exit(1);
    }
    waitpid(cleaner, NULL, 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(left, 0);
    assert_int_equal(info.st_uid, SOMEBODY);
    scene_end(&scene);
}

TEST(sandbox__the_first_call_leaves_errno_alone)
{
    struct scene scene;
    int status = 0;
    scene_begin(&scene);
    pid_t child = fork();
    if (child == 0) { /* the default tracker is the process's first one */
        setenv("TARE_STORE", ":memory:", 1);
        unsetenv("TARE_RUNTIME_DIR");
        errno = ENOTTY;
        tare_metric_record(tare_tracker_default(), "x", 1);
        _exit(errno == ENOTTY ? 0 : 1);
    }
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    scene_end(&scene);
}

/* As when a user logs out whose programs go on. */
TEST(sandbox__a_program_whose_session_file_is_removed_hands_over_what_it_records)
{
    struct scene scene;
    struct batch *batches;
    char command[128];
    scene_begin(&scene);
    snprintf(command, sizeof command, "rm -rf %s/tare", scene.folder);
    pid_t child = fork();
    if (child == 0) {
        tare_tracker *tracker = scene_tracker(&scene);
        bool well = true;
        for (int round = 0; round < 3; round++) {
            record(tracker);
            if (round == 0)
                well = pclose(popen(command, "r")) == 0;
            well = well && tare_snapshot_record(tracker) == TARE_OK;
        }
        _exit(well ? 0 : 1); /* nothing is left to hand over */
    }
    int status = 0;
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    size_t count = scene_batches(&scene, &batches);
    assert_int_equal(count, 3);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(scene_part(&batches[i], "x")->n, SAMPLES);
    scene_batches_free(batches, count);
    scene_end(&scene);
}
