#include "rows.h"
#include "score.h"

#include <stdio.h>
#include <stdlib.h>

struct labelled_sum {
    double f1, covering, none_f1, none_covering;
};

static struct labelled_sum labelled_measure(const struct histories *histories)
{
    struct labelled_sum sum = {0};
    const struct marks none = {NULL, 0};
    for (size_t i = 0; i < histories->count; i++) {
        const struct history *history = &histories->at[i];
        struct marks found = detect(history->values, history->n);
        sum.f1 += score_f1(history, &found);
        sum.covering += score_covering(history, &found);
        sum.none_f1 += score_f1(history, &none);
        sum.none_covering += score_covering(history, &none);
        free(found.at);
    }
    double n = (double)histories->count;
    return (struct labelled_sum){sum.f1 / n, sum.covering / n, sum.none_f1 / n,
                                 sum.none_covering / n};
}

static void labelled_rows(const char *set, const char *name, double f1, double covering)
{
    struct histories histories = histories_read(set);
    if (histories.count == 0) {
        printf("%s: skipped, no shared data (set TARE_SHARED)\n", name);
        return;
    }
    struct labelled_sum sum = labelled_measure(&histories);
    char what[96];
    snprintf(what, sizeof what, "%s, %zu series: F1", name, histories.count);
    row_print(what, sum.f1, 3, '>', f1);
    snprintf(what, sizeof what, "%s: covering", name);
    row_print(what, sum.covering, 3, '>', covering);
    row_print("  control, no change points at all: F1", sum.none_f1, 3, ' ', 0);
    row_print("  control, no change points at all: covering", sum.none_covering, 3, ' ', 0);
    histories_free(&histories);
}

void rows_labelled(void)
{
    labelled_rows("sap-hana", "SAP HANA", 0.84, 0.79);
    labelled_rows("tcpd", "TCPD", 0.77, 0.73);
}
