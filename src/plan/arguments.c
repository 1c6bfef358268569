/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/arguments.h"

#include "base/error.h"

#include <string.h>

/* Linux include/asm-generic/setup.h: the least COMMAND_LINE_SIZE of an architecture; one argument
 * must leave room for others. */
#define LENGTH_MAX 512

static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                              "._-=,:/+@%";

static const char SPACE[] = " \t\n";

/* One word of a line, by its place in it. */
typedef struct {
    const char *start;
    gsize length;
} Word;

bool argument_check(const char *text, GError **error)
{
    gsize length = strlen(text);
    bool begins = g_ascii_isalnum(text[0]) || text[0] == '_';
    if (begins && length <= LENGTH_MAX && strspn(text, LETTERS) == length)
        return true;
    g_autofree char *shown = g_strescape(text, NULL);
    return fail(error, ERROR_INPUT,
                "'%s' cannot be used as a kernel argument: it has to begin with a letter or a "
                "digit and to consist of letters, digits and %s alone.",
                shown, "._-=,:/+@%");
}

/* The next word at or after AT; false at the end. */
static bool next_word(const char *at, Word *ret_word)
{
    at += strspn(at, SPACE);
    bool quoted = false;
    const char *end = at;
    for (; *end != '\0' && (quoted || strchr(SPACE, *end) == NULL); end++)
        if (*end == '"')
            quoted = !quoted;
    *ret_word = (Word){at, (gsize)(end - at)};
    return end > at;
}

static gsize key_length(const char *argument, gsize length)
{
    const char *equals = memchr(argument, '=', length);
    return equals != NULL ? (gsize)(equals - argument) : length;
}

static bool same_key(const Word *word, const char *argument)
{
    gsize length = key_length(argument, strlen(argument));
    if (key_length(word->start, word->length) != length)
        return false;
    for (gsize i = 0; i < length; i++) {
        char a = word->start[i] == '-' ? '_' : word->start[i];
        char b = argument[i] == '-' ? '_' : argument[i];
        if (a != b)
            return false;
    }
    return true;
}

static bool same_argument(const Word *word, const char *argument)
{
    gsize key = key_length(argument, strlen(argument));
    return same_key(word, argument) && word->length == strlen(argument) &&
           memcmp(word->start + key, argument + key, word->length - key) == 0;
}

/* Keys whose value is a list with commas, of which each word counts for itself (Linux
 * Documentation/admin-guide/kernel-parameters.txt): intel_iommu=on,igfx_off. */
static bool is_list(const char *argument)
{
    static const char *const KEYS[] = {"intel_iommu", "amd_iommu"};
    Word word = {argument, key_length(argument, strlen(argument))};
    bool list = false;

    for (guint i = 0; argument[word.length] == '=' && i < G_N_ELEMENTS(KEYS); i++)
        list |= same_key(&word, KEYS[i]);
    return list;
}

static GStrv items_of(const Word *word)
{
    gsize key = key_length(word->start, word->length);
    g_autofree char *value = key < word->length
                                 ? g_strndup(word->start + key + 1, word->length - key - 1)
                                 : g_strdup("");
    return g_strsplit(value, ",", -1);
}

/* Whether WORD, of a list, has ARGUMENT's one item, and none that takes it back. */
static bool list_grants(const Word *word, const char *argument)
{
    const char *item = strchr(argument, '=') + 1;
    g_auto(GStrv) items = items_of(word);
    bool off = strcmp(item, "off") != 0 && g_strv_contains((const char *const *)items, "off");
    return !off && g_strv_contains((const char *const *)items, item);
}

/* Adds the items of WORD but ITEM, those in TEXT already, and "on" or "off" beside which ITEM would
 * mean nothing. */
static void add_items(GString *text, const Word *word, const char *item)
{
    g_auto(GStrv) items = items_of(word);
    for (guint i = 0; items[i] != NULL; i++) {
        const char *end = strrchr(text->str, '=') + 1;
        g_auto(GStrv) there = g_strsplit(end, ",", -1);
        bool contrary = strcmp(items[i], "off") == 0 || strcmp(item, "off") == 0;
        if (*items[i] != '\0' && !contrary &&
            !g_strv_contains((const char *const *)there, items[i]))
            g_string_append_printf(text, ",%s", items[i]);
    }
}

/* ARGUMENT with what LINE has beside it in the same list. */
static char *merged(const char *line, const char *argument)
{
    GString *text = g_string_new(argument);
    Word word, only = {NULL, 0};
    guint count = 0;

    for (const char *at = line; next_word(at, &word); at = word.start + word.length) {
        if (!is_list(argument) || !same_key(&word, argument))
            continue;
        only = word;
        count++;
        add_items(text, &word, strchr(argument, '=') + 1);
    }
    if (count == 1 && list_grants(&only, argument))
        g_string_append_len(g_string_truncate(text, 0), only.start, (gssize)only.length);
    return g_string_free(text, FALSE);
}

char *argument_key(const char *argument)
{
    return g_strndup(argument, key_length(argument, strlen(argument)));
}

GStrv arguments_of(const char *line)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    Word word;
    for (const char *at = line; next_word(at, &word); at = word.start + word.length) {
        g_autofree char *text = g_strndup(word.start, word.length);
        g_strv_builder_add(builder, text);
    }
    return g_strv_builder_end(builder);
}

char *arguments_with_key(const char *line, const char *argument)
{
    GString *found = g_string_new(NULL);
    Word word;
    for (const char *at = line; next_word(at, &word); at = word.start + word.length) {
        if (!same_key(&word, argument))
            continue;
        if (found->len > 0)
            g_string_append_c(found, ' ');
        g_string_append_len(found, word.start, (gssize)word.length);
    }
    return g_string_free(found, found->len == 0);
}

bool arguments_have(const char *line, const char *argument)
{
    bool have = false;
    Word word;
    for (const char *at = line; next_word(at, &word); at = word.start + word.length)
        if (same_key(&word, argument))
            have = same_argument(&word, argument) ||
                   (is_list(argument) && list_grants(&word, argument));
    return have;
}

/* Takes the word at START..END out of TEXT, with the white space in front of it, or behind it when
 * it is the first. Returns where it was. */
static gsize cut_word(GString *text, gsize start, gsize end)
{
    gsize from = start;
    while (from > 0 && strchr(" \t", text->str[from - 1]) != NULL)
        from--;
    if (from == 0)
        end += strspn(text->str + end, " \t");
    g_string_erase(text, (gssize)from, (gssize)(end - from));
    return from;
}

/* Takes out of LINE the words that MATCH WANTED; with KEEP_FIRST the first of them becomes WANTED.
 */
static char *rewrite(const char *line, const char *wanted, bool keep_first,
                     bool (*match)(const Word *word, const char *argument))
{
    GString *text = g_string_new(line);
    bool placed = !keep_first;
    Word word;
    for (const char *at = text->str; next_word(at, &word);) {
        gsize start = (gsize)(word.start - text->str), end = start + word.length;
        if (!match(&word, wanted)) {
            at = text->str + end;
        } else if (placed) {
            at = text->str + cut_word(text, start, end);
        } else {
            placed = true;
            if (!same_argument(&word, wanted)) {
                g_string_erase(text, (gssize)start, (gssize)word.length);
                g_string_insert(text, (gssize)start, wanted);
                end = start + strlen(wanted);
            }
            at = text->str + end;
        }
    }
    return g_string_free(text, FALSE);
}

char *arguments_replace(const char *line, const char *argument)
{
    return rewrite(line, argument, true, same_key);
}

char *arguments_set(const char *line, const char *argument)
{
    g_autofree char *there = arguments_with_key(line, argument);
    g_autofree char *wanted = merged(line, argument);
    if (there != NULL)
        return arguments_replace(line, wanted);
    gsize length = strlen(line);
    while (length > 0 && strchr(SPACE, line[length - 1]) != NULL)
        length--;
    return g_strdup_printf("%.*s%s%s%s", (int)length, line, length > 0 ? " " : "", argument,
                           line + length);
}

/* LINE without the one item that ARGUMENT has of a list; lists of nothing else are gone. */
static char *drop_items(const char *line, const char *argument)
{
    g_autofree char *there = arguments_with_key(line, argument);
    const char *item = strchr(argument, '=') + 1;
    g_autofree char *key = argument_key(argument);
    g_autoptr(GString) rest = g_string_new(NULL);
    Word word;

    for (const char *at = there; at != NULL && next_word(at, &word);
         at = word.start + word.length) {
        g_auto(GStrv) items = items_of(&word);
        for (guint i = 0; items[i] != NULL; i++)
            if (strcmp(items[i], item) != 0)
                g_string_append_printf(rest, "%s%s", rest->len > 0 ? "," : "", items[i]);
    }
    g_autofree char *left = g_strdup_printf("%s=%s", key, rest->str);
    return rest->len > 0 ? arguments_replace(line, left) : rewrite(line, argument, false, same_key);
}

/* Whether an item of a list stands beside others in LINE. */
static bool has_in_list(const char *line, const char *argument)
{
    Word word;
    for (const char *at = line; next_word(at, &word); at = word.start + word.length) {
        g_auto(GStrv) items = items_of(&word);
        if (same_key(&word, argument) && g_strv_length(items) > 1 &&
            g_strv_contains((const char *const *)items, strchr(argument, '=') + 1))
            return true;
    }
    return false;
}

char *arguments_drop(const char *line, const char *argument)
{
    if (is_list(argument) && has_in_list(line, argument))
        return drop_items(line, argument);
    return rewrite(line, argument, false, strchr(argument, '=') != NULL ? same_argument : same_key);
}
