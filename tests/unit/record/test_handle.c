/* What a metric's handle remembers between calls, and what it must not mistake. */
#include "record/scene.h"
#include "suite.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static struct batch close_and_read(const struct scene *scene, tare_tracker *tracker)
{
    struct batch *batches;
    assert_int_equal(tare_tracker_close(tracker, NULL), TARE_OK);
    assert_int_equal(scene_batches(scene, &batches), 1);
    struct batch batch = batches[0];
    free(batches);
    return batch;
}

TEST(handle__spans_and_values_stay_apart)
{
    struct scene scene;
    static tare_metric metric = TARE_METRIC("both", .unit = "s");
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(tare_sample_record(tracker, &metric, 0.01), TARE_OK);
        tare_span span = tare_span_begin(tracker, &metric);
        usleep(1000);
        tare_span_end(span);
    }
    struct batch batch = close_and_read(&scene, tracker);
    uint64_t values = 0, spans = 0;
    for (size_t i = 0; i < batch.part_count; i++) {
        const struct batch_part *part = &batch.parts[i];
        for (size_t k = 0; strcmp(part->metric.id, "both") == 0 && k < part->sample_count; k++) {
            double ms = part->samples[k].value;
            assert_true(ms >= 1 && ms < 60000);
            values += ms == 10;
            spans += ms != 10;
        }
    }
    assert_int_equal(values, 5);
    assert_int_equal(spans, 5);
    batch_release(&batch);
    scene_end(&scene);
}

TEST(handle__without_a_unit_takes_the_one_its_metric_came_with)
{
    struct scene scene;
    static tare_metric metric = TARE_METRIC("size");
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    assert_int_equal(tare_metric_record_in(tracker, "size", 1500, "kB"), TARE_OK);
    for (int i = 0; i < 3; i++)
        assert_int_equal(tare_sample_record(tracker, &metric, 1500), TARE_OK);
    struct batch batch = close_and_read(&scene, tracker);
    const struct batch_part *part = scene_part(&batch, "size");
    assert_int_equal(part->n, 4);
    assert_close(part->min, 1.5, 1e-12);
    assert_close(part->max, 1.5, 1e-12);
    batch_release(&batch);
    scene_end(&scene);
}

#define SHARED_ROUNDS 200000

static tare_metric first = TARE_METRIC("first", .unit = "count");
static tare_metric second = TARE_METRIC("second", .unit = "count");

static void *pairs_record(void *tracker)
{
    for (int i = 0; i < SHARED_ROUNDS; i++) {
        tare_sample_record(tracker, &first, 1);
        tare_sample_record(tracker, &second, 2);
    }
    return NULL;
}

/* The trackers met the two in different order, so each has them at other places. */
TEST(handle__two_trackers_share_it_in_two_threads)
{
    struct scene scene;
    struct batch *batches;
    pthread_t threads[2];
    scene_begin(&scene);
    tare_tracker *const trackers[] = {scene_tracker(&scene), scene_tracker(&scene)};
    tare_sample_record(trackers[0], &first, 1);
    tare_sample_record(trackers[1], &second, 2);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, pairs_record, trackers[i]), 0);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < 2; i++)
        assert_int_equal(tare_tracker_close(trackers[i], NULL), TARE_OK);
    size_t count = scene_batches(&scene, &batches);
    assert_int_equal(count, 2);
    for (int i = 0; i < 2; i++) {
        const struct batch_part *ones = scene_part(&batches[i], "first");
        const struct batch_part *twos = scene_part(&batches[i], "second");
        uint64_t more = ones->n > SHARED_ROUNDS;
        assert_int_equal(ones->n, SHARED_ROUNDS + more);
        assert_int_equal(twos->n, SHARED_ROUNDS + 1 - more);
        assert_close(ones->max, 1, 0);
        assert_close(twos->min, 2, 0);
    }
    scene_batches_free(batches, count);
    scene_end(&scene);
}

/* As when main() has a scope of its own and closes the tracker before it returns. */
TEST(handle__a_span_may_end_after_the_default_tracker)
{
    struct scene scene;
    static tare_metric whole = TARE_METRIC("whole");
    scene_begin(&scene);
    setenv("TARE_STORE", scene.store, 1);
    tare_tracker *tracker = tare_tracker_default();
    tare_span span = tare_span_begin(tracker, &whole);
    tare_metric_record(tracker, "x", 1);
    struct batch batch = close_and_read(&scene, tracker);
    tare_span_end(span);
    assert_int_equal(scene_part(&batch, "x")->n, 1);
    unsetenv("TARE_STORE");
    batch_release(&batch);
    scene_end(&scene);
}

/* One metric that is none takes no other with it. */
TEST(handle__with_words_that_are_none_is_refused)
{
    struct scene scene;
    tare_counts counts;
    static tare_metric better = TARE_METRIC("better", .better = (enum tare_better)7);
    static tare_metric aggregate = TARE_METRIC("aggregate", .aggregate = (enum tare_aggregate)99);
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    tare_metric_record(tracker, "good", 1);
    assert_int_equal(tare_sample_record(tracker, &better, 1), TARE_E_USAGE);
    assert_int_equal(tare_sample_record(tracker, &aggregate, 1), TARE_E_USAGE);
    tare_tracker_count(tracker, &counts);
    assert_int_equal(counts.refused, 2);
    struct batch batch = close_and_read(&scene, tracker);
    assert_int_equal(scene_part(&batch, "good")->n, 1);
    batch_release(&batch);
    scene_end(&scene);
}
