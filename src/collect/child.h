/* The process meter of `tare run`: runs a command and tells what it took. */
#ifndef COLLECT_CHILD_H
#define COLLECT_CHILD_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

/* What one run of a command took. Times in nanoseconds, sizes in bytes; of the command and of its
 * own children that it waited for. */
struct child_usage {
    int64_t started_ns; /* since the epoch */
    int64_t ended_ns;
    int64_t wall_ns; /* by the monotonic clock */
    int64_t user_ns;
    int64_t system_ns;
    int64_t peak_memory_bytes; /* of the largest single process */
    int64_t major_faults;
    int64_t involuntary_switches;
    int64_t read_bytes; /* asked of the system, whether from cache or disk; -1 unknown */
    int64_t written_bytes;
    int exit_status; /* as the shell has it: 128 + signal for a killed one */
    bool killed;     /* by a signal */
    int interrupted; /* the signal by which this process was asked to stop meanwhile; 0: none */
};

#define CHILD_NOT_RUN   126 /* found, but could not be executed */
#define CHILD_NOT_FOUND 127

/* Runs `argv` (NULL-terminated, looked up in PATH) with the variables of `environment`
 * ("NAME=value", NULL-terminated) added to this process's, and waits for it. Ctrl-C reaches the
 * child and ends it, not this process; SIGTERM and SIGHUP are passed on to it. When the command
 * cannot be executed: TARE_E_NOT_FOUND or TARE_E_IO, with usage->exit_status set to one of the
 * above. */
enum tare_status child_run(char *const argv[], const char *const environment[],
                           struct child_usage *usage, struct tare_error *error);

#endif
