/* CSV: one measurement a row, days that were rolled up with how many they stand for in the last
 * column. */
#include "base/number.h"
#include "present/csv_cells.h"
#include "present/export_formats.h"

#include <math.h>
#include <string.h>

static const char header[] =
    "session_id,app,started_at,ended_at,outcome,temperature,commit,branch,dirty,version,"
    "environment,labels,metric_id,unit,better,time,n,failed,value,min,max,mean,p50,p95,p99,"
    "excluded,window_start,rolled_up\n";

/* The cells of a session up to its labels; app, environment, temperature and labels are those of
 * the series, which another program of the session may have made. */
static void session_cells_add(struct strbuf *out, const struct session *session,
                              const struct series *series)
{
    csv_add_text(out, session->id, true);
    csv_add_text(out, series->app, false);
    csv_add_time(out, session->started_ns);
    csv_add_time(out, session->ended_ns);
    csv_add_text(out, outcome_word(session->outcome), false);
    csv_add_text(out, temperature_word(series->temperature), false);
    csv_add_text(out, session->commit, false);
    csv_add_text(out, session->branch, false);
    csv_add_text(out, session->dirty ? "true" : "false", false);
    csv_add_text(out, session->version, false);
    csv_add_text(out, series->environment, false);
    csv_add_text(out, series->labels, false);
}

static void series_cells_add(struct export_series *series)
{
    csv_add_text(&series->text, series->metric->id, false);
    csv_add_text(&series->text, series->metric->unit, false);
    csv_add_text(&series->text, better_word(series->metric->better), false);
    series->told = true;
}

/* Time, counts and numbers; a number that the one before it is, is not written anew. */
static void numbers_add(struct strbuf *out, const struct measurement *measurement)
{
    double numbers[EXPORT_NUMBERS], last = NAN;
    size_t from = 0, length = 0;
    export_numbers_take(measurement, numbers);
    csv_add_time(out, measurement->time_ns);
    csv_add_count(out, measurement->n);
    csv_add_count(out, measurement->failed);
    for (int i = 0; i < EXPORT_NUMBERS; i++) {
        if (numbers[i] == last) {
            char text[NUMBER_TEXT_SIZE + 1];
            memcpy(text, out->text + from, length);
            strbuf_add(out, text, length);
            continue;
        }
        from = out->length;
        csv_add_number(out, numbers[i]);
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
    strbuf_add_text(out, measurement->excluded ? ",true" : ",false");
    csv_add_time(out, measurement->window_start_ns);
    strbuf_add_text(out, ",\n");
}

static void csv_day(struct exporter *self, size_t series, const struct export_day *day,
                    struct strbuf *out)
{
    struct export_series *own = &self->series[series];
    csv_add_text(out, own->series->app, false);
    strbuf_add_text(out, ",,,");
    csv_add_text(out, temperature_word(own->series->temperature), false);
    strbuf_add_text(out, ",,,,");
    csv_add_text(out, own->series->environment, false);
    csv_add_text(out, own->series->labels, false);
    if (!own->told)
        series_cells_add(own);
    strbuf_add(out, own->text.text, own->text.length);
    numbers_add(out, &day->numbers);
    strbuf_add_text(out, ",,");
    csv_add_count(out, day->measurements);
    csv_end_line(out);
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
