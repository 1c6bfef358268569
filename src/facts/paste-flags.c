/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-cpu.h"

#include "base/table.h"

#include <string.h>

/* A processor of x86_64 has some 35 flags at the least; fewer are a line that was cut off. */
enum { FLAGS_LEAST = 30, FLAGS_MAX = 16384 };

static bool are_flags(const char *text)
{
    return *text != '\0' && text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_ \t")] == '\0';
}

/* Of the line that was collected: of a processor, or of one whose line was cut. */
static GHashTable *words_of(GStrv words)
{
    GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (char **word = words; *word != NULL; word++) {
        if (**word != '\0')
            g_hash_table_add(seen, *word);
    }
    return seen;
}

/* All processors have what each of them has. */
static void meet(CpuFacts *cpu, GHashTable *seen)
{
    g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(seen), (GCompareFunc)strcmp);
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    for (const GList *name = names; name != NULL; name = name->next) {
        if (cpu->flags == NULL || g_strv_contains((const char *const *)cpu->flags, name->data))
            g_strv_builder_add(builder, name->data);
    }
    g_strfreev(cpu->flags);
    cpu->flags = g_strv_builder_end(builder);
}

void paste_end_flags(Paste *paste)
{
    PasteCpu *cpu = paste->cpu;

    cpu->flags_open = false;
    if (cpu->flags == NULL)
        return;
    char *text = g_string_free(g_steal_pointer(&cpu->flags), FALSE);
    bool known = g_strcmp0(text, cpu->flags_before) == 0;
    g_free(cpu->flags_before);
    cpu->flags_before = text;
    if (known) /* of the processor before */
        return;
    g_auto(GStrv) words = g_strsplit_set(text, " \t", -1);
    g_autoptr(GHashTable) seen = words_of(words);
    if (g_hash_table_size(seen) >= FLAGS_LEAST && g_hash_table_contains(seen, "fpu") &&
        !cpu->flags_broken)
        meet(&paste->facts->cpu, seen);
}

bool paste_begin_flags(Paste *paste, const char *value)
{
    PasteCpu *cpu = paste->cpu;

    if (!are_flags(value)) {
        cpu->flags_broken = *value != '\0';
        return *value == '\0';
    }
    if (cpu->flags != NULL)
        paste_end_flags(paste);
    cpu->flags_broken = false;
    cpu->flags = g_string_new(value);
    cpu->flags_open = true;
    if (strchr(value, ' ') != NULL)
        paste_cpu_anchor(paste);
    return true;
}

/* Few lines are wrapped: it is read for the first of them. A table of the program's own that cannot
 * be read leaves the words as they are. */
static GHashTable *load_flags(void)
{
    static const char *const COLUMNS[] = {"flag", "source", NULL};
    g_autoptr(Table) table = table_load("cpu-flags.table", COLUMNS, NULL);
    GHashTable *flags = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint row = 0; table != NULL && row < table->rows->len; row++)
        g_hash_table_add(flags, g_strdup(table_cell(table, row, 0)));
    return flags;
}

static bool is_known(PasteCpu *cpu, const char *word, gsize length)
{
    if (cpu->known_flags == NULL)
        cpu->known_flags = load_flags();
    g_autofree char *name = g_strndup(word, length);
    return g_hash_table_contains(cpu->known_flags, name);
}

/* Whether a terminal or lscpu itself wrapped the line in the middle of a word, of which NEXT has
 * the rest: so that the two are a flag together, and not each. */
static bool is_in_word(PasteCpu *cpu, const char *next)
{
    const char *last = strrchr(cpu->flags->str, ' ');
    last = last != NULL ? last + 1 : cpu->flags->str;
    gsize length = strcspn(next, " \t");
    if (is_known(cpu, last, strlen(last)) && is_known(cpu, next, length))
        return false;
    g_autofree char *together = g_strdup_printf("%s%.*s", last, (int)length, next);
    return is_known(cpu, together, strlen(together));
}

/* A terminal, lscpu or a mail program wrapped the line. */
bool paste_go_on_with_flags(Paste *paste, const PasteLine *line)
{
    PasteCpu *cpu = paste->cpu;

    if (!cpu->flags_open)
        return false;
    if (!are_flags(line->text) || cpu->flags->len + strlen(line->text) > FLAGS_MAX) {
        cpu->flags_broken = strstr(line->text, "...") != NULL;
        paste_end_flags(paste);
        return false;
    }
    if (!is_in_word(cpu, line->text))
        g_string_append_c(cpu->flags, ' ');
    g_string_append(cpu->flags, line->text);
    return true;
}
