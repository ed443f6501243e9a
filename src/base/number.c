#include "base/number.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whatever has at most so many digits is one double's only: it reads back. */
#define DIGITS_SURE 15

size_t number_write_whole(uint64_t value, char text[NUMBER_TEXT_SIZE])
{
    char digits[NUMBER_TEXT_SIZE];
    size_t count = 0;
    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    for (size_t i = 0; i < count; i++)
        text[i] = digits[count - 1 - i];
    text[count] = '\0';
    return count;
}

/* "12.345" from 12345 and 3. */
static size_t decimal_write(uint64_t digits, int decimals, char *text)
{
    for (; decimals > 0 && digits % 10 == 0; decimals--)
        digits /= 10;
    size_t length = number_write_whole(digits, text);
    if (decimals == 0)
        return length;
    size_t places = (size_t)decimals;
    if (length <= places) { /* zeros up to the one before the point */
        size_t zeros = places + 1 - length;
        memmove(text + zeros, text, length + 1);
        memset(text, '0', zeros);
        length += zeros;
    }
    memmove(text + length - places + 1, text + length - places, places + 1);
    text[length - places] = '.';
    return length + 1;
}

static size_t digits_write(double value, char *text)
{
    int length = 0;
    int fewest = fabs(value) < DBL_MIN ? 1 : DIGITS_SURE; /* denormal ones have fewer */
    for (int digits = fewest; digits <= 17; digits++) {
        length = snprintf(text, NUMBER_TEXT_SIZE, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    return (size_t)length;
}

/* Most numbers are short decimals: a whole number below 10^15 over a power of ten that a double
 * holds exactly. The quotient of the two is rounded as the decimal would be on reading, so that
 * it is enough to look whether it is the number. printf(3) does the others, ten times as slow. */
size_t number_write(double value, char text[NUMBER_TEXT_SIZE])
{
    static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,
                                  1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19};
    double size = fabs(value);
    if (size == 0) {
        strncpy(text, signbit(value) ? "-0.0" : "0", NUMBER_TEXT_SIZE);
        return strlen(text);
    }
    if (!(size >= 1e-4 && size < 1e15))
        return digits_write(value, text);
    int decimals = DIGITS_SURE + 3;
    while (size * tens[decimals] >= 1e15)
        decimals--;
    double digits = rint(size * tens[decimals]);
    if (digits / tens[decimals] != size)
        return digits_write(value, text);
    text[0] = '-';
    size_t sign = value < 0;
    return sign + decimal_write((uint64_t)digits, decimals, text + sign);
}

double number_read(const char *text, char **end)
{
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (c == (locale_t)0)
        return strtod(text, end);
    double value = strtod_l(text, end, c);
    freelocale(c);
    return value;
}
