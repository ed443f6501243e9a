/* What the two readers of Catch2's results share. */
#ifndef COLLECT_IMPORTER_CATCH2_H
#define COLLECT_IMPORTER_CATCH2_H

#include "base/error.h"
#include "collect/importer_session.h"

/* "CASE/BENCHMARK"; the benchmark alone without a case. The caller frees it. NULL: no memory. */
char *catch2_name(const char *test_case, const char *benchmark);

enum tare_status catch2_value(struct import_session *session, const char *name, double value,
                              const char *unit, struct tare_error *error);
enum tare_status catch2_failure(struct import_session *session, const char *name,
                                struct tare_error *error);

/* Reads the rest of the source as what the XML reporter writes: nanoseconds. */
enum tare_status catch2_xml_read(struct import_session *session, struct tare_error *error);

#endif
