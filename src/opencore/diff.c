/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/diff.h"

#include "opencore/value-text.h"

#include <string.h>

typedef struct {
    GPtrArray *differences;
    GString *path;
} Diff;

static void difference_free(Difference *difference)
{
    g_free(difference->path);
    g_free(difference);
}

static void add(const Diff *diff, DifferenceKind kind, const PlistValue *before,
                const PlistValue *after)
{
    Difference *difference = g_new0(Difference, 1);
    difference->kind = kind;
    difference->path = g_strdup(diff->path->str);
    difference->before = before;
    difference->after = after;
    g_ptr_array_add(diff->differences, difference);
}

static void compare(const Diff *diff, const SchemaNode *node, const PlistValue *before,
                    const PlistValue *after);

/* What any version has for NAME below NODE, of the type that VALUE needs; NULL: nothing. */
static const SchemaNode *find_child(const SchemaNode *node, const char *name,
                                    const PlistValue *value)
{
    for (guint i = 0; node != NULL && i < node->children->len; i++) {
        const SchemaNode *child = g_ptr_array_index(node->children, i);
        const char *wanted = node->type == SCHEMA_MAP ? "*" : name;
        if (strcmp(child->name, wanted) == 0 && schema_takes(child, value->type))
            return child;
    }
    return NULL;
}

static void compare_dicts(const Diff *diff, const SchemaNode *node, const PlistValue *before,
                          const PlistValue *after)
{
    gsize length = diff->path->len;
    for (guint i = 0; i < plist_count(before); i++) {
        const char *key = plist_key(before, i);
        const PlistValue *old = plist_element(before, i), *new = plist_get(after, key);
        if (key[0] == '#' || plist_get(before, key) != old)
            continue;
        key_path_add_key(diff->path, key);
        if (new == NULL)
            add(diff, DIFFERENCE_REMOVED, old, NULL);
        else
            compare(diff, find_child(node, key, old), old, new);
        g_string_truncate(diff->path, length);
    }
    for (guint i = 0; i < plist_count(after); i++) {
        const char *key = plist_key(after, i);
        const PlistValue *new = plist_element(after, i);
        if (key[0] == '#' || plist_get(before, key) != NULL || plist_get(after, key) != new)
            continue;
        key_path_add_key(diff->path, key);
        add(diff, DIFFERENCE_ADDED, NULL, new);
        g_string_truncate(diff->path, length);
    }
}

/* The first COUNT keys that tell ELEMENT apart, as one text. The caller owns it. */
static char *identity_of(const SchemaNode *node, const PlistValue *element, guint count)
{
    GString *out = g_string_new(NULL);
    if (element->type != PLIST_DICT || node == NULL || node->identity[0] == NULL) {
        g_autofree char *text = element->values == NULL ? value_text_format(element) : NULL;
        g_string_append(out, text != NULL ? text : "");
        return g_string_free(out, FALSE);
    }
    for (guint i = 0; i < count && node->identity[i] != NULL; i++) {
        const PlistValue *value = plist_get(element, node->identity[i]);
        g_autofree char *text = value != NULL ? value_text_format(value) : g_strdup("");
        g_string_append_printf(out, "%s%s", i > 0 ? "\n" : "", text);
    }
    return g_string_free(out, FALSE);
}

/* For every element of BEFORE the index of its like in AFTER, or -1; each has one at the most. */
typedef struct {
    gint64 *like;
    bool *taken; /* of AFTER */
} Matching;

static void matching_clear(Matching *matching)
{
    g_free(matching->like);
    g_free(matching->taken);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Matching, matching_clear)

/* Matches what is still alone by its first COUNT keys. */
static void match_by(Matching *matching, const SchemaNode *node, const PlistValue *before,
                     const PlistValue *after, guint count)
{
    g_autoptr(GHashTable) waiting =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_queue_free);
    for (guint i = 0; i < plist_count(after); i++) {
        if (matching->taken[i])
            continue;
        char *identity = identity_of(node, plist_element(after, i), count);
        GQueue *queue = g_hash_table_lookup(waiting, identity);
        if (queue == NULL) {
            queue = g_queue_new();
            g_hash_table_insert(waiting, identity, queue);
        } else {
            g_free(identity);
        }
        g_queue_push_tail(queue, GUINT_TO_POINTER(i));
    }
    for (guint i = 0; i < plist_count(before); i++) {
        if (matching->like[i] >= 0)
            continue;
        g_autofree char *identity = identity_of(node, plist_element(before, i), count);
        GQueue *queue = g_hash_table_lookup(waiting, identity);
        if (queue == NULL || g_queue_is_empty(queue))
            continue;
        guint index = GPOINTER_TO_UINT(g_queue_pop_head(queue));
        matching->like[i] = index;
        matching->taken[index] = true;
    }
}

static void match(Matching *matching, const SchemaNode *node, const PlistValue *before,
                  const PlistValue *after)
{
    matching->like = g_new(gint64, plist_count(before) + 1);
    matching->taken = g_new0(bool, plist_count(after) + 1);
    for (guint i = 0; i < plist_count(before); i++)
        matching->like[i] = -1;
    match_by(matching, node, before, after, G_MAXUINT);
    match_by(matching, node, before, after, 1);
}

/* Adds the step to element INDEX of ARRAY: by what it is, where no other element is that. */
static void add_step(const Diff *diff, const SchemaNode *node, const PlistValue *array, guint index)
{
    g_autofree char *identity = identity_of(node, plist_element(array, index), 1);
    guint same = 0;
    for (guint i = 0; i < plist_count(array) && same < 2; i++) {
        g_autofree char *other = identity_of(node, plist_element(array, i), 1);
        same += strcmp(other, identity) == 0 ? 1 : 0;
    }
    if (same == 1 && *identity != '\0')
        key_path_add_identity(diff->path, identity);
    else
        key_path_add_index(diff->path, index);
}

static bool in_order(const Matching *matching, guint count)
{
    gint64 last = -1;
    for (guint i = 0; i < count; i++) {
        if (matching->like[i] >= 0 && matching->like[i] < last)
            return false;
        last = MAX(last, matching->like[i]);
    }
    return true;
}

static void compare_arrays(const Diff *diff, const SchemaNode *node, const PlistValue *before,
                           const PlistValue *after)
{
    g_auto(Matching) matching = {0};
    gsize length = diff->path->len;
    match(&matching, node, before, after);

    for (guint i = 0; i < plist_count(before); i++) {
        const PlistValue *old = plist_element(before, i);
        add_step(diff, node, before, i);
        if (matching.like[i] < 0)
            add(diff, DIFFERENCE_REMOVED, old, NULL);
        else
            compare(diff, find_child(node, "[]", old), old,
                    plist_element(after, (guint)matching.like[i]));
        g_string_truncate(diff->path, length);
    }
    for (guint i = 0; i < plist_count(after); i++) {
        if (matching.taken[i])
            continue;
        add_step(diff, node, after, i);
        add(diff, DIFFERENCE_ADDED, NULL, plist_element(after, i));
        g_string_truncate(diff->path, length);
    }
    /* names of variables that are deleted are a set; drivers, kexts and patches are a sequence */
    bool sequence = node == NULL || node->identity[0] != NULL;
    if (sequence && !in_order(&matching, plist_count(before)))
        add(diff, DIFFERENCE_ORDER, before, after);
}

static void compare(const Diff *diff, const SchemaNode *node, const PlistValue *before,
                    const PlistValue *after)
{
    if (before->type == PLIST_DICT && after->type == PLIST_DICT)
        compare_dicts(diff, node, before, after);
    else if (before->type == PLIST_ARRAY && after->type == PLIST_ARRAY)
        compare_arrays(diff, node, before, after);
    else if (!plist_equal(before, after))
        add(diff, DIFFERENCE_CHANGED, before, after);
}

GPtrArray *config_diff(const Schema *schema, const PlistValue *before, const PlistValue *after)
{
    g_autoptr(GString) path = g_string_new(NULL);
    const Diff diff = {g_ptr_array_new_with_free_func((GDestroyNotify)difference_free), path};
    const SchemaNode *top = schema_top(schema);
    compare(&diff, schema_takes(top, before->type) ? top : NULL, before, after);
    return diff.differences;
}
