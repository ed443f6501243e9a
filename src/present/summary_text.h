/* The start-up summary as text: what `tare status` prints and what a program prints at its own
 * start. Part of libtare, so it needs nothing but libc. */
#ifndef PRESENT_SUMMARY_TEXT_H
#define PRESENT_SUMMARY_TEXT_H

#include "present/renderer.h"

/* `report` is a struct status_report. */
void summary_text(const void *report, const struct text_style *style, struct strbuf *out);

#endif
