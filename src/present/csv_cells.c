#include "present/csv_cells.h"

#include "base/clock.h"
#include "base/number.h"
#include "present/text_safe.h"

#include <math.h>
#include <string.h>

/* Apostrophes before it are its own: with one more, whoever takes one off has them all. */
static bool is_formula(const char *text)
{
    while (*text == '\'')
        text++;
    return *text != '\0' && strchr("=+-@\t\r", *text) != NULL;
}

/* Nothing in it to be made visible or doubled: it stands as it is, within quotes or without. */
static bool is_plain(const char *text)
{
    while (*text >= 0x20 && *text < 0x7f && *text != '"')
        text++;
    return *text == '\0';
}

static void plain_add(struct strbuf *out, const char *text)
{
    const char *quote = strchr(text, ',') != NULL ? "\"" : "";
    strbuf_add_text(out, quote);
    strbuf_add_text(out, text);
    strbuf_add_text(out, quote);
}

void csv_add_text(struct strbuf *out, const char *text, bool first)
{
    struct strbuf safe;
    if (!first)
        strbuf_add_char(out, ',');
    if (text == NULL)
        return;
    if (is_plain(text) && !is_formula(text)) {
        plain_add(out, text);
        return;
    }
    strbuf_init(&safe);
    if (is_formula(text))
        strbuf_add_char(&safe, '\'');
    text_add_safe(&safe, text);
    bool quoted = safe.text[strcspn(safe.text, ",\"")] != '\0';
    if (quoted)
        strbuf_add_char(out, '"');
    for (const char *at = safe.text; *at != '\0'; at++) {
        if (*at == '"')
            strbuf_add_char(out, '"');
        strbuf_add_char(out, *at);
    }
    if (quoted)
        strbuf_add_char(out, '"');
    out->failed = out->failed || safe.failed;
    strbuf_release(&safe);
}

void csv_add_number(struct strbuf *out, double value)
{
    char text[NUMBER_TEXT_SIZE];
    strbuf_add_char(out, ',');
    if (isfinite(value))
        strbuf_add(out, text, number_write(value, text));
}

void csv_add_count(struct strbuf *out, uint64_t count)
{
    char text[NUMBER_TEXT_SIZE];
    strbuf_add_char(out, ',');
    strbuf_add(out, text, number_write_whole(count, text));
}

void csv_add_time(struct strbuf *out, int64_t time_ns)
{
    char text[CLOCK_TEXT_SIZE];
    strbuf_add_char(out, ',');
    if (time_ns == 0)
        return;
    clock_format(time_ns, text);
    strbuf_add_text(out, text);
}

void csv_end_line(struct strbuf *out)
{
    strbuf_add_char(out, '\n');
}
