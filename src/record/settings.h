/* What a tracker is told: by its options, then the environment, then tare.yml, then nobody. */
#ifndef RECORD_SETTINGS_H
#define RECORD_SETTINGS_H

#include "base/error.h"
#include "record/layout.h"
#include "tare/tracker.h"

struct settings {
    char text[HEADER_TEXT_SIZE]; /* as in struct session_card */
    uint16_t text_at[TEXT_COUNT];
    size_t text_used;
    int64_t window_ns;
    enum tare_temperature temperature;
    bool in_memory;    /* the store is ":memory:" */
    bool ingest_never; /* no `tare ingest` at the end */
};

/* Fills in everything. TARE_E_USAGE: a field is too long, or not what it should be. */
enum tare_status settings_read(const tare_options *options, struct settings *settings,
                               struct tare_error *error);

/* The seconds of "600", "90s", "10m", "1h": 0.01 to 10 million. False: the text is none of it. */
bool window_parse(const char *text, double *seconds);

static inline const char *settings_text(const struct settings *settings, enum header_text which)
{
    return settings->text + settings->text_at[which];
}

#endif
