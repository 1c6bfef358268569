/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/rules.h"

#include "catalog/cells.h"

#include <string.h>

static const char *const COLUMNS[] = {
    "id", "severity", "paths", "check", "words", "when", "since", "until", "right", "source", NULL,
};
enum { ID, SEVERITY, PATHS, CHECK, WORDS, WHEN, SINCE, UNTIL, RIGHT, SOURCE };

static void part_free(RulePart *part)
{
    g_free(part->key);
    g_free(part);
}

static void rule_free(Rule *rule)
{
    g_free(rule->id);
    g_ptr_array_unref(rule->paths);
    g_free(rule->check);
    g_strfreev(rule->words);
    g_ptr_array_unref(rule->when);
    g_ptr_array_unref(rule->requires);
    g_free(rule->right);
    g_free(rule->source);
    g_free(rule);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rule, rule_free)

void rules_free(Rules *rules)
{
    if (rules == NULL)
        return;
    g_ptr_array_unref(rules->rules);
    g_free(rules);
}

static void add_part(GPtrArray *parts, const char *key)
{
    RulePart *part = g_new0(RulePart, 1);
    part->kind = strcmp(key, "*") == 0    ? PART_ANY
                 : strcmp(key, "[]") == 0 ? PART_ELEMENT
                                          : PART_KEY;
    part->key = g_strdup(key);
    g_ptr_array_add(parts, part);
}

/* `UEFI.Drivers[].Path` in its parts; the schema has no other forms. */
static GPtrArray *split_path(const char *path)
{
    GPtrArray *parts = g_ptr_array_new_with_free_func((GDestroyNotify)part_free);
    g_auto(GStrv) keys = g_strsplit(path, ".", -1);
    for (char **key = keys; *key != NULL; key++) {
        bool element = g_str_has_suffix(*key, "[]");
        if (element)
            (*key)[strlen(*key) - 2] = '\0';
        add_part(parts, *key);
        if (element)
            add_part(parts, "[]");
    }
    return parts;
}

static bool read_paths(Rule *rule, const Schema *schema, const Row *row, GError **error)
{
    g_auto(GStrv) paths = NULL;
    if (!row_words(row, PATHS, &paths, error))
        return false;
    for (char **path = paths; *path != NULL; path++) {
        if (!schema_has(schema, *path))
            return row_fail(row, error, "the schema has no '%s'.", *path);
        g_ptr_array_add(rule->paths, split_path(*path));
    }
    return rule->paths->len > 0 || row_fail(row, error, "'paths' is empty.");
}

static bool read_conditions(GPtrArray *conditions, char *const *words, const Schema *schema,
                            const Row *row, GError **error)
{
    for (; *words != NULL; words++) {
        Condition *condition = condition_parse(*words);
        if (condition == NULL)
            return row_fail(row, error, "'%s' is no condition.", *words);
        g_ptr_array_add(conditions, condition);
        if (condition->path != NULL && !schema_has(schema, condition->path))
            return row_fail(row, error, "the schema has no '%s'.", condition->path);
    }
    return true;
}

static bool read_versions(Rule *rule, const Schema *schema, const Row *row, GError **error)
{
    const char *since, *until = table_cell(row->table, row->row, UNTIL);
    rule->last = schema->versions->len - 1;
    if (!row_text(row, SINCE, &since, error) ||
        !schema_find_version(schema, since, &rule->first, error))
        return false;
    if (*until != '\0' && !schema_find_version(schema, until, &rule->last, error))
        return false;
    return rule->first <= rule->last ||
           row_fail(row, error, "'since' %s is later than 'until' %s.", since, until);
}

static Rule *rule_new(void)
{
    Rule *rule = g_new0(Rule, 1);
    rule->paths = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    rule->when = g_ptr_array_new_with_free_func((GDestroyNotify)condition_free);
    rule->requires = g_ptr_array_new_with_free_func((GDestroyNotify)condition_free);
    return rule;
}

static bool read_words(Rule *rule, const Schema *schema, const Row *row, GError **error)
{
    static const char *const SEVERITIES[] = {"error", "warning", NULL};
    const char *id, *severity, *check, *source;
    g_auto(GStrv) when = NULL;
    if (!row_id(row, ID, &id, error) || !row_one_of(row, SEVERITY, SEVERITIES, &severity, error) ||
        !row_text(row, CHECK, &check, error) || !row_text(row, SOURCE, &source, error) ||
        !row_words(row, WORDS, &rule->words, error) || !row_words(row, WHEN, &when, error) ||
        !read_conditions(rule->when, when, schema, row, error))
        return false;
    rule->id = g_strdup(id);
    rule->severity = strcmp(severity, "error") == 0 ? SEVERITY_ERROR : SEVERITY_WARNING;
    rule->check = g_strdup(check);
    rule->source = g_strdup(source);
    rule->right = g_strdup(table_cell(row->table, row->row, RIGHT));
    return strcmp(check, "requires") != 0 ||
           read_conditions(rule->requires, rule->words, schema, row, error);
}

Rules *rules_load(const Schema *schema, GError **error)
{
    g_autoptr(Table) table = table_load("opencore-rules.table", COLUMNS, error);
    if (table == NULL)
        return NULL;
    g_autoptr(Rules) rules = g_new0(Rules, 1);
    rules->rules = g_ptr_array_new_with_free_func((GDestroyNotify)rule_free);
    for (guint i = 0; i < table->rows->len; i++) {
        const Row row = {table, i, COLUMNS};
        g_autoptr(Rule) rule = rule_new();
        if (!read_words(rule, schema, &row, error) || !read_paths(rule, schema, &row, error) ||
            !read_versions(rule, schema, &row, error))
            return NULL;
        if (rules_find(rules, rule->id) != NULL) {
            row_fail(&row, error, "the rule '%s' is there twice.", rule->id);
            return NULL;
        }
        g_ptr_array_add(rules->rules, g_steal_pointer(&rule));
    }
    return g_steal_pointer(&rules);
}

const Rule *rules_find(const Rules *rules, const char *id)
{
    for (guint i = 0; i < rules->rules->len; i++) {
        const Rule *rule = g_ptr_array_index(rules->rules, i);
        if (strcmp(rule->id, id) == 0)
            return rule;
    }
    return NULL;
}
