/* Colour on a terminal: only where the style welcomes it. */
#ifndef PRESENT_TEXT_COLOUR_H
#define PRESENT_TEXT_COLOUR_H

#include "model/verdict.h"
#include "present/renderer.h"

/* Text in the colour of a severity, or bold, stands between a begin and text_colour_end(). */
void text_colour_begin(struct strbuf *out, const struct text_style *style, enum severity severity);
void text_bold_begin(struct strbuf *out, const struct text_style *style);
void text_colour_end(struct strbuf *out, const struct text_style *style);

#endif
