/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/collectors.h"
#include "facts/cpu-list.h"
#include "facts/cpuinfo.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

/*
 * Topology: Linux, Documentation/admin-guide/cputopology.rst; caches:
 * Documentation/ABI/testing/sysfs-devices-system-cpu; nodes:
 * Documentation/ABI/stable/sysfs-devices-node; kinds of core:
 * tools/perf/Documentation/intel-hybrid.txt.
 */
#define CPU_FOLDER "sys/devices/system/cpu"
#define NODE_FOLDER "sys/devices/system/node"
#define CLOCK_FOLDER "sys/devices/system/clocksource/clocksource0"

static int compare_numbers(gconstpointer left, gconstpointer right)
{
    return *(const int *)left - *(const int *)right;
}

/* The N of the entries PREFIXN of FOLDER, in order; NULL when the folder cannot be read. */
static GArray *numbered_entries(const OsRoot *root, const char *folder, const char *prefix)
{
    g_auto(GStrv) names = os_list(root, folder);
    if (names == NULL)
        return NULL;
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(int));
    for (char **name = names; *name != NULL; name++) {
        guint64 number;
        if (g_str_has_prefix(*name, prefix) &&
            g_ascii_string_to_unsigned(*name + strlen(prefix), 10, 0, CPU_LIST_MAX, &number,
                                       NULL)) {
            int value = (int)number;
            g_array_append_val(numbers, value);
        }
    }
    g_array_sort(numbers, compare_numbers);
    return numbers;
}

static int small_number(const OsRoot *root, const char *path)
{
    gint64 number = os_read_integer(root, path);
    return number >= 0 && number <= G_MAXINT ? (int)number : UNKNOWN;
}

static CpuThread read_thread(const OsRoot *folder, int cpu)
{
    gint64 khz = os_read_integer(folder, "cpufreq/cpuinfo_max_freq");
    return (CpuThread){
        .cpu = cpu,
        .package = small_number(folder, "topology/physical_package_id"),
        .core = small_number(folder, "topology/core_id"),
        .die = small_number(folder, "topology/die_id"),
        .node = UNKNOWN,
        .max_khz = khz > 0 ? khz : UNKNOWN,
    };
}

/* "32K", "8192K", "1M" */
static gint64 cache_size(const char *text)
{
    char *end;
    if (text == NULL || !g_ascii_isdigit(*text))
        return UNKNOWN;
    guint64 number = g_ascii_strtoull(text, &end, 10);
    int shift = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;
    if ((shift != 0 && end[1] != '\0') || (shift == 0 && *end != '\0') ||
        number > (guint64)G_MAXINT64 >> shift)
        return UNKNOWN;
    return (gint64)(number << shift);
}

/* SEEN keeps what was read: "index3 0-7", so that each instance is read once however many threads
 * share it. */
static void read_cache(const OsRoot *folder, int index, GHashTable *seen, GPtrArray *caches)
{
    g_autofree char *name = g_strdup_printf("cache/index%d", index);
    g_autofree char *list = g_strconcat(name, "/shared_cpu_list", NULL);
    g_autofree char *cpus = os_read_line(folder, list);
    if (cpus == NULL || !g_hash_table_add(seen, g_strdup_printf("%d %s", index, cpus)))
        return;

    g_autoptr(OsRoot) sub = os_root_sub(folder, name);
    g_autofree char *size = os_read_line(sub, "size");
    CpuCache *cache = cpu_cache_new();
    cache->level = small_number(sub, "level");
    cache->type = os_read_line(sub, "type");
    cache->size = cache_size(size);
    cache->ways = small_number(sub, "ways_of_associativity");
    cache->line = small_number(sub, "coherency_line_size");
    cache->cpus = g_steal_pointer(&cpus);
    g_ptr_array_add(caches, cache);
}

static void read_caches(const OsRoot *folder, GHashTable *seen, GPtrArray *caches)
{
    g_autoptr(GArray) indexes = numbered_entries(folder, "cache", "index");
    for (guint i = 0; indexes != NULL && i < indexes->len; i++)
        read_cache(folder, g_array_index(indexes, int, i), seen, caches);
}

/* The processors that are online; a kernel without hotplug has no such list, and then those are
 * that have a topology. */
static GArray *online_cpus(const OsRoot *root)
{
    g_autofree char *text = os_read_line(root, CPU_FOLDER "/online");
    GArray *online = cpu_list_parse(text);
    if (online != NULL)
        return online;

    g_autoptr(GArray) all = numbered_entries(root, CPU_FOLDER, "cpu");
    online = g_array_new(FALSE, FALSE, sizeof(int));
    for (guint i = 0; all != NULL && i < all->len; i++) {
        int cpu = g_array_index(all, int, i);
        g_autofree char *path = g_strdup_printf(CPU_FOLDER "/cpu%d/topology", cpu);
        if (os_exists(root, path))
            g_array_append_val(online, cpu);
    }
    return online;
}

static void read_topology(const OsRoot *root, CpuFacts *cpu)
{
    g_autoptr(GArray) online = online_cpus(root);
    g_autoptr(GArray) threads = g_array_new(FALSE, FALSE, sizeof(CpuThread));
    g_autoptr(GPtrArray) caches = g_ptr_array_new_with_free_func((GDestroyNotify)cpu_cache_free);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    g_array_sort(online, compare_numbers);
    for (guint i = 0; i < online->len; i++) {
        int number = g_array_index(online, int, i);
        g_autofree char *path = g_strdup_printf(CPU_FOLDER "/cpu%d", number);
        if ((i > 0 && g_array_index(online, int, i - 1) == number) || !os_exists(root, path))
            continue;
        g_autoptr(OsRoot) folder = os_root_sub(root, path);
        CpuThread thread = read_thread(folder, number);
        g_array_append_val(threads, thread);
        read_caches(folder, seen, caches);
    }
    if (threads->len > 0) {
        g_clear_pointer(&cpu->thread_list, g_array_unref);
        cpu->thread_list = g_steal_pointer(&threads);
    }
    if (caches->len > 0)
        cpu->caches = g_steal_pointer(&caches);
}

/* The line is "Node 0 MemTotal:  16303428 kB". */
static gint64 node_memory(const OsRoot *root, const char *path)
{
    g_autofree char *text = os_read_text(root, path, NULL);
    const char *value = text == NULL ? NULL : strstr(text, "MemTotal:");
    if (value == NULL)
        return UNKNOWN;
    value += strlen("MemTotal:");
    value += strspn(value, " \t");
    if (!g_ascii_isdigit(*value))
        return UNKNOWN;
    guint64 kib = g_ascii_strtoull(value, NULL, 10);
    return kib <= (guint64)G_MAXINT64 / 1024 ? (gint64)kib * 1024 : UNKNOWN;
}

static int compare_cpu(gconstpointer left, gconstpointer right)
{
    return *(const int *)left - ((const CpuThread *)right)->cpu;
}

/* The threads that the list CPUS names; NULL for those that are not there. The caller frees it. */
static GPtrArray *threads_of(const CpuFacts *cpu, const char *cpus)
{
    g_autoptr(GArray) numbers = cpu_list_parse(cpus);
    GPtrArray *threads = g_ptr_array_new();
    for (guint i = 0; numbers != NULL && cpu->thread_list != NULL && i < numbers->len; i++) {
        CpuThread *thread = bsearch(&g_array_index(numbers, int, i), cpu->thread_list->data,
                                    cpu->thread_list->len, sizeof(CpuThread), compare_cpu);
        if (thread != NULL)
            g_ptr_array_add(threads, thread);
    }
    return threads;
}

static void set_node(const CpuFacts *cpu, const char *cpus, int node)
{
    g_autoptr(GPtrArray) threads = threads_of(cpu, cpus);
    for (guint i = 0; i < threads->len; i++)
        ((CpuThread *)g_ptr_array_index(threads, i))->node = node;
}

/* Since Linux 5.13 each kind of core of a hybrid processor has a performance counter of its own. */
static void read_kinds(const OsRoot *root, const CpuFacts *cpu)
{
    static const struct {
        const char *list;
        Tri efficient;
    } KINDS[] = {{"sys/devices/cpu_core/cpus", TRI_NO},
                 {"sys/devices/cpu_atom/cpus", TRI_YES},
                 {"sys/devices/cpu_lowpower/cpus", TRI_YES}};

    for (guint i = 0; i < G_N_ELEMENTS(KINDS); i++) {
        g_autofree char *cpus = os_read_line(root, KINDS[i].list);
        g_autoptr(GPtrArray) threads = threads_of(cpu, cpus);
        for (guint j = 0; j < threads->len; j++)
            ((CpuThread *)g_ptr_array_index(threads, j))->efficient = KINDS[i].efficient;
    }
}

static void read_nodes(const OsRoot *root, CpuFacts *cpu)
{
    g_autoptr(GArray) numbers = numbered_entries(root, NODE_FOLDER, "node");
    if (numbers == NULL || numbers->len == 0)
        return;
    cpu->nodes = g_ptr_array_new_with_free_func((GDestroyNotify)numa_node_free);
    for (guint i = 0; i < numbers->len; i++) {
        NumaNode *node = numa_node_new();
        node->node = g_array_index(numbers, int, i);
        g_autofree char *list = g_strdup_printf(NODE_FOLDER "/node%d/cpulist", node->node);
        g_autofree char *memory = g_strdup_printf(NODE_FOLDER "/node%d/meminfo", node->node);
        node->cpus = os_read_line(root, list);
        /* a node with memory and no processor has an empty list */
        if (node->cpus == NULL && os_exists(root, list))
            node->cpus = g_strdup("");
        node->memory = node_memory(root, memory);
        set_node(cpu, node->cpus, node->node);
        g_ptr_array_add(cpu->nodes, node);
    }
}

/* Number of different packages and cores; UNKNOWN when one thread's place is. */
static void count_places(CpuFacts *cpu)
{
    g_autoptr(GHashTable) packages = g_hash_table_new(NULL, NULL);
    g_autoptr(GHashTable) cores = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    bool packages_known = true, cores_known = true;

    if (cpu->thread_list == NULL)
        return;
    cpu->threads = (int)cpu->thread_list->len;
    for (guint i = 0; i < cpu->thread_list->len; i++) {
        const CpuThread *thread = &g_array_index(cpu->thread_list, CpuThread, i);
        packages_known = packages_known && thread->package != UNKNOWN;
        cores_known = cores_known && packages_known && thread->core != UNKNOWN;
        g_hash_table_add(packages, GINT_TO_POINTER(thread->package));
        g_hash_table_add(cores,
                         g_strdup_printf("%d %d %d", thread->package, thread->die, thread->core));
    }
    if (packages_known)
        cpu->packages = (int)g_hash_table_size(packages);
    if (cores_known)
        cpu->cores = (int)g_hash_table_size(cores);
}

static void read_clocks(const OsRoot *root, CpuFacts *cpu)
{
    g_autofree char *available = os_read_line(root, CLOCK_FOLDER "/available_clocksource");
    cpu->clocksource = os_read_line(root, CLOCK_FOLDER "/current_clocksource");
    if (available != NULL)
        cpu->clocksources = g_strsplit(available, " ", -1);
}

/* The file is there since Linux 6.1 (Documentation/admin-guide/sysctl/kernel.rst). */
static char *read_architecture(const OsRoot *root)
{
    struct utsname name;
    char *architecture = os_read_line(root, "proc/sys/kernel/arch");
    if (architecture == NULL && os_root_is_live(root) && uname(&name) == 0)
        architecture = g_strdup(name.machine);
    return architecture;
}

void facts_collect_cpu(const OsRoot *root, const FactsOptions *options, Facts *facts)
{
    CpuFacts *cpu = &facts->cpu;
    g_autofree char *cpuinfo = os_read_text(root, "proc/cpuinfo", NULL);

    cpu->architecture = read_architecture(root);
    if (cpuinfo != NULL)
        cpu->thread_list = cpuinfo_parse(cpuinfo, cpu);
    read_topology(root, cpu);
    read_nodes(root, cpu);
    read_kinds(root, cpu);
    count_places(cpu);
    read_clocks(root, cpu);
}
