/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What apply and undo do not do: a host that changed, two at once, no root, the same again. */
#include "rooted.h"

#include "os/files.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KVM_FILE "etc/modprobe.d/rootstock-kvm.conf"
#define LOCK "var/lib/rootstock/journal/lock"

/* A host on which the step kvm-options is to do. */
static Fixture *host_to_prepare(void)
{
    Fixture *fixture = fixture_new("debian-12-grub");
    fixture_write(fixture, "sys/module/kvm/parameters/ignore_msrs", "N\n");
    return fixture;
}

/* tests/fakes with another NAME, which runs SCRIPT before the one of there. */
static char *programs_with(const Fixture *fixture, const char *name, const char *script)
{
    char *folder = folder_new();
    g_autoptr(GDir) fakes = g_dir_open(fixture->programs, 0, NULL);
    for (const char *each; (each = g_dir_read_name(fakes)) != NULL;) {
        g_autofree char *from = g_build_filename(fixture->programs, each, NULL);
        g_autofree char *to = g_build_filename(folder, each, NULL);
        if (strcmp(each, name) != 0)
            g_assert_cmpint(symlink(from, to), ==, 0);
    }
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *text =
        g_strdup_printf("#!/bin/sh\n%s\nexec '%s/%s' \"$@\"\n", script, fixture->programs, name);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_assert_cmpint(chmod(path, 0755), ==, 0);
    return folder;
}

/* The file moves while the plan is made, behind the back of the step that wants it: the state of a
 * unit is asked for after the files were read. */
static void a_host_that_changed_is_not_touched(void)
{
    g_autoptr(Fixture) fixture = host_to_prepare();
    g_autofree char *programs = programs_with(
        fixture, "systemctl",
        "mkdir -p $ROOTSTOCK_ROOT/etc/modprobe.d; echo '# mine' > $ROOTSTOCK_ROOT/" KVM_FILE);
    char *fakes = fixture->programs;
    fixture->programs = programs;
    g_autoptr(Result) result = rooted_apply(fixture, "kvm-options", "libvirt-daemon");
    fixture->programs = fakes;
    g_assert_cmpint(result->status, ==, 1);
    g_assert_nonnull(
        strstr(result->err, "'/" KVM_FILE "' is not as it was when the plan was made"));
    g_assert_nonnull(strstr(result->err, "\n+# mine"));
    fixture_assert_has(fixture, KVM_FILE, "# mine\n");
    g_autoptr(Result) history = rooted_run(fixture, "history", NULL, NULL);
    g_assert_cmpstr(history->out, ==, "");
    folder_free(g_steal_pointer(&programs));
}

/* Another one that is at work is waited for, and then the apply is refused. */
static void an_apply_that_is_at_work_is_not_disturbed(void)
{
    g_autoptr(Fixture) fixture = host_to_prepare();
    g_autofree char *folder = g_build_filename(fixture->path, "var/lib/rootstock/journal", NULL);
    g_autofree char *path = g_build_filename(fixture->path, LOCK, NULL);
    g_assert_true(os_make_folders(folder, 0755, NULL));
    g_autoptr(GHashTable) before = fixture_state(fixture);
    g_autoptr(OsLock) lock = os_lock(path, 0, "the test", NULL);
    g_assert_nonnull(lock);
    g_autoptr(Result) apply = rooted_apply(fixture, "kvm-options", NULL);
    g_assert_cmpint(apply->status, ==, 4);
    g_assert_nonnull(strstr(apply->err, "Another rootstock is at work on the host's files"));
    fixture_assert_state(fixture, before);
    g_autoptr(Result) undo = rooted_run(fixture, "undo", "--yes", NULL);
    g_assert_cmpint(undo->status, !=, 0);
}

static gpointer apply_in_thread(gpointer fixture)
{
    return rooted_apply(fixture, "kvm-options", "package-qemu");
}

/* However two of them meet, the host is changed once. */
static void two_applies_at_once_change_the_host_once(void)
{
    g_autoptr(Fixture) fixture = host_to_prepare();
    g_autoptr(GHashTable) before = fixture_state(fixture);
    GThread *thread = g_thread_new("apply", apply_in_thread, fixture);
    g_autoptr(Result) one = rooted_apply(fixture, "kvm-options", "package-qemu");
    g_autoptr(Result) other = g_thread_join(thread);
    g_assert_true(one->status == 0 || other->status == 0);
    for (guint i = 0; i < 2; i++) {
        const Result *each = i == 0 ? one : other;
        bool refused = each->status == 1 && strstr(each->err, "is not as it was") != NULL;
        if (each->status != 0 && !refused)
            g_error("%d: %s", each->status, each->err);
    }
    g_autoptr(Result) undo = rooted_run(fixture, "undo", "--yes", NULL);
    g_assert_cmpint(undo->status, ==, 0);
    fixture_assert_state(fixture, before);
    g_autoptr(Result) again = rooted_run(fixture, "undo", "--yes", NULL);
    g_assert_cmpint(again->status, ==, 1);
}

static void applying_twice_changes_nothing(void)
{
    g_autoptr(Fixture) fixture = host_to_prepare();
    g_autoptr(Result) first = rooted_apply(fixture, "kvm-options", "package-qemu");
    g_assert_cmpint(first->status, ==, 0);
    g_autoptr(GHashTable) after = fixture_state(fixture);
    g_autoptr(Result) second = rooted_apply(fixture, "kvm-options", "package-qemu");
    g_assert_cmpint(second->status, ==, 0);
    g_assert_nonnull(strstr(second->out, "Nothing is to be changed"));
    fixture_assert_state(fixture, after);
    g_autoptr(Result) history = rooted_run(fixture, "history", "--json", NULL);
    g_assert_nonnull(strstr(history->out, "\"id\": 1"));
    g_assert_null(strstr(history->out, "\"id\": 2"));
}

/* Somebody who may not write there: the account nobody where this is root. */
static Result *run_without_root(const Fixture *fixture, const char *first, const char *second)
{
    g_autofree char *program =
        g_build_filename(g_getenv("ROOTSTOCK_BUILD"), "src", "cli", "rootstock", NULL);
    g_autofree char *programs = g_strconcat("ROOTSTOCK_PROGRAMS=", fixture->programs, NULL);
    const char *const env[] = {programs, "COLUMNS=300", NULL};
    const char *const drop[] = {
        "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", program,
        "--root",  fixture->path,   first,           second,           NULL};
    g_assert_cmpint(chmod(fixture->path, 0555), ==, 0);
    Result *result = program_run_other(&(RunOptions){.env = env}, geteuid() == 0 ? drop : drop + 4);
    g_assert_cmpint(chmod(fixture->path, 0755), ==, 0);
    return result;
}

/* Nothing is begun, and what would do the same is shown, to be typed. */
static void without_root_the_commands_are_shown(void)
{
    g_autoptr(Fixture) fixture = host_to_prepare();
    g_autoptr(Result) probe = run_without_root(fixture, "plan", "kvm-options");
    if (probe->status == 127 || probe->status == 126) {
        g_test_skip("another account cannot run the program here");
        return;
    }
    g_autoptr(GHashTable) before = fixture_state(fixture);
    g_autoptr(Result) result = run_without_root(fixture, "apply", "kvm-options");
    g_assert_cmpint(result->status, ==, 3);
    g_assert_nonnull(strstr(result->out, "By hand"));
    g_assert_nonnull(strstr(result->out, "options kvm ignore_msrs=1"));
    g_assert_nonnull(strstr(result->out, "sudo tee"));
    g_assert_nonnull(strstr(result->out, "sudo update-initramfs -u -k all"));
    fixture_assert_state(fixture, before);
    g_assert_false(os_exists(fixture->root, "var/lib/rootstock"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/refusals/changed", a_host_that_changed_is_not_touched);
    g_test_add_func("/refusals/lock", an_apply_that_is_at_work_is_not_disturbed);
    g_test_add_func("/refusals/two", two_applies_at_once_change_the_host_once);
    g_test_add_func("/refusals/twice", applying_twice_changes_nothing);
    g_test_add_func("/refusals/root", without_root_the_commands_are_shown);
    return g_test_run();
}
