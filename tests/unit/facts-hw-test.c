/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts-shared.h"
#include "facts/cpu-list.h"

static void write_cpu(const Tree *tree, int cpu, int package, int core, const char *siblings)
{
    g_autofree char *base = g_strdup_printf("sys/devices/system/cpu/cpu%d/", cpu);
    const struct {
        const char *name;
        int value;
    } numbers[] = {
        {"topology/physical_package_id", package},
        {"topology/core_id", core},
        {"topology/die_id", 0},
        {"cpufreq/cpuinfo_max_freq", 4000000 + core},
        {"cache/index0/level", 1},
        {"cache/index0/ways_of_associativity", 8},
        {"cache/index0/coherency_line_size", 64},
        {"cache/index3/level", 3},
    };
    const struct {
        const char *name, *value;
    } texts[] = {
        {"cache/index0/type", "Data\n"},
        {"cache/index0/size", "32K\n"},
        {"cache/index0/shared_cpu_list", siblings},
        {"cache/index3/type", "Unified\n"},
        {"cache/index3/size", "16M\n"},
        {"cache/index3/shared_cpu_list", "0-3\n"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_autofree char *path = g_strconcat(base, numbers[i].name, NULL);
        g_autofree char *text = g_strdup_printf("%d\n", numbers[i].value);
        tree_write(tree, path, text);
    }
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *path = g_strconcat(base, texts[i].name, NULL);
        tree_write(tree, path, texts[i].value);
    }
}

static const char CPUINFO[] = "processor\t: 0\n"
                              "vendor_id\t: GenuineIntel\n"
                              "cpu family\t: 6\n"
                              "model\t\t: 151\n"
                              "model name\t: 12th Gen Intel(R) Core(TM) i7-12700K\n"
                              "stepping\t: 2\n"
                              "microcode\t: 0x2c\n"
                              "flags\t\t: vmx fpu avx2 avx512f fpu\n"
                              "\n"
                              "processor\t: 1\n"
                              "model\t\t: 7\n"
                              "flags\t\t: fpu vmx avx2\n"
                              "\n";

static void cpu_identity(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_write(tree, "proc/cpuinfo", CPUINFO);
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_cpu);

    g_assert_cmpstr(facts->cpu.vendor, ==, "GenuineIntel");
    g_assert_cmpint(facts->cpu.family, ==, 6);
    g_assert_cmpint(facts->cpu.model, ==, 151);
    g_assert_cmpint(facts->cpu.stepping, ==, 2);
    g_assert_cmpstr(facts->cpu.name, ==, "12th Gen Intel(R) Core(TM) i7-12700K");
    g_assert_cmpstr(facts->cpu.microcode, ==, "0x2c");
    /* sorted, once, and without the one that only the first processor has */
    assert_strv(facts->cpu.flags, "avx2 fpu vmx");
    g_assert_cmpint(facts->cpu.virtualization, ==, TRI_YES);
    g_assert_cmpint(facts->cpu.hypervisor, ==, TRI_NO);
    /* without sysfs the threads are counted, and their places are not guessed */
    g_assert_cmpint(facts->cpu.threads, ==, 2);
    g_assert_cmpint(facts->cpu.cores, ==, UNKNOWN);
    g_assert_cmpint(facts->cpu.packages, ==, UNKNOWN);
}

static void cpu_places_in_cpuinfo(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_write(tree, "proc/cpuinfo",
               "processor: 1\nphysical id: 0\ncore id: 4\n\n"
               "processor: 0\nphysical id: 0\ncore id: 4\n\n"
               "processor: 0\nphysical id: 0\ncore id: 4\n");
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_cpu);
    g_assert_cmpint(facts->cpu.threads, ==, 2);
    g_assert_cmpint(facts->cpu.cores, ==, 1);
    g_assert_cmpint(facts->cpu.packages, ==, 1);
    g_assert_cmpint(g_array_index(facts->cpu.thread_list, CpuThread, 0).cpu, ==, 0);
    g_assert_null(facts->cpu.flags);
    g_assert_cmpint(facts->cpu.virtualization, ==, TRI_UNKNOWN);
}

static void cpu_topology(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_write(tree, "sys/devices/system/cpu/online", "0-2,10\n");
    write_cpu(tree, 0, 0, 0, "0-1\n");
    write_cpu(tree, 1, 0, 0, "0-1\n");
    write_cpu(tree, 2, 0, 1, "2,10\n");
    write_cpu(tree, 10, 0, 1, "2,10\n");
    write_cpu(tree, 3, 1, 0, "3\n"); /* offline */
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_cpu);
    const CpuFacts *cpu = &facts->cpu;

    g_assert_cmpint(cpu->threads, ==, 4);
    g_assert_cmpint(cpu->cores, ==, 2);
    g_assert_cmpint(cpu->packages, ==, 1);
    const CpuThread *last = &g_array_index(cpu->thread_list, CpuThread, 3);
    g_assert_cmpint(last->cpu, ==, 10);
    g_assert_cmpint(last->core, ==, 1);
    g_assert_cmpint(last->die, ==, 0);
    g_assert_cmpint(last->max_khz, ==, 4000001);
    g_assert_cmpint(last->node, ==, UNKNOWN);

    /* two first-level caches, each shared by two threads, and one for all */
    g_assert_cmpuint(cpu->caches->len, ==, 3);
    const CpuCache *first = g_ptr_array_index(cpu->caches, 0);
    g_assert_cmpint(first->level, ==, 1);
    g_assert_cmpstr(first->type, ==, "Data");
    g_assert_cmpint(first->size, ==, 32 * 1024);
    g_assert_cmpint(first->ways, ==, 8);
    g_assert_cmpint(first->line, ==, 64);
    g_assert_cmpstr(first->cpus, ==, "0-1");
    const CpuCache *shared = g_ptr_array_index(cpu->caches, 1);
    g_assert_cmpint(shared->size, ==, 16 * 1024 * 1024);
    g_assert_cmpint(shared->ways, ==, UNKNOWN);
}

/* Cores are counted in their package: both have a core 0. */
static void cpu_two_packages_without_online_list(void)
{
    g_autoptr(Tree) tree = tree_new();
    write_cpu(tree, 0, 0, 0, "0\n");
    write_cpu(tree, 1, 1, 0, "1\n");
    tree_folder(tree, "sys/devices/system/cpu/cpu2"); /* offline: no topology */
    tree_folder(tree, "sys/devices/system/cpu/cpufreq");
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_cpu);
    g_assert_cmpint(facts->cpu.threads, ==, 2);
    g_assert_cmpint(facts->cpu.cores, ==, 2);
    g_assert_cmpint(facts->cpu.packages, ==, 2);
}

static void cpu_nodes(void)
{
    g_autoptr(Tree) tree = tree_new();
    write_cpu(tree, 0, 0, 0, "0\n");
    write_cpu(tree, 1, 1, 0, "1\n");
    tree_write(tree, "sys/devices/system/node/node0/cpulist", "0\n");
    tree_write(tree, "sys/devices/system/node/node0/meminfo",
               "Node 0 MemTotal:       1024 kB\nNode 0 MemFree: 1 kB\n");
    tree_write(tree, "sys/devices/system/node/node1/cpulist", "1,7\n");
    tree_write(tree, "sys/devices/system/node/node2/cpulist", "\n"); /* memory only */
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_cpu);

    g_assert_cmpuint(facts->cpu.nodes->len, ==, 3);
    const NumaNode *first = g_ptr_array_index(facts->cpu.nodes, 0);
    g_assert_cmpint(first->node, ==, 0);
    g_assert_cmpint(first->memory, ==, 1024 * 1024);
    const NumaNode *last = g_ptr_array_index(facts->cpu.nodes, 2);
    g_assert_cmpstr(last->cpus, ==, "");
    g_assert_cmpint(last->memory, ==, UNKNOWN);
    g_assert_cmpint(g_array_index(facts->cpu.thread_list, CpuThread, 1).node, ==, 1);
}

static void cpu_clocks(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_write(tree, "sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet\n");
    tree_write(tree, "sys/devices/system/clocksource/clocksource0/available_clocksource",
               "hpet acpi_pm \n");
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_cpu);
    g_assert_cmpstr(facts->cpu.clocksource, ==, "hpet");
    assert_strv(facts->cpu.clocksources, "hpet acpi_pm");
}

/* What the kernel says of the kinds of core (Linux 5.13; low power: 6.12). */
static void cpu_kinds_of_core(void)
{
    g_autoptr(Tree) tree = tree_new();
    for (int i = 0; i < 4; i++)
        write_cpu(tree, i, 0, i, "0\n");
    tree_write(tree, "sys/devices/cpu_core/cpus", "0\n");
    tree_write(tree, "sys/devices/cpu_atom/cpus", "1-2,40\n");
    tree_write(tree, "sys/devices/cpu_lowpower/cpus", "3\n");
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_cpu);
    for (guint i = 0; i < 4; i++)
        g_assert_cmpint(g_array_index(facts->cpu.thread_list, CpuThread, i).efficient, ==,
                        i == 0 ? TRI_NO : TRI_YES);

    g_autoptr(Tree) other = tree_new();
    write_cpu(other, 0, 0, 0, "0\n");
    g_autoptr(Facts) unknown = facts_collected(other, facts_collect_cpu);
    g_assert_cmpint(g_array_index(unknown->cpu.thread_list, CpuThread, 0).efficient, ==,
                    TRI_UNKNOWN);
}

static void cpu_architecture(void)
{
    g_autoptr(Tree) told = tree_new();
    tree_write(told, "proc/sys/kernel/arch", "x86_64\n");
    tree_write(told, "proc/cpuinfo", CPUINFO);
    g_autoptr(Facts) facts = facts_collected(told, facts_collect_cpu);
    g_assert_cmpstr(facts->cpu.architecture, ==, "x86_64");

    g_autoptr(Tree) pi = tree_new();
    tree_write(pi, "proc/cpuinfo",
               "processor\t: 0\nFeatures\t: fp asimd evtstrm\nCPU implementer\t: 0x41\n"
               "CPU architecture: 8\nCPU variant\t: 0x4\nCPU part\t: 0xd0b\n");
    g_autoptr(Facts) arm = facts_collected(pi, facts_collect_cpu);
    g_assert_cmpstr(arm->cpu.architecture, ==, "aarch64");

    g_autoptr(Tree) silent = tree_new();
    tree_write(silent, "proc/cpuinfo", CPUINFO);
    g_autoptr(Facts) unknown = facts_collected(silent, facts_collect_cpu);
    g_assert_null(unknown->cpu.architecture);
}

static void cpu_malformed(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_write(tree, "proc/cpuinfo",
               "processor : minus one\nprocessor: 99999999\n: nothing\nmodel : 0x97\n"
               "cpu family : -6\nflags\ncore id: 3\nstepping : 99999999999999999999");
    tree_write(tree, "sys/devices/system/cpu/online", "0-99999999\n");
    tree_write(tree, "sys/devices/system/node/node0/meminfo", "Node 0 MemTotal: lots");
    write_cpu(tree, 0, -1, 70000, "0\n");
    tree_write(tree, "sys/devices/system/cpu/cpu0/cache/index0/size", "32 elephants\n");
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_cpu);

    g_assert_cmpint(facts->cpu.family, ==, UNKNOWN);
    g_assert_cmpint(facts->cpu.model, ==, UNKNOWN);
    g_assert_cmpint(facts->cpu.stepping, ==, UNKNOWN);
    g_assert_null(facts->cpu.flags);
    g_assert_cmpint(facts->cpu.threads, ==, 1); /* by its topology */
    g_assert_cmpint(facts->cpu.packages, ==, UNKNOWN);
    g_assert_cmpint(facts->cpu.cores, ==, UNKNOWN);
    const CpuCache *cache = g_ptr_array_index(facts->cpu.caches, 0);
    g_assert_cmpint(cache->size, ==, UNKNOWN);
}

static void cpu_lists(void)
{
    static const struct {
        const char *text;
        int count; /* -1: no list */
    } CASES[] = {
        {"0", 1},    {"0-3,8", 5}, {"", 0},      {"3-1", -1},   {"1,", -1},
        {"a", -1},   {"1-", -1},   {"65535", 1}, {"65536", -1}, {"0-65535,0-65535", -1},
        {"1 2", -1},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GArray) list = cpu_list_parse(CASES[i].text);
        g_assert_cmpint(list == NULL ? -1 : (int)list->len, ==, CASES[i].count);
    }
    g_assert_null(cpu_list_parse(NULL));
}

/* ---- memory ---- */

static void memory_facts(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_write(tree, "proc/meminfo",
               "MemTotal:       16303428 kB\nMemFree:  1 kB\nMemAvailable:   15000000 kB\n"
               "HugePages_Total:      12\nHugepagesize:       2048 kB\n");
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_memory);
    g_assert_cmpint(facts->memory.total, ==, G_GINT64_CONSTANT(16303428) * 1024);
    g_assert_cmpint(facts->memory.available, ==, G_GINT64_CONSTANT(15000000) * 1024);
    g_assert_cmpint(facts->memory.huge_pages, ==, 12);
    g_assert_cmpint(facts->memory.huge_page_size, ==, 2 * 1024 * 1024);
}

static void memory_malformed(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_write(tree, "proc/meminfo",
               "MemTotal: 99999999999999999999 kB\nMemAvailable: -3 kB\nHugepagesize:\n");
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_memory);
    g_assert_cmpint(facts->memory.total, ==, UNKNOWN);
    g_assert_cmpint(facts->memory.available, ==, UNKNOWN);
    g_assert_cmpint(facts->memory.huge_page_size, ==, UNKNOWN);
    g_assert_cmpint(facts->memory.huge_pages, ==, UNKNOWN);
}

/* ---- IOMMU ---- */

static void iommu_facts(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_folder(tree, "sys/kernel/iommu_groups/0");
    tree_folder(tree, "sys/kernel/iommu_groups/1");
    tree_folder(tree, "sys/class/iommu/dmar0");
    tree_write(tree, "sys/kernel/irq/0/chip_name", "IR-IO-APIC\n");
    tree_write(tree, "sys/kernel/irq/9/chip_name", "\n");
    tree_write(tree, "sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts", "Y\n");
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_iommu);
    g_assert_cmpint(facts->iommu.groups, ==, TRI_YES);
    g_assert_cmpint(facts->iommu.group_count, ==, 2);
    assert_strv(facts->iommu.units, "dmar0");
    g_assert_cmpint(facts->iommu.interrupt_remapping, ==, TRI_YES);
    g_assert_cmpint(facts->iommu.unsafe_interrupts, ==, TRI_YES);
    g_assert_cmpint(facts->iommu.complete, ==, TRI_YES);
}

static void iommu_off(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_folder(tree, "sys/kernel/iommu_groups");
    tree_folder(tree, "sys/class/iommu");
    tree_write(tree, "proc/interrupts", "  1:  9  IO-APIC   1-edge  i8042\n");
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_iommu);
    g_assert_cmpint(facts->iommu.groups, ==, TRI_NO);
    g_assert_cmpint(facts->iommu.group_count, ==, 0);
    assert_strv(facts->iommu.units, "");
    g_assert_cmpint(facts->iommu.interrupt_remapping, ==, TRI_NO);
}

static void iommu_remapping_in_table(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_write(tree, "proc/interrupts",
               "  1:  9  IR-IO-APIC   1-edge  i8042\n  2: 0  DMAR-MSI 0-edge dmar0\n");
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_iommu);
    g_assert_cmpint(facts->iommu.interrupt_remapping, ==, TRI_YES);
    g_assert_cmpint(facts->iommu.groups, ==, TRI_UNKNOWN);
}

static void assert_iommu_table(const char *present, const char *found)
{
    g_autoptr(Tree) tree = tree_new();
    g_autofree char *path = g_strconcat("sys/firmware/acpi/tables/", present, NULL);
    tree_write(tree, "sys/firmware/acpi/tables/APIC", "");
    tree_folder(tree, "sys/firmware/acpi/tables/dynamic");
    tree_write(tree, path, "");
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_iommu);
    g_assert_cmpstr(facts->iommu.table, ==, found);
}

static void iommu_tables(void)
{
    assert_iommu_table("DMAR", "DMAR");
    assert_iommu_table("IVRS", "IVRS");
    assert_iommu_table("FACP", "");
}

/* ---- nothing there ---- */

static void empty_root(void)
{
    static FactsCollector *const COLLECTORS[] = {facts_collect_cpu, facts_collect_memory,
                                                 facts_collect_pci, facts_collect_iommu};
    g_autoptr(Tree) tree = tree_new();
    g_autoptr(Facts) facts = facts_new();
    for (guint i = 0; i < G_N_ELEMENTS(COLLECTORS); i++)
        COLLECTORS[i](tree->root, &(FactsOptions){.private_too = false}, facts);

    g_assert_null(facts->cpu.vendor);
    g_assert_null(facts->cpu.flags);
    g_assert_cmpint(facts->cpu.threads, ==, UNKNOWN);
    g_assert_null(facts->cpu.thread_list);
    g_assert_null(facts->cpu.caches);
    g_assert_null(facts->cpu.nodes);
    g_assert_null(facts->cpu.clocksource);
    g_assert_null(facts->cpu.clocksources);
    g_assert_cmpint(facts->cpu.virtualization, ==, TRI_UNKNOWN);
    g_assert_cmpint(facts->cpu.hypervisor, ==, TRI_UNKNOWN);
    g_assert_cmpint(facts->memory.total, ==, UNKNOWN);
    g_assert_null(facts->pci);
    g_assert_cmpint(facts->iommu.groups, ==, TRI_UNKNOWN);
    g_assert_cmpint(facts->iommu.group_count, ==, UNKNOWN);
    g_assert_null(facts->iommu.units);
    g_assert_null(facts->iommu.table);
    g_assert_cmpint(facts->iommu.interrupt_remapping, ==, TRI_UNKNOWN);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/facts/cpu/identity", cpu_identity);
    g_test_add_func("/facts/cpu/places-in-cpuinfo", cpu_places_in_cpuinfo);
    g_test_add_func("/facts/cpu/topology", cpu_topology);
    g_test_add_func("/facts/cpu/two-packages", cpu_two_packages_without_online_list);
    g_test_add_func("/facts/cpu/nodes", cpu_nodes);
    g_test_add_func("/facts/cpu/clocks", cpu_clocks);
    g_test_add_func("/facts/cpu/kinds-of-core", cpu_kinds_of_core);
    g_test_add_func("/facts/cpu/architecture", cpu_architecture);
    g_test_add_func("/facts/cpu/malformed", cpu_malformed);
    g_test_add_func("/facts/cpu/lists", cpu_lists);
    g_test_add_func("/facts/memory/facts", memory_facts);
    g_test_add_func("/facts/memory/malformed", memory_malformed);
    g_test_add_func("/facts/iommu/facts", iommu_facts);
    g_test_add_func("/facts/iommu/off", iommu_off);
    g_test_add_func("/facts/iommu/table", iommu_remapping_in_table);
    g_test_add_func("/facts/iommu/acpi-tables", iommu_tables);
    g_test_add_func("/facts/empty-root", empty_root);
    return g_test_run();
}
