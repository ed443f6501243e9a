/* Formats of which a file is one JSON document and one session, its values in rows: all but what
 * is in a row. */
#ifndef COLLECT_IMPORTER_DOCUMENT_H
#define COLLECT_IMPORTER_DOCUMENT_H

#include "collect/importer.h"
#include "collect/importer_json.h"
#include "collect/importer_session.h"

/* What a document says of its session, and room for texts that have to be composed. */
struct document_origin {
    struct import_origin origin;
    char text[2][256];
};

struct document_format {
    /* Where the rows are (collect/importer_rows.h). */
    const char *const *path;
    /* Fills in what the document says of the session. NULL: nothing. */
    void (*origin)(const struct place *document, struct document_origin *to);
    /* Adds the values of a row; `state` is the format's own, from import_document(). */
    enum tare_status (*row)(struct import_session *session, const struct place *row, void *state,
                            struct tare_error *error);
    /* Behind the last row. NULL: nothing is left to do. */
    enum tare_status (*end)(struct import_session *session, void *state, struct tare_error *error);
};

enum tare_status import_document(struct import *import, const struct document_format *format,
                                 void *state, struct tare_error *error);

/* Adds the numbers of an array to a measure, each a sample. */
enum tare_status document_values(struct import_session *session, const struct place *values,
                                 const struct import_measure *measure, struct tare_error *error);

/* "NAME [k=v, k=v]" of an object of texts and numbers; NAME alone when it is empty or none. The
 * caller frees it. NULL: no memory. */
char *document_name(const char *name, const struct place *parameters);

#endif
