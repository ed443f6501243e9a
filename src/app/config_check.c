#include "app/config_check.h"

#include "base/strbuf.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct checker {
    const struct config_source *source;
    yaml_document_t document;
    struct tare_error *error;
};

static enum tare_status value_check(struct checker *self, const yaml_node_t *node,
                                    const cyaml_schema_value_t *schema, const char *name);

static enum tare_status mistake(struct checker *self, yaml_mark_t mark, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum tare_status mistake(struct checker *self, yaml_mark_t mark, const char *format, ...)
{
    char message[sizeof self->error->message];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    return error_set(self->error, TARE_E_SYNTAX, "%s:%zu:%zu: %s", self->source->path,
                     mark.line + 1, mark.column + 1, message);
}

static const char *text_of(const yaml_node_t *node)
{
    return (const char *)node->data.scalar.value;
}

static bool is_plain(const yaml_node_t *node)
{
    return node->type == YAML_SCALAR_NODE && node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

static bool is_null(const yaml_node_t *node)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};
    for (size_t i = 0; i < sizeof words / sizeof words[0] && is_plain(node); i++)
        if (strcmp(text_of(node), words[i]) == 0)
            return true;
    return false;
}

/* What stands there in place of what should. */
static const char *found(const yaml_node_t *node, char text[96])
{
    if (node->type == YAML_SEQUENCE_NODE)
        return "a list";
    if (node->type == YAML_MAPPING_NODE)
        return "keys with values";
    snprintf(text, 96, "%s'%.60s'", is_plain(node) ? "" : "the text ", text_of(node));
    return text;
}

static enum tare_status wrong_type(struct checker *self, const yaml_node_t *node, const char *name,
                                   const char *wanted)
{
    char text[96];
    return mistake(self, node->start_mark, "%s must be %s, not %s", name, wanted,
                   found(node, text));
}

/* Decimal: what YAML reads as octal or hexadecimal is a slip rather than meant. */
static bool is_number(const char *text, bool whole)
{
    char *end;
    const char *digits = text + (!whole && (text[0] == '-' || text[0] == '+') ? 1 : 0);
    if (!isdigit((unsigned char)digits[0]) && (whole || digits[0] != '.'))
        return false;
    if (digits[0] == '0' && isalnum((unsigned char)digits[1]) && digits[1] != 'e')
        return false;
    errno = 0;
    if (whole)
        return strtoull(text, &end, 10) <= UINT32_MAX && *end == '\0' && errno == 0;
    return isfinite(strtod(text, &end)) && end != text && *end == '\0';
}

static enum tare_status word_check(struct checker *self, const yaml_node_t *node,
                                   const cyaml_schema_value_t *schema, const char *name)
{
    struct strbuf words;
    strbuf_init(&words);
    bool known = false;
    for (uint32_t i = 0; i < schema->enumeration.count; i++) {
        const char *word = schema->enumeration.strings[i].str;
        known = known || (node->type == YAML_SCALAR_NODE && strcmp(text_of(node), word) == 0);
        strbuf_add_format(&words, "%s%s",
                          i == 0                               ? ""
                          : i + 1 == schema->enumeration.count ? " or "
                                                               : ", ",
                          word);
    }
    enum tare_status status = known ? TARE_OK : wrong_type(self, node, name, words.text);
    strbuf_release(&words);
    return status;
}

static enum tare_status text_check(struct checker *self, const yaml_node_t *node,
                                   const cyaml_schema_value_t *schema, const char *name)
{
    if (node->type != YAML_SCALAR_NODE)
        return wrong_type(self, node, name, "a text");
    size_t length = node->data.scalar.length;
    if (memchr(text_of(node), '\0', length) != NULL)
        return mistake(self, node->start_mark, "%s has a NUL inside", name);
    if (length < schema->string.min)
        return mistake(self, node->start_mark, "%s is empty", name);
    if (length > schema->string.max)
        return mistake(self, node->start_mark, "%s is longer than %u bytes", name,
                       schema->string.max);
    return TARE_OK;
}

static enum tare_status sequence_check(struct checker *self, const yaml_node_t *node,
                                       const cyaml_schema_value_t *schema, const char *name)
{
    if (node->type != YAML_SEQUENCE_NODE)
        return wrong_type(self, node, name, "a list");
    if (node->data.sequence.items.top - node->data.sequence.items.start <
        (ptrdiff_t)schema->sequence.min)
        return mistake(self, node->start_mark, "%s is an empty list", name);
    enum tare_status status = TARE_OK;
    const yaml_node_item_t *first = node->data.sequence.items.start;
    for (const yaml_node_item_t *item = first;
         item < node->data.sequence.items.top && status == TARE_OK; item++) {
        char inner[128];
        snprintf(inner, sizeof inner, "%.100s[%td]", name, item - first);
        status = value_check(self, yaml_document_get_node(&self->document, *item),
                             schema->sequence.entry, inner);
    }
    return status;
}

static enum tare_status key_unknown(struct checker *self, const yaml_node_t *key,
                                    const cyaml_schema_value_t *schema, const char *name)
{
    struct strbuf keys;
    char text[96];
    const char *said = text;
    if (key->type == YAML_SCALAR_NODE) /* quoted or not */
        snprintf(text, sizeof text, "'%.60s'", text_of(key));
    else
        said = found(key, text);
    strbuf_init(&keys);
    for (const cyaml_schema_field_t *field = schema->mapping.fields; field->key != NULL; field++)
        strbuf_add_format(&keys, "%s%s", keys.length > 0 ? ", " : "", field->key);
    enum tare_status status = mistake(self, key->start_mark,
                                      "there is no key %s%s%s; the keys are %s", said,
                                      name[0] != '\0' ? " in " : "", name, keys.text);
    strbuf_release(&keys);
    return status;
}

static const cyaml_schema_field_t *field_of(const cyaml_schema_value_t *schema,
                                            const yaml_node_t *key)
{
    const cyaml_schema_field_t *field = schema->mapping.fields;
    while (field->key != NULL && strcmp(field->key, text_of(key)) != 0)
        field++;
    return field->key != NULL ? field : NULL;
}

static const yaml_node_pair_t *pair_of(struct checker *self, const yaml_node_t *mapping,
                                       const char *key)
{
    const yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;
    for (; pair < mapping->data.mapping.pairs.top; pair++) {
        const yaml_node_t *node = yaml_document_get_node(&self->document, pair->key);
        if (node->type == YAML_SCALAR_NODE && strcmp(text_of(node), key) == 0)
            return pair;
    }
    return NULL;
}

static enum tare_status pair_check(struct checker *self, const yaml_node_t *mapping,
                                   const yaml_node_pair_t *pair,
                                   const cyaml_schema_value_t *schema, const char *name)
{
    const yaml_node_t *key = yaml_document_get_node(&self->document, pair->key);
    const yaml_node_t *value = yaml_document_get_node(&self->document, pair->value);
    if (key->type != YAML_SCALAR_NODE)
        return mistake(self, key->start_mark, "a key must be a word");
    const cyaml_schema_field_t *field = field_of(schema, key);
    if (field == NULL)
        return key_unknown(self, key, schema, name);
    if (pair_of(self, mapping, field->key) != pair)
        return mistake(self, key->start_mark, "the key '%s' stands there twice", field->key);
    if (is_null(value) &&
        (field->value.flags & CYAML_FLAG_POINTER_NULL_STR) == CYAML_FLAG_POINTER_NULL_STR)
        return TARE_OK;
    char inner[128];
    snprintf(inner, sizeof inner, "%.60s%s%.60s", name, name[0] != '\0' ? "." : "", field->key);
    return value_check(self, value, &field->value, inner);
}

static enum tare_status mapping_check(struct checker *self, const yaml_node_t *node,
                                      const cyaml_schema_value_t *schema, const char *name)
{
    if (node->type != YAML_MAPPING_NODE)
        return wrong_type(self, node, name[0] != '\0' ? name : "tare.yml", "keys with values");
    enum tare_status status = TARE_OK;
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top && status == TARE_OK; pair++)
        status = pair_check(self, node, pair, schema, name);
    for (const cyaml_schema_field_t *field = schema->mapping.fields;
         field->key != NULL && status == TARE_OK; field++)
        if ((field->value.flags & CYAML_FLAG_OPTIONAL) == 0 &&
            pair_of(self, node, field->key) == NULL)
            status = mistake(self, node->start_mark, "%s needs a key '%s'", name, field->key);
    return status;
}

static enum tare_status value_check(struct checker *self, const yaml_node_t *node,
                                    const cyaml_schema_value_t *schema, const char *name)
{
    switch (schema->type) {
    case CYAML_MAPPING:
        return mapping_check(self, node, schema, name);
    case CYAML_SEQUENCE:
        return sequence_check(self, node, schema, name);
    case CYAML_STRING:
        return text_check(self, node, schema, name);
    case CYAML_ENUM:
        return word_check(self, node, schema, name);
    case CYAML_UINT:
        if (is_plain(node) && is_number(text_of(node), true))
            return TARE_OK;
        return wrong_type(self, node, name, "a whole number, 0 or more");
    case CYAML_FLOAT:
        if (is_plain(node) && is_number(text_of(node), false))
            return TARE_OK;
        return wrong_type(self, node, name, "a finite number");
    case CYAML_BOOL:
        if (is_plain(node) &&
            (strcmp(text_of(node), "true") == 0 || strcmp(text_of(node), "false") == 0))
            return TARE_OK;
        return wrong_type(self, node, name, "true or false");
    default:
        return TARE_OK;
    }
}

/* Line and column of a byte, where libyaml knows no mark. */
static yaml_mark_t byte_mark(const struct config_source *source, size_t offset)
{
    yaml_mark_t mark = {0};
    for (size_t i = 0; i < offset && i < source->size; i++) {
        mark.column = source->bytes[i] == '\n' ? 0 : mark.column + 1;
        mark.line += source->bytes[i] == '\n';
    }
    return mark;
}

static enum tare_status no_yaml(struct checker *self, const yaml_parser_t *parser)
{
    if (parser->error == YAML_MEMORY_ERROR)
        return error_memory(self->error);
    yaml_mark_t mark = parser->error == YAML_READER_ERROR
                           ? byte_mark(self->source, parser->problem_offset)
                           : parser->problem_mark;
    if (parser->context == NULL || parser->error == YAML_READER_ERROR)
        return mistake(self, mark, "this is no YAML: %s", parser->problem);
    return mistake(self, mark, "this is no YAML: %s, %s at %zu:%zu", parser->problem,
                   parser->context, parser->context_mark.line + 1,
                   parser->context_mark.column + 1);
}

static enum tare_status document_check(struct checker *self, const cyaml_schema_value_t *schema,
                                       bool first)
{
    const yaml_node_t *root = yaml_document_get_root_node(&self->document);
    if (root == NULL || (first && is_null(root)))
        return TARE_OK;
    if (!first)
        return mistake(self, root->start_mark, "a second document begins; only one is read");
    return value_check(self, root, schema, "");
}

enum tare_status config_check(const struct config_source *source,
                              const cyaml_schema_value_t *schema, struct tare_error *error)
{
    struct checker self = {.source = source, .error = error};
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return error_memory(error);
    yaml_parser_set_input_string(&parser, (const unsigned char *)source->bytes, source->size);
    enum tare_status status = TARE_OK;
    for (int i = 0; i < 2 && status == TARE_OK; i++) {
        if (!yaml_parser_load(&parser, &self.document)) {
            status = no_yaml(&self, &parser);
            break;
        }
        status = document_check(&self, schema, i == 0);
        yaml_document_delete(&self.document);
    }
    yaml_parser_delete(&parser);
    return status;
}
