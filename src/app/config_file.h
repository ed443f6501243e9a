/* Reading one tare.yml: its schema, section by section. */
#ifndef APP_CONFIG_FILE_H
#define APP_CONFIG_FILE_H

#include "app/config.h"

/* The defaults; everything else is not said. */
void config_init(struct config *config);

#endif
