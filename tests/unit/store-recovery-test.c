/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recovery of macOS on the boot loader's disk: what is taken, what is refused, and the image. The
 * files are made by the test and hold nothing of Apple's. */
#include "built.h"

#include "image/image.h"
#include "store/recovery.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define MIB (1024 * 1024)
#define CHUNK (10 * MIB)
#define IMAGE "store/machines/demo/opencore.img"

static void put_number(guint8 *at, guint64 value, guint bytes)
{
    for (guint i = 0; i < bytes; i++)
        at[i] = (guint8)(value >> 8 * i);
}

/* A list for an image of LENGTH bytes, with digests and a signature of zeros. */
static GByteArray *make_list(guint64 length, guint8 method)
{
    guint64 count = (length + CHUNK - 1) / CHUNK;
    gsize signature = method == 1 ? 256 : 32;
    GByteArray *list = g_byte_array_new();
    g_byte_array_set_size(list, (guint)(36 + 36 * count + signature));
    memset(list->data, 0, list->len);
    memcpy(list->data, "CNKL", 4);
    put_number(list->data + 4, 36, 4);
    list->data[8] = list->data[9] = 1;
    list->data[10] = method;
    put_number(list->data + 12, count, 8);
    put_number(list->data + 20, 36, 8);
    put_number(list->data + 28, 36 + 36 * count, 8);
    for (guint64 i = 0; i < count; i++)
        put_number(list->data + 36 + 36 * i, MIN(CHUNK, length - i * CHUNK), 4);
    return list;
}

static void put_list(const Place *place, const char *name, guint64 length, guint8 method)
{
    g_autoptr(GByteArray) list = make_list(length, method);
    built_put(place, name, list->data, list->len);
}

/* A file without blocks on the disk. */
static void put_sparse(const Place *place, const char *name, guint64 length)
{
    g_autofree char *path = in(place, name);
    built_put(place, name, "koly", 4);
    g_assert_cmpint(truncate(path, (off_t)length), ==, 0);
}

static Recovery *open_in(const Place *place, const char *folder, GError **error)
{
    g_autofree char *path = in(place, folder);
    return recovery_open(path, error);
}

static void assert_refused(const Place *place, const char *words)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(open_in(place, "r", &error));
    assert_message(error, ERROR_INPUT, words);
}

static void both_names_and_folders_will_do(Place *place, gconstpointer data)
{
    static const struct {
        const char *image, *list;
        guint8 method;
    } CASES[] = {
        {"a/BaseSystem.dmg", "a/BaseSystem.chunklist", 1},
        {"b/RecoveryImage.dmg", "b/RecoveryImage.chunklist", 2},
        {"c/" RECOVERY_FOLDER "/BaseSystem.dmg", "c/" RECOVERY_FOLDER "/BaseSystem.chunklist", 1},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GError) error = NULL;
        put_sparse(place, CASES[i].image, 25 * MIB + 7);
        put_list(place, CASES[i].list, 25 * MIB + 7, CASES[i].method);
        g_autofree char *folder = g_strndup(CASES[i].image, 1);
        g_autoptr(Recovery) recovery = open_in(place, folder, &error);
        g_assert_no_error(error);
        g_autofree char *image = in(place, CASES[i].image);
        g_assert_cmpstr(recovery->image, ==, image);
        g_assert_cmpint(recovery->is_signed, ==, CASES[i].method == 1);
        g_assert_cmpuint(recovery->bytes, >, 25 * MIB + 7);
    }
}

static void what_is_none_is_refused(Place *place, gconstpointer data)
{
    put(place, "r/other", "x");
    assert_refused(place, "There is no recovery of macOS in");
    put_sparse(place, "r/BaseSystem.dmg", 3 * MIB);
    assert_refused(place, "BaseSystem.chunklist' cannot be used");
    put(place, "r/BaseSystem.chunklist", "<html>not found</html>");
    assert_refused(place, "no chunk list of Apple's");
    put_list(place, "r/BaseSystem.chunklist", 3 * MIB + 1, 1);
    assert_refused(place, "One of them was cut off");
    put(place, "r/BaseSystem.dmg", "<html>not found</html>");
    assert_refused(place, "too small for a recovery");
    put_sparse(place, "r/BaseSystem.dmg", G_MAXUINT32 + G_GUINT64_CONSTANT(1));
    put_list(place, "r/BaseSystem.chunklist", G_MAXUINT32 + G_GUINT64_CONSTANT(1), 1);
    assert_refused(place, "less than 4 GiB");
    g_autofree char *image = in(place, "r/BaseSystem.dmg");
    g_assert_cmpint(unlink(image), ==, 0);
    put_link(place, "r/BaseSystem.dmg", "/etc/hostname");
    assert_refused(place, "no ordinary file");
}

/* Every byte of the header that says how to read the list, and every length of it. */
static void a_broken_list_is_refused(Place *place, gconstpointer data)
{
    static const guint FREE[] = {11}; /* padding */
    g_autoptr(GByteArray) list = make_list(15 * MIB, 1);
    put_sparse(place, "r/BaseSystem.dmg", 15 * MIB);
    for (guint i = 0; i < 36 + 4; i++) {
        if (i == FREE[0])
            continue;
        list->data[i] ^= 0x40;
        built_put(place, "r/BaseSystem.chunklist", list->data, list->len);
        g_autoptr(Recovery) recovery = open_in(place, "r", NULL);
        if (recovery != NULL)
            g_error("byte %u does not count", i);
        list->data[i] ^= 0x40;
    }
    for (guint length = 0; length < list->len; length += 7) {
        built_put(place, "r/BaseSystem.chunklist", list->data, length);
        g_assert_null(open_in(place, "r", NULL));
    }
    put_number(list->data + 12, G_MAXUINT64 / 36 + 2, 8); /* times 36 it is small again */
    built_put(place, "r/BaseSystem.chunklist", list->data, list->len);
    g_assert_null(open_in(place, "r", NULL));
}

static void assert_same(const Place *place, const char *inner, const char *name)
{
    gsize length, expected_length;
    g_autoptr(GError) error = NULL;
    g_autofree char *image = in(place, IMAGE);
    g_autofree char *bytes = image_efi_read(image, inner, &length, &error);
    g_assert_no_error(error);
    g_autofree char *expected = built_contents(place, name, &expected_length);
    g_assert_cmpmem(bytes, length, expected, expected_length);
}

static void the_image_has_it_and_grows(Place *place, gconstpointer data)
{
    struct stat status;
    Built built;
    if (!built_ready(&built, place))
        return;
    guint length_of_image = 3 * MIB + 100;
    g_autofree char *bytes = g_malloc(length_of_image);
    for (guint i = 0; i < length_of_image; i++)
        bytes[i] = (char)(i * 2654435761u >> 24);
    built_put(place, "r/BaseSystem.dmg", bytes, length_of_image);
    put_list(place, "r/BaseSystem.chunklist", length_of_image, 1);
    built.machine->opencore.recovery = in(place, "r");
    built_make(&built, BUILD_UPDATED);
    g_autofree char *image = in(place, IMAGE);
    g_assert_cmpint(stat(image, &status), ==, 0);
    g_assert_cmpint(status.st_size, ==, (512 + 4) * MIB);
    assert_same(place, RECOVERY_FOLDER "/BaseSystem.dmg", "r/BaseSystem.dmg");
    assert_same(place, RECOVERY_FOLDER "/BaseSystem.chunklist", "r/BaseSystem.chunklist");
    built_make(&built, BUILD_KEPT);

    /* Another one makes another image, and the same one the same bytes. */
    bytes[length_of_image / 2] ^= 1;
    built_put(place, "r/BaseSystem.dmg", bytes, length_of_image);
    built_make(&built, BUILD_UPDATED);
    bytes[length_of_image / 2] ^= 1;
    built_put(place, "r/BaseSystem.dmg", bytes, length_of_image);
    built_make(&built, BUILD_UPDATED);
    g_assert_true(built_equal(place, IMAGE, IMAGE ".2"));
    g_assert_false(built_equal(place, IMAGE, IMAGE ".1"));

    /* A folder that has gone is said, with the way out. */
    g_autofree char *folder = in(place, "r"), *away = in(place, "away");
    g_assert_cmpint(rename(folder, away), ==, 0);
    g_autoptr(GError) error = NULL;
    g_assert_null(store_build(built.store, built.machine, built.sample.catalog, NULL,
                              BUILD_OPENCORE, &error));
    assert_message(error, ERROR_INPUT, "`rootstock build demo --no-recovery`");
    g_clear_pointer(&built.machine->opencore.recovery, g_free);
    built_make(&built, BUILD_UPDATED);
    g_assert_cmpint(stat(image, &status), ==, 0);
    g_assert_cmpint(status.st_size, ==, 512 * MIB);
    built_close(&built);
}

static long peak_kib(int who)
{
    struct rusage usage;
    g_assert_cmpint(getrusage(who, &usage), ==, 0);
    return usage.ru_maxrss;
}

static void memory_stays_flat(Place *place, gconstpointer data)
{
    Built built;
    if (!built_ready(&built, place))
        return;
    put_sparse(place, "r/BaseSystem.dmg", 160 * MIB);
    put_list(place, "r/BaseSystem.chunklist", 160 * MIB, 1);
    built.machine->opencore.recovery = in(place, "r");
    long own = peak_kib(RUSAGE_SELF), children = peak_kib(RUSAGE_CHILDREN);
    built_make(&built, BUILD_UPDATED);
    g_test_message("%ld KiB more here, %ld KiB more in mtools", peak_kib(RUSAGE_SELF) - own,
                   peak_kib(RUSAGE_CHILDREN) - children);
    g_assert_cmpint(peak_kib(RUSAGE_SELF) - own, <, 32 * 1024);
    g_assert_cmpint(peak_kib(RUSAGE_CHILDREN) - children, <, 32 * 1024);
    built_close(&built);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    PLACE_TEST("/store/recovery/memory", memory_stays_flat); /* first: a peak is one for good */
    PLACE_TEST("/store/recovery/names", both_names_and_folders_will_do);
    PLACE_TEST("/store/recovery/refused", what_is_none_is_refused);
    PLACE_TEST("/store/recovery/list", a_broken_list_is_refused);
    PLACE_TEST("/store/recovery/image", the_image_has_it_and_grows);
    return g_test_run();
}
