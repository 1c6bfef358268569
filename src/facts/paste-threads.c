/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-cpu.h"

#include <stdlib.h>
#include <string.h>

/* The table of lscpu -e, which is read for the pinning of a guest's processors:
 *
 *     CPU NODE SOCKET CORE L1d:L1i:L2:L3 ONLINE    MAXMHZ   MINMHZ
 *       0    0      0    0 0:0:0:0          yes 4800.0000 800.0000
 */

enum { THREADS_MAX = 4096 };

static ThreadColumn column_called(const char *title)
{
    static const struct {
        const char *title;
        ThreadColumn column;
    } TITLES[] = {{"CPU", THREAD_CPU},   {"NODE", THREAD_NODE},     {"SOCKET", THREAD_SOCKET},
                  {"CORE", THREAD_CORE}, {"ONLINE", THREAD_ONLINE}, {"MAXMHZ", THREAD_MAX_MHZ}};
    for (guint i = 0; i < G_N_ELEMENTS(TITLES); i++) {
        if (strcmp(title, TITLES[i].title) == 0)
            return TITLES[i].column;
    }
    return THREAD_OTHER;
}

/* The words of TEXT, at most THREAD_COLUMNS_MAX. */
static GPtrArray *words_of(const char *text)
{
    GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
    while (*text != '\0' && words->len < THREAD_COLUMNS_MAX) {
        gsize length = strcspn(text, " \t");
        g_ptr_array_add(words, g_strndup(text, length));
        text += length;
        text += strspn(text, " \t");
    }
    return words;
}

static bool take_head(PasteCpu *cpu, const char *text)
{
    if (!g_str_has_prefix(text, "CPU ") || strstr(text, " CORE") == NULL ||
        (strstr(text, " SOCKET") == NULL && strstr(text, " ONLINE") == NULL))
        return false;
    g_autoptr(GPtrArray) words = words_of(text);
    for (guint i = 0; i < words->len; i++)
        cpu->columns[i] = column_called(g_ptr_array_index(words, i));
    cpu->column_count = words->len;
    /* a second table is another telling of the same, or of another host */
    cpu->listed_broken |= cpu->listed->len > 0;
    return true;
}

static bool take_row(PasteCpu *cpu, const char *text)
{
    CpuThread thread = {UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, TRI_UNKNOWN};
    g_autoptr(GPtrArray) words = words_of(text);
    bool online = true;

    if (words->len != cpu->column_count || cpu->listed->len >= THREADS_MAX)
        return false;
    for (guint i = 0; i < words->len; i++) {
        const char *word = g_ptr_array_index(words, i);
        int number = paste_decimal(word, 1 << 20, NULL);
        if (cpu->columns[i] == THREAD_CPU)
            thread.cpu = number;
        else if (cpu->columns[i] == THREAD_NODE)
            thread.node = number;
        else if (cpu->columns[i] == THREAD_SOCKET)
            thread.package = number;
        else if (cpu->columns[i] == THREAD_CORE)
            thread.core = number;
        else if (cpu->columns[i] == THREAD_ONLINE)
            online = strcmp(word, "no") != 0;
        else if (cpu->columns[i] == THREAD_MAX_MHZ && number != UNKNOWN)
            thread.max_khz = (gint64)number * 1000;
    }
    if (thread.cpu == UNKNOWN)
        return false;
    if (online)
        g_array_append_val(cpu->listed, thread);
    return true;
}

bool paste_take_threads(Paste *paste, const PasteLine *line)
{
    PasteCpu *cpu = paste->cpu;

    if (take_head(cpu, line->text)) {
        paste->recognised = true;
        return true;
    }
    if (cpu->column_count == 0)
        return false;
    if (g_ascii_isdigit(*line->text) && take_row(cpu, line->text))
        return true;
    cpu->column_count = 0;
    return false;
}

static int compare_threads(gconstpointer left, gconstpointer right)
{
    return ((const CpuThread *)left)->cpu - ((const CpuThread *)right)->cpu;
}

int paste_sort_threads(GArray *threads)
{
    int packages = 0;

    g_array_sort(threads, compare_threads);
    for (guint i = 0; i < threads->len; i++) {
        const CpuThread *thread = &g_array_index(threads, CpuThread, i);
        if (thread->cpu != (int)i || thread->package == UNKNOWN || thread->core == UNKNOWN)
            return 0;
        packages = MAX(packages, thread->package + 1);
    }
    return packages;
}

/* Whether they are all is told by the number of processors, where that is known. */
void paste_threads_finish(Paste *paste)
{
    PasteCpu *cpu = paste->cpu;
    CpuFacts *facts = &paste->facts->cpu;
    g_autoptr(GHashTable) cores = g_hash_table_new(NULL, NULL);

    if (cpu->listed_broken || paste->cut || facts->thread_list != NULL ||
        paste_sort_threads(cpu->listed) == 0 ||
        (facts->threads != UNKNOWN && facts->threads != (int)cpu->listed->len))
        return;
    for (guint i = 0; i < cpu->listed->len; i++) {
        const CpuThread *thread = &g_array_index(cpu->listed, CpuThread, i);
        g_hash_table_add(cores,
                         GSIZE_TO_POINTER((gsize)thread->package << 24 | (gsize)thread->core));
    }
    paste_int(paste, &facts->packages, paste_sort_threads(cpu->listed));
    paste_int(paste, &facts->threads, (int)cpu->listed->len);
    paste_int(paste, &facts->cores, (int)g_hash_table_size(cores));
    facts->thread_list = cpu->listed;
    cpu->listed = g_array_new(FALSE, FALSE, sizeof(CpuThread));
}
