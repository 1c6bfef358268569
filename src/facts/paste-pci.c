/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-parts.h"

#include <stdlib.h>
#include <string.h>

/* More than any host has, and few enough that a text of addresses takes little memory. */
enum { FUNCTIONS_MAX = 4096, GROUP_MAX = 65535 };

/* Longest address: "10000000:e1:00.0" */
enum { ADDRESS_MAX = 17 };

char *paste_address(const char *text, const char **ret_rest)
{
    char token[ADDRESS_MAX + 1];
    gsize length = strspn(text, "0123456789abcdefABCDEF:.");

    while (length > 0 && (text[length - 1] == ':' || text[length - 1] == '.'))
        length--;
    if (length < strlen("0a:00.0") || length >= sizeof token || g_ascii_isalnum(text[length]))
        return NULL;
    memcpy(token, text, length);
    token[length] = '\0';
    char *address = pci_address_full(token);
    if (address != NULL)
        *ret_rest = text + length;
    return address;
}

PciFunction *paste_function(Paste *paste, const char *address)
{
    PciFunction *function = g_hash_table_lookup(paste->items, address);
    if (function != NULL)
        return function;
    if (g_hash_table_size(paste->items) >= FUNCTIONS_MAX) {
        paste->too_many = true;
        return NULL;
    }
    if (paste->facts->pci == NULL)
        paste->facts->pci = g_ptr_array_new_with_free_func((GDestroyNotify)pci_function_free);
    function = pci_function_new(address);
    g_ptr_array_add(paste->facts->pci, function);
    g_hash_table_insert(paste->items, function->address, function);
    paste->recognised = true;
    return function;
}

static void tear(Paste *paste, int group)
{
    if (group != UNKNOWN)
        g_hash_table_add(paste->torn, GINT_TO_POINTER(group));
}

void paste_claim(Paste *paste, PciFunction *function, int group)
{
    if (function == NULL || group == UNKNOWN || group > GROUP_MAX)
        return;
    bool torn = g_hash_table_contains(paste->told_twice, &function->iommu_group);
    paste_tri(paste, &paste->facts->iommu.groups, TRI_YES);
    paste->recognised = true;
    if (torn || (function->iommu_group != UNKNOWN && function->iommu_group != group)) {
        tear(paste, function->iommu_group);
        tear(paste, group);
    }
    paste_int(paste, &function->iommu_group, group);
}

int paste_hex4(const char *text)
{
    for (guint i = 0; i < 4; i++) {
        if (!g_ascii_isxdigit(text[i]))
            return UNKNOWN;
    }
    return g_ascii_isxdigit(text[4]) ? UNKNOWN : (int)strtol(text, NULL, 16);
}

bool paste_ids(const char *text, int *ret_vendor, int *ret_device, const char **ret_rest)
{
    bool bracket = *text == '[';
    const char *at = bracket ? text + 1 : text;
    int vendor = paste_hex4(at);
    int device = vendor != UNKNOWN && at[4] == ':' ? paste_hex4(at + 5) : UNKNOWN;

    if (device == UNKNOWN || (bracket && at[9] != ']') || (!bracket && g_ascii_isalnum(at[9])))
        return false;
    *ret_vendor = vendor;
    *ret_device = device;
    if (ret_rest != NULL)
        *ret_rest = at + 9 + (bracket ? 1 : 0);
    return true;
}

/* Numbers before addresses are groups where two lines after each other have the same: `cat -n`
 * numbers lines, too. */
static void judge_bare(Paste *paste)
{
    bool groups = false;
    for (guint i = 1; i < paste->bare->len && !groups; i++) {
        const BareClaim *one = &g_array_index(paste->bare, BareClaim, i - 1);
        const BareClaim *next = &g_array_index(paste->bare, BareClaim, i);
        groups = one->group == next->group && one->line + 1 == next->line &&
                 one->function != next->function;
    }
    for (guint i = 0; groups && i < paste->bare->len; i++) {
        const BareClaim *claim = &g_array_index(paste->bare, BareClaim, i);
        paste_claim(paste, claim->function, claim->group);
    }
}

/* What was said of two devices at one address is true of neither. */
static void forget(PciFunction *function)
{
    PciFunction *fresh = pci_function_new(function->address);
    PciFunction old = *function;
    *function = *fresh;
    *fresh = old;
    pci_function_free(fresh);
}

static bool is_two_devices(const Paste *paste, const PciFunction *function)
{
    return g_hash_table_contains(paste->told_twice, &function->vendor) ||
           g_hash_table_contains(paste->told_twice, &function->device) ||
           g_hash_table_contains(paste->told_twice, &function->class_code);
}

static int compare_addresses(gconstpointer left, gconstpointer right)
{
    const PciFunction *a = *(PciFunction *const *)left, *b = *(PciFunction *const *)right;
    return strcmp(a->address, b->address);
}

/*
 * A group with a member that was said to be elsewhere, too, comes from two listings (before and
 * after a change of the firmware, or of two hosts): which of its other members are still together
 * is unknown.
 */
void paste_pci_finish(Paste *paste)
{
    GPtrArray *functions = paste->facts->pci;

    judge_bare(paste);
    if (functions == NULL)
        return;
    for (guint i = 0; i < functions->len; i++) {
        PciFunction *function = g_ptr_array_index(functions, i);
        if (is_two_devices(paste, function)) {
            tear(paste, function->iommu_group);
            paste->two_hosts = true;
            g_hash_table_remove(paste->items, function->address);
            forget(function);
        }
    }
    for (guint i = 0; i < functions->len; i++) {
        PciFunction *function = g_ptr_array_index(functions, i);
        if (g_hash_table_contains(paste->torn, GINT_TO_POINTER(function->iommu_group)))
            function->iommu_group = UNKNOWN;
    }
    g_ptr_array_sort(functions, compare_addresses);
}
