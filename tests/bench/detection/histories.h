/* Real histories, read in place from the folder of shared data. */
#ifndef BENCH_HISTORIES_H
#define BENCH_HISTORIES_H

#include <stdbool.h>
#include <stddef.h>

enum { HISTORY_PEOPLE = 5 };

/* Ascending indexes of change points as one person marked them. */
struct marks {
    size_t *at;
    size_t count;
};

struct history {
    char name[64];
    double *values;
    size_t n;
    struct marks people[HISTORY_PEOPLE];
    size_t people_count; /* 0: not labelled */
};

struct histories {
    struct history *at;
    size_t count;
};

/* The folder: TARE_SHARED, else ../shared beside the source tree. False when it is not there. */
bool histories_root(char *path, size_t size);

/* Every series of data/<set>/, by name; labelled where the set has annotations.json. Zero when the
 * set is not there. Memory and reading errors end the program. */
struct histories histories_read(const char *set);
void histories_free(struct histories *histories);

#endif
