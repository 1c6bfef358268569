/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The boot loader on the command line: opencore list and fetch, efi, and a machine's configuration.
 */
#include "program.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    char *store;
} Fixture;

/* --store DIR comes before the command; the recorded host stands in for this one. */
static Result *run(const Fixture *fixture, const char *a, const char *b, const char *c,
                   const char *d, const char *e, const char *f)
{
    return program_run(NULL, "--store", fixture->store, a, b, c, d, e, f, NULL);
}

static void set_up(Fixture *fixture, gconstpointer data)
{
    fixture->store = folder_new();
    g_autoptr(Result) made =
        program_run(NULL, "--store", fixture->store, "new", "demo", "--os", "sonoma", "--force",
                    "--memory", "4G", "--cores", "1", "--quiet", NULL);
    if (made->status != 0)
        g_error("%s", made->err);
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
    folder_free(fixture->store);
}

static void assert_line(const Result *result, const char *words)
{
    g_assert_cmpint(result->status, ==, 0);
    if (strstr(result->out, words) == NULL)
        g_error("'%s' is not in: %s", words, result->out);
}

static void parts_are_listed(Fixture *fixture, gconstpointer data)
{
    g_autoptr(Result) all = run(fixture, "opencore", "list", NULL, NULL, NULL, NULL);
    assert_line(all, "Lilu");
    assert_line(all, "pinned");
    g_autoptr(Result) json = run(fixture, "opencore", "list", "demo", "--json", NULL, NULL);
    assert_json(json, "files");
    assert_json(json, "parts");
    g_autoptr(Result) machine = run(fixture, "opencore", "list", "demo", NULL, NULL, NULL);
    assert_line(machine, "RestrictEvents.kext");
    g_assert_null(strstr(machine->out, "WhateverGreen")); /* there is no card */
}

static void fetch_says_what_is_not_there(Fixture *fixture, gconstpointer data)
{
    g_autofree char *empty = folder_new();
    g_autoptr(Result) nothing = run(fixture, "opencore", "fetch", "--from", empty, NULL, NULL);
    g_assert_cmpint(nothing->status, ==, 1);
    g_assert_nonnull(strstr(nothing->out, "absent"));
    g_autofree char *file = g_build_filename(empty, "x.zip", NULL);
    g_assert_true(g_file_set_contents(file, "no archive", -1, NULL));
    g_autoptr(Result) unknown = run(fixture, "opencore", "fetch", "--from", file, NULL, NULL);
    assert_refused(unknown, 2, "none of the archives");
    g_autoptr(Result) both = program_run(NULL, "--store", fixture->store, "opencore", "fetch",
                                         "--from", empty, "--mirror", "https://example.org", NULL);
    assert_refused(both, 2, "do not go together");
    g_autofree char *url = g_strdup_printf("file://%s", empty);
    g_autoptr(Result) mirror = run(fixture, "opencore", "fetch", "demo", "--mirror", url, NULL);
    assert_refused(mirror, 4, "OpenCore-DEBUG 1.0.7 was not fetched");
    g_autoptr(Result) build = run(fixture, "build", "demo", "--only", "opencore", NULL, NULL);
    assert_refused(build, 3, "rootstock opencore fetch");
    g_autoptr(Result) rollback = run(fixture, "build", "demo", "--rollback", NULL, NULL, NULL);
    assert_refused(rollback, 1, "before the newest");
    folder_free(g_steal_pointer(&empty));
}

static void a_machine_has_a_configuration(Fixture *fixture, gconstpointer data)
{
    g_autoptr(Result) value =
        run(fixture, "config", "get", "demo", "Misc.Security.Vault", NULL, NULL);
    g_assert_cmpstr(value->out, ==, "Optional\n");
    g_autoptr(Result) why =
        run(fixture, "config", "get", "demo", "Misc.Security.Vault", "--why", NULL);
    assert_line(why, "There is no vault of signatures");
    g_autoptr(Result) valid = run(fixture, "config", "validate", "demo", NULL, NULL, NULL);
    assert_line(valid, "Nothing was found");
    g_autoptr(Result) shown = run(fixture, "show", "demo", "--json", NULL, NULL, NULL);
    assert_json(shown, "mac");
    g_assert_nonnull(strstr(shown->out, "W0********"));
}

/* A recovery with a list of one chunk, of zeros. */
static void put_recovery(const char *folder, guint8 length_byte)
{
    g_autofree char *image = g_build_filename(folder, "BaseSystem.dmg", NULL);
    g_autofree char *list = g_build_filename(folder, "BaseSystem.chunklist", NULL);
    g_autofree char *zeros = g_malloc0(1 << 20);
    char data[36 + 36 + 32] = {'C',      'N',       'K',       'L',
                               36,       [8] = 1,   [9] = 1,   [10] = 2,
                               [12] = 1, [20] = 36, [28] = 72, [38] = (char)length_byte};
    g_assert_true(g_file_set_contents(image, zeros, 1 << 20, NULL));
    g_assert_true(g_file_set_contents(list, data, sizeof data, NULL));
}

static void a_recovery_is_kept_in_the_machine_file(Fixture *fixture, gconstpointer data)
{
    g_autofree char *folder = folder_new();
    g_autofree char *file =
        g_build_filename(fixture->store, "machines", "demo", "machine.ini", NULL);
    g_autofree char *before = NULL, *with = NULL, *without = NULL;
    g_assert_true(g_file_get_contents(file, &before, NULL, NULL));
    g_autoptr(Result) empty =
        run(fixture, "build", "demo", "--only=domain", "--recovery", folder, NULL);
    assert_refused(empty, 2, "There is no recovery of macOS in");
    put_recovery(folder, 0x20);
    g_autoptr(Result) cut =
        run(fixture, "build", "demo", "--only=domain", "--recovery", folder, NULL);
    assert_refused(cut, 2, "One of them was cut off");
    g_assert_true(g_file_get_contents(file, &without, NULL, NULL));
    g_assert_cmpstr(without, ==, before);

    put_recovery(folder, 0x10);
    g_autoptr(Result) good =
        run(fixture, "build", "demo", "--only=domain", "--recovery", folder, NULL);
    g_assert_cmpint(good->status, ==, 0);
    g_assert_true(g_file_get_contents(file, &with, NULL, NULL));
    g_autofree char *line = g_strdup_printf("\n[opencore]\nrecovery=%s\n", folder);
    g_assert_true(g_str_has_suffix(with, line));
    g_autoptr(Result) out =
        run(fixture, "build", "demo", "--only=domain", "--no-recovery", NULL, NULL);
    g_assert_cmpint(out->status, ==, 0);
    g_autofree char *after = NULL;
    g_assert_true(g_file_get_contents(file, &after, NULL, NULL));
    g_assert_null(strstr(after, "recovery="));
    g_autoptr(Result) back =
        run(fixture, "build", "demo", "--rollback", "--recovery", folder, NULL);
    assert_refused(back, 2, "do not go together");
    folder_free(g_steal_pointer(&folder));
}

static void images_are_looked_into(Fixture *fixture, gconstpointer data)
{
    g_autofree char *image = g_build_filename(fixture->store, "probe.img", NULL);
    g_autofree char *copy = g_build_filename(fixture->store, "copy.efi", NULL);
    g_autoptr(Result) built = run(fixture, "build", "demo", "--only", "probe", NULL, NULL);
    if (built->status == 3) {
        g_test_skip("there is no mtools or probe here");
        return;
    }
    g_autoptr(Result) all = run(fixture, "efi", "ls", image, NULL, NULL, NULL);
    g_assert_cmpstr(all->out, ==, "EFI/\nEFI/BOOT/\nEFI/BOOT/BOOTX64.EFI\n");
    g_autoptr(Result) get = run(fixture, "efi", "get", image, "EFI/BOOT/BOOTX64.EFI", copy, NULL);
    g_assert_cmpint(get->status, ==, 0);
    g_autoptr(Result) put = run(fixture, "efi", "put", image, "EFI/x/y.efi", copy, NULL);
    g_assert_cmpint(put->status, ==, 0);
    g_autoptr(Result) below = run(fixture, "efi", "ls", image, "EFI/x", "--json", NULL);
    assert_json(below, "entries");
    g_assert_nonnull(strstr(below->out, "EFI/x/y.efi"));

    /* QEMU's own lock, as of a guest that runs. */
    struct flock range = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 100, .l_len = 1};
    int fd = open(image, O_RDWR | O_CLOEXEC);
    g_assert_cmpint(fcntl(fd, F_OFD_SETLK, &range), ==, 0);
    g_autoptr(Result) running = run(fixture, "efi", "put", image, "EFI/x/z.efi", copy, NULL);
    assert_refused(running, 4, "QEMU has");
    g_autoptr(Result) kept = run(fixture, "efi", "rm", image, "EFI/x", NULL, NULL);
    assert_refused(kept, 4, "QEMU has");
    g_autoptr(Result) seen = run(fixture, "efi", "ls", image, "EFI/x", NULL, NULL);
    g_assert_cmpstr(seen->out, ==, "EFI/x/y.efi\n");
    close(fd);

    g_autoptr(Result) removed = run(fixture, "efi", "rm", image, "EFI/x", NULL, NULL);
    g_assert_cmpint(removed->status, ==, 0);
    g_autoptr(Result) gone = run(fixture, "efi", "cat", image, "EFI/x/y.efi", NULL, NULL);
    assert_refused(gone, 1, "There is no 'EFI/x/y.efi'");
    g_autoptr(Result) none = run(fixture, "efi", "ls", "demo", NULL, NULL, NULL);
    assert_refused(none, 3, "rootstock build demo");
    g_autoptr(Result) text = run(fixture, "efi", "ls", copy, NULL, NULL, NULL);
    assert_refused(text, 2, "no FAT file system");
}

#define TEST(name, function) g_test_add(name, Fixture, NULL, set_up, function, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST("/cli/opencore/list", parts_are_listed);
    TEST("/cli/opencore/fetch", fetch_says_what_is_not_there);
    TEST("/cli/opencore/config", a_machine_has_a_configuration);
    TEST("/cli/opencore/recovery", a_recovery_is_kept_in_the_machine_file);
    TEST("/cli/efi", images_are_looked_into);
    return g_test_run();
}
