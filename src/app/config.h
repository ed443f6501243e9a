/* tare.yml: found from the working directory upwards, or named by TARE_CONFIG; its values yield to
 * the environment variables TARE_*, and those to options. */
#ifndef APP_CONFIG_H
#define APP_CONFIG_H

#include "base/error.h"
#include "model/metric.h"
#include "notify/sink.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct config {
    char *path;  /* of the file that was read; NULL: there is none */
    uid_t owner; /* whose file it is */
    char *store; /* as written, or resolved against the file's folder; NULL: not said */
    char *app;   /* NULL: not said, as with the next */
    char *environment;
    char *base_branch;
    char *labels; /* canonical; "" none */
    uint32_t baseline_window;
    uint32_t baseline_minimum;
    uint32_t baseline_update_every;
    uint32_t raw_days; /* retention */
    uint32_t rollup_days;
    struct metric *metrics; /* as defined there */
    size_t metric_count;
    struct sink *sinks; /* who is told of alerts */
    size_t sink_count;
};

/* Reads the file that applies (TARE_CONFIG, else the nearest tare.yml upwards from the working
 * directory); without one, the defaults. An unknown key, a wrong type or unit is TARE_E_SYNTAX
 * with file, line and column. */
enum tare_status config_load(struct config *config, struct tare_error *error);

/* Reads one file; for tests and `init`. */
enum tare_status config_read(const char *path, struct config *config, struct tare_error *error);

void config_release(struct config *config);

/* The URL or absolute path of the store: the option, else TARE_STORE, else the file's, else
 * $XDG_STATE_HOME/tare/tare.db. The caller frees. */
enum tare_status config_store(const struct config *config, const char *option, char **store,
                              struct tare_error *error);

/* The app: the option, else TARE_APP, else the file's; NULL when nobody says. Borrowed. */
const char *config_app(const struct config *config, const char *option);

/* The name of the environment: the option, else TARE_ENVIRONMENT, else the file's, else NULL:
 * described by the machine. Borrowed. */
const char *config_environment(const struct config *config, const char *option);

/* The labels of a session, canonical: the file's, TARE_LABELS and the option's together; of two
 * with one key the later one counts. TARE_E_USAGE names what is no label. The caller frees. */
enum tare_status config_labels(const struct config *config, const char *option, char **labels,
                               struct tare_error *error);

/* Whether anybody is to be told of anything: TARE_NOTIFY is not "off". */
bool config_notifies(void);

/* The sink of this name; NULL: there is none. */
const struct sink *config_sink(const struct config *config, const char *name);

#endif
