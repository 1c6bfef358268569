/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-parts.h"

#include "facts/dmi-placeholders.h"

#include <stdlib.h>
#include <string.h>

/* The kernel's command line has 4096 bytes at the most. */
enum { TEXT_MAX = 4096 };

const char *paste_value(const char *line, const char *key)
{
    /* most lines differ in the first letter */
    if (g_ascii_tolower(*line) != *key)
        return NULL;
    gsize length = strlen(key);
    if (g_ascii_strncasecmp(line, key, length) != 0)
        return NULL;
    line += length;
    line += strspn(line, " \t");
    if (*line != ':')
        return NULL;
    line++;
    return line + strspn(line, " \t");
}

const char *paste_after(const char *text, const char *words)
{
    const char *at = strstr(text, words);
    return at != NULL ? at + strlen(words) : NULL;
}

bool paste_has_any(const char *text, const char *first, const char *const *words)
{
    for (const char *at = strpbrk(text, first); at != NULL; at = strpbrk(at + 1, first)) {
        for (guint i = 0; words[i] != NULL; i++) {
            if (*at == *words[i] && g_str_has_prefix(at, words[i]))
                return true;
        }
    }
    return false;
}

int paste_decimal(const char *text, int max, const char **ret_rest)
{
    gsize digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 9)
        return UNKNOWN;
    long value = strtol(text, NULL, 10);
    if (value > max)
        return UNKNOWN;
    if (ret_rest != NULL)
        *ret_rest = text + digits;
    return (int)value;
}

int paste_hex2_after(const char *text, const char *words)
{
    const char *at = paste_after(text, words);
    if (at == NULL || !g_ascii_isxdigit(at[0]) || !g_ascii_isxdigit(at[1]))
        return UNKNOWN;
    return g_ascii_xdigit_value(at[0]) << 4 | g_ascii_xdigit_value(at[1]);
}

int paste_hex4(const char *text)
{
    for (guint i = 0; i < 4; i++) {
        if (!g_ascii_isxdigit(text[i]))
            return UNKNOWN;
    }
    return g_ascii_isxdigit(text[4]) ? UNKNOWN : (int)strtol(text, NULL, 16);
}

bool paste_ids(const char *text, int *ret_vendor, int *ret_device, const char **ret_rest)
{
    bool bracket = *text == '[';
    const char *at = bracket ? text + 1 : text;
    int vendor = paste_hex4(at);
    int device = vendor != UNKNOWN && at[4] == ':' ? paste_hex4(at + 5) : UNKNOWN;

    if (device == UNKNOWN || (bracket && at[9] != ']') || (!bracket && g_ascii_isalnum(at[9])))
        return false;
    *ret_vendor = vendor;
    *ret_device = device;
    if (ret_rest != NULL)
        *ret_rest = at + 9 + (bracket ? 1 : 0);
    return true;
}

/* Whether PLACE may be set: it was not told in two ways before. */
static bool is_open(const Paste *paste, const void *place)
{
    return !g_hash_table_contains(paste->told_twice, place);
}

void paste_int(Paste *paste, int *place, int value)
{
    if (value == UNKNOWN || !is_open(paste, place))
        return;
    if (*place == UNKNOWN) {
        *place = value;
    } else if (*place != value) {
        *place = UNKNOWN;
        g_hash_table_add(paste->told_twice, place);
    }
}

void paste_tri(Paste *paste, Tri *place, Tri value)
{
    if (value == TRI_UNKNOWN || !is_open(paste, place))
        return;
    if (*place == TRI_UNKNOWN) {
        *place = value;
    } else if (*place != value) {
        *place = TRI_UNKNOWN;
        g_hash_table_add(paste->told_twice, place);
    }
}

void paste_text(Paste *paste, char **place, const char *value)
{
    if (value == NULL || strlen(value) > TEXT_MAX || !is_open(paste, place))
        return;
    if (*place == NULL) {
        *place = g_strdup(value);
    } else if (strcmp(*place, value) != 0) {
        g_clear_pointer(place, g_free);
        g_hash_table_add(paste->told_twice, place);
    }
}

void paste_size(Paste *paste, gint64 *place, gint64 value)
{
    if (value == UNKNOWN || !is_open(paste, place))
        return;
    if (*place == UNKNOWN) {
        *place = value;
    } else if (*place != value) {
        *place = UNKNOWN;
        g_hash_table_add(paste->told_twice, place);
    }
}

void paste_dmi(Paste *paste, char **place, const char *value)
{
    enum { DMI_MAX = 128 };
    if (value == NULL)
        return;
    g_autofree char *text = g_strstrip(g_strdup(value));
    if (*text != '\0' && *text != '<' && strlen(text) <= DMI_MAX &&
        !dmi_is_placeholder(paste->placeholders, text))
        paste_text(paste, place, text);
}

void paste_text_loosely(Paste *paste, char **place, const char *value)
{
    gpointer before;
    if (value == NULL || *value == '\0' || strlen(value) > TEXT_MAX)
        return;
    if (!g_hash_table_lookup_extended(paste->loose, place, NULL, &before))
        g_hash_table_insert(paste->loose, place, g_strdup(value));
    else if (g_strcmp0(before, value) != 0)
        g_hash_table_insert(paste->loose, place, NULL);
}

void paste_loose_finish(Paste *paste)
{
    GHashTableIter iter;
    gpointer place, value;
    g_hash_table_iter_init(&iter, paste->loose);
    while (g_hash_table_iter_next(&iter, &place, &value)) {
        if (*(char **)place == NULL && is_open(paste, place))
            *(char **)place = g_strdup(value);
    }
}
