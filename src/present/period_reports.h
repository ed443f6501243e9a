/* The detailed report in each of its formats; all of type render_fn, given a period_report. */
#ifndef PRESENT_PERIOD_REPORTS_H
#define PRESENT_PERIOD_REPORTS_H

#include "present/renderer.h"

void period_text(const void *report, const struct text_style *style, struct strbuf *out);
void period_markdown(const void *report, const struct text_style *style, struct strbuf *out);
void period_json(const void *report, const struct text_style *style, struct strbuf *out);
void period_html(const void *report, const struct text_style *style, struct strbuf *out);
void period_csv(const void *report, const struct text_style *style, struct strbuf *out);

#endif
