/* Detection over a series: every final measurement that was not judged yet, in order of time, is
 * held against target and baseline; alerts take the verdicts; the baseline moves on (course.h).
 * What comes of it goes to the store. */
#ifndef APP_JUDGE_H
#define APP_JUDGE_H

#include "app/config.h"
#include "app/course.h"
#include "base/clock.h"
#include "store/store.h"

#include <stddef.h>

/* Something a person who is not looking should hear. */
struct judge_notice {
    int64_t alert_id;
    int64_t event_id;
};

struct judge {
    struct store *store;          /* borrowed; inside a transaction */
    const struct config *config;  /* borrowed */
    struct judge_notice *notices; /* owned */
    size_t notice_count;
    struct level_scratch *scratch; /* owned; made at the first use */
    uint64_t to_come;              /* of the series, behind the measurement that is judged */
    int64_t told_id;               /* the measurement that the newest event came with */
};

void judge_init(struct judge *judge, struct store *store, const struct config *config);
void judge_release(struct judge *judge);

/* Goes on where the series' standing says. A measurement that arrives behind that place in time is
 * taken as if it were made now, if it comes at most JUDGE_LATE_NS late: programs of an app that
 * run at once end in any order, and clocks are set. What is older is kept, but passes no verdict.
 *
 * A clock that was ahead leaves measurements from the future. Once there are some from now, they
 * go on from the newest that is not of the future; those of the future keep their verdicts and are
 * passed over until their time has come. */
#define JUDGE_LATE_NS CLOCK_NS_PER_DAY

enum tare_status judge_series(struct judge *judge, int64_t series_id, struct tare_error *error);

/* The same by hand, for a series that nothing was ever judged of: begin, any number of
 * measurements in order of time, each with how many are `to_come` behind it, end. Release the
 * course whatever comes back. */
enum tare_status judge_begin(struct judge *judge, int64_t series_id, struct course *course,
                             struct tare_error *error);
enum tare_status judge_measurement(struct judge *judge, struct course *course,
                                   const struct course_measurement *measurement, uint64_t to_come,
                                   struct tare_error *error);
enum tare_status judge_end(struct judge *judge, struct course *course, struct tare_error *error);

#endif
