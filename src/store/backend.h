/* What a backend is: one row of callbacks with the meaning of the functions of store.h. */
#ifndef STORE_BACKEND_H
#define STORE_BACKEND_H

#include "store/store.h"

struct store_backend {
    const char *name;
    /* Whether this backend opens such a URL. */
    bool (*claims)(const char *url);
    enum tare_status (*open)(const char *url, const struct store_options *options,
                             struct store **store, struct tare_error *error);
    void (*close)(struct store *store);
    enum tare_status (*begin)(struct store *store, struct tare_error *error);
    enum tare_status (*commit)(struct store *store, struct tare_error *error);
    void (*rollback)(struct store *store);
    enum tare_status (*setting_get)(struct store *store, const char *name, char **value,
                                    struct tare_error *error);
    enum tare_status (*setting_put)(struct store *store, const char *name, const char *value,
                                    struct tare_error *error);
    enum tare_status (*batch_claim)(struct store *store, const char *id, bool *fresh,
                                    struct tare_error *error);
    enum tare_status (*session_put)(struct store *store, const struct session *session,
                                    struct tare_error *error);
    enum tare_status (*session_add)(struct store *store, const struct session *session,
                                    bool *added, struct tare_error *error);
    enum tare_status (*metric_put)(struct store *store, const struct metric *metric, bool replace,
                                   struct tare_error *error);
    enum tare_status (*target_set)(struct store *store, const char *metric_id, double value,
                                   double warning_percent, double error_percent, const char *who,
                                   struct tare_error *error);
    enum tare_status (*series_put)(struct store *store, const struct series *series, int64_t *id,
                                   struct tare_error *error);
    enum tare_status (*samples_add)(struct store *store, int64_t series_id, const char *session_id,
                                    const struct batch_part *part, struct tare_error *error);
    enum tare_status (*samples_put)(struct store *store, int64_t series_id, const char *session_id,
                                    const struct batch_part *part, struct tare_error *error);
    enum tare_status (*samples_read)(struct store *store, int64_t series_id,
                                     const char *session_id, int64_t window_start_ns,
                                     struct batch_part *part, struct tare_error *error);
    enum tare_status (*totals_get)(struct store *store, int64_t series_id, int64_t since_ns,
                                   int64_t until_ns, struct store_totals *totals,
                                   struct tare_error *error);
    enum tare_status (*measurement_put)(struct store *store, struct measurement *measurement,
                                        struct tare_error *error);
    enum tare_status (*measurement_add)(struct store *store, struct measurement *measurement,
                                        bool *added, struct tare_error *error);
    enum tare_status (*measurement_commit)(struct store *store, int64_t measurement_id,
                                           char commit[COMMIT_TEXT_SIZE],
                                           struct tare_error *error);
    enum tare_status (*verdict_put)(struct store *store, int64_t measurement_id,
                                    const struct verdict *verdict, struct tare_error *error);
    enum tare_status (*verdict_forget)(struct store *store, int64_t measurement_id,
                                       struct tare_error *error);
    enum tare_status (*session_exclude)(struct store *store, const char *session_id, bool excluded,
                                        struct tare_error *error);
    enum tare_status (*standing_get)(struct store *store, int64_t series_id,
                                     struct baseline_standing *standing, struct tare_error *error);
    enum tare_status (*standing_put)(struct store *store, const struct baseline_standing *standing,
                                     struct tare_error *error);
    enum tare_status (*unjudged_put)(struct store *store, int64_t series_id, bool unjudged,
                                     struct tare_error *error);
    enum tare_status (*unjudged_list)(struct store *store, int64_t **series_ids, size_t *count,
                                      struct tare_error *error);
    enum tare_status (*alert_put)(struct store *store, struct alert *alert,
                                  struct tare_error *error);
    enum tare_status (*alert_event_add)(struct store *store, struct alert_event *event,
                                        struct tare_error *error);
    enum tare_status (*session_list)(struct store *store, const struct store_filter *filter,
                                     struct session **sessions, size_t *count,
                                     struct tare_error *error);
    enum tare_status (*session_measurements)(struct store *store, const struct session *sessions,
                                             size_t count, size_t *counts,
                                             struct tare_error *error);
    enum tare_status (*metric_list)(struct store *store, struct metric **metrics, size_t *count,
                                    struct tare_error *error);
    enum tare_status (*metric_get)(struct store *store, const char *id, struct metric *metric,
                                   struct tare_error *error);
    enum tare_status (*series_list)(struct store *store, const struct store_filter *filter,
                                    struct series **series, size_t *count,
                                    struct tare_error *error);
    enum tare_status (*measurement_list)(struct store *store, const struct store_filter *filter,
                                         struct measurement **measurements, size_t *count,
                                         struct tare_error *error);
    enum tare_status (*walk)(struct store *store, const struct store_filter *filter,
                             const struct series *series, size_t count, bool empty,
                             const struct store_visitor *visitor, struct tare_error *error);
    enum tare_status (*series_walk)(struct store *store, const struct store_filter *filter,
                                    const struct store_visitor *visitor, struct tare_error *error);
    enum tare_status (*verdict_list)(struct store *store, const int64_t *measurement_ids,
                                     size_t count, struct verdict *verdicts,
                                     struct tare_error *error);
    enum tare_status (*alert_list)(struct store *store, const struct store_filter *filter,
                                   bool live_only, struct alert **alerts, size_t *count,
                                   struct tare_error *error);
    enum tare_status (*alert_get)(struct store *store, int64_t id, struct alert *alert,
                                  struct tare_error *error);
    enum tare_status (*alert_find)(struct store *store, int64_t series_id, enum alert_kind kind,
                                   struct alert *alert, struct tare_error *error);
    enum tare_status (*alert_event_list)(struct store *store, int64_t alert_id,
                                         struct alert_event **events, size_t *count,
                                         struct tare_error *error);
    enum tare_status (*delivery_add)(struct store *store, struct delivery *delivery, bool *fresh,
                                     struct tare_error *error);
    enum tare_status (*delivery_due)(struct store *store, const struct store_claim *claim,
                                     size_t *count, struct tare_error *error);
    enum tare_status (*delivery_claim)(struct store *store, const struct store_claim *claim,
                                       struct delivery **deliveries, size_t *count,
                                       struct tare_error *error);
    enum tare_status (*delivery_settle)(struct store *store, const struct delivery *delivery,
                                        const char *claimant, struct tare_error *error);
    enum tare_status (*delivery_defer)(struct store *store, const char *sink, int64_t time_ns,
                                       bool earlier, struct tare_error *error);
    enum tare_status (*delivery_give_up)(struct store *store, int64_t now_ns, size_t *count,
                                         struct tare_error *error);
    enum tare_status (*delivery_revive)(struct store *store, const char *sink, int64_t now_ns,
                                        int64_t give_up_ns, size_t *count,
                                        struct tare_error *error);
    enum tare_status (*delivery_list)(struct store *store, bool open_only, size_t limit,
                                      struct delivery **deliveries, size_t *count,
                                      struct tare_error *error);
    enum tare_status (*delivery_totals)(struct store *store, struct delivery_totals **totals,
                                        size_t *count, struct tare_error *error);
    enum tare_status (*retention_apply)(struct store *store, const struct store_retention *policy,
                                        int64_t now_ns, bool dry_run,
                                        struct store_retention_report *report,
                                        struct tare_error *error);
    enum tare_status (*retention_keep)(struct store *store, const char *const *commits,
                                       size_t count, struct tare_error *error);
    enum tare_status (*compact)(struct store *store, int64_t *bytes, struct tare_error *error);
    enum tare_status (*rollup_list)(struct store *store, const struct store_filter *filter,
                                    struct rollup **rollups, size_t *count,
                                    struct tare_error *error);
    enum tare_status (*info_get)(struct store *store, struct store_info *info,
                                 struct tare_error *error);
    enum tare_status (*check)(struct store *store, struct tare_error *error);
};

/* The first member of every backend's own store. */
struct store {
    const struct store_backend *backend;
};

extern const struct store_backend sqlite_backend;

#endif
