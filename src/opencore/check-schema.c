/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/check-parts.h"

#include "opencore/value-text.h"

#include <string.h>

/*
 * What the schema alone says. OpenCore's own checker is silent on much of it, as its reader has
 * already cut numbers off, padded data and taken the last of two keys by then.
 */

static void check_value(Check *check, const SchemaNode *node, const PlistValue *value,
                        GString *path);

static const char *version_name(const Check *check, guint version)
{
    return schema_version(check->checker->schema, version)->name;
}

/* A key of NODE in any version, also where only upper and lower case differ; NULL. */
static const SchemaNode *find_elsewhere(const SchemaNode *node, const char *key)
{
    const SchemaNode *found = NULL;
    for (guint i = 0; i < node->children->len; i++) {
        const SchemaNode *child = g_ptr_array_index(node->children, i);
        if (strcmp(child->name, key) == 0)
            return child;
        if (g_ascii_strcasecmp(child->name, key) == 0)
            found = child;
    }
    return found;
}

static void report_unknown(Check *check, const SchemaNode *node, const char *key,
                           const PlistValue *value, const char *path)
{
    const SchemaNode *other = find_elsewhere(node, key);
    const char *version = version_name(check, check->scope.version);
    guint line = value->place.line;

    if (other == NULL) {
        finding_add(check, "key-unknown", SEVERITY_ERROR, path, line, "Remove it.",
                    "is not known to any version of OpenCore");
    } else if (strcmp(other->name, key) != 0) {
        g_autofree char *right = g_strdup_printf("Write it as %s.", other->name);
        finding_add(check, "key-unknown", SEVERITY_ERROR, path, line, right,
                    "is not known: keys are told apart by upper and lower case");
    } else if (other->versions >> check->scope.version == 0) {
        guint last = (guint)g_bit_nth_msf((gulong)other->versions, -1);
        finding_add(check, "key-dropped", SEVERITY_ERROR, path, line, "Remove it.",
                    "is not known to OpenCore %s: %s was the last with it", version,
                    version_name(check, last));
    } else {
        guint first = (guint)g_bit_nth_lsf((gulong)other->versions, -1);
        finding_add(check, "key-newer", SEVERITY_ERROR, path, line,
                    "Remove it, or take the newer OpenCore.",
                    "is not known to OpenCore %s: %s is the first with it", version,
                    version_name(check, first));
    }
}

static void report_missing(Check *check, const SchemaNode *node, const PlistValue *dict,
                           GString *path)
{
    for (guint i = 0; i < node->children->len; i++) {
        const SchemaNode *child = g_ptr_array_index(node->children, i);
        if ((child->versions >> check->scope.version & 1) == 0 || !child->required ||
            plist_get(dict, child->name) != NULL)
            continue;
        gsize length = path->len;
        g_autofree char *fallback =
            child->fallback != NULL ? finding_show(child->fallback) : g_strdup("");
        g_autofree char *right =
            child->fallback != NULL
                ? g_strdup_printf("Add it, of type %s; OpenCore's default is %s.",
                                  schema_type_name(child->type), fallback)
                : g_strdup_printf("Add it, of type %s.", schema_type_name(child->type));
        key_path_add_key(path, child->name);
        finding_add(check, "key-missing", SEVERITY_ERROR, path->str, dict->place.line, right,
                    "is missing");
        g_string_truncate(path, length);
    }
}

/* Says once of a key that it is there again. */
static void report_twice(Check *check, const PlistValue *dict, guint index, const char *path)
{
    guint count = 0;
    for (guint i = 0; i < plist_count(dict); i++) {
        bool same = strcmp(plist_key(dict, i), plist_key(dict, index)) == 0;
        if (same && i < index)
            return;
        count += same ? 1 : 0;
    }
    if (count > 1)
        finding_add(check, "key-twice", SEVERITY_ERROR, path,
                    plist_element(dict, index)->place.line, "Keep one of them.",
                    "is there %u times", count);
}

static void check_traps(Check *check, const PlistValue *value, const char *path)
{
    guint line = value->place.line;
    if ((value->traps & PLIST_HAS_ENTITY) != 0)
        finding_add(check, "value-entity", SEVERITY_WARNING, path, line,
                    "Do without & and < in it.",
                    "has an entity like &amp; in it, which OpenCore's reader takes as it stands");
    if ((value->traps & PLIST_HAS_CDATA) != 0)
        finding_add(check, "value-cdata", SEVERITY_ERROR, path, line, "Write it as plain text.",
                    "is written as CDATA, which OpenCore's reader skips");
    if ((value->traps & PLIST_HAS_COMMENT) != 0)
        finding_add(check, "value-comment", SEVERITY_ERROR, path, line,
                    "Put the comment before or behind the element.",
                    "has a comment inside of its element, at which OpenCore stops reading");
}

static void check_dict(Check *check, const SchemaNode *node, const PlistValue *dict, GString *path)
{
    for (guint i = 0; i < plist_count(dict); i++) {
        const PlistValue *value = plist_element(dict, i);
        const char *key = plist_key(dict, i);
        gsize length = path->len;

        key_path_add_key(path, key);
        const SchemaNode *child = schema_child(node, key, check->scope.version);
        if (key[0] == '#') /* OpenCore takes it for a comment, but has to read it */
            check_traps(check, value, path->str);
        else if (key[0] == '\0')
            finding_add(check, "key-empty", SEVERITY_ERROR, path->str, value->place.line,
                        "Remove it.", "has no name");
        else if (child == NULL)
            report_unknown(check, node, key, value, path->str);
        else
            check_value(check, child, value, path);
        report_twice(check, dict, i, path->str);
        g_string_truncate(path, length);
    }
    if (node->type == SCHEMA_DICT)
        report_missing(check, node, dict, path);
}

static void check_array(Check *check, const SchemaNode *node, const PlistValue *array,
                        GString *path)
{
    const SchemaNode *child = schema_element(node, check->scope.version);
    for (guint i = 0; child != NULL && i < plist_count(array); i++) {
        gsize length = path->len;
        key_path_add_index(path, i);
        check_value(check, child, plist_element(array, i), path);
        g_string_truncate(path, length);
    }
}

/* A number whose form OpenCore does not read. */
static void report_form(Check *check, const PlistValue *value, const char *path)
{
    g_autoptr(PlistValue) meant = value_text_parse(PLIST_INTEGER, value->text, NULL);
    g_autofree char *right = meant != NULL
                                 ? g_strdup_printf("Write it in decimal: %s.", meant->text)
                                 : g_strdup("Write a decimal number of at most 64 bits.");
    finding_add(check, "integer-form", SEVERITY_ERROR, path, value->place.line, right,
                "is '%.40s', which OpenCore does not read as that number", value->text);
}

static void check_integer(Check *check, const SchemaNode *node, const PlistValue *value,
                          const char *path)
{
    /* of any type: kept in 32 bits, and a sign is dropped */
    guint64 most = node->type == SCHEMA_ANY ? G_MAXUINT32 : node->most;
    gint64 least = node->type == SCHEMA_ANY ? 0 : node->least;
    gint64 written = least < 0 || node->type == SCHEMA_ANY ? least : -(gint64)(most / 2) - 1;

    if (value->number_is_bad)
        report_form(check, value, path);
    else if (plist_in_range(value, least, most) ||
             (node->takes_minus_one && plist_in_range(value, -1, 0)))
        return;
    else if (plist_in_range(value, written, most))
        finding_add(check, "integer-negative", SEVERITY_WARNING, path, value->place.line,
                    "Write the number that is meant.",
                    "is %s, and OpenCore knows no sign here: it takes %" G_GUINT64_FORMAT,
                    value->text, most - value->number + 1);
    else {
        g_autofree char *right = g_strdup_printf(
            "Write a number from %" G_GINT64_FORMAT " to %" G_GUINT64_FORMAT ".", least, most);
        finding_add(check, "integer-range", SEVERITY_ERROR, path, value->place.line, right,
                    "is %s, which OpenCore cuts off without a word", value->text);
    }
}

static void check_data(Check *check, const SchemaNode *node, const PlistValue *value,
                       const char *path)
{
    guint line = value->place.line;
    if (value->bytes == NULL) {
        finding_add(check, "data-form", SEVERITY_ERROR, path, line,
                    "Write base64 as RFC 4648 has it, with the = at its end.",
                    "is no base64, so that OpenCore does not read it");
        return;
    }
    guint size = value->bytes->len;
    g_autofree char *right = g_strdup_printf("Write %u bytes, or none.", node->size);
    if (node->size > 0 && size > node->size)
        finding_add(check, "data-size", SEVERITY_ERROR, path, line, right,
                    "has %u bytes, and OpenCore reads %u at the most", size, node->size);
    else if (node->size > 0 && size > 0 && size < node->size)
        finding_add(check, "data-short", SEVERITY_WARNING, path, line, right,
                    "has %u bytes of %u, and OpenCore takes 0 for the others", size, node->size);
}

static void check_value(Check *check, const SchemaNode *node, const PlistValue *value,
                        GString *path)
{
    check_traps(check, value, path->str);
    if (!schema_takes(node, value->type)) {
        g_autofree char *right =
            g_strdup_printf("Write a value of type %s.", schema_type_name(node->type));
        finding_add(check, "key-type", SEVERITY_ERROR, path->str, value->place.line, right,
                    "is of type %s", plist_type_name(value->type));
        return;
    }
    if (value->type == PLIST_DICT)
        check_dict(check, node, value, path);
    else if (value->type == PLIST_ARRAY)
        check_array(check, node, value, path);
    else if (value->type == PLIST_INTEGER)
        check_integer(check, node, value, path->str);
    else if (value->type == PLIST_DATA)
        check_data(check, node, value, path->str);
}

void check_against_schema(Check *check)
{
    g_autoptr(GString) path = g_string_new(NULL);

    if (check->document->has_mark)
        finding_add(check, "file-mark", SEVERITY_ERROR, "", 1, "Save it as UTF-8 without one.",
                    "begins with a byte order mark, at which OpenCore stops reading");
    if (check->document->odd_tag_line > 0)
        finding_add(check, "file-tag", SEVERITY_ERROR, "", check->document->odd_tag_line,
                    "Leave the attribute out.",
                    "has a / or > in an attribute, at which OpenCore stops reading");
    check_value(check, schema_top(check->checker->schema), check->scope.top, path);
}
