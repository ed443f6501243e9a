/* How well found change points agree with people's, after van den Burg & Williams (2020), "An
 * evaluation of change point detection algorithms": margin 5, index 0 counts for everyone. */
#ifndef BENCH_SCORE_H
#define BENCH_SCORE_H

#include "histories.h"

enum { SCORE_MARGIN = 5 };

/* How many of `true_marks` have a found mark of their own within the margin. */
size_t score_matches(const struct marks *true_marks, const struct marks *found);

/* Precision against what anyone marked, recall the mean over people. */
double score_f1(const struct history *history, const struct marks *found);

/* Mean over people of the weighted best overlap of their segments with the found ones. */
double score_covering(const struct history *history, const struct marks *found);

#endif
