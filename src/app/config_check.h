/* tare.yml against its schema, before libcyaml loads it: libcyaml takes "12x" for 12, and its
 * messages are for those who know it. */
#ifndef APP_CONFIG_CHECK_H
#define APP_CONFIG_CHECK_H

#include "app/config_place.h"

#include <cyaml/cyaml.h>

/* TARE_E_SYNTAX with file, line and column of the first mistake: what is no YAML, a key that is
 * unknown, there twice or missing, a value of another type, a word that is none of those. A value
 * that is empty (or ~, null) counts as not said. */
enum tare_status config_check(const struct config_source *source,
                              const cyaml_schema_value_t *schema, struct tare_error *error);

#endif
