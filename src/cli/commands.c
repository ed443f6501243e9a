#include "cli/commands.h"

#include <stddef.h>

const struct command *const commands[] = {
    &command_init,         &command_run,
    &command_record,       &command_status,
    &command_report,       &command_alerts,
    &command_notify,       &command_explain,
    &command_trend,        &command_compare,
    &command_check,        &command_analyze,
    &command_targets,      &command_metrics,
    &command_sessions,     &command_baseline,
    &command_import,       &command_export,
    &command_health,       &command_ingest,
    &command_prune,        &command_doctor,
    &command_completion,   &command_version,
    &command_help_command, NULL,
};
