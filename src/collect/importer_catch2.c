#include "collect/importer_catch2.h"

#include "base/strbuf.h"
#include "collect/importer_source.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

#define CASE_DEPTH 32 /* of sections in a test case whose names are kept */

char *catch2_name(const char *test_case, const char *benchmark)
{
    struct strbuf name;
    strbuf_init(&name);
    if (test_case != NULL && test_case[0] != '\0')
        strbuf_add_format(&name, "%s/", test_case);
    strbuf_add_text(&name, benchmark);
    return strbuf_detach(&name);
}

enum tare_status catch2_value(struct import_session *session, const char *name, double value,
                              const char *unit, struct tare_error *error)
{
    const struct import_measure measure = {.benchmark = name, .unit = unit, .fine = true};
    return import_session_add(session, &measure, value, error);
}

enum tare_status catch2_failure(struct import_session *session, const char *name,
                                struct tare_error *error)
{
    struct import_slot slot;
    const struct import_measure measure = {.benchmark = name, .unit = "ns", .fine = true};
    enum tare_status status = import_session_slot(session, &measure, &slot, error);
    if (status == TARE_OK)
        import_session_failure(session, &slot, 0);
    return status;
}

struct xml_reader {
    struct import_session *session;
    XML_Parser parser;
    struct strbuf path; /* of the test case and its sections */
    size_t lengths[CASE_DEPTH];
    size_t depth;
    char *benchmark; /* the open one; owned */
    bool measured;
    enum tare_status status;
    struct tare_error *error;
};

static const char *attribute(const XML_Char **attributes, const char *name)
{
    for (; attributes[0] != NULL; attributes += 2)
        if (strcmp(attributes[0], name) == 0)
            return attributes[1];
    return NULL;
}

static enum tare_status xml_wrong(struct xml_reader *self, const char *what)
{
    self->session->import->source->line = XML_GetCurrentLineNumber(self->parser);
    return import_source_wrong(self->session->import->source, self->error, "%s", what);
}

static void level_open(struct xml_reader *self, const char *name)
{
    if (self->depth < CASE_DEPTH)
        self->lengths[self->depth] = self->path.length;
    if (self->depth < CASE_DEPTH && name != NULL) {
        if (self->path.length > 0)
            strbuf_add_char(&self->path, '/');
        strbuf_add_text(&self->path, name);
    }
    self->depth++;
}

static void level_close(struct xml_reader *self)
{
    self->depth -= self->depth > 0;
    if (self->depth >= CASE_DEPTH || self->path.length == 0)
        return;
    self->path.length = self->lengths[self->depth];
    self->path.text[self->path.length] = '\0';
}

static enum tare_status benchmark_open(struct xml_reader *self, const char *name)
{
    if (name == NULL || name[0] == '\0' || self->benchmark != NULL)
        return xml_wrong(self, "a BenchmarkResults without a name of its own");
    self->benchmark = catch2_name(self->path.text, name);
    self->measured = false;
    return self->benchmark != NULL ? TARE_OK : error_memory(self->error);
}

static enum tare_status mean_read(struct xml_reader *self, const char *text)
{
    char *end;
    double value = text != NULL ? strtod(text, &end) : 0;
    if (text == NULL || end == text || *end != '\0')
        return xml_wrong(self, "a mean without a number as its value");
    self->measured = true;
    return catch2_value(self->session, self->benchmark, value, "ns", self->error);
}

static void XMLCALL on_open(void *ctx, const XML_Char *name, const XML_Char **attributes)
{
    struct xml_reader *self = ctx;
    if (self->status != TARE_OK)
        return;
    if (strcmp(name, "TestCase") == 0 || strcmp(name, "Section") == 0)
        level_open(self, attribute(attributes, "name"));
    else if (strcmp(name, "BenchmarkResults") == 0)
        self->status = benchmark_open(self, attribute(attributes, "name"));
    else if (self->benchmark != NULL && strcmp(name, "mean") == 0)
        self->status = mean_read(self, attribute(attributes, "value"));
    else if (self->benchmark != NULL && strcmp(name, "failed") == 0) {
        self->measured = true;
        import_failure_note(self->session->import, self->benchmark,
                            attribute(attributes, "message"));
        self->status = catch2_failure(self->session, self->benchmark, self->error);
    }
    if (self->status != TARE_OK)
        XML_StopParser(self->parser, XML_FALSE);
}

static void XMLCALL on_close(void *ctx, const XML_Char *name)
{
    struct xml_reader *self = ctx;
    if (self->status != TARE_OK)
        return;
    if (strcmp(name, "TestCase") == 0 || strcmp(name, "Section") == 0)
        level_close(self);
    if (strcmp(name, "BenchmarkResults") != 0)
        return;
    if (!self->measured)
        self->status = xml_wrong(self, "a BenchmarkResults without a mean");
    free(self->benchmark);
    self->benchmark = NULL;
    if (self->status != TARE_OK)
        XML_StopParser(self->parser, XML_FALSE);
}

static enum tare_status pieces_read(struct xml_reader *self)
{
    char *bytes;
    size_t size;
    struct import_source *source = self->session->import->source;
    do {
        enum tare_status status = import_source_piece(source, &bytes, &size, self->error);
        if (status != TARE_OK)
            return status;
        import_session_digest(self->session, bytes, size);
        enum XML_Status parsed = XML_Parse(self->parser, bytes, (int)size, size == 0);
        if (self->status != TARE_OK)
            return self->status;
        if (parsed == XML_STATUS_ERROR)
            return xml_wrong(self, XML_ErrorString(XML_GetErrorCode(self->parser)));
    } while (size > 0);
    return TARE_OK;
}

enum tare_status catch2_xml_read(struct import_session *session, struct tare_error *error)
{
    struct xml_reader self = {.session = session, .error = error};
    self.parser = XML_ParserCreate(NULL);
    if (self.parser == NULL)
        return error_memory(error);
    strbuf_init(&self.path);
    XML_SetUserData(self.parser, &self);
    XML_SetElementHandler(self.parser, on_open, on_close);
    enum tare_status status = pieces_read(&self);
    if (status == TARE_OK && self.path.failed)
        status = error_memory(error);
    free(self.benchmark);
    strbuf_release(&self.path);
    XML_ParserFree(self.parser);
    return status;
}
