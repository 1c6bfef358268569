/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/cpu-layout.h"

#include "facts/cpu-list.h"

static void core_free(CpuCore *core)
{
    g_array_unref(core->threads);
    g_free(core);
}

static void group_free(CpuGroup *group)
{
    g_ptr_array_unref(group->cores);
    g_free(group);
}

static bool is_known(const CpuFacts *cpu)
{
    if (cpu->thread_list == NULL || cpu->thread_list->len > CPU_LAYOUT_MAX)
        return false;
    for (guint i = 0; i < cpu->thread_list->len; i++) {
        const CpuThread *thread = &g_array_index(cpu->thread_list, CpuThread, i);
        if (thread->core == UNKNOWN || thread->package == UNKNOWN)
            return false;
    }
    return cpu->thread_list->len > 0;
}

/* The third-level cache of each thread, by the thread's number. There are no more of them than
 * threads. */
static GHashTable *find_caches(const CpuFacts *cpu)
{
    GHashTable *caches = g_hash_table_new(NULL, NULL);
    guint found = 0;

    for (guint i = 0; cpu->caches != NULL && i < cpu->caches->len; i++) {
        CpuCache *cache = g_ptr_array_index(cpu->caches, i);
        if (cache->level != 3 || found++ >= cpu->thread_list->len)
            continue;
        g_autoptr(GArray) sharers = cpu_list_parse(cache->cpus);
        for (guint j = 0; sharers != NULL && j < sharers->len; j++)
            g_hash_table_insert(caches, GINT_TO_POINTER(g_array_index(sharers, int, j)), cache);
    }
    return caches;
}

static CpuGroup *group_for(GPtrArray *groups, const CpuThread *thread, const CpuCache *cache)
{
    for (guint i = 0; i < groups->len; i++) {
        CpuGroup *group = g_ptr_array_index(groups, i);
        if (group->package == thread->package && group->node == thread->node &&
            group->cache == cache && (cache != NULL || group->die == thread->die))
            return group;
    }
    CpuGroup *group = g_new0(CpuGroup, 1);
    group->package = thread->package;
    group->die = thread->die;
    group->node = thread->node;
    group->cache = cache;
    group->cores = g_ptr_array_new_with_free_func((GDestroyNotify)core_free);
    g_ptr_array_add(groups, group);
    return group;
}

/* A core's number is its own within a die only where the kernel numbers dies. */
static char *core_key(const CpuThread *thread)
{
    return g_strdup_printf("%d %d %d", thread->package, thread->die, thread->core);
}

GPtrArray *cpu_layout(const CpuFacts *cpu)
{
    if (!is_known(cpu))
        return NULL;
    GPtrArray *groups = g_ptr_array_new_with_free_func((GDestroyNotify)group_free);
    g_autoptr(GHashTable) caches = find_caches(cpu);
    g_autoptr(GHashTable) cores = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < cpu->thread_list->len; i++) {
        const CpuThread *thread = &g_array_index(cpu->thread_list, CpuThread, i);
        g_autofree char *key = core_key(thread);
        CpuCore *core = g_hash_table_lookup(cores, key);
        if (core == NULL) {
            const CpuCache *cache = g_hash_table_lookup(caches, GINT_TO_POINTER(thread->cpu));
            core = g_new0(CpuCore, 1);
            core->core = thread->core;
            core->threads = g_array_new(FALSE, FALSE, sizeof(int));
            g_ptr_array_add(group_for(groups, thread, cache)->cores, core);
            g_hash_table_insert(cores, g_steal_pointer(&key), core);
        }
        g_array_append_val(core->threads, thread->cpu);
    }
    return groups;
}
