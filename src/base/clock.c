#include "base/clock.h"

#include "base/calendar.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t read_clock(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * CLOCK_NS_PER_SECOND + now.tv_nsec;
}

int64_t clock_now_ns(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t clock_monotonic_ns(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

/* Writes a number in so many digits; where they end. */
static char *digits_put(char *at, int number, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        at[i] = (char)('0' + number % 10);
        number /= 10;
    }
    return at + count;
}

void clock_format(int64_t time_ns, char text[CLOCK_TEXT_SIZE])
{
    int64_t of_day = time_ns % CLOCK_NS_PER_DAY, days = time_ns / CLOCK_NS_PER_DAY;
    if (of_day < 0) {
        of_day += CLOCK_NS_PER_DAY;
        days--;
    }
    int64_t fraction = of_day % CLOCK_NS_PER_SECOND;
    int seconds = (int)(of_day / CLOCK_NS_PER_SECOND);
    struct calendar_date date = calendar_date(days);
    char *at = digits_put(text, date.year, 4);
    const struct {
        char before;
        int number;
    } parts[] = {{'-', date.month},
                 {'-', date.day},
                 {'T', seconds / 3600},
                 {':', seconds / 60 % 60},
                 {':', seconds % 60}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        *at++ = parts[i].before;
        at = digits_put(at, parts[i].number, 2);
    }
    if (fraction != 0)
        *at++ = '.';
    if (fraction % 1000 != 0)
        at = digits_put(at, (int)fraction, 9);
    else if (fraction % 1000000 != 0)
        at = digits_put(at, (int)(fraction / 1000), 6);
    else if (fraction != 0)
        at = digits_put(at, (int)(fraction / 1000000), 3);
    memcpy(at, "Z", 2);
}

static bool digits(const char **at, int count, int *value)
{
    int sum = 0;
    for (int i = 0; i < count; i++) {
        char c = (*at)[i];
        if (c < '0' || c > '9')
            return false;
        sum = sum * 10 + (c - '0');
    }
    *at += count;
    *value = sum;
    return true;
}

static bool literal(const char **at, char c)
{
    if (**at != c)
        return false;
    (*at)++;
    return true;
}

static bool parse_date(const char **at, int64_t *days)
{
    struct calendar_date date;
    if (!digits(at, 4, &date.year) || !literal(at, '-') || !digits(at, 2, &date.month) ||
        !literal(at, '-') || !digits(at, 2, &date.day))
        return false;
    if (date.year < CLOCK_YEAR_FIRST || date.year > CLOCK_YEAR_LAST)
        return false;
    if (date.month < 1 || date.month > 12 || date.day < 1)
        return false;
    *days = calendar_days(date);
    return calendar_date(*days).day == date.day; /* not the 30th of February */
}

/* Of the day. */
static bool parse_time(const char **at, int64_t *time_ns)
{
    int hour, minute, second = 0;
    int64_t place = CLOCK_NS_PER_SECOND / 10, fraction_ns = 0;
    if (!digits(at, 2, &hour) || !literal(at, ':') || !digits(at, 2, &minute))
        return false;
    if (literal(at, ':') && !digits(at, 2, &second))
        return false;
    if (hour > 23 || minute > 59 || second > 60)
        return false;
    if (literal(at, '.')) {
        const char *start = *at;
        for (; **at >= '0' && **at <= '9'; (*at)++, place /= 10)
            fraction_ns += (**at - '0') * place;
        if (*at == start)
            return false;
    }
    *time_ns = ((int64_t)hour * 3600 + minute * 60 + second) * CLOCK_NS_PER_SECOND + fraction_ns;
    return true;
}

static bool parse_offset(const char **at, int64_t *offset_seconds)
{
    *offset_seconds = 0;
    if (**at == '\0' || literal(at, 'Z') || literal(at, 'z'))
        return true;
    int sign = **at == '+' ? 1 : -1;
    if (**at != '+' && **at != '-')
        return false;
    (*at)++;
    int hours, minutes = 0;
    if (!digits(at, 2, &hours))
        return false;
    literal(at, ':');
    if (**at != '\0' && !digits(at, 2, &minutes))
        return false;
    *offset_seconds = sign * (hours * 3600 + minutes * 60);
    return true;
}

bool clock_parse(const char *text, int64_t *time_ns)
{
    int64_t days, of_day_ns = 0, offset_seconds = 0;
    const char *at = text;
    if (!parse_date(&at, &days))
        return false;
    if (*at == 'T' || *at == 't' || *at == ' ') {
        at++;
        if (!parse_time(&at, &of_day_ns))
            return false;
        if (!parse_offset(&at, &offset_seconds))
            return false;
    }
    if (*at != '\0')
        return false;
    *time_ns = days * CLOCK_NS_PER_DAY + of_day_ns - offset_seconds * CLOCK_NS_PER_SECOND;
    return true;
}

bool clock_span_parse(const char *text, int64_t *span_ns)
{
    char *end;
    errno = 0;
    long number = strtol(text, &end, 10);
    if (end == text || errno != 0 || number <= 0 || number > 36500 || end[0] == '\0' ||
        end[1] != '\0')
        return false;
    int64_t unit_ns = *end == 'w'   ? 7 * CLOCK_NS_PER_DAY
                      : *end == 'd' ? CLOCK_NS_PER_DAY
                      : *end == 'h' ? CLOCK_NS_PER_DAY / 24
                                    : 0;
    if (unit_ns == 0 || number > 36500 * CLOCK_NS_PER_DAY / unit_ns)
        return false;
    *span_ns = number * unit_ns;
    return true;
}

int64_t clock_later(int64_t time_ns, double passed_ns)
{
    int64_t later;
    if (passed_ns >= -9e18 && passed_ns <= 9e18 &&
        !__builtin_add_overflow(time_ns, (int64_t)passed_ns, &later))
        return later;
    return passed_ns < 0 ? INT64_MIN : INT64_MAX;
}
