#include "cli/commands.h"

#include "cli/context.h"

#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Tables measure UTF-8 by the locale; everything tare prints is UTF-8 whatever the locale says. */
static void use_utf8(void)
{
    setlocale(LC_CTYPE, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        setlocale(LC_CTYPE, "C.UTF-8");
}

/* A file that is opened must not get the number of a stream that the caller closed: what is
 * printed would go into it. Reading from, or writing to, these fails as before. */
static void streams_hold(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            (void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int main(int argc, char **argv)
{
    streams_hold();
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
