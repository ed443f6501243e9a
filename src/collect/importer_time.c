#include "collect/importer_time.h"

#include "base/clock.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A double has no room for the nanoseconds of today: whole numbers are read as such. */
static bool epoch_parse(const char *text, int64_t *time_ns)
{
    char *end;
    long long exact = strtoll(text, &end, 10);
    if (end != text && *end == '\0' && exact >= 10000000000000000) {
        *time_ns = exact;
        return exact < INT64_MAX;
    }
    double number = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(number) || number < 1e8)
        return false;
    double scale = number < 1e10 ? 1e9 : number < 1e13 ? 1e6 : number < 1e16 ? 1e3 : 1;
    double whole = floor(number);
    if (whole * scale >= 9.2e18)
        return false;
    *time_ns = (int64_t)whole * (int64_t)scale + (int64_t)((number - whole) * scale);
    return true;
}

/* "+0100", "+01:00", "Z", "UTC", "GMT" or nothing, as clock_parse() takes it. */
static bool zone_copy(const char *from, char *to, size_t size)
{
    while (*from == ' ')
        from++;
    if (*from == '\0' || strcmp(from, "UTC") == 0 || strcmp(from, "GMT") == 0)
        from = "Z";
    return snprintf(to, size, "%s", from) < (int)size;
}

bool import_time_parse(const char *text, int64_t *time_ns)
{
    int year, month, day, hour = 0, minute = 0, used = 0;
    char between[2], seconds[24] = "00", zone[12], canonical[80];
    if (epoch_parse(text, time_ns))
        return true;
    if (sscanf(text, "%4d%1[-./]%2d%1[-./]%2d%n", &year, between, &month, between, &day, &used) <
            5 ||
        used == 0)
        return false;
    text += used;
    if (*text == ' ' || *text == 'T') {
        used = 0;
        if (sscanf(text + 1, "%2d:%2d%n", &hour, &minute, &used) < 2 || used == 0)
            return false;
        text += 1 + used;
        used = 0;
        if (sscanf(text, ":%20[0-9.]%n", seconds, &used) == 1)
            text += used;
    }
    if (hour < 0 || minute < 0 || !zone_copy(text, zone, sizeof zone))
        return false;
    snprintf(canonical, sizeof canonical, "%04d-%02d-%02dT%02d:%02d:%s%s", year, month, day, hour,
             minute, seconds, zone);
    return clock_parse(canonical, time_ns);
}
