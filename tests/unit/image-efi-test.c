/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking into images with an EFI system partition, and changing them. */
#include "place.h"

#include "image/image.h"
#include "os/command.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool tools_missing(void)
{
    return !has_programs((const char *[]){"mkfs.fat", "mcopy", "mdir", "mdeltree", NULL});
}

static char *make_image(const Place *place)
{
    static const ImageFile FILES[] = {
        {.target = "EFI/BOOT/BOOTx64.efi", .bytes = "program", .length = 7},
        {.target = "EFI/OC/config.plist", .bytes = "<plist/>", .length = 8},
        {.target = "EFI/OC/.contentVisibility", .bytes = "Disabled", .length = 8},
    };
    g_autoptr(GError) error = NULL;
    char *image = in(place, "a.img");
    image_write_esp(image, FILES, G_N_ELEMENTS(FILES), NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(chmod(image, 0640), ==, 0);
    return image;
}

static void assert_content(const char *image, const char *path, const char *expected)
{
    gsize length;
    g_autoptr(GError) error = NULL;
    g_autofree char *bytes = image_efi_read(image, path, &length, &error);
    g_assert_no_error(error);
    g_assert_cmpmem(bytes, length, expected, strlen(expected));
}

static void assert_list(const char *image, const char *path, bool deep, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) names = image_efi_list(image, path, deep, &error);
    g_assert_no_error(error);
    g_autofree char *all = g_strjoinv(" ", names);
    g_assert_cmpstr(all, ==, expected);
}

static void files_are_listed_and_read(Place *place, gconstpointer data)
{
    if (tools_missing())
        return;
    g_autofree char *image = make_image(place);
    assert_list(image, "", false, "EFI/");
    assert_list(image, "/EFI/OC/", false, "EFI/OC/.contentVisibility EFI/OC/config.plist");
    g_auto(GStrv) all = image_efi_list(image, "", true, NULL);
    g_assert_cmpuint(g_strv_length(all), ==, 6);
    assert_content(image, "EFI/OC/config.plist", "<plist/>");
    assert_content(image, "/efi/oc/CONFIG.PLIST", "<plist/>"); /* as FAT has it */
}

static void files_are_written_and_removed(Place *place, gconstpointer data)
{
    struct stat status;
    g_autoptr(GError) error = NULL;
    if (tools_missing())
        return;
    g_autofree char *image = make_image(place);
    g_assert_true(image_efi_write(image, "EFI/OC/config.plist", "new", 3, &error));
    g_assert_true(
        image_efi_write(image, "EFI/OC/Kexts/A.kext/Contents/Info.plist", "x", 1, &error));
    g_assert_true(image_efi_write(image, "empty", NULL, 0, &error));
    g_assert_no_error(error);
    assert_content(image, "EFI/OC/config.plist", "new");
    assert_content(image, "EFI/OC/Kexts/A.kext/Contents/Info.plist", "x");
    assert_content(image, "empty", "");
    assert_content(image, "EFI/BOOT/BOOTx64.efi", "program");
    g_assert_true(image_efi_remove(image, "EFI/OC/Kexts", &error));
    g_assert_true(image_efi_remove(image, "empty", &error));
    g_assert_no_error(error);
    assert_list(image, "EFI/OC", false, "EFI/OC/.contentVisibility EFI/OC/config.plist");
    g_assert_cmpint(stat(image, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0640);
    g_assert_cmpint(status.st_blocks * 512, <, status.st_size / 2); /* still sparse */
    assert_names(place, "a.img");
}

static void a_file_system_alone_will_do(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    if (tools_missing())
        return;
    g_autofree char *image = in(place, "floppy.img");
    const char *const make[] = {"mkfs.fat", "-C", image, "2880", NULL};
    g_autoptr(OsOutput) output = os_run(make, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(image_efi_write(image, "EFI/BOOT/x.efi", "abc", 3, &error));
    g_assert_no_error(error);
    assert_content(image, "EFI/BOOT/x.efi", "abc");
}

static void what_is_none_is_refused(Place *place, gconstpointer data)
{
    static const char *const PATHS[][2] = {
        {"EFI/OC/nothing", "There is no 'EFI/OC/nothing'"},
        {"EFI/OC/*", "FAT allows none"},
        {"EFI/[B]OOT", "'[' and ']' may not be in it"},
        {"../x", ".."},
        {"EFI/a\nb", "EFI"},
    };
    g_autoptr(GError) error = NULL;
    if (tools_missing())
        return;
    g_autofree char *image = make_image(place);
    for (guint i = 0; i < G_N_ELEMENTS(PATHS); i++) {
        gsize length;
        g_assert_null(image_efi_read(image, PATHS[i][0], &length, &error));
        assert_message(error, i == 0 ? ERROR_REFUSED : ERROR_INPUT, PATHS[i][1]);
        g_clear_error(&error);
        g_assert_false(image_efi_remove(image, PATHS[i][0], &error));
        g_clear_error(&error);
    }
    g_assert_false(image_efi_remove(image, "/", &error));
    assert_message(error, ERROR_INPUT, "which file");
    g_clear_error(&error);

    put(place, "text", "no image");
    g_autofree char *text = in(place, "text");
    g_assert_null(image_efi_list(text, "", false, &error));
    assert_message(error, ERROR_INPUT, "no FAT file system");
    g_clear_error(&error);
    /* A GPT whose entries lie anywhere but where they can. */
    g_autofree char *broken = g_malloc0(1 << 20);
    memcpy(broken + 512, "EFI PART", 8);
    memset(broken + 512 + 72, 0xff, 16);
    g_autofree char *gpt = in(place, "gpt.img");
    g_assert_true(g_file_set_contents(gpt, broken, 1 << 20, NULL));
    g_assert_null(image_efi_list(gpt, "", false, &error));
    assert_message(error, ERROR_INPUT, "no FAT file system");
}

static void what_a_guest_has_open_stays(Place *place, gconstpointer data)
{
    struct flock range = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 201, .l_len = 1};
    g_autoptr(GError) error = NULL;
    if (tools_missing())
        return;
    g_autofree char *image = make_image(place);
    int fd = open(image, O_RDWR | O_CLOEXEC);
    g_assert_cmpint(fcntl(fd, F_OFD_SETLK, &range), ==, 0);
    g_assert_false(image_efi_write(image, "x", "y", 1, &error));
    assert_message(error, ERROR_FAILED, "QEMU has");
    g_clear_error(&error);
    g_assert_false(image_efi_remove(image, "EFI/OC", &error));
    assert_message(error, ERROR_FAILED, "QEMU has");
    assert_content(image, "EFI/OC/config.plist", "<plist/>"); /* reading is no harm */
    close(fd);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    PLACE_TEST("/image/efi/read", files_are_listed_and_read);
    PLACE_TEST("/image/efi/write", files_are_written_and_removed);
    PLACE_TEST("/image/efi/floppy", a_file_system_alone_will_do);
    PLACE_TEST("/image/efi/wrong", what_is_none_is_refused);
    PLACE_TEST("/image/efi/open", what_a_guest_has_open_stays);
    return g_test_run();
}
