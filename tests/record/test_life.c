/* How a process begins and ends, and what becomes of its samples then. */
#include "record/scene.h"
#include "suite.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void record(tare_tracker *tracker, const char *id, int count)
{
    for (int i = 0; i < count; i++)
        tare_metric_record(tracker, id, 1);
}

/* Runs `life` in a forked process of its own; returns how it ended. */
static int live(const struct scene *scene, void (*life)(const struct scene *))
{
    pid_t child = fork();
    if (child == 0) {
        struct rlimit none = {0, 0};
        setrlimit(RLIMIT_CORE, &none);
        signal(SIGABRT, SIG_DFL);
        signal(SIGSEGV, SIG_DFL);
        life(scene);
        _exit(99);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
}

/* The batch of the session with metric `id`; fails the test without one. */
static const struct batch *batch_of(const struct batch *batches, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (scene_part(&batches[i], id) != NULL)
            return &batches[i];
    fail_msg("no batch has %s", id);
    return NULL;
}

static void end_by_exit(const struct scene *scene)
{
    record(scene_tracker(scene), "x", 300);
    exit(0);
}

static void end_by__exit(const struct scene *scene)
{
    record(scene_tracker(scene), "x", 300);
    _exit(0);
}

static void end_by_abort(const struct scene *scene)
{
    record(scene_tracker(scene), "x", 300);
    abort();
}

static void end_by_fault(const struct scene *scene)
{
    record(scene_tracker(scene), "x", 300);
    raise(SIGSEGV);
}

static void end_by_exec(const struct scene *scene)
{
    record(scene_tracker(scene), "x", 300);
    execl("/bin/true", "true", (char *)NULL);
}

/* The program that took over goes on for long. */
TEST(life__what_was_recorded_before_an_exec_does_not_wait_for_the_next_program)
{
    struct scene scene;
    struct batch *batches;
    struct sweep sweep;
    int ready[2];
    char byte;
    scene_begin(&scene);
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        record(scene_tracker(&scene), "x", 300);
        fcntl(ready[1], F_SETFD, FD_CLOEXEC);
        close(ready[0]);
        execlp("sleep", "sleep", "60", (char *)NULL);
        _exit(1);
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 0); /* closed by exec */
    assert_int_equal(sessions_sweep(NULL, &sweep, NULL), TARE_OK);
    assert_int_equal(sweep.crashed, 1);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    assert_int_equal(scene_part(&batches[0], "x")->n, 300);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(ready[0]);
    scene_batches_free(batches, 1);
    scene_end(&scene);
}

/* It has the mapping as the one that recorded had it: only the number tells them apart. */
TEST(life__a_child_that_lives_on_keeps_nobody_from_what_its_dead_parent_recorded)
{
    struct scene scene;
    struct batch *batches;
    struct sweep sweep;
    int over[2];
    scene_begin(&scene);
    assert_int_equal(pipe(over), 0);
    pid_t parent = fork();
    if (parent == 0) {
        char byte;
        record(scene_tracker(&scene), "x", 300);
        close(over[1]);
        if (fork() == 0 && read(over[0], &byte, 1) == 0)
            _exit(0);
        _exit(1);
    }
    close(over[0]);
    waitpid(parent, NULL, 0);
    enum tare_status status = sessions_sweep(NULL, &sweep, NULL);
    close(over[1]); /* the child ends, whatever comes */
    assert_int_equal(status, TARE_OK);
    assert_int_equal(sweep.crashed, 1);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    assert_int_equal(scene_part(&batches[0], "x")->n, 300);
    scene_batches_free(batches, 1);
    scene_end(&scene);
}

static void end_as_failed(const struct scene *scene)
{
    tare_tracker *tracker = scene_tracker(scene);
    record(tracker, "x", 300);
    tare_session_fail(tracker);
    exit(1);
}

TEST(life__every_end_keeps_the_samples_and_has_its_outcome)
{
    static const struct {
        void (*life)(const struct scene *);
        enum session_outcome outcome;
    } ends[] = {
        {end_by_exit, OUTCOME_OK},       {end_by__exit, OUTCOME_CRASHED},
        {end_by_abort, OUTCOME_CRASHED}, {end_by_fault, OUTCOME_CRASHED},
        {end_by_exec, OUTCOME_CRASHED},  {end_as_failed, OUTCOME_FAILED},
    };
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct scene scene;
        struct batch *batches;
        struct sweep sweep;
        scene_begin(&scene);
        live(&scene, ends[i].life);
        assert_int_equal(sessions_sweep(NULL, &sweep, NULL), TARE_OK);
        assert_int_equal(scene_batches(&scene, &batches), 1);
        assert_int_equal(scene_part(&batches[0], "x")->n, 300);
        assert_int_equal(batches[0].session.outcome, ends[i].outcome);
        assert_true(batches[0].session.ended_ns >= batches[0].session.started_ns);
        scene_batches_free(batches, 1);
        scene_end(&scene);
    }
}

static pid_t fork_by_clone(void)
{
    return (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

/* Parent and child of each kind of fork record at once, each into a session of its own. */
TEST(life__a_forked_child_has_a_session_of_its_own)
{
    pid_t (*const forks[])(void) = {fork, _Fork, fork_by_clone};
    for (size_t i = 0; i < sizeof forks / sizeof forks[0]; i++) {
        struct scene scene;
        struct batch *batches;
        scene_begin(&scene);
        tare_tracker *tracker = scene_tracker(&scene);
        record(tracker, "parent", 500);
        tare_operation_start(tracker, "across");
        pid_t child = forks[i]();
        if (child == 0) {
            record(tracker, "child", 700);
            int crossed = tare_operation_stop(tracker, "across") == TARE_OK;
            tare_tracker_close(tracker, NULL);
            _exit(crossed);
        }
        record(tracker, "parent", 500);
        int status = 0;
        waitpid(child, &status, 0);
        assert_int_equal(WEXITSTATUS(status), 0);
        assert_int_equal(tare_operation_stop(tracker, "across"), TARE_OK);
        tare_tracker_close(tracker, NULL);
        size_t count = scene_batches(&scene, &batches);
        assert_int_equal(count, 2);
        const struct batch *parent = batch_of(batches, count, "parent");
        const struct batch *born = batch_of(batches, count, "child");
        assert_int_equal(scene_part(parent, "parent")->n, 1000);
        assert_int_equal(scene_part(born, "child")->n, 700);
        assert_null(scene_part(born, "parent"));
        assert_string_not_equal(parent->session.id, born->session.id);
        scene_batches_free(batches, count);
        scene_end(&scene);
    }
}

TEST(life__a_child_that_records_nothing_touches_nothing)
{
    struct scene scene;
    struct batch *batches;
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    record(tracker, "x", 10);
    pid_t child = fork();
    if (child == 0)
        exit(0);
    waitpid(child, NULL, 0);
    assert_int_equal(scene_files(&scene, ".session"), 1);
    assert_int_equal(scene_batches(&scene, &batches), 0);
    record(tracker, "x", 10);
    tare_tracker_close(tracker, NULL);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    assert_int_equal(scene_part(&batches[0], "x")->n, 20);
    scene_batches_free(batches, 1);
    scene_end(&scene);
}

TEST(life__what_a_vfork_child_records_is_its_parents)
{
    struct scene scene;
    struct batch *batches;
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    record(tracker, "x", 10);
    pid_t child = vfork();
    if (child == 0) {
        tare_metric_record(tracker, "x", 1);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    tare_tracker_close(tracker, NULL);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    assert_int_equal(scene_part(&batches[0], "x")->n, 11);
    scene_batches_free(batches, 1);
    scene_end(&scene);
}

TEST(life__a_child_can_add_to_a_named_session)
{
    static const char id[] = "0f6a1d2c-3b4e-4f5a-8b9c-0d1e2f3a4b5c";
    struct scene scene;
    struct batch *batches;
    scene_begin(&scene);
    setenv("TARE_SESSION", id, 1);
    live(&scene, end_by_exit);
    live(&scene, end_by_exit);
    unsetenv("TARE_SESSION");
    assert_int_equal(scene_batches(&scene, &batches), 2);
    assert_string_equal(batches[0].session.id, id);
    assert_string_equal(batches[1].session.id, id);
    assert_string_not_equal(batches[0].id, batches[1].id);
    scene_batches_free(batches, 2);
    scene_end(&scene);
}

/* A script in the place of `tare` that notes how it was called. */
TEST(life__the_end_starts_ingest_once_a_minute)
{
    struct scene scene;
    struct batch *batches;
    char script[128], notes[128], text[512] = "", expected[256];
    scene_begin(&scene);
    snprintf(script, sizeof script, "%s/tare-script", scene.folder);
    snprintf(notes, sizeof notes, "%s/notes", scene.folder);
    FILE *file = fopen(script, "w");
    fprintf(file, "#!/bin/sh\necho \"$*\" >>%s\n", notes);
    fclose(file);
    assert_int_equal(chmod(script, 0700), 0);
    setenv("TARE_BINARY", script, 1);
    live(&scene, end_by_exit);
    assert_int_not_equal(access(notes, F_OK), 0); /* TARE_INGEST=never */
    setenv("TARE_INGEST", "exit", 1);
    live(&scene, end_by_exit);
    live(&scene, end_by_exit);
    for (int tries = 0; tries < 100 && access(notes, F_OK) != 0; tries++)
        usleep(20000);
    usleep(100000);
    file = fopen(notes, "r");
    assert_non_null(file);
    assert_true(fread(text, 1, sizeof text - 1, file) > 0);
    fclose(file);
    unsetenv("TARE_BINARY");
    snprintf(expected, sizeof expected, "ingest --store %s\n", scene.store);
    assert_string_equal(text, expected);
    size_t count = scene_batches(&scene, &batches);
    assert_int_equal(count, 3);
    scene_batches_free(batches, count);
    scene_end(&scene);
}

static double exit_from_gauge(void *context)
{
    (void)context;
    exit(0);
}

/* As a signal handler does that ends the program in the middle of a snapshot. */
static void end_inside_a_snapshot(const struct scene *scene)
{
    static tare_metric gauge = TARE_METRIC("gauge", .unit = "count");
    tare_tracker *tracker = scene_tracker(scene);
    record(tracker, "x", 300);
    tare_gauge_register(tracker, &gauge, exit_from_gauge, NULL);
    tare_snapshot_record(tracker);
}

TEST(life__an_exit_inside_a_snapshot_neither_hangs_nor_loses)
{
    struct scene scene;
    struct batch *batches;
    struct sweep sweep;
    scene_begin(&scene);
    assert_int_equal(live(&scene, end_inside_a_snapshot), 0);
    assert_int_equal(sessions_sweep(NULL, &sweep, NULL), TARE_OK);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    assert_int_equal(scene_part(&batches[0], "x")->n, 300);
    scene_batches_free(batches, 1);
    scene_end(&scene);
}

/* The shared library, and its function that records: a value by its id, or by a handle. */
static void *library_load(const char *path, const char *name, tare_tracker *(**tracker)(void),
                          void *put)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        fail_msg("%s", dlerror());
    *(void **)tracker = dlsym(library, "tare_tracker_default");
    *(void **)put = dlsym(library, name);
    return library;
}

/* The shared library, loaded, used and unloaded again, with a thread that outlives it. */
TEST(life__dlclose_hands_over)
{
    const char *path = getenv("TARE_LIBRARY");
    struct scene scene;
    struct batch *batches;
    if (path == NULL)
        skip();
    scene_begin(&scene);
    setenv("TARE_STORE", scene.store, 1);
    for (int round = 0; round < 3; round++) {
        tare_tracker *(*tracker)(void);
        enum tare_status (*put)(tare_tracker *, const char *, double);
        void *library = library_load(path, "tare_metric_record", &tracker, &put);
        assert_int_equal(put(tracker(), "x", 5), TARE_OK);
        assert_int_equal(dlclose(library), 0);
        assert_null(dlopen(path, RTLD_NOW | RTLD_NOLOAD));
    }
    unsetenv("TARE_STORE");
    assert_int_equal(scene_batches(&scene, &batches), 3);
    assert_int_equal(scene_part(&batches[2], "x")->n, 1);
    assert_int_equal(batches[2].session.outcome, OUTCOME_OK);
    scene_batches_free(batches, 3);
    scene_end(&scene);
}

/* The program's own handles outlive the library. Each time it is loaded the metrics come in
 * another order, so what a handle remembers of before is wrong. */
TEST(life__handles_outlive_a_library_that_is_loaded_anew)
{
    static tare_metric metrics[] = {TARE_METRIC("one", .unit = "count"),
                                    TARE_METRIC("two", .unit = "count")};
    const char *path = getenv("TARE_LIBRARY");
    struct scene scene;
    struct batch *batches;
    if (path == NULL)
        skip();
    scene_begin(&scene);
    setenv("TARE_STORE", scene.store, 1);
    for (int round = 0; round < 4; round++) {
        tare_tracker *(*tracker)(void);
        enum tare_status (*put)(tare_tracker *, tare_metric *, double);
        void *library = library_load(path, "tare_sample_record", &tracker, &put);
        for (int i = 0; i < 2; i++) {
            int which = (round + i) % 2;
            assert_int_equal(put(tracker(), &metrics[which], which + 1), TARE_OK);
        }
        assert_int_equal(dlclose(library), 0);
    }
    unsetenv("TARE_STORE");
    assert_int_equal(scene_batches(&scene, &batches), 4);
    for (int i = 0; i < 4; i++) {
        assert_non_null(scene_part(&batches[i], "one"));
        assert_non_null(scene_part(&batches[i], "two"));
        assert_close(scene_part(&batches[i], "one")->sum, 1, 0);
        assert_close(scene_part(&batches[i], "two")->sum, 2, 0);
    }
    scene_batches_free(batches, 4);
    scene_end(&scene);
}

static volatile sig_atomic_t children_told;

static void child_note(int signal_number)
{
    (void)signal_number;
    children_told++;
}

/* What starts `tare ingest` for a library that is unloaded leaves the program as it was. */
TEST(life__dlclose_leaves_no_child_to_the_program)
{
    const char *path = getenv("TARE_LIBRARY");
    struct scene scene;
    struct batch *batches;
    char notes[128], script[160];
    if (path == NULL)
        skip();
    scene_begin(&scene);
    snprintf(notes, sizeof notes, "%s/notes", scene.folder);
    snprintf(script, sizeof script, "%s/tare-script", scene.folder);
    FILE *file = fopen(script, "w");
    fprintf(file, "#!/bin/sh\n: >%s\n", notes);
    fclose(file);
    assert_int_equal(chmod(script, 0700), 0);
    setenv("TARE_BINARY", script, 1);
    setenv("TARE_INGEST", "exit", 1);
    setenv("TARE_STORE", scene.store, 1);
    signal(SIGCHLD, child_note);
    tare_tracker *(*tracker)(void);
    enum tare_status (*put)(tare_tracker *, const char *, double);
    void *library = library_load(path, "tare_metric_record", &tracker, &put);
    assert_int_equal(put(tracker(), "x", 5), TARE_OK);
    assert_int_equal(dlclose(library), 0);
    while (access(notes, F_OK) != 0) /* if it never comes, the suite's own limit ends this */
        usleep(20000);
    for (int tries = 0; tries < 10; tries++, usleep(20000)) /* the suite's own child runs on */
        assert_true(waitpid(-1, NULL, WNOHANG | __WALL) <= 0);
    assert_int_equal(children_told, 0);
    signal(SIGCHLD, SIG_DFL);
    unsetenv("TARE_BINARY");
    unsetenv("TARE_STORE");
    size_t count = scene_batches(&scene, &batches);
    assert_int_equal(count, 1);
    scene_batches_free(batches, count);
    scene_end(&scene);
}

static size_t sessions_mapped(void)
{
    char line[1024];
    size_t count = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL)
        count += strstr(line, ".session") != NULL;
    if (maps != NULL)
        fclose(maps);
    return count;
}

TEST(life__a_tracker_that_is_closed_or_reset_keeps_no_memory)
{
    struct scene scene;
    struct batch *batches;
    scene_begin(&scene);
    size_t before = sessions_mapped();
    for (int i = 0; i < 10; i++) {
        tare_tracker *tracker = scene_tracker(&scene);
        record(tracker, "x", 3);
        if (i % 2 == 0)
            tare_tracker_reset(tracker);
        assert_int_equal(tare_tracker_close(tracker, NULL), TARE_OK);
    }
    assert_int_equal(sessions_mapped(), before);
    size_t count = scene_batches(&scene, &batches);
    assert_int_equal(count, 5);
    scene_batches_free(batches, count);
    scene_end(&scene);
}

/* A thread that is to be cancelled is so at its next system call, as soon as that is of a kind. */
static void *record_cancelled(void *tracker)
{
    pthread_cancel(pthread_self());
    record(tracker, "x", 1);
    pthread_testcancel();
    return NULL;
}

static void *snapshot_cancelled(void *tracker)
{
    pthread_cancel(pthread_self());
    tare_snapshot_record(tracker);
    pthread_testcancel();
    return NULL;
}

TEST(life__a_thread_that_is_cancelled_leaves_nothing_locked)
{
    static void *(*const works[])(void *) = {record_cancelled, snapshot_cancelled};
    struct scene scene;
    struct batch *batches;
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    alarm(60); /* otherwise the next call waits for ever */
    for (size_t i = 0; i < 2; i++) {
        pthread_t thread;
        void *result;
        assert_int_equal(pthread_create(&thread, NULL, works[i], tracker), 0);
        assert_int_equal(pthread_join(thread, &result), 0);
        assert_ptr_equal(result, PTHREAD_CANCELED);
        record(tracker, "x", 1);
    }
    assert_int_equal(tare_tracker_close(tracker, NULL), TARE_OK);
    alarm(0);
    size_t count = scene_batches(&scene, &batches), n = 0;
    for (size_t i = 0; i < count; i++)
        n += scene_part(&batches[i], "x") != NULL ? scene_part(&batches[i], "x")->n : 0;
    assert_int_equal(n, 3);
    scene_batches_free(batches, count);
    scene_end(&scene);
}

static void *default_cancelled(void *nothing)
{
    (void)nothing;
    pthread_cancel(pthread_self());
    tare_tracker_default();
    pthread_testcancel();
    return NULL;
}

static void end_after_a_cancelled_first_call(const struct scene *scene)
{
    pthread_t thread;
    setenv("TARE_STORE", scene->store, 1);
    alarm(60);
    pthread_create(&thread, NULL, default_cancelled, NULL);
    pthread_join(thread, NULL);
    record(tare_tracker_default(), "x", 1);
    exit(0);
}

TEST(life__a_first_call_that_is_cancelled_leaves_a_tracker_to_all_others)
{
    struct scene scene;
    struct batch *batches;
    scene_begin(&scene);
    assert_int_equal(live(&scene, end_after_a_cancelled_first_call), 0);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    assert_int_equal(scene_part(&batches[0], "x")->n, 1);
    scene_batches_free(batches, 1);
    scene_end(&scene);
}

static void *record_and_exit(void *tracker)
{
    record(tracker, "x", 300);
    exit(0);
}

static void end_in_a_thread_with_little_stack(const struct scene *scene)
{
    pthread_attr_t attributes;
    pthread_t thread;
    setenv("TARE_BINARY", "/bin/true", 1);
    setenv("TARE_INGEST", "exit", 1);
    pthread_attr_init(&attributes);
    pthread_attr_setguardsize(&attributes, 1 << 20);
    pthread_attr_setstacksize(&attributes, 32768);
    pthread_create(&thread, &attributes, record_and_exit, scene_tracker(scene));
    pthread_join(thread, NULL);
}

TEST(life__a_thread_with_little_stack_can_end_the_program)
{
    struct scene scene;
    struct batch *batches;
    scene_begin(&scene);
    assert_int_equal(live(&scene, end_in_a_thread_with_little_stack), 0);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    assert_int_equal(scene_part(&batches[0], "x")->n, 300);
    scene_batches_free(batches, 1);
    scene_end(&scene);
}
