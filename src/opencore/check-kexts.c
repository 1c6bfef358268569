/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/check-parts.h"

#include <string.h>

static const KnownKext *kext_of(const Check *check, const PlistValue *element)
{
    return known_kext(check->checker->known, text_of(element, "BundlePath"), check->scope.version);
}

/* Says that KEY of the kext should be WANTED. */
static void report_part(Check *check, const Rule *rule, const Match *match, const char *key,
                        const char *wanted)
{
    const PlistValue *value = plist_get(match->value, key);
    if (value == NULL || value->type != PLIST_STRING || strcmp(value->text, wanted) == 0)
        return;
    g_autofree char *path = g_strdup_printf("%s.%s", match->path, key);
    g_autofree char *shown = finding_show(value);
    g_autofree char *right = *wanted != '\0' ? g_strdup_printf("Write %s.", wanted)
                                             : g_strdup("Leave it empty: it has no executable.");
    finding_report_right(check, rule, path, value->place.line, right, "of %s is %s",
                         text_of(match->value, "BundlePath"), shown);
}

static void run_kext_parts(Check *check, const Rule *rule, const Match *match)
{
    const KnownKext *kext = kext_of(check, match->value);
    if (kext == NULL)
        return;
    report_part(check, rule, match, "ExecutablePath", kext->executable);
    report_part(check, rule, match, "PlistPath", KNOWN_KEXT_PLIST);
}

/* The first element of that bundle; -1: there is none. */
static int find_bundle(const PlistValue *kexts, const char *bundle)
{
    for (guint i = 0; i < plist_count(kexts); i++) {
        if (strcmp(text_of(plist_element(kexts, i), "BundlePath"), bundle) == 0)
            return (int)i;
    }
    return -1;
}

/* OpenCore's checker asks this of disabled kexts too: they are switched on at any time. */
static void run_kext_order(Check *check, const Rule *rule, const Match *match)
{
    for (guint i = 0; i < plist_count(match->value); i++) {
        const PlistValue *element = plist_element(match->value, i);
        const KnownKext *kext = kext_of(check, element);
        if (kext == NULL || *kext->parent == '\0' ||
            find_bundle(match->value, kext->bundle) != (int)i)
            continue;
        int parent = find_bundle(match->value, kext->parent);
        if (parent >= 0 && parent < (int)i)
            continue;
        g_autofree char *path = g_strdup_printf("%s[%u]", match->path, i);
        g_autofree char *right =
            g_strdup_printf(parent < 0 ? "Add %s before it." : "Put %s before it.", kext->parent);
        finding_report_right(check, rule, path, element->place.line, right, "is %s, %s %s",
                             kext->bundle, parent < 0 ? "which needs" : "and behind it comes",
                             kext->parent);
    }
}

static void run_kext_parent_enabled(Check *check, const Rule *rule, const Match *match)
{
    for (guint i = 0; i < plist_count(match->value); i++) {
        const PlistValue *element = plist_element(match->value, i);
        const KnownKext *kext = kext_of(check, element);
        int parent = kext != NULL && *kext->parent != '\0' && element_is_enabled(element)
                         ? find_bundle(match->value, kext->parent)
                         : -1;
        if (parent < 0 || element_is_enabled(plist_element(match->value, (guint)parent)))
            continue;
        g_autofree char *path = g_strdup_printf("%s[%u]", match->path, i);
        g_autofree char *right = g_strdup_printf("Enable %s too, or disable this.", kext->parent);
        finding_report_right(check, rule, path, element->place.line, right,
                             "is %s, which is enabled, and %s, which it needs, is not",
                             kext->bundle, kext->parent);
    }
}

const NamedCheck CHECKS_OF_KEXTS[] = {
    {"kext-parts", run_kext_parts},
    {"kext-order", run_kext_order},
    {"kext-parent-enabled", run_kext_parent_enabled},
    {NULL, NULL},
};
