/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

static HostUses *find_uses(Verdict *verdict, const Facts *facts)
{
    HostUses *uses = host_uses_new(verdict);

    storage_uses_find(uses, &facts->storage);
    network_uses_find(uses, facts->network);
    display_uses_find(uses, facts->displays, facts->pci);
    return uses;
}

Verdict *verdict_make(const Facts *facts, const Catalog *catalog)
{
    Verdict *verdict = verdict_new(catalog);
    g_autoptr(HostUses) uses = find_uses(verdict, facts);

    devices_make(verdict, facts, catalog);
    passthrough_judge(verdict, facts, uses);
    host_judge(verdict, facts);
    graphics_judge(verdict);
    for (guint i = 0; i < verdict->releases->len; i++) {
        ReleaseVerdict *release = g_ptr_array_index(verdict->releases, i);
        cpu_judge(verdict, release, facts);
        overall_judge(verdict, release, facts);
    }
    return verdict;
}
