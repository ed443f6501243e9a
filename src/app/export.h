/* `export`: what the store has, in other programs' formats, one measurement after the other. */
#ifndef APP_EXPORT_H
#define APP_EXPORT_H

#include "present/exporter.h"
#include "store/store.h"

struct export_request {
    const struct export_format *format;
    struct store_filter filter;    /* metric_id is not looked at */
    const char *const *metric_ids; /* only these, which must exist; NULL: all */
    size_t metric_count;
    bool samples;
    bool days; /* days that were rolled up, too */
    /* Called now and then; NULL: not. */
    void (*progress)(void *ctx, uint64_t measurements);
    void *progress_ctx;
};

struct export_result {
    uint64_t sessions, measurements, days;
    bool days_left; /* that were rolled up and were not asked for */
};

/* Takes some bytes, in order. A status other than TARE_OK ends the export. */
typedef enum tare_status (*export_sink)(void *ctx, const void *bytes, size_t size,
                                        struct tare_error *error);

/* Writes what matches to the sink. TARE_E_NOT_FOUND for a metric that does not exist. */
enum tare_status export_run(struct store *store, const struct export_request *request,
                            export_sink sink, void *sink_ctx, struct export_result *result,
                            struct tare_error *error);

#endif
