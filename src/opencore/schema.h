/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "opencore/key-path.h"
#include "opencore/plist.h"

/*
 * The schema of OpenCore's config.plist, of every version that data/opencore-versions.table has,
 * from data/opencore-schema.table. A version is named by its place in the list of versions.
 *
 *     g_autoptr(Schema) schema = schema_load(&error);
 *     guint version = schema_newest(schema);
 *     g_autoptr(PlistValue) config = schema_new_config(schema, version);
 */
typedef enum {
    SCHEMA_DICT,
    SCHEMA_MAP, /* a dictionary whose keys are free */
    SCHEMA_ARRAY,
    SCHEMA_STRING,
    SCHEMA_DATA,
    SCHEMA_INTEGER,
    SCHEMA_BOOLEAN,
    SCHEMA_ANY, /* string, data, integer or boolean */
    SCHEMA_TYPES,
} SchemaType;

typedef struct SchemaNode SchemaNode;

/* A key of the schema, or what the elements of an array or the values of a map are. */
struct SchemaNode {
    char *path; /* as the table has it: `UEFI.Drivers[].Path`; "" for the whole */
    char *name; /* the last part: "Path", "[]" or "*" */
    SchemaType type;
    gint64 least; /* of an integer */
    guint64 most;
    bool takes_minus_one; /* an unsigned integer that may be written as -1 */
    guint size;           /* bytes of data; 0: any number */
    bool required;
    guint64 versions;     /* bit N: version N has it */
    GStrv identity;       /* keys that tell the elements of an array apart; empty: there are none */
    PlistValue *fallback; /* what OpenCore takes for a missing key; NULL for containers */
    char *source;
    GPtrArray *children; /* of const SchemaNode *, sorted as in the table */
};

typedef struct {
    char *name; /* "1.0.7" */
    int number; /* 10007: it can be compared */
    bool released;
    char *source;
} SchemaVersion;

typedef struct {
    GPtrArray *versions; /* of SchemaVersion *, the oldest first; 64 at the most */
    GPtrArray *nodes;    /* of SchemaNode *, the whole first */
    GHashTable *by_path; /* of lists of them: one path can have nodes of several types */
} Schema;

Schema *schema_load(GError **error);

/* One more owner of SCHEMA; each of them frees it. */
Schema *schema_share(Schema *schema);
void schema_free(Schema *schema);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Schema, schema_free)

/* "1.0.7" as 10007; -1 for text that is no version. */
int schema_parse_version(const char *text);

const SchemaVersion *schema_version(const Schema *schema, guint version);

/* The version of that name; ERROR_INPUT lists those that are known. */
bool schema_find_version(const Schema *schema, const char *name, guint *ret_version,
                         GError **error);

/* The newest version that is released. */
guint schema_newest(const Schema *schema);

/* The whole. */
const SchemaNode *schema_top(const Schema *schema);

/* The node of that path and TYPE in any version; NULL: there is none. */
const SchemaNode *schema_find(const Schema *schema, const char *path, SchemaType type);

/* Whether any version has a node of that path. */
bool schema_has(const Schema *schema, const char *path);

/* What version VERSION has for KEY of a dictionary or map, and for the elements of an array; NULL
 * when it has none. */
const SchemaNode *schema_child(const SchemaNode *node, const char *key, guint version);
const SchemaNode *schema_element(const SchemaNode *node, guint version);

/* What PATH, where the steps into arrays may be of any kind, leads to in VERSION; NULL: nothing. */
const SchemaNode *schema_at(const Schema *schema, const KeyPath *path, guint version);

/* "integer", "dictionary", "string, data, integer or boolean". */
const char *schema_type_name(SchemaType type);

/* Whether a value of TYPE can stand for NODE. */
bool schema_takes(const SchemaNode *node, PlistType type);

/* What OpenCore takes where nothing is said: a dictionary with the defaults of all its keys, an
 * empty array or map, or a plain value. Of the node of an array's element that is a new entry. */
PlistValue *schema_new_value(const SchemaNode *node, guint version);

/* The whole configuration of defaults. */
PlistValue *schema_new_config(const Schema *schema, guint version);

/* The text that tells ELEMENT of the array at PATH (as a key path) apart: the value of its main
 * key, of an array of strings the string. NULL when it has none. For key_path_resolve(), with the
 * schema as DATA. The caller owns it. */
char *schema_identify(const char *path, const PlistValue *element, gconstpointer data);
