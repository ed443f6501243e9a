/* Time: nanoseconds since the epoch, UTC, in int64_t; text only at the edge. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_NS_PER_SECOND INT64_C(1000000000)
#define CLOCK_NS_PER_DAY    (INT64_C(86400) * CLOCK_NS_PER_SECOND)

/* Wall-clock time now, in nanoseconds since the epoch. */
int64_t clock_now_ns(void);

/* Monotonic time now, in nanoseconds since boot. */
int64_t clock_monotonic_ns(void);

/* "2026-01-31T12:34:56.789012345Z" */
#define CLOCK_TEXT_SIZE 40

/* Writes RFC 3339 UTC with as many fraction digits as needed (0, 3, 6 or 9). */
void clock_format(int64_t time_ns, char text[CLOCK_TEXT_SIZE]);

/* The whole years that int64_t nanoseconds hold. */
#define CLOCK_YEAR_FIRST 1678
#define CLOCK_YEAR_LAST  2261

/* Reads RFC 3339 ("2026-01-31T12:34:56.5Z", "+01:00" offsets, a space for the T, a bare date is
 * midnight UTC). False, with `time_ns` untouched, when the text is anything else, or of a year
 * that int64_t does not hold. */
bool clock_parse(const char *text, int64_t *time_ns);

/* Reads a number of hours, days or weeks ("12h", "7d", "2w"), a century at most. False, with
 * `span_ns` untouched, when the text is anything else. */
bool clock_span_parse(const char *text, int64_t *span_ns);

/* A moment so much later, or earlier; the last moment, or the first, where int64_t ends. */
int64_t clock_later(int64_t time_ns, double passed_ns);

#endif
