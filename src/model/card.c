#include "model/card.h"

#include "base/array.h"
#include "base/crc32.h"
#include "base/number.h"
#include "base/strbuf.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CARD_VERSION         2
#define CARD_WITHOUT_MINIMUM 1 /* the version before */

void card_init(struct card *card)
{
    *card = (struct card){.baseline_minimum = BASELINE_MINIMUM};
}

void card_release(struct card *card)
{
    for (size_t i = 0; i < card->entry_count; i++) {
        struct card_entry *entry = &card->entries[i];
        metric_release(&entry->metric);
        free(entry->app);
        free(entry->environment);
        free(entry->labels);
    }
    free(card->entries);
    card_init(card);
}

struct card_entry *card_entry_add(struct card *card)
{
    struct card_entry *entry = array_add(&card->entries, &card->entry_count,
                                         sizeof *card->entries);
    if (entry == NULL)
        return NULL;
    *entry = (struct card_entry){0};
    metric_init(&entry->metric);
    baseline_init(&entry->baseline);
    return entry;
}

const struct card_entry *card_find(const struct card *card, const char *metric_id, const char *app,
                                   const char *environment, const char *labels,
                                   enum session_temperature temperature)
{
    for (size_t i = 0; i < card->entry_count; i++) {
        const struct card_entry *entry = &card->entries[i];
        if (entry->temperature == temperature && strcmp(entry->metric.id, metric_id) == 0 &&
            strcmp(entry->app, app) == 0 && strcmp(entry->environment, environment) == 0 &&
            strcmp(entry->labels, labels) == 0)
            return entry;
    }
    return NULL;
}

/* A text field: tab and line end cannot stand in one, so they and the backslash are escaped. */
static void add_field(struct strbuf *buf, const char *text)
{
    strbuf_add_char(buf, '\t');
    for (; text != NULL && *text != '\0'; text++) {
        if (*text == '\t')
            strbuf_add_text(buf, "\\t");
        else if (*text == '\n')
            strbuf_add_text(buf, "\\n");
        else if (*text == '\\')
            strbuf_add_text(buf, "\\\\");
        else
            strbuf_add_char(buf, *text);
    }
}

static void add_number(struct strbuf *buf, double value)
{
    strbuf_add_format(buf, "\t%.17g", value);
}

static void add_entry(struct strbuf *buf, const struct card_entry *entry)
{
    const struct metric *metric = &entry->metric;
    const struct baseline *baseline = &entry->baseline;
    strbuf_add_char(buf, 'm');
    add_field(buf, metric->id);
    add_field(buf, metric->name);
    add_field(buf, metric->unit);
    add_field(buf, entry->app);
    add_field(buf, entry->environment);
    add_field(buf, entry->labels);
    const double numbers[] = {
        (double)entry->temperature,
        (double)metric->better,
        (double)metric->aggregate,
        (double)metric->category,
        metric->weight,
        (double)metric->warmup,
        metric->min_change,
        metric->resolution,
        (double)metric->persist_needed,
        (double)metric->persist_of,
        metric->target,
        metric->warning_percent,
        metric->error_percent,
        (double)baseline->state,
        baseline->centre,
        baseline->spread,
        baseline->low,
        baseline->high,
        baseline->confidence,
        (double)baseline->n,
        (double)baseline->spread_at_floor,
        (double)entry->recent_count,
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        add_number(buf, numbers[i]);
    for (uint32_t i = 0; i < entry->recent_count; i++)
        add_number(buf, entry->recent[i]);
    strbuf_add_char(buf, '\n');
}

char *card_encode(const struct card *card)
{
    struct strbuf buf;
    strbuf_init(&buf);
    strbuf_add_format(&buf, "tare-card %d %lld\t%u\n", CARD_VERSION, (long long)card->written_ns,
                      card->baseline_minimum);
    for (size_t i = 0; i < card->entry_count; i++)
        add_entry(&buf, &card->entries[i]);
    strbuf_add_format(&buf, "end %08x\n", crc32c(0, buf.text, buf.length));
    return strbuf_detach(&buf);
}

/* Reads one line's fields from `at`; `bad` stays set once anything did not fit. */
struct field_reader {
    const char *at;
    bool bad;
};

static char *read_field(struct field_reader *reader)
{
    if (reader->bad || *reader->at != '\t') {
        reader->bad = true;
        return NULL;
    }
    struct strbuf buf;
    strbuf_init(&buf);
    for (reader->at++; *reader->at != '\t' && *reader->at != '\n' && *reader->at != '\0';
         reader->at++) {
        char c = *reader->at;
        if (c == '\\') {
            reader->at++;
            c = *reader->at == 't' ? '\t' : *reader->at == 'n' ? '\n' : *reader->at;
        }
        if (c == '\0') {
            reader->bad = true;
            break;
        }
        strbuf_add_char(&buf, c);
    }
    char *text = strbuf_detach(&buf);
    if (text == NULL)
        reader->bad = true;
    return text;
}

static double read_number(struct field_reader *reader)
{
    if (reader->bad || *reader->at != '\t') {
        reader->bad = true;
        return 0;
    }
    char *end;
    double value = number_read(reader->at + 1, &end);
    if (end == reader->at + 1)
        reader->bad = true;
    reader->at = end;
    return value;
}

static uint32_t read_small(struct field_reader *reader, double limit)
{
    double value = read_number(reader);
    if (!(value >= 0 && value <= limit)) {
        reader->bad = true;
        return 0;
    }
    return (uint32_t)value;
}

static void read_metric(struct field_reader *reader, struct metric *metric)
{
    metric->better = (enum tare_better)read_small(reader, TARE_EXACT);
    metric->aggregate = (enum metric_aggregate)read_small(reader, AGGREGATE_RATE);
    metric->category = (enum metric_category)read_small(reader, CATEGORY_CUSTOM);
    metric->weight = read_number(reader);
    metric->warmup = read_small(reader, UINT32_MAX);
    metric->min_change = read_number(reader);
    metric->resolution = read_number(reader);
    metric->persist_needed = read_small(reader, UINT32_MAX);
    metric->persist_of = read_small(reader, UINT32_MAX);
    metric->target = read_number(reader);
    metric->warning_percent = read_number(reader);
    metric->error_percent = read_number(reader);
}

static void read_baseline(struct field_reader *reader, struct baseline *baseline)
{
    baseline->state = (enum baseline_state)read_small(reader, BASELINE_PINNED);
    baseline->centre = read_number(reader);
    baseline->spread = read_number(reader);
    baseline->low = read_number(reader);
    baseline->high = read_number(reader);
    baseline->confidence = read_number(reader);
    baseline->n = read_small(reader, UINT32_MAX);
    baseline->spread_at_floor = read_small(reader, 1) == 1;
}

static void read_entry(struct field_reader *reader, struct card_entry *entry)
{
    entry->metric.id = read_field(reader);
    entry->metric.name = read_field(reader);
    entry->metric.unit = read_field(reader);
    entry->app = read_field(reader);
    entry->environment = read_field(reader);
    entry->labels = read_field(reader);
    entry->temperature = (enum session_temperature)read_small(reader, TEMPERATURE_COLD);
    read_metric(reader, &entry->metric);
    read_baseline(reader, &entry->baseline);
    entry->recent_count = read_small(reader, CARD_RECENT);
    for (uint32_t i = 0; i < entry->recent_count; i++)
        entry->recent[i] = read_number(reader);
    if (*reader->at != '\n')
        reader->bad = true;
}

/* The checksum line must be the last, and right. */
static bool checksum_holds(const char *text)
{
    const char *end = strstr(text, "\nend ");
    if (end == NULL)
        return false;
    errno = 0;
    char *rest;
    unsigned long crc = strtoul(end + 5, &rest, 16);
    return errno == 0 && strcmp(rest, "\n") == 0 &&
           crc == crc32c(0, text, (size_t)(end + 1 - text));
}

enum tare_status card_decode(const char *text, struct card *card, struct tare_error *error)
{
    static const char magic[] = "tare-card ";
    long version = 0;
    char *rest = NULL;
    if (strncmp(text, magic, sizeof magic - 1) == 0)
        version = strtol(text + sizeof magic - 1, &rest, 10);
    if (rest == NULL || rest[0] != ' ')
        return error_set(error, TARE_E_CORRUPT, "this is not a reference card");
    if (version > CARD_VERSION)
        return error_set(error, TARE_E_NEWER, "the reference card is of a newer tare");
    if (!checksum_holds(text))
        return error_set(error, TARE_E_CORRUPT,
                         "the reference card is damaged; the next 'tare ingest' writes it anew");
    int64_t written_ns = strtoll(rest + 1, &rest, 10);
    struct field_reader reader = {.at = rest};
    uint32_t minimum = version > CARD_WITHOUT_MINIMUM ? read_small(&reader, UINT32_MAX)
                                                      : BASELINE_MINIMUM;
    while (!reader.bad && reader.at[0] == '\n' && reader.at[1] == 'm') {
        struct card_entry *entry = card_entry_add(card);
        if (entry == NULL) {
            card_release(card);
            return error_memory(error);
        }
        reader.at += 2;
        read_entry(&reader, entry);
    }
    if (reader.bad) {
        card_release(card);
        return error_set(error, TARE_E_CORRUPT, "the reference card has a line that is no entry");
    }
    card->written_ns = written_ns;
    card->baseline_minimum = minimum;
    return TARE_OK;
}
