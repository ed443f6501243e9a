/* `tare health` in each of its formats; of type render_fn, given a health_report. */
#ifndef PRESENT_HEALTH_REPORTS_H
#define PRESENT_HEALTH_REPORTS_H

#include "model/health.h"
#include "present/renderer.h"

void health_text(const void *report, const struct text_style *style, struct strbuf *out);
void health_json(const void *report, const struct text_style *style, struct strbuf *out);

/* How each figure comes to be, one sentence a subject. */
const char *health_how(enum health_subject subject);

#endif
