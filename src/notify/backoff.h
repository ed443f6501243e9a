/* When a failed attempt is made again. Pure. */
#ifndef NOTIFY_BACKOFF_H
#define NOTIFY_BACKOFF_H

#include <stdint.h>

#define BACKOFF_FIRST_S 30
#define BACKOFF_MOST_S  (6 * 3600)

/* How long to wait behind the `attempts`th attempt (1, 2, …): twice as long each time, at most
 * BACKOFF_MOST_S, shortened by up to a quarter by `random`, so that not all come back at once.
 * What the receiver asks for (`asked_ns`, 0: nothing) is granted up to a day when it is longer. */
int64_t backoff_ns(uint32_t attempts, uint32_t random, int64_t asked_ns);

#endif
