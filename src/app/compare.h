/* `compare A B`: two sets of measurements, series by series. */
#ifndef APP_COMPARE_H
#define APP_COMPARE_H

#include "model/comparison.h"
#include "store/store.h"

/* Fills in a zeroed report: every series that has measurements in both, B held against A. Where
 * either has fewer than three measurements of a series, their samples are compared instead.
 * TARE_E_NOT_FOUND: a name means nothing, see selection_read(). */
enum tare_status compare_build(struct store *store, const struct store_filter *filter,
                               const char *a, const char *b, struct comparison_report *report,
                               struct tare_error *error);

#endif
