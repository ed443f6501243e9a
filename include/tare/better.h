/* Which way is better. */
#ifndef TARE_BETTER_H
#define TARE_BETTER_H

enum tare_better {
    TARE_LOWER = 0, /* less is better: times, sizes, money       */
    TARE_HIGHER,    /* more is better: hit rates, throughput     */
    TARE_EXACT      /* any departure is worse: numbers of things */
};

#endif
