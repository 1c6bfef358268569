/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Machines made of others, and that no two of a store are the same Mac. */
#include "built.h"

#include "image/image.h"
#include "os/command.h"
#include "store/mac.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static MachineIdentity identity_of(const Built *built, const char *name)
{
    MachineIdentity identity = {0};
    g_autoptr(GError) error = NULL;
    g_autoptr(MachineChoices) choices =
        store_load(built->store, name, built->sample.catalog, &identity, &error);
    g_assert_no_error(error);
    return identity;
}

static bool clone_to(Built *built, const char *to, bool disk, StoreClone *ret, GError **error)
{
    return store_clone(built->store, "demo", to, disk, ret, error);
}

static void a_clone_has_an_identity_of_its_own(Place *place, gconstpointer data)
{
    static const char TEXT[] = "# mine\n[machine]\nos=sonoma\n[opencore]\nserial=C02AAAAAAAAA\n"
                               "board-serial=C02AAAAAAAAAAAAAA\nrom=112233445566\nverbose=yes\n"
                               "[config]\nMisc.Boot.Timeout = 7\n";
    g_autoptr(GError) error = NULL;
    StoreClone made;
    Built built;
    built_open(&built, place);
    put(place, "store/machines/demo/machine.ini", TEXT);
    put(place, "store/machines/demo/mac.ini", "[mac]\nmodel=x\n");
    put(place, "store/machines/demo/nvram.fd", "what the firmware knows");
    g_assert_true(clone_to(&built, "other", true, &made, &error));
    g_assert_no_error(error);
    g_assert_true(made.numbers);
    g_assert_false(made.disk); /* there is none yet */
    assert_file(place, "store/machines/other/machine.ini",
                "# mine\n[machine]\nos=sonoma\n[opencore]\nverbose=yes\n"
                "[config]\nMisc.Boot.Timeout = 7\n");
    g_autofree char *mac = in(place, "store/machines/other/mac.ini");
    g_autofree char *nvram = in(place, "store/machines/other/nvram.fd");
    g_assert_false(g_file_test(mac, G_FILE_TEST_EXISTS));
    g_assert_false(g_file_test(nvram, G_FILE_TEST_EXISTS));

    MachineIdentity one = identity_of(&built, "demo"), two = identity_of(&built, "other");
    g_assert_cmpstr(one.uuid, !=, two.uuid);
    g_assert_cmpstr(one.mac, !=, two.mac);
    machine_identity_clear(&one);
    machine_identity_clear(&two);

    /* Each gets numbers of its own. */
    built_fill(&built, "demo");
    g_autoptr(Mac) own = mac_of(built.store, built.machine, NULL, true, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(own->serial, ==, "C02AAAAAAAAA");
    built_fill(&built, "other");
    g_autoptr(Mac) its = mac_of(built.store, built.machine, NULL, true, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(its->serial, !=, own->serial);
    g_assert_cmpstr(its->board_serial, !=, own->board_serial);
    g_assert_cmpstr(its->rom, !=, own->rom);
    built_close(&built);
}

static void names_are_checked(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    StoreClone made;
    Built built;
    built_open(&built, place);
    g_assert_false(clone_to(&built, "demo", false, &made, &error));
    assert_message(error, ERROR_INPUT, "a machine 'demo' already");
    g_clear_error(&error);
    g_assert_false(clone_to(&built, "../x", false, &made, &error));
    assert_message(error, ERROR_INPUT, "'.' at position 1");
    g_clear_error(&error);
    g_assert_false(store_clone(built.store, "none", "other", false, &made, &error));
    assert_message(error, ERROR_INPUT, "There is no machine 'none'");
    g_auto(GStrv) names = store_list(built.store, NULL);
    g_assert_cmpuint(g_strv_length(names), ==, 1);
    built_close(&built);
}

/* QEMU's own lock: a read lock on one byte of its range. */
static int open_as_guest(const char *path)
{
    struct flock range = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 100, .l_len = 1};
    int fd = open(path, O_RDWR | O_CLOEXEC);
    g_assert_cmpint(fcntl(fd, F_OFD_SETLK, &range), ==, 0);
    return fd;
}

static void a_disk_is_copied_but_not_under_a_guest(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    StoreClone made;
    Built built;
    if (!has_programs((const char *[]){"qemu-img", "qemu-io", NULL}))
        return;
    built_open(&built, place);
    g_autofree char *disk = in(place, "store/machines/demo/disk.qcow2");
    g_autofree char *copy = in(place, "store/machines/other/disk.qcow2");
    g_assert_true(image_create_disk(disk, 64 << 20, &error));
    const char *const fill[] = {"qemu-io", "-f", "qcow2", "-c", "write -P 0x5a 1M 3M", disk, NULL};
    g_autoptr(OsOutput) filled = os_run(fill, NULL, &error);
    g_assert_no_error(error);

    int fd = open_as_guest(disk);
    g_assert_false(clone_to(&built, "other", true, &made, &error));
    assert_message(error, ERROR_FAILED, "The disk of machine 'demo' was not copied: QEMU has");
    g_clear_error(&error);
    g_assert_false(store_is_taken(built.store, "other")); /* nothing of it stayed */
    close(fd);

    g_assert_true(clone_to(&built, "other", true, &made, &error));
    g_assert_no_error(error);
    g_assert_true(made.disk);
    const char *const compare[] = {"qemu-img", "compare", "-s", disk, copy, NULL};
    g_autoptr(OsOutput) same = os_run(compare, &(OsRunOptions){.any_status = true}, &error);
    g_assert_no_error(error);
    g_assert_cmpint(same->status, ==, 0);

    g_assert_true(clone_to(&built, "third", false, &made, &error));
    g_assert_false(made.disk);
    built_close(&built);
}

static void copy_file(const Place *place, const char *from, const char *to)
{
    gsize length;
    g_autofree char *bytes = built_contents(place, from, &length);
    built_put(place, to, bytes, length);
}

/* As somebody does who copies the folder by hand. */
static void a_folder_that_was_copied_is_refused(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    Built built;
    built_open(&built, place);
    g_autoptr(Mac) first = mac_of(built.store, built.machine, NULL, true, &error);
    g_assert_no_error(error);
    copy_file(place, "store/machines/demo/machine.ini", "store/machines/copy/machine.ini");
    copy_file(place, "store/machines/demo/identity.ini", "store/machines/copy/identity.ini");
    copy_file(place, "store/machines/demo/mac.ini", "store/machines/copy/mac.ini");
    built_fill(&built, "copy");
    g_assert_null(
        store_build(built.store, built.machine, built.sample.catalog, NULL, BUILD_DOMAIN, &error));
    assert_message(error, ERROR_INPUT, "has the UUID or the MAC address of machine 'demo'");
    g_clear_error(&error);

    /* With another UUID it is the MAC address that is the same, whatever its letters. */
    g_autofree char *upper = g_ascii_strup(built.machine->identity.mac, -1);
    g_autofree char *text = g_strdup_printf("[identity]\nuuid=%s\nmac=%s\n",
                                            "6ba7b810-9dad-41d1-80b4-00c04fd430c8", upper);
    put(place, "store/machines/copy/identity.ini", text);
    built_fill(&built, "copy");
    g_assert_null(
        store_build(built.store, built.machine, built.sample.catalog, NULL, BUILD_DOMAIN, &error));
    assert_message(error, ERROR_INPUT, "has the UUID or the MAC address of machine 'demo'");
    g_clear_error(&error);

    put(place, "store/machines/copy/identity.ini",
        "[identity]\nuuid=6ba7b810-9dad-41d1-80b4-00c04fd430c8\nmac=52:54:00:00:00:01\n");
    built_fill(&built, "copy");
    g_assert_null(mac_of(built.store, built.machine, NULL, true, &error));
    assert_message(error, ERROR_INPUT, "has the serial numbers of machine 'demo'");
    g_clear_error(&error);
    g_autofree char *mac = in(place, "store/machines/copy/mac.ini");
    g_assert_cmpint(unlink(mac), ==, 0);
    g_autoptr(Mac) other = mac_of(built.store, built.machine, NULL, true, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(other->serial, !=, first->serial);
    built_close(&built);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    PLACE_TEST("/store/clone/identity", a_clone_has_an_identity_of_its_own);
    PLACE_TEST("/store/clone/names", names_are_checked);
    PLACE_TEST("/store/clone/disk", a_disk_is_copied_but_not_under_a_guest);
    PLACE_TEST("/store/clone/by-hand", a_folder_that_was_copied_is_refused);
    return g_test_run();
}
