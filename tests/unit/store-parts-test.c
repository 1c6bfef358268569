/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Archives of the boot loader: fetched, locked, compared, and refused. */
#include "archive.h"

#include "os/files.h"
#include "store/parts.h"

#include <string.h>
#include <sys/stat.h>

#define PLIST(version)                                                                             \
    "<plist version=\"1.0\"><dict><key>CFBundleIdentifier</key><string>as.Hide</string>"           \
    "<key>CFBundleVersion</key><string>" version "</string>"                                       \
    "<key>CFBundleExecutable</key><string>VMHide</string>"                                         \
    "<key>CFBundlePackageType</key><string>KEXT</string></dict></plist>"

/* The header of a Mach-O of 64 bits with no commands. */
static const guint8 PROGRAM[40] = {0xcf, 0xfa, 0xed, 0xfe, 7, 0, 0, 1, 3, 0, 0, 0, 11};

static void write_hide(const Place *place, const char *folder, const char *plist, gsize program)
{
    g_autofree char *name = g_strconcat(folder, "/VMHide-2.0.0-RELEASE.zip", NULL);
    g_autofree char *path = in(place, folder);
    Zip *zip = zip_new();
    g_assert_true(os_make_folders(path, 0755, NULL));
    zip_add(zip, "VMHide.kext/Contents/Info.plist", plist);
    zip_add_full(zip, "VMHide.kext/Contents/MacOS/VMHide", PROGRAM, program, S_IFREG | 0755,
                 BIT_UTF8);
    zip_add(zip, "VMHide.kext.dSYM/Contents/Info.plist", "of no use");
    zip_write_as(zip, place, name);
}

typedef struct {
    Store *store;
    Parts *parts;
    const Part *part;
} Given;

static void given_open(Given *given, const Place *place, const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = in(place, "store");
    given->store = store_open(path, &error);
    g_assert_no_error(error);
    given->parts = parts_load(&error);
    g_assert_no_error(error);
    given->part = parts_find(given->parts, name);
    g_assert_nonnull(given->part);
}

static void given_close(Given *given)
{
    parts_free(given->parts);
    store_free(given->store);
}

static bool fetch_from(Given *given, const Place *place, const char *folder, FetchResult *result,
                       GError **error)
{
    g_autofree char *from = in(place, folder);
    const StoreFetchOptions options = {.from = from};
    return store_fetch(given->store, given->parts, given->part, &options, result, error);
}

static void without_a_pin_the_first_is_locked(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    FetchResult result;
    Given given;
    given_open(&given, place, "VMHide");
    g_assert_null(store_part_folder(given.store, given.part, NULL, NULL, &error));
    assert_message(error, ERROR_MISSING, "rootstock opencore fetch");
    g_clear_error(&error);

    write_hide(place, "first", PLIST("2.0.0"), sizeof PROGRAM);
    fetch_from(&given, place, "first", &result, &error);
    g_assert_no_error(error);
    g_assert_true(result == FETCH_LOCKED);
    fetch_from(&given, place, "first", &result, &error);
    g_assert_no_error(error);
    g_assert_true(result == FETCH_KEPT);

    g_autofree char *folder = store_part_folder(given.store, given.part, NULL, NULL, &error);
    g_assert_no_error(error);
    g_autofree char *plist = g_build_filename(folder, "VMHide.kext/Contents/Info.plist", NULL);
    g_assert_true(g_file_test(plist, G_FILE_TEST_EXISTS));
    g_autofree char *symbols = g_build_filename(folder, "VMHide.kext.dSYM", NULL);
    g_assert_false(g_file_test(symbols, G_FILE_TEST_EXISTS)); /* only what is used */

    /* The same version with other bytes is somebody else's. */
    g_assert_true(os_remove(folder, NULL));
    write_hide(place, "second", PLIST("2.0.0 "), sizeof PROGRAM);
    g_assert_false(fetch_from(&given, place, "second", &result, &error));
    assert_message(error, ERROR_FAILED, "is not the archive that was seen first");
    g_clear_error(&error);
    g_assert_false(g_file_test(folder, G_FILE_TEST_EXISTS));

    /* And the one that was seen first still comes. */
    fetch_from(&given, place, "first", &result, &error);
    g_assert_no_error(error);
    g_assert_true(result == FETCH_TAKEN);
    given_close(&given);
}

static void what_was_changed_is_not_used(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    FetchResult result;
    Given given;
    given_open(&given, place, "VMHide");
    write_hide(place, "first", PLIST("2.0.0"), sizeof PROGRAM);
    g_assert_true(fetch_from(&given, place, "first", &result, NULL));
    put(place, "store/parts/VMHide/2.0.0/VMHide.kext/Contents/MacOS/VMHide", "something else");
    g_assert_null(store_part_folder(given.store, given.part, NULL, NULL, &error));
    assert_message(error, ERROR_FAILED, "somebody has changed it");
    g_clear_error(&error);
    /* It is fetched anew, as it is not whole. */
    fetch_from(&given, place, "first", &result, &error);
    g_assert_no_error(error);
    g_assert_true(result == FETCH_TAKEN);
    g_autofree char *folder = store_part_folder(given.store, given.part, NULL, NULL, &error);
    g_assert_no_error(error);
    given_close(&given);
}

static void a_pin_is_kept(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    FetchResult result;
    Given given;
    Zip *zip = zip_new();
    given_open(&given, place, "Lilu");
    zip_add(zip, "Lilu.kext/Contents/Info.plist", PLIST("1.7.2"));
    put(place, "from/.keep", "");
    zip_write_as(zip, place, "from/Lilu-1.7.2-RELEASE.zip");
    g_assert_false(fetch_from(&given, place, "from", &result, &error));
    assert_message(error, ERROR_FAILED, "Lilu 1.7.2 was not fetched");
    g_autofree char *lock = in(place, "store/parts/lock");
    g_assert_false(g_file_test(lock, G_FILE_TEST_EXISTS));
    given_close(&given);
}

static void a_kext_that_is_none_is_refused(Place *place, gconstpointer data)
{
    static const char *const MESSAGES[] = {"is no executable of a kext", "is none of a kext"};
    g_autoptr(GError) error = NULL;
    FetchResult result;
    Given given;
    given_open(&given, place, "VMHide");
    for (guint i = 0; i < 2; i++) {
        write_hide(place, "from", i == 0 ? PLIST("2.0.0") : "<plist><dict/></plist>",
                   i == 0 ? 20 : sizeof PROGRAM);
        g_assert_false(fetch_from(&given, place, "from", &result, &error));
        assert_message(error, ERROR_INPUT, MESSAGES[i]);
        g_clear_error(&error);
    }
    g_autofree char *folder = in(place, "store/parts/VMHide");
    g_assert_false(g_file_test(folder, G_FILE_TEST_EXISTS));
    given_close(&given);
}

/* An EFI folder that somebody has: the kext's own version counts, not the table's. */
static void an_unpacked_folder_is_taken(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    FetchResult result;
    Given given;
    given_open(&given, place, "VMHide");
    put(place, "mine/EFI/OC/Kexts/VMHide.kext/Contents/Info.plist", PLIST("1.9.1"));
    g_autofree char *program = in(place, "mine/EFI/OC/Kexts/VMHide.kext/Contents/MacOS/VMHide");
    g_autofree char *folder = g_path_get_dirname(program);
    g_assert_true(os_make_folders(folder, 0755, NULL));
    g_assert_true(g_file_set_contents(program, (const char *)PROGRAM, sizeof PROGRAM, NULL));

    fetch_from(&given, place, "mine", &result, &error);
    g_assert_no_error(error);
    g_assert_true(result == FETCH_LOCKED);
    g_autofree char *version = NULL;
    g_autofree char *taken = store_part_folder(given.store, given.part, &version, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(version, ==, "1.9.1");
    fetch_from(&given, place, "mine", &result, &error);
    g_assert_no_error(error);
    g_assert_true(result == FETCH_KEPT);

    given.part = parts_find(given.parts, "Lilu");
    fetch_from(&given, place, "mine", &result, &error);
    g_assert_no_error(error);
    g_assert_true(result == FETCH_ABSENT);
    given_close(&given);
}

static void links_in_a_folder_are_refused(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    FetchResult result;
    Given given;
    given_open(&given, place, "VMHide");
    put(place, "mine/VMHide.kext/Contents/Info.plist", PLIST("1.9.1"));
    put_link(place, "mine/VMHide.kext/Contents/MacOS", "/etc");
    g_assert_false(fetch_from(&given, place, "mine", &result, &error));
    assert_message(error, ERROR_INPUT, "neither a file nor a folder");
    given_close(&given);
}

static void archives_are_recognized(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    Given given;
    given_open(&given, place, "VMHide");
    write_hide(place, "from", PLIST("2.0.0"), sizeof PROGRAM);
    g_autofree char *path = in(place, "from/VMHide-2.0.0-RELEASE.zip");
    g_assert_true(store_recognize(given.parts, path, &error) == given.part);
    put(place, "from/other.zip", "x");
    g_autofree char *other = in(place, "from/other.zip");
    g_assert_null(store_recognize(given.parts, other, &error));
    assert_message(error, ERROR_INPUT, "none of the archives");
    given_close(&given);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    PLACE_TEST("/store/parts/lock", without_a_pin_the_first_is_locked);
    PLACE_TEST("/store/parts/changed", what_was_changed_is_not_used);
    PLACE_TEST("/store/parts/pin", a_pin_is_kept);
    PLACE_TEST("/store/parts/wrong", a_kext_that_is_none_is_refused);
    PLACE_TEST("/store/parts/folder", an_unpacked_folder_is_taken);
    PLACE_TEST("/store/parts/links", links_in_a_folder_are_refused);
    PLACE_TEST("/store/parts/recognize", archives_are_recognized);
    return g_test_run();
}
