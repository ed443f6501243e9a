/* A year of an application with the 21 metrics of the catalogue that is started 50 times a day:
 * what the file grows by, month by month, with retention as it comes. A figure to look at
 * (`scripts/bench BUILD year`), with the file kept when there is an argument. */
#include "app/config_file.h"
#include "app/intake.h"
#include "base/clock.h"
#include "model/catalogue.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DAYS         360
#define STARTS_A_DAY 50
#define FIRST_DAY    (INT64_C(20000) * CLOCK_NS_PER_DAY)

static struct tare_error oops;
static double longest_ms; /* that retention held a command up */
static int commands;      /* that left something to the next one */

static void need(enum tare_status status)
{
    if (status == TARE_OK)
        return;
    fprintf(stderr, "year_bench: %s\n", oops.message);
    exit(3);
}

static uint64_t seed = 88172645463325252U;

static double uniform(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return ((double)(seed >> 11) + 0.5) / 9007199254740992.0;
}

static double normal(void)
{
    return sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform());
}

/* What a metric measures: times as a clock in nanoseconds gives them, sizes and counts whole. */
static double value_of(const struct catalogue_metric *row, int day)
{
    double level = isnan(row->target) ? 40 : row->target * 0.7;
    double value = level * exp(0.08 * normal()) * (1 + 0.02 * sin(day / 20.0));
    if (strcmp(row->unit, "ms") == 0)
        return floor(value * 1e6) / 1e6;
    if (strcmp(row->unit, "USD") == 0)
        return floor(value * 1e6) / 1e6;
    if (strcmp(row->unit, "MB") == 0 || strcmp(row->unit, "MB/h") == 0)
        return floor(value * 256) / 256; /* pages */
    if (strcmp(row->unit, "%") == 0)
        return floor(fmin(value, 100) * 10) / 10;
    return floor(value + 0.5);
}

/* How often a session observes it. */
static int samples_of(const struct catalogue_metric *row)
{
    if (strcmp(row->id, "VAL-001") == 0 || strcmp(row->id, "DBQ-001") == 0)
        return 10;
    return strncmp(row->id, "API", 3) == 0 || strncmp(row->id, "GEN", 3) == 0 ? 4 : 1;
}

static char *text(const char *words)
{
    char *made = strdup(words);
    if (made == NULL)
        exit(3);
    return made;
}

static void session_fill(struct batch *batch, int number, int64_t start_ns)
{
    struct session *session = &batch->session;
    snprintf(batch->id, sizeof batch->id, "%08x-aaaa-4bbb-8ccc-%08xdddd.0",
             (unsigned)number * 2654435761U, (unsigned)number * 40503U);
    snprintf(session->id, sizeof session->id, "%.36s", batch->id);
    session->app = text("shop");
    char words[64];
    snprintf(words, sizeof words, "1.%d", number / 2000);
    session->version = text(words);
    snprintf(words, sizeof words, "%08x01234567890123456789012345678901", (unsigned)number / 10);
    session->commit = text(words);
    session->branch = text("main");
    session->environment.key = text("AMD EPYC 7763, 8 cores, 32 GB, Linux 6, x86_64");
    session->source = text("libtare");
    session->started_ns = start_ns;
    session->ended_ns = start_ns + 300 * CLOCK_NS_PER_SECOND;
    session->taken_ns = session->ended_ns;
}

static void session_take(struct intake *intake, int number, int day)
{
    struct batch batch;
    int64_t start_ns = FIRST_DAY + day * CLOCK_NS_PER_DAY +
                       (int64_t)((number % STARTS_A_DAY + uniform()) * 1700e9);
    batch_init(&batch);
    session_fill(&batch, number, start_ns);
    for (size_t i = 0; i < CATALOGUE_COUNT; i++) {
        struct batch_part *part = batch_part_add(&batch);
        if (part == NULL)
            exit(3);
        need(catalogue_metric_fill(&catalogue[i], &part->metric, &oops));
        part->window_start_ns = start_ns;
        int64_t at_ns = start_ns;
        for (int k = samples_of(&catalogue[i]); k > 0; k--) {
            at_ns += (int64_t)(uniform() * 20e9);
            need(batch_part_sample(part, at_ns, value_of(&catalogue[i], day), &oops));
        }
    }
    need(intake_take(intake, &batch, 1, &oops));
    batch_release(&batch);
}

/* As it goes by itself: a bounded piece with each command. */
static void retain(struct store *store, int64_t now_ns)
{
    const struct store_retention policy = {.raw_days = 30,
                                           .rollup_days = 365,
                                           .keep = 200,
                                           .keep_of_commit = 20,
                                           .budget_ns = CLOCK_NS_PER_SECOND / 20};
    struct store_retention_report report = {0};
    bool applied = true;
    do {
        int64_t began_ns = clock_monotonic_ns();
        need(store_retention_daily(store, &policy, now_ns, &applied, &report, &oops));
        double spent_ms = (double)(clock_monotonic_ns() - began_ns) / 1e6;
        longest_ms = fmax(longest_ms, spent_ms);
        commands += report.more;
    } while (report.more);
}

static double file_kb(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 ? (double)info.st_size / 1000 : NAN;
}

static void day_pass(const char *path, const struct config *config, int day)
{
    struct store *store = NULL;
    struct intake intake;
    need(store_open(path, &(struct store_options){.create = true}, &store, &oops));
    intake_init(&intake, store, config);
    for (int i = 0; i < STARTS_A_DAY; i++)
        session_take(&intake, day * STARTS_A_DAY + i, day);
    need(intake_finish(&intake, &oops));
    intake_release(&intake);
    retain(store, FIRST_DAY + (day + 1) * CLOCK_NS_PER_DAY);
    store_close(store);
}

/* The first month fills with what stays raw, the second settles; what counts are those behind. */
int main(int argc, char **argv __attribute__((unused)))
{
    char folder[] = "/tmp/tare-year-XXXXXX", path[64];
    struct config config;
    double before = 0, most = 0;
    if (mkdtemp(folder) == NULL)
        return 3;
    snprintf(path, sizeof path, "%s/tare.db", folder);
    config_init(&config);
    config.labels = text("");
    for (int day = 0; day < DAYS; day++) {
        day_pass(path, &config, day);
        if (day % 30 != 29)
            continue;
        double size = file_kb(path);
        printf("%-52s %7.0f kB, grown by %.0f kB\n",
               day == 29 ? "month by month: 21 metrics, 50 starts a day" : "", size,
               size - before);
        if (day == 29)
            printf("%-52s %7.0f bytes\n", "of it a measurement, with all that belongs to it",
                   1000 * size / (30.0 * STARTS_A_DAY * CATALOGUE_COUNT));
        fflush(stdout);
        most = day > 60 ? fmax(most, size - before) : 0;
        before = size;
    }
    config_release(&config);
    printf("%-52s %7.0f  to reach %5.0f  %s   (kB)\n", "growth a month beyond the second", most,
           300.0, most <= 300 ? "yes" : "NO ");
    printf("(retention took at most %.0f ms of a command; %d left something to the next)\n",
           longest_ms, commands);
    if (argc > 1) {
        printf("kept: %s\n", path);
        return 0;
    }
    unlink(path);
    snprintf(path, sizeof path, "%s/tare.db.lock", folder);
    unlink(path);
    return rmdir(folder);
}
