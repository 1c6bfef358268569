/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/efi-variable.h"

#include <string.h>

#define ATTRIBUTES_SIZE 4

/* Longer texts than this are not the names and versions that are asked for. */
#define TEXT_UNITS_MAX 512

guint8 *efi_variable_read(const OsRoot *root, const char *name, const char *guid, gsize *ret_length)
{
    g_autofree char *path = g_strdup_printf("sys/firmware/efi/efivars/%s-%s", name, guid);
    gsize length = 0;
    g_autofree char *text = os_read_text(root, path, &length);
    if (text == NULL || length < ATTRIBUTES_SIZE)
        return NULL;
    *ret_length = length - ATTRIBUTES_SIZE;
    return g_memdup2(text + ATTRIBUTES_SIZE, *ret_length + 1);
}

char *efi_variable_text(const OsRoot *root, const char *name, const char *guid)
{
    gsize length = 0;
    g_autofree guint8 *bytes = efi_variable_read(root, name, guid, &length);
    gunichar2 units[TEXT_UNITS_MAX];
    if (bytes == NULL || length / 2 > G_N_ELEMENTS(units))
        return NULL;
    for (gsize i = 0; i < length / 2; i++)
        units[i] = (gunichar2)(bytes[2 * i] | bytes[2 * i + 1] << 8);
    g_autofree char *text = g_utf16_to_utf8(units, (glong)(length / 2), NULL, NULL, NULL);
    return text != NULL && *text != '\0' ? g_steal_pointer(&text) : NULL;
}
