/* The course of a series over a report's period, as an SVG that stands in a page. */
#ifndef PRESENT_SVG_CHART_H
#define PRESENT_SVG_CHART_H

#include "base/strbuf.h"
#include "model/period.h"

/* Medians as dots, joined where no gap lies between them; from least to greatest as bars, cut off
 * where they would leave the medians no room; the baseline's band; the target where it is near;
 * change points. Looks are left to classes: band, centre, target, aim, step, reach, line, dot. */
void svg_chart_add(struct strbuf *out, const struct period_report *report,
                   const struct period_row *row);

#endif
