/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/parts-take.h"

#include "base/error.h"
#include "opencore/binary.h"
#include "opencore/kext.h"
#include "os/files.h"
#include "os/replace.h"
#include "store/bundle.h"

#include <string.h>
#include <sys/stat.h>

enum {
    FILE_LARGEST = 64 * 1024 * 1024,
    DEPTH_MAX = 12,
    ENTRIES_MAX = 20000,
};

#define FOLDER_MODE 0755

typedef struct {
    const char *name;
    guint entries; /* looked at so far */
} Search;

/* Looks for NAME, of any case, DEPTH folders below FOLDER. */
static char *search_at(Search *search, const char *folder, guint depth)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_autoptr(GPtrArray) below = g_ptr_array_new_with_free_func(g_free);

    for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
        struct stat status;
        char *path = g_build_filename(folder, name, NULL);
        if (++search->entries > ENTRIES_MAX || lstat(path, &status) != 0) {
            g_free(path);
            continue;
        }
        if (depth == 0 && g_ascii_strcasecmp(name, search->name) == 0 && !S_ISLNK(status.st_mode))
            return path;
        if (depth > 0 && S_ISDIR(status.st_mode))
            g_ptr_array_add(below, path);
        else
            g_free(path);
    }
    for (guint i = 0; i < below->len; i++) {
        char *found = search_at(search, g_ptr_array_index(below, i), depth - 1);
        if (found != NULL)
            return found;
    }
    return NULL;
}

/* Where FILE is below FROM: where the table says, else the nearest of its name. The caller owns
 * it; NULL when it is not there. */
static char *find_file(const PartFile *file, const char *from)
{
    struct stat status;
    g_autofree char *exact = g_build_filename(from, file->path, NULL);
    if (lstat(exact, &status) == 0)
        return g_steal_pointer(&exact);
    Search search = {file->name, 0};
    for (guint depth = 0; depth < DEPTH_MAX; depth++) {
        char *found = search_at(&search, from, depth);
        if (found != NULL)
            return found;
    }
    return NULL;
}

static bool copy_tree(const char *from, const char *to, guint depth, guint *entries,
                      GError **error);

static bool copy_folder(const char *from, const char *to, guint depth, guint *entries,
                        GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autoptr(GDir) dir = g_dir_open(from, 0, &cause);
    if (dir == NULL)
        return fail(error, ERROR_INPUT, "The folder '%s' cannot be read: %s.", from,
                    cause->message);
    if (!os_make_folders(to, FOLDER_MODE, error))
        return false;
    for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
        g_autofree char *inner = g_build_filename(from, name, NULL);
        g_autofree char *target = g_build_filename(to, name, NULL);
        if (!copy_tree(inner, target, depth + 1, entries, error))
            return false;
    }
    return true;
}

/* Copies a file or a folder. What is neither, and a link, is refused. */
static bool copy_tree(const char *from, const char *to, guint depth, guint *entries, GError **error)
{
    struct stat status;
    gsize length;
    if (++*entries > ENTRIES_MAX || depth > DEPTH_MAX)
        return fail(error, ERROR_INPUT, "'%s' has more files than any part of the boot loader.",
                    from);
    if (lstat(from, &status) != 0 || (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)))
        return fail(error, ERROR_INPUT, "'%s' is neither a file nor a folder.", from);
    if (S_ISDIR(status.st_mode))
        return copy_folder(from, to, depth, entries, error);
    g_autofree char *bytes = os_read_file(from, FILE_LARGEST, &length, error);
    return bytes != NULL &&
           os_replace_bytes(to, bytes, length, (status.st_mode & 0111) != 0 ? 0755 : 0644, error);
}

static bool check_program(const PartFile *file, const char *path, GError **error)
{
    gsize length;
    bool application = file->kind == FILE_BOOTSTRAP || file->kind == FILE_LOADER;
    g_autofree char *bytes = os_read_file(path, FILE_LARGEST, &length, error);
    if (bytes == NULL)
        return false;
    if (file->kind == FILE_TOOL || file->kind == FILE_DRIVER || application)
        return binary_efi((const guint8 *)bytes, length, application, file->name, error);
    return true;
}

/* Checks what was copied. RET_VERSION is set for the kext that the part is named after. */
static bool check_file(const Part *part, const PartFile *file, const char *path, char **ret_version,
                       GError **error)
{
    if (file->kind == FILE_RESOURCES)
        return true;
    if (file->kind != FILE_KEXT)
        return check_program(file, path, error);
    guint processors;
    g_autoptr(Kext) kext = bundle_check(path, file->name, &processors, error);
    if (kext == NULL)
        return false;
    g_autofree char *own = g_strconcat(part->name, ".kext", NULL);
    if (strcmp(file->name, own) == 0 && *ret_version == NULL)
        *ret_version = g_strdup(kext->version);
    return true;
}

static bool take_file(const Part *part, const PartFile *file, const char *source, const char *to,
                      char **ret_version, GError **error)
{
    guint entries = 0;
    g_autofree char *target = g_build_filename(to, file->path, NULL);
    g_autofree char *folder = g_path_get_dirname(target);

    return os_make_folders(folder, FOLDER_MODE, error) &&
           copy_tree(source, target, 0, &entries, error) &&
           check_file(part, file, target, ret_version, error);
}

bool parts_take(const Parts *parts, const Part *part, const char *from, const char *to, bool whole,
                guint *ret_count, char **ret_version, GError **error)
{
    g_autofree char *version = NULL;
    guint count = 0;

    for (guint i = 0; i < parts->files->len; i++) {
        const PartFile *file = g_ptr_array_index(parts->files, i);
        g_autofree char *target = g_build_filename(to, file->path, NULL);
        if (!part_has(part, file) || g_file_test(target, G_FILE_TEST_EXISTS))
            continue;
        g_autofree char *source = find_file(file, from);
        if (source == NULL && whole)
            return fail(error, ERROR_INPUT,
                        "The archive of %s %s has no %s; it is not what it should be.", part->name,
                        part->version, file->name);
        if (source == NULL)
            continue;
        if (!take_file(part, file, source, to, &version, error))
            return false;
        count++;
    }
    *ret_count = count;
    *ret_version = g_steal_pointer(&version);
    return true;
}
