/* OpenMetrics text: a gauge a metric, its values in the base units that the format prefers, each
 * at the start of its window, so that what one run measured stands at one moment. The id that tare
 * knows the metric by is a label, and so is all that tells series apart. */
#include "base/clock.h"
#include "model/labels.h"
#include "present/export_formats.h"
#include "present/text_safe.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct unit_words {
    const char *unit, *word;
    double times, over; /* a value in `unit` × times / over is one in `word` */
};

static const struct unit_words units[] = {{"ms", "seconds", 1, 1e3},
                                          {"MB", "bytes", 1e6, 1},
                                          {"%", "percent", 1, 1},
                                          {"count", "", 1, 1}};

/* The labels that this file writes itself: others of these names get out of the way. */
static const char *const own_labels[] = {"tare_metric", "app",    "environment",
                                         "temperature", "commit", "branch",
                                         "outcome",     "le",     "quantile"};

/* What a name may not have becomes an underscore, a character one. */
static void name_add(struct strbuf *out, const char *text)
{
    if (isdigit((unsigned char)text[0]))
        strbuf_add_char(out, '_');
    for (const char *at = text; *at != '\0'; at++) {
        unsigned char c = (unsigned char)*at;
        if (c < 0x80 && (isalnum(c) || c == '_'))
            strbuf_add_char(out, (char)c);
        else if ((c & 0xc0) != 0x80)
            strbuf_add_char(out, '_');
    }
}

static void escaped_add(struct strbuf *out, const char *text)
{
    struct strbuf safe;
    strbuf_init(&safe);
    text_add_safe(&safe, text);
    for (const char *at = safe.text; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\')
            strbuf_add_char(out, '\\');
        strbuf_add_char(out, *at);
    }
    out->failed |= safe.failed;
    strbuf_release(&safe);
}

static void label_add(struct strbuf *out, const char *name, const char *value)
{
    if (value == NULL || value[0] == '\0')
        return;
    strbuf_add_char(out, ',');
    strbuf_add_text(out, name);
    strbuf_add_text(out, "=\"");
    escaped_add(out, value);
    strbuf_add_char(out, '"');
}

static bool is_own(const char *name)
{
    for (size_t i = 0; i < sizeof own_labels / sizeof own_labels[0]; i++)
        if (strcmp(own_labels[i], name) == 0)
            return true;
    return strncmp(name, "__", 2) == 0;
}

/* The labels of a session, each under a name of its own. */
static void labels_add(struct strbuf *out, const char *labels)
{
    char *key, *value;
    struct strbuf names, name;
    strbuf_init(&names);
    strbuf_init(&name);
    strbuf_add_char(&names, ' ');
    while (labels_next(&labels, &key, &value)) {
        strbuf_clear(&name);
        strbuf_add_char(&name, ' ');
        name_add(&name, key);
        if (is_own(name.text + 1)) {
            strbuf_clear(&name);
            strbuf_add_text(&name, " label_");
            name_add(&name, key);
        }
        strbuf_add_char(&name, ' ');
        while (!name.failed && strstr(names.text, name.text) != NULL) {
            name.length--;
            strbuf_add_text(&name, "_ ");
        }
        strbuf_add_text(&names, name.text + 1);
        name.text[--name.length] = '\0';
        label_add(out, name.text + 1, value);
        free(key);
        free(value);
    }
    out->failed |= names.failed || name.failed;
    strbuf_release(&names);
    strbuf_release(&name);
}

static const struct unit_words *unit_find(const char *unit)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcmp(units[i].unit, unit) == 0)
            return &units[i];
    return NULL;
}

/* The word of a unit: of one that is not in the table, what is left of it as a name. */
static void unit_add(struct strbuf *out, const char *unit)
{
    const struct unit_words *words = unit_find(unit);
    if (words != NULL)
        strbuf_add_text(out, words->word);
    else
        name_add(out, unit);
}

/* "orders_query_seconds" into `family`, and its unit into `unit`; no two metrics have one name. */
static void family_name(struct exporter *self, const struct metric *metric, struct strbuf *family,
                        struct strbuf *unit)
{
    size_t number = 0;
    unit_add(unit, metric->unit);
    for (unsigned turn = 1; turn == 1 || text_map_find(&self->names, family->text, &number);
         turn++) {
        strbuf_clear(family);
        name_add(family, metric->id);
        if (turn > 1)
            strbuf_add_format(family, "_%u", turn);
        bool ends = family->length > unit->length + 1 &&
                    family->text[family->length - unit->length - 1] == '_' &&
                    strcmp(family->text + family->length - unit->length, unit->text) == 0;
        if (unit->length > 0 && !ends)
            strbuf_add_format(family, "_%s", unit->text);
    }
    family->failed |= !text_map_add(&self->names, family->text, 0);
}

static void remark_add(struct strbuf *out, const char *what, const char *family, const char *word)
{
    strbuf_add_text(out, what);
    strbuf_add_text(out, family);
    strbuf_add_char(out, ' ');
    escaped_add(out, word);
    strbuf_add_char(out, '\n');
}

/* Begins a metric's family: all of its series stand together, one after the other. */
static void family_begin(struct exporter *self, const struct metric *metric, struct strbuf *out)
{
    struct strbuf family, unit;
    strbuf_init(&family);
    strbuf_init(&unit);
    family_name(self, metric, &family, &unit);
    remark_add(out, "# TYPE ", family.text, "gauge");
    if (unit.length > 0)
        remark_add(out, "# UNIT ", family.text, unit.text);
    remark_add(out, "# HELP ", family.text, metric_display_name(metric));
    strbuf_clear(&self->session_text);
    strbuf_add_text(&self->session_text, family.text);
    out->failed |= family.failed || unit.failed;
    strbuf_release(&family);
    strbuf_release(&unit);
    for (size_t i = 0; i < self->series_count; i++)
        if (self->series[i].metric == metric)
            self->series[i].told = true;
}

/* `NAME{tare_metric="…",app="…"`, to which a measurement adds what is its own. */
static void series_text_add(struct exporter *self, struct export_series *own)
{
    strbuf_add_text(&own->text, self->session_text.text);
    strbuf_add_text(&own->text, "{tare_metric=\"");
    escaped_add(&own->text, own->metric->id);
    strbuf_add_char(&own->text, '"');
    if (unit_find(own->metric->unit) == NULL)
        label_add(&own->text, "tare_unit", own->metric->unit);
    label_add(&own->text, "app", own->series->app);
    label_add(&own->text, "environment", own->series->environment);
    label_add(&own->text, "temperature", temperature_word(own->series->temperature));
    labels_add(&own->text, own->series->labels);
}

/* Seconds since the epoch, to the nanosecond. */
static void timestamp_add(struct strbuf *out, int64_t time_ns)
{
    int64_t rest = time_ns % CLOCK_NS_PER_SECOND;
    if (time_ns < 0) {
        strbuf_add_format(out, " %.9f", (double)time_ns / 1e9);
        return;
    }
    strbuf_add_char(out, ' ');
    export_whole_add(out, (uint64_t)(time_ns / CLOCK_NS_PER_SECOND));
    if (rest == 0)
        return;
    char digits[] = ".000000000";
    for (int i = 9; i > 0; i--) {
        digits[i] = (char)('0' + rest % 10);
        rest /= 10;
    }
    strbuf_add_text(out, digits);
}

/* What is not in its own unit any more is rounded to as many digits as are sure, so that what was
 * a short decimal is one again. */
static void value_add(struct strbuf *out, double value, const struct unit_words *words)
{
    char text[40];
    if (words != NULL && words->times != words->over) {
        snprintf(text, sizeof text, "%.15g", value * words->times / words->over);
        value = strtod(text, NULL);
    }
    export_number_add(out, value, "NaN");
}

static void openmetrics_measurement(struct exporter *self, size_t series,
                                    const struct measurement *measurement,
                                    const struct batch_part *kept, struct strbuf *out)
{
    struct export_series *own = &self->series[series];
    const struct unit_words *words = unit_find(own->metric->unit);
    (void)kept;
    if (!own->told)
        family_begin(self, own->metric, out);
    if (!isfinite(measurement->value))
        return;
    if (own->text.length == 0)
        series_text_add(self, own);
    strbuf_add(out, own->text.text, own->text.length);
    label_add(out, "commit", measurement->commit);
    label_add(out, "branch", measurement->branch);
    if (measurement->outcome != OUTCOME_OK)
        label_add(out, "outcome", outcome_word(measurement->outcome));
    strbuf_add_text(out, "} ");
    value_add(out, measurement->value, words);
    timestamp_add(out, measurement->window_start_ns);
    strbuf_add_char(out, '\n');
}

static void openmetrics_end(struct exporter *self, struct strbuf *out)
{
    (void)self;
    strbuf_add_text(out, "# EOF\n");
}

const struct export_format export_openmetrics = {.name = "openmetrics",
                                                 .ending = ".om",
                                                 .by_series = true,
                                                 .begin = export_nothing,
                                                 .measurement = openmetrics_measurement,
                                                 .end = openmetrics_end};
