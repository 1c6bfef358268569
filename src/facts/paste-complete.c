/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-parts.h"

#include <stdlib.h>
#include <string.h>

/*
 * Whether a text has all functions of its host, and all members of its groups. People paste what
 * they think matters: a list that lacks a card says nothing of the card. As a whole list counts
 *
 * - lspci's that begins with 00:00.0, a host bridge, and goes on in order over the chipset to a bus
 *   behind a bridge, with function 0 of every device, and with no mark of a cut;
 * - the groups 0 to N without a gap, with the same of their members.
 */
enum {
    CLASS_HOST_BRIDGE = 0x0600,
    CLASS_ISA_BRIDGE = 0x0601,
    CLASS_PCI_BRIDGE = 0x0604,
    CLASS_IOMMU = 0x0806,
    CLASS_SMBUS = 0x0c05,
    GROUPS_MAX = 4096,
};

static const char FIRST[] = "0000:00:00.0", SECOND[] = "0000:00:01.0";

static int class_of(const PciFunction *function)
{
    return function->class_code == UNKNOWN ? UNKNOWN : function->class_code >> 8;
}

/* A command that shows only a part: "lspci | grep VGA", "lspci -s 01:00.0". */
static bool shows_part(const char *command)
{
    return command != NULL && (strchr(command, '|') != NULL || strstr(command, " -s") != NULL ||
                               strstr(command, " -d") != NULL);
}

void paste_run_add(Paste *paste, PciFunction *function)
{
    const GPtrArray *run = paste->run;
    if (strcmp(function->address, FIRST) == 0) {
        paste_run_end(paste);
        g_ptr_array_add(paste->run, function);
    } else if (run->len > 0) {
        const PciFunction *last = g_ptr_array_index(run, run->len - 1);
        if (strcmp(last->address, function->address) < 0)
            g_ptr_array_add(paste->run, function);
        else
            paste_run_end(paste);
    }
}

/* Whether every device of FUNCTIONS has its function 0, without which it has no others. */
static bool have_first_functions(const GPtrArray *functions)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < functions->len; i++) {
        const PciFunction *function = g_ptr_array_index(functions, i);
        g_autofree char *zero = g_strdup(function->address);
        zero[strlen(zero) - 1] = '0';
        if (strcmp(zero, function->address) != 0 && !g_hash_table_contains(seen, zero))
            return false;
        g_hash_table_add(seen, g_steal_pointer(&zero));
    }
    return true;
}

/* Whether FUNCTIONS, by address, have what every host has. Its first host bridge may be in no
 * group: those of AMD's later processors begin with the next one. */
static bool is_whole(const GPtrArray *functions, bool grouped)
{
    bool chipset = false, bridge = false, behind = false;

    for (guint i = 0; i < functions->len; i++) {
        const PciFunction *function = g_ptr_array_index(functions, i);
        int class = class_of(function);
        chipset |= class == CLASS_ISA_BRIDGE || class == CLASS_SMBUS;
        bridge |= class == CLASS_PCI_BRIDGE;
        behind |= !g_str_has_prefix(function->address, "0000:00:");
    }
    if (!chipset || (bridge && !behind) || !have_first_functions(functions))
        return false;
    const PciFunction *first = g_ptr_array_index(functions, 0);
    return class_of(first) == CLASS_HOST_BRIDGE &&
           (strcmp(first->address, FIRST) == 0 || (grouped && strcmp(first->address, SECOND) == 0));
}

void paste_run_end(Paste *paste)
{
    if (!paste->whole_list && !shows_part(paste->run_command) && is_whole(paste->run, false))
        paste->whole_list = true;
    g_ptr_array_set_size(paste->run, 0);
}

bool paste_is_cut(const char *line)
{
    static const char *const WORDS[] = {"snip",      "snipped", "cut",
                                        "truncated", "trimmed", "omitted"};
    static const char MARKS[] = " \t.[](){}<>-_*#/=~|`:;";
    const char *word = line + strspn(line, MARKS);
    gsize length = strcspn(word, MARKS);

    if (length == 0)
        return strstr(line, "..") != NULL;
    for (guint i = 0; i < G_N_ELEMENTS(WORDS); i++) {
        if (word > line && strlen(WORDS[i]) == length &&
            g_ascii_strncasecmp(word, WORDS[i], length) == 0)
            return word[length + strspn(word + length, MARKS)] == '\0';
    }
    return false;
}

/* How many groups FUNCTIONS are in, when those are 0 to N without a gap; else UNKNOWN. */
static int count_groups(const GPtrArray *functions)
{
    bool seen[GROUPS_MAX] = {false};
    int last = UNKNOWN;

    for (guint i = 0; i < functions->len; i++) {
        const PciFunction *function = g_ptr_array_index(functions, i);
        if (function->iommu_group >= GROUPS_MAX)
            return UNKNOWN;
        if (function->iommu_group != UNKNOWN)
            seen[function->iommu_group] = true;
        last = MAX(last, function->iommu_group);
    }
    for (int group = 0; group <= last; group++) {
        if (!seen[group])
            return UNKNOWN;
    }
    return last != UNKNOWN ? last + 1 : UNKNOWN;
}

/* Host bridges and IOMMUs may be in no group; everything else that does DMA is in one. */
static bool has_group(const PciFunction *function)
{
    return function->iommu_group != UNKNOWN || class_of(function) == CLASS_HOST_BRIDGE ||
           class_of(function) == CLASS_IOMMU;
}

static Tri groups_complete(const Paste *paste, int *ret_count)
{
    const Facts *facts = paste->facts;
    bool contradicted = g_hash_table_size(paste->torn) > 0;

    if (facts->iommu.groups != TRI_YES || facts->pci == NULL || contradicted || paste->cut)
        return facts->iommu.groups == TRI_NO ? TRI_YES : TRI_UNKNOWN;
    for (guint i = 0; i < facts->pci->len; i++) {
        if (!has_group(g_ptr_array_index(facts->pci, i)))
            return TRI_UNKNOWN;
    }
    int count = count_groups(facts->pci);
    if (count == UNKNOWN || !is_whole(facts->pci, true))
        return TRI_UNKNOWN;
    *ret_count = count;
    return TRI_YES;
}

static Tri functions_complete(const Paste *paste)
{
    const Facts *facts = paste->facts;
    if (facts->pci == NULL || facts->pci->len == 0)
        return TRI_UNKNOWN;
    if (facts_pci_function(facts, FIRST) == NULL)
        return TRI_NO;
    return paste->whole_list && !paste->cut && !paste->two_hosts ? TRI_YES : TRI_UNKNOWN;
}

void paste_complete_finish(Paste *paste)
{
    paste->facts->pci_complete = functions_complete(paste);
    paste->facts->iommu.complete = groups_complete(paste, &paste->facts->iommu.group_count);
}
