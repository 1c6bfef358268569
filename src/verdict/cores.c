/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/cpu-list.h"
#include "verdict/processor.h"

#include <string.h>

/*
 * P cores and E cores of Intel's hybrid processors. What tells them apart, the surest first: the
 * kernel; the second-level cache, which E cores share in clusters and P cores do not; threads, of
 * which P cores have two; the highest frequency.
 */

/* More than favoured cores are ahead of others (5.8 to 5.5 GHz), less than P cores of E cores (5.2
 * to 4.6 GHz, Core Ultra 5 245K). */
#define FREQUENCY_RATIO 1.08

/* Processors with E cores are for one socket; what is below compares each thread with each. */
enum { THREADS_MAX = 256 };

typedef enum {
    CORE_UNKNOWN,
    CORE_P,
    CORE_E,
} CoreKind;

static const CpuThread *thread_at(const CpuFacts *cpu, guint index)
{
    return &g_array_index(cpu->thread_list, CpuThread, index);
}

static bool same_core(const CpuThread *a, const CpuThread *b)
{
    return a->package == b->package && a->die == b->die && a->core == b->core;
}

static bool cores_are_known(const CpuFacts *cpu)
{
    for (guint i = 0; i < cpu->thread_list->len; i++) {
        if (thread_at(cpu, i)->core == UNKNOWN)
            return false;
    }
    return true;
}

static void by_kernel(const CpuFacts *cpu, CoreKind *kinds)
{
    for (guint i = 0; i < cpu->thread_list->len; i++) {
        Tri efficient = thread_at(cpu, i)->efficient;
        kinds[i] = efficient == TRI_YES ? CORE_E : efficient == TRI_NO ? CORE_P : CORE_UNKNOWN;
    }
}

/* The threads that share CACHE are of one core, or else of E cores. */
static void take_cache(const CpuFacts *cpu, const CpuCache *cache, CoreKind *kinds)
{
    g_autoptr(GArray) numbers = cpu_list_parse(cache->cpus);
    g_autoptr(GArray) sharers = g_array_new(FALSE, FALSE, sizeof(guint));
    bool one_core = true;

    bool plausible = numbers != NULL && numbers->len <= THREADS_MAX;
    for (guint i = 0; plausible && i < cpu->thread_list->len; i++) {
        for (guint j = 0; j < numbers->len; j++) {
            if (g_array_index(numbers, int, j) == thread_at(cpu, i)->cpu)
                g_array_append_val(sharers, i);
        }
    }
    for (guint i = 1; i < sharers->len; i++)
        one_core &= same_core(thread_at(cpu, g_array_index(sharers, guint, 0)),
                              thread_at(cpu, g_array_index(sharers, guint, i)));
    for (guint i = 0; i < sharers->len; i++)
        kinds[g_array_index(sharers, guint, i)] = one_core ? CORE_P : CORE_E;
}

static void by_caches(const CpuFacts *cpu, CoreKind *kinds)
{
    guint count = cpu->caches == NULL || !cores_are_known(cpu) ? 0 : cpu->caches->len;
    guint second = 0; /* there are no more of them than threads */

    for (guint i = 0; i < count && second < cpu->thread_list->len; i++) {
        const CpuCache *cache = g_ptr_array_index(cpu->caches, i);
        if (cache->level == 2) {
            take_cache(cpu, cache, kinds);
            second++;
        }
    }
}

static bool has_sibling(const CpuFacts *cpu, guint index)
{
    for (guint i = 0; i < cpu->thread_list->len; i++) {
        if (i != index && same_core(thread_at(cpu, index), thread_at(cpu, i)))
            return true;
    }
    return false;
}

/* Where no core has two threads, as they are off or there are none, that tells nothing. */
static void by_siblings(const CpuFacts *cpu, CoreKind *kinds)
{
    bool any = false;

    for (guint i = 0; i < cpu->thread_list->len && cores_are_known(cpu); i++) {
        kinds[i] = has_sibling(cpu, i) ? CORE_P : CORE_E;
        any |= kinds[i] == CORE_P;
    }
    for (guint i = 0; i < cpu->thread_list->len && !any; i++)
        kinds[i] = CORE_UNKNOWN;
}

static int compare_sizes(gconstpointer left, gconstpointer right)
{
    gint64 a = *(const gint64 *)left, b = *(const gint64 *)right;
    return a < b ? -1 : a > b;
}

/* Those above the widest gap are of P cores. */
static void by_frequencies(const CpuFacts *cpu, CoreKind *kinds)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(gint64));
    double widest = 1;
    gint64 limit = 0;

    for (guint i = 0; i < cpu->thread_list->len; i++) {
        if (thread_at(cpu, i)->max_khz <= 0)
            return;
        g_array_append_val(all, thread_at(cpu, i)->max_khz);
    }
    g_array_sort(all, compare_sizes);
    for (guint i = 1; i < all->len; i++) {
        double ratio =
            (double)g_array_index(all, gint64, i) / (double)g_array_index(all, gint64, i - 1);
        if (ratio > widest) {
            widest = ratio;
            limit = g_array_index(all, gint64, i);
        }
    }
    for (guint i = 0; i < cpu->thread_list->len; i++)
        kinds[i] =
            widest < FREQUENCY_RATIO || thread_at(cpu, i)->max_khz >= limit ? CORE_P : CORE_E;
}

/* Yes where there are both kinds, no where there is one; unknown where one is not known. */
static Tri both_kinds(const CpuFacts *cpu, const CoreKind *kinds)
{
    guint count[CORE_E + 1] = {0};
    for (guint i = 0; i < cpu->thread_list->len; i++)
        count[kinds[i]]++;
    if (count[CORE_UNKNOWN] > 0 || cpu->thread_list->len == 0)
        return TRI_UNKNOWN;
    return tri(count[CORE_P] > 0 && count[CORE_E] > 0);
}

/* "0-15,24" */
static const char *list_of_p(Verdict *verdict, const CpuFacts *cpu, const CoreKind *kinds)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < cpu->thread_list->len; i++) {
        if (kinds[i] != CORE_P)
            continue;
        guint last = i;
        while (last + 1 < cpu->thread_list->len && kinds[last + 1] == CORE_P &&
               thread_at(cpu, last + 1)->cpu == thread_at(cpu, last)->cpu + 1)
            last++;
        g_string_append_printf(text, "%s%d", text->len > 0 ? "," : "", thread_at(cpu, i)->cpu);
        if (last > i)
            g_string_append_printf(text, "-%d", thread_at(cpu, last)->cpu);
        i = last;
    }
    return say(verdict, "%s", text->str);
}

static void take_kinds(Verdict *verdict, const CpuFacts *cpu, const CoreKind *kinds)
{
    ProcessorVerdict *processor = &verdict->processor;

    processor->hybrid = both_kinds(cpu, kinds);
    if (processor->hybrid != TRI_YES)
        return;
    processor->p_threads = 0;
    for (guint i = 0; i < cpu->thread_list->len; i++)
        processor->p_threads += kinds[i] == CORE_P;
    processor->p_list = list_of_p(verdict, cpu, kinds);
}

/* lscpu tells how many cores and threads there are, not which: where some cores have one thread and
 * others two, those are the E cores and these the P cores. */
static void by_counts(ProcessorVerdict *processor, const CpuFacts *cpu)
{
    if (processor->known != NULL && cpu->cores > 0 && cpu->threads > cpu->cores &&
        cpu->threads < 2 * cpu->cores) {
        processor->hybrid = TRI_YES;
        processor->p_threads = 2 * (cpu->threads - cpu->cores);
    }
}

void cores_find(Verdict *verdict, const CpuFacts *cpu)
{
    static void (*const WAYS[])(const CpuFacts *cpu, CoreKind *kinds) = {
        by_kernel, by_caches, by_siblings, by_frequencies};
    ProcessorVerdict *processor = &verdict->processor;
    bool may_be = processor->known == NULL || processor->known->hybrid != TRI_NO;

    processor->hybrid = TRI_UNKNOWN;
    processor->p_threads = UNKNOWN;
    /* a hypervisor lays the processors of its guests out as it likes */
    if (!may_be || !processor_is_intel(cpu) || cpu->hypervisor == TRI_YES) {
        processor->hybrid = TRI_NO;
        return;
    }
    bool comparable = cpu->thread_list != NULL && cpu->thread_list->len <= THREADS_MAX;
    for (guint i = 0; comparable && i < G_N_ELEMENTS(WAYS); i++) {
        /* what is no proof by itself counts only for processors that may be hybrid */
        if (processor->known == NULL && (WAYS[i] == by_siblings || WAYS[i] == by_frequencies))
            break;
        g_autofree CoreKind *kinds = g_new0(CoreKind, cpu->thread_list->len);
        WAYS[i](cpu, kinds);
        take_kinds(verdict, cpu, kinds);
        if (processor->hybrid != TRI_UNKNOWN)
            return;
    }
    processor->hybrid = processor->known != NULL ? processor->known->hybrid : TRI_UNKNOWN;
    by_counts(processor, cpu);
}
