/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "fixture.h"
#include "plan/arguments.h"

#include <glob.h>
#include <stdio.h>
#include <string.h>

/*
 * The same wishes on the roots of tests/roots: the plan is held against tests/golden, made, looked
 * at, wished for again and taken back. Set ROOTSTOCK_GOLDEN=write to write the golden files anew,
 * and read what changed.
 */
typedef struct {
    const char *name;
    const char *boot_loader;  /* what started the kernel */
    const char *distribution; /* ID, and ID_LIKE behind a space */
    const char *keeper;       /* what keeps the arguments */
    bool initramfs;           /* early modules are possible */
    bool packages;
    const char *image; /* of which the rules of udev are to be a part, `*` for any letters of a
                        * name; "": they count from the root file system; NULL: refused */
} Root;

static const Root ROOTS[] = {
    {"debian-12-grub", "grub", "debian", "grub (update-grub)", true, true, "boot/initrd.img-*"},
    {"ubuntu-24.04-grub", "grub", "ubuntu debian", "grub (update-grub)", true, true,
     "boot/initrd.img-*"},
    {"proxmox-8-grub", "grub", "debian", "proxmox-boot-tool (grub)", true, true,
     "boot/initrd.img-*"},
    {"proxmox-8-zfs", "systemd-boot", "debian", "proxmox-boot-tool (systemd-boot)", true, true,
     "boot/initrd.img-*"},
    {"pop-22.04-kernelstub", "systemd-boot", "pop ubuntu debian", "kernelstub", true, true,
     "boot/initrd.img-*"},
    {"fedora-40-bls", "grub", "fedora", "grub (boot loader entries)", true, true,
     "boot/initramfs-6*.img"},
    {"fedora-40-uki", "unified kernel image", "fedora", "unified kernel image (kernel-install)",
     false, true, NULL},
    {"silverblue-40", "grub", "fedora", "rpm-ostree", false, true, "ostree/overlay"},
    {"opensuse-tumbleweed-grub", "grub", "opensuse-tumbleweed opensuse suse",
     "grub (grub-mkconfig)", true, true, "boot/initrd-*"},
    {"opensuse-tumbleweed-sdbootutil", "systemd-boot", "opensuse-tumbleweed opensuse suse",
     "sdbootutil", true, true, "boot/efi/opensuse-tumbleweed/*/initrd-*"},
    {"arch-grub", "grub", "arch", "grub (grub-mkconfig)", true, true, "boot/initramfs-linux.img"},
    {"arch-systemd-boot", "systemd-boot", "arch", "systemd-boot", true, true,
     "boot/initramfs-linux.img"},
    {"arch-systemd-boot-booster", "systemd-boot", "arch", "systemd-boot", true, true, ""},
    {"arch-uki", "unified kernel image", "arch", "unified kernel image (mkinitcpio)", true, true,
     "efi/EFI/Linux/arch-linux.efi"},
    {"arch-refind", "refind", "arch", "rEFInd", true, true, "boot/initramfs-linux.img"},
    {"gentoo-dracut-uki", "unified kernel image", "gentoo", "unified kernel image (dracut)", true,
     false, "boot/efi/EFI/Linux/linux-*.efi"},
};

#define MODPROBE "/etc/modprobe.d/rootstock-vfio.conf"
#define RULES "/etc/udev/rules.d/10-rootstock-vfio.rules"

/* A host as facts tell of it; the strings are freed with LIKE. */
static HostTraits traits_of(const Root *root, char ***ret_like)
{
    *ret_like = g_strsplit(root->distribution, " ", -1);
    return (HostTraits){
        .boot_loader = root->boot_loader, .distribution = (*ret_like)[0], .like = *ret_like + 1};
}

static GPtrArray *goals_for(const Root *root)
{
    GPtrArray *goals = goals_new();
    g_ptr_array_add(goals, goal_kernel_argument("iommu-enabled", "intel_iommu=on",
                                                "Without an IOMMU no guest can have a device."));
    g_ptr_array_add(goals, goal_kernel_argument("iommu-enabled", "iommu=pt", NULL));
    if (root->initramfs) {
        g_ptr_array_add(goals, goal_file("vfio-bound", MODPROBE,
                                         "options vfio-pci ids=1002:73ff,1002:ab28\n", NULL));
        g_ptr_array_add(goals,
                        goal_early_modules("vfio-bound", "vfio_pci vfio vfio_iommu_type1", NULL));
    }
    if (root->packages)
        g_ptr_array_add(goals, goal_packages("packages", "qemu-system-x86", NULL));
    g_ptr_array_add(goals, goal_group("libvirt", "ann", "kvm", NULL));
    return goals;
}

static void assert_golden(const Root *root, const char *kind, const char *text)
{
    g_autofree char *file = g_strdup_printf("%s-%s.txt", kind, root->name);
    g_autofree char *path =
        g_build_filename(g_getenv("ROOTSTOCK_SOURCE"), "tests", "golden", file, NULL);
    g_autofree char *expected = NULL;
    if (g_strcmp0(g_getenv("ROOTSTOCK_GOLDEN"), "write") == 0)
        g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_assert_true(g_file_get_contents(path, &expected, NULL, NULL));
    g_assert_cmpstr(text, ==, expected);
}

/* Each line of the next start has ARGUMENT, or with ABSENT does not; and nothing else of its key.
 */
static void assert_lines(const Fixture *fixture, const HostTraits *traits, const char *argument,
                         bool absent)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) lines = apply_kernel_lines(&fixture->host, traits, &error);
    g_assert_no_error(error);
    g_assert_nonnull(lines[0]);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_autofree char *found = arguments_with_key(lines[i], argument);
        g_assert_cmpstr(found, ==, absent ? NULL : argument);
    }
}

static void assert_nothing_left(const Fixture *fixture, const HostTraits *traits,
                                const GPtrArray *goals)
{
    g_autoptr(Plan) again = fixture_plan(fixture, traits, goals);
    g_autofree char *diff = plan_diff(again);
    g_assert_cmpstr(diff, ==, "");
}

static void root_is_prepared_and_given_back(gconstpointer data)
{
    const Root *root = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(Fixture) fixture = fixture_new(root->name);
    g_auto(GStrv) like = NULL;
    HostTraits traits = traits_of(root, &like);
    g_autoptr(GHashTable) before = fixture_state(fixture);
    g_autoptr(GPtrArray) goals = goals_for(root);
    g_assert_cmpstr(apply_boot_loader(&fixture->host, &traits, &error), ==, root->keeper);
    g_autoptr(Plan) plan = fixture_plan(fixture, &traits, goals);
    g_autofree char *diff = plan_diff(plan);
    assert_golden(root, "plan", diff);
    guint id = fixture_apply(fixture, plan);
    assert_lines(fixture, &traits, "intel_iommu=on", false);
    assert_lines(fixture, &traits, "iommu=pt", false);
    assert_nothing_left(fixture, &traits, goals);
    fixture_undo(fixture, id);
    fixture_assert_state(fixture, before);
}

/* The image that the next start uses holds the rules with TEXT in them. */
static void assert_rules(const Fixture *fixture, const Root *root, const char *text)
{
    g_autofree char *pattern = g_build_filename(fixture->path, root->image, NULL);
    glob_t found;
    g_assert_cmpint(glob(pattern, 0, NULL, &found), ==, 0);
    g_assert_cmpuint(found.gl_pathc, ==, 1);
    for (gsize i = 0; i < found.gl_pathc; i++) {
        g_autofree char *image = NULL;
        g_assert_true(g_file_get_contents(found.gl_pathv[i], &image, NULL, NULL));
        g_assert_nonnull(strstr(image, RULES + strlen("/etc/")));
        g_assert_nonnull(strstr(image, text));
    }
    globfree(&found);
}

/* Rules of udev are a part of each image in which udev runs: those of now, and those that come
 * after them. */
static void rules_are_in_the_image(gconstpointer data)
{
    const Root *root = data;
    g_autoptr(Fixture) fixture = fixture_new(root->name);
    g_auto(GStrv) like = NULL;
    HostTraits traits = traits_of(root, &like);
    g_autoptr(GHashTable) before = fixture_state(fixture);
    g_autoptr(GPtrArray) goals = goals_new();
    g_autoptr(GPtrArray) others = goals_new();
    g_ptr_array_add(goals, goal_file("vfio-binding", RULES, "KERNEL==\"0000:03:00.0\"\n", NULL));
    g_ptr_array_add(others, goal_file("vfio-binding", RULES, "KERNEL==\"0000:04:00.0\"\n", NULL));
    g_autoptr(Plan) plan = fixture_plan(fixture, &traits, goals);
    g_autofree char *diff = plan_diff(plan);
    assert_golden(root, "rules", diff);
    guint first = fixture_apply(fixture, plan);
    if (root->image[0] != '\0')
        assert_rules(fixture, root, "0000:03:00.0");
    assert_nothing_left(fixture, &traits, goals);
    g_autoptr(GHashTable) between = fixture_state(fixture);
    g_autoptr(Plan) next = fixture_plan(fixture, &traits, others);
    guint second = fixture_apply(fixture, next);
    if (root->image[0] != '\0')
        assert_rules(fixture, root, "0000:04:00.0");
    fixture_undo(fixture, second);
    fixture_assert_state(fixture, between);
    fixture_undo(fixture, first);
    fixture_assert_state(fixture, before);
}

/* What contradicts it, or stands beside it in the same list, in one file or in two, is seen. */
static void arguments_in_other_forms_are_seen(void)
{
    static const struct {
        const char *defaults, *drop_in, *menu;
        const char *before, *line;
    } CASES[] = {
        {"quiet intel_iommu=off", NULL, "ro quiet intel_iommu=off", "intel_iommu=off",
         "ro  quiet intel_iommu=on"},
        {"intel_iommu=igfx_off", NULL, "ro intel_iommu=igfx_off", "intel_iommu=igfx_off",
         "ro  intel_iommu=on,igfx_off"},
        {"intel_iommu=on", "$GRUB_CMDLINE_LINUX_DEFAULT intel_iommu=off",
         "ro intel_iommu=on intel_iommu=off", "intel_iommu=on intel_iommu=off",
         "ro  intel_iommu=on intel_iommu=on"},
    };
    const HostTraits traits = {.boot_loader = "grub", .distribution = "debian"};
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Fixture) fixture = fixture_new("debian-12-grub");
        g_autofree char *defaults =
            g_strdup_printf("GRUB_CMDLINE_LINUX_DEFAULT=\"%s\"\n", CASES[i].defaults);
        g_autofree char *drop_in =
            g_strdup_printf("GRUB_CMDLINE_LINUX_DEFAULT=\"%s\"\n", CASES[i].drop_in);
        g_autofree char *menu =
            g_strdup_printf("\tlinux /vmlinuz-6.1.0-18-amd64 root=/dev/sda1 %s\n", CASES[i].menu);
        fixture_write(fixture, "etc/default/grub", defaults);
        if (CASES[i].drop_in != NULL)
            fixture_write(fixture, "etc/default/grub.d/local.cfg", drop_in);
        fixture_write(fixture, "boot/grub/grub.cfg", menu);
        g_autoptr(GHashTable) before = fixture_state(fixture);
        g_autoptr(GPtrArray) goals = goals_new();
        g_ptr_array_add(goals, goal_kernel_argument("a", "intel_iommu=on", NULL));
        g_autoptr(Plan) plan = fixture_plan(fixture, &traits, goals);
        g_assert_cmpstr(((const Change *)plan->changes->pdata[0])->before, ==, CASES[i].before);
        guint id = fixture_apply(fixture, plan);
        fixture_assert_has(fixture, "boot/grub/grub.cfg", CASES[i].line);
        assert_nothing_left(fixture, &traits, goals);
        fixture_undo(fixture, id);
        fixture_assert_state(fixture, before);
    }
}

/* An argument that is there is taken out, and is there again afterwards. */
static void argument_is_taken_out(gconstpointer data)
{
    const Root *root = data;
    g_autoptr(Fixture) fixture = fixture_new(root->name);
    g_auto(GStrv) like = NULL;
    HostTraits traits = traits_of(root, &like);
    g_autoptr(GPtrArray) goals = goals_new();
    g_ptr_array_add(goals, goal_no_kernel_argument("a", "quiet", NULL));
    g_autoptr(GHashTable) before = fixture_state(fixture);
    g_auto(GStrv) lines = apply_kernel_lines(&fixture->host, &traits, NULL);
    if (!g_strstr_len(lines[0], -1, "quiet")) {
        g_test_skip("the root has no such argument");
        return;
    }
    g_autoptr(Plan) plan = fixture_plan(fixture, &traits, goals);
    guint id = fixture_apply(fixture, plan);
    assert_lines(fixture, &traits, "quiet", true);
    assert_nothing_left(fixture, &traits, goals);
    fixture_undo(fixture, id);
    fixture_assert_state(fixture, before);
}

static void assert_refused(const char *name, const HostTraits *traits, const char *part)
{
    g_autoptr(Fixture) fixture = fixture_new(name);
    g_autoptr(GPtrArray) goals = goals_new();
    g_autoptr(GError) error = NULL;
    g_ptr_array_add(goals, goal_kernel_argument("a", "iommu=pt", NULL));
    g_assert_null(apply_resolve(&fixture->host, traits, goals, &error));
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_REFUSED);
    if (strstr(error->message, part) == NULL)
        g_error("'%s' is not in: %s", part, error->message);
}

static void what_is_not_known_is_refused(void)
{
    const HostTraits nixos = {.boot_loader = "systemd-boot", .distribution = "nixos"};
    const HostTraits nothing = {.distribution = "debian", .evidence = "Nothing says so."};
    const HostTraits other = {.boot_loader = "limine", .distribution = "arch"};
    assert_refused("nixos", &nixos, "boot.kernelParams");
    assert_refused("debian-12-grub", &nothing, "Nothing says so.");
    assert_refused("arch-grub", &other, "limine");
}

/* A cloud image's drop-in sets the variable anew; ours comes after it. */
static void a_later_drop_in_is_seen(void)
{
    g_autoptr(Fixture) fixture = fixture_new("ubuntu-24.04-grub");
    char *like[] = {(char *)"debian", NULL};
    const HostTraits traits = {.boot_loader = "grub", .distribution = "ubuntu", .like = like};
    fixture_write(fixture, "etc/default/grub.d/50-cloudimg-settings.cfg",
                  "GRUB_CMDLINE_LINUX_DEFAULT=\"console=tty1 console=ttyS0\"\n");
    g_autoptr(GPtrArray) goals = goals_new();
    g_ptr_array_add(goals, goal_kernel_argument("a", "amd_iommu=on", NULL));
    g_autoptr(Plan) plan = fixture_plan(fixture, &traits, goals);
    fixture_apply(fixture, plan);
    fixture_assert_has(fixture, "boot/grub/grub.cfg", "console=tty1 console=ttyS0 amd_iommu=on\n");
    fixture_write(fixture, "etc/default/grub.d/zzz.cfg",
                  "GRUB_CMDLINE_LINUX_DEFAULT=\"console=tty1\"\n");
    assert_refused("nixos", &(HostTraits){.distribution = "nixos"}, "nixos-rebuild");
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) more = goals_new();
    g_ptr_array_add(more, goal_kernel_argument("a", "iommu.strict=0", NULL));
    g_assert_null(apply_resolve(&fixture->host, &traits, more, &error));
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_REFUSED);
}

/* A kernel that came since has an entry made from what we wrote; one that went has none. */
static void entries_of_other_kernels_are_looked_after(void)
{
    static const char OLD[] =
        "boot/loader/entries/0123456789abcdef0123456789abcdef-6.8.5-301.fc40.x86_64.conf";
    static const char NEW[] =
        "boot/loader/entries/0123456789abcdef0123456789abcdef-6.9.4-200.fc40.x86_64.conf";
    g_autoptr(Fixture) fixture = fixture_new("fedora-40-bls");
    const HostTraits traits = {.boot_loader = "grub", .distribution = "fedora"};
    g_autoptr(GPtrArray) goals = goals_new();
    g_ptr_array_add(goals, goal_kernel_argument("a", "intel_iommu=on", NULL));
    g_autofree char *before = fixture_read(fixture, OLD);
    g_autoptr(Plan) plan = fixture_plan(fixture, &traits, goals);
    guint id = fixture_apply(fixture, plan);
    g_autofree char *entry = fixture_read(fixture, OLD);
    fixture_write(fixture, NEW, entry);
    g_autofree char *path = g_build_filename(fixture->path, OLD, NULL);
    g_assert_cmpint(remove(path), ==, 0);
    fixture_undo(fixture, id);
    g_assert_false(os_exists(fixture->root, OLD));
    g_autofree char *after = fixture_read(fixture, NEW);
    g_assert_cmpstr(after, ==, before);
    g_autofree char *line = fixture_read(fixture, "etc/kernel/cmdline");
    g_assert_null(strstr(line, "iommu"));
}

/* kernel-install would make the entry anew from the running kernel's arguments. */
static void kernel_install_gets_a_command_line(void)
{
    static const char ENTRY[] = "title Debian\nmachine-id 0123\nlinux /0123/6.1/linux\n"
                                "options root=UUID=6f1a ro systemd.machine_id=0123\n";
    g_autoptr(Fixture) fixture = fixture_new("arch-systemd-boot");
    const HostTraits traits = {.boot_loader = "systemd-boot", .distribution = "debian"};
    fixture_write(fixture, "boot/loader/entries/arch.conf", ENTRY);
    fixture_write(fixture, "usr/bin/kernel-install", "");
    g_autoptr(GHashTable) before = fixture_state(fixture);
    g_autoptr(GPtrArray) goals = goals_new();
    g_ptr_array_add(goals, goal_kernel_argument("a", "iommu=pt", NULL));
    g_autoptr(Plan) plan = fixture_plan(fixture, &traits, goals);
    guint id = fixture_apply(fixture, plan);
    g_autofree char *line = fixture_read(fixture, "etc/kernel/cmdline");
    g_assert_cmpstr(line, ==, "root=UUID=6f1a ro iommu=pt\n");
    assert_nothing_left(fixture, &traits, goals);
    fixture_undo(fixture, id);
    fixture_assert_state(fixture, before);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(ROOTS); i++) {
        g_autofree char *whole = g_strdup_printf("/roots/%s/whole", ROOTS[i].name);
        g_autofree char *drop = g_strdup_printf("/roots/%s/drop", ROOTS[i].name);
        g_test_add_data_func(whole, &ROOTS[i], root_is_prepared_and_given_back);
        g_test_add_data_func(drop, &ROOTS[i], argument_is_taken_out);
        g_autofree char *rules = g_strdup_printf("/roots/%s/rules", ROOTS[i].name);
        if (ROOTS[i].image != NULL)
            g_test_add_data_func(rules, &ROOTS[i], rules_are_in_the_image);
    }
    g_test_add_func("/roots/other-forms", arguments_in_other_forms_are_seen);
    g_test_add_func("/roots/refused", what_is_not_known_is_refused);
    g_test_add_func("/roots/entries", entries_of_other_kernels_are_looked_after);
    g_test_add_func("/roots/kernel-install", kernel_install_gets_a_command_line);
    g_test_add_func("/roots/drop-in", a_later_drop_in_is_seen);
    return g_test_run();
}
