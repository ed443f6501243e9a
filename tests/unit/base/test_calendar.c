#include "base/calendar.h"
#include "suite.h"

#include <time.h>

/* libc's own calendar, day by day over a thousand years and some. */
TEST(calendar__agrees_with_libc)
{
    const int64_t day_seconds = 86400;
    for (int64_t days = calendar_days((struct calendar_date){1500, 1, 1});
         days <= calendar_days((struct calendar_date){2600, 12, 31}); days++) {
        struct tm utc;
        time_t seconds = (time_t)(days * day_seconds);
        gmtime_r(&seconds, &utc);
        struct calendar_date date = calendar_date(days);
        assert_int_equal(date.year, utc.tm_year + 1900);
        assert_int_equal(date.month, utc.tm_mon + 1);
        assert_int_equal(date.day, utc.tm_mday);
        assert_int_equal(calendar_days(date), days);
    }
}

TEST(calendar__knows_the_days_that_everybody_knows)
{
    assert_int_equal(calendar_days((struct calendar_date){1970, 1, 1}), 0);
    assert_int_equal(calendar_days((struct calendar_date){2000, 2, 29}), 11016);
    assert_int_equal(calendar_days((struct calendar_date){1900, 2, 29}),
                     calendar_days((struct calendar_date){1900, 3, 1}));
    assert_int_equal(calendar_days((struct calendar_date){1, 1, 1}), -719162);
    assert_int_equal(calendar_date(-719528).year, 0);
    assert_int_equal(calendar_date(-719529).year, -1);
}
