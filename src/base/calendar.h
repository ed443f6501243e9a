/* Days and dates of the Gregorian calendar, also before it was in use.
 *
 * Not gmtime_r(3) and timegm(3): glibc's read /etc/localtime on their first call and take a lock,
 * which libtare must not do in a program that is not ours; and they bring the reading of time
 * zones, and scanf(3) with it, into every program that is linked statically. */
#ifndef BASE_CALENDAR_H
#define BASE_CALENDAR_H

#include <stdint.h>

struct calendar_date {
    int year, month, day; /* from 1 on */
};

/* Days from 1970-01-01 to a date. A day behind the month's last is one of the next month. */
int64_t calendar_days(struct calendar_date date);

/* The date so many days after 1970-01-01. */
struct calendar_date calendar_date(int64_t days);

#endif
