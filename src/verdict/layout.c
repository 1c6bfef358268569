/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/processor.h"

/* A bound on the number of a guest's processors, and what sets it. */
typedef struct {
    int most;
    const char *why; /* goes on after "the largest layout ... which " */
} Bound;

static void tighten(Bound *bound, int most, const char *why)
{
    if (most < bound->most)
        *bound = (Bound){most, why};
}

/* A host with two threads gives both: macOS with one processor is no more than a test. */
static int half_of(int threads)
{
    return threads / 2 >= 2 ? threads / 2 : MIN(threads, 2);
}

static int largest_node(const CpuFacts *cpu)
{
    g_autoptr(GHashTable) counts = g_hash_table_new(NULL, NULL);
    int largest = 0;

    for (guint i = 0; cpu->thread_list != NULL && i < cpu->thread_list->len; i++) {
        gpointer node = GINT_TO_POINTER(g_array_index(cpu->thread_list, CpuThread, i).node);
        int count = GPOINTER_TO_INT(g_hash_table_lookup(counts, node)) + 1;
        g_hash_table_insert(counts, node, GINT_TO_POINTER(count));
        if (GPOINTER_TO_INT(node) != UNKNOWN)
            largest = MAX(largest, count);
    }
    return largest;
}

/* Half of the threads are as many as there are cores, where each has two. Where each has one, two
 * are left to the host; but E cores among them would be no gain. */
static Bound from_threads(Verdict *verdict, const CpuFacts *cpu)
{
    int half = half_of(cpu->threads);

    if (cpu->cores == cpu->threads && verdict->processor.hybrid == TRI_NO &&
        cpu->threads - 2 > half)
        return (Bound){cpu->threads - 2,
                       say(verdict, "leaves two of this host's %d cores to it", cpu->threads)};
    if (cpu->threads <= half)
        return (Bound){half, "takes all that this host has, as it has few"};
    return (Bound){half, say(verdict, "takes %s of this host's %d threads",
                             cpu->threads < 4 ? "two" : "at most half", cpu->threads)};
}

/* What the host has to spare. */
static Bound spare(Verdict *verdict, const Facts *facts)
{
    const CpuFacts *cpu = &facts->cpu;
    const ProcessorVerdict *processor = &verdict->processor;
    const char *list = processor->p_list;
    int node = largest_node(cpu);
    Bound bound = from_threads(verdict, cpu);

    if (processor->p_threads >= 2 && processor->p_threads < cpu->threads)
        bound = (Bound){processor->p_threads,
                        say(verdict,
                            "keeps to the P cores' %d of this host's %d threads%s%s%s, so that the "
                            "E cores stay with the host",
                            processor->p_threads, cpu->threads, list != NULL ? " (pin it to " : "",
                            list != NULL ? list : "", list != NULL ? ")" : "")};
    if (node > 0 && node < cpu->threads)
        tighten(&bound, node,
                say(verdict, "keeps to one NUMA node's %d of this host's %d threads", node,
                    cpu->threads));
    if (facts->kvm.max_vcpus > 0)
        tighten(&bound, facts->kvm.max_vcpus,
                say(verdict, "keeps to the %d processors that KVM gives a guest here",
                    facts->kvm.max_vcpus));
    return bound;
}

static const char *why_one(const CpuFacts *cpu)
{
    return clock_state(cpu) == CLOCK_WARP
               ? "One processor only: with several macOS panics on this host, whose processors' "
                 "time stamp counters differ."
               : "One processor only: with several this release freezes or panics on a host whose "
                 "clock source is not tsc.";
}

static const char *reason(Verdict *verdict, const Topology *topology, const Release *release,
                          const CpuFacts *cpu, const Bound *bound)
{
    const char *sockets =
        topology->sockets > 1 ? " Several sockets, as it is not a power of two itself." : "";

    if (cpu->threads == UNKNOWN)
        return "How many threads this host's processor has is not known, so it is a small layout "
               "that macOS starts with.";
    if (bound->most > release->threads_max)
        return say(verdict, "The most that %s starts with, of this host's %d threads.%s",
                   release->name, cpu->threads, sockets);
    return say(verdict,
               "The largest layout that macOS starts with (a power of two of cores in a socket) "
               "which %s.%s",
               bound->why, sockets);
}

void layout_choose(Verdict *verdict, ProcessorChoice *choice, const Release *release,
                   const Facts *facts, const Catalog *catalog)
{
    const CpuFacts *cpu = &facts->cpu;
    Bound bound = {2, NULL};

    choice->most = release->threads_max;
    choice->most_reason = NULL;
    if (cpu->threads != UNKNOWN)
        bound = spare(verdict, facts);
    if (choice->accelerated && clock_stops_several(clock_state(cpu), release)) {
        choice->most = 1;
        choice->most_reason = why_one(cpu);
        choice->topology = catalog_topology_at_most(catalog, release, 1);
        choice->topology_reason = choice->most_reason;
        return;
    }
    choice->topology = catalog_topology_at_most(catalog, release, bound.most);
    choice->topology_reason = reason(verdict, choice->topology, release, cpu, &bound);
}
