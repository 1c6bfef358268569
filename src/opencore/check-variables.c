/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/check-parts.h"

#include <string.h>

/* The bytes that OpenCore makes of a value of any type (OcXmlLib, multidata). NULL: unreadable. */
static GByteArray *bytes_of(const PlistValue *value)
{
    GByteArray *bytes = g_byte_array_new();
    if (value->type == PLIST_STRING) {
        g_byte_array_append(bytes, (const guint8 *)value->text, (guint)strlen(value->text) + 1);
    } else if (value->type == PLIST_BOOLEAN) {
        g_byte_array_append(bytes, (const guint8[]){value->yes ? 1 : 0}, 1);
    } else if (value->type == PLIST_INTEGER) {
        guint32 number = GUINT32_TO_LE((guint32)value->number);
        g_byte_array_append(bytes, (const guint8 *)&number, sizeof number);
    } else if (value->type == PLIST_DATA && value->bytes != NULL) {
        g_byte_array_append(bytes, value->bytes->data, value->bytes->len);
    } else {
        g_byte_array_unref(bytes);
        return NULL;
    }
    return bytes;
}

static bool is_text(const GByteArray *bytes)
{
    for (guint i = 0; i < bytes->len; i++) {
        if (!g_ascii_isprint((char)bytes->data[i]) && !(bytes->data[i] == 0 && i + 1 == bytes->len))
            return false;
    }
    return true;
}

static bool is_one_of(const GByteArray *bytes, char *const *choices)
{
    for (; *choices != NULL; choices++) {
        if (bytes->len == 1 && g_ascii_strtoull(*choices, NULL, 16) == bytes->data[0])
            return true;
    }
    return false;
}

/* What the value should be; NULL: it is good. The caller owns it. */
static char *find_right(const KnownVariable *variable, const GByteArray *bytes)
{
    if (variable->form == FORM_SIZE)
        return bytes->len == variable->size
                   ? NULL
                   : g_strdup_printf("Write it as data of %u byte%s.", variable->size,
                                     variable->size > 1 ? "s" : "");
    if (variable->form == FORM_TEXT)
        return is_text(bytes) ? NULL : g_strdup("Write it as a string of printable ASCII.");
    if (variable->form == FORM_COLOR)
        return bytes->len == 4 && bytes->data[3] == 0
                   ? NULL
                   : g_strdup("Write it as data of 4 bytes, the last of which is 00.");
    if (is_one_of(bytes, variable->choices))
        return NULL;
    g_autofree char *choices = g_strjoinv(" or ", variable->choices);
    return g_strdup_printf("Write it as data of one byte, %s.", choices);
}

/* The key of the dictionary that holds MATCH: the GUID. */
static const char *holder_key(const Check *check, const Match *match)
{
    const PlistValue *guids = scope_value(&check->scope, "NVRAM.Add");
    for (guint i = 0; i < plist_count(guids); i++) {
        if (plist_element(guids, i) == match->holder)
            return plist_key(guids, i);
    }
    return NULL;
}

static void run_variable(Check *check, const Rule *rule, const Match *match)
{
    const KnownVariable *variable = known_variable(check->checker->known, holder_key(check, match),
                                                   match->key, check->scope.version);
    g_autoptr(GByteArray) bytes = variable != NULL ? bytes_of(match->value) : NULL;
    g_autofree char *right = bytes != NULL ? find_right(variable, bytes) : NULL;
    if (right == NULL)
        return;
    g_autofree char *shown = finding_show(match->value);
    finding_report_right(check, rule, match->path, match->value->place.line, right,
                         "is %s, of type %s, which are %u bytes", shown,
                         plist_type_name(match->value->type), bytes->len);
}

static void run_model(Check *check, const Rule *rule, const Match *match)
{
    if (match->value->type != PLIST_STRING ||
        known_model(check->checker->known, match->value->text))
        return;
    g_autofree char *shown = finding_show(match->value);
    finding_report_right(check, rule, match->path, match->value->place.line,
                         "Take a Mac of Intel, as iMacPro1,1 or MacPro7,1.",
                         "is %s, which is no Mac that OpenCore knows", shown);
}

const NamedCheck CHECKS_OF_VARIABLES[] = {
    {"variable", run_variable},
    {"model", run_model},
    {NULL, NULL},
};
