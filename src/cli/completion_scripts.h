/* completion/ in the source tree, as it stands: made at build time. */
#ifndef CLI_COMPLETION_SCRIPTS_H
#define CLI_COMPLETION_SCRIPTS_H

extern const char *const completion_bash, *const completion_zsh, *const completion_fish;

#endif
