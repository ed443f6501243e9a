#include "present/markdown_safe.h"

#include "present/text_safe.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* What GitHub finds in the text itself, behind all escapes: mentions and issue numbers, and URLs.
 * A space of no width parts them. */
static bool wants_parting(const char *text, size_t at)
{
    unsigned char next = (unsigned char)text[at + 1];
    bool begins = at == 0 || !isalnum((unsigned char)text[at - 1]);
    if (text[at] == '@' || text[at] == '#')
        return begins && isalnum(next);
    return text[at] == ':' && next == '/';
}

void markdown_add(struct strbuf *out, const char *text)
{
    struct strbuf safe;
    strbuf_init(&safe);
    text_add_safe(&safe, text);
    for (size_t i = 0; i < safe.length; i++) {
        char c = safe.text[i];
        if (c == '<')
            strbuf_add_text(out, "&lt;");
        else if (c == '>')
            strbuf_add_text(out, "&gt;");
        else if (c == '&')
            strbuf_add_text(out, "&amp;");
        else {
            if (strchr("\\`*_[]#|~$", c) != NULL)
                strbuf_add_char(out, '\\');
            strbuf_add_char(out, c);
        }
        if (wants_parting(safe.text, i))
            strbuf_add_text(out, "\xe2\x80\x8b");
    }
    out->failed = out->failed || safe.failed;
    strbuf_release(&safe);
}
