/* Reports as text for people. */
#ifndef PRESENT_TEXT_REPORTS_H
#define PRESENT_TEXT_REPORTS_H

#include "present/renderer.h"

void alert_text(const void *report, const struct text_style *style, struct strbuf *out);
void session_text(const void *report, const struct text_style *style, struct strbuf *out);
void metric_text(const void *report, const struct text_style *style, struct strbuf *out);
void target_text(const void *report, const struct text_style *style, struct strbuf *out);
void baseline_text(const void *report, const struct text_style *style, struct strbuf *out);
void explain_text(const void *report, const struct text_style *style, struct strbuf *out);
void doctor_text(const void *report, const struct text_style *style, struct strbuf *out);
void comparison_text(const void *report, const struct text_style *style, struct strbuf *out);
void check_text(const void *report, const struct text_style *style, struct strbuf *out);
void trend_text(const void *report, const struct text_style *style, struct strbuf *out);
void analysis_text(const void *report, const struct text_style *style, struct strbuf *out);

#endif
