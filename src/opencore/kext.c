/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/kext.h"

#include "base/error.h"
#include "opencore/plist-document.h"

#include <stdlib.h>
#include <string.h>

static void library_free(KextLibrary *library)
{
    g_free(library->id);
    g_free(library->version);
    g_free(library);
}

void kext_free(Kext *kext)
{
    if (kext == NULL)
        return;
    g_free(kext->name);
    g_free(kext->id);
    g_free(kext->version);
    g_free(kext->compatible);
    g_free(kext->executable);
    g_clear_pointer(&kext->libraries, g_ptr_array_unref);
    g_clear_pointer(&kext->libraries_i386, g_ptr_array_unref);
    g_clear_pointer(&kext->libraries_x86_64, g_ptr_array_unref);
    g_free(kext);
}

/* A string of the dictionary, or NULL. Owned by the dictionary. */
static const char *text_of(const PlistValue *dict, const char *key)
{
    const PlistValue *value = plist_get(dict, key);
    return value != NULL && value->type == PLIST_STRING && *value->text != '\0' ? value->text
                                                                                : NULL;
}

/* The list KEY; RET_LIST stays as it is where there is none. */
static bool read_libraries(const Kext *kext, const PlistValue *top, const char *key,
                           GPtrArray **ret_list, GError **error)
{
    const PlistValue *libraries = plist_get(top, key);
    if (libraries != NULL && *ret_list == NULL)
        *ret_list = g_ptr_array_new_with_free_func((GDestroyNotify)library_free);
    for (guint i = 0; i < plist_count(libraries); i++) {
        const PlistValue *version = plist_element(libraries, i);
        if (libraries->type != PLIST_DICT || version->type != PLIST_STRING)
            return fail(error, ERROR_INPUT,
                        "The Info.plist of %s is wrong: %s has something else than versions.",
                        kext->name, key);
        KextLibrary *library = g_new0(KextLibrary, 1);
        *library = (KextLibrary){g_strdup(plist_key(libraries, i)), g_strdup(version->text)};
        g_ptr_array_add(*ret_list, library);
    }
    return true;
}

/* The executable's name becomes part of a path. */
static bool is_file_name(const char *name)
{
    for (const char *p = name; *p != '\0'; p++)
        if (!g_ascii_isprint(*p) || strchr("/\\:", *p) != NULL)
            return false;
    return strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && strlen(name) <= 100;
}

Kext *kext_read(const char *text, gsize length, const char *name, GError **error)
{
    g_autofree char *what = g_strdup_printf("the Info.plist of %s", name);
    g_autoptr(PlistDocument) document = plist_read(text, length, what, error);
    if (document == NULL)
        return NULL;
    const PlistValue *top = document->top;
    const char *id = text_of(top, "CFBundleIdentifier");
    const char *version = text_of(top, "CFBundleVersion");
    const char *type = text_of(top, "CFBundlePackageType");
    const char *executable = text_of(top, "CFBundleExecutable");

    if (id == NULL || version == NULL || g_strcmp0(type, "KEXT") != 0)
        return fail_null(error, ERROR_INPUT,
                         "The Info.plist of %s is none of a kext: CFBundleIdentifier or "
                         "CFBundleVersion is missing, or CFBundlePackageType is not KEXT.",
                         name);
    if (executable != NULL && !is_file_name(executable))
        return fail_null(error, ERROR_INPUT,
                         "The Info.plist of %s is wrong: its CFBundleExecutable is no file's name.",
                         name);
    g_autoptr(Kext) kext = g_new0(Kext, 1);
    kext->name = g_strdup(name);
    kext->id = g_strdup(id);
    kext->version = g_strdup(version);
    kext->compatible = g_strdup(text_of(top, "OSBundleCompatibleVersion"));
    kext->executable = g_strdup(executable);
    kext->libraries = g_ptr_array_new_with_free_func((GDestroyNotify)library_free);
    bool good =
        read_libraries(kext, top, "OSBundleLibraries", &kext->libraries, error) &&
        read_libraries(kext, top, "OSBundleLibraries_i386", &kext->libraries_i386, error) &&
        read_libraries(kext, top, "OSBundleLibraries_x86_64", &kext->libraries_x86_64, error);
    return good ? g_steal_pointer(&kext) : NULL;
}

int kext_compare_versions(const char *a, const char *b)
{
    while (*a != '\0' || *b != '\0') {
        char *end_a, *end_b;
        unsigned long one = strtoul(a, &end_a, 10), other = strtoul(b, &end_b, 10);
        if (one != other)
            return one < other ? -1 : 1;
        if (end_a == a && end_b == b && *a != *b)
            return *a == '\0' || (*b != '\0' && *a < *b) ? -1 : 1;
        a = *end_a == '\0' ? end_a : end_a + 1;
        b = *end_b == '\0' ? end_b : end_b + 1;
    }
    return 0;
}

static const Kext *find(const GPtrArray *kexts, guint before, const char *id)
{
    for (guint i = 0; i < before; i++) {
        const Kext *kext = g_ptr_array_index(kexts, i);
        if (strcmp(kext->id, id) == 0)
            return kext;
    }
    return NULL;
}

static bool check_library(const Kext *kext, const KextLibrary *library, const Kext *other,
                          GError **error)
{
    if (other == NULL)
        return fail(error, ERROR_REFUSED,
                    "%s %s links with %s, and no kext before it is that. Add it.", kext->name,
                    kext->version, library->id);
    if (kext_compare_versions(other->version, library->version) < 0)
        return fail(error, ERROR_REFUSED,
                    "%s %s links with %s %s or newer, and %s is %s. Take a newer one.", kext->name,
                    kext->version, library->id, library->version, other->name, other->version);
    if (other->compatible == NULL || kext_compare_versions(library->version, other->compatible) < 0)
        return fail(error, ERROR_REFUSED,
                    "%s %s links with %s %s, and %s %s no longer stands for a version as old. Take "
                    "a newer %s.",
                    kext->name, kext->version, library->id, library->version, other->name,
                    other->version, kext->name);
    return true;
}

static const GPtrArray *libraries_for(const Kext *kext, const KextKernel *kernel)
{
    const GPtrArray *own = kernel->x86_64 ? kext->libraries_x86_64 : kext->libraries_i386;
    return own != NULL ? own : kext->libraries;
}

/* An interface of the kernel has the kernel's own version. */
static bool check_interface(const Kext *kext, const KextLibrary *library, const KextKernel *kernel,
                            GError **error)
{
    if (strtoul(library->version, NULL, 10) <= (unsigned long)kernel->darwin)
        return true;
    return fail(error, ERROR_REFUSED,
                "%s %s links with %s %s, and the kernel of this release is Darwin %d. Take an "
                "older version of it, or leave it out.",
                kext->name, kext->version, library->id, library->version, kernel->darwin);
}

static bool check_libraries(const GPtrArray *kexts, guint index, const KextKernel *kernel,
                            GError **error)
{
    const Kext *kext = g_ptr_array_index(kexts, index);
    const GPtrArray *libraries = libraries_for(kext, kernel);
    for (guint i = 0; i < libraries->len; i++) {
        const KextLibrary *library = g_ptr_array_index(libraries, i);
        bool good = true;
        if (g_str_has_prefix(library->id, "com.apple.kpi."))
            good = check_interface(kext, library, kernel, error);
        else if (!g_str_has_prefix(library->id, "com.apple."))
            good = check_library(kext, library, find(kexts, index, library->id), error);
        if (!good)
            return false;
    }
    return true;
}

bool kext_check_set(const GPtrArray *kexts, const KextKernel *kernel, GError **error)
{
    for (guint i = 0; i < kexts->len; i++) {
        const Kext *kext = g_ptr_array_index(kexts, i);
        const Kext *same = find(kexts, i, kext->id);
        if (same != NULL)
            return fail(error, ERROR_REFUSED, "%s is there twice, as %s and %s.", kext->id,
                        same->name, kext->name);
        if (!check_libraries(kexts, i, kernel, error))
            return false;
    }
    return true;
}
