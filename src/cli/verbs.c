#include "cli/verbs.h"

#include "base/strbuf.h"

#include <string.h>

static bool is_plain(const struct command_verb *verbs)
{
    return verbs[0].name[0] == '\0';
}

static int unknown_verb(const struct command *command, const struct command_verb *verbs,
                        const char *word)
{
    struct strbuf names;
    strbuf_init(&names);
    for (; verbs->name != NULL; verbs++)
        strbuf_add_format(&names, "%s%s", names.length > 0 ? ", " : "", verbs->name);
    int result = command_usage(command, "%s does %s, not '%.60s'", command->name, names.text,
                               word);
    strbuf_release(&names);
    return result;
}

static int count_check(const struct command *command, const struct command_verb *verb, int given,
                       const char *first)
{
    if (given >= verb->least && (verb->most < 0 || given <= verb->most))
        return -1;
    const char *space = verb->name[0] != '\0' ? " " : "";
    if (verb->wants == NULL)
        return command_usage(command, "%s%s%s takes no operands, so not '%.60s'", command->name,
                             space, verb->name, first);
    return command_usage(command, "%s%s%s wants %s", command->name, space, verb->name,
                         verb->wants);
}

static const struct command_verb *verb_find(const struct command_verb *verbs, const char *word)
{
    for (; verbs->name != NULL; verbs++)
        if (strcmp(verbs->name, word) == 0)
            return verbs;
    return NULL;
}

int verbs_run(const struct command *command, const struct renderer *renderers,
              const struct command_verb *verbs, void *values, int argc, char **argv)
{
    struct context context;
    int at;
    int result = context_begin(&context, command, argc, argv, values, &at);
    if (result >= 0)
        return result;
    const struct command_verb *verb = &verbs[0];
    if (!is_plain(verbs) && at < argc) {
        verb = verb_find(verbs, argv[at]);
        if (verb == NULL)
            result = unknown_verb(command, verbs, argv[at]);
        at++;
    }
    if (result < 0)
        result = count_check(command, verb, argc - at, argv[at]);
    if (result < 0 && renderers != NULL)
        result = context_renderer(&context, renderers);
    if (result < 0)
        result = context_open(&context, verb->access);
    if (result < 0 && renderers != NULL && verb->access == CONTEXT_READ)
        context_note_nothing(&context);
    if (result < 0)
        result = verb->run(&context, values, argv + at);
    context_end(&context);
    return result;
}
