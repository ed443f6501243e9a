#include "model/batch_join.h"
#include "record/scene.h"
#include "suite.h"

#include <string.h>

static size_t snapshots_take(struct scene *scene, struct batch **batches)
{
    scene_begin(scene);
    tare_tracker *tracker = scene_tracker(scene);
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 300; i++)
            tare_metric_record(tracker, "x", round);
        if (round == 3)
            tare_count_add(tracker, "late", 1);
        tare_operation_start(tracker, "op");
        tare_operation_fail(tracker, "op");
        assert_int_equal(tare_snapshot_record(tracker), TARE_OK);
    }
    tare_tracker_close(tracker, NULL);
    return scene_batches(scene, batches);
}

TEST(batch_join__hand_overs_of_one_session_become_one)
{
    struct scene scene;
    struct batch *batches;
    size_t count = snapshots_take(&scene, &batches);
    assert_int_equal(count, 6);
    uint64_t buckets = 0, exact = 0;
    for (size_t i = 0; i < count; i++) {
        const struct batch_part *part = scene_part(&batches[i], "x");
        exact += part != NULL ? part->sample_count : 0;
        batches[i].session.dropped = i; /* since the one before */
    }
    for (size_t i = 1; i < count; i++) {
        assert_true(batch_joins(&batches[i - 1], &batches[i]));
        assert_int_equal(batch_join(&batches[0], &batches[i], NULL), TARE_OK);
    }
    const struct batch *whole = &batches[0];
    const struct batch_part *part = scene_part(whole, "x");
    assert_true(batch_sound(whole));
    assert_int_equal(whole->session.outcome, OUTCOME_OK);
    assert_int_equal(whole->session.dropped, 1 + 2 + 3 + 4 + 5);
    assert_int_equal(part->n, 1500);
    assert_close(part->sum, 3000, 0);
    assert_close(part->min, 0, 0);
    assert_close(part->max, 4, 0);
    assert_int_equal(part->sample_count, exact);
    for (size_t i = 0; i < part->bucket_count; i++)
        buckets += part->buckets[i].count;
    assert_int_equal(buckets + exact, 1500);
    for (size_t i = 1; i < part->sample_count; i++)
        assert_true(part->samples[i - 1].time_ns <= part->samples[i].time_ns);
    assert_true(part->last_ns > part->first_ns);
    assert_int_equal(scene_part(whole, "op")->failed, 5);
    assert_int_equal(scene_part(whole, "late")->n, 1);
    scene_batches_free(batches, count);
    scene_end(&scene);
}

TEST(batch_join__what_another_says_or_brings_stays_apart)
{
    struct scene scene;
    struct batch *batches;
    size_t count = snapshots_take(&scene, &batches);
    struct batch *one = &batches[0], *other = &batches[1];
    char *app = one->session.app, somebody[] = "somebody else";
    one->session.app = somebody;
    assert_false(batch_joins(one, other));
    one->session.app = app;
    one->session.dirty = !one->session.dirty;
    assert_false(batch_joins(one, other));
    one->session.dirty = other->session.dirty;
    one->id[0] ^= 1; /* another process that joined the session */
    assert_false(batch_joins(one, other));
    one->id[0] ^= 1;
    assert_true(batch_joins(one, other));
    size_t parts = one->part_count;
    for (size_t i = 0; i < parts; i++)
        one->parts[i].window_start_ns += strcmp(one->parts[i].metric.id, "x") == 0;
    assert_int_equal(batch_join(one, other, NULL), TARE_OK);
    assert_int_equal(one->part_count, parts + 1); /* another window is another part */
    assert_int_equal(scene_part(one, "x")->n, 300);
    scene_batches_free(batches, count);
    scene_end(&scene);
}
