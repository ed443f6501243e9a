/* What the sections of tare.yml are described with: libcyaml fills in their structs, in which a
 * NULL pointer is a key that is not there. */
#ifndef APP_CONFIG_SCHEMA_H
#define APP_CONFIG_SCHEMA_H

#include <cyaml/cyaml.h>

/* A key without a value counts as one that is not there: so are those that were a comment. */
#define OPTIONAL                  (CYAML_FLAG_OPTIONAL | CYAML_FLAG_POINTER_NULL_STR)
#define TEXT(key, type)           CYAML_FIELD_STRING_PTR(#key, OPTIONAL, struct type, key, 1, 400)
#define REAL(key, type)           CYAML_FIELD_FLOAT_PTR(#key, OPTIONAL, struct type, key)
#define WHOLE(key, type)          CYAML_FIELD_UINT_PTR(#key, OPTIONAL, struct type, key)
#define ONE_OF(key, type, values) /* the flag makes numbers an error */                           \
    CYAML_FIELD_ENUM_PTR(#key, OPTIONAL | CYAML_FLAG_STRICT, struct type, key, values,            \
                         CYAML_ARRAY_LEN(values))
#define WORDS(key, type, value, least)                                                            \
    CYAML_FIELD_SEQUENCE(#key, OPTIONAL, struct type, key, value, least, CYAML_UNLIMITED)

#endif
