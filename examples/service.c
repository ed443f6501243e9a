/* A service with threads: spans by handle, a gauge that is read at every snapshot, and a judgement
 * on itself every now and then, from the card that `tare ingest` leaves.
 *
 *   cc service.c $(pkg-config --cflags --libs tare) -pthread -o service && ./service */
#include <tare/tare.h>

#include <pthread.h>
#include <stdio.h>
#include <time.h>

#define WORKERS  4
#define ROUNDS   3
#define REQUESTS 50

static tare_metric request_time = TARE_METRIC("request", .name = "Request", .unit = "ms",
                                              .better = TARE_LOWER, .target = 20, .warmup = 2);
static tare_metric hit_rate = TARE_METRIC("VAL-003"); /* rule cache hit rate, percent */

struct cache {
    unsigned long hits, misses; /* changed by all workers */
};

static double cache_hit_rate(void *context)
{
    const struct cache *cache = context;
    unsigned long hits = __atomic_load_n(&cache->hits, __ATOMIC_RELAXED);
    unsigned long misses = __atomic_load_n(&cache->misses, __ATOMIC_RELAXED);
    return 100.0 * (double)hits / (double)(hits + misses + 1);
}

static void request_serve(struct cache *cache, int number)
{
    TARE_SCOPE(tare_tracker_default(), &request_time); /* ends with the function */
    if (number % 10 == 0)
        __atomic_add_fetch(&cache->misses, 1, __ATOMIC_RELAXED);
    else
        __atomic_add_fetch(&cache->hits, 1, __ATOMIC_RELAXED);
    nanosleep(&(struct timespec){0, 200000}, NULL);
}

static void *worker_run(void *context)
{
    for (int i = 0; i < REQUESTS; i++)
        request_serve(context, i);
    return NULL;
}

static int round_run(struct cache *cache)
{
    pthread_t workers[WORKERS];
    int started = 0;
    while (started < WORKERS && pthread_create(&workers[started], NULL, worker_run, cache) == 0)
        started++;
    for (int i = 0; i < started; i++)
        pthread_join(workers[i], NULL);
    return started == WORKERS;
}

int main(void)
{
    static struct cache cache; /* the gauge is read at exit, too, when main's own is gone */
    tare_tracker *tracker = tare_tracker_default();
    tare_gauge_register(tracker, &hit_rate, cache_hit_rate, &cache);
    tare_startup_complete(tracker);
    for (int round = 0; round < ROUNDS; round++) {
        tare_judgement judgement;
        struct tare_error error;
        if (!round_run(&cache)) {
            tare_session_fail(tracker);
            return 1;
        }
        if (tare_snapshot_judge(tracker, &judgement, &error) != TARE_OK)
            fprintf(stderr, "service: %s\n", error.message);
        if (judgement.severity >= TARE_SEVERITY_ERROR)
            fprintf(stderr, "service: %s: %s\n", judgement.metric_id, judgement.reason);
    }
    return 0;
}
