/* Deliveries and sinks as text and JSON. */
#ifndef PRESENT_NOTIFY_REPORTS_H
#define PRESENT_NOTIFY_REPORTS_H

#include "present/renderer.h"

void delivery_text(const void *report, const struct text_style *style, struct strbuf *out);
void delivery_json(const void *report, const struct text_style *style, struct strbuf *out);
void sink_text(const void *report, const struct text_style *style, struct strbuf *out);
void sink_json(const void *report, const struct text_style *style, struct strbuf *out);
void sink_try_text(const void *report, const struct text_style *style, struct strbuf *out);

#endif
