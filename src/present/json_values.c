#include "present/json_values.h"

#include "base/clock.h"
#include "present/text_safe.h"

#include <math.h>
#include <string.h>

json_t *json_number(double value)
{
    if (!isfinite(value))
        return json_null();
    if (value == floor(value) && fabs(value) < 9e15)
        return json_integer((json_int_t)value);
    return json_real(value);
}

json_t *json_text(const char *text)
{
    if (text == NULL || text[0] == '\0')
        return json_null();
    json_t *value = json_string(text);
    if (value != NULL)
        return value;
    struct strbuf safe;
    strbuf_init(&safe);
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < 0x80)
            strbuf_add_char(&safe, *text);
        else
            strbuf_add_text(&safe, "\xef\xbf\xbd");
    }
    value = json_string(safe.text);
    strbuf_release(&safe);
    return value;
}

json_t *json_time(int64_t time_ns)
{
    char text[CLOCK_TEXT_SIZE];
    if (time_ns == 0)
        return json_null();
    clock_format(time_ns, text);
    return json_string(text);
}

json_t *json_numbers(const double *values, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, json_number(values[i]));
    return array;
}

json_t *json_baseline(const struct baseline *baseline)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:s, s:i, s:s}", "centre",
                     json_number(baseline->centre), "spread", json_number(baseline->spread), "low",
                     json_number(baseline->low), "high", json_number(baseline->high), "confidence",
                     json_number(baseline->confidence), "confidence_label",
                     baseline_confidence_label(baseline), "n", (int)baseline->n, "state",
                     baseline_state_word(baseline->state));
}

static json_t *tiers_array(unsigned tiers)
{
    json_t *array = json_array();
    for (unsigned bit = TIER_THRESHOLD; bit <= TIER_STEP; bit *= 2)
        if (tiers & bit)
            json_array_append_new(array, json_string(verdict_tier_word((enum verdict_tier)bit)));
    return array;
}

json_t *json_verdict(const struct verdict *verdict)
{
    return json_pack(
        "{s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "severity", severity_word(verdict->severity),
        "tiers", tiers_array(verdict->tiers), "deviation_target_percent",
        json_number(verdict->deviation_target_percent), "deviation_baseline_percent",
        json_number(verdict->deviation_baseline_percent), "z", json_number(verdict->z), "p",
        json_number(verdict->p), "reason", json_text(verdict->reason));
}

json_t *json_session(const struct session *session)
{
    return json_pack(
        "{s:s, s:o, s:o, s:o, s:s, s:s, s:o, s:o, s:b, s:o, s:o, s:o, s:I, s:I, s:o}", "id",
        session->id, "app", json_text(session->app), "started_at", json_time(session->started_ns),
        "ended_at", json_time(session->ended_ns), "outcome", outcome_word(session->outcome),
        "temperature", temperature_word(session->temperature), "commit",
        json_text(session->commit), "branch", json_text(session->branch), "dirty", session->dirty,
        "version", json_text(session->version), "environment", json_text(session->environment.key),
        "labels", json_text(session->labels), "dropped", (json_int_t)session->dropped, "condensed",
        (json_int_t)session->condensed, "source", json_text(session->source));
}

json_t *json_metric(const struct metric *metric)
{
    json_t *value = json_pack(
        "{s:o, s:o, s:o, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:i, s:o}", "id",
        json_text(metric->id), "name", json_text(metric_display_name(metric)), "unit",
        json_text(metric->unit), "better", better_word(metric->better), "aggregate",
        aggregate_word(metric->aggregate), "category", category_word(metric->category), "target",
        json_number(metric->target), "warning_percent", json_number(metric->warning_percent),
        "error_percent", json_number(metric->error_percent), "min_change",
        json_number(metric->min_change), "warmup", (int)metric->warmup, "weight",
        json_number(metric->weight));
    return value;
}

json_t *json_measurement(const struct measurement *measurement)
{
    return json_pack("{s:s, s:o, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:b}",
                     "session_id", measurement->session_id, "time",
                     json_time(measurement->time_ns), "n", (json_int_t)measurement->n, "failed",
                     (json_int_t)measurement->failed, "value", json_number(measurement->value),
                     "min", json_number(measurement->min), "max", json_number(measurement->max),
                     "mean", json_number(measurement->mean), "p50", json_number(measurement->p50),
                     "p95", json_number(measurement->p95), "p99", json_number(measurement->p99),
                     "commit", json_text(measurement->commit), "outcome",
                     outcome_word(measurement->outcome), "excluded", measurement->excluded);
}

/* jansson leaves what steers a terminal as it is where JSON allows it: DEL, C1 codes, marks that
 * turn text around. JSON has a way to write them; they stand in strings only. Line ends are its
 * own. */
static size_t steering_length(const char *at, uint32_t *point)
{
    size_t length = text_steering_length(at, point);
    return length > 0 && *point >= 0x7f ? length : 0;
}

static void tame_add(struct strbuf *out, const char *text)
{
    const char *from = text;
    for (const char *at = text; *at != '\0';) {
        uint32_t point;
        size_t length = steering_length(at, &point);
        if (length == 0) {
            at++;
            continue;
        }
        strbuf_add(out, from, (size_t)(at - from));
        strbuf_add_format(out, "\\u%04x", (unsigned)point);
        from = at += length;
    }
    strbuf_add_text(out, from);
}

static void dump_add(struct strbuf *out, json_t *value, size_t flags)
{
    char *text = value != NULL ? json_dumps(value, flags) : NULL;
    json_decref(value);
    if (text == NULL)
        out->failed = true;
    else
        tame_add(out, text);
    free(text);
}

void json_add(struct strbuf *out, json_t *value)
{
    dump_add(out, value, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    strbuf_add_char(out, '\n');
}

void json_add_compact(struct strbuf *out, json_t *value)
{
    dump_add(out, value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(17));
}
