/* One sample line of OpenMetrics text. */
#ifndef COLLECT_IMPORTER_OPENMETRICS_H
#define COLLECT_IMPORTER_OPENMETRICS_H

#include "base/error.h"
#include "base/strbuf.h"
#include "collect/importer_source.h"

#include <stdbool.h>
#include <stdint.h>

struct openmetrics_sample {
    char *name; /* owned, as are the next ones, which are labels of that name */
    char *commit, *branch, *app, *environment, *temperature, *outcome;
    char *metric, *unit;  /* "tare_metric" and "tare_unit": what tare exported */
    struct strbuf labels; /* the other labels, "{a="b",c="d"}"; "" for none, or with `metric` */
    struct strbuf pairs; /* with `metric`: the same as in model/labels.h; they are the session's */
    struct strbuf key;   /* the moment and the session's labels */
    bool has_bound;
    double bound; /* of the label "le" or "quantile" */
    double value;
    int64_t time_ns; /* 0: none given */
};

/* Reads `line`. Release the sample whatever comes back. */
enum tare_status openmetrics_sample_read(struct openmetrics_sample *sample, const char *line,
                                         const struct import_source *source,
                                         struct tare_error *error);
void openmetrics_sample_release(struct openmetrics_sample *sample);

#endif
