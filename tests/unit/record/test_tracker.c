#include "record/scene.h"
#include "stats/histogram.h"
#include "suite.h"

#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

static struct batch close_and_read(const struct scene *scene, tare_tracker *tracker)
{
    struct batch *batches;
    struct tare_error error = {0};
    if (tare_tracker_close(tracker, &error) != TARE_OK)
        fail_msg("%s", error.message);
    assert_int_equal(scene_batches(scene, &batches), 1);
    struct batch batch = batches[0];
    free(batches);
    return batch;
}

TEST(tracker__hands_over_what_was_recorded)
{
    struct scene scene;
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    assert_int_equal(scene_files(&scene, ".session"), 0);
    for (int i = 1; i <= 10; i++)
        assert_int_equal(tare_metric_record(tracker, "API-002", i), TARE_OK);
    assert_int_equal(scene_files(&scene, ".session"), 1);
    struct batch batch = close_and_read(&scene, tracker);
    const struct batch_part *part = scene_part(&batch, "API-002");
    assert_non_null(part);
    assert_int_equal(part->n, 10);
    assert_int_equal(part->sample_count, 10);
    assert_close(part->sum, 55, 0);
    assert_close(part->min, 1, 0);
    assert_close(part->max, 10, 0);
    assert_string_equal(part->metric.unit, "tokens");
    assert_close(part->metric.target, 3000, 0);
    assert_int_equal(batch.session.outcome, OUTCOME_OK);
    assert_string_equal(batch.session.app, "scene");
    assert_true(batch.session.ended_ns >= batch.session.started_ns);
    assert_non_null(scene_part(&batch, "APP-001"));
    assert_non_null(scene_part(&batch, "MEM-001"));
    batch_release(&batch);
    scene_end(&scene);
}

TEST(tracker__condenses_without_losing_a_count)
{
    struct scene scene;
    static tare_metric metric = TARE_METRIC("custom", .unit = "count");
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    const int count = 100000;
    double sum = 0;
    for (int i = 0; i < count; i++) {
        double value = exp(i % 1000 / 200.0);
        sum += value;
        assert_int_equal(tare_sample_record(tracker, &metric, value), TARE_OK);
    }
    struct batch batch = close_and_read(&scene, tracker);
    const struct batch_part *part = scene_part(&batch, "custom");
    assert_int_equal(part->n, count);
    assert_int_equal(scene_accounted(part), count);
    assert_true(part->sample_count >= 64);
    assert_close(part->sum, sum, 1e-9);
    assert_close(part->min, 1, 0);
    assert_close(part->max, exp(999 / 200.0), 0);
    assert_int_equal(batch.session.condensed, count - (int)part->sample_count);
    double from_buckets = 0;
    for (size_t i = 0; i < part->sample_count; i++)
        from_buckets += part->samples[i].value;
    for (size_t i = 0; i < part->bucket_count; i++)
        from_buckets += histogram_middle(part->buckets[i].index) * (double)part->buckets[i].count;
    assert_close(from_buckets / sum, 1, 0.01);
    batch_release(&batch);
    scene_end(&scene);
}

TEST(tracker__times_spans_in_ms_and_counts_failures)
{
    struct scene scene;
    static tare_metric metric = TARE_METRIC("VAL-001");
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    for (int i = 0; i < 4; i++) {
        tare_span span = tare_span_begin(tracker, &metric);
        usleep(20000);
        if (i == 3)
            tare_span_fail(span);
        else
            tare_span_end(span);
    }
    struct batch batch = close_and_read(&scene, tracker);
    const struct batch_part *part = scene_part(&batch, "VAL-001");
    assert_int_equal(part->n, 3);
    assert_int_equal(part->failed, 1);
    assert_true(part->min >= 20 && part->max < 200);
    assert_close(scene_part(&batch, "ERR-001")->max, 25, 0);
    batch_release(&batch);
    scene_end(&scene);
}

TEST(tracker__refuses_and_counts_what_is_no_sample)
{
    struct scene scene;
    tare_counts counts;
    tare_metric wrong_unit = TARE_METRIC("MEM-001", .unit = "ms");
    tare_metric not_a_time = TARE_METRIC("SVC-001");
    char long_id[202];
    memset(long_id, 'x', sizeof long_id);
    long_id[sizeof long_id - 1] = '\0';
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    assert_int_equal(tare_metric_record(tracker, "x", NAN), TARE_E_USAGE);
    assert_int_equal(tare_metric_record(tracker, "x", INFINITY), TARE_E_USAGE);
    assert_int_equal(tare_metric_record(tracker, "", 1), TARE_E_USAGE);
    assert_int_equal(tare_metric_record(tracker, NULL, 1), TARE_E_USAGE);
    assert_int_equal(tare_metric_record(tracker, long_id, 1), TARE_E_USAGE);
    assert_int_equal(tare_metric_record(tracker, "caf\xe9", 1), TARE_E_USAGE);
    assert_int_equal(tare_metric_record_in(tracker, "x", 1, "\xb5s"), TARE_E_USAGE);
    assert_int_equal(tare_metric_record_in(tracker, "MEM-001", 1, "ms"), TARE_E_USAGE);
    assert_int_equal(tare_sample_record(tracker, &wrong_unit, 1), TARE_E_USAGE);
    tare_span_end(tare_span_begin(tracker, &not_a_time));
    tare_tracker_count(tracker, &counts);
    assert_int_equal(counts.refused, 10);
    assert_int_equal(counts.recorded, 0);
    tare_tracker_close(tracker, NULL);
    struct batch *batches;
    size_t count = scene_batches(&scene, &batches);
    scene_batches_free(batches, count);
    scene_end(&scene);
}

TEST(tracker__keeps_long_ids_and_cuts_names_between_characters)
{
    struct scene scene;
    char id[201], name[300] = "a", cut[120] = "a";
    memset(id, 'x', sizeof id - 1);
    id[sizeof id - 1] = '\0';
    for (size_t i = 1; i + 3 < sizeof name; i += 3)
        memcpy(name + i, "€", 4);
    memcpy(cut, name, 1 + 39 * 3);
    tare_metric metric = {.id = id, .name = name, .unit = "count"};
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    assert_int_equal(tare_sample_record(tracker, &metric, 1), TARE_OK);
    struct batch batch = close_and_read(&scene, tracker);
    const struct batch_part *part = scene_part(&batch, id);
    assert_non_null(part);
    assert_string_equal(part->metric.name, cut);
    assert_string_equal(part->metric.unit, "count");
    batch_release(&batch);
    scene_end(&scene);
}

/* Metrics whose words find no room count into `other`, as those do for which there is no place. */
TEST(tracker__keeps_words_as_long_as_there_is_room)
{
    struct scene scene;
    char id[160];
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    for (int i = 0; i < 70; i++) {
        snprintf(id, sizeof id, "%0150d", i);
        assert_int_equal(tare_metric_record(tracker, id, 1), TARE_OK);
    }
    struct batch batch = close_and_read(&scene, tracker);
    uint64_t kept = 0;
    for (int i = 0; i < 70; i++) {
        snprintf(id, sizeof id, "%0150d", i);
        const struct batch_part *part = scene_part(&batch, id);
        kept += part != NULL ? part->n : 0;
    }
    assert_true(kept > 40);
    assert_true(kept < 70);
    assert_int_equal(scene_part(&batch, "other")->n, 70 - kept);
    assert_non_null(scene_part(&batch, "MEM-001")); /* those of the system have their places */
    batch_release(&batch);
    scene_end(&scene);
}

TEST(tracker__converts_units_into_the_metrics)
{
    struct scene scene;
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    tare_metric seconds = TARE_METRIC("VAL-002", .unit = "s", .target = 2);
    tare_metric_record_in(tracker, "MEM-001", 2500, "kB");
    tare_sample_record(tracker, &seconds, 1.5);
    tare_sample_record(tracker, &seconds, 2.5);
    tare_metric_record(tracker, "VAL-002", 3.5);
    struct batch batch = close_and_read(&scene, tracker);
    assert_close(scene_part(&batch, "MEM-001")->samples[0].value, 2.5, 1e-12);
    const struct batch_part *part = scene_part(&batch, "VAL-002");
    assert_close(part->sum, 7500, 1e-12);
    assert_string_equal(part->metric.unit, "ms");
    assert_close(part->metric.target, 2000, 1e-12);
    assert_true(part->metric_described);
    batch_release(&batch);
    scene_end(&scene);
}

TEST(tracker__matches_operations_by_name)
{
    struct scene scene;
    tare_counts counts;
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    assert_int_equal(tare_operation_stop(tracker, "op"), TARE_E_USAGE);
    assert_int_equal(tare_operation_start(tracker, "op"), TARE_OK);
    assert_int_equal(tare_operation_start(tracker, "op"), TARE_E_USAGE);
    assert_int_equal(tare_operation_start(tracker, "inner"), TARE_OK);
    assert_int_equal(tare_operation_fail(tracker, "inner"), TARE_OK);
    assert_int_equal(tare_operation_stop(tracker, "op"), TARE_OK);
    assert_int_equal(tare_operation_stop(tracker, "op"), TARE_E_USAGE);
    tare_tracker_count(tracker, &counts);
    assert_int_equal(counts.unmatched, 3);
    struct batch batch = close_and_read(&scene, tracker);
    assert_int_equal(scene_part(&batch, "op")->n, 1);
    assert_int_equal(scene_part(&batch, "inner")->failed, 1);
    assert_string_equal(scene_part(&batch, "op")->metric.unit, "ms");
    batch_release(&batch);
    scene_end(&scene);
}

struct crowd {
    tare_tracker *tracker;
    tare_metric *metric;
    int count;
    pthread_barrier_t *barrier;
};

static void *record_in_crowd(void *context)
{
    const struct crowd *crowd = context;
    pthread_barrier_wait(crowd->barrier);
    for (int i = 0; i < crowd->count; i++) {
        tare_span_end(tare_span_begin(crowd->tracker, crowd->metric));
        if (i % 100 == 0) {
            tare_operation_start(crowd->tracker, "by name");
            tare_operation_stop(crowd->tracker, "by name");
        }
    }
    pthread_barrier_wait(crowd->barrier);
    return NULL;
}

static void crowd_run(tare_tracker *tracker, int threads, int count)
{
    static tare_metric metric = TARE_METRIC("crowd");
    pthread_t ids[32];
    pthread_barrier_t barrier;
    struct crowd crowd = {tracker, &metric, count, &barrier};
    pthread_barrier_init(&barrier, NULL, (unsigned)threads);
    for (int i = 0; i < threads; i++)
        assert_int_equal(pthread_create(&ids[i], NULL, record_in_crowd, &crowd), 0);
    for (int i = 0; i < threads; i++)
        pthread_join(ids[i], NULL);
    pthread_barrier_destroy(&barrier);
}

/* Where a name lies is not what it says. */
TEST(tracker__tells_names_apart_that_were_built_in_one_place)
{
    struct scene scene;
    struct batch *batches;
    char name[32];
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    for (int i = 0; i < 300; i++) {
        snprintf(name, sizeof name, "step-%d", i % 3);
        assert_int_equal(tare_operation_start(tracker, name), TARE_OK);
        assert_int_equal(tare_operation_stop(tracker, name), TARE_OK);
        snprintf(name, sizeof name, "size-%d", i % 3);
        assert_int_equal(tare_metric_record(tracker, name, i % 3), TARE_OK);
    }
    snprintf(name, sizeof name, "step-0");
    assert_int_equal(tare_metric_record(tracker, name, 1), TARE_OK); /* a value, not a time */
    snprintf(name, sizeof name, "size-0");
    assert_int_equal(tare_metric_record_in(tracker, name, 1, "KiB"), TARE_E_USAGE);
    tare_tracker_close(tracker, NULL);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    for (int i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "step-%d", i);
        assert_int_equal(scene_part(&batches[0], name)->n, i == 0 ? 101 : 100);
        snprintf(name, sizeof name, "size-%d", i);
        assert_int_equal(scene_part(&batches[0], name)->n, 100);
        assert_close(scene_part(&batches[0], name)->max, i, 0);
    }
    scene_batches_free(batches, 1);
    scene_end(&scene);
}

TEST(tracker__counts_every_sample_of_sixteen_threads)
{
    struct scene scene;
    tare_counts counts;
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    crowd_run(tracker, 16, 20000);
    tare_tracker_count(tracker, &counts);
    assert_int_equal(counts.unmatched, 0);
    struct batch batch = close_and_read(&scene, tracker);
    const struct batch_part *part = scene_part(&batch, "crowd");
    assert_int_equal(part->n + counts.dropped + scene_part(&batch, "by name")->n,
                     16 * (20000 + 200));
    assert_int_equal(scene_accounted(part), part->n);
    assert_int_equal(batch.session.dropped, counts.dropped);
    batch_release(&batch);
    scene_end(&scene);
}

TEST(tracker__gives_rings_of_ended_threads_to_new_ones)
{
    struct scene scene;
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    for (int i = 0; i < 30; i++)
        crowd_run(tracker, 2, 10);
    struct batch batch = close_and_read(&scene, tracker);
    assert_int_equal(scene_part(&batch, "crowd")->n, 600);
    batch_release(&batch);
    scene_end(&scene);
}

TEST(tracker__a_snapshot_goes_on_and_batches_add_up)
{
    struct scene scene;
    struct batch *batches;
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    uint64_t n = 0, condensed = 0;
    double sum = 0;
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 1000; i++)
            tare_metric_record(tracker, "x", round);
        assert_int_equal(tare_snapshot_record(tracker), TARE_OK);
    }
    tare_tracker_close(tracker, NULL);
    size_t count = scene_batches(&scene, &batches);
    assert_int_equal(count, 6);
    for (size_t i = 0; i < count; i++) {
        const struct batch_part *part = scene_part(&batches[i], "x");
        assert_string_equal(batches[i].session.id, batches[0].session.id);
        assert_int_equal(batches[i].session.outcome, i < 5 ? OUTCOME_RUNNING : OUTCOME_OK);
        condensed += batches[i].session.condensed;
        if (part == NULL)
            continue;
        n += part->n;
        sum += part->sum;
        assert_int_equal(scene_accounted(part), part->n);
    }
    assert_int_equal(n, 5000);
    assert_close(sum, 10000, 0);
    assert_int_equal(condensed, 5 * (1000 - 64 - 1000 % 128));
    scene_batches_free(batches, count);
    scene_end(&scene);
}

static double gauge_value(void *context)
{
    return *(const double *)context;
}

TEST(tracker__reads_gauges_at_a_snapshot)
{
    struct scene scene;
    static tare_metric rate = TARE_METRIC("VAL-003");
    double value = 91;
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    assert_int_equal(tare_gauge_register(tracker, &rate, gauge_value, &value), TARE_OK);
    assert_int_equal(tare_snapshot_record(tracker), TARE_OK);
    value = NAN;
    struct batch *batches;
    tare_tracker_close(tracker, NULL);
    size_t count = scene_batches(&scene, &batches);
    assert_int_equal(count, 2);
    assert_close(scene_part(&batches[0], "VAL-003")->max, 91, 0);
    assert_null(scene_part(&batches[1], "VAL-003"));
    scene_batches_free(batches, count);
    scene_end(&scene);
}

TEST(tracker__takes_a_gauge_away_before_its_context_goes)
{
    struct scene scene;
    struct batch *batches;
    static tare_metric gauges[3] = {TARE_METRIC("first"), TARE_METRIC("second"),
                                    TARE_METRIC("third")};
    double value = 91;
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    for (int i = 0; i < 3; i++)
        assert_int_equal(tare_gauge_register(tracker, &gauges[i], gauge_value, &value), TARE_OK);
    assert_int_equal(tare_gauge_register(tracker, &gauges[0], NULL, NULL), TARE_OK);
    assert_int_equal(tare_gauge_register(tracker, &gauges[0], NULL, NULL), TARE_E_NOT_FOUND);
    assert_int_equal(tare_tracker_close(tracker, NULL), TARE_OK);
    assert_int_equal(scene_batches(&scene, &batches), 0);
    tracker = scene_tracker(&scene);
    for (int i = 0; i < 3; i++)
        tare_gauge_register(tracker, &gauges[i], gauge_value, &value);
    tare_gauge_register(tracker, &gauges[0], NULL, NULL);
    tare_snapshot_record(tracker);
    assert_int_equal(tare_tracker_close(tracker, NULL), TARE_OK);
    size_t count = scene_batches(&scene, &batches);
    assert_int_equal(count, 2);
    assert_null(scene_part(&batches[0], "first"));
    assert_close(scene_part(&batches[0], "second")->sum, 91, 0);
    assert_close(scene_part(&batches[0], "third")->sum, 91, 0);
    scene_batches_free(batches, count);
    scene_end(&scene);
}

TEST(tracker__a_full_registry_counts_into_other)
{
    struct scene scene;
    tare_counts counts;
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    for (int i = 0; i < 200; i++) {
        char id[32];
        snprintf(id, sizeof id, "metric %d", i);
        assert_int_equal(tare_metric_record(tracker, id, 1), TARE_OK);
    }
    tare_operation_start(tracker, "one more");
    assert_int_equal(tare_operation_stop(tracker, "one more"), TARE_OK);
    tare_tracker_count(tracker, &counts);
    struct batch batch = close_and_read(&scene, tracker);
    uint64_t n = 0;
    for (size_t i = 0; i < batch.part_count; i++)
        if (strncmp(batch.parts[i].metric.id, "metric ", 7) == 0)
            n += batch.parts[i].n;
    assert_int_equal(counts.other, 200 - n + 1);
    assert_int_equal(scene_part(&batch, "other")->n, counts.other);
    assert_non_null(scene_part(&batch, "APP-001")); /* those of the system have their places */
    assert_non_null(scene_part(&batch, "THR-001"));
    assert_true(n >= 70);
    batch_release(&batch);
    scene_end(&scene);
}

TEST(tracker__many_metrics_in_many_threads_exhaust_the_pool_and_lose_nothing)
{
    struct scene scene;
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    const int metrics = 60, rounds = 2000;
    for (int i = 0; i < rounds; i++)
        for (int m = 0; m < metrics; m++) {
            char id[32];
            snprintf(id, sizeof id, "m%d", m);
            tare_metric_record(tracker, id, pow(10, i % 20) * (m + 1));
        }
    struct batch batch = close_and_read(&scene, tracker);
    for (int m = 0; m < metrics; m++) {
        char id[32];
        snprintf(id, sizeof id, "m%d", m);
        const struct batch_part *part = scene_part(&batch, id);
        assert_int_equal(part->n, rounds);
        assert_int_equal(scene_accounted(part), rounds);
        assert_close(part->max, 1e19 * (m + 1), 1e-12);
    }
    batch_release(&batch);
    scene_end(&scene);
}

TEST(tracker__skips_warm_up)
{
    struct scene scene;
    static tare_metric metric = TARE_METRIC("warm", .unit = "count", .warmup = 3);
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    for (int i = 0; i < 10; i++)
        tare_sample_record(tracker, &metric, i);
    struct batch batch = close_and_read(&scene, tracker);
    assert_int_equal(scene_part(&batch, "warm")->n, 7);
    assert_close(scene_part(&batch, "warm")->min, 3, 0);
    batch_release(&batch);
    scene_end(&scene);
}

TEST(tracker__reset_and_memory_leave_nothing)
{
    struct scene scene;
    tare_counts counts;
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    tare_metric_record(tracker, "x", 1);
    tare_tracker_reset(tracker);
    assert_int_equal(scene_files(&scene, ".session"), 0);
    tare_tracker_count(tracker, &counts);
    assert_int_equal(counts.recorded, 0);
    tare_metric_record(tracker, "x", 2);
    struct batch batch = close_and_read(&scene, tracker);
    assert_close(scene_part(&batch, "x")->sum, 2, 0);
    batch_release(&batch);
    scene.options.store = ":memory:";
    tracker = scene_tracker(&scene);
    tare_metric_record(tracker, "x", 1);
    tare_tracker_count(tracker, &counts);
    assert_int_equal(counts.recorded, 1);
    assert_int_equal(tare_snapshot_record(tracker), TARE_OK);
    assert_int_equal(scene_files(&scene, ".session"), 0);
    tare_tracker_close(tracker, NULL);
    struct batch *batches;
    assert_int_equal(scene_batches(&scene, &batches), 0);
    scene_end(&scene);
}

TEST(tracker__null_and_disabled_do_nothing)
{
    struct scene scene;
    static tare_metric metric = TARE_METRIC("x");
    scene_begin(&scene);
    setenv("TARE_DISABLE", "1", 1);
    tare_tracker *off = scene_tracker(&scene);
    tare_tracker *trackers[] = {NULL, off};
    for (int i = 0; i < 2; i++) {
        tare_span_end(tare_span_begin(trackers[i], &metric));
        assert_int_equal(tare_metric_record(trackers[i], "x", NAN), TARE_OK);
        assert_int_equal(tare_operation_stop(trackers[i], "x"), TARE_OK);
        assert_int_equal(tare_snapshot_record(trackers[i]), TARE_OK);
        tare_startup_complete(trackers[i]);
        assert_int_equal(tare_tracker_close(trackers[i], NULL), TARE_OK);
    }
    unsetenv("TARE_DISABLE");
    assert_int_equal(scene_files(&scene, ""), 0);
    scene_end(&scene);
}

TEST(tracker__settings_that_do_not_fit_say_so)
{
    struct scene scene;
    struct tare_error error = {0};
    tare_tracker *tracker = NULL;
    char text[3000];
    memset(text, 'v', sizeof text);
    text[sizeof text - 1] = '\0';
    scene_begin(&scene);
    scene.options.version = text;
    assert_int_equal(tare_tracker_open(&scene.options, &tracker, &error), TARE_E_USAGE);
    assert_null(tracker);
    assert_non_null(strstr(error.message, "longer than"));
    scene.options.version = NULL;
    setenv("TARE_WINDOW", "soon", 1);
    assert_int_equal(tare_tracker_open(&scene.options, &tracker, &error), TARE_E_USAGE);
    unsetenv("TARE_WINDOW");
    scene_end(&scene);
}

static enum session_temperature temperature_of_next(struct scene *scene)
{
    tare_tracker *tracker = scene_tracker(scene);
    tare_metric_record(tracker, "x", 1);
    struct batch batch = close_and_read(scene, tracker);
    enum session_temperature temperature = batch.session.temperature;
    batch_release(&batch);
    return temperature;
}

TEST(tracker__the_first_session_of_an_app_is_cold)
{
    struct scene scene;
    scene_begin(&scene);
    unsetenv("TARE_TEMPERATURE");
    assert_int_equal(temperature_of_next(&scene), TEMPERATURE_COLD);
    assert_int_equal(temperature_of_next(&scene), TEMPERATURE_WARM);
    scene.options.app = "another";
    assert_int_equal(temperature_of_next(&scene), TEMPERATURE_COLD);
    assert_int_equal(temperature_of_next(&scene), TEMPERATURE_WARM);
    scene.options.temperature = TARE_TEMPERATURE_COLD;
    assert_int_equal(temperature_of_next(&scene), TEMPERATURE_COLD);
    scene_end(&scene);
}

/* Where the first session makes the folder, on a tmpfs, which ends with the boot. */
TEST(tracker__the_second_session_in_a_new_folder_is_warm)
{
    struct scene scene;
    char folder[] = "/dev/shm/tare-scene-XXXXXX", command[64];
    if (mkdtemp(folder) == NULL)
        skip();
    scene_begin(&scene);
    unsetenv("TARE_TEMPERATURE");
    setenv("TARE_RUNTIME_DIR", folder, 1);
    assert_int_equal(temperature_of_next(&scene), TEMPERATURE_COLD);
    assert_int_equal(temperature_of_next(&scene), TEMPERATURE_WARM);
    setenv("TARE_RUNTIME_DIR", scene.folder, 1);
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(pclose(popen(command, "r")), 0);
    scene_end(&scene);
}

TEST(tracker__knows_when_the_start_was_complete)
{
    struct scene scene;
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    tare_startup_complete(tracker);
    usleep(30000);
    tare_startup_complete(tracker);
    struct batch batch = close_and_read(&scene, tracker);
    const struct batch_part *start = scene_part(&batch, "APP-001");
    assert_int_equal(start->n, 1);
    assert_true(start->max > 0);
    assert_true((double)(batch.session.ended_ns - batch.session.started_ns) / 1e6 >=
                start->max + 25);
    assert_true(scene_part(&batch, "CPU-001")->max > 0);
    assert_true(scene_part(&batch, "THR-001")->max >= 1);
    assert_true(scene_part(&batch, "FDS-001")->max >= 3);
    assert_true(scene_part(&batch, "MEM-001")->max > 0.5);
    batch_release(&batch);
    scene_end(&scene);
}

TEST(tracker__a_program_that_never_said_so_had_started_with_its_first_sample)
{
    for (int snapshot = 0; snapshot <= 1; snapshot++) {
        struct scene scene;
        struct batch *batches;
        scene_begin(&scene);
        tare_tracker *tracker = scene_tracker(&scene);
        assert_int_equal(tare_metric_record(tracker, "x", 1), TARE_OK);
        usleep(60000);
        if (snapshot)
            assert_int_equal(tare_snapshot_record(tracker), TARE_OK);
        tare_tracker_close(tracker, NULL);
        size_t count = scene_batches(&scene, &batches);
        const struct batch_part *start = scene_part(&batches[0], "APP-001");
        double ended_ms = (double)(batches[0].session.ended_ns - batches[0].session.started_ns) /
                          1e6;
        assert_int_equal(start->n, 1);
        assert_true(start->max > 0);
        if (snapshot)
            assert_true(start->max > 60);
        else
            assert_true(start->max <= ended_ms - 60);
        assert_true(scene_part(&batches[0], "CPU-001")->max > 0);
        scene_batches_free(batches, count);
        scene_end(&scene);
    }
}

/* Bytes as the program asked for them: they were never on a disk. And files as they are open. */
/* Without /proc below 256, by it above. */
TEST(tracker__counts_open_files_wherever_they_are)
{
    static const int places[] = {-1, 63, 64, 65, 200, 255, 256, 300, 1000};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct scene scene;
        struct batch *batches;
        scene_begin(&scene);
        pid_t child = fork();
        if (child == 0) {
            closefrom(3);
            int quiet = eventfd(0, EFD_CLOEXEC); /* nothing to read there */
            if (places[i] >= 0)
                dup2(quiet, places[i]);
            close(quiet);
            tare_tracker *tracker = scene_tracker(&scene);
            tare_metric_record(tracker, "x", 1);
            _exit(tare_tracker_close(tracker, NULL) == TARE_OK ? 0 : 1);
        }
        int status = 1;
        waitpid(child, &status, 0);
        assert_int_equal(status, 0);
        assert_int_equal(scene_batches(&scene, &batches), 1);
        assert_close(scene_part(&batches[0], "FDS-001")->max, places[i] < 0 ? 3 : 4, 0);
        scene_batches_free(batches, 1);
        scene_end(&scene);
    }
}

TEST(tracker__counts_bytes_and_files_of_the_process)
{
    struct scene scene;
    struct batch *batches;
    scene_begin(&scene);
    pid_t child = fork();
    if (child == 0) {
        static char bytes[3000000];
        int pipe_ends[2], null = open("/dev/null", O_WRONLY), zero = open("/dev/zero", O_RDONLY);
        tare_tracker *tracker = scene_tracker(&scene);
        tare_metric_record(tracker, "x", 1);
        bool done = write(null, bytes, sizeof bytes) == sizeof bytes &&
                    read(zero, bytes, 2000000) == 2000000 && pipe(pipe_ends) == 0;
        DIR *open_files = opendir("/proc/self/fd");
        for (struct dirent *entry; (entry = readdir(open_files)) != NULL;)
            if (entry->d_name[0] != '.')
                tare_count_add(tracker, "open files", 1);
        closedir(open_files);
        _exit(done && tare_tracker_close(tracker, NULL) == TARE_OK ? 0 : 1);
    }
    int status;
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    assert_int_equal(scene_batches(&scene, &batches), 1);
    const struct batch_part *bytes = scene_part(&batches[0], "IOB-001");
    assert_true(bytes->max >= 5 && bytes->max < 5.2);
    const struct batch_part *counted = scene_part(&batches[0], "open files");
    assert_close(scene_part(&batches[0], "FDS-001")->max, counted->sum - 1, 0);
    scene_batches_free(batches, 1);
    scene_end(&scene);
}
