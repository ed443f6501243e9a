/* Handing over: from the session of this process to the inbox of its store. */
#ifndef RECORD_HANDOVER_H
#define RECORD_HANDOVER_H

#include "record/recorder.h"

/* A snapshot: gauges, the system's metrics, then everything recorded so far. Nothing to hand over
 * is no failure. That samples were lost for want of a session file is one, here and at the end. */
enum tare_status handover_snapshot(struct recorder *recorder, struct tare_error *error);

/* The end: the same, and the session is closed and its file gone. On failure the file stays,
 * closed, for whoever takes sessions up. In a process that has only inherited the session, nothing
 * happens. */
enum tare_status handover_close(struct recorder *recorder, struct tare_error *error);

/* Forgets session and samples. */
void handover_discard(struct recorder *recorder);

#endif
