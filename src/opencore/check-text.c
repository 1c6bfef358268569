/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/check-parts.h"

#include "base/error.h"
#include "base/table.h"
#include "opencore/device-path.h"

#include <string.h>

static bool is_printable(const char *text)
{
    for (; *text != '\0'; text++) {
        if (!g_ascii_isprint(*text))
            return false;
    }
    return true;
}

/* Letters, digits and those of OTHERS. */
static bool has_only(const char *text, const char *others)
{
    for (; *text != '\0'; text++) {
        if (!g_ascii_isalnum(*text) && strchr(others, *text) == NULL)
            return false;
    }
    return true;
}

static bool ends_with(const char *text, const char *end)
{
    gsize length = strlen(text), end_length = strlen(end);
    return length >= end_length && g_ascii_strcasecmp(text + length - end_length, end) == 0;
}

/* What the table calls the characters of a text, and what they are for a person. */
static const char *class_problem(const char *class, const char *text)
{
    if (strcmp(class, "printable") == 0)
        return is_printable(text) ? NULL : "other characters than printable ASCII";
    if (strcmp(class, "instance") == 0)
        return is_printable(text) && strchr(text, ',') == NULL
                   ? NULL
                   : "a comma, or other characters than printable ASCII";
    if (strcmp(class, "file") == 0)
        return has_only(text, "_-./\\") ? NULL : "other characters than A-Z a-z 0-9 _ - . / \\";
    if (strcmp(class, "old-driver") == 0 && text[0] == '#')
        return NULL;
    if (strcmp(class, "driver") == 0 || strcmp(class, "old-driver") == 0)
        return !ends_with(text, ".efi")  ? "no .efi at its end"
               : !has_only(text, "_-./") ? "other characters than A-Z a-z 0-9 _ - . /"
                                         : NULL;
    bool booter = strcmp(class, "booter") == 0;
    if (booter ? strcmp(text, "Any") == 0 || strcmp(text, "Apple") == 0
               : strcmp(text, "kernel") == 0)
        return NULL;
    if (booter && !ends_with(text, ".efi"))
        return "no .efi at its end";
    return strchr(text, '.') == NULL ? "no dot"
           : !has_only(text, "_-.")  ? "other characters than A-Z a-z 0-9 _ - ."
                                     : NULL;
}

static void run_characters(Check *check, const Rule *rule, const Match *match)
{
    if (match->value->type != PLIST_STRING)
        return;
    const char *problem = class_problem(rule->words[0], match->value->text);
    g_autofree char *shown = finding_show(match->value);
    if (problem != NULL)
        finding_report(check, rule, match, "is %s, and has %s", shown, problem);
}

static void run_key_characters(Check *check, const Rule *rule, const Match *match)
{
    const char *problem = class_problem(rule->words[0], match->key);
    if (problem != NULL)
        finding_report(check, rule, match, "has %s in its name", problem);
}

static char *join(char *const *words)
{
    return g_strjoinv(", ", (char **)words);
}

static bool is_one_of(const PlistValue *value, char *const *words)
{
    for (; *words != NULL; words++) {
        if (value->type == PLIST_STRING ? strcmp(value->text, *words) == 0
                                        : plist_in_range(value, g_ascii_strtoll(*words, NULL, 10),
                                                         g_ascii_strtoull(*words, NULL, 10)))
            return true;
    }
    return false;
}

static void run_one_of(Check *check, const Rule *rule, const Match *match)
{
    const PlistValue *value = match->value;
    if ((value->type != PLIST_STRING && value->type != PLIST_INTEGER) ||
        is_one_of(value, rule->words))
        return;
    g_autofree char *shown = finding_show(value), *words = join(rule->words);
    bool one = rule->words[1] == NULL;
    g_autofree char *right =
        g_strdup_printf(one ? "It can only be %s." : "Take one of: %s.", words);
    finding_report_right(check, rule, match->path, value->place.line, right,
                         "is %s, which OpenCore does not know", shown);
}

static void run_none_of(Check *check, const Rule *rule, const Match *match)
{
    if (match->value->type != PLIST_STRING || !is_one_of(match->value, rule->words))
        return;
    g_autofree char *shown = finding_show(match->value);
    finding_report(check, rule, match, "is %s", shown);
}

static void run_suffix(Check *check, const Rule *rule, const Match *match)
{
    if (match->value->type != PLIST_STRING)
        return;
    for (char **word = rule->words; *word != NULL; word++) {
        if (ends_with(match->value->text, *word))
            return;
    }
    g_autofree char *shown = finding_show(match->value), *words = join(rule->words);
    g_autofree char *right = g_strdup_printf("Name a file that ends in %s.", words);
    finding_report_right(check, rule, match->path, match->value->place.line, right,
                         "is %s, which has another ending", shown);
}

static void report_length(Check *check, const Rule *rule, const Match *match, gsize length,
                          const char *most)
{
    g_autofree char *right = g_strdup_printf("OpenCore takes %s bytes at the most.", most);
    finding_report_right(check, rule, match->path, match->value->place.line, right,
                         "is %" G_GSIZE_FORMAT " bytes long", length);
}

static void run_length(Check *check, const Rule *rule, const Match *match)
{
    if (match->value->type != PLIST_STRING)
        return;
    gsize length = strlen(match->value->text);
    if (length > g_ascii_strtoull(rule->words[0], NULL, 10))
        report_length(check, rule, match, length, rule->words[0]);
}

static void run_joined_length(Check *check, const Rule *rule, const Match *match)
{
    if (match->value->type != PLIST_STRING)
        return;
    gsize length = strlen(text_of(match->holder, rule->words[0])) + 1 + strlen(match->value->text);
    if (length > g_ascii_strtoull(rule->words[1], NULL, 10))
        report_length(check, rule, match, length, rule->words[1]);
}

static void run_not_empty(Check *check, const Rule *rule, const Match *match)
{
    if (match->value->type == PLIST_STRING && match->value->text[0] == '\0')
        finding_report(check, rule, match, "is empty");
}

/* 8-4-4-4-12 hexadecimal digits. */
static bool is_guid(const char *text)
{
    static const char FORM[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    if (strlen(text) != strlen(FORM))
        return false;
    for (guint i = 0; FORM[i] != '\0'; i++) {
        if (FORM[i] == 'x' ? !g_ascii_isxdigit(text[i]) : text[i] != FORM[i])
            return false;
    }
    return true;
}

static void run_uuid(Check *check, const Rule *rule, const Match *match)
{
    const PlistValue *value = match->value;
    if (value->type != PLIST_STRING || value->text[0] == '\0' || is_guid(value->text) ||
        is_one_of(value, rule->words))
        return;
    g_autofree char *shown = finding_show(value), *words = join(rule->words);
    g_autofree char *right = g_strdup_printf("Write a UUID, %s, or leave it empty.", words);
    finding_report_right(check, rule, match->path, value->place.line, right, "is %s", shown);
}

static void run_key_guid(Check *check, const Rule *rule, const Match *match)
{
    if (!is_guid(match->key))
        finding_report_right(check, rule, match->path, match->value->place.line,
                             "Write it as 8-4-4-4-12 hexadecimal digits.",
                             "is not named by a GUID");
}

static void run_device_path(Check *check, const Rule *rule, const Match *match)
{
    if (match->value->type != PLIST_STRING)
        return;
    g_autofree char *problem = device_path_problem(match->value->text);
    if (problem != NULL)
        finding_report(check, rule, match, "%s", problem);
}

static void run_key_device_path(Check *check, const Rule *rule, const Match *match)
{
    g_autofree char *problem = device_path_problem(match->key);
    if (problem != NULL)
        finding_report(check, rule, match, "%s", problem);
}

static void run_key_device_node(Check *check, const Rule *rule, const Match *match)
{
    g_autofree char *node = device_path_odd_node(match->key);
    if (node != NULL)
        finding_report(check, rule, match, "has the part '%s'", node);
}

/* Reads digits at *TEXT; 0 where there are none, or too many. */
static guint32 read_part(const char **text)
{
    gsize digits = strspn(*text, "0123456789");
    guint64 number = digits > 0 && digits < 11 ? g_ascii_strtoull(*text, NULL, 10) : 0;
    *text += digits;
    return number <= G_MAXUINT32 ? (guint32)number : 0;
}

/* `WIDTHxHEIGHT`, with BITS `@BITS` behind it. OpenCore takes any digits there, also none. */
static bool read_resolution(const char *text, bool bits, guint32 *ret_width, guint32 *ret_height)
{
    *ret_width = read_part(&text);
    if (*text++ != 'x')
        return false;
    *ret_height = read_part(&text);
    if (bits && *text == '@' && g_ascii_isdigit(text[1])) {
        text++;
        read_part(&text);
    }
    return *text == '\0' && *ret_width > 0 && *ret_height > 0;
}

static void run_resolution(Check *check, const Rule *rule, const Match *match)
{
    guint32 width, height, least_width, least_height;
    const PlistValue *value = match->value;
    if (value->type != PLIST_STRING || value->text[0] == '\0' || strcmp(value->text, "Max") == 0)
        return;
    read_resolution(rule->words[0], false, &least_width, &least_height);
    bool good = read_resolution(value->text, rule->words[1] != NULL, &width, &height);
    /* a text of the wrong form is for the rule that asks for the form alone */
    if (good ? width >= least_width && height >= least_height : least_width > 1)
        return;
    g_autofree char *shown = finding_show(value);
    finding_report(check, rule, match, "is %s", shown);
}

/* What is wrong with the flavour names of TEXT; NULL: nothing. */
static const char *flavour_problem(const char *text, gsize most)
{
    g_auto(GStrv) names = g_strsplit(text, ":", -1);
    if (*text == '\0')
        return "is empty";
    if (strlen(text) > most)
        return "is too long";
    if (!is_printable(text))
        return "has other characters than printable ASCII";
    for (char **name = names; *name != NULL; name++) {
        if (**name == '\0')
            return "has an empty name in it";
        if (g_ascii_strncasecmp(*name, "Ext", 3) == 0)
            return "has a name that begins with Ext, which is for external disks";
    }
    return NULL;
}

static void run_flavour(Check *check, const Rule *rule, const Match *match)
{
    if (match->value->type != PLIST_STRING)
        return;
    const char *problem =
        flavour_problem(match->value->text, g_ascii_strtoull(rule->words[0], NULL, 10));
    if (problem != NULL)
        finding_report(check, rule, match, "%s", problem);
}

const NamedCheck CHECKS_OF_TEXTS[] = {
    {"characters", run_characters},
    {"key-characters", run_key_characters},
    {"one-of", run_one_of},
    {"none-of", run_none_of},
    {"suffix", run_suffix},
    {"length", run_length},
    {"joined-length", run_joined_length},
    {"not-empty", run_not_empty},
    {"uuid", run_uuid},
    {"key-guid", run_key_guid},
    {"device-path", run_device_path},
    {"key-device-path", run_key_device_path},
    {"key-device-node", run_key_device_node},
    {"resolution", run_resolution},
    {"flavour", run_flavour},
    {NULL, NULL},
};
