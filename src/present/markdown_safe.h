/* Text of people and programs as Markdown that says it and does nothing else. */
#ifndef PRESENT_MARKDOWN_SAFE_H
#define PRESENT_MARKDOWN_SAFE_H

#include "base/strbuf.h"

/* Appends `text` for a line, or a cell of a table, of GitHub's Markdown: whatever means something
 * there is escaped, < > & are entities, line breaks and control characters are made visible, and
 * @name and #1 notify nobody and link to nothing. */
void markdown_add(struct strbuf *out, const char *text);

#endif
