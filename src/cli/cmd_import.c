#include "app/import.h"
#include "app/repository.h"
#include "app/self_session.h"
#include "base/clock.h"
#include "cli/commands.h"
#include "cli/progress.h"
#include "cli/verbs.h"
#include "model/unit.h"
#include "present/text_safe.h"

#include <stdio.h>
#include <stdlib.h>

struct options {
    struct common_options common;
    const char *unit, *better, *commit, *version, *time, *map;
};

static const struct option_row rows[] = {
    {"app", 0, OPTION_TEXT, offsetof(struct options, common.app), "NAME",
     "the app (the file's; tare.yml; imported)"},
    {"commit", 0, OPTION_TEXT, offsetof(struct options, commit), "ID",
     "where the file names none (git's, if the files are of today's work)"},
    {"branch", 0, OPTION_TEXT, offsetof(struct options, common.branch), "NAME",
     "where the file names none"},
    {"app-version", 0, OPTION_TEXT, offsetof(struct options, version), "TEXT",
     "the app's version"},
    {"time", 0, OPTION_TEXT, offsetof(struct options, time), "TIME",
     "where the file has none, RFC 3339 (the file's own)"},
    {"env", 0, OPTION_TEXT, offsetof(struct options, common.environment), "NAME",
     "the environment (the file's machine)"},
    {"label", 0, OPTION_LIST, offsetof(struct options, common.labels), "K=V",
     "a label of every session (repeatable)"},
    {"unit", 'u', OPTION_TEXT, offsetof(struct options, unit), "UNIT",
     "where the format names none"},
    {"better", 0, OPTION_TEXT, offsetof(struct options, better), "lower|higher|exact",
     "which way is better, over the format's"},
    {"map", 0, OPTION_TEXT, offsetof(struct options, map), "K=COLUMN,...",
     "csv: which column is time, value, metric, commit …"},
    OPTION_STORE(options),
    {0},
};

static void reading_show(void *context, int64_t done_bytes, int64_t total_bytes)
{
    progress_show(context, "Reading", (double)done_bytes / 1e6,
                  total_bytes > 0 ? (double)total_bytes / 1e6 : 0, "MB");
}

static void judging_show(void *context, uint64_t done, uint64_t total)
{
    progress_show(context, "Judging", (double)done / 1e3, (double)total / 1e3,
                  "thousand measurements");
}

/* What stands in where the files are silent: the work tree and the machine that we are on. */
struct surroundings {
    struct repository_head head;
    struct environment machine;
};

static void surroundings_fill(struct surroundings *self, struct import_options *into)
{
    repository_head_read(&self->head);
    environment_init(&self->machine);
    if (self_environment(&self->machine, NULL, NULL) == TARE_OK)
        into->machine = &self->machine;
    into->head_commit = self->head.commit;
    into->head_branch = self->head.branch;
    into->head_dirty = self->head.dirty;
}

static int options_fill(struct context *context, const struct options *options,
                        struct import_options *into)
{
    into->app = options->common.app;
    into->app_usual = config_app(&context->config, NULL);
    into->commit = options->commit;
    into->branch = options->common.branch;
    into->version = options->version;
    into->environment = options->common.environment;
    into->environment_usual = config_environment(&context->config, NULL);
    into->labels = context->labels;
    into->unit = options->unit;
    into->map = options->map;
    if (options->unit != NULL && !unit_valid(options->unit))
        return command_usage(context->command, "'%.40s' is not a unit", options->unit);
    if (options->better != NULL) {
        into->has_better = true;
        if (!better_parse(options->better, &into->better))
            return command_usage(context->command,
                                 "--better is lower, higher or exact, not '%.40s'",
                                 options->better);
    }
    if (options->time != NULL && !clock_parse(options->time, &into->time_ns))
        return command_usage(context->command,
                             "'%.60s' is no time; write it like 2026-01-31T12:00:00Z",
                             options->time);
    return -1;
}

/* What a history raised and settled on its way is told by 'tare alerts'; here, what is open now.
 */
static void alerts_print(struct store *store)
{
    struct alert *alerts = NULL;
    size_t count = 0;
    const struct store_filter all = {.limit = 0};
    if (store_alert_list(store, &all, true, &alerts, &count, NULL) == TARE_OK && count > 0)
        printf("%zu alert%s open: see 'tare alerts'.\n", count, count == 1 ? " is" : "s are");
    free(alerts);
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

/* "jmh", "go and jmh", "csv, go and jmh", "7 formats". */
static void formats_add(struct strbuf *out, uint32_t formats)
{
    size_t count = 0, said = 0;
    for (size_t i = 0; i < importer_count; i++)
        count += formats >> i & 1;
    if (count > 3 || count == 0) {
        strbuf_add_format(out, "%zu format%s", count, plural(count));
        return;
    }
    for (size_t i = 0; i < importer_count; i++)
        if (formats >> i & 1) {
            const char *before = said == 0 ? "" : said + 1 == count ? " and " : ", ";
            strbuf_add_format(out, "%s%s", before, importers[i].name);
            said++;
        }
}

static void result_print(const struct import_result *read, const struct ingest_result *taken)
{
    struct strbuf out;
    strbuf_init(&out);
    strbuf_add_format(&out, "Read %zu file%s (", read->files, plural(read->files));
    formats_add(&out, read->formats);
    strbuf_add_format(&out, "): %zu session%s, %llu sample%s", read->sessions,
                      plural(read->sessions), (unsigned long long)read->samples,
                      plural(read->samples));
    if (read->failed > 0)
        strbuf_add_format(&out, ", %llu failed", (unsigned long long)read->failed);
    if (read->failure[0] != '\0') {
        strbuf_add_text(&out, read->failed > 1 ? " (the first: " : " (");
        text_add_safe(&out, read->failure);
        strbuf_add_char(&out, ')');
    }
    if (taken->known > 0)
        strbuf_add_format(&out, "; %zu %s in the store already", taken->known,
                          taken->known == 1 ? "was" : "were");
    if (read->skipped > 0)
        strbuf_add_format(&out, "; %zu file%s of no known format %s passed over", read->skipped,
                          plural(read->skipped), read->skipped == 1 ? "was" : "were");
    strbuf_add_text(&out, ".\n");
    output_write(&out);
    strbuf_release(&out);
}

static int import_all(struct context *context, void *values, char **operands)
{
    const struct options *options = values;
    struct tare_error error;
    struct import_options how = {0};
    struct import_result read;
    struct ingest_result taken;
    struct surroundings around;
    struct progress progress;
    int result = options_fill(context, options, &how);
    if (result >= 0)
        return result;
    surroundings_fill(&around, &how);
    progress_begin(&progress);
    how.progress = reading_show;
    how.progress_ctx = &progress;
    const struct judge_progress judging = {judging_show, &progress};
    enum tare_status status = import_files(context->store, context->store_url, &context->config,
                                           operands[0], operands + 1, &how, &judging, &read,
                                           &taken, &error);
    progress_end(&progress);
    if (status == TARE_OK) {
        result_print(&read, &taken);
        if (taken.refused > 0)
            fprintf(stderr, "tare: %s\n", taken.refusal.message);
        alerts_print(context->store);
    }
    ingest_result_release(&taken);
    context->delivers = true;
    environment_release(&around.machine);
    if (status == TARE_OK)
        return EXIT_DONE;
    int said = command_fail(&error);
    return status == TARE_E_USAGE ? said : EXIT_TROUBLE;
}

static const struct command_verb verbs[] = {
    {"", 2, -1, "FORMAT (or auto) and files or folders (or -)", CONTEXT_CREATE, import_all}, {0}};

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {0};
    return verbs_run(command, NULL, verbs, &options, argc, argv);
}

const struct command command_import = {
    .name = "import",
    .synopsis = "FORMAT|auto FILE… [options]",
    .summary = "takes in the result files of other benchmark tools",
    .details =
        "auto tells the format by the content; an unknown FORMAT names those there are. A\n"
        "folder is walked; - is standard input. The same file twice is the same data once;\n"
        "a broken file changes nothing.",
    .options = rows,
    .run = run,
};
