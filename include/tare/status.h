/* What tare says about this program, from the reference card that `tare ingest` leaves beside the
 * store: no database is opened. */
#ifndef TARE_STATUS_H
#define TARE_STATUS_H

#include "tare/tracker.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

/* Prints the start-up summary: each metric with its value (of what this session has recorded since
 * its last snapshot, else of the session before), target, baseline and verdict. TARE_STATUS=1
 * prints it to standard error when the program ends. TARE_E_NOT_FOUND: there is neither a card nor
 * a sample yet. */
enum tare_status tare_status_print(tare_tracker *tracker, FILE *stream, struct tare_error *error);

enum tare_severity {
    TARE_SEVERITY_OK = 0,
    TARE_SEVERITY_INFO,
    TARE_SEVERITY_WARNING,
    TARE_SEVERITY_ERROR,
    TARE_SEVERITY_CRITICAL
};

/* How what was recorded since the last snapshot holds against targets and baselines. */
typedef struct tare_judgement {
    enum tare_severity severity; /* the worst of all metrics */
    uint32_t judged;             /* metrics that had a target or a baseline */
    char metric_id[208];         /* the worst one; "" while all is well */
    char reason[256];            /* one sentence with the numbers in it; "" too */
} tare_judgement;

/* Judges, then hands over as tare_snapshot_record() does. `judgement` is filled in even when
 * handing over fails, and may be NULL; without a card it is by the targets alone. */
enum tare_status tare_snapshot_judge(tare_tracker *tracker, tare_judgement *judgement,
                                     struct tare_error *error);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif

#endif
