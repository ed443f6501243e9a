#include "cli/commands.h"

#include "cli/context.h"

#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* Tables measure UTF-8 by the locale; everything tare prints is UTF-8 whatever the locale says. */
static void use_utf8(void)
{
    setlocale(LC_CTYPE, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        setlocale(LC_CTYPE, "C.UTF-8");
}

int main(int argc, char **argv)
{
    use_utf8();
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is a failed write */
    signal(SIGCHLD, SIG_DFL); /* whoever started us may not want to hear of children: we do */
    if (argc < 2)
        return command_help_command.run(&command_help_command, argc, argv);
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        name = "help";
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0)
        name = "version";
    const struct command *command = command_find(name);
    if (command == NULL)
        return command_unknown(name);
    return command->run(command, argc - 1, argv + 1);
}
