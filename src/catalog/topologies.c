/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "catalog/catalog.h"
#include "catalog/cells.h"
#include "catalog/tables.h"

const char *const TOPOLOGY_COLUMNS[] = {"count", "sockets", "cores", "threads", "source", NULL};

enum {
    COUNT,
    SOCKETS,
    CORES,
    THREADS,
    SOURCE,
};

void catalog_topology_free(Topology *topology)
{
    if (topology == NULL)
        return;
    g_free(topology->source);
    g_free(topology);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Topology, catalog_topology_free)

static bool read_topology(Topology *topology, const Row *row, GError **error)
{
    const char *source;
    if (!row_integer(row, COUNT, 1, 1024, &topology->count, error) ||
        !row_integer(row, SOCKETS, 1, 64, &topology->sockets, error) ||
        !row_integer(row, CORES, 1, 64, &topology->cores, error) ||
        !row_integer(row, THREADS, 1, 2, &topology->threads, error) ||
        !row_text(row, SOURCE, &source, error))
        return false;
    topology->source = g_strdup(source);
    if (topology->sockets * topology->cores * topology->threads != topology->count)
        return row_fail(row, error, "%d sockets of %d cores of %d threads are not %d processors.",
                        topology->sockets, topology->cores, topology->threads, topology->count);
    return true;
}

bool catalog_read_topologies(Catalog *catalog, const Table *table, GError **error)
{
    int before = 0;

    for (guint i = 0; i < table->rows->len; i++) {
        const Row row = {table, i, TOPOLOGY_COLUMNS};
        g_autoptr(Topology) topology = g_new0(Topology, 1);

        if (!read_topology(topology, &row, error))
            return false;
        if (i == 0 && topology->count != 1)
            return row_fail(&row, error, "the first count must be 1, which every guest may have.");
        if (topology->count <= before)
            return row_fail(&row, error, "count %d does not come after %d.", topology->count,
                            before);
        before = topology->count;
        g_ptr_array_add(catalog->topologies, g_steal_pointer(&topology));
    }
    if (table->rows->len == 0)
        return fail(error, ERROR_INPUT, "Table '%s' has no rows.", table->name);
    return true;
}

const Topology *catalog_topology_at_most(const Catalog *catalog, const Release *release, int limit)
{
    const Topology *best = NULL;

    for (guint i = 0; i < catalog->topologies->len; i++) {
        const Topology *topology = g_ptr_array_index(catalog->topologies, i);
        if (best == NULL || topology->count <= MIN(limit, release->threads_max))
            best = topology;
    }
    return best;
}

/* The smallest allowed count above COUNT, or NULL. */
static const Topology *next_above(const Catalog *catalog, const Release *release, int count)
{
    for (guint i = 0; i < catalog->topologies->len; i++) {
        const Topology *topology = g_ptr_array_index(catalog->topologies, i);
        if (topology->count > count && topology->count <= release->threads_max)
            return topology;
    }
    return NULL;
}

const Topology *catalog_topology(const Catalog *catalog, const Release *release, int count,
                                 GError **error)
{
    const Topology *below = catalog_topology_at_most(catalog, release, count);
    const Topology *above = next_above(catalog, release, count);

    if (below->count == count)
        return below;
    if (count < 1)
        return fail_null(error, ERROR_INPUT, "A guest cannot have %d processors; the least is 1.",
                         count);
    if (above == NULL)
        return fail_null(error, ERROR_INPUT,
                         "A guest of %s cannot have %d processors: no layout with so many is "
                         "known to start. The most that it may have is %d.",
                         release->name, count, below->count);
    return fail_null(error, ERROR_INPUT,
                     "A guest of %s cannot have %d processors: macOS starts only with a power of "
                     "two of cores in a socket, and no layout of %d is known to start. The "
                     "nearest that it may have are %d and %d.",
                     release->name, count, count, below->count, above->count);
}
