#include "present/text_cells.h"

#include "model/unit.h"

#include <math.h>
#include <stdio.h>

void text_cell_value(struct text_table *table, size_t column, double value, const char *unit)
{
    char text[UNIT_TEXT_SIZE];
    unit_format(value, unit, text);
    text_table_cell(table, column, text);
}

void text_cell_count(struct text_table *table, size_t column, uint64_t count)
{
    text_cell_value(table, column, (double)count, "count");
}

void text_cell_percent(struct text_table *table, size_t column, double percent)
{
    char text[UNIT_TEXT_SIZE];
    percent_format(percent, text);
    text_table_cell(table, column, isnan(percent) ? "–" : text);
}

const char *text_short_time(int64_t time_ns, char text[CLOCK_TEXT_SIZE])
{
    if (time_ns == 0)
        return "–";
    clock_format(time_ns, text);
    text[10] = ' ';
    text[16] = 'Z'; /* who reads it may live elsewhere */
    text[17] = '\0';
    return text;
}

const char *text_day(int64_t time_ns, char text[CLOCK_TEXT_SIZE])
{
    if (time_ns == 0)
        return "–";
    clock_format(time_ns, text);
    text[10] = '\0';
    return text;
}

const char *text_short_commit(const char *commit, char text[16])
{
    if (commit == NULL || commit[0] == '\0')
        return "–";
    snprintf(text, 16, "%.7s", commit);
    return text;
}
