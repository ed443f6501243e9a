/* Units: which ones tare knows, how they convert, and how a value reads to a person. */
#ifndef MODEL_UNIT_H
#define MODEL_UNIT_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* The base unit that values in `unit` are stored in: "ms" for every time, "MB" for every size,
 * the unit itself for all others. `factor` turns a value in `unit` into the base unit. Static
 * string, or `unit` itself. */
const char *unit_base(const char *unit, double *factor);

/* Whether a value in unit `from` can be stored in a metric of base unit `to`; `factor` converts.
 */
bool unit_convert(const char *from, const char *to, double *factor);

/* The smallest step a value in this base unit takes: 1 for counts, tokens and bytes; 1e-6 for ms;
 * 0 where nothing is known. */
double unit_resolution(const char *unit);

/* 1–31 bytes of printable UTF-8. */
bool unit_valid(const char *unit);

#define UNIT_TEXT_SIZE 48

/* "387 ms", "1.2 s", "328 MB", "4,123 tokens", "93.4 %", "0.0042 USD", "1": three significant
 * digits, scaled; counts whole with thousands separators. "–" for NaN. */
void unit_format(double value, const char *unit, char text[UNIT_TEXT_SIZE]);

/* A signed percentage for people: "+37 %", "−3.2 %", "±0 %"; "new" for NaN. */
void percent_format(double percent, char text[UNIT_TEXT_SIZE]);

#endif
