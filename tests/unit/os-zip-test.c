/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Zip archives, well made and hostile. */
#include "archive.h"

#include "os/zip.h"

#include <string.h>
#include <sys/stat.h>

/* 256 bytes: one more than a file system takes for one name. */
#define NAME_OF_64 "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
#define LONG_NAME NAME_OF_64 NAME_OF_64 NAME_OF_64 NAME_OF_64

static bool unpack(const Place *place, const OsZipOptions *options, GError **error)
{
    g_autofree char *path = in(place, "a.zip");
    g_autofree char *folder = in(place, "out");
    return os_unpack_zip(path, folder, options, error);
}

static void assert_refused(Zip *zip, const Place *place, const OsZipOptions *options,
                           const char *part)
{
    g_autoptr(GError) error = NULL;
    zip_write(zip, place, 0);
    g_assert_false(unpack(place, options, &error));
    assert_message(error, ERROR_INPUT, part);
    assert_names(place, "a.zip");
}

static void files_and_modes_are_kept(Place *place, gconstpointer data)
{
    Zip *zip = zip_new();
    g_autoptr(GError) error = NULL;
    zip_add(zip, "X64/EFI/OC/config.plist", "<plist/>");
    zip_add_full(zip, "X64/EFI/", NULL, 0, S_IFDIR | 0755, 0);
    zip_add_full(zip, "Utilities/tool", (const guint8 *)"x", 1, S_IFREG | 0755, 0);
    zip_write(zip, place, 0);
    unpack(place, NULL, &error);
    g_assert_no_error(error);
    assert_file(place, "out/X64/EFI/OC/config.plist", "<plist/>");
    struct stat status;
    g_autofree char *tool = in(place, "out/Utilities/tool");
    g_assert_cmpint(stat(tool, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0755);
    assert_names(place, "a.zip out");
}

static void a_part_can_be_unpacked(Place *place, gconstpointer data)
{
    Zip *zip = zip_new();
    g_autoptr(GError) error = NULL;
    OsZipOptions options = {.within = "Lilu.kext"};
    zip_add(zip, "Lilu.kext/Contents/Info.plist", "lilu");
    zip_add(zip, "Lilu.kext.dSYM/Contents/Info.plist", "symbols");
    zip_write(zip, place, 0);
    unpack(place, &options, &error);
    g_assert_no_error(error);
    assert_file(place, "out/Contents/Info.plist", "lilu");
    g_autofree char *path = in(place, "a.zip");
    g_auto(GStrv) names = os_list_zip(path, NULL, &error);
    g_assert_cmpuint(g_strv_length(names), ==, 2);
    options.within = "Nothing.kext";
    g_assert_false(os_list_zip(path, &options, &error));
    assert_message(error, ERROR_INPUT, "no files below Nothing.kext");
}

static void paths_that_lead_out_are_refused(Place *place, gconstpointer data)
{
    static const char *const NAMES[] = {"../evil", "a/../../evil", "/etc/evil", "a/./b", "a//b",
                                        "C:evil",  "..\\evil",     "a/..",      "a\nb",  LONG_NAME};
    for (guint i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        Zip *zip = zip_new();
        zip_add(zip, "good", "x");
        zip_add(zip, NAMES[i], "x");
        assert_refused(zip, place, NULL, "which is no plain path");
    }
}

static void a_file_is_no_folder(Place *place, gconstpointer data)
{
    static const char *const NAMES[][2] = {{"a", "a/b"}, {"a/b", "a"}, {"A/b/c", "a/B"}};
    for (guint i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        Zip *zip = zip_new();
        zip_add(zip, NAMES[i][0], "x");
        zip_add(zip, NAMES[i][1], "y");
        assert_refused(zip, place, NULL, "twice");
    }
}

static void links_are_refused(Place *place, gconstpointer data)
{
    Zip *zip = zip_new();
    zip_add_full(zip, "link", (const guint8 *)"/etc", 4, S_IFLNK | 0777, 0);
    zip_add(zip, "link/passwd", "x");
    assert_refused(zip, place, NULL, "neither a file nor a folder");
}

static void one_name_twice_is_refused(Place *place, gconstpointer data)
{
    Zip *zip = zip_new();
    zip_add(zip, "EFI/a", "x");
    zip_add(zip, "efi/A", "y");
    assert_refused(zip, place, NULL, "twice");
}

static void bombs_are_refused(Place *place, gconstpointer data)
{
    Zip *zip = zip_new();
    g_autofree guint8 *zeros = g_malloc0(8 << 20);
    zip_add_full(zip, "zeros", zeros, 8 << 20, S_IFREG | 0644, 0);
    OsZipOptions options = {.file_max = 1 << 20};
    assert_refused(zip, place, &options, "more than the 1048576 bytes");

    zip = zip_new();
    for (guint i = 0; i < 4; i++) {
        g_autofree char *name = g_strdup_printf("zeros%u", i);
        zip_add_full(zip, name, zeros, 1 << 20, S_IFREG | 0644, 0);
    }
    options = (OsZipOptions){.total_max = 3 << 20};
    assert_refused(zip, place, &options, "more than the 3145728 bytes");

    zip = zip_new();
    for (guint i = 0; i < 11; i++) {
        g_autofree char *name = g_strdup_printf("f%u", i);
        zip_add(zip, name, "x");
    }
    options = (OsZipOptions){.files_max = 10};
    assert_refused(zip, place, &options, "more than 10 files");
}

static void cut_archives_are_refused(Place *place, gconstpointer data)
{
    static const gsize CUTS[] = {1, 21, 22, 40, 90};
    for (guint i = 0; i < G_N_ELEMENTS(CUTS); i++) {
        g_autoptr(GError) error = NULL;
        Zip *zip = zip_new();
        zip_add(zip, "one", "first");
        zip_add(zip, "two", "second");
        zip_write(zip, place, CUTS[i]);
        g_assert_false(unpack(place, NULL, &error));
        g_assert_error(error, ROOTSTOCK_ERROR, ERROR_INPUT);
        assert_names(place, "a.zip");
    }
}

static void changed_content_is_refused(Place *place, gconstpointer data)
{
    Zip *zip = zip_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *path = in(place, "a.zip");
    zip_add(zip, "one", "the content of this file is checked");
    zip->bytes->data[14] ^= 1;     /* the checksum in the record before it ... */
    zip->directory->data[16] ^= 1; /* ... and in the directory */
    zip_write(zip, place, 0);
    g_assert_false(unpack(place, NULL, &error));
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_INPUT);
}

static void passwords_are_refused(Place *place, gconstpointer data)
{
    Zip *zip = zip_new();
    zip_add_full(zip, "secret", (const guint8 *)"x", 1, S_IFREG | 0644, BIT_PASSWORD);
    assert_refused(zip, place, NULL, "password");
}

static void no_zip_is_refused(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    put(place, "a.zip", "<html>Not found</html>");
    g_assert_false(unpack(place, NULL, &error));
    assert_message(error, ERROR_INPUT, "a.zip' was refused");
    assert_names(place, "a.zip");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    PLACE_TEST("/zip/files", files_and_modes_are_kept);
    PLACE_TEST("/zip/part", a_part_can_be_unpacked);
    PLACE_TEST("/zip/paths", paths_that_lead_out_are_refused);
    PLACE_TEST("/zip/file-or-folder", a_file_is_no_folder);
    PLACE_TEST("/zip/links", links_are_refused);
    PLACE_TEST("/zip/twice", one_name_twice_is_refused);
    PLACE_TEST("/zip/bombs", bombs_are_refused);
    PLACE_TEST("/zip/cut", cut_archives_are_refused);
    PLACE_TEST("/zip/changed", changed_content_is_refused);
    PLACE_TEST("/zip/password", passwords_are_refused);
    PLACE_TEST("/zip/no-zip", no_zip_is_refused);
    return g_test_run();
}
