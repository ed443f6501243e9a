/* A notice as people read it. */
#ifndef PRESENT_NOTICE_TEXT_H
#define PRESENT_NOTICE_TEXT_H

#include "base/strbuf.h"
#include "model/notice.h"
#include "present/renderer.h"

/* "alert 3 opened: critical: Build time: 151 ms is 51 % above …, between 9f3c1ab and 1c2d3e4":
 * one line, safe for any terminal. */
void notice_sentence(const struct notice *notice, struct strbuf *out);

/* The same behind "tare: ", with a line feed: what standard error says. */
void notice_text(const void *notice, const struct text_style *style, struct strbuf *out);

#endif
