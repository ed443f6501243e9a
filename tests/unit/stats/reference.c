#include "stats/reference.h"

#include "suite.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static double *list_parse(char *text, size_t *count)
{
    size_t room = 0;
    double *list = NULL;
    *count = 0;
    for (char *end;; text = end) {
        double value = strtod(text, &end);
        if (end == text)
            return list;
        if (*count == room) {
            room = room ? 2 * room : 16;
            list = realloc(list, room * sizeof *list);
            assert_non_null(list);
        }
        list[(*count)++] = value;
    }
}

static bool line_check(char *line, const char *name, void (*check)(struct reference *))
{
    size_t length = strlen(name);
    if (strncmp(line, name, length) != 0 || strncmp(line + length, " |", 2) != 0)
        return false;
    struct reference reference = {0};
    char *field = strchr(line, '|');
    for (size_t i = 0; i < REFERENCE_LISTS && field; i++) {
        reference.list[i] = list_parse(field + 1, &reference.count[i]);
        field = strchr(field + 1, '|');
    }
    check(&reference);
    for (size_t i = 0; i < REFERENCE_LISTS; i++)
        free(reference.list[i]);
    return true;
}

void reference_each(const char *name, void (*check)(struct reference *reference))
{
    FILE *file = fopen(TEST_DATA "/stats/reference.txt", "re");
    assert_non_null(file);
    char *line = NULL;
    size_t size = 0, checked = 0;
    while (getline(&line, &size, file) > 0)
        checked += line_check(line, name, check);
    free(line);
    fclose(file);
    assert_true(checked > 0);
}

void reference_assert(double actual, double expected, double tolerance, const char *text,
                      const char *file, int line)
{
    if (actual == expected || fabs(actual - expected) <= tolerance * fabs(expected))
        return;
    print_error("%s is %.17g, expected %.17g within %g of it\n", text, actual, expected,
                tolerance);
    _fail(file, line);
}
