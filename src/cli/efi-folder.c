/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/efi-folder.h"

#include "base/error.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* An EFI folder has some hundred files; a wrong folder may have millions. */
enum { FILES_MAX = 20000, DEPTH_MAX = 16 };

typedef struct {
    EfiTree *tree;
    guint files;
    const char *folder; /* as it was given, for messages */
} Walk;

static bool walk(Walk *walk_, const char *path, const char *below, guint depth, GError **error);

static bool add_entry(Walk *walk_, const char *path, const char *name, guint depth, GError **error)
{
    struct stat status;
    if (lstat(path, &status) != 0)
        return true; /* it has gone meanwhile */
    if (S_ISDIR(status.st_mode))
        return walk(walk_, path, name, depth + 1, error);
    if (++walk_->files > FILES_MAX)
        return fail(error, ERROR_INPUT,
                    "'%s' has more than %d files in it, which no EFI folder has.", walk_->folder,
                    FILES_MAX);
    if (S_ISREG(status.st_mode))
        efi_tree_add(walk_->tree, name);
    return true;
}

static bool walk(Walk *walk_, const char *path, const char *below, guint depth, GError **error)
{
    g_autoptr(GError) reason = NULL;
    g_autoptr(GDir) folder = g_dir_open(path, 0, &reason);
    const char *name;

    if (folder == NULL)
        return fail(error, ERROR_INPUT, "The folder '%s' cannot be read: %s.", path,
                    reason->message);
    if (depth > DEPTH_MAX)
        return fail(error, ERROR_INPUT, "'%s' is deeper than an EFI folder can be.", walk_->folder);
    while ((name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *full = g_build_filename(path, name, NULL);
        g_autofree char *relative =
            *below != '\0' ? g_build_filename(below, name, NULL) : g_strdup(name);
        if (!add_entry(walk_, full, relative, depth, error))
            return false;
    }
    return true;
}

/* An entry of FOLDER with that name in any case, as FAT has it; NULL. The caller owns its path. */
static char *find_entry(const char *folder, const char *wanted)
{
    g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
    const char *name;
    while (entries != NULL && (name = g_dir_read_name(entries)) != NULL) {
        if (g_ascii_strcasecmp(name, wanted) == 0)
            return g_build_filename(folder, name, NULL);
    }
    return NULL;
}

/* The folder OC. The caller owns its path. */
static char *find_oc(const char *folder)
{
    g_autofree char *efi = find_entry(folder, "EFI");
    g_autofree char *oc = find_entry(efi != NULL ? efi : folder, "OC");
    if (oc != NULL)
        return g_steal_pointer(&oc);
    g_autofree char *loader = find_entry(folder, "OpenCore.efi");
    g_autofree char *config = find_entry(folder, "config.plist");
    return loader != NULL || config != NULL ? g_strdup(folder) : NULL;
}

EfiTree *efi_folder_read(const char *folder, GError **error)
{
    g_autofree char *oc = find_oc(folder);
    if (oc == NULL)
        return fail_null(error, ERROR_INPUT,
                         "'%s' has no EFI/OC in it. Name the folder that has, EFI, or OC.", folder);
    g_autoptr(EfiTree) tree = efi_tree_new();
    Walk start = {tree, 0, folder};
    return walk(&start, oc, "", 0, error) ? g_steal_pointer(&tree) : NULL;
}

char *efi_folder_of(const char *file)
{
    g_autofree char *folder = g_path_get_dirname(file);
    g_autofree char *loader = find_entry(folder, "OpenCore.efi");
    return loader != NULL ? g_steal_pointer(&folder) : NULL;
}
