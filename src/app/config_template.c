#include "app/config_template.h"

#include "base/strbuf.h"
#include "model/catalogue.h"
#include "present/text_safe.h"

#include <math.h>
#include <string.h>

/* A line of the file: `value` is the default, shown as a comment unless a preset says otherwise.
 * Keys of a section are indented, as in the file. tests/unit/app/test_config_template.c compares
 * the defaults with those of the program. */
struct setting_line {
    const char *key, *value, *note;
    const char *ci, *ci_note; /* NULL: as everywhere; the note stands above */
};

static const struct setting_line lines[] = {
    {"environment", "", "a name for the machine; default: its description", "ci",
     "One name for all runners, so that a run is compared with those before it. Leave it out\n"
     "# where each runner is a machine of your own: then only like is compared with like."},
    {"base_branch", "", "whose measurements make baselines and alerts; default: all", "main",
     "Pull requests are held against this branch and do not move its baseline."},
    {"labels", "[]", "key=value pairs that go with every session", NULL, NULL},
    {"window", "10m", "how long sessions are cut", NULL, NULL},
    {"ingest", "exit", "or never: when a program ends, take its samples in", "never",
     "'tare check' takes in what was recorded; nothing is left running behind the job."},
    {NULL, NULL, NULL, NULL, NULL},
    {"baseline", "", NULL, NULL, NULL},
    {"  window", "20", "measurements", NULL, NULL},
    {"  minimum", "5", "fewer: still learning", NULL, NULL},
    {"  update_every", "10", "once the window is full", NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
    {"retention", "", NULL, "",
     "A measurement belongs to a commit, and commits are compared long after: keep them."},
    {"  raw_days", "30", "measurements and samples; 0: for good", "365", NULL},
    {"  rollup_days", "365", "the summaries of days after that; 0: for good", "1825", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static const struct setting_line example[] = {
    {"  - id", "my_metric", "what programs and commands call it", NULL, NULL},
    {"    name", "", "what people read; default: the id", NULL, NULL},
    {"    unit", "count", "ms, s, MB, GB, %, tokens, … or any other word", NULL, NULL},
    {"    better", "lower", "or higher, exact", NULL, NULL},
    {"    aggregate", "median", "or mean, sum, max, last, p95, p99, count, rate", NULL, NULL},
    {"    category", "custom", "or core, secondary", NULL, NULL},
    {"    target", "", "the budget, in the unit; default: none", NULL, NULL},
    {"    warning_percent", "10", "beyond target or baseline", NULL, NULL},
    {"    error_percent", "20", NULL, NULL, NULL},
    {"    min_change", "0", "less is ok whatever its percentage", NULL, NULL},
    {"    resolution", "", "its smallest step; default: by the unit", NULL, NULL},
    {"    weight", "1", "in the performance index", NULL, NULL},
    {"    warmup", "0", "samples of a session that are not recorded", NULL, NULL},
    {"    persist", "2/3", "an alert needs 2 bad ones of 3", NULL, NULL},
};

static const struct setting_line sink_example[] = {
    {"  - type", "log", "or stderr, syslog, webhook, command", NULL, NULL},
    {"    path", "alerts.log", "a line of logfmt an event", NULL, NULL},
    {"  - type", "webhook", "a POST of JSON", NULL, NULL},
    {"    name", "team", "what 'tare notify' calls it", NULL, NULL},
    {"    url_env", "WEBHOOK_URL", "the variable that holds the URL; or url_file, url", NULL,
     NULL},
    {"    format", "tare", "or slack", NULL, NULL},
    {"    secret_env", "WEBHOOK_KEY", "with it the body is signed; or secret_file", NULL, NULL},
    {"    ca_file", "", "whom to trust; default: whom the system trusts", NULL, NULL},
    {"    min_severity", "warning", "or info, error, critical", NULL, NULL},
    {"    events", "[opened, reopened, escalated, resolved]", NULL, NULL, NULL},
    {"    apps", "[\"*\"]", "by pattern; so are metrics", NULL, NULL},
    {"    metrics", "[\"*\"]", NULL, NULL, NULL},
    {"    timeout", "10", "seconds an attempt may take", NULL, NULL},
    {"    give_up_days", "7", "how long it is tried", NULL, NULL},
    {"  - type", "command", "with JSON on its standard input", NULL, NULL},
    {"    command", "./page-somebody", NULL, NULL, NULL},
};

bool config_preset_valid(const char *preset)
{
    static const char *const presets[] = CONFIG_PRESETS;
    for (size_t i = 0; i < sizeof presets / sizeof presets[0]; i++)
        if (strcmp(presets[i], preset) == 0)
            return true;
    return false;
}

static void add_line(struct strbuf *buf, const char *prefix, const char *key, const char *value,
                     const char *note)
{
    struct strbuf line;
    strbuf_init(&line);
    strbuf_add_format(&line, "%s%s:%s%s", prefix, key, value[0] != '\0' ? " " : "", value);
    strbuf_add_text(buf, line.text);
    if (note != NULL) {
        size_t width = text_width(line.text);
        strbuf_add_repeated(buf, ' ', width < 26 ? 26 - width : 1);
        strbuf_add_format(buf, "# %s", note);
    }
    strbuf_add_char(buf, '\n');
    strbuf_release(&line);
}

static void add_lines(struct strbuf *buf, bool ci, const char *base_branch)
{
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const struct setting_line *line = &lines[i];
        if (line->key == NULL) {
            strbuf_add_char(buf, '\n');
        } else if (ci && line->ci != NULL) {
            bool branch = strcmp(line->key, "base_branch") == 0;
            if (line->ci_note != NULL)
                strbuf_add_format(buf, "# %s\n", line->ci_note);
            add_line(buf, "", line->key, branch ? base_branch : line->ci, NULL);
        } else {
            add_line(buf, "# ", line->key, line->value, line->note);
        }
    }
}

/* In double quotes, whatever the folder's name holds. */
static void add_quoted(struct strbuf *buf, const char *text)
{
    strbuf_add_char(buf, '"');
    for (const char *at = text; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7f) {
            strbuf_add_format(buf, "\\x%02x", (unsigned char)*at);
            continue;
        }
        if (*at == '"' || *at == '\\')
            strbuf_add_char(buf, '\\');
        strbuf_add_char(buf, *at);
    }
    strbuf_add_char(buf, '"');
}

static void add_metric(struct strbuf *buf, const struct catalogue_metric *row)
{
    strbuf_add_format(buf, "  - id: %s\n    name: %s\n    unit: \"%s\"\n    better: %s\n", row->id,
                      row->name, row->unit, better_word(row->better));
    strbuf_add_format(buf, "    aggregate: %s\n    category: %s\n", aggregate_word(row->aggregate),
                      category_word(row->category));
    if (!isnan(row->target))
        strbuf_add_format(buf, "    target: %g\n", row->target);
    if (row->min_change > 0)
        strbuf_add_format(buf, "    min_change: %g\n", row->min_change);
}

static void add_metrics(struct strbuf *buf, const char *preset)
{
    bool app = strcmp(preset, "app") == 0;
    if (strcmp(preset, "ci") == 0)
        strbuf_add_text(buf,
                        "# What 'tare import' and 'tare run' record defines its own metrics; here "
                        "stand those that\n# are to have a target, limits of their own or a "
                        "finer rule of when to alert.\n");
    strbuf_add_text(buf, app ? "metrics:\n" : "# metrics:\n");
    for (size_t i = 0; i < CATALOGUE_COUNT && app; i++)
        add_metric(buf, &catalogue[i]);
    if (app)
        strbuf_add_text(buf, "\n# And one of your own:\n");
    for (size_t i = 0; i < sizeof example / sizeof example[0]; i++)
        add_line(buf, "# ", example[i].key, example[i].value, example[i].note);
}

static void add_sinks(struct strbuf *buf)
{
    strbuf_add_text(buf, "\n# Who is told of alerts; default: standard error, of everything. "
                         "'tare notify test' tries\n# them.\n# notify:\n");
    for (size_t i = 0; i < sizeof sink_example / sizeof sink_example[0]; i++)
        add_line(buf, "# ", sink_example[i].key, sink_example[i].value, sink_example[i].note);
}

char *config_template(const char *preset, const char *app, const char *base_branch)
{
    struct strbuf buf;
    strbuf_init(&buf);
    strbuf_add_text(&buf,
                    "# tare.yml: what tare keeps of this program, and where; tare.yml(5) tells it "
                    "all.\n# A setting that is commented out shows its default.\n\n");
    add_line(&buf, "", "store", "tare.db", "relative to this file");
    strbuf_add_text(&buf, "app: ");
    add_quoted(&buf, app);
    strbuf_add_char(&buf, '\n');
    add_lines(&buf, strcmp(preset, "ci") == 0, base_branch);
    add_metrics(&buf, preset);
    add_sinks(&buf);
    return strbuf_detach(&buf);
}
