/* Reports as JSON, in the shape of DESIGN.md section 14 and docs/schema/. */
#ifndef PRESENT_JSON_REPORTS_H
#define PRESENT_JSON_REPORTS_H

#include "present/renderer.h"

void status_json(const void *report, const struct text_style *style, struct strbuf *out);
void alert_json(const void *report, const struct text_style *style, struct strbuf *out);
void session_json(const void *report, const struct text_style *style, struct strbuf *out);
void metric_json(const void *report, const struct text_style *style, struct strbuf *out);
void baseline_json(const void *report, const struct text_style *style, struct strbuf *out);
void explain_json(const void *report, const struct text_style *style, struct strbuf *out);
void doctor_json(const void *report, const struct text_style *style, struct strbuf *out);
void comparison_json(const void *report, const struct text_style *style, struct strbuf *out);
void check_json(const void *report, const struct text_style *style, struct strbuf *out);
void trend_json(const void *report, const struct text_style *style, struct strbuf *out);
void analysis_json(const void *report, const struct text_style *style, struct strbuf *out);

#endif
