/* The shortest way in: operations by name, numbers by name, one snapshot.
 *
 *   cc names.c $(pkg-config --cflags --libs tare) -o names && ./names && tare status */
#include <tare/tare.h>

#include <stdio.h>
#include <time.h>

static void work_for_ms(long ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

int main(void)
{
    tare_tracker *tracker = tare_tracker_default();

    tare_operation_start(tracker, "app_startup");
    work_for_ms(20);
    tare_operation_stop(tracker, "app_startup");
    tare_startup_complete(tracker); /* APP-001, since the process began */

    for (int i = 0; i < 5; i++) {
        tare_operation_start(tracker, "VAL-001"); /* of the catalogue: validation time */
        work_for_ms(3);
        if (i == 4)
            tare_operation_fail(tracker, "VAL-001"); /* counted, its time is not */
        else
            tare_operation_stop(tracker, "VAL-001");
    }
    tare_metric_record(tracker, "prompt_token_count", 4123); /* an id of our own */
    tare_metric_record_in(tracker, "export_size", 1500, "kB");
    tare_count_add(tracker, "SVC-001", 1);

    struct tare_error error;
    if (tare_snapshot_hand_over(tracker, &error) != TARE_OK)
        fprintf(stderr, "names: %s\n", error.message);
    return 0; /* the rest is handed over at exit */
}
