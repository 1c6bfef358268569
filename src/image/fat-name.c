/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/fat-name.h"

#include <stdio.h>
#include <string.h>

#define BASE_LENGTH 8
#define EXTENSION_LENGTH 3

/* What stays of the name before a number of one digit. */
#define STEM_LENGTH 6

#define LAST_LONG_ENTRY 0x40
#define LONG_NAME_ATTRIBUTE 0x0f

static const char SHORT_SIGNS[] = "$%'-_@~`!(){}^#&";

struct FatNames {
    GHashTable *taken; /* of 11 characters */
    GHashTable *next;  /* from the first characters of a name to the number that is tried next */
};

static bool is_short_character(char c)
{
    return g_ascii_isupper(c) || g_ascii_isdigit(c) || strchr(SHORT_SIGNS, c) != NULL;
}

static bool is_short(const char *name)
{
    gsize base = strcspn(name, ".");
    gsize extension = name[base] == '.' ? strlen(name + base + 1) : 0;
    if (base == 0 || base > BASE_LENGTH || extension > EXTENSION_LENGTH ||
        (name[base] == '.' && extension == 0))
        return false;
    for (gsize i = 0; name[i] != '\0'; i++)
        if (i != base && !is_short_character(name[i]))
            return false;
    return true;
}

guint fat_name_entries(const char *name)
{
    return 1 + (is_short(name) ? 0 : (guint)((strlen(name) + FAT_NAME_PIECE - 1) / FAT_NAME_PIECE));
}

FatNames *fat_names_new(void)
{
    FatNames *names = g_new0(FatNames, 1);
    names->taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    names->next = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return names;
}

void fat_names_free(FatNames *names)
{
    if (names == NULL)
        return;
    g_hash_table_unref(names->taken);
    g_hash_table_unref(names->next);
    g_free(names);
}

bool fat_names_take(FatNames *names, const char *name, char ret_short[FAT_SHORT_LENGTH])
{
    g_autofree char *upper = g_ascii_strup(name, -1);
    gsize base = strcspn(upper, ".");
    if (!is_short(upper))
        return false;
    memset(ret_short, ' ', FAT_SHORT_LENGTH);
    memcpy(ret_short, upper, base);
    if (upper[base] == '.')
        memcpy(ret_short + BASE_LENGTH, upper + base + 1, strlen(upper + base + 1));
    g_hash_table_add(names->taken, g_strndup(ret_short, FAT_SHORT_LENGTH));
    return true;
}

/* At most MOST characters of TEXT..END that a short name can have; others than full stops and
 * spaces, which are left out, become a line. */
static char *shorten(const char *text, const char *end, gsize most)
{
    GString *out = g_string_new(NULL);
    for (; text < end && out->len < most; text++) {
        char upper = g_ascii_toupper(*text);
        if (*text != '.' && *text != ' ')
            g_string_append_c(out, is_short_character(upper) ? upper : '_');
    }
    return g_string_free(out, FALSE);
}

void fat_names_make(FatNames *names, const char *name, char ret_short[FAT_SHORT_LENGTH])
{
    const char *start = name + strspn(name, ". ");
    const char *end = start + strlen(start);
    const char *dot = strrchr(start, '.');
    g_autofree char *stem = shorten(start, dot != NULL ? dot : end, STEM_LENGTH);
    g_autofree char *extension = dot != NULL ? shorten(dot, end, EXTENSION_LENGTH) : g_strdup("");
    g_autofree char *key = g_strconcat(stem, ".", extension, NULL);
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(names->next, key));
    char made[FAT_SHORT_LENGTH + 1];

    do {
        g_autofree char *tail = g_strdup_printf("~%u", ++number);
        int kept = (int)MIN(strlen(stem), BASE_LENGTH - strlen(tail));
        g_autofree char *base = g_strdup_printf("%.*s%s", kept, stem, tail);
        snprintf(made, sizeof made, "%-8s%-3s", base, extension);
    } while (g_hash_table_contains(names->taken, made));
    g_hash_table_insert(names->next, g_steal_pointer(&key), GUINT_TO_POINTER(number));
    g_hash_table_add(names->taken, g_strdup(made));
    memcpy(ret_short, made, FAT_SHORT_LENGTH);
}

static guint8 checksum(const char short_name[FAT_SHORT_LENGTH])
{
    guint8 sum = 0;
    for (guint i = 0; i < FAT_SHORT_LENGTH; i++)
        sum = (guint8)((sum >> 1 | (sum & 1) << 7) + (guint8)short_name[i]);
    return sum;
}

/* Entry NUMBER (from 1) of the long name. Its characters are of 16 bits; a 0 ends the name where
 * there is room, and 0xffff fills what is left. */
static void add_piece(GByteArray *folder, const char *name, guint number, bool last, guint8 sum)
{
    static const guint8 PLACES[FAT_NAME_PIECE] = {1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30};
    guint8 entry[FAT_ENTRY_BYTES] = {
        (guint8)(number | (last ? LAST_LONG_ENTRY : 0)), [11] = LONG_NAME_ATTRIBUTE, [13] = sum};
    gsize length = strlen(name);
    for (guint i = 0; i < FAT_NAME_PIECE; i++) {
        gsize at = (gsize)(number - 1) * FAT_NAME_PIECE + i;
        entry[PLACES[i]] = at < length ? (guint8)name[at] : at == length ? 0 : 0xff;
        entry[PLACES[i] + 1] = at <= length ? 0 : 0xff;
    }
    g_byte_array_append(folder, entry, sizeof entry);
}

void fat_name_add_long(GByteArray *folder, const char *name,
                       const char short_name[FAT_SHORT_LENGTH])
{
    guint pieces = fat_name_entries(name) - 1;
    for (guint number = pieces; number > 0; number--)
        add_piece(folder, name, number, number == pieces, checksum(short_name));
}
