/* Renderers: a report in, bytes out. Nothing here computes.
 *
 * To add a format to a report: a function of type render_fn in a file named for report and format,
 * a row in that report's table below it, the format's name in the command's man page. The test
 * renderer__every_table_ends_and_names_its_formats walks the tables. */
#ifndef PRESENT_RENDERER_H
#define PRESENT_RENDERER_H

#include "base/strbuf.h"

#include <stdbool.h>

/* How text is to look. */
struct text_style {
    bool colour;    /* escape sequences for colour are welcome */
    bool all;       /* secondary metrics and details too */
    unsigned width; /* columns; 0: as wide as it gets */
};

typedef void (*render_fn)(const void *report, const struct text_style *style, struct strbuf *out);

struct renderer {
    const char *format; /* "text", "json"; NULL ends a table */
    render_fn render;
};

extern const struct renderer status_renderers[];   /* struct status_report */
extern const struct renderer alert_renderers[];    /* struct alert_report */
extern const struct renderer session_renderers[];  /* struct session_report */
extern const struct renderer metric_renderers[];   /* struct metric_report */
extern const struct renderer target_renderers[];   /* struct metric_report */
extern const struct renderer baseline_renderers[]; /* struct baseline_report */
extern const struct renderer explain_renderers[];  /* struct explain_report */
extern const struct renderer doctor_renderers[];   /* struct doctor_report */
extern const struct renderer notice_renderers[];   /* struct notice; by the formats of sinks */

extern const struct renderer delivery_renderers[]; /* struct delivery_report */
extern const struct renderer sink_renderers[];     /* struct sink_report */
extern const struct renderer sink_try_renderers[]; /* the same, of a try */

extern const struct renderer comparison_renderers[]; /* struct comparison_report */
extern const struct renderer check_renderers[];      /* struct check_report */
extern const struct renderer trend_renderers[];      /* struct history_list */
extern const struct renderer analysis_renderers[];   /* struct history_report */
extern const struct renderer period_renderers[];     /* struct period_report */
extern const struct renderer health_renderers[];     /* struct health_report */

/* The row for `format`, or NULL. */
const struct renderer *renderer_find(const struct renderer *table, const char *format);

#endif
