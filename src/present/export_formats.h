/* The formats of exporter.c's table, and what they share. */
#ifndef PRESENT_EXPORT_FORMATS_H
#define PRESENT_EXPORT_FORMATS_H

#include "present/exporter.h"

extern const struct export_format export_csv, export_json, export_jsonl, export_openmetrics;

/* What a format that is made of measurements only does with a session. */
void export_session_note(struct exporter *self, const struct session *session, size_t measurements,
                         struct strbuf *out);
void export_nothing(struct exporter *self, struct strbuf *out);

/* Appends a number with the fewest digits that read back as the same, or `none` where it is not
 * finite. */
void export_number_add(struct strbuf *out, double value, const char *none);
void export_whole_add(struct strbuf *out, uint64_t value);
void export_time_add(struct strbuf *out, int64_t time_ns);

/* The seven numbers of a measurement, in the order of their names. */
#define EXPORT_NUMBERS 7
extern const char *const export_number_names[EXPORT_NUMBERS];
void export_numbers_take(const struct measurement *measurement, double numbers[EXPORT_NUMBERS]);

#endif
