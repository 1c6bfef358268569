/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Zip archives, well made and hostile. They are written here byte by byte (PKWARE
 * APPNOTE 6.3.3, 4.3), as no tool makes the hostile ones. */
#include "place.h"

#include "os/zip.h"

#include <gio/gio.h>
#include <string.h>
#include <sys/stat.h>

typedef struct {
    GByteArray *bytes, *directory;
    guint files;
} Zip;

static void add16(GByteArray *to, guint value)
{
    guint8 bytes[] = {(guint8)value, (guint8)(value >> 8)};
    g_byte_array_append(to, bytes, sizeof bytes);
}

static void add32(GByteArray *to, guint32 value)
{
    add16(to, value & 0xffff);
    add16(to, value >> 16);
}

static guint32 crc32_of(const guint8 *data, gsize length)
{
    guint32 crc = 0xffffffff;
    for (gsize i = 0; i < length; i++) {
        crc ^= data[i];
        for (guint bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc;
}

static GByteArray *deflate_of(const guint8 *data, gsize length)
{
    g_autoptr(GZlibCompressor) zlib = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_RAW, 9);
    g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable();
    g_autoptr(GOutputStream) out = g_converter_output_stream_new(memory, G_CONVERTER(zlib));
    g_assert_true(g_output_stream_write_all(out, data, length, NULL, NULL, NULL));
    g_assert_true(g_output_stream_close(out, NULL, NULL));
    GByteArray *packed = g_byte_array_new();
    g_byte_array_append(
        packed, g_memory_output_stream_get_data(G_MEMORY_OUTPUT_STREAM(memory)),
        (guint)g_memory_output_stream_get_data_size(G_MEMORY_OUTPUT_STREAM(memory)));
    return packed;
}

/* What both records of a file share, from "version needed" on. */
static void add_fields(GByteArray *to, guint flags, guint32 crc, gsize packed, gsize length,
                       gsize name)
{
    add16(to, 20);
    add16(to, flags);
    add16(to, 8);
    add32(to, 0x58210000); /* some day */
    add32(to, crc);
    add32(to, (guint32)packed);
    add32(to, (guint32)length);
    add16(to, (guint)name);
    add16(to, 0);
}

enum { BIT_PASSWORD = 1, BIT_UTF8 = 0x800 };

static void zip_add_full(Zip *zip, const char *name, const guint8 *data, gsize length, guint mode,
                         guint flags)
{
    g_autoptr(GByteArray) packed = deflate_of(data, length);
    guint32 crc = crc32_of(data, length);
    guint32 offset = zip->bytes->len;

    add32(zip->bytes, 0x04034b50);
    add_fields(zip->bytes, flags, crc, packed->len, length, strlen(name));
    g_byte_array_append(zip->bytes, (const guint8 *)name, (guint)strlen(name));
    g_byte_array_append(zip->bytes, packed->data, packed->len);
    add32(zip->directory, 0x02014b50);
    add16(zip->directory, 3 << 8 | 20); /* made by Unix, so that modes count */
    add_fields(zip->directory, flags, crc, packed->len, length, strlen(name));
    add16(zip->directory, 0);
    add16(zip->directory, 0);
    add16(zip->directory, 0);
    add32(zip->directory, mode << 16);
    add32(zip->directory, offset);
    g_byte_array_append(zip->directory, (const guint8 *)name, (guint)strlen(name));
    zip->files++;
}

static Zip *zip_new(void)
{
    Zip *zip = g_new0(Zip, 1);
    zip->bytes = g_byte_array_new();
    zip->directory = g_byte_array_new();
    return zip;
}

static void zip_add(Zip *zip, const char *name, const char *text)
{
    zip_add_full(zip, name, (const guint8 *)text, strlen(text), S_IFREG | 0644, BIT_UTF8);
}

static void zip_end(Zip *zip)
{
    guint32 offset = zip->bytes->len;
    g_byte_array_append(zip->bytes, zip->directory->data, zip->directory->len);
    add32(zip->bytes, 0x06054b50);
    add32(zip->bytes, 0);
    add16(zip->bytes, zip->files);
    add16(zip->bytes, zip->files);
    add32(zip->bytes, zip->directory->len);
    add32(zip->bytes, offset);
    add16(zip->bytes, 0);
}

/* Writes all but the last CUT bytes, and frees ZIP. */
static void zip_write(Zip *zip, const Place *place, gsize cut)
{
    g_autofree char *path = in(place, "a.zip");
    zip_end(zip);
    g_assert_true(g_file_set_contents(path, (const char *)zip->bytes->data,
                                      (gssize)(zip->bytes->len - cut), NULL));
    g_byte_array_unref(zip->bytes);
    g_byte_array_unref(zip->directory);
    g_free(zip);
}

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
                                        "C:evil",  "..\\evil",     "a/..",      "a\nb"};
    for (guint i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        Zip *zip = zip_new();
        zip_add(zip, "good", "x");
        zip_add(zip, NAMES[i], "x");
        assert_refused(zip, place, NULL, "which is no plain path");
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
    PLACE_TEST("/zip/links", links_are_refused);
    PLACE_TEST("/zip/twice", one_name_twice_is_refused);
    PLACE_TEST("/zip/bombs", bombs_are_refused);
    PLACE_TEST("/zip/cut", cut_archives_are_refused);
    PLACE_TEST("/zip/changed", changed_content_is_refused);
    PLACE_TEST("/zip/password", passwords_are_refused);
    PLACE_TEST("/zip/no-zip", no_zip_is_refused);
    return g_test_run();
}
