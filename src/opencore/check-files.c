/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/check-parts.h"

#include <string.h>

/* Whether the files are known and the element that the match is in is enabled. */
static bool is_asked(const Check *check, const Match *match)
{
    return check->tree != NULL && match->value->type == PLIST_STRING &&
           match->value->text[0] != '\0' && element_is_enabled(match->holder);
}

/* FOLDER/VALUE, or FOLDER/KEY/VALUE where the rule names a key beside it. The caller owns it. */
static char *file_of(const Rule *rule, const Match *match)
{
    if (rule->words[1] == NULL)
        return g_strdup_printf("%s/%s", rule->words[0], match->value->text);
    return g_strdup_printf("%s/%s/%s", rule->words[0], text_of(match->holder, rule->words[1]),
                           match->value->text);
}

/* Of a kext that is not there as a whole another rule speaks. */
static bool is_in_missing_folder(const Check *check, const Rule *rule, const Match *match)
{
    if (rule->words[1] == NULL)
        return false;
    g_autofree char *folder =
        g_strdup_printf("%s/%s", rule->words[0], text_of(match->holder, rule->words[1]));
    return !efi_tree_has_folder(check->tree, folder);
}

static void run_file(Check *check, const Rule *rule, const Match *match)
{
    if (!is_asked(check, match))
        return;
    g_autofree char *file = file_of(rule, match);
    if (efi_tree_has_file(check->tree, file) || is_in_missing_folder(check, rule, match))
        return;
    finding_report(check, rule, match, "is '%s' and enabled, and there is no file EFI/OC/%s",
                   match->value->text, file);
}

static void run_folder(Check *check, const Rule *rule, const Match *match)
{
    if (!is_asked(check, match))
        return;
    g_autofree char *folder = file_of(rule, match);
    if (!efi_tree_has_folder(check->tree, folder))
        finding_report(check, rule, match, "is '%s' and enabled, and there is no folder EFI/OC/%s",
                       match->value->text, folder);
}

static void run_needs_file(Check *check, const Rule *rule, const Match *match)
{
    if (check->tree == NULL || efi_tree_has_file(check->tree, rule->words[0]) ||
        efi_tree_has_folder(check->tree, rule->words[0]))
        return;
    g_autofree char *shown = finding_show(match->value);
    finding_report(check, rule, match, "is %s, and there is no EFI/OC/%s", shown, rule->words[0]);
}

const NamedCheck CHECKS_OF_FILES[] = {
    {"file", run_file},
    {"folder", run_folder},
    {"needs-file", run_needs_file},
    {NULL, NULL},
};
