/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The boot loader's image of a machine, made from parts that the test puts into the store: its
 * files, its identity, what is kept and what is taken back. */
#include "place.h"
#include "sample.h"

#include "os/command.h"
#include "os/files.h"
#include "store/build.h"
#include "store/mac.h"
#include "store/parts.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Headers of programs: a Mach-O of 64 bits and EFI programs (application, driver). */
static const guint8 MACHO[40] = {0xcf, 0xfa, 0xed, 0xfe, 7, 0, 0, 1, 3, 0, 0, 0, 11};

static void put_bytes(const Place *place, const char *name, const void *bytes, gsize length)
{
    g_autofree char *path = in(place, name);
    g_autofree char *folder = g_path_get_dirname(path);
    g_assert_true(os_make_folders(folder, 0755, NULL));
    g_assert_true(g_file_set_contents(path, bytes, (gssize)length, NULL));
}

static void put_efi(const Place *place, const char *name, guint8 subsystem)
{
    guint8 data[512] = {'M',           'Z',           [0x3c] = 0x80, [0x80] = 'P',  [0x81] = 'E',
                        [0x84] = 0x64, [0x85] = 0x86, [0x94] = 112,  [0x98] = 0x0b, [0x99] = 0x02};
    data[0x98 + 68] = subsystem;
    put_bytes(place, name, data, sizeof data);
}

static void put_kext(const Place *place, const char *name, const char *id, const char *more)
{
    g_autofree char *plist = g_strdup_printf("mine/%s.kext/Contents/Info.plist", name);
    g_autofree char *program = g_strdup_printf("mine/%s.kext/Contents/MacOS/%s", name, name);
    g_autofree char *text = g_strdup_printf(
        "<plist version=\"1.0\"><dict><key>CFBundleIdentifier</key><string>%s</string>"
        "<key>CFBundleVersion</key><string>1.9.0</string>"
        "<key>CFBundleExecutable</key><string>%s</string>"
        "<key>OSBundleCompatibleVersion</key><string>1.0</string>"
        "<key>CFBundlePackageType</key><string>KEXT</string>%s</dict></plist>",
        id, name, more);
    put(place, plist, text);
    put_bytes(place, program, MACHO, sizeof MACHO);
}

/* A folder with all that a machine without a card needs. */
static void put_parts(const Place *place)
{
    static const char LILU[] = "<key>OSBundleLibraries</key><dict><key>as.vit9696.Lilu</key>"
                               "<string>1.2.0</string></dict>";
    put_efi(place, "mine/EFI/BOOT/BOOTx64.efi", 10);
    put_efi(place, "mine/EFI/OC/OpenCore.efi", 10);
    put_efi(place, "mine/EFI/OC/Drivers/OpenRuntime.efi", 12);
    put_efi(place, "mine/EFI/OC/Drivers/OpenHfsPlus.efi", 11);
    put_efi(place, "mine/EFI/OC/Drivers/ResetNvramEntry.efi", 11);
    put_kext(place, "Lilu", "as.vit9696.Lilu", "");
    put_kext(place, "VirtualSMC", "as.vit9696.VirtualSMC", LILU);
    put_kext(place, "RestrictEvents", "as.vit9696.RestrictEvents", LILU);
}

typedef struct {
    Sample sample;
    Store *store;
    Machine *machine;
} Given;

static void fetch_all(const Place *place, Given *given)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *from = in(place, "mine");
    const StoreFetchOptions options = {.from = from};
    g_autoptr(Parts) parts = parts_load(&error);
    for (guint i = 0; i < parts->parts->len; i++) {
        FetchResult result;
        store_fetch(given->store, parts, g_ptr_array_index(parts->parts, i), &options, &result,
                    &error);
        g_assert_no_error(error);
    }
}

static void fill(Given *given, const char *name)
{
    g_autoptr(GError) error = NULL;
    MachineIdentity identity = {0};
    g_clear_pointer(&given->machine, machine_free);
    g_autoptr(MachineChoices) choices =
        store_load(given->store, name, given->sample.catalog, &identity, &error);
    g_assert_no_error(error);
    given->machine = machine_fill(name, choices, &identity, given->sample.facts,
                                  given->sample.catalog, given->sample.verdict, &error);
    g_assert_no_error(error);
    machine_identity_clear(&identity);
}

static void create(Given *given, const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(MachineChoices) choices = machine_choices_new();
    choices->os = g_strdup("sonoma");
    g_assert_true(store_create(given->store, name, choices, &error));
    g_assert_no_error(error);
    fill(given, name);
}

static void given_open(Given *given, const Place *place)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = in(place, "store");
    *given = (Given){0};
    sample_open(&given->sample);
    given->store = store_open(path, &error);
    g_assert_no_error(error);
    create(given, "demo");
}

static void given_close(Given *given)
{
    machine_free(given->machine);
    store_free(given->store);
    sample_close(&given->sample);
}

static bool can_build(void)
{
    return has_programs((const char *[]){"mkfs.fat", "mcopy", "mdir", NULL});
}

static void build(Given *given, BuildAction expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) results = store_build(given->store, given->machine, given->sample.catalog,
                                               NULL, BUILD_OPENCORE, &error);
    g_assert_no_error(error);
    const BuildResult *result = g_ptr_array_index(results, 0);
    g_assert_cmpstr(build_action_name(result->action), ==, build_action_name(expected));
}

/* A machine whose image was made; false where the tools for it are missing. */
static bool given_built(Given *given, const Place *place)
{
    if (!can_build())
        return false;
    given_open(given, place);
    put_parts(place);
    fetch_all(place, given);
    build(given, BUILD_MADE);
    return true;
}

static char *contents(const Place *place, const char *name, gsize *length)
{
    g_autofree char *path = in(place, name);
    char *bytes = NULL;
    g_assert_true(g_file_get_contents(path, &bytes, length, NULL));
    return bytes;
}

#define IMAGE "store/machines/demo/opencore.img"

static void without_parts_it_says_how(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    Given given;
    given_open(&given, place);
    g_assert_null(store_build(given.store, given.machine, given.sample.catalog, NULL,
                              BUILD_OPENCORE, &error));
    assert_message(error, ERROR_MISSING, "rootstock opencore fetch");
    g_assert_nonnull(strstr(error->message, "OpenCore-DEBUG 1.0.7, Lilu"));
    given_close(&given);
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
    Given given;
    struct stat status;
    if (!given_built(&given, place))
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
    g_autofree char *xml = store_domain_xml(given.store, given.machine, NULL);
    const char *boot = strstr(xml, image), *disk = strstr(xml, "disk.qcow2");
    g_assert_true(boot != NULL && disk != NULL && boot < disk);
    given_close(&given);
}

static void a_change_makes_a_new_one_and_keeps_the_old(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    gsize length;
    Given given;
    if (!given_built(&given, place))
        return;
    g_autofree char *first = contents(place, IMAGE, &length);
    build(&given, BUILD_KEPT);
    given.machine->opencore.verbose = TRI_YES;
    build(&given, BUILD_UPDATED);
    g_autofree char *second = contents(place, IMAGE, &length);
    g_assert_cmpint(memcmp(first, second, length), !=, 0);
    g_autofree char *kept = contents(place, IMAGE ".1", &length);
    g_assert_cmpmem(first, length, kept, length);

    /* The same input gives the same bytes. */
    given.machine->opencore.verbose = TRI_UNKNOWN;
    build(&given, BUILD_UPDATED);
    g_autofree char *third = contents(place, IMAGE, &length);
    g_assert_cmpmem(first, length, third, length);

    /* Back to the one before, which stays until a new one is asked for. */
    g_autoptr(GPtrArray) back = store_rollback(given.store, "demo", &error);
    g_assert_no_error(error);
    g_autofree char *again = contents(place, IMAGE, &length);
    g_assert_cmpmem(second, length, again, length);
    g_autoptr(GPtrArray) results = store_build(given.store, given.machine, given.sample.catalog,
                                               NULL, BUILD_OPENCORE | BUILD_DOMAIN, &error);
    g_assert_no_error(error);
    g_assert_true(((BuildResult *)g_ptr_array_index(results, 0))->action == BUILD_KEPT);
    build(&given, BUILD_UPDATED); /* --only opencore */
    given_close(&given);
}

static void what_a_guest_has_open_stays(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    Given given;
    /* QEMU's own lock: a read lock on one byte of its range. */
    struct flock range = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 100, .l_len = 1};
    if (!given_built(&given, place))
        return;
    g_autofree char *image = in(place, IMAGE);
    int fd = open(image, O_RDWR | O_CLOEXEC);
    g_assert_cmpint(fcntl(fd, F_OFD_SETLK, &range), ==, 0);
    given.machine->opencore.verbose = TRI_YES;
    g_assert_null(store_build(given.store, given.machine, given.sample.catalog, NULL,
                              BUILD_OPENCORE, &error));
    assert_message(error, ERROR_FAILED, "QEMU has");
    g_clear_error(&error);
    g_assert_null(store_rollback(given.store, "demo", &error));
    assert_message(error, ERROR_REFUSED, "no image of the boot loader before");
    close(fd);
    build(&given, BUILD_UPDATED);
    given_close(&given);
}

static void wrong_settings_are_refused(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    Given given;
    given_open(&given, place);
    put_parts(place);
    fetch_all(place, &given);
    g_autofree char *file = in(place, "store/machines/demo/machine.ini");
    g_assert_true(g_file_set_contents(
        file, "[machine]\nos=sonoma\n[config]\nMisc.Security.Vault = Secure\n", -1, NULL));
    fill(&given, "demo");
    g_assert_null(store_build(given.store, given.machine, given.sample.catalog, NULL,
                              BUILD_OPENCORE, &error));
    assert_message(error, ERROR_INPUT, "Misc.Security.Vault");
    given_close(&given);
}

/* --- identity */

static void no_two_machines_are_the_same_mac(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    Given given;
    given_open(&given, place);
    put(place, "macserial", "#!/bin/sh\necho 'C02AAAAAAAAA | C02AAAAAAAAAAAAAA'\n");
    g_autofree char *program = in(place, "macserial");
    g_assert_cmpint(chmod(program, 0755), ==, 0);

    g_autoptr(Mac) placeholder = mac_of(given.store, given.machine, NULL, true, &error);
    g_assert_no_error(error);
    g_assert_true(placeholder->origin == MAC_PLACEHOLDER);
    g_assert_true(g_str_has_prefix(placeholder->serial, "W0000"));
    g_assert_cmpuint(strlen(placeholder->serial), ==, 12);
    g_assert_cmpuint(strlen(placeholder->board_serial), ==, 17);
    g_autoptr(Mac) same = mac_of(given.store, given.machine, NULL, true, &error);
    g_assert_cmpstr(same->serial, ==, placeholder->serial);

    /* macserial's numbers take its place, and stay. */
    g_autoptr(Mac) made = mac_of(given.store, given.machine, program, true, &error);
    g_assert_no_error(error);
    g_assert_true(made->origin == MAC_MADE);
    g_assert_cmpstr(made->serial, ==, "C02AAAAAAAAA");
    g_autoptr(Mac) kept = mac_of(given.store, given.machine, NULL, true, &error);
    g_assert_cmpstr(kept->board_serial, ==, made->board_serial);
    struct stat status;
    g_autofree char *file = in(place, "store/machines/demo/mac.ini");
    g_assert_cmpint(stat(file, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0600);

    create(&given, "other");
    g_autoptr(Mac) other = mac_of(given.store, given.machine, NULL, true, &error);
    g_assert_cmpstr(other->serial, !=, placeholder->serial);
    g_assert_null(mac_of(given.store, given.machine, program, true, &error));
    assert_message(error, ERROR_FAILED, "which other machines have");
    g_clear_error(&error);

    given.machine->opencore.serial = g_strdup("C02AAAAAAAAA");
    g_assert_null(mac_of(given.store, given.machine, NULL, true, &error));
    assert_message(error, ERROR_INPUT, "only one of");
    g_clear_error(&error);
    given.machine->opencore.board_serial = g_strdup("X0000000000000001");
    g_assert_null(mac_of(given.store, given.machine, NULL, true, &error));
    assert_message(error, ERROR_INPUT, "those of another machine");
    given_close(&given);
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
    PLACE_TEST("/store/opencore/wrong", wrong_settings_are_refused);
    PLACE_TEST("/store/mac/unique", no_two_machines_are_the_same_mac);
    g_test_add_func("/store/mac/masked", numbers_are_masked);
    return g_test_run();
}
