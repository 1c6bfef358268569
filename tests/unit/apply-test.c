/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "fixture.h"
#include "os/command.h"
#include "os/files.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

static const HostTraits DEBIAN = {.boot_loader = "grub", .distribution = "debian"};

#define MODPROBE "/etc/modprobe.d/rootstock-vfio.conf"
#define MODPROBE_TEXT "options vfio-pci ids=1002:73ff,1002:ab28\nsoftdep amdgpu pre: vfio-pci\n"
#define IMAGE "boot/initrd.img-6.1.0-18-amd64"
#define MENU "boot/grub/grub.cfg"
#define DROP_IN "etc/default/grub.d/zz-rootstock.cfg"

static GPtrArray *all_goals(void)
{
    GPtrArray *goals = goals_new();
    g_ptr_array_add(goals, goal_kernel_argument("iommu-enabled", "intel_iommu=on",
                                                "The IOMMU keeps a device to its guest."));
    g_ptr_array_add(goals, goal_kernel_argument("iommu-enabled", "iommu=pt", NULL));
    g_ptr_array_add(goals, goal_file("vfio-bound", MODPROBE, MODPROBE_TEXT, NULL));
    g_ptr_array_add(goals,
                    goal_early_modules("vfio-bound", "vfio_pci vfio vfio_iommu_type1", NULL));
    g_ptr_array_add(goals,
                    goal_packages("packages", "qemu-system-x86 libvirt-daemon-system", NULL));
    g_ptr_array_add(goals, goal_service("libvirt", "libvirtd.service", NULL));
    g_ptr_array_add(goals, goal_group("libvirt", "ann", "libvirt", NULL));
    g_ptr_array_add(goals, goal_group("libvirt", "ann", "kvm", NULL));
    return goals;
}

static Plan *plan_all(const Fixture *fixture)
{
    g_autoptr(GPtrArray) goals = all_goals();
    return fixture_plan(fixture, &DEBIAN, goals);
}

static Plan *plan_one(const Fixture *fixture, Goal *goal)
{
    g_autoptr(GPtrArray) goals = goals_new();
    g_ptr_array_add(goals, goal);
    return fixture_plan(fixture, &DEBIAN, goals);
}

static void assert_refused(const GError *error, ErrorCode code, const char *part)
{
    g_assert_error(error, ROOTSTOCK_ERROR, (int)code);
    if (strstr(error->message, part) == NULL)
        g_error("'%s' is not in: %s", part, error->message);
}

static void apply_makes_all_and_undo_takes_all_back(void)
{
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    g_autoptr(GHashTable) before = fixture_state(fixture);
    g_autoptr(Plan) plan = plan_all(fixture);
    fixture_assert_state(fixture, before);
    guint id = fixture_apply(fixture, plan);
    fixture_assert_has(fixture, MENU, "ro  quiet intel_iommu=on iommu=pt\n");
    fixture_assert_has(fixture, MENU, "ro single \n");
    fixture_assert_has(fixture, DROP_IN,
                       "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT "
                       "intel_iommu=on iommu=pt\"\n");
    fixture_assert_has(fixture, IMAGE, "/vfio-pci.ko\n");
    fixture_assert_has(fixture, IMAGE, "etc/modprobe.d/rootstock-vfio.conf\n");
    fixture_assert_has(fixture, "etc/group", "kvm:x:104:ann\n");
    fixture_assert_has(fixture, "etc/group", "libvirt:x:980:ann\n");
    g_assert_true(os_exists(fixture->root, "run/units/libvirtd.service"));
    g_assert_true(os_exists(fixture->root, "usr/bin/qemu-system-x86_64"));
    fixture_undo(fixture, id);
    fixture_assert_state(fixture, before);
}

static void twice_changes_nothing(void)
{
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    g_autoptr(Plan) plan = plan_all(fixture);
    fixture_apply(fixture, plan);
    g_autoptr(GHashTable) after = fixture_state(fixture);
    g_autoptr(Plan) second = plan_all(fixture);
    g_autofree char *diff = plan_diff(second);
    g_assert_cmpstr(diff, ==, "");
    g_autoptr(GError) error = NULL;
    g_assert_cmpuint(apply_run(&fixture->host, second, &error), ==, 0);
    g_assert_no_error(error);
    fixture_assert_state(fixture, after);
    g_autoptr(GPtrArray) history = apply_history(fixture->root, &error);
    g_assert_cmpuint(history->len, ==, 1);
}

static void a_plan_from_before_is_refused(void)
{
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    g_autoptr(Plan) plan = plan_all(fixture);
    fixture_write(fixture, "etc/initramfs-tools/modules", "raid1\n");
    g_autoptr(GHashTable) before = fixture_state(fixture);
    g_autoptr(GError) error = NULL;
    g_assert_cmpuint(apply_run(&fixture->host, plan, &error), ==, 0);
    assert_refused(error, ERROR_REFUSED, "+raid1");
    fixture_assert_state(fixture, before);
}

static void a_group_that_changed_is_seen(void)
{
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    g_autoptr(Plan) plan = plan_one(fixture, goal_group("libvirt", "ann", "kvm", NULL));
    fixture_write(fixture, "etc/group", "kvm:x:104:ann\n");
    g_autoptr(GError) error = NULL;
    g_assert_cmpuint(apply_run(&fixture->host, plan, &error), ==, 0);
    assert_refused(error, ERROR_REFUSED, "'ann in kvm'");
}

static void one_apply_at_a_time(void)
{
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    g_autoptr(Plan) plan = plan_all(fixture);
    fixture_write(fixture, JOURNAL_FOLDER "/lock", "");
    g_autofree char *path = g_build_filename(fixture->path, JOURNAL_FOLDER, "lock", NULL);
    g_autoptr(OsLock) other = os_lock(path, 0, "a test", NULL);
    g_autoptr(GHashTable) before = fixture_state(fixture);
    g_autoptr(GError) error = NULL;
    g_assert_cmpuint(apply_run(&fixture->host, plan, &error), ==, 0);
    assert_refused(error, ERROR_FAILED, "Another rootstock is at work");
    fixture_assert_state(fixture, before);
    g_clear_pointer(&other, os_lock_free);
    fixture_apply(fixture, plan);
}

static void undo_refuses_what_was_changed_since(void)
{
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    g_autoptr(GHashTable) before = fixture_state(fixture);
    g_autoptr(Plan) plan = plan_all(fixture);
    guint id = fixture_apply(fixture, plan);
    fixture_write(fixture, MODPROBE, MODPROBE_TEXT "options kvm ignore_msrs=1\n");
    g_autoptr(GHashTable) changed = fixture_state(fixture);
    g_autoptr(GError) error = NULL;
    g_assert_false(apply_undo(&fixture->host, 0, &(UndoOptions){0}, NULL, &error));
    assert_refused(error, ERROR_REFUSED, "+options kvm ignore_msrs=1\n");
    g_assert_nonnull(strstr(error->message, "--keep-changed"));
    fixture_assert_state(fixture, changed);
    g_clear_error(&error);
    g_assert_true(
        apply_undo(&fixture->host, id, &(UndoOptions){.keep_changed = true}, NULL, &error));
    fixture_assert_has(fixture, MODPROBE, "ignore_msrs=1");
    g_autofree char *kept = g_build_filename(fixture->path, MODPROBE, NULL);
    g_assert_cmpint(g_unlink(kept), ==, 0);
    fixture_assert_state(fixture, before);
}

static void undo_names_the_later_apply(void)
{
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    g_autoptr(GHashTable) before = fixture_state(fixture);
    g_autoptr(Plan) one = plan_one(fixture, goal_kernel_argument("a", "iommu=pt", NULL));
    guint first = fixture_apply(fixture, one);
    g_autoptr(Plan) two = plan_one(fixture, goal_kernel_argument("b", "intel_iommu=on", NULL));
    guint second = fixture_apply(fixture, two);
    g_autoptr(GError) error = NULL;
    g_assert_false(apply_undo(&fixture->host, first, &(UndoOptions){0}, NULL, &error));
    assert_refused(error, ERROR_REFUSED, "Apply 2 changed it since");
    fixture_undo(fixture, second);
    fixture_undo(fixture, first);
    fixture_assert_state(fixture, before);
    g_clear_error(&error);
    g_assert_false(apply_undo(&fixture->host, 0, &(UndoOptions){0}, NULL, &error));
    assert_refused(error, ERROR_REFUSED, "nothing to undo");
    g_clear_error(&error);
    g_assert_false(apply_undo(&fixture->host, first, &(UndoOptions){0}, NULL, &error));
    assert_refused(error, ERROR_REFUSED, "undone already");
    g_clear_error(&error);
    g_assert_false(apply_undo(&fixture->host, 9, &(UndoOptions){0}, NULL, &error));
    assert_refused(error, ERROR_REFUSED, "no apply 9");
}

/* What a file has beside its bytes is kept by a change and given back by an undo. */
static void attributes_are_kept(void)
{
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    g_autofree char *path = g_build_filename(fixture->path, "etc/initramfs-tools/modules", NULL);
    const struct timespec times[] = {{.tv_sec = 1000, .tv_nsec = 7},
                                     {.tv_sec = 1000, .tv_nsec = 7}};
    struct stat status;
    g_assert_cmpint(chmod(path, 0640), ==, 0);
    if (geteuid() == 0)
        g_assert_cmpint(chown(path, 12, 34), ==, 0);
    bool labels = setxattr(path, "user.label", "etc_t", 5, 0) == 0;
    utimensat(AT_FDCWD, path, times, 0);
    g_autoptr(GHashTable) before = fixture_state(fixture);
    g_autoptr(Plan) plan = plan_one(fixture, goal_early_modules("a", "vfio_pci", NULL));
    guint id = fixture_apply(fixture, plan);
    char label[8] = "";
    g_assert_cmpint(stat(path, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 07777, ==, 0640);
    g_assert_cmpint(status.st_gid, ==, geteuid() == 0 ? 34 : (int)getegid());
    if (labels)
        g_assert_cmpint(getxattr(path, "user.label", label, sizeof(label)), ==, 5);
    fixture_undo(fixture, id);
    fixture_assert_state(fixture, before);
    g_assert_cmpint(stat(path, &status), ==, 0);
    g_assert_cmpint(status.st_mtim.tv_sec, ==, 1000);
    g_assert_cmpint(status.st_mtim.tv_nsec, ==, 7);
}

/* A kernel that came since has an image with what is to go; so the images are made anew. */
static void made_files_are_made_anew_where_they_changed(void)
{
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    g_autoptr(Plan) plan = plan_all(fixture);
    guint id = fixture_apply(fixture, plan);
    static const char *const COPIES[][2] = {
        {"lib/modules/6.1.0-18-amd64/modules.dep", "lib/modules/6.1.0-21-amd64/modules.dep"},
        {IMAGE, "boot/initrd.img-6.1.0-21-amd64"},
        {"var/lib/initramfs-tools/6.1.0-18-amd64", "var/lib/initramfs-tools/6.1.0-21-amd64"},
        {"boot/vmlinuz-6.1.0-18-amd64", "boot/vmlinuz-6.1.0-21-amd64"}};
    for (guint i = 0; i < G_N_ELEMENTS(COPIES); i++) {
        g_autofree char *text = fixture_read(fixture, COPIES[i][0]);
        fixture_write(fixture, COPIES[i][1], text);
    }
    fixture_undo(fixture, id);
    g_autofree char *image = fixture_read(fixture, "boot/initrd.img-6.1.0-21-amd64");
    g_assert_null(strstr(image, "vfio"));
    g_autofree char *old_image = fixture_read(fixture, IMAGE);
    g_assert_null(strstr(old_image, "vfio"));
    g_autofree char *menu = fixture_read(fixture, MENU);
    g_assert_null(strstr(menu, "iommu"));
}

/* Members that others put in since stay. */
static void a_group_file_of_others_is_not_put_back(void)
{
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    g_autoptr(Plan) plan = plan_one(fixture, goal_group("libvirt", "ann", "kvm", NULL));
    guint id = fixture_apply(fixture, plan);
    g_autofree char *text = fixture_read(fixture, "etc/group");
    g_autofree char *more = g_strconcat(text, "games:x:60:bob\n", NULL);
    fixture_write(fixture, "etc/group", more);
    fixture_undo(fixture, id);
    fixture_assert_has(fixture, "etc/group", "kvm:x:104:\n");
    fixture_assert_has(fixture, "etc/group", "games:x:60:bob\n");
}

static bool run_fake(const Fixture *fixture, const char *const *argv)
{
    g_autofree char *program = g_build_filename(fixture->programs, argv[0], NULL);
    g_autofree char *variable = g_strconcat("ROOTSTOCK_ROOT=", fixture->path, NULL);
    const char *const env[] = {variable, NULL};
    const char *vector[8] = {program};
    for (guint i = 1; argv[i] != NULL; i++)
        vector[i] = argv[i];
    g_autoptr(OsOutput) output = os_run(vector, &(OsRunOptions){.env = env}, NULL);
    return output != NULL;
}

static void packages_that_others_need_stay(void)
{
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    g_autoptr(Plan) plan =
        plan_one(fixture, goal_packages("packages", "libvirt-daemon-system", NULL));
    guint id = fixture_apply(fixture, plan);
    const char *const argv[] = {"apt-get", "install", "-y", "virt-manager", NULL};
    g_assert_true(run_fake(fixture, argv));
    g_autoptr(GError) error = NULL;
    g_assert_false(apply_undo(&fixture->host, id, &(UndoOptions){0}, NULL, &error));
    assert_refused(error, ERROR_REFUSED, "'virt-manager'");
    fixture_assert_has(fixture, "var/lib/dpkg/status", "Package: libvirt-daemon-system\n");
}

/* Guests that were defined since are not taken away with the package's configuration. */
static void guests_outlive_an_undo(void)
{
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    g_autoptr(Plan) plan =
        plan_one(fixture, goal_packages("packages", "libvirt-daemon-system", NULL));
    guint id = fixture_apply(fixture, plan);
    fixture_write(fixture, "etc/libvirt/qemu/mac.xml", "<domain/>\n");
    fixture_undo(fixture, id);
    fixture_assert_has(fixture, "etc/libvirt/qemu/mac.xml", "<domain/>");
    fixture_assert_has(fixture, "var/lib/dpkg/status", "config-files");
}

static void packages_that_cannot_be_had_change_nothing(void)
{
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    g_autoptr(GPtrArray) goals = all_goals();
    g_ptr_array_add(goals, goal_packages("more", "no-such-package", NULL));
    g_autoptr(Plan) plan = fixture_plan(fixture, &DEBIAN, goals);
    g_autoptr(GHashTable) before = fixture_state(fixture);
    g_autoptr(GError) error = NULL;
    g_assert_cmpuint(apply_run(&fixture->host, plan, &error), ==, 0);
    assert_refused(error, ERROR_FAILED, "Unable to locate package no-such-package");
    fixture_assert_state(fixture, before);
}

/* Each program fails half way through its work; what was there before is there again. */
static void programs_that_fail_leave_nothing(void)
{
    static const char *const PROGRAMS[] = {"update-grub", "update-initramfs", "apt-get", "usermod"};
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    g_autoptr(GHashTable) before = fixture_state(fixture);
    g_autoptr(Plan) plan = plan_all(fixture);
    for (guint i = 0; i < G_N_ELEMENTS(PROGRAMS); i++) {
        g_autoptr(GError) error = NULL;
        g_setenv("ROOTSTOCK_FAKE_FAIL", PROGRAMS[i], TRUE);
        g_assert_cmpuint(apply_run(&fixture->host, plan, &error), ==, 0);
        g_unsetenv("ROOTSTOCK_FAKE_FAIL");
        assert_refused(error, ERROR_FAILED, "was taken back");
        g_assert_nonnull(strstr(error->message, PROGRAMS[i]));
        fixture_assert_state(fixture, before);
    }
    g_autoptr(GPtrArray) history = apply_history(fixture->root, NULL);
    g_assert_cmpuint(history->len, ==, G_N_ELEMENTS(PROGRAMS));
    for (guint i = 0; i < history->len; i++)
        g_assert_cmpint(((const ApplyEntry *)history->pdata[i])->state, ==, APPLY_FAILED);
}

/* A program that says all is well, and whose image has no such module. */
static void an_effect_that_is_not_there_is_a_failure(void)
{
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    g_autoptr(Plan) plan = plan_one(fixture, goal_early_modules("a", "vfio_pci", NULL));
    fixture_write(fixture, "lib/modules/6.1.0-18-amd64/modules.dep", "kernel/other.ko:\n");
    g_autoptr(GHashTable) before = fixture_state(fixture);
    g_autoptr(GError) error = NULL;
    g_assert_cmpuint(apply_run(&fixture->host, plan, &error), ==, 0);
    assert_refused(error, ERROR_FAILED, "does not have '/vfio-pci.ko'");
    fixture_assert_state(fixture, before);
}

/* A hook that a command runs writes over what an earlier change wrote. */
static void what_a_later_command_undoes_is_a_failure(void)
{
    static const char *const ARGV[] = {"update-grub", NULL};
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    g_autoptr(GHashTable) before = fixture_state(fixture);
    g_autoptr(Plan) plan = plan_new();
    g_autofree char *menu = fixture_read(fixture, MENU);
    Change *file = change_new("a", CHANGE_FILE, "/" MENU);
    change_add_edit(file, "/" MENU, menu, "by hand\n");
    change_set_states(file, menu, "by hand\n");
    Change *command = change_new("b", CHANGE_COMMAND, "boot menu");
    command->command = g_strdupv((GStrv)ARGV);
    plan_add(plan, file, NULL);
    plan_add(plan, command, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_cmpuint(apply_run(&fixture->host, plan, &error), ==, 0);
    assert_refused(error, ERROR_FAILED, "was written anew");
    fixture_assert_state(fixture, before);
}

static void masked_units_are_left_alone(void)
{
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    g_autoptr(Plan) plan = plan_new();
    Change *change = change_new("a", CHANGE_SERVICE, "cron.service");
    change_set_states(change, "masked, stopped", "enabled, running");
    plan_add(plan, change, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_cmpuint(apply_run(&fixture->host, plan, &error), ==, 0);
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_REFUSED);
}

/* Units that were enabled with ours stay enabled when they were so before. */
static void a_service_is_given_back(void)
{
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    fixture_write(fixture, "usr/lib/systemd/system/x.service",
                  "[Service]\n[Install]\nAlso=cron.service y.socket\n");
    g_autoptr(GHashTable) before = fixture_state(fixture);
    g_autoptr(Plan) plan = plan_one(fixture, goal_service("a", "x.service", NULL));
    const Change *change = plan->changes->pdata[0];
    g_assert_cmpstr(change->before, ==, "disabled, stopped");
    guint id = fixture_apply(fixture, plan);
    g_autofree char *link =
        os_read_link(fixture->root, "etc/systemd/system/multi-user.target.wants/y.socket");
    g_assert_nonnull(link);
    fixture_undo(fixture, id);
    fixture_assert_state(fixture, before);
}

/* libvirt's daemons have two sets of names; who has one running keeps it. */
static void the_unit_that_there_is_is_taken(void)
{
    static const char NAMES[] = "virtqemud.socket libvirtd.socket cron.service";
    static const char UNIT[] = "[Socket]\n[Install]\n";
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    g_autoptr(Plan) running = plan_one(fixture, goal_service("a", NAMES, NULL));
    g_assert_cmpuint(running->changes->len, ==, 0);
    g_autoptr(Plan) absent = plan_one(fixture, goal_service("a", "x.socket y.socket", NULL));
    g_assert_cmpstr(((const Change *)absent->changes->pdata[0])->target, ==, "x.socket");
    fixture_write(fixture, "usr/lib/systemd/system/y.socket", UNIT);
    fixture_write(fixture, "usr/lib/systemd/system/z.socket", UNIT);
    g_autoptr(Plan) there =
        plan_one(fixture, goal_service("a", "x.socket y.socket z.socket", NULL));
    g_assert_cmpstr(((const Change *)there->changes->pdata[0])->target, ==, "y.socket");
}

static Goal *network_goal(const char *verb)
{
    const char *const argv[] = {"virsh", "-c", "qemu:///system", verb, "default", NULL};
    return goal_command("libvirt-network", "network default", argv, NULL);
}

/* The network comes with a package of the same plan, and goes with it. */
static void a_network_is_started_and_stopped(void)
{
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    g_autoptr(GHashTable) before = fixture_state(fixture);
    g_autoptr(GPtrArray) goals = goals_new();
    g_ptr_array_add(goals, network_goal("net-start"));
    g_ptr_array_add(goals, network_goal("net-autostart"));
    g_ptr_array_add(goals, goal_packages("packages", "libvirt virsh", NULL));
    g_autoptr(Plan) plan = fixture_plan(fixture, &DEBIAN, goals);
    g_assert_cmpstr(((const Change *)plan->changes->pdata[0])->target, ==,
                    "libvirt-daemon-system libvirt-clients");
    guint first = fixture_apply(fixture, plan);
    g_assert_true(os_exists(fixture->root, "run/libvirt/network/default"));
    g_autoptr(Plan) again = fixture_plan(fixture, &DEBIAN, goals);
    g_assert_cmpuint(again->changes->len, ==, 0);
    fixture_undo(fixture, first);
    fixture_assert_state(fixture, before);
}

static void one_that_ran_before_runs_on(void)
{
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    g_autoptr(Plan) packages = plan_one(fixture, goal_packages("packages", "libvirt", NULL));
    fixture_apply(fixture, packages);
    fixture_write(fixture, "run/libvirt/network/default", "");
    g_autoptr(GHashTable) before = fixture_state(fixture);
    g_autoptr(Plan) start = plan_one(fixture, network_goal("net-start"));
    g_assert_cmpuint(start->changes->len, ==, 0);
    g_autoptr(Plan) plan = plan_one(fixture, network_goal("net-autostart"));
    guint id = fixture_apply(fixture, plan);
    fixture_undo(fixture, id);
    fixture_assert_state(fixture, before);
}

/* TuneD chose its profile itself, and does so again. */
static void tuned_gets_its_profile_back(void)
{
    static const char *const ARGV[] = {"tuned-adm", "profile", "virtual-host", NULL};
    static const char *const MODES[] = {"auto", "manual"};
    for (guint i = 0; i < G_N_ELEMENTS(MODES); i++) {
        g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
        g_autofree char *mode = g_strconcat(MODES[i], "\n", NULL);
        fixture_write(fixture, "usr/sbin/tuned-adm", "");
        fixture_write(fixture, "etc/tuned/active_profile", "balanced\n");
        fixture_write(fixture, "etc/tuned/profile_mode", mode);
        g_autoptr(GHashTable) before = fixture_state(fixture);
        g_autoptr(Plan) plan =
            plan_one(fixture, goal_command("governor", "profile of TuneD", ARGV, NULL));
        g_assert_cmpstr(((const Change *)plan->changes->pdata[0])->before, ==, "balanced");
        guint id = fixture_apply(fixture, plan);
        fixture_assert_has(fixture, "etc/tuned/active_profile", "virtual-host\n");
        g_autoptr(Plan) again =
            plan_one(fixture, goal_command("governor", "profile of TuneD", ARGV, NULL));
        g_assert_cmpuint(again->changes->len, ==, 0);
        fixture_undo(fixture, id);
        fixture_assert_state(fixture, before);
    }
}

/* A profile that somebody chose since is theirs. */
static void a_profile_of_somebody_else_stays(void)
{
    static const char *const ARGV[] = {"tuned-adm", "profile", "virtual-host", NULL};
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    fixture_write(fixture, "usr/sbin/tuned-adm", "");
    fixture_write(fixture, "etc/tuned/active_profile", "balanced\n");
    g_autoptr(Plan) plan =
        plan_one(fixture, goal_command("governor", "profile of TuneD", ARGV, NULL));
    guint id = fixture_apply(fixture, plan);
    fixture_write(fixture, "etc/tuned/active_profile", "powersave\n");
    fixture_undo(fixture, id);
    fixture_assert_has(fixture, "etc/tuned/active_profile", "powersave\n");
}

#define FOLDER "/var/lib/libvirt/images/rootstock-ann"

static Goal *folder_goal(void)
{
    static const char *const ARGV[] = {"install", "-d", "-m", "0711", "-o", "ann", FOLDER, NULL};
    return goal_command("storage-access", "folder " FOLDER, ARGV, NULL);
}

static void a_folder_goes_while_it_is_empty(void)
{
    g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
    fixture_write(fixture, "usr/bin/install", "");
    fixture_write(fixture, "var/lib/libvirt/images/other.img", "");
    g_autoptr(GHashTable) before = fixture_state(fixture);
    g_autoptr(Plan) plan = plan_one(fixture, folder_goal());
    guint id = fixture_apply(fixture, plan);
    g_assert_true(os_exists(fixture->root, FOLDER));
    g_autoptr(Plan) again = plan_one(fixture, folder_goal());
    g_assert_cmpuint(again->changes->len, ==, 0);
    fixture_undo(fixture, id);
    fixture_assert_state(fixture, before);

    g_autoptr(Plan) second = plan_one(fixture, folder_goal());
    id = fixture_apply(fixture, second);
    fixture_write(fixture, FOLDER "/disk.qcow2", "work of years");
    fixture_undo(fixture, id);
    fixture_assert_has(fixture, FOLDER "/disk.qcow2", "work of years");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/apply/whole", apply_makes_all_and_undo_takes_all_back);
    g_test_add_func("/apply/twice", twice_changes_nothing);
    g_test_add_func("/apply/stale/file", a_plan_from_before_is_refused);
    g_test_add_func("/apply/stale/group", a_group_that_changed_is_seen);
    g_test_add_func("/apply/lock", one_apply_at_a_time);
    g_test_add_func("/apply/undo/changed", undo_refuses_what_was_changed_since);
    g_test_add_func("/apply/undo/later", undo_names_the_later_apply);
    g_test_add_func("/apply/attributes", attributes_are_kept);
    g_test_add_func("/apply/undo/made-anew", made_files_are_made_anew_where_they_changed);
    g_test_add_func("/apply/undo/group", a_group_file_of_others_is_not_put_back);
    g_test_add_func("/apply/package/needed", packages_that_others_need_stay);
    g_test_add_func("/apply/package/guests", guests_outlive_an_undo);
    g_test_add_func("/apply/package/missing", packages_that_cannot_be_had_change_nothing);
    g_test_add_func("/apply/fail/program", programs_that_fail_leave_nothing);
    g_test_add_func("/apply/fail/effect", an_effect_that_is_not_there_is_a_failure);
    g_test_add_func("/apply/fail/written-over", what_a_later_command_undoes_is_a_failure);
    g_test_add_func("/apply/service/masked", masked_units_are_left_alone);
    g_test_add_func("/apply/network/package", a_network_is_started_and_stopped);
    g_test_add_func("/apply/network/before", one_that_ran_before_runs_on);
    g_test_add_func("/apply/tuned/back", tuned_gets_its_profile_back);
    g_test_add_func("/apply/tuned/theirs", a_profile_of_somebody_else_stays);
    g_test_add_func("/apply/folder", a_folder_goes_while_it_is_empty);
    g_test_add_func("/apply/service/names", the_unit_that_there_is_is_taken);
    g_test_add_func("/apply/service/back", a_service_is_given_back);
    return g_test_run();
}
