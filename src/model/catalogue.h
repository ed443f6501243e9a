/* The 21 metrics of the original design (DESIGN.md section 4). To add one: a row in catalogue.c,
 * a column in the view performance_baselines (a new migration), a line in the preset's table of
 * docs/man/tare.yml.5; the test catalogue__every_metric_has_its_column walks them. */
#ifndef MODEL_CATALOGUE_H
#define MODEL_CATALOGUE_H

#include "model/metric.h"

#include <stddef.h>

struct catalogue_metric {
    char id[8];
    const char *name;
    const char *column; /* in the view performance_baselines */
    const char *unit;
    enum tare_better better;
    enum metric_category category;
    enum metric_aggregate aggregate;
    double target;     /* NaN: none */
    double min_change; /* smaller absolute changes are ok: what the system does by itself */
};

#define CATALOGUE_COUNT 21
extern const struct catalogue_metric catalogue[CATALOGUE_COUNT];

/* The row with this id, or NULL. */
const struct catalogue_metric *catalogue_find(const char *id);

/* Fills in an initialised metric from a row. */
enum tare_status catalogue_metric_fill(const struct catalogue_metric *row, struct metric *metric,
                                       struct tare_error *error);

#endif
