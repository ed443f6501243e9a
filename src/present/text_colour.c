#include "present/text_colour.h"

static const char *const severity_codes[] = {"32", "36", "33", "31", "1;31"};

void text_colour_begin(struct strbuf *out, const struct text_style *style, enum severity severity)
{
    if (style->colour)
        strbuf_add_format(out, "\033[%sm", severity_codes[severity]);
}

void text_colour_end(struct strbuf *out, const struct text_style *style)
{
    if (style->colour)
        strbuf_add_text(out, "\033[0m");
}

void text_bold_begin(struct strbuf *out, const struct text_style *style)
{
    if (style->colour)
        strbuf_add_text(out, "\033[1m");
}
