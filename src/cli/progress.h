/* A bar on standard error, where that is a terminal, for what takes over a second. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    bool wanted; /* standard error is a terminal */
    int64_t began_ns, shown_ns;
    bool is_shown; /* something stands on the line */
};

void progress_begin(struct progress *progress);

/* "Reading ██████░░░░░░  50 % of 103.8 MB". Without a total (0) it is only said what there is so
 * far. Draws a few times a second, and nothing in the first. */
void progress_show(struct progress *progress, const char *doing, double done, double total,
                   const char *unit);

/* Leaves the line as it was before. */
void progress_end(struct progress *progress);

#endif
