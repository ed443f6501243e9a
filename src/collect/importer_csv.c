#include "collect/importer_csv.h"

#include "base/array.h"
#include "collect/importer_unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct role_name {
    const char *name; /* in any case; the first of a role is what a map calls it */
    enum csv_role role;
};

static const struct role_name role_names[] = {
    {"time", CSV_TIME},
    {"timestamp", CSV_TIME},
    {"date", CSV_TIME},
    {"datetime", CSV_TIME},
    {"started_at", CSV_TIME},
    {"commit", CSV_COMMIT},
    {"sha", CSV_COMMIT},
    {"commit_id", CSV_COMMIT},
    {"commit_hash", CSV_COMMIT},
    {"revision", CSV_COMMIT},
    {"git_commit", CSV_COMMIT},
    {"branch", CSV_BRANCH},
    {"metric", CSV_METRIC},
    {"metric_id", CSV_METRIC},
    {"benchmark", CSV_METRIC},
    {"name", CSV_METRIC},
    {"test", CSV_METRIC},
    {"value", CSV_VALUE},
    {"result", CSV_VALUE},
    {"measurement", CSV_VALUE},
    {"unit", CSV_UNIT},
    {"better", CSV_BETTER},
    {"direction", CSV_BETTER},
    {"app", CSV_APP},
    {"version", CSV_VERSION},
    {"environment", CSV_ENVIRONMENT},
    {"env", CSV_ENVIRONMENT},
    {"machine", CSV_ENVIRONMENT},
    {"temperature", CSV_TEMPERATURE},
    {"labels", CSV_LABELS},
    {"label", CSV_LABEL},
    {"session", CSV_SESSION},
    {"session_id", CSV_SESSION},
    {"ignore", CSV_IGNORED},
    {"index", CSV_IGNORED},
    {"#", CSV_IGNORED},
    {"row", CSV_IGNORED},
};

static const struct role_name *role_find(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof role_names / sizeof role_names[0]; i++)
        if (strlen(role_names[i].name) == length &&
            strncasecmp(role_names[i].name, name, length) == 0)
            return &role_names[i];
    return NULL;
}

/* Takes "(ms)" or "[ms]" off the end of a name, when tare knows the unit. */
static enum tare_status unit_split(struct csv_column *column, struct tare_error *error)
{
    char *name = column->name, base[IMPORT_UNIT_SIZE];
    size_t length = strlen(name);
    if (length < 4 || (name[length - 1] != ')' && name[length - 1] != ']'))
        return TARE_OK;
    char *open = strrchr(name, name[length - 1] == ')' ? '(' : '[');
    if (open == NULL || open == name)
        return TARE_OK;
    char *unit = strndup(open + 1, (size_t)(name + length - 1 - (open + 1)));
    if (unit == NULL)
        return error_memory(error);
    import_unit(unit, base);
    if (strcmp(base, "ms") != 0 && strcmp(base, "MB") != 0 && strcmp(base, "%") != 0 &&
        strcmp(base, "count") != 0) {
        free(unit);
        return TARE_OK;
    }
    column->unit = unit;
    while (open > name && open[-1] == ' ')
        open--;
    *open = '\0';
    return TARE_OK;
}

static enum tare_status column_add(struct csv_table *table, const char *name,
                                   struct tare_error *error)
{
    struct csv_column *column = array_add(&table->columns, &table->count, sizeof *table->columns);
    if (column == NULL)
        return error_memory(error);
    *column = (struct csv_column){.name = strdup(name), .role = CSV_NUMBERS};
    if (column->name == NULL)
        return error_memory(error);
    enum tare_status status = unit_split(column, error);
    const struct role_name *known = role_find(column->name, strlen(column->name));
    if (known != NULL && known->role != CSV_LABEL)
        column->role = known->role;
    return status;
}

static enum tare_status map_entry(struct csv_table *table, const char *entry, size_t length,
                                  struct tare_error *error)
{
    const char *equals = memchr(entry, '=', length);
    const struct role_name *role = NULL;
    int shown = length > 100 ? 100 : (int)length;
    if (equals != NULL)
        role = role_find(entry, (size_t)(equals - entry));
    if (role == NULL)
        return error_set(error, TARE_E_USAGE,
                         "the map '%.*s' is not role=column, the roles being time, commit, "
                         "branch, metric, value, unit, better, app, version, environment, "
                         "temperature, labels, label, session and ignore",
                         shown, entry);
    size_t name_length = length - (size_t)(equals + 1 - entry);
    bool found = false;
    for (size_t i = 0; i < table->count; i++) {
        struct csv_column *column = &table->columns[i];
        if (strlen(column->name) == name_length &&
            memcmp(column->name, equals + 1, name_length) == 0) {
            column->role = role->role;
            found = true;
        } else if (column->role == role->role && role->role != CSV_LABEL) {
            column->role = CSV_IGNORED;
        }
    }
    if (!found)
        return error_set(error, TARE_E_USAGE, "the map '%.*s' names a column that is not there",
                         shown, entry);
    return TARE_OK;
}

static enum tare_status map_apply(struct csv_table *table, const char *map,
                                  struct tare_error *error)
{
    enum tare_status status = TARE_OK;
    while (map != NULL && *map != '\0' && status == TARE_OK) {
        size_t length = strcspn(map, ",");
        status = map_entry(table, map, length, error);
        map += length;
        map += *map == ',';
    }
    return status;
}

/* Without a column of metric names a "value" is a metric like any other column, called after the
 * file when it is the only one; and "name" without values is a text. */
static enum tare_status roles_settle(struct csv_table *table, const char *stem,
                                     struct tare_error *error)
{
    bool metric = false, value = false;
    size_t numbers = 0;
    for (size_t i = 0; i < table->count; i++) {
        metric |= table->columns[i].role == CSV_METRIC;
        value |= table->columns[i].role == CSV_VALUE;
        numbers += table->columns[i].role == CSV_NUMBERS;
    }
    for (size_t i = 0; i < table->count; i++) {
        struct csv_column *column = &table->columns[i];
        if (metric && value && column->role == CSV_NUMBERS)
            column->role = CSV_IGNORED;
        if (!value && column->role == CSV_METRIC)
            column->role = CSV_IGNORED;
        if (!metric && column->role == CSV_VALUE) {
            column->role = CSV_NUMBERS;
            if (numbers == 0 && strcasecmp(column->name, "value") == 0) {
                char *name = strdup(stem);
                if (name == NULL)
                    return error_memory(error);
                free(column->name);
                column->name = name;
            }
        }
    }
    return TARE_OK;
}

enum tare_status csv_table_fill(struct csv_table *table, char *const *cells, size_t count,
                                const char *map, const char *stem, struct tare_error *error)
{
    *table = (struct csv_table){0};
    enum tare_status status = TARE_OK;
    for (size_t i = 0; i < count && status == TARE_OK; i++)
        status = column_add(table, cells[i], error);
    if (status == TARE_OK)
        status = map_apply(table, map, error);
    if (status == TARE_OK)
        status = roles_settle(table, stem, error);
    for (size_t i = 0; i < table->count && status == TARE_OK; i++)
        if (table->at[table->columns[i].role] == 0)
            table->at[table->columns[i].role] = i + 1;
    return status;
}

void csv_table_release(struct csv_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        free(table->columns[i].name);
        free(table->columns[i].unit);
    }
    free(table->columns);
    *table = (struct csv_table){0};
}

bool csv_table_look(struct csv_table *table, char *const *cells)
{
    bool any = csv_table_is_long(table);
    for (size_t i = 0; i < table->count; i++) {
        double number;
        bool wrong = false;
        csv_number(cells[i], &number, &wrong);
        if (table->columns[i].role == CSV_NUMBERS && wrong)
            table->columns[i].role = CSV_IGNORED;
        any |= table->columns[i].role == CSV_NUMBERS;
    }
    return any;
}

bool csv_table_is_long(const struct csv_table *table)
{
    return table->at[CSV_METRIC] != 0 && table->at[CSV_VALUE] != 0;
}

bool csv_number(const char *cell, double *number, bool *wrong)
{
    static const char *const none[] = {"", "-", "null", "none", "n/a", "na", "nan"};
    char *end;
    *number = NAN;
    *wrong = false;
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        if (strcasecmp(cell, none[i]) == 0)
            return false;
    double value = strtod(cell, &end);
    if (*end != '\0') {
        *wrong = true;
        return false;
    }
    *number = value;
    return true;
}

char *csv_plain(char *cell)
{
    const char *at = cell;
    while (*at == '\'')
        at++;
    return at > cell && *at != '\0' && strchr("=+-@", *at) != NULL ? cell + 1 : cell;
}
