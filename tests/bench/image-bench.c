/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The image writer against what a person types: sfdisk, mkfs.fat and mcopy of the same tree, which
 * is like that of a full OpenCore folder: 60 files, 30 MB.
 *
 * The two do not do quite the same. Ours reads everything once more for the identifiers and syncs
 * the result; by hand, nothing waits for the disk (but sfdisk does, for its small part). So there
 * are lines for by hand with and without a table and a sync.
 */
#include "bench.h"

#include "image/image.h"
#include "os/command.h"
#include "os/files.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define KEXTS 17
#define MIB (1024 * 1024)

typedef struct {
    char *folder; /* of everything */
    char *tree;   /* the folder that is copied by hand */
    char *ours;   /* images */
    char *theirs;
    GPtrArray *sources;
    GArray *files; /* of ImageFile */
} Bench;

static bool put_file(Bench *bench, const char *target, gsize length, GError **error)
{
    static guint32 seed;
    g_autoptr(GRand) random = g_rand_new_with_seed(++seed);
    g_autofree guint32 *bytes = g_new0(guint32, length / 4 + 1);
    for (gsize i = 0; i < length / 4; i++)
        bytes[i] = g_rand_int(random);
    char *path = g_build_filename(bench->tree, target, NULL);
    g_autofree char *folder = g_path_get_dirname(path);
    g_ptr_array_add(bench->sources, path);
    ImageFile file = {.target = path + strlen(bench->tree) + 1, .source = path};
    g_array_append_val(bench->files, file);
    return os_make_folders(folder, 0755, error) &&
           g_file_set_contents(path, (const char *)bytes, (gssize)length, error);
}

static bool make_tree(Bench *bench, GError **error)
{
    static const struct {
        const char *target;
        gsize length;
    } FILES[] = {{"EFI/BOOT/BOOTX64.EFI", 20 * 1024},
                 {"EFI/OC/OpenCore.efi", 700 * 1024},
                 {"EFI/OC/config.plist", 60 * 1024},
                 {"EFI/OC/ACPI/SSDT-EC.aml", 300},
                 {"EFI/OC/ACPI/SSDT-PLUG.aml", 300},
                 {"EFI/OC/Drivers/OpenRuntime.efi", 40 * 1024},
                 {"EFI/OC/Drivers/HfsPlus.efi", 40 * 1024},
                 {"EFI/OC/Tools/OpenShell.efi", 1000 * 1024},
                 {"EFI/OC/Resources/Image/Background.icns", 4000 * 1024}};
    for (guint i = 0; i < G_N_ELEMENTS(FILES); i++)
        if (!put_file(bench, FILES[i].target, FILES[i].length, error))
            return false;
    for (guint i = 0; i < KEXTS; i++) {
        static const char *const PARTS[] = {"Info.plist", "MacOS/Kext", "Resources/strings"};
        for (guint part = 0; part < G_N_ELEMENTS(PARTS); part++) {
            g_autofree char *target =
                g_strdup_printf("EFI/OC/Kexts/Kext%u.kext/Contents/%s", i, PARTS[part]);
            if (!put_file(bench, target, part == 1 ? 1400 * 1024 : 4 * 1024, error))
                return false;
        }
    }
    return true;
}

static bool run(const char *const *argv, const char *input, GError **error)
{
    OsRunOptions options = {.input = input};
    g_autoptr(OsOutput) output = os_run(argv, &options, error);
    return output != NULL;
}

static bool remove_images(gpointer data, GError **error)
{
    Bench *bench = data;
    return os_remove(bench->ours, error) && os_remove(bench->theirs, error);
}

static bool write_ours(gpointer data, GError **error)
{
    Bench *bench = data;
    ImageOptions options = {.size = 66 * MIB};
    return image_write_esp(bench->ours, (const ImageFile *)bench->files->data, bench->files->len,
                           &options, error);
}

static bool make_empty(const char *path, GError **error)
{
    const char *argv[] = {"truncate", "-s", "66M", path, NULL};
    return run(argv, NULL, error);
}

static bool fill_by_hand(const Bench *bench, GError **error)
{
    g_autofree char *at = g_strconcat(bench->theirs, "@@1M", NULL);
    g_autofree char *efi = g_build_filename(bench->tree, "EFI", NULL);
    const char *mkfs[] = {"mkfs.fat", "-F", "32", "--offset", "2048", bench->theirs, "65536", NULL};
    const char *mcopy[] = {"mcopy", "-s", "-i", at, efi, "::/", NULL};
    return run(mkfs, NULL, error) && run(mcopy, NULL, error);
}

static bool write_by_hand(gpointer data, GError **error)
{
    const Bench *bench = data;
    const char *sfdisk[] = {"sfdisk", "-q", bench->theirs, NULL};
    return make_empty(bench->theirs, error) &&
           run(sfdisk, "label: gpt\nstart=2048, size=131072, type=U\n", error) &&
           fill_by_hand(bench, error);
}

static bool write_without_table(gpointer data, GError **error)
{
    const Bench *bench = data;
    return make_empty(bench->theirs, error) && fill_by_hand(bench, error);
}

static bool write_and_sync(gpointer data, GError **error)
{
    const Bench *bench = data;
    const char *sync[] = {"sync", bench->theirs, NULL};
    return write_without_table(data, error) && run(sync, NULL, error);
}

static bool measure(Bench *bench, GError **error)
{
    static const BenchPair PAIRS[] = {
        {"image", "image_write_esp()", "sfdisk, mkfs.fat, mcopy", write_ours, write_by_hand,
         remove_images, 0, 1.2},
        {"image, no table", "image_write_esp()", "mkfs.fat, mcopy, sync", write_ours,
         write_and_sync, remove_images, 0, 0},
        {"image, no table, no sync", "image_write_esp()", "mkfs.fat, mcopy", write_ours,
         write_without_table, remove_images, 0, 0}};
    for (guint i = 0; i < G_N_ELEMENTS(PAIRS); i++)
        if (!bench_pair(&PAIRS[i], bench, error))
            return false;
    return true;
}

int main(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = os_make_temporary_folder(g_get_tmp_dir(), "rootstock-bench", &error);
    Bench bench = {.folder = folder};
    bool done = folder != NULL;
    if (done) {
        bench.tree = g_build_filename(folder, "tree", NULL);
        bench.ours = g_build_filename(folder, "ours.img", NULL);
        bench.theirs = g_build_filename(folder, "theirs.img", NULL);
        bench.sources = g_ptr_array_new_with_free_func(g_free);
        bench.files = g_array_new(FALSE, FALSE, sizeof(ImageFile));
        bench_header();
        done = make_tree(&bench, &error) && measure(&bench, &error);
        g_free(bench.tree);
        g_free(bench.ours);
        g_free(bench.theirs);
        g_ptr_array_unref(bench.sources);
        g_array_unref(bench.files);
        os_remove(folder, NULL);
    }
    if (!done)
        fprintf(stderr, "%s\n", error->message);
    return done ? bench_status() : 2;
}
