/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/schema.h"

#include "base/error.h"
#include "catalog/cells.h"
#include "opencore/value-text.h"

#include <string.h>

static const char *const VERSION_COLUMNS[] = {"version", "released", "source", NULL};
enum { VERSION, RELEASED, VERSION_SOURCE };

static const char *const COLUMNS[] = {
    "path", "type", "limit", "required", "since", "until", "identity", "default", "source", NULL,
};
enum { PATH, TYPE, LIMIT, REQUIRED, SINCE, UNTIL, IDENTITY, DEFAULT, SOURCE };

enum { MOST_VERSIONS = 64 }; /* bits of SchemaNode.versions */

static const char *const TYPE_WORDS[] = {
    [SCHEMA_DICT] = "dict",       [SCHEMA_MAP] = "map",   [SCHEMA_ARRAY] = "array",
    [SCHEMA_STRING] = "string",   [SCHEMA_DATA] = "data", [SCHEMA_INTEGER] = "integer",
    [SCHEMA_BOOLEAN] = "boolean", [SCHEMA_ANY] = "any",   [SCHEMA_TYPES] = NULL,
};

static void version_free(SchemaVersion *version)
{
    g_free(version->name);
    g_free(version->source);
    g_free(version);
}

static void node_free(SchemaNode *node)
{
    g_free(node->path);
    g_free(node->name);
    g_strfreev(node->identity);
    plist_free(node->fallback);
    g_free(node->source);
    g_ptr_array_unref(node->children);
    g_free(node);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchemaNode, node_free)

static void clear(gpointer data)
{
    Schema *schema = data;
    g_ptr_array_unref(schema->versions);
    g_hash_table_unref(schema->by_path);
    g_ptr_array_unref(schema->nodes);
}

Schema *schema_share(Schema *schema)
{
    return g_rc_box_acquire(schema);
}

void schema_free(Schema *schema)
{
    if (schema != NULL)
        g_rc_box_release_full(schema, clear);
}

int schema_parse_version(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, ".", -1);
    int number = 0;

    if (g_strv_length(parts) != 3)
        return -1;
    for (guint i = 0; i < 3; i++) {
        guint64 part;
        if (!g_ascii_string_to_unsigned(parts[i], 10, 0, 99, &part, NULL))
            return -1;
        number = number * 100 + (int)part;
    }
    return number;
}

static bool read_versions(Schema *schema, GError **error)
{
    g_autoptr(Table) table = table_load("opencore-versions.table", VERSION_COLUMNS, error);
    if (table == NULL)
        return false;
    for (guint i = 0; i < table->rows->len; i++) {
        const Row row = {table, i, VERSION_COLUMNS};
        const char *name, *released, *source;
        if (!row_text(&row, VERSION, &name, error) || !row_text(&row, RELEASED, &released, error) ||
            !row_text(&row, VERSION_SOURCE, &source, error))
            return false;
        int number = schema_parse_version(name);
        if (number < 0 || (i > 0 && number <= schema_version(schema, i - 1)->number) ||
            i >= MOST_VERSIONS)
            return row_fail(&row, error, "'version' says '%s', which is no newer version.", name);
        SchemaVersion *version = g_new0(SchemaVersion, 1);
        version->name = g_strdup(name);
        version->number = number;
        version->released = strcmp(released, "no") != 0;
        version->source = g_strdup(source);
        g_ptr_array_add(schema->versions, version);
    }
    return true;
}

const SchemaVersion *schema_version(const Schema *schema, guint version)
{
    return g_ptr_array_index(schema->versions, version);
}

bool schema_find_version(const Schema *schema, const char *name, guint *ret_version, GError **error)
{
    for (guint i = 0; i < schema->versions->len; i++) {
        if (strcmp(schema_version(schema, i)->name, name) == 0) {
            *ret_version = i;
            return true;
        }
    }
    const SchemaVersion *first = schema_version(schema, 0);
    const SchemaVersion *last = schema_version(schema, schema->versions->len - 1);
    return fail(error, ERROR_INPUT, "OpenCore '%s' is not known. The versions that are: %s to %s.",
                name, first->name, last->name);
}

guint schema_newest(const Schema *schema)
{
    guint newest = schema->versions->len - 1;
    while (newest > 0 && !schema_version(schema, newest)->released)
        newest--;
    return newest;
}

const SchemaNode *schema_top(const Schema *schema)
{
    return g_ptr_array_index(schema->nodes, 0);
}

/* The versions from SINCE to UNTIL, an empty UNTIL being the last, as bits. */
static bool read_range(const Schema *schema, const Row *row, guint64 *ret_versions, GError **error)
{
    const char *since, *until = table_cell(row->table, row->row, UNTIL);
    guint first, last = schema->versions->len - 1;

    if (!row_text(row, SINCE, &since, error) || !schema_find_version(schema, since, &first, error))
        return false;
    if (*until != '\0' && !schema_find_version(schema, until, &last, error))
        return false;
    if (first > last)
        return row_fail(row, error, "'since' %s is later than 'until' %s.", since, until);
    for (guint i = first; i <= last; i++)
        *ret_versions |= G_GUINT64_CONSTANT(1) << i;
    return true;
}

/* `u32`, `i8`, `u64 -1` */
static bool read_width(SchemaNode *node, const Row *row, GError **error)
{
    g_auto(GStrv) words = g_strsplit(table_cell(row->table, row->row, LIMIT), " ", 2);
    guint64 bits = 0;
    bool known = words[0] != NULL && (words[0][0] == 'u' || words[0][0] == 'i') &&
                 g_ascii_string_to_unsigned(words[0] + 1, 10, 8, 64, &bits, NULL) && bits % 8 == 0;

    if (!known || (words[1] != NULL && strcmp(words[1], "-1") != 0))
        return row_fail(row, error, "'limit' says no width of an integer.");
    guint64 most = bits == 64 ? G_MAXUINT64 : (G_GUINT64_CONSTANT(1) << bits) - 1;
    node->takes_minus_one = words[1] != NULL;
    node->most = words[0][0] == 'u' ? most : most / 2;
    node->least = words[0][0] == 'u' ? 0 : -(gint64)(most / 2) - 1;
    return true;
}

static bool read_limit(SchemaNode *node, const Row *row, GError **error)
{
    bool sized = node->type == SCHEMA_DATA || node->type == SCHEMA_ANY;
    int size = 0;

    if (node->type == SCHEMA_INTEGER)
        return read_width(node, row, error);
    if (*table_cell(row->table, row->row, LIMIT) == '\0')
        return true;
    if (!sized)
        return row_fail(row, error, "'limit' is for integers and data only.");
    if (!row_integer(row, LIMIT, 1, 65536, &size, error))
        return false;
    node->size = (guint)size;
    return true;
}

static bool read_default(SchemaNode *node, const Row *row, GError **error)
{
    static const PlistType TYPES[SCHEMA_TYPES] = {
        [SCHEMA_STRING] = PLIST_STRING,   [SCHEMA_DATA] = PLIST_DATA,
        [SCHEMA_INTEGER] = PLIST_INTEGER, [SCHEMA_BOOLEAN] = PLIST_BOOLEAN,
        [SCHEMA_ANY] = PLIST_DATA,
    };
    const char *text = table_cell(row->table, row->row, DEFAULT);
    bool plain = node->type >= SCHEMA_STRING;
    /* what an array's elements and a map's values are has no default */
    if (!plain || strcmp(node->name, "[]") == 0 || strcmp(node->name, "*") == 0)
        return *text == '\0' || row_fail(row, error, "'default' is for plain values only.");
    node->fallback = value_text_parse(TYPES[node->type], text, NULL);
    return node->fallback != NULL ||
           row_fail(row, error, "'default' says '%s', which has another type.", text);
}

/* The part of PATH before its last name, and that name. */
static void split_path(const char *path, char **ret_parent, const char **ret_name)
{
    const char *dot = strrchr(path, '.'), *brackets = path + strlen(path) - 2;
    if (g_str_has_suffix(path, "[]")) {
        *ret_parent = g_strndup(path, (gsize)(brackets - path));
        *ret_name = brackets;
    } else {
        *ret_parent = dot != NULL ? g_strndup(path, (gsize)(dot - path)) : g_strdup("");
        *ret_name = dot != NULL ? dot + 1 : path;
    }
}

/* The node of PATH that can hold NAME; one path can have nodes of several types. */
static SchemaNode *find_holder(const Schema *schema, const char *path, const char *name)
{
    SchemaType wanted = strcmp(name, "[]") == 0  ? SCHEMA_ARRAY
                        : strcmp(name, "*") == 0 ? SCHEMA_MAP
                                                 : SCHEMA_DICT;
    return (SchemaNode *)schema_find(schema, path, wanted);
}

static void keep_node(Schema *schema, SchemaNode *node)
{
    GSList *others = g_hash_table_lookup(schema->by_path, node->path);
    if (others != NULL)
        others->next = g_slist_prepend(others->next, node);
    else
        g_hash_table_insert(schema->by_path, node->path, g_slist_prepend(NULL, node));
    g_ptr_array_add(schema->nodes, node);
}

static SchemaNode *new_node(const char *path, const char *name)
{
    SchemaNode *node = g_new0(SchemaNode, 1);
    node->path = g_strdup(path);
    node->name = g_strdup(name);
    node->children = g_ptr_array_new();
    return node;
}

/* Hangs the node on its holder, where no other has its name in the same version. */
static bool add_node(Schema *schema, SchemaNode *node, const char *holder_path, const Row *row,
                     GError **error)
{
    SchemaNode *holder = find_holder(schema, holder_path, node->name);
    if (holder == NULL)
        return row_fail(row, error, "nothing above it can hold '%s'.", node->path);
    if ((node->versions & ~holder->versions) != 0)
        return row_fail(row, error, "'%s' has versions that what holds it has not.", node->path);
    for (guint i = 0; i < holder->children->len; i++) {
        const SchemaNode *other = g_ptr_array_index(holder->children, i);
        if (strcmp(other->name, node->name) == 0 && (other->versions & node->versions) != 0)
            return row_fail(row, error, "'%s' is there twice for one version.", node->path);
    }
    g_ptr_array_add(holder->children, node);
    keep_node(schema, node);
    return true;
}

static bool read_node(Schema *schema, const Row *row, GError **error)
{
    const char *path, *type, *source, *name;
    g_autofree char *holder = NULL;
    if (!row_text(row, PATH, &path, error) || !row_one_of(row, TYPE, TYPE_WORDS, &type, error) ||
        !row_text(row, SOURCE, &source, error))
        return false;

    split_path(path, &holder, &name);
    g_autoptr(SchemaNode) node = new_node(path, name);
    node->source = g_strdup(source);
    while (strcmp(TYPE_WORDS[node->type], type) != 0)
        node->type++;
    if (!row_yes_no(row, REQUIRED, &node->required, error) ||
        !read_range(schema, row, &node->versions, error) || !read_limit(node, row, error) ||
        !row_words(row, IDENTITY, &node->identity, error) || !read_default(node, row, error) ||
        !add_node(schema, node, holder, row, error))
        return false;
    g_steal_pointer(&node);
    return true;
}

static bool read_nodes(Schema *schema, GError **error)
{
    g_autoptr(Table) table = table_load("opencore-schema.table", COLUMNS, error);
    if (table == NULL)
        return false;
    SchemaNode *top = new_node("", "");
    top->type = SCHEMA_DICT;
    top->identity = g_new0(char *, 1);
    top->versions = G_MAXUINT64;
    keep_node(schema, top);
    for (guint i = 0; i < table->rows->len; i++) {
        const Row row = {table, i, COLUMNS};
        if (!read_node(schema, &row, error))
            return false;
    }
    return true;
}

Schema *schema_load(GError **error)
{
    g_autoptr(Schema) schema = g_rc_box_new0(Schema);
    schema->versions = g_ptr_array_new_with_free_func((GDestroyNotify)version_free);
    schema->nodes = g_ptr_array_new_with_free_func((GDestroyNotify)node_free);
    schema->by_path =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_slist_free);
    if (!read_versions(schema, error) || !read_nodes(schema, error))
        return NULL;
    return g_steal_pointer(&schema);
}
