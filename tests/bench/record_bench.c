/* What recording costs, as ratios to a control in the same run (DESIGN.md section 15). The rounds
 * of all measurements take turns, so that what else the machine does falls on all of them alike; a
 * figure is the lower tenth of its rounds, of those that were disturbed least. */
#include "tare/tare.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS       600
#define PAIRS        100    /* fewer than a ring holds */
#define FULL         2560   /* many times what a ring holds */
#define FULL_BEFORE  2560   /* until a metric has its histogram */
#define CROWD        80000  /* two milliseconds, within one turn of the scheduler */
#define CROWD_LOCKED 400000 /* long enough that two threads meet */
#define CROWDS       31
#define CROWD_TRIES  400

static tare_metric metric = TARE_METRIC("VAL-001");
static tare_tracker *tracker, *disabled, *own[2];

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static uint64_t counter(void)
{
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();
#else
    return (uint64_t)now_ns();
#endif
}

static volatile uint64_t sink;

static void two_clock_reads(int count)
{
    struct timespec a, b;
    for (int i = 0; i < count; i++) {
        clock_gettime(CLOCK_MONOTONIC, &a);
        clock_gettime(CLOCK_MONOTONIC, &b);
    }
    sink = (uint64_t)(a.tv_nsec + b.tv_nsec);
}

static void two_counter_reads(int count)
{
    uint64_t sum = 0;
    for (int i = 0; i < count; i++) {
        uint64_t start = counter();
        sum += counter() - start;
    }
    sink = sum;
}

static void span_pairs(int count)
{
    for (int i = 0; i < count; i++)
        tare_span_end(tare_span_begin(tracker, &metric));
}

static void named_pairs(int count)
{
    for (int i = 0; i < count; i++) {
        tare_operation_start(tracker, "app_startup");
        tare_operation_stop(tracker, "app_startup");
    }
}

static void disabled_pairs(int count)
{
    for (int i = 0; i < count; i++) {
        tare_span_end(tare_span_begin(disabled, &metric));
        __asm__ volatile("" ::: "memory");
    }
}

static int order(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double rank(double *values, size_t count, size_t at)
{
    qsort(values, count, sizeof *values, order);
    return values[at];
}

static double least(double *values, size_t count)
{
    return rank(values, count, count / 10);
}

static double median(double *values, size_t count)
{
    return rank(values, count, count / 2);
}

/* Nanoseconds an iteration of `work`. */
static double timed(void (*work)(int), int count)
{
    double start = now_ns();
    work(count);
    return (now_ns() - start) / count;
}

static void say(const char *what, double ratio, double limit, double ns, double control_ns)
{
    printf("%-52s %7.3f  to reach %5.2f  %s   (%.1f ns to %.1f ns)\n", what, ratio, limit,
           ratio <= limit ? "yes" : "NO ", ns, control_ns);
}

struct figures {
    double base, reads, span, named, off, full;
};

static void measure_alone(struct figures *figures)
{
    static double base[ROUNDS], reads[ROUNDS], span[ROUNDS], named[ROUNDS], off[ROUNDS],
        full[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        tare_tracker_reset(tracker);
        span_pairs(1);
        base[round] = timed(two_clock_reads, PAIRS);
        reads[round] = timed(two_counter_reads, PAIRS);
        span[round] = timed(span_pairs, PAIRS);
        span_pairs(FULL_BEFORE);
        full[round] = timed(span_pairs, FULL);
        tare_tracker_reset(tracker);
        named_pairs(1);
        named[round] = timed(named_pairs, PAIRS);
        off[round] = timed(disabled_pairs, PAIRS * 100);
    }
    *figures = (struct figures){least(base, ROUNDS),  least(reads, ROUNDS), least(span, ROUNDS),
                                least(named, ROUNDS), least(off, ROUNDS),   least(full, ROUNDS)};
}

/* Every sample of full rings is counted. */
static void measure_counted(void)
{
    tare_counts counts;
    tare_tracker_reset(tracker);
    span_pairs(1000000);
    tare_tracker_count(tracker, &counts);
    printf("%-52s %llu of 1000000, %llu dropped\n", "full ring: counted of attempted",
           (unsigned long long)counts.recorded, (unsigned long long)counts.dropped);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t barrier;

static void locked_pairs(int count)
{
    static volatile uint64_t total;
    for (int i = 0; i < count; i++) {
        uint64_t start = counter();
        uint64_t end = counter();
        pthread_mutex_lock(&mutex);
        total = total + (end - start);
        pthread_mutex_unlock(&mutex);
    }
}

/* Each thread with a tracker of its own: the same work, nothing shared. */
static _Thread_local tare_metric own_metric = TARE_METRIC("VAL-001");
static _Thread_local int own_number;

static void own_pairs(int count)
{
    tare_tracker *mine = own[own_number];
    for (int i = 0; i < count; i++)
        tare_span_end(tare_span_begin(mine, &own_metric));
}

struct worker {
    void (*work)(int);
    int count;
    int number;
    double ns;     /* a pair, by the wall */
    double cpu_ns; /* a pair, while it had a processor */
};

static double cpu_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void *worker_run(void *context)
{
    struct worker *worker = context;
    own_number = worker->number;
    worker->work(FULL_BEFORE);
    pthread_barrier_wait(&barrier);
    double start = cpu_now_ns();
    worker->ns = timed(worker->work, worker->count);
    worker->cpu_ns = (cpu_now_ns() - start) / worker->count;
    pthread_barrier_wait(&barrier);
    return NULL;
}

/* What a pair costs each of `count` threads at once. */
struct crowd_cost {
    double ns, cpu_ns;
    int shared; /* somebody else had the processors for more than a twentieth of the time */
};

static struct crowd_cost crowd(void (*work)(int), int pairs, int count)
{
    struct worker workers[2];
    struct crowd_cost cost = {0, 0, 0};
    pthread_t threads[2];
    pthread_barrier_init(&barrier, NULL, (unsigned)count);
    for (int i = 0; i < count; i++) {
        workers[i] = (struct worker){work, pairs, i, 0, 0};
        if (pthread_create(&threads[i], NULL, worker_run, &workers[i]) != 0)
            exit(3);
    }
    for (int i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
        cost.ns += workers[i].ns / count;
        cost.cpu_ns += workers[i].cpu_ns / count;
        cost.shared |= workers[i].cpu_ns < 0.95 * workers[i].ns;
    }
    pthread_barrier_destroy(&barrier);
    return cost;
}

struct crowd_ratio {
    double ratio, one_ns, two_ns; /* medians */
};

/* Two threads want two processors to themselves. Rounds in which they did not have them count only
 * when there are too few others, and then by processor time, which sees caches fought over but
 * no waiting. One and two take turns, and the figure is the median of the rounds' ratios. */
static struct crowd_ratio crowd_compare(void (*work)(int))
{
    double one[CROWDS], two[CROWDS], ratio[CROWDS];
    size_t kept = 0;
    for (int round = 0; round < CROWD_TRIES && kept < CROWDS; round++) {
        struct crowd_cost alone = crowd(work, CROWD, 1), both = crowd(work, CROWD, 2);
        int shared = alone.shared || both.shared;
        if (shared && round < CROWD_TRIES - CROWDS)
            continue;
        one[kept] = shared ? alone.cpu_ns : alone.ns;
        two[kept] = shared ? both.cpu_ns : both.ns;
        ratio[kept] = two[kept] / one[kept];
        kept++;
    }
    return (struct crowd_ratio){median(ratio, kept), median(one, kept), median(two, kept)};
}

/* The mutex makes its threads wait, and is measured by the wall. */
static double mutex_compare(void)
{
    double ratio[CROWDS];
    for (int round = 0; round < CROWDS; round++) {
        struct crowd_cost both = crowd(locked_pairs, CROWD_LOCKED, 2);
        ratio[round] = both.ns / crowd(locked_pairs, CROWD_LOCKED, 1).ns;
    }
    return median(ratio, CROWDS);
}

static void measure_crowd(void)
{
    struct crowd_ratio shared = crowd_compare(span_pairs), apart = crowd_compare(own_pairs);
    double locked = mutex_compare();
    say("two threads at once, to one", shared.ratio, 1.10, shared.two_ns, shared.one_ns);
    printf("%-52s %7.3f  %s\n", "  control: the same with a tracker each, nothing shared",
           apart.ratio, "(what the processors share)");
    printf("%-52s %7.3f  at least   3.00  %s\n", "  control: the same with a mutex", locked,
           locked >= 3 ? "yes" : "NO  (no two processors were free)");
}

int main(void)
{
    const tare_options options = {.store = ":memory:", .app = "record_bench"};
    setenv("TARE_TEMPERATURE", "warm", 1);
    if (tare_tracker_open(&options, &tracker, NULL) != TARE_OK)
        return 3;
    for (int i = 0; i < 2; i++)
        if (tare_tracker_open(&options, &own[i], NULL) != TARE_OK)
            return 3;
    setenv("TARE_DISABLE", "1", 1);
    if (tare_tracker_open(&options, &disabled, NULL) != TARE_OK)
        return 3;
    struct figures f;
    measure_alone(&f);
    int tsc = tracker->clock_ == 1;
    say("span begin + end, to two clock_gettime", f.span / f.base, tsc ? 0.50 : 1.10, f.span,
        f.base);
    if (tsc)
        say("span begin + end, to two rdtsc", f.span / f.reads, 1.10, f.span, f.reads);
    say("operation by name, start + stop, to the same", f.named / f.base, 1.5, f.named, f.base);
    say("disabled, to the same", f.off / f.base, 0.02, f.off, f.base);
    say("full ring folding in line, to a plain pair", f.full / f.span, 1.25, f.full, f.span);
    measure_counted();
    measure_crowd();
    for (int i = 0; i < 2; i++)
        tare_tracker_close(own[i], NULL);
    tare_tracker_close(disabled, NULL);
    return tare_tracker_close(tracker, NULL) == TARE_OK ? 0 : 3;
}
