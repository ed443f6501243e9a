/* What STATS.md asks of the change point detector, measured: one command, fixed seeds. */
#include "rows.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>

struct marks detect(const double *values, size_t n)
{
    struct change_point *points = calloc(change_points_most(n) + 1, sizeof *points);
    void *scratch = malloc(change_points_scratch(n));
    struct marks found = {calloc(change_points_most(n) + 1, sizeof(size_t)), 0};
    if (!points || !scratch || !found.at)
        err(1, "detect");
    found.count = change_points_find(values, n, NULL, scratch, points);
    for (size_t i = 0; i < found.count; i++)
        found.at[i] = points[i].index;
    free(points);
    free(scratch);
    return found;
}

void row_print(const char *what, double figure, int decimals, char relation, double bound)
{
    if (relation == ' ') {
        printf("%-66s %8.*f\n", what, decimals, figure);
        return;
    }
    bool reached = relation == '>' ? figure >= bound : figure <= bound;
    printf("%-66s %8.*f   %s %-6g %s\n", what, decimals, figure, relation == '>' ? "≥" : "≤",
           bound, reached ? "reached" : "NOT REACHED");
}

int main(void)
{
    printf("%-66s %8s   %s\n", "change points, default settings", "tare", "to reach");
    rows_labelled();
    rows_planted();
    rows_online();
    rows_speed();
    return 0;
}
