/* Nouns as jansson values; each a new reference. NaN and missing texts are null. */
#ifndef PRESENT_JSON_VALUES_H
#define PRESENT_JSON_VALUES_H

#include "base/strbuf.h"
#include "model/alert.h"
#include "model/baseline.h"
#include "model/measurement.h"
#include "model/metric.h"
#include "model/session.h"
#include "model/verdict.h"

#include <jansson.h>

json_t *json_number(double value);   /* integral values as integers */
json_t *json_text(const char *text); /* bytes that are not UTF-8 become U+FFFD */
json_t *json_time(int64_t time_ns);  /* RFC 3339; null for 0 */
json_t *json_numbers(const double *values, size_t count);

json_t *json_baseline(const struct baseline *baseline);
json_t *json_verdict(const struct verdict *verdict);
json_t *json_session(const struct session *session);
json_t *json_metric(const struct metric *metric);
json_t *json_measurement(const struct measurement *measurement);

/* Appends the value, indented, and a newline; takes the reference. */
void json_add(struct strbuf *out, json_t *value);

/* The same on one line, without blanks and newline, numbers with all their digits. */
void json_add_compact(struct strbuf *out, json_t *value);

#endif
