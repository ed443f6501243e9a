#include "model/watch.h"

const char *watch_state_word(enum watch_state state)
{
    static const char *const words[] = {"none", "active", "improving", "fixed"};
    return words[state];
}
