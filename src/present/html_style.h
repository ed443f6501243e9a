/* The style sheet of pages that stand alone: style/report.css, embedded by scripts/embed-style. */
#ifndef PRESENT_HTML_STYLE_H
#define PRESENT_HTML_STYLE_H

extern const char html_style[];        /* for a <style> element, as it is */
extern const char html_style_digest[]; /* "sha256-…": what style-src has to name */

#endif
