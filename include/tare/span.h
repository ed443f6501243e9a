/* Spans: how long something took, for hot paths. A pair costs about two reads of the clock.
 *
 *     tare_span s = tare_span_begin(t, &validate);
 *     …
 *     tare_span_end(s);
 *
 * A span is a small value: it nests, and may end in another thread than it began in.
 */
#ifndef TARE_SPAN_H
#define TARE_SPAN_H

#include "tare/tracker.h"

#ifdef __cplusplus
extern "C" {
#endif
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

typedef struct tare_span {
    tare_tracker *tracker;
    tare_metric *metric;
    uint64_t start_; /* 0: records nothing */
} tare_span;

/* The library's side of the inline functions below. */
uint64_t tare_clock_read_(void);
void tare_span_record_(tare_tracker *tracker, tare_metric *metric, uint64_t start, int failed);

inline tare_span tare_span_begin(tare_tracker *tracker, tare_metric *metric)
{
    tare_span span = {tracker, metric, 0};
    if (tracker == 0 || tracker->clock_ == 0)
        return span;
#if defined(__x86_64__) && defined(__GNUC__)
    if (tracker->clock_ == 1) {
        span.start_ = __builtin_ia32_rdtsc();
        return span;
    }
#endif
    span.start_ = tare_clock_read_();
    return span;
}

/* Records the time since the span began. */
inline void tare_span_end(tare_span span)
{
    if (span.start_ != 0)
        tare_span_record_(span.tracker, span.metric, span.start_, 0);
}

/* Counts it as failed; its time is not recorded. */
inline void tare_span_fail(tare_span span)
{
    if (span.start_ != 0)
        tare_span_record_(span.tracker, span.metric, span.start_, 1);
}

static inline void tare_scope_end_(const tare_span *span)
{
    tare_span_end(*span);
}

#define TARE_JOIN_(a, b) a##b
#define TARE_JOIN(a, b)  TARE_JOIN_(a, b)

/* Measures from here to the end of the block, whichever way it is left. One a line. */
#define TARE_SCOPE(tracker, metric)                                                               \
    __attribute__((cleanup(tare_scope_end_), unused)) tare_span TARE_JOIN(                        \
        tare_scope_, __LINE__) = tare_span_begin((tracker), (metric))

/* Operations by name, in ms: for convenience. An operation belongs to the thread that started it;
 * another thread may stop it if it has none of that name itself. TARE_E_USAGE, counted, and
 * nothing recorded: started twice, stopped without a start, an id that is none. TARE_E_FULL: as
 * in sample.h. */
enum tare_status tare_operation_start(tare_tracker *tracker, const char *metric_id);
enum tare_status tare_operation_stop(tare_tracker *tracker, const char *metric_id);
enum tare_status tare_operation_fail(tare_tracker *tracker, const char *metric_id);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif

#endif
