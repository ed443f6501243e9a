/* The machine that this runs on. */
#ifndef BASE_MACHINE_H
#define BASE_MACHINE_H

#include <stdint.h>

struct machine {
    char cpu[96];          /* model name; "unknown CPU" */
    char os[96];           /* "Linux 6.1.0-13-amd64" */
    char architecture[32]; /* "x86_64" */
    uint32_t cores;        /* that this process may use */
    uint64_t memory_mb;    /* MiB of the whole machine */
};

/* Never fails: what cannot be found out has a word that says so, or 0. */
void machine_describe(struct machine *machine);

#endif
