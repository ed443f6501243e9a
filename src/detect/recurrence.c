#include "detect/recurrence.h"

#include <math.h>

#include "detect/deviation.h"

enum { ENDS = 3, OFTEN = 2, LONGEST = 24, MOST = 64 };

static const double LEAST_BAD = 0.8, MOST_BAD = 1.25;

struct stretch {
    size_t length;
    double worse; /* on the mean, good ones within it included */
};

/* The stretch that begins at values[*at], which is bad; *at goes behind what ends it. False: it
 * goes on to the end. */
static bool stretch_read(const struct metric *metric, double reference, const double *values,
                         size_t count, size_t *at, struct stretch *stretch)
{
    double spared = deviation_spared(metric, reference);
    double sum = 0, since = 0;
    size_t length = 0, good = 0;
    for (; *at < count && good < ENDS; ++*at) {
        double worse = deviation_worse(metric->better, values[*at], reference);
        if (isnan(worse))
            continue;
        since += worse;
        good++;
        if (!(worse > spared))
            continue;
        sum += since;
        length += good;
        since = 0;
        good = 0;
    }
    *stretch = (struct stretch){length, sum / (double)length};
    return good == ENDS;
}

bool recurrence_found(const struct metric *metric, double reference, const double *values,
                      size_t count)
{
    struct stretch before[MOST], now = {0};
    double spared = deviation_spared(metric, reference);
    size_t found = 0, often = 0;
    for (size_t at = 0; at < count;) {
        if (!(deviation_worse(metric->better, values[at], reference) > spared))
            at++;
        else if (!stretch_read(metric, reference, values, count, &at, &now))
            break;
        else {
            before[found++ % MOST] = now;
            now = (struct stretch){0};
        }
    }
    for (size_t i = 0; i < found && i < MOST; i++)
        often += before[i].length >= now.length && before[i].length <= LONGEST &&
                 before[i].worse >= LEAST_BAD * now.worse &&
                 before[i].worse <= MOST_BAD * now.worse;
    return now.length > 0 && often >= OFTEN;
}
