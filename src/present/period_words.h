/* How the detailed report puts things, whatever the format. Texts are as they came: whoever prints
 * them makes them safe. */
#ifndef PRESENT_PERIOD_WORDS_H
#define PRESENT_PERIOD_WORDS_H

#include "base/strbuf.h"
#include "model/period.h"

#define PERIOD_TEXT_SIZE 160

/* What it is a report of: "shop", "all apps"; then environment, branch and labels asked for. */
void period_title_add(struct strbuf *out, const struct period_report *report);

/* "2026-11-19 to 2026-11-25, 7 days" */
void period_dates_format(const struct period_report *report, char text[PERIOD_TEXT_SIZE]);

/* The metric: its id, and its name where that says more. */
void period_metric_add(struct strbuf *out, const struct metric *metric);

/* What else tells its series from others in this report: " {labels} (cold) app environment". */
void period_series_add(struct strbuf *out, const struct period_report *report,
                       const struct series *series);

/* "+8 … +15 %"; "nothing before", "too few: 3 and 2" where there is no interval. */
void period_interval_format(const struct period_row *row, char text[PERIOD_TEXT_SIZE]);

/* "improved", "regressed", "same", "inconclusive"; "new", "gone" and "too few" of the last. */
const char *period_change_word(const struct period_row *row);

/* "379 ms ±8 high"; "learning, 3 of 5". */
void period_baseline_format(const struct period_row *row, char text[PERIOD_TEXT_SIZE]);

/* "worsening +12 %", "stable", "too few". */
void period_trend_format(const struct period_row *row, char text[PERIOD_TEXT_SIZE]);

/* "since 2026-11-02, worst 4,900 tokens (63 % over the target of 3,000 tokens) on 2026-11-09, now
 * 4,123 tokens (37 % over)"; or ", within it since 2026-11-20". */
void period_watch_add(struct strbuf *out, const struct period_row *row);

/* "10.7 ms → 42.5 ms (+298 %) on 2026-11-24 04:30, between 1b0617b and 9891aef" */
void period_step_format(const struct metric *metric, const struct history_point *point,
                        char text[PERIOD_TEXT_SIZE]);

/* "1 regressed, 0 improved, 5 the same, 3 inconclusive, 2 of them for want of data" */
void period_summary_format(const struct period_report *report, char text[PERIOD_TEXT_SIZE]);

/* "350 sessions: 345 ok, 3 failed, 2 crashed" */
void period_sessions_format(const struct period_sessions *sessions, char text[PERIOD_TEXT_SIZE]);

/* "12 commits, 1b0617b to 9891aef"; "no commit known". */
void period_commits_format(const struct period_sessions *sessions, char text[PERIOD_TEXT_SIZE]);

/* "opened 2026-11-24 04:30, closed 2026-11-25 10:00" */
void period_span_format(const struct alert_span *span, char text[PERIOD_TEXT_SIZE]);

/* How many of the alerts to show where a person reads: all that are open, and PERIOD_CLOSED_SHOWN
 * of those that are closed. */
#define PERIOD_CLOSED_SHOWN 20
size_t period_alerts_shown(const struct period_report *report);

/* What a reader has to know about how the numbers came to be, one sentence each; NULL behind the
 * last. `which` counts from 0. */
const char *period_note(const struct period_report *report, size_t which,
                        char text[2 * PERIOD_TEXT_SIZE]);

#endif
