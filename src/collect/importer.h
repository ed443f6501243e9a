/* Importers: the bytes of one benchmark format become batches.
 *
 * An importer reads a file (or standard input, or a folder) and delivers batches one at a time;
 * whoever takes them writes them in one transaction, so that a file that fails changes nothing.
 * The recipe for adding a format stands beside the table in importer.c.
 *
 * What every importer holds to:
 *
 * - **Metric ids.** A benchmark's principal measure (its time, as a rule) has the benchmark's
 *   whole name as metric id, parameters and threads included. Further measures of the same
 *   benchmark have NAME.MEASURE: "BM_sort/1024.cpu_time", "sleep 1.peak_memory",
 *   "BenchmarkFib-8.allocs/op". An id longer than 200 bytes is cut and ends in "~" and sixteen
 *   digits of the whole one's digest; control characters become spaces.
 * - **Values** are in base units (model/unit.h): ms, MB, else the format's own unit. "ns/op" is a
 *   time. Principal measures are core metrics, the others secondary.
 * - **Samples** are the raw repetitions; where the format has a summary only, that is the one
 *   sample. A repetition that failed, or whose value is not a finite number, counts as failed.
 * - **Session.** App, commit, branch, date and machine come from the file where it names them,
 *   else from the options. A date stands in in this order: the file's, the options', the file's
 *   time of modification, now.
 * - **Identity.** Session and batch ids are digests of the content, the app, the commit and the
 *   labels: importing the same file twice gives the same ids, so the second time adds nothing.
 *   Where one file holds many sessions each has the digest of its own content, so that a history
 *   that grew adds only what is new.
 */
#ifndef COLLECT_IMPORTER_H
#define COLLECT_IMPORTER_H

#include "base/error.h"
#include "model/batch.h"
#include "tare/better.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What stands in where a file is silent, and what goes over it. Strings are borrowed; all may be
 * NULL. */
struct import_options {
    const char *app;       /* over the file's */
    const char *app_usual; /* stands in; without either: "imported" */
    const char *commit;    /* stands in; so with the next two */
    const char *branch;
    const char *version;
    const char
        *head_commit; /* the work tree's: stands in behind `commit`, and not for a format that */
    const char *head_branch; /* says all there is, as tare's own does; so with these */
    bool head_dirty;
    int64_t time_ns;                   /* stands in; 0: none */
    const char *environment;           /* a name; over the file's */
    const char *environment_usual;     /* a name; over the machine that the file describes */
    const struct environment *machine; /* stands in where the file names no machine */
    const char *labels;                /* added to the file's, and over them */
    const char *unit;                  /* where the format names none */
    bool has_better;
    enum tare_better better; /* over the format's direction, when has_better */
    const char *map;         /* of csv: "time=when,value=ms,metric=test" */
    /* Called now and then while reading. total_bytes is −1 where it cannot be known. */
    void (*progress)(void *ctx, int64_t done_bytes, int64_t total_bytes);
    void *progress_ctx;
};

/* What was read. */
struct import_result {
    uint32_t formats; /* that were read: a bit for each row of importers[] */
    size_t files;     /* read; a benchmark's folder of criterion is one */
    size_t skipped;   /* files of a folder that no importer knows */
    size_t sessions;  /* one that comes in several batches, one behind the other, is one */
    size_t batches;
    uint64_t samples;
    uint64_t failed;   /* of them, without a value */
    uint64_t ignored;  /* rows that are no measurement: aggregates, messages, missing cells */
    char failure[160]; /* "NAME: why", as the first that says it; "": none does */
    char session_id[UUID_TEXT_SIZE]; /* of the last batch */
};

/* Takes one batch, which stays the importer's: what is to be kept is copied. A status other than
 * TARE_OK ends the import and becomes its result. */
typedef enum tare_status (*import_emit)(void *ctx, const struct batch *batch,
                                        struct tare_error *error);

struct import_source;

/* One import as a format's reader sees it. */
struct import {
    const struct importer *importer;
    struct import_source *source; /* collect/importer_source.h */
    const struct import_options *options;
    import_emit emit;
    void *emit_ctx;
    struct import_result *result;
    const char *folder_digest; /* of all that a folder holds of the format; NULL: one file */
};

struct importer {
    const char *name;        /* on the command line */
    const char *description; /* one line, without a full stop */
    /* How sure it is that a file that begins with these bytes (at most IMPORT_PROBE_SIZE,
     * NUL-terminated) is its own: 0 not at all, 100 certain. `file_name` is without folders. */
    int (*probe)(const char *head, size_t size, const char *file_name);
    /* Reads the whole source and emits its batches. Errors name the file and the line or the
     * path within it. */
    enum tare_status (*read)(struct import *import, struct tare_error *error);
};

#define IMPORT_PROBE_SIZE 65536

extern const struct importer importers[];
extern const size_t importer_count;

/* TARE_E_USAGE when a row of the table lacks something; called once at start-up. */
enum tare_status importers_check(struct tare_error *error);

/* The importer of that name, or NULL. */
const struct importer *importer_find(const char *name);

/* The importer that is surest of the content, or NULL when none is. */
const struct importer *importer_probe(const char *head, size_t size, const char *file_name);

/* Reads `path` ("-": standard input; a folder is walked, in order of names) by the importer
 * called `format` ("auto": by content) and emits what is in it. `result` is added to: set it to
 * zero before the first file. TARE_E_USAGE for an unknown format, TARE_E_NOT_FOUND for a missing
 * file or a folder with nothing in it that is known, TARE_E_SYNTAX for a broken file. */
enum tare_status import_path(const char *format, const char *path,
                             const struct import_options *options, import_emit emit,
                             void *emit_ctx, struct import_result *result,
                             struct tare_error *error);

/* The same from memory; `name` stands for the file in messages and for probes. */
enum tare_status import_bytes(const char *format, const char *name, const void *bytes, size_t size,
                              const struct import_options *options, import_emit emit,
                              void *emit_ctx, struct import_result *result,
                              struct tare_error *error);

#endif
