/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/efi-files.h"

#include "base/data.h"
#include "base/error.h"
#include "opencore/binary.h"
#include "store/bundle.h"
#include "store/parts-lock.h"

#include <string.h>
#include <sys/stat.h>

/* Without it OpenCore lists its own BOOTx64.efi as something to start (OpenCorePkg
 * Docs/Configuration.tex, section on the picker). */
#define HIDDEN ".contentVisibility"
static const char HIDDEN_TEXT[] = "Disabled";

enum { DEPTH_MAX = 12, DARWIN_10_6 = 10 };

typedef struct {
    EfiFiles *files;
    const Machine *machine;
    GHashTable *folders;
    GPtrArray *kexts; /* of Kext *, in order */
} Fill;

static const char *keep(EfiFiles *files, char *text)
{
    g_ptr_array_add(files->owned, text);
    return text;
}

static void add(EfiFiles *files, const char *target, const char *source, const void *bytes,
                gsize length)
{
    const ImageFile file = {.target = keep(files, g_strdup(target)),
                            .source = source != NULL ? keep(files, g_strdup(source)) : NULL,
                            .bytes = bytes,
                            .length = length};
    g_array_append_val(files->files, file);
    if (g_str_has_prefix(target, "EFI/OC/"))
        efi_tree_add(files->tree, target + strlen("EFI/OC/"));
}

/* All files below the folder SOURCE. What was taken into the store has files and folders only. */
static bool add_tree(EfiFiles *files, const char *target, const char *source, guint depth,
                     GError **error)
{
    struct stat status;
    if (stat(source, &status) == 0 && S_ISREG(status.st_mode)) {
        add(files, target, source, NULL, 0);
        return true;
    }
    if (depth > DEPTH_MAX)
        return fail(error, ERROR_INPUT, "The folder '%s' is too deep.", source);
    g_auto(GStrv) names = folder_names(source, error);
    for (char **name = names; name != NULL && *name != NULL; name++) {
        g_autofree char *inner = g_build_filename(source, *name, NULL);
        g_autofree char *below = g_strconcat(target, "/", *name, NULL);
        if (!add_tree(files, below, inner, depth + 1, error))
            return false;
    }
    return names != NULL;
}

/* Where a file goes; NULL: into no image. The caller owns it. */
static char *target_of(const PartFile *file)
{
    const char *folder = part_kind_folder(file->kind);
    if (file->kind == FILE_BOOTSTRAP)
        return g_strdup("EFI/BOOT/BOOTx64.efi");
    if (file->kind == FILE_LOADER)
        return g_strdup("EFI/OC/OpenCore.efi");
    return folder != NULL ? g_strconcat("EFI/OC/", folder, "/", file->name, NULL) : NULL;
}

/* The kernels of 10.4 and 10.5 have 32 bits; opencore-settings.table takes 64 from 10.6 on. */
static KextKernel kernel_of(const Machine *machine)
{
    int darwin = machine->release->darwin;
    return (KextKernel){.x86_64 = darwin >= DARWIN_10_6, .darwin = darwin};
}

static bool check_kext(Fill *fill, const PartFile *file, const char *source, GError **error)
{
    guint processors;
    g_autofree char *expected = g_strndup(file->name, strlen(file->name) - strlen(".kext"));
    g_autoptr(Kext) kext = bundle_check(source, file->name, &processors, error);
    bool old = !kernel_of(fill->machine).x86_64;

    if (kext == NULL)
        return false;
    if (g_strcmp0(kext->executable, expected) != 0)
        return fail(error, ERROR_INPUT,
                    "The executable of %s is called '%s' and not '%s'; it is not the kext that "
                    "Rootstock knows.",
                    file->name, kext->executable != NULL ? kext->executable : "", expected);
    if ((processors & (old ? BINARY_I386 : BINARY_X86_64)) == 0)
        return fail(error, ERROR_INPUT,
                    "%s %s has no code of %u bits, which the kernel of %s needs. Take another "
                    "version, or leave it out ([opencore] leave-out in the machine file).",
                    file->name, kext->version, old ? 32 : 64, fill->machine->release->name);
    g_ptr_array_add(fill->kexts, g_steal_pointer(&kext));
    return true;
}

/* What is embedded in the program. */
static bool add_embedded(Fill *fill, const PartFile *file, const char *target, GError **error)
{
    gsize length;
    bool kext = file->kind == FILE_KEXT;
    g_autofree char *name = g_strndup(file->name, strlen(file->name) - strlen(".kext"));
    g_autofree char *plist = g_strconcat("kexts/", name, ".plist", NULL);
    g_autofree char *inner = g_strconcat(target, "/Contents/Info.plist", NULL);
    const void *bytes = data_bytes(kext ? plist : file->path, &length, error);
    if (bytes == NULL)
        return false;
    add(fill->files, kext ? inner : target, NULL, bytes, length);
    return true;
}

static bool add_choice(Fill *fill, const PartChoice *choice, GError **error)
{
    const PartFile *file = choice->file;
    g_autofree char *target = target_of(file);
    if (target == NULL)
        return true;
    if (choice->part == NULL)
        return add_embedded(fill, file, target, error);
    const char *folder = g_hash_table_lookup(fill->folders, choice->part->name);
    g_autofree char *source = g_build_filename(folder, file->path, NULL);
    if (!g_file_test(source, G_FILE_TEST_EXISTS))
        return fail(error, ERROR_MISSING,
                    "%s, which %s should have, is not in '%s'. Fetch the whole archive with "
                    "`rootstock opencore fetch`.",
                    file->name, choice->part->name, folder);
    return (file->kind != FILE_KEXT || check_kext(fill, file, source, error)) &&
           add_tree(fill->files, target, source, 0, error);
}

static void add_fixed(EfiFiles *files, const PlistValue *config)
{
    char *text = plist_write(config);
    keep(files, text);
    add(files, "EFI/OC/config.plist", NULL, text, strlen(text));
    add(files, "EFI/BOOT/" HIDDEN, NULL, HIDDEN_TEXT, strlen(HIDDEN_TEXT));
    add(files, "EFI/OC/" HIDDEN, NULL, HIDDEN_TEXT, strlen(HIDDEN_TEXT));
}

static bool add_recovery(EfiFiles *files, const Machine *machine, GError **error)
{
    g_autoptr(GError) cause = NULL;
    files->recovery = recovery_open(machine->opencore.recovery, &cause);
    if (files->recovery == NULL)
        return fail(error, error_code(cause),
                    "%s Without a recovery: `rootstock build %s --no-recovery`.", cause->message,
                    machine->name);
    const Recovery *recovery = files->recovery;
    g_autofree char *image = g_strdup_printf(RECOVERY_FOLDER "/%s.dmg", recovery->name);
    g_autofree char *list = g_strdup_printf(RECOVERY_FOLDER "/%s.chunklist", recovery->name);
    add(files, image, recovery->image, NULL, 0);
    add(files, list, recovery->list, NULL, 0);
    return true;
}

EfiFiles *efi_files_new(const Machine *machine, const GPtrArray *choices, GHashTable *folders,
                        const PlistValue *config, GError **error)
{
    g_autoptr(EfiFiles) files = g_new0(EfiFiles, 1);
    g_autoptr(GPtrArray) kexts = g_ptr_array_new_with_free_func((GDestroyNotify)kext_free);
    Fill fill = {files, machine, folders, kexts};

    files->files = g_array_new(FALSE, TRUE, sizeof(ImageFile));
    files->owned = g_ptr_array_new_with_free_func(g_free);
    files->tree = efi_tree_new();
    for (guint i = 0; i < choices->len; i++)
        if (!add_choice(&fill, g_ptr_array_index(choices, i), error))
            return NULL;
    const KextKernel kernel = kernel_of(machine);
    if (!kext_check_set(kexts, &kernel, error))
        return NULL;
    add_fixed(files, config);
    if (machine->opencore.recovery != NULL && !add_recovery(files, machine, error))
        return NULL;
    return g_steal_pointer(&files);
}

void efi_files_free(EfiFiles *files)
{
    if (files == NULL)
        return;
    g_clear_pointer(&files->files, g_array_unref);
    g_clear_pointer(&files->owned, g_ptr_array_unref);
    g_clear_pointer(&files->tree, efi_tree_free);
    recovery_free(files->recovery);
    g_free(files);
}

char *efi_files_digest(const EfiFiles *files, const char *parts)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)parts, (gssize)strlen(parts) + 1);
    for (guint i = 0; i < files->files->len; i++) {
        const ImageFile *file = &g_array_index(files->files, ImageFile, i);
        guint64 length = GUINT64_TO_LE((guint64)file->length);
        g_checksum_update(sum, (const guchar *)file->target, (gssize)strlen(file->target) + 1);
        g_checksum_update(sum, (const guchar *)&length, sizeof length);
        if (file->bytes != NULL)
            g_checksum_update(sum, file->bytes, (gssize)file->length);
    }
    if (files->recovery != NULL)
        g_checksum_update(sum, (const guchar *)files->recovery->mark, -1);
    return g_strdup(g_checksum_get_string(sum));
}
