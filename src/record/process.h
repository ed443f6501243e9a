/* What the operating system knows of this process, recorded without any code of the program. */
#ifndef RECORD_PROCESS_H
#define RECORD_PROCESS_H

#include "record/recorder.h"

/* APP-001 and CPU-001: what has passed, and was computed, since the process began. Once a session.
 */
void process_record_startup(struct recorder *recorder);

/* At a hand-over that began at `now_ns` (monotonic), into an open session: memory, faults,
 * switches, files, threads, input and output as they are, and what process_record_startup()
 * records unless it has. */
void process_record(struct recorder *recorder, int64_t now_ns);

#endif
