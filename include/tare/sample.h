/* Samples of any unit: numbers that the program knows. */
#ifndef TARE_SAMPLE_H
#define TARE_SAMPLE_H

#include "tare/tracker.h"

#ifdef __cplusplus
extern "C" {
#endif
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

/* Records a value, in the metric's unit: the one that it was first declared or recorded with in
 * this session, else the catalogue's. An id that nobody knows becomes a custom metric. A session
 * has room for 70 besides the system's; samples of more are kept as one metric, `other`.
 * TARE_E_USAGE, counted, and nothing recorded: NaN, an infinity, an id that is none. TARE_E_FULL:
 * counted, the value dropped. */
enum tare_status tare_metric_record(tare_tracker *tracker, const char *metric_id, double value);

/* The same in a unit of the caller's, converted: "kB" into "MB". TARE_E_USAGE also when the unit
 * does not fit the metric's. */
enum tare_status tare_metric_record_in(tare_tracker *tracker, const char *metric_id, double value,
                                       const char *unit);

/* The same by handle, for hot paths. */
enum tare_status tare_sample_record(tare_tracker *tracker, tare_metric *metric, double value);

/* Counts things: the session's value is the sum. */
enum tare_status tare_count_add(tare_tracker *tracker, const char *metric_id, double count);

/* Reads a value at every snapshot and at the end: hit rates, pools, queue lengths. What `context`
 * points to must live until the tracker is closed, and that is at exit behind the destructors of
 * static C++ objects: who goes earlier takes his gauge away by a NULL `read`. `read` runs in the
 * thread that takes the snapshot, and returns: no exception, no longjmp(3). What it returns is
 * recorded unless it is NaN. Registering `metric` again replaces its reader. TARE_E_FULL: 32 are
 * registered already. TARE_E_NOT_FOUND: there is none to take away. */
typedef double (*tare_gauge_read)(void *context);
enum tare_status tare_gauge_register(tare_tracker *tracker, tare_metric *metric,
                                     tare_gauge_read read, void *context);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif

#endif
