/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/cpuinfo.h"

#include "facts/cpu-list.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    CpuFacts *cpu;
    GArray *threads;
    GHashTable *flags;  /* those that all processors so far have; owns the names */
    char *flags_before; /* the flags of the processor before, as text */
} Parse;

static int number_of(const char *text)
{
    guint64 number;
    if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT, &number, NULL))
        return UNKNOWN;
    return (int)number;
}

static void set_text(char **text, const char *value)
{
    if (*text == NULL && *value != '\0')
        *text = g_strdup(value);
}

static void set_number(int *number, const char *value)
{
    if (*number == UNKNOWN)
        *number = number_of(value);
}

const char *cpuinfo_arm(const char *value)
{
    return strcmp(value, "8") == 0 || strcmp(value, "AArch64") == 0 ? "aarch64" : "arm";
}

static gboolean is_not_in(gpointer flag, gpointer value, gpointer others)
{
    return !g_hash_table_contains(others, flag);
}

/* Most hosts have the same flags on every processor: then one comparison of the text does. */
static void meet_flags(Parse *parse, const char *value)
{
    if (g_strcmp0(parse->flags_before, value) == 0)
        return;
    g_free(parse->flags_before);
    parse->flags_before = g_strdup(value);

    g_autoptr(GHashTable) flags = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_auto(GStrv) words = g_strsplit_set(value, " \t", -1);
    for (char **word = words; *word != NULL; word++) {
        if (**word != '\0')
            g_hash_table_add(flags, g_strdup(*word));
    }
    if (parse->flags == NULL)
        parse->flags = g_steal_pointer(&flags);
    else
        g_hash_table_foreach_remove(parse->flags, is_not_in, flags);
}

static void begin_thread(Parse *parse, const char *value)
{
    CpuThread thread = {number_of(value), UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, TRI_UNKNOWN};
    if (thread.cpu != UNKNOWN && thread.cpu <= CPU_LIST_MAX)
        g_array_append_val(parse->threads, thread);
}

static void take_place(Parse *parse, const char *key, const char *value)
{
    if (parse->threads->len == 0)
        return;
    CpuThread *thread = &g_array_index(parse->threads, CpuThread, parse->threads->len - 1);
    if (strcmp(key, "physical id") == 0)
        thread->package = number_of(value);
    else if (strcmp(key, "core id") == 0)
        thread->core = number_of(value);
}

static void take_line(Parse *parse, const char *key, const char *value)
{
    CpuFacts *cpu = parse->cpu;

    if (strcmp(key, "processor") == 0)
        begin_thread(parse, value);
    else if (strcmp(key, "vendor_id") == 0)
        set_text(&cpu->vendor, value);
    else if (strcmp(key, "cpu family") == 0)
        set_number(&cpu->family, value);
    else if (strcmp(key, "model") == 0)
        set_number(&cpu->model, value);
    else if (strcmp(key, "model name") == 0)
        set_text(&cpu->name, value);
    else if (strcmp(key, "stepping") == 0)
        set_number(&cpu->stepping, value);
    else if (strcmp(key, "microcode") == 0)
        set_text(&cpu->microcode, value);
    else if (strcmp(key, "flags") == 0)
        meet_flags(parse, value);
    else if (strcmp(key, "CPU architecture") == 0)
        set_text(&cpu->architecture, cpuinfo_arm(value));
    else
        take_place(parse, key, value);
}

static int compare_text(gconstpointer left, gconstpointer right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static GStrv sorted_names(GHashTable *set)
{
    guint count = 0;
    GStrv names = g_new0(char *, g_hash_table_size(set) + 1);
    GHashTableIter iter;
    gpointer name;

    g_hash_table_iter_init(&iter, set);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        names[count++] = g_strdup(name);
    qsort(names, count, sizeof *names, compare_text);
    return names;
}

static void finish_flags(const Parse *parse)
{
    CpuFacts *cpu = parse->cpu;
    if (parse->flags == NULL)
        return;
    cpu->flags = sorted_names(parse->flags);
    cpu->virtualization =
        tri(cpu_has_flag(cpu, "vmx") == TRI_YES || cpu_has_flag(cpu, "svm") == TRI_YES);
    cpu->hypervisor = cpu_has_flag(cpu, "hypervisor");
}

static int compare_threads(gconstpointer left, gconstpointer right)
{
    return ((const CpuThread *)left)->cpu - ((const CpuThread *)right)->cpu;
}

/* A text that was put together from two may name a processor twice. */
static void sort_threads(GArray *threads)
{
    g_array_sort(threads, compare_threads);
    for (guint i = threads->len; i > 1; i--) {
        if (g_array_index(threads, CpuThread, i - 1).cpu ==
            g_array_index(threads, CpuThread, i - 2).cpu)
            g_array_remove_index(threads, i - 1);
    }
}

GArray *cpuinfo_parse(const char *text, CpuFacts *cpu)
{
    g_autoptr(GArray) threads = g_array_new(FALSE, FALSE, sizeof(CpuThread));
    Parse parse = {cpu, threads, NULL, NULL};

    while (*text != '\0') {
        gsize length = strcspn(text, "\n");
        const char *colon = memchr(text, ':', length);
        if (colon != NULL) {
            g_autofree char *key = g_strchomp(g_strndup(text, (gsize)(colon - text)));
            g_autofree char *value =
                g_strstrip(g_strndup(colon + 1, length - (gsize)(colon + 1 - text)));
            take_line(&parse, key, value);
        }
        text += length;
        if (*text == '\n')
            text++;
    }
    finish_flags(&parse);
    g_clear_pointer(&parse.flags, g_hash_table_unref);
    g_free(parse.flags_before);
    sort_threads(threads);
    return threads->len == 0 ? NULL : g_steal_pointer(&threads);
}
