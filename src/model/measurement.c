#include "model/measurement.h"

#include <math.h>
#include <stdlib.h>

void series_init(struct series *series)
{
    *series = (struct series){0};
}

void series_release(struct series *series)
{
    free(series->metric_id);
    free(series->app);
    free(series->environment);
    free(series->labels);
    series_init(series);
}

bool measurement_counts(const struct measurement *measurement)
{
    bool outcome_counts = measurement->outcome == OUTCOME_OK ||
                          measurement->outcome == OUTCOME_RUNNING;
    return outcome_counts && !measurement->excluded && isfinite(measurement->value);
}
