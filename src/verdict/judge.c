/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

static HostUses *find_uses(Verdict *verdict, const Facts *facts)
{
    HostUses *uses = host_uses_new(verdict);

    storage_uses_find(uses, &facts->storage);
    host_uses_doubt_absent(uses, host_uses_doubt_storage);
    network_uses_find(uses, facts->network);
    host_uses_doubt_absent(uses, host_uses_doubt_network);
    display_uses_find(uses, facts);
    host_uses_doubt_absent(uses, host_uses_doubt_display);
    return uses;
}

Verdict *verdict_make(const Facts *facts, const Catalog *catalog)
{
    Verdict *verdict = verdict_new(catalog);

    devices_make(verdict, facts, catalog);
    obstacles_find(verdict, facts);
    g_autoptr(HostUses) uses = find_uses(verdict, facts);
    passthrough_judge(verdict, facts, uses);
    obstacles_prune(verdict);
    kvm_find_doubt(verdict, facts);
    cpu_find_doubt(verdict, facts);
    clock_find_trouble(verdict, facts);
    situation_judge(verdict, facts);
    macos_judge(verdict, facts, catalog);
    processor_find(verdict, facts, catalog);
    host_judge(verdict, facts);
    graphics_judge(verdict, facts);
    setup_judge(verdict, facts, catalog);
    for (guint i = 0; i < verdict->releases->len; i++) {
        ReleaseVerdict *release = g_ptr_array_index(verdict->releases, i);
        processor_choose(verdict, release, facts, catalog);
        cpu_judge(verdict, release, facts, catalog);
        overall_judge(verdict, release, facts);
    }
    return verdict;
}
