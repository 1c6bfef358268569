/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "built.h"

#include "os/files.h"
#include "store/parts.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PIECE (1024 * 1024)

/* Headers of programs: a Mach-O of 64 bits and EFI programs (application, driver). */
static const guint8 MACHO[40] = {0xcf, 0xfa, 0xed, 0xfe, 7, 0, 0, 1, 3, 0, 0, 0, 11};

void built_put(const Place *place, const char *name, const void *bytes, gsize length)
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
    built_put(place, name, data, sizeof data);
}

void built_put_kext(const Place *place, const char *name, const char *id, const char *more)
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
    built_put(place, program, MACHO, sizeof MACHO);
}

void built_put_parts(const Place *place)
{
    static const char LILU[] = "<key>OSBundleLibraries</key><dict><key>as.vit9696.Lilu</key>"
                               "<string>1.2.0</string></dict>";
    put_efi(place, "mine/EFI/BOOT/BOOTx64.efi", 10);
    put_efi(place, "mine/EFI/OC/OpenCore.efi", 10);
    put_efi(place, "mine/EFI/OC/Drivers/OpenRuntime.efi", 12);
    put_efi(place, "mine/EFI/OC/Drivers/OpenHfsPlus.efi", 11);
    put_efi(place, "mine/EFI/OC/Drivers/ResetNvramEntry.efi", 11);
    built_put_kext(place, "Lilu", "as.vit9696.Lilu", "");
    built_put_kext(place, "VirtualSMC", "as.vit9696.VirtualSMC", LILU);
    built_put_kext(place, "RestrictEvents", "as.vit9696.RestrictEvents", LILU);
}

void built_fetch(const Place *place, Built *built)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *from = in(place, "mine");
    const StoreFetchOptions options = {.from = from};
    g_autoptr(Parts) parts = parts_load(&error);
    for (guint i = 0; i < parts->parts->len; i++) {
        FetchResult result;
        store_fetch(built->store, parts, g_ptr_array_index(parts->parts, i), &options, &result,
                    &error);
        g_assert_no_error(error);
    }
}

void built_fill(Built *built, const char *name)
{
    g_autoptr(GError) error = NULL;
    MachineIdentity identity = {0};
    g_clear_pointer(&built->machine, machine_free);
    g_autoptr(MachineChoices) choices =
        store_load(built->store, name, built->sample.catalog, &identity, &error);
    g_assert_no_error(error);
    built->machine = machine_fill(name, choices, &identity, built->sample.facts,
                                  built->sample.catalog, built->sample.verdict, &error);
    g_assert_no_error(error);
    machine_identity_clear(&identity);
}

void built_create(Built *built, const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(MachineChoices) choices = machine_choices_new();
    choices->os = g_strdup("sonoma");
    g_assert_true(store_create(built->store, name, choices, &error));
    g_assert_no_error(error);
    built_fill(built, name);
}

void built_open(Built *built, const Place *place)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = in(place, "store");
    *built = (Built){0};
    sample_open(&built->sample);
    built->store = store_open(path, &error);
    g_assert_no_error(error);
    built_create(built, "demo");
}

void built_close(Built *built)
{
    machine_free(built->machine);
    store_free(built->store);
    sample_close(&built->sample);
}

static bool can_build(void)
{
    return has_programs((const char *[]){"mcopy", "mdir", NULL});
}

void built_make(Built *built, BuildAction expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) results = store_build(built->store, built->machine, built->sample.catalog,
                                               NULL, BUILD_OPENCORE, &error);
    g_assert_no_error(error);
    const BuildResult *result = g_ptr_array_index(results, 0);
    g_assert_cmpstr(build_action_name(result->action), ==, build_action_name(expected));
}

bool built_ready(Built *built, const Place *place)
{
    if (!can_build())
        return false;
    built_open(built, place);
    built_put_parts(place);
    built_fetch(place, built);
    built_make(built, BUILD_MADE);
    return true;
}

char *built_contents(const Place *place, const char *name, gsize *length)
{
    g_autofree char *path = in(place, name);
    char *bytes = NULL;
    g_assert_true(g_file_get_contents(path, &bytes, length, NULL));
    return bytes;
}

bool built_equal(const Place *place, const char *a, const char *b)
{
    g_autofree char *first = in(place, a), *second = in(place, b);
    g_autofree char *one = g_malloc(PIECE), *other = g_malloc(PIECE);
    int fds[2] = {open(first, O_RDONLY | O_CLOEXEC), open(second, O_RDONLY | O_CLOEXEC)};
    ssize_t count = 1;
    bool equal = fds[0] >= 0 && fds[1] >= 0;
    while (equal && count > 0) {
        count = read(fds[0], one, PIECE);
        equal = count >= 0 && read(fds[1], other, PIECE) == count &&
                memcmp(one, other, (gsize)count) == 0;
    }
    close(fds[0]);
    close(fds[1]);
    return equal;
}
