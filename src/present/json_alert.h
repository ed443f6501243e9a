/* An alert as a jansson value: a new reference. */
#ifndef PRESENT_JSON_ALERT_H
#define PRESENT_JSON_ALERT_H

#include "model/report.h"

#include <jansson.h>

/* With its events where it has them; "muted" is held against `now_ns`. */
json_t *json_alert_row(const struct alert_row *row, int64_t now_ns);

#endif
