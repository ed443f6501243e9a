/* Text of people and programs as HTML that says it and does nothing else. */
#ifndef PRESENT_HTML_SAFE_H
#define PRESENT_HTML_SAFE_H

#include "base/strbuf.h"

/* Appends `text` for content or a quoted attribute, of HTML and of SVG: < > & " ' are entities,
 * control characters, marks that turn text around and bytes that are not UTF-8 are made visible.
 */
void html_add(struct strbuf *out, const char *text);

/* The same, days ("2026-01-31", "2026-01-31 12:34") in <time>, so that no line ends within one. */
void html_add_phrase(struct strbuf *out, const char *text);

/* Appends <TAG class="CLASS">text</TAG>, the text made safe; `class` NULL: without. */
void html_add_element(struct strbuf *out, const char *tag, const char *class, const char *text);

#endif
