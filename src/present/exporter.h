/* Exporters: measurements in, bytes out, one after the other. Nothing here computes, and nothing
 * grows with the number of measurements.
 *
 * To add a format: a file export_NAME.c with the callbacks of struct export_format, declared in
 * export_formats.h and named in src/present/meson.build; a row in the table of exporter.c; the
 * format in docs/man/tare-export.1, what it looks like in tests/unit/present/test_exporter.c. */
#ifndef PRESENT_EXPORTER_H
#define PRESENT_EXPORTER_H

#include "base/strbuf.h"
#include "base/text_map.h"
#include "model/batch.h"
#include "model/measurement.h"
#include "model/metric.h"
#include "model/session.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A series as the measurements name it: by its place in the list. */
struct export_series {
    const struct series *series; /* borrowed, as is the metric */
    const struct metric *metric;
    struct strbuf text; /* what its format always says of it */
    bool told;          /* its format has begun it, or said what is said once */
};

struct export_format;

struct exporter {
    const struct export_format *format;
    struct export_series *series; /* owned */
    size_t series_count;
    struct strbuf session_text;    /* what the format says of the session, or what it keeps */
    const struct session *session; /* that the measurements belong to */
    struct text_map names;         /* that are taken */
    size_t told_series;            /* that session_text is about */
    size_t elements, entries;      /* of a document; of the innermost list that is open */
};

/* A day of which the measurements were rolled up: numbers is what they come to. */
struct export_day {
    uint64_t measurements;
    struct measurement numbers; /* time_ns: when the day begins; value: the median of theirs */
};

struct export_format {
    const char *name;   /* on the command line */
    const char *ending; /* of a file's name; with the dot */
    bool by_series;     /* measurements come series by series, without a session, later windows of
                         * one commit, branch and outcome behind earlier ones */
    bool samples;       /* has a place for them */
    bool days;          /* has a place for days that were rolled up */
    bool empty;         /* has a place for sessions without measurements */
    void (*begin)(struct exporter *self, struct strbuf *out);
    void (*session)(struct exporter *self, const struct session *session, size_t measurements,
                    struct strbuf *out);
    /* `kept` holds the samples of the measurement; NULL: none are wanted, or there are none. */
    void (*measurement)(struct exporter *self, size_t series,
                        const struct measurement *measurement, const struct batch_part *kept,
                        struct strbuf *out);
    void (*session_end)(struct exporter *self, struct strbuf *out);
    void (*day)(struct exporter *self, size_t series, const struct export_day *day,
                struct strbuf *out);
    void (*end)(struct exporter *self, struct strbuf *out);
};

extern const struct export_format *const export_formats[]; /* ends with NULL */

/* The format of that name, or NULL; the one whose files are called like `path`, or NULL. */
const struct export_format *export_format_find(const char *name);
const struct export_format *export_format_of_file(const char *path);

/* Makes room for so many series, which the caller fills in. TARE_E_MEMORY. */
enum tare_status exporter_init(struct exporter *self, const struct export_format *format,
                               size_t series_count, struct tare_error *error);
void exporter_release(struct exporter *self);

/* Whether something ran out of memory on the way. */
bool exporter_failed(const struct exporter *self);

#endif
