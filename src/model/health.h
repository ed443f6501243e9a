/* Whether tare itself works: what `health` found out. */
#ifndef MODEL_HEALTH_H
#define MODEL_HEALTH_H

#include "model/baseline.h"
#include "model/measurement.h"

#include <stddef.h>
#include <stdint.h>

/* The criteria, each with a goal after 30 and one after 60 days. */
enum health_subject {
    HEALTH_STARTS = 0, /* percent of the starts that are recorded */
    HEALTH_CATALOGUE,  /* metrics of the catalogue with data: of the core, then of all */
    HEALTH_BASELINES,  /* percent of the baselines whose confidence is medium or high */
    HEALTH_ALERTS,     /* percent of the alerts that were answered in time */
    HEALTH_DROPS,      /* percent of the samples that were dropped */
    HEALTH_INBOX,      /* hours that something waits to be taken in */
    HEALTH_GROWTH      /* bytes a month that the store grows by */
};
#define HEALTH_SUBJECTS 7

/* "starts", "catalogue", "baselines", "alerts", "drops", "inbox", "growth" */
const char *health_subject_word(enum health_subject subject);

enum health_standing {
    HEALTH_UNKNOWN = 0, /* cannot be known yet */
    HEALTH_NOT_MET,     /* not yet */
    HEALTH_MET
};

/* "unknown", "not_met", "met" */
const char *health_standing_word(enum health_standing standing);

struct health_criterion {
    enum health_subject subject;
    enum health_standing standing;
    double value; /* so far; NaN: there is none yet */
    double goal;
    bool at_most;  /* the goal is the most it may be, not the least */
    char why[128]; /* why it cannot be known yet; "" otherwise */
};

struct health_starts {
    size_t handed_over; /* sessions that ended, or go on, by themselves */
    size_t found_dead;  /* whose process died; what it had recorded was taken up */
    size_t lost;        /* of which nothing was kept, for want of room or for damage */
};

struct health_baselines {
    size_t high, medium, low, learning;
};

struct health_alerts {
    size_t opened;
    size_t acknowledged; /* by a person, whatever they did */
    size_t closed;
    size_t answered;                       /* acknowledged or closed within ANSWER_DAYS */
    size_t late;                           /* not, and that time is over */
    double acknowledge_hours, close_hours; /* means; NaN: none */
};

/* The last so many days. */
struct health_window {
    uint32_t days;
    int64_t since_ns;
    double history_days; /* since the first measurement, at most `days` */
    size_t rolled_up;    /* days in it that are rolled up: their sessions are not counted */
    struct health_starts starts;
    bool *has_data; /* owned: of each metric of the catalogue */
    size_t core_with_data, with_data;
    struct health_baselines baselines; /* of the series measured in it */
    struct health_alerts alerts;
    uint64_t measurements, samples, dropped, condensed;
    double growth_bytes; /* a month; NaN: not known */
    struct health_criterion criteria[HEALTH_SUBJECTS];
};

#define HEALTH_WINDOWS 2

/* A series with its baseline, measured in the longest window. */
struct health_series {
    struct series series;
    struct baseline baseline;
};

struct health_inbox {
    int64_t waiting_bytes;
    int64_t waiting_since_ns; /* 0: nothing waits */
    int64_t damaged_bytes;
    int64_t damaged_ns;   /* of the newest; 0: none */
    size_t running;       /* sessions of programs that run now */
    size_t untaken;       /* session files that could not be taken up */
    size_t unreadable;    /* files that are no sessions, and those of them that were set aside */
    uint64_t roomless;    /* samples of the report's app, lost for want of room, … */
    size_t roomless_apps; /* … of so many programs, which the store does not count yet */
    int64_t roomless_ns;  /* about when the last was; 0: none */
};

struct health_report {
    char *app; /* NULL: all */
    int64_t until_ns;
    int64_t first_ns; /* of the oldest measurement, rolled up or not; 0: none */
    int64_t size_bytes;
    uint32_t raw_days; /* of retention; 0: everything stays */
    struct health_inbox inbox;
    struct health_window windows[HEALTH_WINDOWS]; /* 30 days, 60 days */
    struct health_series *series;                 /* by metric; owned */
    size_t series_count;
};

void health_report_init(struct health_report *report);
void health_report_release(struct health_report *report);

/* Appends an initialised series. NULL: no memory. */
struct health_series *health_series_add(struct health_report *report);

#endif
