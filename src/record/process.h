/* What the operating system knows of this process, recorded without any code of the program. */
#ifndef RECORD_PROCESS_H
#define RECORD_PROCESS_H

#include "record/recorder.h"

/* APP-001 and CPU-001: what has passed, and was computed, since the process began. Once a session.
 */
void process_record_startup(struct recorder *recorder);

/* Memory, faults, switches, files, threads, input and output: as they are now. */
void process_record_usage(struct recorder *recorder);

#endif
