/* The summary and the verdict that a program has of itself, from a card. */
#include "base/file.h"
#include "model/card.h"
#include "record/scene.h"
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>

/* A card that says: `mine` has stood at 10 ms for 20 sessions, and was 11 ms in the last one. */
static void card_leave(const struct scene *scene)
{
    struct card card;
    char path[INBOX_PATH_SIZE];
    card_init(&card);
    struct card_entry *entry = card_entry_add(&card);
    assert_int_equal(metric_name(&entry->metric, "mine", "My work", "ms", NULL), TARE_OK);
    entry->app = strdup("scene");
    entry->environment = strdup("lab");
    entry->labels = strdup("");
    entry->temperature = TEMPERATURE_WARM;
    entry->baseline = (struct baseline){.state = BASELINE_ACTIVE,
                                        .centre = 10,
                                        .spread = 0.5,
                                        .low = 9.8,
                                        .high = 10.2,
                                        .confidence = 0.9,
                                        .n = 20};
    entry->recent[entry->recent_count++] = 10;
    entry->recent[entry->recent_count++] = 11;
    char *text = card_encode(&card);
    assert_true(inbox_card_path(scene->store, path));
    assert_int_equal(file_write_atomic(path, text, strlen(text), 0600, false, NULL), TARE_OK);
    free(text);
    card_release(&card);
}

static char *status_text(tare_tracker *tracker, enum tare_status *status)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    *status = tare_status_print(tracker, stream, NULL);
    fclose(stream);
    return text;
}

TEST(status__shows_the_session_before_until_there_is_something_new)
{
    struct scene scene;
    enum tare_status status;
    scene_begin(&scene);
    scene.options.environment = "lab";
    card_leave(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    char *text = status_text(tracker, &status);
    assert_int_equal(status, TARE_OK);
    assert_non_null(strstr(text, "My work"));
    assert_non_null(strstr(text, "11 ms"));
    assert_non_null(strstr(text, "baseline 10 ms"));
    free(text);
    tare_metric_record(tracker, "mine", 25);
    text = status_text(tracker, &status);
    assert_non_null(strstr(text, "25 ms"));
    assert_null(strstr(text, "11 ms"));
    free(text);
    tare_tracker_reset(tracker);
    tare_tracker_close(tracker, NULL);
    scene_end(&scene);
}

TEST(status__without_card_and_samples_says_what_to_do)
{
    struct scene scene;
    struct tare_error error = {0};
    scene_begin(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    assert_int_equal(tare_status_print(tracker, stderr, &error), TARE_E_NOT_FOUND);
    assert_non_null(strstr(error.message, "tare ingest"));
    tare_tracker_close(tracker, NULL);
    scene_end(&scene);
}

TEST(status__judges_a_snapshot_by_baseline_and_target)
{
    struct scene scene;
    tare_judgement judgement;
    scene_begin(&scene);
    scene.options.environment = "lab";
    card_leave(&scene);
    tare_tracker *tracker = scene_tracker(&scene);
    tare_metric_record(tracker, "mine", 10.1);
    assert_int_equal(tare_snapshot_judge(tracker, &judgement, NULL), TARE_OK);
    assert_int_equal(judgement.severity, TARE_SEVERITY_OK);
    assert_true(judgement.judged >= 1);
    assert_string_equal(judgement.metric_id, "");
    tare_metric_record(tracker, "mine", 25);
    assert_int_equal(tare_snapshot_judge(tracker, &judgement, NULL), TARE_OK);
    assert_int_equal(judgement.severity, TARE_SEVERITY_CRITICAL);
    assert_string_equal(judgement.metric_id, "mine");
    assert_non_null(strstr(judgement.reason, "25 ms"));
    assert_int_equal(tare_snapshot_judge(tracker, NULL, NULL), TARE_OK);
    assert_int_equal(tare_snapshot_judge(NULL, NULL, NULL), TARE_OK);
    tare_tracker_close(tracker, NULL);
    struct batch *batches;
    size_t count = scene_batches(&scene, &batches);
    assert_int_equal(count, 4);
    scene_batches_free(batches, count);
    scene_end(&scene);
}
