/* Change points and trend: of a stored series (`trend`), of any numbers (`analyze`). */
#ifndef APP_HISTORY_H
#define APP_HISTORY_H

#include "model/history.h"
#include "store/store.h"

#include <stdio.h>

/* Finds change points and trend of report->values, and fills in the commits of the points. */
enum tare_status history_examine(struct history_report *report, struct tare_error *error);

/* Every series of a metric that the filter lets through and that has data, newest
 * filter->limit measurements each, into an empty list. */
enum tare_status history_build(struct store *store, const struct store_filter *filter,
                               struct history_list *list, struct tare_error *error);

/* Reads a CSV file or a column of numbers into an initialised report: the column named `column`,
 * else the last one that holds numbers; times from a column "time", "date" or "timestamp". Cells
 * that are empty or not numbers are gaps. TARE_E_SYNTAX with the line: no number anywhere, or no
 * such column. */
enum tare_status history_read(FILE *stream, const char *name, const char *column,
                              struct history_report *report, struct tare_error *error);

#endif
