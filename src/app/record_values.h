/* `tare record`: values of one metric from a script. */
#ifndef APP_RECORD_VALUES_H
#define APP_RECORD_VALUES_H

#include "app/self_session.h"

#include <stdio.h>

struct record_request {
    const char *metric_id;
    char *const *values; /* texts, NULL-terminated; "-" reads lines of the stream */
    const char *unit;    /* NULL: the metric's own; "count" for a new one */
    const char *better;  /* NULL: the metric's own; "lower" for a new one */
    const char *time;    /* RFC 3339; NULL: now */
    struct self_session_options session;
};

/* Checks everything first (numbers, unit, words), then hands over one session with the values as
 * samples. TARE_E_USAGE names what is wrong and where. `*waiting` as self_session_hand_over(). */
enum tare_status record_values(const struct config *config, const char *store_url,
                               const struct record_request *request, FILE *stream,
                               struct ingest_result *result, bool *waiting,
                               struct tare_error *error);

#endif
