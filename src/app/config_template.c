#include "app/config.h"

#include "base/strbuf.h"
#include "model/catalogue.h"

#include <math.h>
#include <string.h>

static void add_head(struct strbuf *buf, const char *app)
{
    strbuf_add_text(buf,
                    "# tare.yml: what tare keeps of this program, and where. Every line that is\n"
                    "# commented out shows the default.\n\n"
                    "store: tare.db             # relative to this file; or postgresql://…\n"
                    "app: \"");
    for (const char *at = app; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\')
            strbuf_add_char(buf, '\\');
        strbuf_add_char(buf, *at);
    }
    strbuf_add_text(
        buf, "\"\n"
             "# environment:             # a name for the machine; default: its description\n"
             "# base_branch:             # whose measurements make the baseline; default: all\n"
             "# labels: []               # key=value pairs that go with every session\n"
             "# window: 10m              # how long sessions are cut\n"
             "# ingest: exit             # or never: when a program ends, take its samples in\n\n"
             "# baseline:\n"
             "#   window: 20             # measurements\n"
             "#   minimum: 5             # fewer: still learning\n"
             "#   update_every: 10       # once the window is full\n\n"
             "# retention:\n"
             "#   raw_days: 30\n"
             "#   rollup_days: 365\n\n");
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

char *config_template(const char *preset, const char *app)
{
    struct strbuf buf;
    strbuf_init(&buf);
    add_head(&buf, app);
    strbuf_add_text(
        &buf,
        "# A metric has id, name, unit, better (lower, higher, exact), aggregate (median,\n"
        "# mean, sum, max, last, p95, p99, count, rate), category (core, secondary, custom),\n"
        "# and if wanted: target, warning_percent 10, error_percent 20, min_change 0,\n"
        "# resolution, weight 1, warmup 0, persist \"2/3\".\n");
    if (strcmp(preset, "app") == 0) {
        strbuf_add_text(&buf, "metrics:\n");
        for (size_t i = 0; i < CATALOGUE_COUNT; i++)
            add_metric(&buf, &catalogue[i]);
    } else {
        strbuf_add_text(&buf, "# metrics:\n#   - id: my_metric\n#     unit: ms\n");
    }
    return strbuf_detach(&buf);
}
