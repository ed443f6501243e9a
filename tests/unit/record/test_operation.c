/* Operations by name in programs whose threads come and go. */
#include "record/scene.h"
#include "suite.h"

#include <pthread.h>
#include <stdio.h>

static tare_tracker *tracker;

static void crowd_join(pthread_barrier_t *crowd, void *(*join)(void *), pthread_t *threads)
{
    assert_int_equal(pthread_barrier_init(crowd, NULL, 9), 0);
    for (int i = 0; i < 8; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, join, crowd), 0);
    pthread_barrier_wait(crowd);
}

static void *ring_hold(void *crowd)
{
    tare_metric_record(tracker, "hold", 1);
    pthread_barrier_wait(crowd);
    pthread_barrier_wait(crowd);
    return NULL;
}

/* Four operations at once, each started twice. */
static void *names_use(void *failures)
{
    static const char *const ids[] = {"read", "parse", "sort", "write"};
    for (int i = 0; i < 4; i++)
        *(int *)failures += tare_operation_start(tracker, ids[i]) != TARE_OK;
    for (int i = 0; i < 4; i++)
        *(int *)failures += tare_operation_start(tracker, ids[i]) != TARE_E_USAGE;
    for (int i = 0; i < 4; i++)
        *(int *)failures += tare_operation_stop(tracker, ids[i]) != TARE_OK;
    return NULL;
}

TEST(operation__beyond_eight_threads_there_is_always_room)
{
    struct scene scene;
    struct batch *batches;
    pthread_barrier_t crowd;
    pthread_t threads[8], one;
    tare_counts counts;
    int failures = 0;
    scene_begin(&scene);
    tracker = scene_tracker(&scene);
    crowd_join(&crowd, ring_hold, threads);
    for (int i = 0; i < 200; i++) {
        assert_int_equal(pthread_create(&one, NULL, names_use, &failures), 0);
        pthread_join(one, NULL);
    }
    pthread_barrier_wait(&crowd);
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    tare_tracker_count(tracker, &counts);
    assert_int_equal(failures, 0);
    assert_int_equal(counts.unmatched, 4 * 200);
    assert_int_equal(tare_tracker_close(tracker, NULL), TARE_OK);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    assert_int_equal(scene_part(&batches[0], "read")->n, 200);
    assert_int_equal(scene_part(&batches[0], "write")->n, 200);
    scene_batches_free(batches, 1);
    scene_end(&scene);
}

static void *request_begin(void *failures)
{
    *(int *)failures += tare_operation_start(tracker, "request") != TARE_OK;
    return NULL;
}

/* Twenty times the thread that has begun a request ends, and leaves it, and its ring, to others.
 */
TEST(operation__of_metrics_beyond_the_registry_nest)
{
    struct scene scene;
    tare_counts counts;
    char id[32];
    scene_begin(&scene);
    tare_tracker *mine = scene_tracker(&scene);
    for (int i = 0; i < 100; i++) {
        snprintf(id, sizeof id, "metric %d", i);
        tare_metric_record(mine, id, 1);
    }
    tare_tracker_count(mine, &counts);
    uint64_t before = counts.other;
    for (int i = 0; i < 20; i++) {
        snprintf(id, sizeof id, "operation %d", i);
        assert_int_equal(tare_operation_start(mine, id), TARE_OK);
        assert_int_equal(tare_operation_start(mine, id), TARE_E_USAGE);
    }
    for (int i = 0; i < 20; i++) {
        snprintf(id, sizeof id, "operation %d", i);
        assert_int_equal(tare_operation_stop(mine, id), TARE_OK);
        assert_int_equal(tare_operation_stop(mine, id), TARE_E_USAGE);
    }
    tare_tracker_count(mine, &counts);
    assert_int_equal(counts.other - before, 20);
    assert_int_equal(counts.unmatched, 40);
    tare_tracker_close(mine, NULL);
    scene_end(&scene);
}

TEST(operation__left_running_by_a_thread_is_in_nobodys_way)
{
    struct scene scene;
    struct batch *batches;
    pthread_t one;
    int failures = 0;
    scene_begin(&scene);
    tracker = scene_tracker(&scene);
    tare_metric_record(tracker, "x", 1);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(pthread_create(&one, NULL, request_begin, &failures), 0);
        pthread_join(one, NULL);
    }
    assert_int_equal(failures, 0);
    for (int i = 0; i < 20; i++)
        assert_int_equal(tare_operation_stop(tracker, "request"), TARE_OK);
    assert_int_equal(tare_operation_stop(tracker, "request"), TARE_E_USAGE);
    assert_int_equal(tare_tracker_close(tracker, NULL), TARE_OK);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    assert_int_equal(scene_part(&batches[0], "request")->n, 20);
    scene_batches_free(batches, 1);
    scene_end(&scene);
}

/* A thread that goes from one tracker to the other keeps its ring in each. */
TEST(operation__started_twice_is_told_among_several_trackers)
{
    struct scene scene;
    scene_begin(&scene);
    tare_tracker *const trackers[] = {scene_tracker(&scene), scene_tracker(&scene)};
    for (int i = 0; i < 2; i++)
        assert_int_equal(tare_operation_start(trackers[i], "op"), TARE_OK);
    for (int i = 0; i < 2; i++)
        assert_int_equal(tare_operation_start(trackers[i], "op"), TARE_E_USAGE);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(tare_operation_stop(trackers[i], "op"), TARE_OK);
        tare_tracker_reset(trackers[i]);
        tare_tracker_close(trackers[i], NULL);
    }
    scene_end(&scene);
}

TEST(operation__skips_warm_up_like_a_span)
{
    struct scene scene;
    struct batch *batches;
    tare_counts counts;
    static tare_metric metric = TARE_METRIC("warming", .unit = "ms", .warmup = 3);
    scene_begin(&scene);
    tracker = scene_tracker(&scene);
    tare_span_end(tare_span_begin(tracker, &metric));
    for (int i = 0; i < 5; i++) {
        assert_int_equal(tare_operation_start(tracker, "warming"), TARE_OK);
        assert_int_equal(tare_operation_stop(tracker, "warming"), TARE_OK);
    }
    tare_tracker_count(tracker, &counts);
    assert_int_equal(counts.warmup, 3);
    assert_int_equal(tare_tracker_close(tracker, NULL), TARE_OK);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    assert_int_equal(scene_part(&batches[0], "warming")->n, 3);
    scene_batches_free(batches, 1);
    scene_end(&scene);
}
