#include "base/calendar.h"

/* A year that begins in March ends with its leap day, and its months come in fives of 153 days.
 * Source: C. F. Gauß' and Zeller's congruences; the form of E. G. Richards, "Mapping Time" (1998).
 */
#define DAYS_400_YEARS   146097
#define DAYS_BEFORE_1970 719468 /* from March 1st of the year 0 */
#define DAYS_FIVE_MONTHS 153

static int64_t floor_divide(int64_t number, int64_t by)
{
    return number / by - (number % by < 0);
}

int64_t calendar_days(struct calendar_date date)
{
    int month = (date.month + 9) % 12; /* March is 0 */
    int64_t year = (int64_t)date.year - (month >= 10), era = floor_divide(year, 400);
    int64_t of_era = year - era * 400;
    int64_t of_year = (DAYS_FIVE_MONTHS * month + 2) / 5 + date.day - 1;
    return era * DAYS_400_YEARS + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
           DAYS_BEFORE_1970;
}

struct calendar_date calendar_date(int64_t days)
{
    int64_t since = days + DAYS_BEFORE_1970, era = floor_divide(since, DAYS_400_YEARS);
    int64_t day = since - era * DAYS_400_YEARS;
    int64_t year = (day - day / 1460 + day / 36524 - day / (DAYS_400_YEARS - 1)) / 365;
    int of_year = (int)(day - (year * 365 + year / 4 - year / 100));
    int month = (of_year * 5 + 2) / DAYS_FIVE_MONTHS;
    return (struct calendar_date){.year = (int)(era * 400 + year + (month >= 10)),
                                  .month = month < 10 ? month + 3 : month - 9,
                                  .day = of_year - (DAYS_FIVE_MONTHS * month + 2) / 5 + 1};
}
