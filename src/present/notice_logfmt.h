/* A notice as a line of logfmt. */
#ifndef PRESENT_NOTICE_LOGFMT_H
#define PRESENT_NOTICE_LOGFMT_H

#include "base/strbuf.h"
#include "present/renderer.h"

/* key=value pairs and a line feed; a value that is not plain stands in double quotes, with \"
 * \\ \n \t and \uNNNN for what could break the line or steer a terminal. */
void notice_logfmt(const void *notice, const struct text_style *style, struct strbuf *out);

/* Appends " key=value" (no blank in front of the first). NULL and "" are left out. */
void logfmt_add(struct strbuf *out, const char *key, const char *value);

#endif
