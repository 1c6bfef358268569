/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The boot loader's image of a machine, made from parts that the test puts into the store: its
 * files, its identity, what is kept and what is taken back. */
#include "built.h"

#include "image/image.h"
#include "os/command.h"
#include "os/files.h"
#include "store/mac.h"
#include "store/opencore.h"
#include "store/parts.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define IMAGE "store/machines/demo/opencore.img"

static void without_parts_it_says_how(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    Built built;
    built_open(&built, place);
    g_assert_null(store_build(built.store, built.machine, built.sample.catalog, NULL,
                              BUILD_OPENCORE, &error));
    assert_message(error, ERROR_MISSING, "rootstock opencore fetch");
    g_assert_nonnull(strstr(error->message, "OpenCore-DEBUG 1.0.7, Lilu"));
    built_close(&built);
}

/* The names that mdir finds, below the partition's top. */
static char *names_in(const Place *place)
{
    g_autofree char *image = in(place, IMAGE);
    g_autofree char *spec = g_strconcat(image, "@@1M", NULL);
    const char *const argv[] = {"mdir", "-i", spec, "-/", "-b", "-a", "::", NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(OsOutput) output = os_run(argv, NULL, &error);
    g_assert_no_error(error);
    return g_strdup(output->out);
}

static void the_image_has_its_files(Place *place, gconstpointer data)
{
    static const char *const FILES[] = {
        "::/EFI/BOOT/BOOTx64.efi\n",
        "::/EFI/BOOT/.contentVisibility\n",
        "::/EFI/OC/.contentVisibility\n",
        "::/EFI/OC/OpenCore.efi\n",
        "::/EFI/OC/config.plist\n",
        "::/EFI/OC/ACPI/SSDT-EC.aml\n",
        "::/EFI/OC/Drivers/OpenRuntime.efi\n",
        "::/EFI/OC/Kexts/Lilu.kext/Contents/MacOS/Lilu\n",
        "::/EFI/OC/Kexts/AppleMCEReporterDisabler.kext/Contents/Info.plist\n",
    };
    Built built;
    struct stat status;
    if (!built_ready(&built, place))
        return;
    g_autofree char *names = names_in(place);
    for (guint i = 0; i < G_N_ELEMENTS(FILES); i++)
        if (strstr(names, FILES[i]) == NULL)
            g_error("%s is not in %s", FILES[i], names);
    g_autofree char *image = in(place, IMAGE);
    g_assert_cmpint(stat(image, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0600);
    g_assert_cmpint(status.st_size, ==, 512 << 20);
    g_assert_cmpint(status.st_blocks * 512, <, 8 << 20); /* sparse */

    /* The domain starts from it. */
    g_autofree char *xml = store_domain_xml(built.store, built.machine, NULL);
    const char *boot = strstr(xml, image), *disk = strstr(xml, "disk.qcow2");
    g_assert_true(boot != NULL && disk != NULL && boot < disk);
    built_close(&built);
}

static void a_change_makes_a_new_one_and_keeps_the_old(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    Built built;
    if (!built_ready(&built, place))
        return;
    g_autofree char *image = in(place, IMAGE), *first = in(place, "first");
    g_assert_cmpint(link(image, first), ==, 0);
    built_make(&built, BUILD_KEPT);
    built.machine->opencore.verbose = TRI_YES;
    built_make(&built, BUILD_UPDATED);
    g_assert_false(built_equal(place, IMAGE, "first"));
    g_assert_true(built_equal(place, IMAGE ".1", "first"));

    /* The same input gives the same bytes. */
    built.machine->opencore.verbose = TRI_UNKNOWN;
    built_make(&built, BUILD_UPDATED);
    g_assert_true(built_equal(place, IMAGE, "first"));

    /* Back to the one before, which stays until a new one is asked for. */
    g_autoptr(GPtrArray) back = store_rollback(built.store, "demo", &error);
    g_assert_no_error(error);
    g_assert_true(built_equal(place, IMAGE ".1", "first"));
    g_assert_false(built_equal(place, IMAGE, "first"));
    g_autoptr(GPtrArray) results = store_build(built.store, built.machine, built.sample.catalog,
                                               NULL, BUILD_OPENCORE | BUILD_DOMAIN, &error);
    g_assert_no_error(error);
    g_assert_true(((BuildResult *)g_ptr_array_index(results, 0))->action == BUILD_KEPT);
    built_make(&built, BUILD_UPDATED); /* --only opencore */
    built_close(&built);
}

static void what_a_guest_has_open_stays(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    Built built;
    /* QEMU's own lock: a read lock on one byte of its range. */
    struct flock range = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 100, .l_len = 1};
    if (!built_ready(&built, place))
        return;
    g_autofree char *image = in(place, IMAGE);
    int fd = open(image, O_RDWR | O_CLOEXEC);
    g_assert_cmpint(fcntl(fd, F_OFD_SETLK, &range), ==, 0);
    built.machine->opencore.verbose = TRI_YES;
    g_assert_null(store_build(built.store, built.machine, built.sample.catalog, NULL,
                              BUILD_OPENCORE, &error));
    assert_message(error, ERROR_FAILED, "QEMU has");
    g_clear_error(&error);
    g_assert_null(store_rollback(built.store, "demo", &error));
    assert_message(error, ERROR_REFUSED, "no image of the boot loader before");
    close(fd);
    built_make(&built, BUILD_UPDATED);
    built_close(&built);
}

/* The DEBUG build is offered for the other one of the same archives, and for nothing else. */
static void the_other_build_is_found(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    Built built;
    if (!built_ready(&built, place))
        return;
    g_autofree char *image = in(place, IMAGE);
    g_autofree char *debug = store_opencore_debug(built.store, image);
    g_assert_nonnull(debug);
    g_assert_nonnull(strstr(debug, "/parts/OpenCore-DEBUG/"));
    g_assert_true(image_efi_write(image, "EFI/OC/OpenCore.efi", "another", 7, &error));
    g_assert_no_error(error);
    g_assert_null(store_opencore_debug(built.store, image));
    built_close(&built);
}

static void wrong_settings_are_refused(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    Built built;
    built_open(&built, place);
    built_put_parts(place);
    built_fetch(place, &built);
    g_autofree char *file = in(place, "store/machines/demo/machine.ini");
    g_assert_true(g_file_set_contents(
        file, "[machine]\nos=sonoma\n[config]\nMisc.Security.Vault = Secure\n", -1, NULL));
    built_fill(&built, "demo");
    g_assert_null(store_build(built.store, built.machine, built.sample.catalog, NULL,
                              BUILD_OPENCORE, &error));
    assert_message(error, ERROR_INPUT, "Misc.Security.Vault");
    built_close(&built);
}

/* A kext that is not what the configuration says of it, made into the image: refused by name. */
static void kexts_are_what_they_say(Place *place, gconstpointer data)
{
    static const guint8 I386[28] = {0xce, 0xfa, 0xed, 0xfe, 7, 0, 0, 0, 3, 0, 0, 0, 1};
    static const char FUTURE[] = "<key>OSBundleLibraries</key><dict><key>com.apple.kpi.bsd</key>"
                                 "<string>99.0.0</string></dict>";
    static const char NEWER[] = "<key>OSBundleLibraries</key><dict><key>as.vit9696.Lilu</key>"
                                "<string>9.0</string></dict>";
    static const struct {
        const char *more; /* of VirtualSMC's Info.plist */
        bool old;         /* its code has 32 bits */
        ErrorCode code;
        const char *words;
    } CASES[] = {
        {"", true, ERROR_INPUT,
         "VirtualSMC.kext 1.9.0 has no code of 64 bits, which the kernel of "
         "macOS 14 Sonoma needs"},
        {FUTURE, false, ERROR_REFUSED, "VirtualSMC.kext 1.9.0 links with com.apple.kpi.bsd 99.0.0"},
        {NEWER, false, ERROR_REFUSED,
         "VirtualSMC.kext 1.9.0 links with as.vit9696.Lilu 9.0 or newer, and Lilu.kext is 1.9.0"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GError) error = NULL;
        Built built;
        g_autofree char *store = in(place, "store");
        g_assert_true(os_remove(store, NULL));
        built_open(&built, place);
        built_put_parts(place);
        built_put_kext(place, "VirtualSMC", "as.vit9696.VirtualSMC", CASES[i].more);
        if (CASES[i].old)
            built_put(place, "mine/VirtualSMC.kext/Contents/MacOS/VirtualSMC", I386, sizeof I386);
        built_fetch(place, &built);
        g_assert_null(store_build(built.store, built.machine, built.sample.catalog, NULL,
                                  BUILD_OPENCORE, &error));
        assert_message(error, CASES[i].code, CASES[i].words);
        built_close(&built);
    }
}

/* Whether TEXT is in the file INNER of an image. */
static bool has_text(const Place *place, const char *image, const char *inner, const char *text)
{
    gsize length;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = in(place, image);
    g_autofree char *bytes = image_efi_read(path, inner, &length, &error);
    g_assert_no_error(error);
    return strstr(bytes, text) != NULL;
}

#define LILU "EFI/OC/Kexts/Lilu.kext/Contents/Info.plist"
#define CONFIG "EFI/OC/config.plist"

/* Other parts than those that the image was made of, as after an update: a new image, and back. */
static void an_update_can_be_taken_back(Place *place, gconstpointer data)
{
    static const char MARK[] = "<key>NSHumanReadableCopyright</key><string>update</string>";
    g_autoptr(GError) error = NULL;
    Built built;
    if (!built_ready(&built, place))
        return;
    built_make(&built, BUILD_KEPT);
    g_assert_false(has_text(place, IMAGE, LILU, MARK));

    g_autofree char *parts = in(place, "store/parts");
    g_assert_true(os_remove(parts, NULL));
    built_put_kext(place, "Lilu", "as.vit9696.Lilu", MARK);
    built_fetch(place, &built);
    built_make(&built, BUILD_UPDATED);
    g_assert_true(has_text(place, IMAGE, LILU, MARK));
    g_assert_false(has_text(place, IMAGE ".1", LILU, MARK));

    g_autoptr(GPtrArray) back = store_rollback(built.store, "demo", &error);
    g_assert_no_error(error);
    g_assert_false(has_text(place, IMAGE, LILU, MARK));
    g_assert_true(has_text(place, IMAGE ".1", LILU, MARK));
    built_close(&built);
}

/* Three before the newest, the newest of them first; the oldest goes. */
static void three_images_are_kept(Place *place, gconstpointer data)
{
    static const char *const FILES[] = {IMAGE, IMAGE ".1", IMAGE ".2", IMAGE ".3"};
    Built built;
    if (!built_ready(&built, place))
        return;
    for (guint i = 1; i <= 4; i++) {
        g_free(built.machine->opencore.language);
        built.machine->opencore.language = g_strdup_printf("xx-YY:%u", 60000 + i);
        built_make(&built, BUILD_UPDATED);
    }
    for (guint i = 0; i < G_N_ELEMENTS(FILES); i++) {
        g_autofree char *text = g_strdup_printf("xx-YY:%u", 60004 - i);
        g_autofree char *base64 = g_base64_encode((const guchar *)text, strlen(text));
        g_assert_true(has_text(place, FILES[i], CONFIG, base64));
    }
    g_autofree char *fifth = in(place, IMAGE ".4");
    g_assert_false(g_file_test(fifth, G_FILE_TEST_EXISTS));
    built_close(&built);
}

/* --- identity */

static void no_two_machines_are_the_same_mac(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    Built built;
    built_open(&built, place);
    put(place, "macserial", "#!/bin/sh\necho 'C02AAAAAAAAA | C02AAAAAAAAAAAAAA'\n");
    g_autofree char *program = in(place, "macserial");
    g_assert_cmpint(chmod(program, 0755), ==, 0);

    g_autoptr(Mac) placeholder = mac_of(built.store, built.machine, NULL, true, &error);
    g_assert_no_error(error);
    g_assert_true(placeholder->origin == MAC_PLACEHOLDER);
    g_assert_true(g_str_has_prefix(placeholder->serial, "W0000"));
    g_assert_cmpuint(strlen(placeholder->serial), ==, 12);
    g_assert_cmpuint(strlen(placeholder->board_serial), ==, 17);
    g_autoptr(Mac) same = mac_of(built.store, built.machine, NULL, true, &error);
    g_assert_cmpstr(same->serial, ==, placeholder->serial);

    /* macserial's numbers take its place, and stay. */
    g_autoptr(Mac) made = mac_of(built.store, built.machine, program, true, &error);
    g_assert_no_error(error);
    g_assert_true(made->origin == MAC_MADE);
    g_assert_cmpstr(made->serial, ==, "C02AAAAAAAAA");
    g_autoptr(Mac) kept = mac_of(built.store, built.machine, NULL, true, &error);
    g_assert_cmpstr(kept->board_serial, ==, made->board_serial);
    struct stat status;
    g_autofree char *file = in(place, "store/machines/demo/mac.ini");
    g_assert_cmpint(stat(file, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0600);

    built_create(&built, "other");
    g_autoptr(Mac) other = mac_of(built.store, built.machine, NULL, true, &error);
    g_assert_cmpstr(other->serial, !=, placeholder->serial);
    g_assert_null(mac_of(built.store, built.machine, program, true, &error));
    assert_message(error, ERROR_FAILED, "which other machines have");
    g_clear_error(&error);

    built.machine->opencore.serial = g_strdup("C02AAAAAAAAA");
    g_assert_null(mac_of(built.store, built.machine, NULL, true, &error));
    assert_message(error, ERROR_INPUT, "only one of");
    g_clear_error(&error);
    built.machine->opencore.board_serial = g_strdup("X0000000000000001");
    g_assert_null(mac_of(built.store, built.machine, NULL, true, &error));
    assert_message(error, ERROR_INPUT, "those of another machine");
    built_close(&built);
}

static void numbers_are_masked(void)
{
    g_autofree char *masked = mac_masked("C02AAAAAAAAB");
    g_assert_cmpstr(masked, ==, "C0********AB");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    PLACE_TEST("/store/opencore/missing", without_parts_it_says_how);
    PLACE_TEST("/store/opencore/files", the_image_has_its_files);
    PLACE_TEST("/store/opencore/keep", a_change_makes_a_new_one_and_keeps_the_old);
    PLACE_TEST("/store/opencore/open", what_a_guest_has_open_stays);
    PLACE_TEST("/store/opencore/debug", the_other_build_is_found);
    PLACE_TEST("/store/opencore/wrong", wrong_settings_are_refused);
    PLACE_TEST("/store/opencore/kexts", kexts_are_what_they_say);
    PLACE_TEST("/store/opencore/update", an_update_can_be_taken_back);
    PLACE_TEST("/store/opencore/kept", three_images_are_kept);
    PLACE_TEST("/store/mac/unique", no_two_machines_are_the_same_mac);
    g_test_add_func("/store/mac/masked", numbers_are_masked);
    return g_test_run();
}
