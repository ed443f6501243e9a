/* Every command there is; the table is in commands.c. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/command.h"

extern const struct command command_init, command_run, command_record, command_ingest,
    command_status, command_report, command_health, command_alerts, command_targets,
    command_metrics, command_sessions, command_baseline, command_compare, command_check,
    command_trend, command_analyze, command_import, command_export, command_prune, command_explain,
    command_doctor, command_version, command_help_command, command_notify, command_completion;

#endif
