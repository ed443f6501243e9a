/* Eight threads, each busy with 21 metrics; prints how much memory is this process's alone, in
 * KB. With -DBARE the same without recording. */
#include <pthread.h>
#include <stdio.h>

#define THREADS 8
#define METRICS 21
#define ROUNDS  2000

static pthread_barrier_t barrier;

#ifndef BARE
#include "tare/tare.h"

static void work(void)
{
    tare_tracker *tracker = tare_tracker_default();
    char names[METRICS][16];
    for (int m = 0; m < METRICS; m++)
        snprintf(names[m], sizeof names[m], "metric-%d", m);
    for (int i = 0; i < ROUNDS; i++)
        for (int m = 0; m < METRICS; m++)
            tare_metric_record(tracker, names[m], (i % 50 + 1) * (m + 1));
}
#else
static void work(void)
{
    char names[METRICS][16];
    for (int m = 0; m < METRICS; m++)
        snprintf(names[m], sizeof names[m], "metric-%d", m);
    __asm__ volatile("" : : "r"(names) : "memory");
}
#endif

static void *run(void *unused)
{
    work();
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    return unused;
}

/* Of the mappings that may be written to: code is shared, and dropped when memory is short. */
static long private_kb(void)
{
    char line[512], permissions[8];
    long sum = 0, kb;
    int writable = 0;
    FILE *file = fopen("/proc/self/smaps", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "%*x-%*x %7s", permissions) == 1)
            writable = permissions[1] == 'w';
        if (sscanf(line, "Private_Clean: %ld", &kb) == 1 ||
            sscanf(line, "Private_Dirty: %ld", &kb) == 1)
            sum += writable ? kb : 0;
    }
    if (file != NULL)
        fclose(file);
    return sum;
}

int main(void)
{
    pthread_t threads[THREADS];
    pthread_barrier_init(&barrier, NULL, THREADS + 1);
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, run, NULL) != 0)
            return 3;
    pthread_barrier_wait(&barrier);
    printf("%ld\n", private_kb());
    pthread_barrier_wait(&barrier);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    return 0;
}
