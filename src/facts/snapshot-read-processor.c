/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/snapshot-parts.h"

#include "facts/cpu-list.h"
#include "facts/snapshot-fields.h"

/* More than any machine has, and small enough for every sum of them. */
enum { THREADS_MAX = CPU_LIST_MAX + 1 };

static void read_threads(JsonDocument *document, const JsonValue *object, CpuFacts *cpu)
{
    const JsonValue *list = jr_array(document, object, "thread_list");
    if (list == NULL)
        return;
    cpu->thread_list = g_array_new(FALSE, FALSE, sizeof(CpuThread));
    for (guint i = 0; i < jr_length(list); i++) {
        const JsonValue *element = jr_element(list, i);
        if (!snapshot_is_object(document, element, "thread_list", i))
            return;
        CpuThread thread = {
            .cpu = snapshot_int(document, element, "cpu", CPU_LIST_MAX),
            .package = snapshot_int(document, element, "package", G_MAXINT),
            .core = snapshot_int(document, element, "core", G_MAXINT),
            .node = snapshot_int(document, element, "node", G_MAXINT),
            .die = snapshot_int(document, element, "die", G_MAXINT),
            .max_khz = snapshot_size(document, element, "max_khz"),
            .efficient = jr_tri(document, element, "efficient"),
        };
        int before = i == 0 ? -1 : g_array_index(cpu->thread_list, CpuThread, i - 1).cpu;
        if (thread.cpu <= before)
            jr_fail(document,
                    "element %u of 'thread_list' has no number, or not one above that "
                    "of the element before.",
                    i);
        g_array_append_val(cpu->thread_list, thread);
    }
}

static gpointer read_cache(JsonDocument *document, const JsonValue *object)
{
    CpuCache *cache = cpu_cache_new();
    cache->level = snapshot_int(document, object, "level", G_MAXINT);
    cache->type = jr_string(document, object, "type");
    cache->size = snapshot_size(document, object, "size");
    cache->ways = snapshot_int(document, object, "ways", G_MAXINT);
    cache->line = snapshot_int(document, object, "line", G_MAXINT);
    cache->cpus = jr_string(document, object, "cpus");
    return cache;
}

static gpointer read_node(JsonDocument *document, const JsonValue *object)
{
    NumaNode *node = numa_node_new();
    node->node = snapshot_int(document, object, "node", G_MAXINT);
    node->cpus = jr_string(document, object, "cpus");
    node->memory = snapshot_size(document, object, "memory");
    return node;
}

static void read_cpu(JsonDocument *document, const JsonValue *object, CpuFacts *cpu)
{
    cpu->architecture = jr_string(document, object, "architecture");
    cpu->vendor = jr_string(document, object, "vendor");
    cpu->family = snapshot_int(document, object, "family", G_MAXINT);
    cpu->model = snapshot_int(document, object, "model", G_MAXINT);
    cpu->stepping = snapshot_int(document, object, "stepping", G_MAXINT);
    cpu->name = jr_string(document, object, "name");
    cpu->microcode = jr_string(document, object, "microcode");
    cpu->flags = jr_strings(document, object, "flags");
    cpu->packages = snapshot_int(document, object, "packages", THREADS_MAX);
    cpu->cores = snapshot_int(document, object, "cores", THREADS_MAX);
    cpu->threads = snapshot_int(document, object, "threads", THREADS_MAX);
    read_threads(document, object, cpu);
    cpu->caches = snapshot_list(document, jr_array(document, object, "caches"), "caches",
                                read_cache, (GDestroyNotify)cpu_cache_free);
    cpu->nodes = snapshot_list(document, jr_array(document, object, "nodes"), "nodes", read_node,
                               (GDestroyNotify)numa_node_free);
    cpu->virtualization = jr_tri(document, object, "virtualization");
    cpu->hypervisor = jr_tri(document, object, "hypervisor");
    cpu->clocksource = jr_string(document, object, "clocksource");
    cpu->clocksources = jr_strings(document, object, "clocksources");
    cpu->tsc_unstable = jr_tri(document, object, "tsc_unstable");
    cpu->tsc_warp = jr_tri(document, object, "tsc_warp");
}

static void read_kvm(JsonDocument *document, const JsonValue *object, KvmFacts *kvm)
{
    kvm->present = jr_tri(document, object, "present");
    kvm->accessible = jr_tri(document, object, "accessible");
    kvm->usable = jr_tri(document, object, "usable");
    kvm->evidence = jr_string(document, object, "evidence");
    kvm->firmware_off = jr_tri(document, object, "firmware_off");
    kvm->api_version = snapshot_int(document, object, "api_version", G_MAXINT);
    kvm->max_vcpus = snapshot_int(document, object, "max_vcpus", G_MAXINT);
    kvm->ignore_msrs = jr_tri(document, object, "ignore_msrs");
    kvm->nested = jr_tri(document, object, "nested");
}

void snapshot_read_processor(JsonDocument *document, const JsonValue *top, Facts *facts)
{
    const JsonValue *memory = jr_object(document, top, "memory");

    read_cpu(document, jr_object(document, top, "cpu"), &facts->cpu);
    read_kvm(document, jr_object(document, top, "kvm"), &facts->kvm);
    facts->memory.total = snapshot_size(document, memory, "total");
    facts->memory.available = snapshot_size(document, memory, "available");
    facts->memory.huge_page_size = snapshot_size(document, memory, "huge_page_size");
    facts->memory.huge_pages = snapshot_size(document, memory, "huge_pages");
}
