#include "model/unit.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct unit_row {
    char unit[8];
    char base[8];
    double factor;     /* value in `unit` × factor = value in `base` */
    double resolution; /* of the base unit */
};

static const struct unit_row unit_table[] = {
    {"ns", "ms", 1e-6, 1e-6},   {"us", "ms", 1e-3, 1e-6},   {"µs", "ms", 1e-3, 1e-6},
    {"ms", "ms", 1, 1e-6},      {"s", "ms", 1e3, 1e-6},     {"sec", "ms", 1e3, 1e-6},
    {"min", "ms", 6e4, 1e-6},   {"h", "ms", 3.6e6, 1e-6},   {"B", "MB", 1e-6, 0},
    {"byte", "MB", 1e-6, 0},    {"bytes", "MB", 1e-6, 0},   {"kB", "MB", 1e-3, 0},
    {"KB", "MB", 1e-3, 0},      {"MB", "MB", 1, 0},         {"GB", "MB", 1e3, 0},
    {"KiB", "MB", 1.024e-3, 0}, {"MiB", "MB", 1.048576, 0}, {"GiB", "MB", 1073.741824, 0},
    {"count", "count", 1, 1},   {"tokens", "tokens", 1, 1},
};

/* Eight bytes at once: a recorder asks several times for each of its metrics. */
static const struct unit_row *row_find(const char *unit)
{
    char key[sizeof unit_table[0].unit] = "";
    size_t length = strnlen(unit, sizeof key);
    if (length == sizeof key)
        return NULL;
    memcpy(key, unit, length);
    for (size_t i = 0; i < sizeof unit_table / sizeof unit_table[0]; i++)
        if (memcmp(unit_table[i].unit, key, sizeof key) == 0)
            return &unit_table[i];
    return NULL;
}

const char *unit_base(const char *unit, double *factor)
{
    const struct unit_row *row = row_find(unit);
    *factor = row != NULL ? row->factor : 1;
    return row != NULL ? row->base : unit;
}

bool unit_convert(const char *from, const char *to, double *factor)
{
    double from_factor, to_factor;
    if (strcmp(unit_base(from, &from_factor), unit_base(to, &to_factor)) != 0)
        return false;
    *factor = from_factor / to_factor;
    return true;
}

double unit_resolution(const char *unit)
{
    const struct unit_row *row = unit != NULL ? row_find(unit) : NULL;
    return row != NULL ? row->resolution : 0;
}

bool unit_valid(const char *unit)
{
    size_t length = strlen(unit);
    if (length < 1 || length > 31)
        return false;
    for (const char *at = unit; *at != '\0'; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            return false;
    return text_is_utf8(unit);
}

/* Three significant digits, without an exponent up to a million millions. */
static void digits_format(double value, char text[UNIT_TEXT_SIZE])
{
    double size = fabs(value);
    if (size != 0 && (size < 1e-6 || size >= 1e15))
        snprintf(text, UNIT_TEXT_SIZE, "%.3g", value);
    else if (size >= 99.95 || size == 0)
        snprintf(text, UNIT_TEXT_SIZE, "%.0f", value);
    else {
        int decimals = size < 0.9977 ? 3 : size < 9.977 ? 2 : 1;
        for (double below = 0.09977; size < below; below /= 10)
            decimals++;
        snprintf(text, UNIT_TEXT_SIZE, "%.*f", decimals, value);
        if (strchr(text, '.') != NULL) {
            size_t end = strlen(text);
            while (text[end - 1] == '0')
                text[--end] = '\0';
            if (text[end - 1] == '.')
                text[end - 1] = '\0';
        }
    }
}

static void separate_thousands(char text[UNIT_TEXT_SIZE])
{
    char plain[UNIT_TEXT_SIZE];
    memcpy(plain, text, UNIT_TEXT_SIZE);
    size_t start = plain[0] == '-' ? 1 : 0;
    size_t digits = strspn(plain + start, "0123456789");
    size_t to = start;
    if (plain[start + digits] != '\0' || digits + digits / 3 + 2 >= UNIT_TEXT_SIZE)
        return;
    for (size_t i = 0; i < digits; i++) {
        if (i > 0 && (digits - i) % 3 == 0)
            text[to++] = ',';
        text[to++] = plain[start + i];
    }
    text[to] = '\0';
}

struct unit_scale {
    const char *base;
    double from; /* |value| in the base unit from which this scale reads best */
    double factor;
    const char *unit;
};

static const struct unit_scale scale_table[] = {
    {"ms", 3.6e6, 1 / 3.6e6, "h"}, {"ms", 6e4, 1 / 6e4, "min"}, {"ms", 999.5, 1e-3, "s"},
    {"ms", 0.9995, 1, "ms"},       {"ms", 9.995e-4, 1e3, "µs"}, {"ms", 0, 1e6, "ns"},
    {"MB", 999.5, 1e-3, "GB"},     {"MB", 0.9995, 1, "MB"},     {"MB", 9.995e-4, 1e3, "kB"},
    {"MB", 0, 1e6, "B"},
};

void unit_format(double value, const char *unit, char text[UNIT_TEXT_SIZE])
{
    char number[UNIT_TEXT_SIZE];
    if (isnan(value)) {
        snprintf(text, UNIT_TEXT_SIZE, "–");
        return;
    }
    for (size_t i = 0; value != 0 && i < sizeof scale_table / sizeof scale_table[0]; i++) {
        const struct unit_scale *scale = &scale_table[i];
        if (strcmp(scale->base, unit) == 0 && fabs(value) >= scale->from) {
            value *= scale->factor;
            unit = scale->unit;
            break;
        }
    }
    digits_format(value, number);
    separate_thousands(number);
    if (unit[0] == '\0' || strcmp(unit, "count") == 0)
        snprintf(text, UNIT_TEXT_SIZE, "%.46s", number);
    else
        snprintf(text, UNIT_TEXT_SIZE, "%.23s %.22s", number, unit);
}

void percent_format(double percent, char text[UNIT_TEXT_SIZE])
{
    char number[UNIT_TEXT_SIZE];
    if (isnan(percent)) {
        snprintf(text, UNIT_TEXT_SIZE, "new");
        return;
    }
    double size = fabs(percent);
    if (size < 0.05)
        snprintf(text, UNIT_TEXT_SIZE, "±0 %%");
    else {
        if (size < 9.95)
            snprintf(number, sizeof number, "%.1f", size);
        else
            digits_format(size, number);
        separate_thousands(number);
        snprintf(text, UNIT_TEXT_SIZE, "%s%.40s %%", percent > 0 ? "+" : "−", number);
    }
}
