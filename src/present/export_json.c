/* JSON Lines, one session a line; and one JSON document, which is an array of the same. What a
 * store has to know to be the same again is in it: how a metric differs from the default stands
 * with the first of its measurements. */
#include "present/export_formats.h"

#include "present/json_values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void text_add(struct strbuf *out, const char *text)
{
    json_add_compact(out, json_text(text));
}

static void key_add(struct strbuf *out, const char *key)
{
    strbuf_add_text(out, ",\"");
    strbuf_add_text(out, key);
    strbuf_add_text(out, "\":");
}

static void text_member_add(struct strbuf *out, const char *key, const char *text)
{
    key_add(out, key);
    text_add(out, text);
}

static void number_member_add(struct strbuf *out, const char *key, double number)
{
    key_add(out, key);
    export_number_add(out, number, "null");
}

static void time_member_add(struct strbuf *out, const char *key, int64_t time_ns)
{
    key_add(out, key);
    strbuf_add_char(out, '"');
    export_time_add(out, time_ns);
    strbuf_add_char(out, '"');
}

/* Beyond id, unit and direction: where it is not as metric_init() has it. */
static void definition_add(struct strbuf *out, const struct metric *metric)
{
    struct metric usual;
    metric_init(&usual);
    const struct {
        const char *key;
        double number, otherwise;
    } numbers[] = {{"target", metric->target, usual.target},
                   {"warning_percent", metric->warning_percent, usual.warning_percent},
                   {"error_percent", metric->error_percent, usual.error_percent},
                   {"min_change", metric->min_change, usual.min_change},
                   {"resolution", metric->resolution, usual.resolution},
                   {"weight", metric->weight, usual.weight},
                   {"warmup", metric->warmup, usual.warmup},
                   {"persist_needed", metric->persist_needed, usual.persist_needed},
                   {"persist_of", metric->persist_of, usual.persist_of}};
    if (metric->name != NULL)
        text_member_add(out, "name", metric->name);
    if (metric->aggregate != usual.aggregate)
        text_member_add(out, "aggregate", aggregate_word(metric->aggregate));
    if (metric->category != usual.category)
        text_member_add(out, "category", category_word(metric->category));
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (isfinite(numbers[i].number) && numbers[i].number != numbers[i].otherwise)
            number_member_add(out, numbers[i].key, numbers[i].number);
}

/* The metric's first of all says what it is; several series have one metric. */
static void metric_add(struct exporter *self, size_t series, struct strbuf *out)
{
    struct export_series *own = &self->series[series];
    if (own->text.length == 0) {
        strbuf_add_text(&own->text, "{\"metric_id\":");
        text_add(&own->text, own->metric->id);
        text_member_add(&own->text, "unit", own->metric->unit);
        text_member_add(&own->text, "better", better_word(own->metric->better));
    }
    strbuf_add(out, own->text.text, own->text.length);
    if (own->told)
        return;
    definition_add(out, own->metric);
    for (size_t i = 0; i < self->series_count; i++)
        if (self->series[i].metric == own->metric)
            self->series[i].told = true;
}

/* Where another program of the session measured as another app, or elsewhere. */
static void difference_add(struct strbuf *out, const struct session *session,
                           const struct series *series)
{
    if (strcmp(session->app, series->app) != 0)
        text_member_add(out, "app", series->app);
    if (strcmp(session->environment.key, series->environment) != 0)
        text_member_add(out, "environment", series->environment);
    if (session->temperature != series->temperature)
        text_member_add(out, "temperature", temperature_word(series->temperature));
    const char *labels = session->labels != NULL ? session->labels : "";
    if (strcmp(labels, series->labels) != 0) {
        key_add(out, "labels");
        if (series->labels[0] == '\0')
            strbuf_add_text(out, "\"\""); /* null would be the session's */
        else
            text_add(out, series->labels);
    }
}

static void numbers_add(struct strbuf *out, const struct measurement *measurement)
{
    double numbers[EXPORT_NUMBERS];
    export_numbers_take(measurement, numbers);
    time_member_add(out, "time", measurement->time_ns);
    key_add(out, "n");
    export_whole_add(out, measurement->n);
    if (measurement->failed > 0) {
        key_add(out, "failed");
        export_whole_add(out, measurement->failed);
    }
    for (int i = 0; i < EXPORT_NUMBERS; i++)
        number_member_add(out, export_number_names[i], numbers[i]);
}

/* Of the measurement's own moment a sample is its value only. */
static void samples_add(struct strbuf *out, const struct batch_part *kept, int64_t time_ns)
{
    key_add(out, "samples");
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < kept->sample_count; i++) {
        const struct sample *sample = &kept->samples[i];
        if (i > 0)
            strbuf_add_char(out, ',');
        if (sample->time_ns != time_ns) {
            strbuf_add_text(out, "{\"time\":\"");
            export_time_add(out, sample->time_ns);
            strbuf_add_text(out, "\",\"value\":");
        }
        export_number_add(out, sample->value, "null");
        if (sample->time_ns != time_ns)
            strbuf_add_char(out, '}');
    }
    strbuf_add_char(out, ']');
    if (kept->bucket_count == 0)
        return;
    key_add(out, "buckets");
    for (size_t i = 0; i < kept->bucket_count; i++)
        strbuf_add_format(out, "%s%d,%llu]", i == 0 ? "[[" : ",[", (int)kept->buckets[i].index,
                          (unsigned long long)kept->buckets[i].count);
    strbuf_add_char(out, ']');
}

static void json_measurement_add(struct exporter *self, size_t series,
                                 const struct measurement *measurement,
                                 const struct batch_part *kept, struct strbuf *out)
{
    const struct session *session = self->session;
    if (self->entries++ > 0)
        strbuf_add_char(out, ',');
    metric_add(self, series, out);
    difference_add(out, session, self->series[series].series);
    numbers_add(out, measurement);
    if (measurement->window_start_ns != session->started_ns)
        time_member_add(out, "window_start", measurement->window_start_ns);
    if (session->outcome == OUTCOME_RUNNING && measurement->final)
        strbuf_add_text(out, ",\"final\":true");
    if (measurement->excluded)
        strbuf_add_text(out, ",\"excluded\":true");
    if (kept != NULL)
        samples_add(out, kept, measurement->time_ns);
    strbuf_add_char(out, '}');
}

/* What is known of the machine; NULL: nothing. */
static json_t *machine_value(const struct environment *machine)
{
    json_t *value = json_object();
    if (machine->cpu != NULL)
        json_object_set_new(value, "cpu", json_text(machine->cpu));
    if (machine->os != NULL)
        json_object_set_new(value, "os", json_text(machine->os));
    if (machine->architecture != NULL)
        json_object_set_new(value, "architecture", json_text(machine->architecture));
    if (machine->cores != 0)
        json_object_set_new(value, "cores", json_integer(machine->cores));
    if (machine->memory_mb != 0)
        json_object_set_new(value, "memory_mb", json_integer((json_int_t)machine->memory_mb));
    if (json_object_size(value) > 0)
        return value;
    json_decref(value);
    return NULL;
}

static void session_add(struct exporter *self, const struct session *session, size_t measurements,
                        struct strbuf *out)
{
    json_t *value = json_session(session), *machine = machine_value(&session->environment);
    self->session = session;
    self->entries = 0;
    if (machine != NULL)
        json_object_set_new(value, "machine", machine);
    json_object_set_new(value, "measurements", json_integer((json_int_t)measurements));
    strbuf_add_text(out, "{\"session\":");
    json_add_compact(out, value);
    strbuf_add_text(out, ",\"measurements\":[");
}

static void day_add(struct exporter *self, size_t series, const struct export_day *day,
                    struct strbuf *out)
{
    const struct series *own = self->series[series].series;
    strbuf_add_text(out, "{\"day\":");
    metric_add(self, series, out);
    text_member_add(out, "app", own->app);
    text_member_add(out, "environment", own->environment);
    text_member_add(out, "temperature", temperature_word(own->temperature));
    text_member_add(out, "labels", own->labels);
    key_add(out, "measurements");
    export_whole_add(out, day->measurements);
    numbers_add(out, &day->numbers);
    strbuf_add_text(out, "}}");
}

static void line_end(struct exporter *self, struct strbuf *out)
{
    (void)self;
    strbuf_add_text(out, "]}\n");
}

static void line_day(struct exporter *self, size_t series, const struct export_day *day,
                     struct strbuf *out)
{
    day_add(self, series, day, out);
    strbuf_add_char(out, '\n');
}

/* The first element of the array stands behind its bracket, the others behind a comma. */
static void element_begin(struct exporter *self, struct strbuf *out)
{
    strbuf_add_text(out, self->elements++ > 0 ? ",\n" : "\n");
}

static void document_begin(struct exporter *self, struct strbuf *out)
{
    (void)self;
    strbuf_add_char(out, '[');
}

static void document_session(struct exporter *self, const struct session *session,
                             size_t measurements, struct strbuf *out)
{
    element_begin(self, out);
    session_add(self, session, measurements, out);
}

static void document_session_end(struct exporter *self, struct strbuf *out)
{
    (void)self;
    strbuf_add_text(out, "]}");
}

static void document_day(struct exporter *self, size_t series, const struct export_day *day,
                         struct strbuf *out)
{
    element_begin(self, out);
    day_add(self, series, day, out);
}

static void document_end(struct exporter *self, struct strbuf *out)
{
    strbuf_add_text(out, self->elements > 0 ? "\n]\n" : "]\n");
}

const struct export_format export_jsonl = {.name = "jsonl",
                                           .ending = ".jsonl",
                                           .samples = true,
                                           .days = true,
                                           .empty = true,
                                           .begin = export_nothing,
                                           .session = session_add,
                                           .measurement = json_measurement_add,
                                           .session_end = line_end,
                                           .day = line_day,
                                           .end = export_nothing};

const struct export_format export_json = {.name = "json",
                                          .ending = ".json",
                                          .samples = true,
                                          .days = true,
                                          .empty = true,
                                          .begin = document_begin,
                                          .session = document_session,
                                          .measurement = json_measurement_add,
                                          .session_end = document_session_end,
                                          .day = document_day,
                                          .end = document_end};
