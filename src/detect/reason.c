#include "detect/reason.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "detect/deviation.h"
#include "model/unit.h"

/* Takes off the last character of a text that was cut within it. */
static void drop_unfinished(char *text)
{
    size_t last = strlen(text);
    if (last == 0)
        return;
    do
        last--;
    while (last > 0 && ((unsigned char)text[last] & 0xc0) == 0x80);
    unsigned char lead = (unsigned char)text[last];
    size_t wanted = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (strlen(text + last) < wanted)
        text[last] = '\0';
}

/* Appends to the reason; what does not fit is cut at a whole UTF-8 character. */
static void add(struct verdict *verdict, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add(struct verdict *verdict, const char *format, ...)
{
    size_t used = strlen(verdict->reason), room = sizeof verdict->reason;
    va_list arguments;
    va_start(arguments, format);
    int wanted = vsnprintf(verdict->reason + used, room - used, format, arguments);
    va_end(arguments);
    if (wanted >= 0 && (size_t)wanted >= room - used)
        drop_unfinished(verdict->reason);
}

/* The size of a deviation, without sign: "8.3 %", "19.7 %", "15,038 %". */
static void percent_size(double percent, char text[UNIT_TEXT_SIZE])
{
    char signed_text[UNIT_TEXT_SIZE];
    percent_format(fabs(percent), signed_text);
    bool plus = signed_text[0] == '+';
    snprintf(text, UNIT_TEXT_SIZE, "%s", plus ? signed_text + 1 : "0.0 %");
}

/* "is 37 % above", "is below", "equals": where x stands to a reference. */
static void place(const struct metric *metric, double x, double ref, struct verdict *verdict)
{
    double percent = deviation_percent(metric->better, x, ref);
    const char *side = x > ref ? "above" : "below";
    char size[UNIT_TEXT_SIZE];
    percent_size(percent, size);
    if (x == ref)
        add(verdict, " equals");
    else if (isnan(percent))
        add(verdict, " is %s", side);
    else
        add(verdict, " is %s %s", size, side);
}

static void add_baseline(const struct metric *metric, const struct baseline *baseline,
                         struct verdict *verdict)
{
    char centre[UNIT_TEXT_SIZE], spread[UNIT_TEXT_SIZE];
    unit_format(baseline->centre, metric->unit, centre);
    unit_format(baseline->spread, metric->unit, spread);
    if (baseline->spread_at_floor)
        add(verdict, "the baseline of %s, which did not vary in %u measurements", centre,
            baseline->n);
    else
        add(verdict, "the baseline of %s ± %s from %u measurements", centre, spread, baseline->n);
    add(verdict, " (z %.1f)", verdict->z);
}

static void add_target(const struct metric *metric, double value, struct verdict *verdict)
{
    char target[UNIT_TEXT_SIZE], size[UNIT_TEXT_SIZE];
    unit_format(metric->target, metric->unit, target);
    percent_size(verdict->deviation_target_percent, size);
    if (deviation_worse(metric->better, value, metric->target) <= 0)
        add(verdict, "within the target of %s", target);
    else if (isnan(verdict->deviation_target_percent))
        add(verdict, "past the target of %s", target);
    else
        add(verdict, "%s past the target of %s", size, target);
}

static void write_learning(const struct metric *metric, const struct baseline *baseline,
                           double value, struct verdict *verdict)
{
    if (!isnan(metric->target)) {
        add(verdict, " is ");
        add_target(metric, value, verdict);
    }
    add(verdict, "; no baseline yet: %u of %u measurements", baseline->n, baseline->minimum);
}

static void write_known(const struct metric *metric, const struct baseline *baseline, double value,
                        struct verdict *verdict)
{
    add(verdict, " is ");
    add_target(metric, value, verdict);
    char centre[UNIT_TEXT_SIZE];
    unit_format(baseline->centre, metric->unit, centre);
    add(verdict, ", but not new: the baseline is %s from %u measurements (z %.1f)", centre,
        baseline->n, verdict->z);
}

static void write_compared(const struct metric *metric, const struct baseline *baseline,
                           double value, struct verdict *verdict)
{
    place(metric, value, baseline->centre, verdict);
    add(verdict, " ");
    add_baseline(metric, baseline, verdict);
    bool small = fabs(value - baseline->centre) < metric->min_change && value != baseline->centre;
    if (small && fabs(verdict->deviation_baseline_percent) > metric->warning_percent) {
        char change[UNIT_TEXT_SIZE];
        unit_format(metric->min_change, metric->unit, change);
        add(verdict, ", a change of less than %s", change);
    }
    if (isnan(metric->target))
        return;
    add(verdict, verdict->target_severity > SEVERITY_OK ? ", and " : ", ");
    add_target(metric, value, verdict);
    if (verdict->baseline_severity > SEVERITY_OK && verdict->target_severity == SEVERITY_OK &&
        deviation_worse(metric->better, value, metric->target) <= 0)
        add(verdict, ": the budget is intact");
}

void reason_write(const struct metric *metric, const struct baseline *baseline, double value,
                  struct verdict *verdict)
{
    char text[UNIT_TEXT_SIZE];
    unit_format(value, metric->unit, text);
    verdict->reason[0] = '\0';
    add(verdict, "%s", text);
    if (verdict->learning)
        write_learning(metric, baseline, value, verdict);
    else if (verdict->known)
        write_known(metric, baseline, value, verdict);
    else
        write_compared(metric, baseline, value, verdict);
}

void reason_write_set(const struct metric *metric, const struct baseline *baseline, double median,
                      size_t n, struct verdict *verdict)
{
    char text[UNIT_TEXT_SIZE], centre[UNIT_TEXT_SIZE], size[UNIT_TEXT_SIZE];
    double percent = verdict->deviation_baseline_percent;
    unit_format(median, metric->unit, text);
    unit_format(baseline->centre, metric->unit, centre);
    percent_size(percent, size);
    verdict->reason[0] = '\0';
    add(verdict, "%zu measurements around %s", n, text);
    if (isnan(percent))
        add(verdict, " are off the baseline of %s", centre);
    else
        add(verdict, " are %s %s than the baseline of %s", size, percent > 0 ? "worse" : "better",
            centre);
    add(verdict, " (z %.1f, p %.2g)", verdict->z, verdict->p);
    if (isnan(metric->target))
        return;
    add(verdict, ", ");
    add_target(metric, median, verdict);
    if (verdict->known)
        add(verdict, ", but not new");
}

void reason_append(struct verdict *verdict, const char *text)
{
    add(verdict, "%s", text);
}
