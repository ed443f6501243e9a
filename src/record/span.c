#include "tare/span.h"

#include "record/recorder.h"

extern inline tare_span tare_span_begin(tare_tracker *tracker, tare_metric *metric);
extern inline void tare_span_end(tare_span span);
extern inline void tare_span_fail(tare_span span);

uint64_t tare_clock_read_(void)
{
    return clock_system_ticks();
}

static __attribute__((noinline, cold)) void span_record_slowly(struct recorder *recorder,
                                                               tare_metric *metric, uint64_t start,
                                                               uint64_t end, uint64_t flags)
{
    const struct observation seen = {.metric = metric,
                                     .declared = true,
                                     .kind = KIND_TICKS,
                                     .ticks = end > start ? end - start : 0,
                                     .end = end,
                                     .flags = flags};
    if (recorder->handle.clock_ != CLOCK_OFF)
        recorder_observe(recorder, &seen);
}

/* The hot path. Session, thread and metric are known when all three name the same epoch; a
 * counter that steps back by a tick between two processors makes no negative time. */
void tare_span_record_(tare_tracker *tracker, tare_metric *metric, uint64_t start, int failed)
{
    struct recorder *recorder = recorder_of(tracker);
    uint64_t end = clock_source_read(tracker->clock_);
    const struct thread_ring *own = &thread_ring;
    uint64_t flags = failed ? COMMIT_FAILED : 0;
    uint64_t epoch = recorder_epoch(recorder);
    uint64_t place = metric != NULL ? __atomic_load_n(&metric->span_, __ATOMIC_ACQUIRE) : 0;
    if (__builtin_expect(own->epoch != epoch || !place_known(place, epoch) || end < start, 0)) {
        span_record_slowly(recorder, metric, start, end, flags);
        return;
    }
    uint32_t entry = place_entry(place);
    uint64_t commit = commit_of(recorder, entry, end) | flags;
    if (__builtin_expect(!ring_push(own->control, own->ring, end - start, commit), 0))
        recorder_put(recorder, epoch, (int)entry, end - start, end, flags);
}
