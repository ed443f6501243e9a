#include "app/config_place.h"

#include "base/file.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* The value under one key or index of `node`; NULL: there is none. */
static yaml_node_t *node_step(yaml_document_t *document, const yaml_node_t *node, const char *step,
                              size_t length)
{
    if (node->type == YAML_SEQUENCE_NODE) {
        const yaml_node_item_t *first = node->data.sequence.items.start;
        size_t count = (size_t)(node->data.sequence.items.top - first);
        size_t index = (size_t)strtoul(step, NULL, 10);
        return index < count ? yaml_document_get_node(document, first[index]) : NULL;
    }
    if (node->type != YAML_MAPPING_NODE)
        return NULL;
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = yaml_document_get_node(document, pair->key);
        if (key != NULL && key->type == YAML_SCALAR_NODE && key->data.scalar.length == length &&
            memcmp(key->data.scalar.value, step, length) == 0)
            return yaml_document_get_node(document, pair->value);
    }
    return NULL;
}

static yaml_mark_t document_find(yaml_document_t *document, const char *place)
{
    const yaml_mark_t start = {0};
    const yaml_node_t *node = yaml_document_get_root_node(document), *next = node;
    for (const char *step = place; next != NULL && *step != '\0';) {
        size_t length = strcspn(step, ".");
        node = next;
        next = node_step(document, node, step, length);
        step += length + (step[length] == '.' ? 1 : 0);
    }
    node = next != NULL ? next : node;
    return node != NULL ? node->start_mark : start;
}

static yaml_mark_t place_find(const struct config_source *source, const char *place)
{
    yaml_mark_t mark = {0};
    yaml_parser_t parser;
    yaml_document_t document;
    if (!yaml_parser_initialize(&parser))
        return mark;
    yaml_parser_set_input_string(&parser, (const unsigned char *)source->bytes, source->size);
    if (yaml_parser_load(&parser, &document)) {
        mark = document_find(&document, place);
        yaml_document_delete(&document);
    }
    yaml_parser_delete(&parser);
    return mark;
}

enum tare_status config_error(const struct config_source *source, const char *place,
                              struct tare_error *error, const char *format, ...)
{
    char message[sizeof error->message];
    yaml_mark_t mark = place_find(source, place);
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    return error_set(error, TARE_E_SYNTAX, "%s:%zu:%zu: %s", source->path, mark.line + 1,
                     mark.column + 1, message);
}

char *config_where(const char *path, const char *place)
{
    struct config_source source = {.path = path};
    char *bytes = NULL, *text = NULL;
    if (file_read(path, CONFIG_SIZE_MOST, &bytes, &source.size, NULL) != TARE_OK)
        return strdup(path);
    source.bytes = bytes;
    yaml_mark_t mark = place_find(&source, place);
    int length = asprintf(&text, "%s:%zu:%zu", path, mark.line + 1, mark.column + 1);
    free(bytes);
    return length < 0 ? NULL : text;
}
