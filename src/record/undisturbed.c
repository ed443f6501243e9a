#include "record/undisturbed.h"

#include <pthread.h>
#include <string.h>
#include <sys/single_threaded.h>

int undisturbed_cancel_defer(void)
{
    int before = PTHREAD_CANCEL_DISABLE;
    if (!__libc_single_threaded)
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
    return before;
}

void undisturbed_cancel_restore(int before)
{
    if (before == PTHREAD_CANCEL_ENABLE)
        pthread_setcancelstate(before, NULL);
}

void undisturbed_begin(struct undisturbed *before)
{
    sigset_t all;
    memset(&all, 0xff, sizeof all); /* sigfillset(), without a call to be bound */
    before->cancel = undisturbed_cancel_defer();
    pthread_sigmask(SIG_SETMASK, &all, &before->signals);
}

void undisturbed_end(const struct undisturbed *before)
{
    pthread_sigmask(SIG_SETMASK, &before->signals, NULL);
    undisturbed_cancel_restore(before->cancel);
}
