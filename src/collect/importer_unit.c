#include "collect/importer_unit.h"

#include "model/unit.h"

#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct unit_spelling {
    const char *spelled; /* in any case */
    const char *unit;
};

static const struct unit_spelling spellings[] = {
    {"nanosecond", "ns"},  {"nanoseconds", "ns"},  {"nsec", "ns"},         {"nsecs", "ns"},
    {"microsecond", "us"}, {"microseconds", "us"}, {"usec", "us"},         {"usecs", "us"},
    {"μs", "us"},          {"millisecond", "ms"},  {"milliseconds", "ms"}, {"msec", "ms"},
    {"msecs", "ms"},       {"second", "s"},        {"seconds", "s"},       {"secs", "s"},
    {"minute", "min"},     {"minutes", "min"},     {"hour", "h"},          {"hours", "h"},
    {"kilobyte", "kB"},    {"kilobytes", "kB"},    {"megabyte", "MB"},     {"megabytes", "MB"},
    {"gigabyte", "GB"},    {"gigabytes", "GB"},    {"kibibytes", "KiB"},   {"mebibytes", "MiB"},
    {"gibibytes", "GiB"},  {"percent", "%"},       {"percentage", "%"},    {"allocs", "count"},
};

/* "ns/op" is a time: an operation is what was measured. */
static const char *const each[] = {"/op", "/iter", "/iteration", "/operation", "/call"};

static bool ends_in(const char *text, const char *tail, size_t *rest)
{
    size_t length = strlen(text), tail_length = strlen(tail);
    if (length <= tail_length || strcasecmp(text + length - tail_length, tail) != 0)
        return false;
    *rest = length - tail_length;
    return true;
}

static void spelling_read(char *unit)
{
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++)
        if (strcasecmp(unit, spellings[i].spelled) == 0) {
            snprintf(unit, IMPORT_UNIT_SIZE, "%s", spellings[i].unit);
            return;
        }
}

/* The first line's first column, cut at the end of a character; no control characters. */
static void unit_clean(const char *unit, char *clean)
{
    snprintf(clean, IMPORT_UNIT_SIZE, "%.*s", (int)strcspn(unit, "\t\n"), unit);
    size_t length = strlen(clean);
    if (unit[length] != '\0')
        while (length > 0 && ((unsigned char)unit[length] & 0xc0) == 0x80)
            clean[--length] = '\0';
    for (char *at = clean; *at != '\0'; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            *at = ' ';
}

double import_unit(const char *unit, char base[IMPORT_UNIT_SIZE])
{
    char whole[IMPORT_UNIT_SIZE], single[IMPORT_UNIT_SIZE];
    double factor;
    size_t rest;
    unit_clean(unit != NULL ? unit : "", whole);
    spelling_read(whole);
    for (size_t i = 0; i < sizeof each / sizeof each[0]; i++) {
        if (!ends_in(whole, each[i], &rest))
            continue;
        snprintf(single, sizeof single, "%.*s", (int)rest, whole);
        spelling_read(single);
        const char *found = unit_base(single, &factor);
        if (found != single) {
            snprintf(base, IMPORT_UNIT_SIZE, "%s", found);
            return factor;
        }
    }
    const char *found = unit_base(whole, &factor);
    snprintf(base, IMPORT_UNIT_SIZE, "%s", found);
    return factor;
}

enum tare_better import_unit_better(const char *unit, bool *sure)
{
    static const char *const rates[] = {"/s", "/sec", "/second", "/ms", "/us", "/ns", "/min"};
    size_t rest;
    bool known = false;
    enum tare_better better = TARE_LOWER;
    const char *text = unit != NULL ? unit : "";
    for (size_t i = 0; i < sizeof rates / sizeof rates[0] && !known; i++)
        known = ends_in(text, rates[i], &rest);
    if (known || strncmp(text, "ops/", 4) == 0) {
        known = true;
        better = TARE_HIGHER;
    } else if (strcmp(text, "allocs/op") == 0 || strcmp(text, "B/op") == 0) {
        known = true;
        better = TARE_EXACT;
    } else {
        char base[IMPORT_UNIT_SIZE];
        import_unit(text, base);
        known = strcmp(base, "ms") == 0 || strcmp(base, "MB") == 0;
    }
    if (sure != NULL)
        *sure = known;
    return better;
}
