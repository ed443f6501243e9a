#include "app/doctor.h"
#include "cli/commands.h"
#include "cli/verbs.h"

struct options {
    struct common_options common;
};

static const struct option_row rows[] = {OPTION_FORMAT(options), OPTION_STORE(options), {0}};

static int examine(struct context *context, void *values, char **operands)
{
    (void)values;
    (void)operands;
    struct tare_error error;
    struct doctor_report report = {0};
    bool sick = false;
    int result = doctor_build(context->store_url, &context->config, &report, &error) == TARE_OK
                     ? context_print(context, &report)
                     : command_fail(&error);
    for (size_t i = 0; i < report.count; i++)
        sick = sick || report.findings[i].level == FINDING_PROBLEM;
    doctor_report_release(&report);
    return result == EXIT_DONE && sick ? EXIT_TROUBLE : result;
}

static const struct command_verb verbs[] = {{"", 0, 0, NULL, CONTEXT_NOTHING, examine}, {0}};

static int run(const struct command *command, int argc, char **argv)
{
    struct options options = {0};
    return verbs_run(command, doctor_renderers, verbs, &options, argc, argv);
}

const struct command command_doctor = {
    .name = "doctor",
    .synopsis = "[options]",
    .summary = "looks at store, inbox, session files and configuration",
    .details = "Changes nothing. Ends with 3 when there is a problem, 0 otherwise.",
    .options = rows,
    .run = run,
};
