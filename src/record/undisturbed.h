/* A stretch that a thread brings to its end: no signal handler comes in between, that could
 * neither wait for what the thread is about nor do without, and no pthread_cancel(3), that would
 * leave it undone for all others. */
#ifndef RECORD_UNDISTURBED_H
#define RECORD_UNDISTURBED_H

#include <signal.h>

struct undisturbed {
    sigset_t signals; /* as they were before */
    int cancel;
};

void undisturbed_begin(struct undisturbed *before);
void undisturbed_end(const struct undisturbed *before);

/* pthread_cancel(3) alone: what undisturbed_cancel_restore() wants. A process of one thread has
 * nobody who would wait, and is spared the page of libc. */
int undisturbed_cancel_defer(void);
void undisturbed_cancel_restore(int before);

#endif
