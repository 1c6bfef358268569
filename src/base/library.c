/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/library.h"

#include "base/error.h"

#include <dlfcn.h>

bool library_load(const char *file, const LibraryFunction *functions, const char *how,
                  GError **error)
{
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        return fail(error, ERROR_MISSING, "A library cannot be loaded: %s. %s", dlerror(), how);
    for (guint i = 0; functions[i].name != NULL; i++) {
        *functions[i].function = dlsym(library, functions[i].name);
        if (*functions[i].function == NULL)
            return fail(error, ERROR_MISSING,
                        "The library %s has no function %s, so it is too old. %s", file,
                        functions[i].name, how);
    }
    return true;
}
