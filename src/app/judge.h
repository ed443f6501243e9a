/* Detection over a series: every final measurement that was not judged yet, in order of time, is
 * held against target and baseline; alerts take the verdicts; the baseline moves on. */
#ifndef APP_JUDGE_H
#define APP_JUDGE_H

#include "app/config.h"
#include "store/store.h"

#include <stddef.h>

/* Something a person who is not looking should hear. */
struct judge_notice {
    int64_t alert_id;
    enum alert_action action;
    enum severity severity;
};

struct judge {
    struct store *store;          /* borrowed; inside a transaction */
    const struct config *config;  /* borrowed */
    struct judge_notice *notices; /* owned */
    size_t notice_count;
};

void judge_init(struct judge *judge, struct store *store, const struct config *config);
void judge_release(struct judge *judge);

/* Goes on where the series' standing says. Measurements that arrive behind that place in time are
 * kept but pass no verdict. */
enum tare_status judge_series(struct judge *judge, int64_t series_id, struct tare_error *error);

#endif
