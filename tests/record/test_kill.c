/* Programs and readers that are killed, at any moment. What the victims say they did they write
 * to shared memory, before and after each sample. */
#include "record/scene.h"
#include "stats/histogram.h"
#include "suite.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define KILLS        400
#define READER_KILLS 150
#define RUN_KILLS    150
#define RUN_SAMPLES  100
#define LOSS_KILLS   150
#define THREADS      3

struct diary {
    volatile uint64_t attempted[THREADS];
    volatile uint64_t recorded[THREADS];
    volatile uint64_t ready;
};

static struct diary *diary_open(void)
{
    void *diary = mmap(NULL, sizeof(struct diary), PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(diary, MAP_FAILED);
    return diary;
}

struct writer {
    tare_tracker *tracker;
    struct diary *diary;
    int number;
    uint64_t limit;
};

/* Each thread its metric; values take turns between two octaves. */
static void *write_samples(void *context)
{
    static tare_metric metrics[THREADS] = {
        TARE_METRIC("w0", .unit = "count"),
        TARE_METRIC("w1", .unit = "count"),
        TARE_METRIC("w2", .unit = "count"),
    };
    const struct writer *writer = context;
    volatile uint64_t *attempted = &writer->diary->attempted[writer->number];
    volatile uint64_t *recorded = &writer->diary->recorded[writer->number];
    for (uint64_t i = 0; i < writer->limit; i++) {
        *attempted = i + 1;
        tare_sample_record(writer->tracker, &metrics[writer->number], i % 2 ? 1000 : 1);
        *recorded = i + 1;
        writer->diary->ready = 1;
    }
    return NULL;
}

static void write_in_threads(tare_tracker *tracker, struct diary *diary, int threads,
                             uint64_t limit)
{
    pthread_t ids[THREADS];
    struct writer writers[THREADS];
    for (int i = 0; i < threads; i++) {
        writers[i] = (struct writer){tracker, diary, i, limit};
        if (i > 0)
            pthread_create(&ids[i], NULL, write_samples, &writers[i]);
    }
    write_samples(&writers[0]);
    for (int i = 1; i < threads; i++)
        pthread_join(ids[i], NULL);
}

/* Run after run of an app, each a session of its own, one after the other in the same file. */
static void write_in_runs(const struct scene *scene, struct diary *diary, int number)
{
    const char *ids[THREADS] = {"w0", "w1", "w2"};
    for (uint64_t i = 0;; i += RUN_SAMPLES) {
        tare_tracker *tracker = scene_tracker(scene);
        for (uint64_t k = i; k < i + RUN_SAMPLES; k++) {
            diary->attempted[number] = k + 1;
            tare_metric_record(tracker, ids[number], k % 2 ? 1000 : 1);
            diary->recorded[number] = k + 1;
            diary->ready = 1;
        }
        tare_tracker_close(tracker, NULL);
    }
}

static void pause_ns(long ns)
{
    nanosleep(&(struct timespec){0, ns}, NULL);
}

/* What all batches hold of one metric. */
struct recovered {
    uint64_t n, ones, thousands, others;
    double sum;
};

static void value_sort(struct recovered *to, int32_t index, uint64_t count)
{
    if (index == histogram_index(1))
        to->ones += count;
    else if (index == histogram_index(1000))
        to->thousands += count;
    else
        to->others += count;
}

static void recover(const struct batch *batch, const char *id, struct recovered *to)
{
    for (size_t p = 0; p < batch->part_count; p++) {
        const struct batch_part *part = &batch->parts[p];
        if (strcmp(part->metric.id, id) != 0)
            continue;
        to->n += part->n;
        to->sum += part->sum;
        for (size_t i = 0; i < part->sample_count; i++)
            value_sort(to, histogram_index(part->samples[i].value), 1);
        for (size_t i = 0; i < part->bucket_count; i++)
            value_sort(to, part->buckets[i].index, part->buckets[i].count);
    }
}

/* Counts, values and sums fit each other: nothing is torn. */
static void recovered_check(const struct recovered *found)
{
    assert_int_equal(found->others, 0);
    assert_int_equal(found->ones + found->thousands, found->n);
    assert_close(found->sum, (double)found->ones + 1000.0 * (double)found->thousands, 0);
    assert_true(found->ones - found->thousands <= 1);
}

TEST(kill__of_a_program_loses_nothing_that_was_recorded)
{
    struct scene scene;
    struct diary *diary = diary_open();
    uint64_t samples = 0;
    scene_begin(&scene);
    srandom(1);
    for (int kill_number = 0; kill_number < KILLS; kill_number++) {
        memset(diary, 0, sizeof *diary);
        int threads = 1 + kill_number % THREADS;
        pid_t child = fork();
        if (child == 0) {
            write_in_threads(scene_tracker(&scene), diary, threads, UINT64_MAX);
            _exit(0);
        }
        while (!diary->ready)
            pause_ns(20000);
        pause_ns(random() % 3000000);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        struct sweep sweep;
        struct batch *batches;
        assert_int_equal(sessions_sweep(NULL, &sweep, NULL), TARE_OK);
        assert_int_equal(sweep.crashed, 1);
        assert_int_equal(sweep.failed, 0);
        assert_int_equal(scene_batches(&scene, &batches), 1);
        assert_int_equal(batches[0].session.outcome, OUTCOME_CRASHED);
        assert_int_equal(batches[0].session.dropped, 0);
        for (int i = 0; i < threads; i++) {
            struct recovered found = {0};
            char id[8];
            snprintf(id, sizeof id, "w%d", i);
            recover(&batches[0], id, &found);
            recovered_check(&found);
            if (found.n < diary->recorded[i] || found.n > diary->attempted[i])
                fail_msg("kill %d, thread %d: %llu recorded, %llu recovered, %llu attempted",
                         kill_number, i, (unsigned long long)diary->recorded[i],
                         (unsigned long long)found.n, (unsigned long long)diary->attempted[i]);
            samples += found.n;
        }
        scene_batches_free(batches, 1);
    }
    print_message("# %d kills, %llu samples, none missing, none torn\n", KILLS,
                  (unsigned long long)samples);
    munmap(diary, sizeof *diary);
    scene_end(&scene);
}

/* A batch that was delivered twice, because its reader died between, is the same batch. */
static size_t batches_unique(struct batch *batches, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        bool known = false;
        for (size_t k = 0; k < kept; k++)
            if (strcmp(batches[k].id, batches[i].id) == 0) {
                assert_int_equal(batches[k].part_count, batches[i].part_count);
                known = true;
            }
        if (known)
            batch_release(&batches[i]);
        else
            batches[kept++] = batches[i];
    }
    return kept;
}

/* Files whose maker was killed before it had written the header: a sweep waits a minute. */
static void unfinished_age(const struct scene *scene)
{
    char command[192];
    struct sweep sweep;
    snprintf(command, sizeof command, "touch -d '2 minutes ago' %s/tare/*.session", scene->folder);
    assert_int_equal(pclose(popen(command, "r")), 0);
    assert_int_equal(sessions_sweep(NULL, &sweep, NULL), TARE_OK);
    assert_int_equal(sweep.ended + sweep.running + sweep.failed, 0);
}

/* Two programs of one app that begin and end all the time, and a reader that looks at their files:
 * the file is claimed, left and claimed again, and whoever is in the middle of it is killed. */
TEST(kill__of_runs_that_go_on_with_one_file_neither_loses_nor_doubles)
{
    struct scene scene;
    struct diary *diary = diary_open();
    uint64_t runs = 0, again = 0;
    scene_begin(&scene);
    srandom(3);
    for (int kill_number = 0; kill_number < RUN_KILLS; kill_number++) {
        memset(diary, 0, sizeof *diary);
        pid_t children[3];
        for (int i = 0; i < 3; i++) {
            children[i] = fork();
            struct sweep sweep;
            while (children[i] == 0 && i == 2)
                sessions_sweep(NULL, &sweep, NULL);
            if (children[i] == 0)
                write_in_runs(&scene, diary, i);
        }
        while (!diary->ready)
            pause_ns(20000);
        pause_ns(random() % 6000000);
        for (int i = 0; i < 3; i++)
            kill(children[i], SIGKILL);
        for (int i = 0; i < 3; i++)
            waitpid(children[i], NULL, 0);
        struct sweep sweep;
        struct batch *batches;
        assert_int_equal(sessions_sweep(NULL, &sweep, NULL), TARE_OK);
        assert_int_equal(sweep.failed, 0);
        size_t count = scene_batches(&scene, &batches), unique = batches_unique(batches, count);
        for (int i = 0; i < 2; i++) {
            struct recovered found = {0};
            const char id[] = {'w', (char)('0' + i), '\0'};
            for (size_t b = 0; b < unique; b++)
                recover(&batches[b], id, &found);
            recovered_check(&found);
            if (found.n < diary->recorded[i] || found.n > diary->attempted[i])
                fail_msg("kill %d, program %d: %llu recorded, %llu recovered, %llu attempted",
                         kill_number, i, (unsigned long long)diary->recorded[i],
                         (unsigned long long)found.n, (unsigned long long)diary->attempted[i]);
        }
        for (size_t b = 0; b < unique; b++)
            assert_int_equal(batches[b].session.dropped, 0);
        runs += unique;
        again += count - unique;
        scene_batches_free(batches, unique);
    }
    print_message("# %d kills, %llu runs, %llu of them handed over twice\n", RUN_KILLS,
                  (unsigned long long)runs, (unsigned long long)again);
    assert_true(runs > RUN_KILLS);
    unfinished_age(&scene);
    munmap(diary, sizeof *diary);
    scene_end(&scene);
}

/* What batches tell as dropped; of two of one name both tell the same. */
static uint64_t dropped_once(struct batch *batches, size_t count, uint64_t *again)
{
    uint64_t dropped = 0;
    for (size_t i = 0; i < count; i++) {
        size_t first = 0;
        while (strcmp(batches[first].id, batches[i].id) != 0)
            first++;
        assert_int_equal(batches[first].session.dropped, batches[i].session.dropped);
        dropped += first == i ? batches[i].session.dropped : 0;
        *again += first != i;
    }
    return dropped;
}

/* Two programs that find no room for a session, and two readers that tell the store so: all are
 * killed at any moment, and each loss is counted once. */
TEST(kill__where_there_is_no_room_leaves_every_loss_counted_once)
{
    struct scene scene;
    struct diary *diary = diary_open();
    uint64_t lost = 0, again = 0;
    scene_begin(&scene);
    scene_crowd(&scene);
    srandom(4);
    for (int kill_number = 0; kill_number < LOSS_KILLS; kill_number++) {
        memset(diary, 0, sizeof *diary);
        pid_t children[4];
        for (int i = 0; i < 4; i++) {
            children[i] = fork();
            struct sweep sweep;
            while (children[i] == 0 && i >= 2)
                sessions_sweep(NULL, &sweep, NULL);
            if (children[i] == 0)
                write_in_runs(&scene, diary, i);
        }
        while (!diary->ready)
            pause_ns(20000);
        pause_ns(random() % 4000000);
        for (int i = 3; i >= 0; i--)
            kill(children[i], SIGKILL);
        for (int i = 0; i < 4; i++)
            waitpid(children[i], NULL, 0);
        struct sweep sweep;
        struct batch *batches;
        assert_int_equal(sessions_sweep(NULL, &sweep, NULL), TARE_OK);
        assert_int_equal(sweep.damaged, 0);
        size_t count = scene_batches(&scene, &batches);
        uint64_t dropped = dropped_once(batches, count, &again);
        uint64_t recorded = diary->recorded[0] + diary->recorded[1];
        uint64_t attempted = diary->attempted[0] + diary->attempted[1];
        if (dropped < recorded || dropped > attempted)
            fail_msg("kill %d: %llu lost for sure, %llu counted, %llu attempted", kill_number,
                     (unsigned long long)recorded, (unsigned long long)dropped,
                     (unsigned long long)attempted);
        lost += dropped;
        scene_batches_free(batches, count);
    }
    print_message("# %d kills, %llu losses, each counted once; %llu batches told twice\n",
                  LOSS_KILLS, (unsigned long long)lost, (unsigned long long)again);
    munmap(diary, sizeof *diary);
    scene_end(&scene);
}

TEST(kill__of_readers_neither_loses_nor_doubles)
{
    struct scene scene;
    struct diary *diary = diary_open();
    scene_begin(&scene);
    scene.options.window_seconds = 0.01;
    pid_t child = fork();
    if (child == 0) {
        write_in_threads(scene_tracker(&scene), diary, THREADS, UINT64_MAX);
        _exit(0);
    }
    while (!diary->ready)
        pause_ns(20000);
    srandom(2);
    for (int i = 0; i < READER_KILLS; i++) {
        pid_t reader = fork();
        if (reader == 0) {
            struct sweep sweep;
            for (;;)
                sessions_sweep(NULL, &sweep, NULL);
        }
        pause_ns(1000000 + random() % 6000000);
        kill(reader, SIGKILL);
        waitpid(reader, NULL, 0);
    }
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    struct sweep sweep;
    struct batch *batches;
    assert_int_equal(sessions_sweep(NULL, &sweep, NULL), TARE_OK);
    assert_int_equal(sweep.crashed, 1);
    size_t count = scene_batches(&scene, &batches);
    size_t unique = batches_unique(batches, count);
    assert_true(unique > 5);
    uint64_t dropped = 0, missing = 0, bucketless = 0;
    for (size_t b = 0; b < unique; b++)
        dropped += batches[b].session.dropped;
    for (int i = 0; i < THREADS; i++) {
        struct recovered found = {0};
        char id[8];
        snprintf(id, sizeof id, "w%d", i);
        for (size_t b = 0; b < unique; b++)
            recover(&batches[b], id, &found);
        assert_int_equal(found.ones + found.thousands + found.others, found.n);
        assert_true(found.n <= diary->attempted[i]);
        bucketless += found.others;
        missing += diary->recorded[i] > found.n ? diary->recorded[i] - found.n : 0;
    }
    print_message("# %zu batches, %zu twice, %llu dropped, %llu without a bucket\n", unique,
                  count - unique, (unsigned long long)dropped, (unsigned long long)bucketless);
    assert_true(missing <= dropped);
    scene_batches_free(batches, unique);
    munmap(diary, sizeof *diary);
    scene_end(&scene);
}
