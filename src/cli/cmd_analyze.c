#include "app/history.h"
#include "base/error.h"
#include "cli/commands.h"
#include "cli/verbs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct options {
    struct common_options common;
    const char *column;
};

static const struct option_row rows[] = {
    {"column", 0, OPTION_TEXT, offsetof(struct options, column), "NAME",
     "the column of values (the last with numbers)"},
    OPTION_FORMAT(options),
    {0},
};

static int analyze(struct context *context, void *values, char **operands)
{
    const struct options *options = values;
    struct tare_error error;
    struct history_report report;
    bool standard = strcmp(operands[0], "-") == 0;
    FILE *stream = standard ? stdin : fopen(operands[0], "re");
    if (stream == NULL) {
        error_set_errno(&error, errno, "cannot open %s", operands[0]);
        command_fail(&error);
        return EXIT_TROUBLE;
    }
    history_report_init(&report);
    enum tare_status status = history_read(stream, standard ? "standard input" : operands[0],
                                           options->column, &report, &error);
    int result = status == TARE_OK ? context_print(context, &report) : command_fail(&error);
    history_report_release(&report);
    if (!standard)
        fclose(stream);
    return result;
}

static const struct command_verb verbs[] = {
    {"", 1, 1, "a file, or - for standard input", CONTEXT_NOTHING, analyze}, {0}};

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {0};
    return verbs_run(command, analysis_renderers, verbs, &options, argc, argv);
}

const struct command command_analyze = {
    .name = "analyze",
    .synopsis = "FILE|- [options]",
    .summary = "change points and trend of any CSV or column of numbers",
    .details =
        "Needs no store. Reads CSV with or without a header; a column called time, date or\n"
        "timestamp gives the times. Empty cells are gaps. Indexes count from 0.",
    .options = rows,
    .run = run,
};
