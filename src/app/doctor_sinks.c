#include "app/doctor_sinks.h"

#include "app/notify_reports.h"
#include "base/clock.h"
#include "base/strbuf.h"

#include <stdlib.h>
#include <string.h>

#define GIVEN_UP_TOLD_NS (30 * CLOCK_NS_PER_DAY) /* later it is history */

static const char *minute_of(int64_t time_ns, char text[CLOCK_TEXT_SIZE])
{
    clock_format(time_ns, text);
    text[10] = ' ';
    text[16] = '\0';
    return text;
}

static const char *plural(int64_t count)
{
    return count == 1 ? "" : "s";
}

/* What is wrong with it, and what to do; nothing when it is well. */
static enum finding_level trouble_add(const struct sink_row *row, int64_t now_ns,
                                      struct strbuf *what, struct strbuf *remedy)
{
    const struct delivery_totals *totals = &row->totals;
    char time[CLOCK_TEXT_SIZE];
    if (!row->ready) {
        strbuf_add_format(what, " cannot be used here: %s", row->problem);
        return FINDING_NOTE;
    }
    if (totals->waiting > 0 && totals->last_error[0] != '\0') {
        strbuf_add_format(what, " fails: %s; %lld notification%s wait%s, the oldest since %s",
                          totals->last_error, (long long)totals->waiting, plural(totals->waiting),
                          totals->waiting == 1 ? "s" : "",
                          minute_of(totals->waiting_since_ns, time));
        strbuf_add_format(remedy, "'tare notify test %s' tries it, and delivers when it is well",
                          row->name);
        return FINDING_PROBLEM;
    }
    if (totals->failed > 0 && totals->failed_ns > now_ns - GIVEN_UP_TOLD_NS) {
        strbuf_add_format(what, ": %lld notification%s given up, the last on %s: %s",
                          (long long)totals->failed, totals->failed == 1 ? " was" : "s were",
                          minute_of(totals->failed_ns, time),
                          totals->last_error[0] != '\0' ? totals->last_error : "see its list");
        strbuf_add_format(remedy, "'tare notify send --failed %s' tries again", row->name);
        return FINDING_PROBLEM;
    }
    return FINDING_OK;
}

static bool sink_note(const struct sink_row *row, int64_t now_ns, struct doctor_report *report)
{
    struct strbuf what, remedy;
    char time[CLOCK_TEXT_SIZE];
    strbuf_init(&what);
    strbuf_init(&remedy);
    strbuf_add_format(&what, "the sink %s (%s, %s)", row->name, row->kind, row->place);
    enum finding_level level = trouble_add(row, now_ns, &what, &remedy);
    if (level == FINDING_OK && row->totals.delivered > 0)
        strbuf_add_format(&what, " was told last on %s",
                          minute_of(row->totals.delivered_ns, time));
    else if (level == FINDING_OK)
        strbuf_add_text(&what, row->queued ? " was not needed yet" : " is told at once");
    bool added = !what.failed && !remedy.failed &&
                 doctor_report_add(report, level, what.text,
                                   remedy.length > 0 ? remedy.text : NULL);
    strbuf_release(&what);
    strbuf_release(&remedy);
    return added;
}

/* Deliveries to a sink that is no longer in tare.yml wait in vain. */
static bool orphan_note(const struct config *config, const struct delivery_totals *totals,
                        struct doctor_report *report)
{
    struct strbuf what;
    if (totals->waiting == 0 || config_sink(config, totals->sink) != NULL)
        return true;
    strbuf_init(&what);
    strbuf_add_format(&what,
                      "%lld notification%s wait%s for the sink %s, which tare.yml does not name",
                      (long long)totals->waiting, plural(totals->waiting),
                      totals->waiting == 1 ? "s" : "", totals->sink);
    bool added = !what.failed && doctor_report_add(report, FINDING_NOTE, what.text,
                                                   "name it again, or wait until they are given "
                                                   "up");
    strbuf_release(&what);
    return added;
}

static bool orphans_note(struct store *store, const struct config *config,
                         struct doctor_report *report)
{
    struct delivery_totals *totals = NULL;
    size_t count = 0;
    bool done = true;
    if (store == NULL || store_delivery_totals(store, &totals, &count, NULL) != TARE_OK)
        return true;
    for (size_t i = 0; i < count && done; i++)
        done = orphan_note(config, &totals[i], report);
    free(totals);
    return done;
}

bool sinks_note(const char *store_url, const struct config *config, struct doctor_report *report)
{
    struct store *store = NULL;
    struct sink_report sinks = {0};
    const struct store_options options = {.read_only = true};
    if (store_open(store_url, &options, &store, NULL) != TARE_OK)
        store = NULL; /* that is another finding */
    bool done = true;
    if (!config_notifies())
        done = doctor_report_add(report, FINDING_NOTE, "TARE_NOTIFY=off: nobody is told of alerts",
                                 NULL);
    if (sink_report_build(store, config, &sinks, NULL) == TARE_OK)
        for (size_t i = 0; i < sinks.count && done; i++)
            done = sink_note(&sinks.rows[i], sinks.now_ns, report);
    done = done && orphans_note(store, config, report);
    sink_report_release(&sinks);
    store_close(store);
    return done;
}
