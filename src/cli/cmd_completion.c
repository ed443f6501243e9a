#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/completion_scripts.h"
#include "cli/context.h"

#include <string.h>

static const struct option_row rows[] = {{0}};

static const struct {
    const char *shell;
    const char *const *script;
} shells[] = {{"bash", &completion_bash}, {"zsh", &completion_zsh}, {"fish", &completion_fish}};

static int script_print(const char *script)
{
    struct strbuf out;
    strbuf_init(&out);
    strbuf_add_text(&out, script);
    int result = output_write(&out);
    strbuf_release(&out);
    return result;
}

/* A word a line, with what it means behind a tab; what the shell is to find itself behind a colon.
 */
static int words_print(char *const *words, size_t count)
{
    static const char *const rests[] = {
        [REST_NOTHING] = "", [REST_FILES] = ":files\n", [REST_COMMANDS] = ":commands\n"};
    struct word_list found = {0};
    struct strbuf out;
    strbuf_init(&out);
    enum completion_rest rest = completion_find(words, count, &found);
    for (size_t i = 0; i < found.count; i++)
        strbuf_add_format(&out, "%s\t%s\n", found.words[i].text,
                          found.words[i].what != NULL ? found.words[i].what : "");
    strbuf_add_text(&out, rests[rest]);
    int result = output_write(&out);
    strbuf_release(&out);
    word_list_release(&found);
    return result;
}

static int run(const struct command *command, int argc, char **argv)
{
    struct tare_error error;
    bool help = false;
    int at;
    if (options_parse(command->options, argc, argv, NULL, true, &at, &help, &error) != TARE_OK)
        return command_usage(command, "%s", error.message);
    if (help)
        return command_help(command);
    if (at == argc)
        return command_usage(command, "completion wants a shell: bash, zsh or fish");
    if (strcmp(argv[at], "words") == 0) {
        at += at + 1 < argc && strcmp(argv[at + 1], "--") == 0 ? 2 : 1;
        return words_print(argv + at, (size_t)(argc - at));
    }
    if (at + 1 < argc)
        return command_usage(command, "completion wants one shell, so not '%.60s'", argv[at + 1]);
    for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++)
        if (strcmp(shells[i].shell, argv[at]) == 0)
            return script_print(*shells[i].script);
    return command_usage(command, "completion knows bash, zsh and fish, not '%.60s'", argv[at]);
}

const struct command command_completion = {
    .name = "completion",
    .synopsis = "bash|zsh|fish",
    .summary = "makes a shell complete what is typed behind tare",
    .details =
        "Prints what the shell is to read; it is installed where shells look for it, so this is\n"
        "for a tare that was not installed: eval \"$(tare completion bash)\". What can follow is\n"
        "asked for at every turn ('tare completion words -- WORD…'): metrics, apps, alerts and\n"
        "branches, too.",
    .options = rows,
    .run = run,
};
