#include "cli/progress.h"

#include "base/clock.h"

#include <stdio.h>
#include <unistd.h>

enum { CELLS = 24 };

void progress_begin(struct progress *progress)
{
    int64_t now_ns = clock_monotonic_ns();
    *progress = (struct progress){
        .wanted = isatty(STDERR_FILENO) != 0, .began_ns = now_ns, .shown_ns = now_ns};
}

/* Not before a second has passed, then five times in one. */
static bool is_due(struct progress *progress)
{
    int64_t now_ns = clock_monotonic_ns();
    if (!progress->wanted || now_ns - progress->began_ns < CLOCK_NS_PER_SECOND ||
        now_ns - progress->shown_ns < CLOCK_NS_PER_SECOND / 5)
        return false;
    progress->shown_ns = now_ns;
    progress->is_shown = true;
    return true;
}

void progress_show(struct progress *progress, const char *doing, double done, double total,
                   const char *unit)
{
    if (!is_due(progress))
        return;
    fprintf(stderr, "\r%s ", doing);
    if (total > 0) {
        double share = done < total ? done / total : 1;
        for (int cell = 0; cell < CELLS; cell++)
            fputs(cell < (int)(share * CELLS) ? "█" : "░", stderr);
        fprintf(stderr, " %3d %% of %.1f %s", (int)(100 * share), total, unit);
    } else {
        fprintf(stderr, "%.1f %s", done, unit);
    }
    fputs("\033[K", stderr);
}

void progress_end(struct progress *progress)
{
    if (progress->is_shown)
        fputs("\r\033[K", stderr);
    progress->is_shown = false;
}
