/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/place.h"

#include "facts/facts.h"

#include <string.h>

/* Whether a component is a PCI address as the kernel writes it: in full and in lower case. */
static bool is_pci_address(const char *text)
{
    g_autofree char *full = pci_address_full(text);
    return g_strcmp0(full, text) == 0;
}

/* "pci0000:00", a root bus. */
static bool is_root_bus(const char *text)
{
    if (!g_str_has_prefix(text, "pci"))
        return false;
    gsize domain = strspn(text + 3, "0123456789abcdef");
    return domain >= 4 && text[3 + domain] == ':';
}

GStrv place_pci_functions(const char *place)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) parts = g_strsplit(place, "/", -1);
    const char *last = NULL;

    for (guint i = 0; parts[i] != NULL; i++) {
        if (is_pci_address(parts[i]))
            last = parts[i];
        else if (last != NULL && is_root_bus(parts[i]))
            g_strv_builder_add(builder, last);
    }
    if (last != NULL)
        g_strv_builder_add(builder, last);
    return g_strv_builder_end(builder);
}

char *place_pci_function(const char *place)
{
    g_auto(GStrv) functions = place_pci_functions(place);
    guint count = g_strv_length(functions);
    return g_strdup(count > 0 ? functions[count - 1] : "");
}

bool place_is_virtual(const char *place)
{
    return g_str_has_prefix(place, "sys/devices/virtual/");
}
