/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/data.h"

#include "base/error.h"
#include "data-resource.h"

const void *data_bytes(const char *name, gsize *ret_length, GError **error)
{
    g_autofree char *path = g_strconcat("/rootstock/data/", name, NULL);
    g_autoptr(GBytes) bytes = g_resource_lookup_data(rootstock_data_get_resource(), path,
                                                     G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    if (bytes == NULL)
        return fail_null(error, ERROR_FAILED,
                         "The file '%s' is missing from this program. Build it again.", name);
    /* GResource keeps uncompressed files in the program's image and puts a NUL behind each. */
    return g_bytes_get_data(bytes, ret_length);
}

const char *data_text(const char *name, GError **error)
{
    return data_bytes(name, NULL, error);
}
