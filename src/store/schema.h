/* The migrations, made of schema/NNN_*.sql at build time, in order. To add one: the next number,
 * its name in src/store/meson.build; it is applied on top of all before it, and what has been
 * released is never changed. */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include <stddef.h>

extern const char *const schema_migrations[];
extern const size_t schema_migration_count;

#endif
