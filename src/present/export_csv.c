/* CSV, RFC 4180: one measurement a row, days that were rolled up with how many they stand for in
 * the last column. A text that a spreadsheet would take for a formula gets an apostrophe in front,
 * which spreadsheets hide and `tare import csv` takes off again; what would steer a terminal is
 * made visible. Numbers are numbers. */
#include "present/export_formats.h"

#include "base/number.h"
#include "present/text_safe.h"

#include <math.h>
#include <string.h>

static const char header[] =
    "session_id,app,started_at,ended_at,outcome,temperature,commit,branch,dirty,version,"
    "environment,labels,metric_id,unit,better,time,n,failed,value,min,max,mean,p50,p95,p99,"
    "excluded,rolled_up\r\n";

static bool is_formula(const char *text)
{
    while (*text == '\'')
        text++;
    return *text != '\0' && strchr("=+-@\t\r", *text) != NULL;
}

static void text_cell_add(struct strbuf *out, const char *text)
{
    struct strbuf safe;
    if (text == NULL || text[0] == '\0')
        return;
    strbuf_init(&safe);
    if (is_formula(text))
        strbuf_add_char(&safe, '\'');
    text_add_safe(&safe, text);
    bool quoted = strpbrk(safe.text, ",;\"'") != NULL || safe.text[0] == ' ' ||
                  (safe.length > 0 && safe.text[safe.length - 1] == ' ');
    if (!quoted)
        strbuf_add(out, safe.text, safe.length);
    for (const char *at = safe.text; quoted && *at != '\0'; at++) {
        if (at == safe.text)
            strbuf_add_char(out, '"');
        if (*at == '"')
            strbuf_add_char(out, '"');
        strbuf_add_char(out, *at);
    }
    if (quoted)
        strbuf_add_char(out, '"');
    out->failed |= safe.failed;
    strbuf_release(&safe);
}

static void time_cell_add(struct strbuf *out, int64_t time_ns)
{
    if (time_ns != 0)
        export_time_add(out, time_ns);
}

/* The cells of a session up to its labels, a comma behind each; where the series is one that
 * another program of the session made, app, environment and labels are the series'. */
static void session_cells_add(struct strbuf *out, const struct session *session,
                              const struct series *series)
{
    strbuf_add_text(out, session->id);
    strbuf_add_char(out, ',');
    text_cell_add(out, series->app);
    strbuf_add_char(out, ',');
    time_cell_add(out, session->started_ns);
    strbuf_add_char(out, ',');
    time_cell_add(out, session->ended_ns);
    strbuf_add_char(out, ',');
    strbuf_add_text(out, outcome_word(session->outcome));
    strbuf_add_char(out, ',');
    strbuf_add_text(out, temperature_word(series->temperature));
    strbuf_add_char(out, ',');
    text_cell_add(out, session->commit);
    strbuf_add_char(out, ',');
    text_cell_add(out, session->branch);
    strbuf_add_text(out, session->dirty ? ",true," : ",false,");
    text_cell_add(out, session->version);
    strbuf_add_char(out, ',');
    text_cell_add(out, series->environment);
    strbuf_add_char(out, ',');
    text_cell_add(out, series->labels);
    strbuf_add_char(out, ',');
}

static void series_cells_add(struct export_series *series)
{
    text_cell_add(&series->text, series->metric->id);
    strbuf_add_char(&series->text, ',');
    text_cell_add(&series->text, series->metric->unit);
    strbuf_add_char(&series->text, ',');
    strbuf_add_text(&series->text, better_word(series->metric->better));
    strbuf_add_char(&series->text, ',');
    series->told = true;
}

/* Time, counts and numbers; a number that the one before it is, is not written anew. */
static void numbers_add(struct strbuf *out, const struct measurement *measurement)
{
    double numbers[EXPORT_NUMBERS], last = NAN;
    size_t from = 0, length = 0;
    export_numbers_take(measurement, numbers);
    export_time_add(out, measurement->time_ns);
    strbuf_add_char(out, ',');
    export_whole_add(out, measurement->n);
    strbuf_add_char(out, ',');
    export_whole_add(out, measurement->failed);
    for (int i = 0; i < EXPORT_NUMBERS; i++) {
        strbuf_add_char(out, ',');
        if (numbers[i] == last) {
            char text[NUMBER_TEXT_SIZE];
            memcpy(text, out->text + from, length);
            strbuf_add(out, text, length);
            continue;
        }
        from = out->length;
        export_number_add(out, numbers[i], "");
        length = out->length - from;
        last = numbers[i];
    }
}

static void csv_begin(struct exporter *self, struct strbuf *out)
{
    (void)self;
    strbuf_add(out, header, sizeof header - 1);
}

static bool is_same(const struct series *a, const struct series *b)
{
    return a == b ||
           (a->temperature == b->temperature && strcmp(a->app, b->app) == 0 &&
            strcmp(a->environment, b->environment) == 0 && strcmp(a->labels, b->labels) == 0);
}

static void csv_measurement(struct exporter *self, size_t series,
                            const struct measurement *measurement, const struct batch_part *kept,
                            struct strbuf *out)
{
    struct export_series *own = &self->series[series];
    (void)kept;
    if (self->session_text.length == 0 ||
        !is_same(own->series, self->series[self->told_series].series)) {
        strbuf_clear(&self->session_text);
        session_cells_add(&self->session_text, self->session, own->series);
        self->told_series = series;
    }
    if (!own->told)
        series_cells_add(own);
    strbuf_add(out, self->session_text.text, self->session_text.length);
    strbuf_add(out, own->text.text, own->text.length);
    numbers_add(out, measurement);
    strbuf_add_text(out, measurement->excluded ? ",true,\r\n" : ",false,\r\n");
}

static void csv_day(struct exporter *self, size_t series, const struct export_day *day,
                    struct strbuf *out)
{
    struct export_series *own = &self->series[series];
    strbuf_add_char(out, ',');
    text_cell_add(out, own->series->app);
    strbuf_add_text(out, ",,,,");
    strbuf_add_text(out, temperature_word(own->series->temperature));
    strbuf_add_text(out, ",,,,,");
    text_cell_add(out, own->series->environment);
    strbuf_add_char(out, ',');
    text_cell_add(out, own->series->labels);
    strbuf_add_char(out, ',');
    if (!own->told)
        series_cells_add(own);
    strbuf_add(out, own->text.text, own->text.length);
    numbers_add(out, &day->numbers);
    strbuf_add_text(out, ",,");
    export_whole_add(out, day->measurements);
    strbuf_add_text(out, "\r\n");
}

const struct export_format export_csv = {.name = "csv",
                                         .ending = ".csv",
                                         .days = true,
                                         .begin = csv_begin,
                                         .session = export_session_note,
                                         .measurement = csv_measurement,
                                         .session_end = export_nothing,
                                         .day = csv_day,
                                         .end = export_nothing};
