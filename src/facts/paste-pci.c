/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-parts.h"

#include <stdlib.h>
#include <string.h>

/* More than any host has, and few enough that a text of addresses takes little memory. */
enum { NAME_MAX_BYTES = 256, FUNCTIONS_MAX = 4096, GROUP_MAX = 65535 };

/* The longest names have some 60 characters. */
enum { CLASS_NAME_MAX = 80 };

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

void paste_begin_function(Paste *paste, PciFunction *function, bool record)
{
    if (paste->current != function)
        paste_run_add(paste, function);
    paste->current = function;
    paste->record = record;
    paste->property_before = false;
    paste->driver_told = false;
    paste->bar_count = 0;
    g_string_truncate(paste->unfinished, 0);
}

/* A programming interface that is not told counts as 00, which no rule asks for. */
void paste_class(Paste *paste, PciFunction *function, int class, int interface)
{
    if (class == UNKNOWN)
        return;
    int code = class << 8 | (interface != UNKNOWN ? interface : 0);
    if (function->class_code != UNKNOWN && function->class_code >> 8 == class)
        function->class_code = MAX(function->class_code, code);
    else
        paste_int(paste, &function->class_code, code);
}

int paste_class_named(const Paste *paste, const char *name, gsize length)
{
    gpointer code;
    if (length == 0 || length > CLASS_NAME_MAX)
        return UNKNOWN;
    g_autofree char *lower = g_strchomp(g_ascii_strdown(name, (gssize)length));
    if (!g_hash_table_lookup_extended(paste->classes, lower, NULL, &code))
        return UNKNOWN;
    return GPOINTER_TO_INT(code);
}

bool paste_is_driver(const char *text)
{
    gsize length = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
    return length > 0 && length < 64 && text[length] == '\0';
}

void paste_driver(Paste *paste, PciFunction *function, const char *name)
{
    if (*name == '\0' || strcmp(name, "none") == 0 || strcmp(name, "-") == 0)
        paste_text(paste, &function->driver, "");
    else if (paste_is_driver(name))
        paste_text(paste, &function->driver, name);
    if (strcmp(name, "vfio-pci") == 0)
        paste_tri(paste, &paste->facts->kernel.vfio_pci, TRI_YES);
}

/* Where the vendor's name ends in "NVIDIA Corporation GP104". lspci writes no mark between them. */
static gsize vendor_length(const char *name)
{
    static const char *const ENDS[] = {" Corporation", " Inc.",   " Co., Ltd.", " Co Ltd",
                                       " Ltd.",        " Corp.",  " Corp",      " Inc",
                                       " Ltd",         " Limited"};
    gsize shortest = 0;
    for (guint i = 0; i < G_N_ELEMENTS(ENDS); i++) {
        const char *at = strstr(name, ENDS[i]);
        gsize end = at != NULL ? (gsize)(at - name) + strlen(ENDS[i]) : 0;
        if (at != NULL && name[end] == ' ' && (shortest == 0 || end < shortest))
            shortest = end;
    }
    if (shortest > 0 && g_str_has_prefix(name + shortest, " and subsidiaries"))
        shortest += strlen(" and subsidiaries");
    /* "Advanced Micro Devices, Inc. [AMD/ATI]" */
    const char *mark = name + shortest;
    if (shortest > 0 && g_str_has_prefix(mark, " [AMD") && strchr(mark, ']') != NULL)
        shortest = (gsize)(strchr(mark, ']') - name) + 1;
    return shortest;
}

void paste_name(PciFunction *function, const char *name)
{
    gsize vendor = vendor_length(name);
    const char *rest = name + vendor + strspn(name + vendor, " ");

    if (vendor > 0 && function->vendor_name == NULL)
        function->vendor_name = g_strndup(name, vendor);
    /* what lspci calls a device without a name */
    if (*rest != '\0' && strcmp(rest, "Device") != 0 && !g_str_has_prefix(rest, "Device [") &&
        (!g_str_has_prefix(rest, "Device ") || paste_hex4(rest + 7) == UNKNOWN) &&
        function->device_name == NULL)
        function->device_name = g_strdup(rest);
}

/* The bus behind a bridge has a higher number than the bus that the bridge is on (PCI-to-PCI Bridge
 * Architecture 1.2, 3.2.5): so no function is behind itself. */
void paste_bus(Paste *paste, PciFunction *bridge, int bus)
{
    const char *colon = strchr(bridge->address, ':');
    gsize domain = (gsize)(colon - bridge->address);
    if (bus <= 0 || bus > 0xff || bus <= (int)strtol(colon + 1, NULL, 16))
        return;
    char *key = g_strdup_printf("%.*s:%02x", (int)domain, bridge->address, (guint)bus);
    gpointer before;
    bool known = g_hash_table_lookup_extended(paste->buses, key, NULL, &before);
    g_hash_table_replace(paste->buses, key, known && before != bridge ? NULL : bridge);
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

void paste_behind(Paste *paste, const char *address, const char *parent)
{
    gpointer before;
    if (!g_hash_table_lookup_extended(paste->behind, address, NULL, &before))
        g_hash_table_insert(paste->behind, g_strdup(address), g_strdup(parent));
    else if (g_strcmp0(before, parent) != 0)
        g_hash_table_insert(paste->behind, g_strdup(address), NULL);
}

/* Bus 0 is a root bus; which bridge others are behind is told by trees, properties and the log. */
static void find_parent(Paste *paste, PciFunction *function)
{
    gsize length = strlen(function->address) - strlen(":00.0");
    g_autofree char *bus = g_strndup(function->address, length);
    const PciFunction *bridge = g_hash_table_lookup(paste->buses, bus);

    if (function->parent != NULL || g_hash_table_contains(paste->told_twice, &function->parent))
        return;
    const char *path = g_hash_table_lookup(paste->behind, function->address);
    if (bridge != NULL)
        function->parent = g_strdup(bridge->address);
    else if (path != NULL)
        function->parent = g_strdup(path);
    else if (g_str_has_suffix(bus, ":00"))
        function->parent = g_strdup("");
}

static int compare_addresses(gconstpointer left, gconstpointer right)
{
    const PciFunction *a = *(PciFunction *const *)left, *b = *(PciFunction *const *)right;
    return strcmp(a->address, b->address);
}

/* Lines that were joined may make a name of half a text. The longest in pci.ids has some 160 bytes.
 */
static void drop_long_names(PciFunction *function)
{
    char **names[] = {&function->vendor_name, &function->device_name};

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        if (*names[i] != NULL && strlen(*names[i]) > NAME_MAX_BYTES)
            g_clear_pointer(names[i], g_free);
    }
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
        drop_long_names(function);
        find_parent(paste, function);
    }
    g_ptr_array_sort(functions, compare_addresses);
}
