/* The rows of the table. Each group prints its own. */
#ifndef BENCH_ROWS_H
#define BENCH_ROWS_H

#include "histories.h"

#include "stats/change_points.h"

/* The change points of a series by tare's defaults; marks.at is the caller's to free. Memory that
 * cannot be had ends the program. */
struct marks detect(const double *values, size_t n);

/* One row: what, the figure, what it has to be ("≥ 0.84"), and whether it is. */
void row_print(const char *what, double figure, int decimals, char relation, double bound);

void rows_labelled(void); /* against people */
void rows_planted(void);  /* steps we planted ourselves, and noise without any */
void rows_online(void);   /* one measurement after another */
void rows_speed(void);

#endif
