/* What `tare init` writes. */
#ifndef APP_CONFIG_TEMPLATE_H
#define APP_CONFIG_TEMPLATE_H

#include <stdbool.h>

/* app: the catalogue; ci: benchmarks of commits; empty: neither. To add one: name it here, in the
 * options of `tare init` and in tare-init(1); what it says of its own to config_template.c. */
#define CONFIG_PRESETS                                                                            \
    {                                                                                             \
        "app", "ci", "empty"                                                                      \
    }

bool config_preset_valid(const char *preset);

/* The text of a fresh tare.yml for a preset, every default shown as a comment: what stands behind
 * "# " in a line with a key, put in its place, means the same. `base_branch` is for the preset ci.
 * The caller frees; NULL: no memory. */
char *config_template(const char *preset, const char *app, const char *base_branch);

#endif
