/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/condition.h"

#include "opencore/value-text.h"

#include <string.h>

/* Those with a name in parentheses. */
static const struct {
    const char *word;
    ConditionKind kind;
} CALLS[] = {
    {"driver", CONDITION_DRIVER},
    {"no-driver", CONDITION_NO_DRIVER},
    {"driver-like", CONDITION_DRIVER_LIKE},
    {"kext", CONDITION_KEXT},
    {"enabled-kext", CONDITION_ENABLED_KEXT},
    {"enabled", CONDITION_ENABLED},
    {"variable", CONDITION_VARIABLE},
};

void condition_free(Condition *condition)
{
    if (condition == NULL)
        return;
    g_free(condition->path);
    g_free(condition->text);
    g_free(condition);
}

static Condition *condition_new(ConditionKind kind, char *path, const char *text)
{
    Condition *condition = g_new0(Condition, 1);
    condition->kind = kind;
    condition->path = path;
    condition->text = g_strdup(text);
    return condition;
}

static Condition *parse_call(const char *text)
{
    const char *open = strchr(text, '(');
    if (open == NULL || !g_str_has_suffix(text, ")"))
        return NULL;
    g_autofree char *word = g_strndup(text, (gsize)(open - text));
    g_autofree char *name = g_strndup(open + 1, strlen(open + 1) - 1);
    for (guint i = 0; i < G_N_ELEMENTS(CALLS); i++) {
        if (strcmp(CALLS[i].word, word) == 0)
            return condition_new(CALLS[i].kind, NULL, name);
    }
    return NULL;
}

Condition *condition_parse(const char *text)
{
    gsize length = strcspn(text, "=!^&(");
    const char *end = text + length;

    if (length == 0 || *end == '(')
        return parse_call(text);
    ConditionKind kind = *end == '='   ? CONDITION_EQUAL
                         : *end == '!' ? CONDITION_DIFFERENT
                         : *end == '^' ? CONDITION_PREFIX
                                       : CONDITION_BITS;
    bool two = kind == CONDITION_DIFFERENT || kind == CONDITION_PREFIX;
    if (*end == '\0' || (two && end[1] != '='))
        return NULL;
    return condition_new(kind, g_strndup(text, length), end + (two ? 2 : 1));
}

const PlistValue *scope_value(const ConditionScope *scope, const char *path)
{
    g_auto(GStrv) keys = g_strsplit(path, ".", -1);
    const PlistValue *value = scope->top;
    const SchemaNode *node = schema_top(scope->schema);

    for (char **key = keys; *key != NULL; key++) {
        value = plist_get(value, *key);
        node = schema_child(node, *key, scope->version);
    }
    /* what is of a wrong type has a finding of its own, and counts as missing here */
    if (value != NULL && (node == NULL || schema_takes(node, value->type)))
        return value;
    return node != NULL ? node->fallback : NULL;
}

bool scope_is_true(const ConditionScope *scope, const char *path)
{
    const PlistValue *value = scope_value(scope, path);
    return value != NULL && value->type == PLIST_BOOLEAN && value->yes;
}

bool element_is_enabled(const PlistValue *element)
{
    const PlistValue *enabled = plist_get(element, "Enabled");
    return enabled != NULL && enabled->type == PLIST_BOOLEAN && enabled->yes;
}

const char *text_of(const PlistValue *dict, const char *key)
{
    const PlistValue *value = plist_get(dict, key);
    return value != NULL && value->type == PLIST_STRING ? value->text : "";
}

const char *driver_file(const PlistValue *element)
{
    if (element->type == PLIST_STRING)
        return element->text;
    const PlistValue *path = plist_get(element, "Path");
    return path != NULL && path->type == PLIST_STRING ? path->text : NULL;
}

bool driver_is_enabled(const PlistValue *element)
{
    if (element->type == PLIST_STRING)
        return element->text[0] != '#';
    return element_is_enabled(element);
}

static bool contains_any_case(const char *text, const char *part)
{
    g_autofree char *lower = g_ascii_strdown(text, -1);
    return strstr(lower, part) != NULL;
}

static bool has_driver(const ConditionScope *scope, const char *name, bool like)
{
    const PlistValue *drivers = scope_value(scope, "UEFI.Drivers");
    for (guint i = 0; i < plist_count(drivers); i++) {
        const PlistValue *element = plist_element(drivers, i);
        const char *file = driver_file(element);
        if (file != NULL && driver_is_enabled(element) &&
            (like ? contains_any_case(file, name) : strcmp(file, name) == 0))
            return true;
    }
    return false;
}

static bool has_kext(const ConditionScope *scope, const char *bundle, bool enabled_only)
{
    const PlistValue *kexts = scope_value(scope, "Kernel.Add");
    for (guint i = 0; i < plist_count(kexts); i++) {
        const PlistValue *element = plist_element(kexts, i);
        if (strcmp(text_of(element, "BundlePath"), bundle) == 0 &&
            (!enabled_only || element_is_enabled(element)))
            return true;
    }
    return false;
}

static bool has_enabled(const ConditionScope *scope, const char *path)
{
    const PlistValue *array = scope_value(scope, path);
    for (guint i = 0; i < plist_count(array); i++) {
        if (element_is_enabled(plist_element(array, i)))
            return true;
    }
    return false;
}

static bool has_variable(const ConditionScope *scope, const char *name)
{
    g_auto(GStrv) parts = g_strsplit(name, ":", 2);
    const PlistValue *guids = scope_value(scope, "NVRAM.Add");
    for (guint i = 0; i < plist_count(guids); i++) {
        if (g_ascii_strcasecmp(plist_key(guids, i), parts[0]) == 0 &&
            plist_get(plist_element(guids, i), parts[1]) != NULL)
            return true;
    }
    return false;
}

static bool equals(const PlistValue *value, const char *text)
{
    if (value == NULL)
        return false;
    if (value->type == PLIST_INTEGER) {
        gint64 number = g_ascii_strtoll(text, NULL, 10);
        return plist_in_range(value, number, (guint64)MAX(number, 0)) &&
               (number >= 0 || value->number == 0 - (guint64)number);
    }
    g_autofree char *plain = value_text_format(value);
    return strcmp(plain, text) == 0;
}

static bool has_bits(const PlistValue *value, const char *mask)
{
    if (value == NULL || value->type != PLIST_INTEGER || value->number_is_bad)
        return false;
    guint64 number = value->negative ? 0 - value->number : value->number;
    return (number & g_ascii_strtoull(mask, NULL, 16)) != 0;
}

static bool path_holds(const Condition *condition, const PlistValue *value)
{
    if (condition->kind == CONDITION_EQUAL)
        return equals(value, condition->text);
    if (condition->kind == CONDITION_DIFFERENT)
        return !equals(value, condition->text);
    if (condition->kind == CONDITION_BITS)
        return has_bits(value, condition->text);
    return value != NULL && value->type == PLIST_STRING &&
           g_str_has_prefix(value->text, condition->text);
}

bool condition_holds(const Condition *condition, const ConditionScope *scope)
{
    switch (condition->kind) {
    case CONDITION_DRIVER:
        return has_driver(scope, condition->text, false);
    case CONDITION_NO_DRIVER:
        return !has_driver(scope, condition->text, false);
    case CONDITION_DRIVER_LIKE:
        return has_driver(scope, condition->text, true);
    case CONDITION_KEXT:
        return has_kext(scope, condition->text, false);
    case CONDITION_ENABLED_KEXT:
        return has_kext(scope, condition->text, true);
    case CONDITION_ENABLED:
        return has_enabled(scope, condition->text);
    case CONDITION_VARIABLE:
        return has_variable(scope, condition->text);
    case CONDITION_EQUAL:
    case CONDITION_DIFFERENT:
    case CONDITION_PREFIX:
    case CONDITION_BITS:
    default:
        return path_holds(condition, scope_value(scope, condition->path));
    }
}

char *condition_describe_failure(const Condition *condition, const ConditionScope *scope)
{
    if (condition->path != NULL) {
        const PlistValue *value = scope_value(scope, condition->path);
        g_autofree char *text = value != NULL ? value_text_format(value) : g_strdup("missing");
        bool quoted = value != NULL && value->type == PLIST_STRING;
        return g_strdup_printf(quoted ? "%s is '%s'" : "%s is %s", condition->path, text);
    }
    switch (condition->kind) {
    case CONDITION_NO_DRIVER:
        return g_strdup_printf("%s is enabled in UEFI.Drivers", condition->text);
    case CONDITION_KEXT:
    case CONDITION_ENABLED_KEXT:
        return g_strdup_printf("%s is not in Kernel.Add", condition->text);
    case CONDITION_DRIVER:
    case CONDITION_DRIVER_LIKE:
    case CONDITION_ENABLED:
    case CONDITION_VARIABLE:
    case CONDITION_EQUAL:
    case CONDITION_DIFFERENT:
    case CONDITION_PREFIX:
    case CONDITION_BITS:
    default:
        return g_strdup_printf("%s is not enabled in UEFI.Drivers", condition->text);
    }
}
