#include "present/html_safe.h"

#include "present/text_safe.h"

#include <stdbool.h>

static const char *entity_of(char c)
{
    switch (c) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void html_add(struct strbuf *out, const char *text)
{
    struct strbuf safe;
    strbuf_init(&safe);
    text_add_safe(&safe, text);
    for (const char *at = safe.text; *at != '\0'; at++) {
        const char *entity = entity_of(*at);
        if (entity != NULL)
            strbuf_add_text(out, entity);
        else
            strbuf_add_char(out, *at);
    }
    out->failed = out->failed || safe.failed;
    strbuf_release(&safe);
}

/* The length of the day, and the time of day behind it, that `text` begins with; 0: none. */
static size_t day_length(const char *text)
{
    static const char day[] = "0000-00-00", moment[] = "0000-00-00 00:00";
    size_t matched = 0;
    for (; matched < sizeof moment - 1; matched++) {
        bool digit = text[matched] >= '0' && text[matched] <= '9';
        if (moment[matched] == '0' ? !digit : text[matched] != moment[matched])
            break;
    }
    if (matched == sizeof moment - 1)
        return matched;
    return matched >= sizeof day - 1 ? sizeof day - 1 : 0;
}

void html_add_phrase(struct strbuf *out, const char *text)
{
    struct strbuf part;
    strbuf_init(&part);
    while (*text != '\0') {
        size_t length = day_length(text);
        if (length == 0) {
            strbuf_add_char(&part, *text++);
            continue;
        }
        html_add(out, part.text);
        strbuf_clear(&part);
        strbuf_add_format(out, "<time>%.*s</time>", (int)length, text);
        text += length;
    }
    html_add(out, part.text);
    out->failed = out->failed || part.failed;
    strbuf_release(&part);
}

void html_add_element(struct strbuf *out, const char *tag, const char *class, const char *text)
{
    strbuf_add_format(out, "<%s", tag);
    if (class != NULL)
        strbuf_add_format(out, " class=\"%s\"", class);
    strbuf_add_char(out, '>');
    html_add(out, text);
    strbuf_add_format(out, "</%s>", tag);
}
