#include "record/undisturbed.h"

#include <pthread.h>
#include <string.h>

void undisturbed_begin(struct undisturbed *before)
{
    sigset_t all;
    memset(&all, 0xff, sizeof all); /* sigfillset(), without a call to be bound */
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before->cancel);
    pthread_sigmask(SIG_SETMASK, &all, &before->signals);
}

void undisturbed_end(const struct undisturbed *before)
{
    pthread_sigmask(SIG_SETMASK, &before->signals, NULL);
    pthread_setcancelstate(before->cancel, NULL);
}
