/* What the operating system knows of this process, recorded without any code of the program. */
#ifndef RECORD_PROCESS_H
#define RECORD_PROCESS_H

#include "record/recorder.h"

/* APP-001 and CPU-001: what has passed, and was computed, since the process began. Once a session.
 */
void process_record_startup(struct recorder *recorder);

/* What the process has computed until now. */
int64_t process_computed_ns(void);

/* At a hand-over that began at `now_ns` (monotonic), into an open session: memory, faults,
 * switches, files, threads, input and output as they are, and what process_record_startup()
 * records unless it has. Where the session ends with it nobody said when the start was over: it
 * was when the session opened. */
void process_record(struct recorder *recorder, int64_t now_ns, bool ends);

#endif
