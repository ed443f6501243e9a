#include "model/notify_report.h"

#include <stdlib.h>

void delivery_report_release(struct delivery_report *report)
{
    free(report->rows);
    *report = (struct delivery_report){0};
}

void sink_report_release(struct sink_report *report)
{
    free(report->rows);
    *report = (struct sink_report){0};
}
