/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/check-parts.h"

#include "opencore/value-text.h"

#include <string.h>

/* What must not be there twice, as one text; NULL for an element that does not count. */
static char *identity_of(const Rule *rule, const PlistValue *element)
{
    if (element->type == PLIST_STRING)
        return g_strdup(element->text);
    if (strcmp(rule->words[0], "enabled") == 0 && !element_is_enabled(element))
        return NULL;
    GString *out = g_string_new(NULL);
    for (char **key = rule->words + 1; *key != NULL; key++) {
        const PlistValue *value = plist_get(element, *key);
        g_autofree char *text = value != NULL ? value_text_format(value) : g_strdup("");
        g_string_append_printf(out, "%s%s", key > rule->words + 1 ? "\n" : "", text);
    }
    return g_string_free(out, FALSE);
}

static void run_unique(Check *check, const Rule *rule, const Match *match)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (match->value->type != PLIST_ARRAY)
        return;
    for (guint i = 0; i < plist_count(match->value); i++) {
        const PlistValue *element = plist_element(match->value, i);
        char *identity = identity_of(rule, element);
        if (identity == NULL)
            continue;
        gpointer first;
        if (!g_hash_table_lookup_extended(seen, identity, NULL, &first)) {
            g_hash_table_insert(seen, identity, GUINT_TO_POINTER(i));
            continue;
        }
        g_autofree char *path = g_strdup_printf("%s[%u]", match->path, i);
        g_strdelimit(identity, "\n", ' ');
        finding_report_right(check, rule, path, element->place.line, rule->right,
                             "is '%.60s', as is element [%u]", identity, GPOINTER_TO_UINT(first));
        g_free(identity);
    }
}

/* The place of an enabled element in memory. */
static bool read_memory(const Rule *rule, const PlistValue *element, guint64 *ret_start,
                        guint64 *ret_end)
{
    const PlistValue *address = plist_get(element, rule->words[0]);
    const PlistValue *size = plist_get(element, rule->words[1]);
    if (!element_is_enabled(element) || !plist_in_range(address, 0, G_MAXUINT64) ||
        !plist_in_range(size, 0, G_MAXUINT64))
        return false;
    *ret_start = address->number;
    *ret_end = address->number + size->number; /* OpenCore's sum wraps too */
    return true;
}

static void run_overlap(Check *check, const Rule *rule, const Match *match)
{
    for (guint i = 0; i < plist_count(match->value); i++) {
        guint64 start, end, other_start, other_end;
        const PlistValue *element = plist_element(match->value, i);
        if (!read_memory(rule, element, &start, &end))
            continue;
        for (guint j = 0; j < i; j++) {
            if (!read_memory(rule, plist_element(match->value, j), &other_start, &other_end) ||
                start >= other_end || other_start >= end)
                continue;
            g_autofree char *path = g_strdup_printf("%s[%u]", match->path, i);
            finding_report_right(check, rule, path, element->place.line, rule->right,
                                 "covers memory that element [%u] covers", j);
        }
    }
}

/* Whether the rule is about the driver FILE. */
static bool is_meant(const Rule *rule, const char *file)
{
    bool named = g_strv_contains((const char *const *)(rule->words + 2), file);
    return strcmp(rule->words[1], "only") == 0 ? named : !named;
}

/* MATCH is LoadEarly of one driver. */
static void run_driver_early(Check *check, const Rule *rule, const Match *match)
{
    const char *file = driver_file(match->holder);
    bool wanted = strcmp(rule->words[0], "yes") == 0;
    if (match->value->type != PLIST_BOOLEAN || file == NULL || !driver_is_enabled(match->holder) ||
        !is_meant(rule, file) || match->value->yes == wanted)
        return;
    g_autofree char *right =
        g_strdup_printf("%s%sSet it to %s.", rule->right, *rule->right != '\0' ? " " : "",
                        wanted ? "true" : "false");
    finding_report_right(check, rule, match->path, match->value->place.line, right, "of %s is %s",
                         file, match->value->yes ? "true" : "false");
}

/* The last enabled driver FILE; -1: there is none. */
static int find_driver(const PlistValue *drivers, const char *file)
{
    for (guint i = plist_count(drivers); i-- > 0;) {
        const PlistValue *element = plist_element(drivers, i);
        if (driver_is_enabled(element) && g_strcmp0(driver_file(element), file) == 0)
            return (int)i;
    }
    return -1;
}

static void run_driver_order(Check *check, const Rule *rule, const Match *match)
{
    int first = find_driver(match->value, rule->words[0]);
    int second = find_driver(match->value, rule->words[1]);
    if (first < 0 || second < 0 || first < second)
        return;
    g_autofree char *right = g_strdup_printf("Put %s before it.", rule->words[0]);
    g_autofree char *path = g_strdup_printf("%s[%d]", match->path, second);
    finding_report_right(check, rule, path, plist_element(match->value, (guint)second)->place.line,
                         right, "is %s, and %s comes behind it", rule->words[1], rule->words[0]);
}

const NamedCheck CHECKS_OF_LISTS[] = {
    {"unique", run_unique},
    {"overlap", run_overlap},
    {"driver-early", run_driver_early},
    {"driver-order", run_driver_order},
    {NULL, NULL},
};
