/* OpenMetrics text. Points of one moment (and commit, branch, app, where labels say so) are one
 * session; the labels are part of a metric's identity, written behind its name. Of a histogram
 * come the mean, the count and quantiles by interpolation within its buckets, of a summary the
 * quantiles it has. Bounded by the longest line. */
#include "base/array.h"
#include "base/strbuf.h"
#include "collect/importer_format.h"
#include "collect/importer_openmetrics.h"
#include "collect/importer_session.h"
#include "collect/importer_source.h"
#include "collect/importer_unit.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int openmetrics_probe(const char *head, size_t size, const char *file_name)
{
    (void)file_name;
    if (size < 7 || head[0] != '#')
        return 0;
    return strncmp(head, "# TYPE ", 7) == 0 || strncmp(head, "# HELP ", 7) == 0 ||
                   strncmp(head, "# UNIT ", 7) == 0 || strncmp(head, "# EOF", 5) == 0
               ? 90
               : 0;
}

struct bucket {
    double bound, count; /* observations up to the bound */
};

/* A histogram or summary as its lines come in. */
struct point {
    bool open;
    struct strbuf id;
    double sum, count;
    struct bucket *buckets; /* owned; of a summary: quantile and value */
    size_t bucket_count;
};

struct openmetrics_reader {
    struct import *import;
    struct import_session session;
    bool open;
    struct strbuf key; /* of the open session */
    struct strbuf family, type, unit;
    struct point point;
    bool ended; /* # EOF was there */
    struct tare_error *error;
};

static bool is_type(const struct openmetrics_reader *self, const char *type)
{
    return strcmp(self->type.text, type) == 0;
}

/* The unit that was declared, else the one that the name ends in. */
static const char *family_unit(const struct openmetrics_reader *self)
{
    static const char *const units[] = {"seconds", "milliseconds", "microseconds", "nanoseconds",
                                        "bytes",   "megabytes",    "ratio",        "percent"};
    const char *last = strrchr(self->family.text, '_');
    if (self->unit.length > 0)
        return self->unit.text;
    for (size_t i = 0; last != NULL && i < sizeof units / sizeof units[0]; i++)
        if (strcmp(last + 1, units[i]) == 0)
            return units[i];
    return NULL;
}

static enum tare_status measure_add(struct openmetrics_reader *self, const char *id,
                                    const char *suffix, const char *unit, double value)
{
    bool sure;
    struct import_measure measure = {
        .benchmark = id, .measure = suffix, .unit = unit, .fine = true};
    if (!isfinite(value)) {
        self->import->result->ignored++;
        return TARE_OK;
    }
    measure.better = import_unit_better(measure.unit, &sure);
    measure.guessed = !sure;
    return import_session_add(&self->session, &measure, value, self->error);
}

/* Linear within the bucket that holds the quantile, as Prometheus does it. */
static double bucket_quantile(const struct point *point, double q)
{
    double rank = q * point->count, lower = 0, below = 0;
    for (size_t i = 0; i < point->bucket_count; i++) {
        const struct bucket *bucket = &point->buckets[i];
        if (bucket->count >= rank && bucket->count > below)
            return isfinite(bucket->bound)
                       ? lower + (bucket->bound - lower) * (rank - below) / (bucket->count - below)
                       : lower;
        lower = bucket->bound;
        below = bucket->count;
    }
    return NAN;
}

static enum tare_status histogram_close(struct openmetrics_reader *self)
{
    static const struct {
        const char *suffix;
        double q;
    } quantiles[] = {{"p50", 0.5}, {"p95", 0.95}, {"p99", 0.99}};
    const struct point *point = &self->point;
    enum tare_status status = TARE_OK;
    for (size_t i = 0; i < 3 && status == TARE_OK && point->bucket_count > 0 && point->count > 0;
         i++)
        status = measure_add(self, point->id.text, quantiles[i].suffix, family_unit(self),
                             bucket_quantile(point, quantiles[i].q));
    return status;
}

static enum tare_status summary_close(struct openmetrics_reader *self)
{
    enum tare_status status = TARE_OK;
    for (size_t i = 0; i < self->point.bucket_count && status == TARE_OK; i++) {
        char suffix[32];
        snprintf(suffix, sizeof suffix, "p%.10g", self->point.buckets[i].bound * 100);
        status = measure_add(self, self->point.id.text, suffix, family_unit(self),
                             self->point.buckets[i].count);
    }
    return status;
}

/* What the lines of a histogram or summary come to. */
static enum tare_status point_close(struct openmetrics_reader *self)
{
    struct point *point = &self->point;
    enum tare_status status = TARE_OK;
    if (!point->open)
        return TARE_OK;
    if (point->count > 0 && !isnan(point->sum))
        status = measure_add(self, point->id.text, NULL, family_unit(self),
                             point->sum / point->count);
    if (status == TARE_OK && !isnan(point->count))
        status = measure_add(self, point->id.text, "count", "count", point->count);
    if (status == TARE_OK)
        status = is_type(self, "summary") ? summary_close(self) : histogram_close(self);
    point->open = false;
    free(point->buckets);
    point->buckets = NULL;
    point->bucket_count = 0;
    strbuf_clear(&point->id);
    return status;
}

static enum tare_status point_take(struct openmetrics_reader *self,
                                   const struct openmetrics_sample *sample, const char *suffix)
{
    struct point *point = &self->point;
    if (!point->open) {
        point->open = true;
        point->sum = point->count = NAN;
        strbuf_add_text(&point->id, self->family.text);
        strbuf_add_text(&point->id, sample->labels.text);
    }
    if (strcmp(suffix, "_sum") == 0 || strcmp(suffix, "_gsum") == 0) {
        point->sum = sample->value;
    } else if (strcmp(suffix, "_count") == 0 || strcmp(suffix, "_gcount") == 0) {
        point->count = sample->value;
    } else if (sample->has_bound) {
        struct bucket *bucket = array_add(&point->buckets, &point->bucket_count,
                                          sizeof *point->buckets);
        if (bucket == NULL)
            return error_memory(self->error);
        *bucket = (struct bucket){sample->bound, sample->value};
        if (isnan(point->count) && isinf(sample->bound))
            point->count = sample->value;
    }
    return TARE_OK;
}

/* Sees to it that the session of this sample is the open one. */
static enum tare_status session_turn(struct openmetrics_reader *self,
                                     const struct openmetrics_sample *sample)
{
    struct import_origin origin = {.app = sample->app,
                                   .commit = sample->commit,
                                   .branch = sample->branch,
                                   .environment = sample->environment,
                                   .time_ns = sample->time_ns};
    enum tare_status status = TARE_OK;
    if (sample->metric != NULL)
        origin.labels = sample->pairs.text;
    if (sample->metric != NULL && sample->temperature != NULL)
        temperature_parse(sample->temperature, &origin.temperature);
    if (sample->metric != NULL && sample->outcome != NULL)
        outcome_parse(sample->outcome, &origin.outcome);
    if (self->open && strcmp(self->key.text, sample->key.text) == 0)
        return TARE_OK;
    status = point_close(self);
    if (status == TARE_OK && self->open)
        status = import_session_flush(&self->session, self->error);
    import_session_release(&self->session);
    self->open = false;
    if (status == TARE_OK)
        status = import_session_begin(&self->session, self->import, &origin, self->error);
    if (status != TARE_OK)
        return status;
    self->open = true;
    strbuf_clear(&self->key);
    strbuf_add_text(&self->key, sample->key.text);
    if (sample->time_ns != 0)
        import_session_name(&self->session, self->key.text);
    return TARE_OK;
}

/* Histograms and summaries spread over lines. */
static bool spreads(const struct openmetrics_reader *self)
{
    return is_type(self, "histogram") || is_type(self, "summary") ||
           is_type(self, "gaugehistogram");
}

/* What tare exported goes by the id and the unit that it had. */
static enum tare_status single_take(struct openmetrics_reader *self,
                                    const struct openmetrics_sample *sample)
{
    struct strbuf id;
    const char *unit = sample->unit != NULL ? sample->unit : family_unit(self);
    if (sample->metric != NULL)
        return measure_add(self, sample->metric, NULL, unit != NULL ? unit : "count",
                           sample->value);
    strbuf_init(&id);
    strbuf_add_text(&id, sample->name);
    strbuf_add_text(&id, sample->labels.text);
    enum tare_status status = id.failed ? error_memory(self->error)
                                        : measure_add(self, id.text, NULL, unit, sample->value);
    strbuf_release(&id);
    return status;
}

static enum tare_status sample_take(struct openmetrics_reader *self,
                                    const struct openmetrics_sample *sample)
{
    size_t family = self->family.length;
    bool own = family > 0 && strncmp(sample->name, self->family.text, family) == 0;
    const char *suffix = own ? sample->name + family : "";
    if (is_type(self, "info") || strcmp(suffix, "_created") == 0) {
        self->import->result->ignored++;
        return TARE_OK;
    }
    enum tare_status status = session_turn(self, sample);
    bool spread = own && spreads(self); /* a new label set is a new point */
    if (status == TARE_OK && spread && self->point.open &&
        strcmp(self->point.id.text + family, sample->labels.text) != 0)
        status = point_close(self);
    if (status != TARE_OK)
        return status;
    return spread ? point_take(self, sample, suffix) : single_take(self, sample);
}

/* "# TYPE name type" and "# UNIT name unit"; HELP and remarks say nothing to us. */
static enum tare_status remark_read(struct openmetrics_reader *self, const char *line)
{
    char name[201], word[65];
    if (strcmp(line, "# EOF") == 0) {
        self->ended = true;
        return point_close(self);
    }
    bool type = strncmp(line, "# TYPE ", 7) == 0, unit = strncmp(line, "# UNIT ", 7) == 0;
    if (!type && !unit)
        return TARE_OK;
    if (sscanf(line + 7, "%200s %64s", name, word) != 2)
        return import_source_wrong(self->import->source, self->error,
                                   "a %.4s line is '# %.4s name word'", line + 2, line + 2);
    enum tare_status status = TARE_OK;
    if (strcmp(name, self->family.text) != 0) {
        status = point_close(self);
        strbuf_clear(&self->family);
        strbuf_clear(&self->type);
        strbuf_clear(&self->unit);
        strbuf_add_text(&self->family, name);
    }
    strbuf_clear(type ? &self->type : &self->unit);
    strbuf_add_text(type ? &self->type : &self->unit, word);
    return status;
}

static enum tare_status line_read(struct openmetrics_reader *self, const char *line)
{
    struct openmetrics_sample sample;
    const struct import_source *source = self->import->source;
    if (self->ended && line[0] != '\0')
        return import_source_wrong(source, self->error, "there is more behind # EOF");
    if (line[0] == '#')
        return remark_read(self, line);
    if (line[0] == '\0')
        return TARE_OK;
    enum tare_status status = openmetrics_sample_read(&sample, line, source, self->error);
    if (status == TARE_OK)
        status = sample_take(self, &sample);
    if (status == TARE_OK)
        import_session_digest(&self->session, line, strlen(line) + 1);
    openmetrics_sample_release(&sample);
    if (status == TARE_OK && !self->point.open && import_session_full(&self->session))
        status = import_session_flush(&self->session, self->error);
    return status;
}

enum tare_status openmetrics_read(struct import *import, struct tare_error *error)
{
    char *line = NULL;
    size_t length = 0;
    struct openmetrics_reader self = {.import = import, .error = error};
    enum tare_status status;
    strbuf_init(&self.key);
    strbuf_init(&self.family);
    strbuf_init(&self.type);
    strbuf_init(&self.unit);
    strbuf_init(&self.point.id);
    while ((status = import_source_line(import->source, &line, &length, error)) == TARE_OK &&
           line != NULL) {
        status = line_read(&self, line);
        if (status != TARE_OK)
            break;
    }
    if (status == TARE_OK && !self.ended)
        status = import_source_wrong(import->source, error,
                                     "the file ends without # EOF: it may have been cut");
    if (status == TARE_OK && self.open)
        status = import_session_flush(&self.session, error);
    import_session_release(&self.session);
    free(self.point.buckets);
    strbuf_release(&self.key);
    strbuf_release(&self.family);
    strbuf_release(&self.type);
    strbuf_release(&self.unit);
    strbuf_release(&self.point.id);
    return status;
}
