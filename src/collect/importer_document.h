/* Formats of which a file is one JSON document and one session: all but what is in it. */
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
    /* Fills in what the document says of the session. NULL: nothing. */
    void (*origin)(const struct place *document, struct document_origin *to);
    /* Adds the document's values. */
    enum tare_status (*fill)(struct import_session *session, const struct place *document,
                             struct tare_error *error);
};

enum tare_status import_document(struct import *import, const struct document_format *format,
                                 struct tare_error *error);

/* Adds the numbers of an array to a measure, each a sample. */
enum tare_status document_values(struct import_session *session, const struct place *values,
                                 const struct import_measure *measure, struct tare_error *error);

/* "NAME [k=v, k=v]" of an object of texts and numbers; NAME alone when it is empty or none. The
 * caller frees it. NULL: no memory. */
char *document_name(const char *name, const struct place *parameters);

#endif
