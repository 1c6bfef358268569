/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/bundle.h"

#include "base/error.h"
#include "opencore/binary.h"
#include "os/files.h"

#define PLIST_MAX (16 * 1024 * 1024)
#define EXECUTABLE_MAX (64 * 1024 * 1024)

Kext *bundle_check(const char *path, const char *name, guint *ret_processors, GError **error)
{
    gsize length;
    g_autofree char *plist = g_build_filename(path, "Contents", "Info.plist", NULL);
    g_autofree char *text = os_read_file(plist, PLIST_MAX, &length, error);
    g_autoptr(Kext) kext = text != NULL ? kext_read(text, length, name, error) : NULL;
    if (kext == NULL)
        return NULL;
    *ret_processors = 0;
    if (kext->executable == NULL)
        return g_steal_pointer(&kext);

    g_autofree char *program = g_build_filename(path, "Contents", "MacOS", kext->executable, NULL);
    g_autofree char *what = g_strdup_printf("%s/Contents/MacOS/%s", name, kext->executable);
    if (!g_file_test(program, G_FILE_TEST_IS_REGULAR))
        return fail_null(error, ERROR_INPUT,
                         "The Info.plist of %s names the executable %s, which is not there. "
                         "Download it again.",
                         name, what);
    g_autofree char *bytes = os_read_file(program, EXECUTABLE_MAX, &length, error);
    if (bytes == NULL)
        return NULL;
    *ret_processors = binary_macho((const guint8 *)bytes, length, what, error);
    return *ret_processors != 0 ? g_steal_pointer(&kext) : NULL;
}
