/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `preflight --bootloader` with a program in the place of OpenCore, which says what a test gives
 * it.
 */
#include "run/bootloader.h"

#include "base/error.h"
#include "image/image.h"
#include "os/files.h"
#include "trial.h"

#include <string.h>
#include <sys/stat.h>

#define CONFIG                                                                                     \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\">\n<dict>\n"                \
    "  <key>Misc</key>\n  <dict>\n    <key>Boot</key>\n    <dict>\n"                               \
    "      <key>ShowPicker</key>\n      <true/>\n"                                                 \
    "      <key>Timeout</key>\n      <integer>5</integer>\n    </dict>\n"                          \
    "    <key>Debug</key>\n    <dict>\n      <key>Target</key>\n      <integer>3</integer>\n"      \
    "    </dict>\n  </dict>\n</dict>\n</plist>\n"

#define START                                                                                      \
    "00:000 00:000 BS: Starting OpenCore application...\n"                                         \
    "00:111 00:091 OC: OpenCore DBG-107-2026-05-04 is loading in Optional mode (0/0)...\n"
#define PICKER                                                                                     \
    "05:418 00:005 OCB: Found 1 potentially bootable filesystems\n"                                \
    "05:800 00:001 OCB: Registering entry macOS [Apple] (T:2|F:0|G:0|E:0|B:0) - Pci(1)\n"          \
    "05:837 00:010 OCB: Showing menu... (polling hotkeys)\n"
#define STOP "01:799 00:007 OC: Driver OpenHfsPlus.efi at 1 cannot be found!\n"

static Trial place;

/* An image with the stand-in, which is told what to say, what to write and whether to power off. */
static char *make_image(const char *say, const char *file, bool off)
{
    g_autoptr(GError) error = NULL;
    char *image = trial_below(&place, "opencore.img");
    const ImageFile files[] = {
        {.target = "EFI/BOOT/BOOTX64.EFI", .source = g_getenv("ROOTSTOCK_STAND_IN")},
        {.target = "EFI/OC/config.plist", .bytes = CONFIG, .length = strlen(CONFIG)},
        {.target = "EFI/OC/say", .bytes = say, .length = strlen(say)},
        {.target = "EFI/OC/file", .bytes = file, .length = strlen(file)},
        {.target = "opencore-2025-01-01-000000.txt", .bytes = STOP, .length = strlen(STOP)},
        {.target = "EFI/OC/off", .bytes = "1", .length = 1},
    };
    const ImageOptions options = {.size = 64 << 20};
    image_write_esp(image, files, G_N_ELEMENTS(files) - !off, &options, &error);
    g_assert_no_error(error);
    return image;
}

static Bootloader *boot(const BootloaderFiles *files, const char *picture, guint timeout_ms)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *runs = trial_below(&place, "run");
    g_autofree char *cache = trial_below(&place, "cache");
    g_autoptr(Machine) machine = trial_machine(&place, "sonoma");
    PreflightOptions options = trial_options(runs, cache);
    options.screenshot = picture;
    if (timeout_ms != 0)
        options.timeout_ms = timeout_ms;
    Bootloader *run = bootloader_run(machine, files, &options, &error);
    g_assert_no_error(error);
    trial_assert_nothing_left(&place);
    return run;
}

static char *digest_of(const char *path)
{
    g_autoptr(GError) error = NULL;
    gsize length;
    g_autofree char *bytes = os_read_file(path, 1 << 30, &length, &error);
    g_assert_no_error(error);
    return g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, length);
}

/* The log is the file of this start; the copy was told to log and to wait; what is the person's
 * own stays as it was. */
static void test_picker(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *image = make_image(START PICKER, START STOP PICKER, false);
    g_autofree char *disk = trial_below(&place, "disk.qcow2");
    g_autofree char *picture = trial_below(&place, "screen.png");
    image_create_disk(disk, 64 << 20, &error);
    g_assert_no_error(error);
    g_autofree char *image_before = digest_of(image);
    g_autofree char *disk_before = digest_of(disk);
    const BootloaderFiles files = {.image = image, .disk = disk};
    g_autoptr(Bootloader) run = boot(&files, picture, 0);
    g_test_message("%.1f s", run->seconds);
    g_assert_cmpint(run->end, ==, BOOTLOADER_PICKER);
    g_assert_cmpstr(run->log_name, ==, "opencore-2026-01-02-030405.txt");
    g_assert_cmpstr(run->log->version, ==, "1.0.7");
    g_assert_cmpuint(run->log->entries->len, ==, 1);
    g_assert_cmpuint(boot_log_count(run->log, MESSAGE_ERROR), ==, 1);
    g_assert_false(bootloader_ok(run));
    g_assert_cmpuint(run->changes->len, ==, 2);
    g_assert_nonnull(strstr(run->log_text, "<integer>75</integer>"));
    g_assert_nonnull(strstr(run->log_text, "<integer>0</integer>"));
    g_assert_cmpstr(run->screenshot, ==, picture);
    g_assert_true(g_file_test(picture, G_FILE_TEST_IS_REGULAR));
    g_autofree char *image_after = digest_of(image);
    g_autofree char *disk_after = digest_of(disk);
    g_assert_cmpstr(image_after, ==, image_before);
    g_assert_cmpstr(disk_after, ==, disk_before);
}

/* Without a file the serial port is the log. A large disk lies under a layer, and is its owner's
 * again afterwards, though libvirt gave it to QEMU's account. */
static void test_serial(void)
{
    g_autoptr(GError) error = NULL;
    struct stat before, after;
    g_autofree char *image = make_image(START PICKER, "", false);
    g_autofree char *disk = trial_below(&place, "large.qcow2");
    image_create_disk(disk, 64 << 20, &error);
    g_assert_no_error(error);
    g_autofree char *disk_before = digest_of(disk);
    g_assert_cmpint(stat(disk, &before), ==, 0);
    const BootloaderFiles files = {.image = image, .disk = disk, .copy_max = 1};
    g_autoptr(Bootloader) run = boot(&files, NULL, 0);
    g_assert_cmpint(run->end, ==, BOOTLOADER_PICKER);
    g_assert_null(run->log_name);
    g_assert_null(run->screenshot);
    g_assert_true(bootloader_ok(run));
    g_autofree char *disk_after = digest_of(disk);
    g_assert_cmpstr(disk_after, ==, disk_before);
    g_assert_cmpint(stat(disk, &after), ==, 0);
    g_assert_cmpint(after.st_uid, ==, before.st_uid);
    g_assert_cmpint(after.st_gid, ==, before.st_gid);
    g_assert_cmpint(after.st_mode, ==, before.st_mode);
}

static void test_halted(void)
{
    g_autofree char *image = make_image(START STOP, START STOP, false);
    const BootloaderFiles files = {.image = image};
    g_autoptr(Bootloader) run = boot(&files, NULL, 0);
    g_assert_cmpint(run->end, ==, BOOTLOADER_HALTED);
    g_assert_false(bootloader_ok(run));
    g_assert_cmpuint(boot_log_count(run->log, MESSAGE_ERROR), ==, 1);
}

static void test_off(void)
{
    g_autofree char *image = make_image(START, START, true);
    const BootloaderFiles files = {.image = image};
    g_autoptr(Bootloader) run = boot(&files, NULL, 0);
    g_assert_cmpint(run->end, ==, BOOTLOADER_OFF);
    g_assert_false(bootloader_ok(run));
}

static void test_time(void)
{
    g_autofree char *image = make_image(START, START, false);
    const BootloaderFiles files = {.image = image};
    g_autoptr(Bootloader) run = boot(&files, NULL, 500);
    g_assert_cmpint(run->end, ==, BOOTLOADER_TIME);
    g_assert_cmpint(run->log->phase, ==, BOOT_PHASE_NONE);
}

static void test_no_image(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *runs = trial_below(&place, "run");
    g_autoptr(Machine) machine = trial_machine(&place, "sonoma");
    PreflightOptions options = trial_options(runs, NULL);
    const BootloaderFiles files = {.image = "/nowhere/opencore.img"};
    g_autoptr(Bootloader) run = bootloader_run(machine, &files, &options, &error);
    g_assert_null(run);
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_MISSING);
    g_assert_nonnull(strstr(error->message, "/nowhere/opencore.img"));
    trial_assert_nothing_left(&place);
}

static void is_skipped(gconstpointer reason)
{
    g_test_skip(reason);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    const char *reason = trial_not_here();
    if (reason != NULL) {
        g_test_add_data_func("/bootloader", reason, is_skipped);
        return g_test_run();
    }
    trial_open(&place, NULL);
    g_test_add_func("/bootloader/picker", test_picker);
    g_test_add_func("/bootloader/serial", test_serial);
    g_test_add_func("/bootloader/halted", test_halted);
    g_test_add_func("/bootloader/off", test_off);
    g_test_add_func("/bootloader/time", test_time);
    g_test_add_func("/bootloader/no-image", test_no_image);
    int result = g_test_run();
    os_remove(place.folder, NULL);
    return result;
}
