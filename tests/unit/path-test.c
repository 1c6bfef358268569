/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "host.h"
#include "walk.h"

#include <string.h>

static const char *const GUEST = "0000:0a:00.0";
static const char *const HOST = "0000:06:00.0";

static const PathStep *step_of(const Walk *walk, const char *id)
{
    const PathStep *step = path_step(walk->path, id);
    if (step == NULL)
        g_error("there is no step %s", id);
    return step;
}

static gboolean says(const PathStep *step, const char *text)
{
    const char *const texts[] = {step->evidence, step->reason, step->manual};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        if (texts[i] != NULL && strstr(texts[i], text) != NULL)
            return TRUE;
    }
    return FALSE;
}

static void assert_step(const Walk *walk, const char *id, StepState state, const char *text)
{
    const PathStep *step = step_of(walk, id);
    g_test_message("%s: %s | %s | %s | %s", id, step_state_name(step->state), step->evidence,
                   step->reason, step->manual);
    g_assert_cmpint(step->state, ==, state);
    if (text != NULL)
        g_assert_true(says(step, text));
}

/* The same for a host that is looked at once. */
static void assert_state(const Facts *facts, const char *id, StepState state, const char *text)
{
    g_auto(Walk) walk = walk_path(facts);
    assert_step(&walk, id, state, text);
}

static const Goal *only_goal(const Walk *walk, const char *id)
{
    const PathStep *step = step_of(walk, id);
    g_assert_cmpuint(step->goals->len, ==, 1);
    return g_ptr_array_index(step->goals, 0);
}

/* Two cards: the host shows its picture on an old one, and the other one waits for a guest. */
static Facts *host_with_two_cards(void)
{
    Facts *facts = host_new();
    host_pci(facts, HOST, 0x0300, 0x10de, 0x1287, 14)->boot_vga = TRI_YES;
    host_driver(host_pci(facts, GUEST, 0x0300, 0x1002, 0x73ff, 15), "amdgpu");
    host_driver(host_pci(facts, "0000:0a:00.1", 0x0403, 0x1002, 0xab28, 15), "snd_hda_intel");
    host_display(facts, HOST, TRI_YES, TRI_YES);
    host_display(facts, GUEST, TRI_NO, TRI_NO);
    host_net(facts, "eth0", "", TRI_YES);
    return facts;
}

static void ids_are_unlike_and_depend_on_steps(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(Facts) facts = facts_new();
    g_auto(Walk) walk = walk_path(facts);

    g_assert_cmpuint(path_step_count(), >, 50);
    g_assert_cmpuint(walk.path->steps->len, ==, path_step_count());
    for (guint i = 0; i < path_step_count(); i++) {
        const Step *row = path_step_row(i);
        g_assert_true(g_hash_table_add(seen, (gpointer)step_id(row)));
        g_assert_true(path_step_named(step_id(row)) == row);
        g_assert_cmpuint(strlen(step_title(row)), <, 41);
    }
    g_assert_null(path_step_named("nothing-of-the-kind"));
}

/* Every sentence begins like one and ends like one; whatever is blocked, unknown or not needed says
 * why. */
static void assert_sentences(const Walk *walk)
{
    for (guint i = 0; i < walk->path->steps->len; i++) {
        const PathStep *step = g_ptr_array_index(walk->path->steps, i);
        const char *const texts[] = {step->evidence, step->reason, step->manual};
        for (guint j = 0; j < G_N_ELEMENTS(texts); j++) {
            if (texts[j] != NULL && (!g_str_has_suffix(texts[j], ".") || texts[j][0] == ' '))
                g_error("%s: '%s' is no sentence", step_id(step->step), texts[j]);
        }
        if (step->state == STEP_DONE)
            g_assert_nonnull(step->evidence);
        else if (step->state == STEP_MANUAL)
            g_assert_nonnull(step->manual);
        else
            g_assert_nonnull(step->reason);
        g_assert_true((step->next != NULL) ==
                      (step->state == STEP_TODO || step->state == STEP_MANUAL));
    }
}

static void sentences_are_whole(void)
{
    g_autoptr(Facts) nothing = facts_new();
    g_autoptr(Facts) bare = host_new();
    g_autoptr(Facts) two = host_with_two_cards();
    g_auto(Walk) first = walk_path(nothing);
    g_auto(Walk) second = walk_path(bare);
    g_auto(Walk) third = walk_path(two);

    assert_sentences(&first);
    assert_sentences(&second);
    assert_sentences(&third);
}

/* Nothing is claimed of a host of which nothing is known. */
static void unknown_facts_are_unknown_steps(void)
{
    static const char *const SECTIONS_KNOWN[] = {"opencore", "media",    "machine", "preflight",
                                                 "install",  "graphics", "after",   "upkeep"};
    g_autoptr(Facts) facts = facts_new();
    g_auto(Walk) walk = walk_path(facts);

    for (guint i = 0; i < walk.path->steps->len; i++) {
        const PathStep *step = g_ptr_array_index(walk.path->steps, i);
        const char *section = path_section_id(step_section(step->step));
        gboolean of_machine = FALSE;
        for (guint j = 0; j < G_N_ELEMENTS(SECTIONS_KNOWN); j++)
            of_machine |= strcmp(section, SECTIONS_KNOWN[j]) == 0;
        g_test_message("%s: %s", step_id(step->step), step_state_name(step->state));
        if (of_machine)
            g_assert_cmpint(step->state, !=, STEP_DONE);
        else
            g_assert_cmpint(step->state, ==, STEP_UNKNOWN);
    }
    g_assert_cmpint(walk.path->target.graphics, ==, GRAPHICS_UNKNOWN);
    g_assert_null(walk.path->target.release);
}

static void the_better_card_goes_to_the_guest(void)
{
    g_autoptr(Facts) facts = host_with_two_cards();
    g_auto(Walk) walk = walk_path(facts);
    const PathTarget *target = &walk.path->target;

    g_assert_cmpint(target->graphics, ==, GRAPHICS_DUAL);
    g_assert_cmpstr(target->gpu->function->address, ==, GUEST);
    g_assert_cmpstr(target->host_gpu->function->address, ==, HOST);
    g_assert_cmpuint(target->card->len, ==, 2);
    g_assert_cmpstr(target->release->id, ==, "tahoe");
}

/* A card that is off limits today, for the IOMMU is off, is what the IOMMU is wanted for. */
static void the_aim_survives_a_missing_iommu(void)
{
    g_autoptr(Facts) facts = host_with_two_cards();
    facts->iommu.groups = TRI_NO;
    facts->iommu.group_count = 0;
    for (guint i = 0; i < facts->pci->len; i++)
        ((PciFunction *)g_ptr_array_index(facts->pci, i))->iommu_group = UNKNOWN;
    facts->iommu.table = g_strdup("");
    g_auto(Walk) walk = walk_path(facts);

    g_assert_cmpstr(walk.path->target.gpu->function->address, ==, GUEST);
    assert_step(&walk, "firmware-iommu", STEP_MANUAL, "VT-d");
    assert_step(&walk, "iommu-enabled", STEP_BLOCKED, "firmware-iommu");
    assert_step(&walk, "iommu-groups", STEP_BLOCKED, "iommu-enabled");
    assert_step(&walk, "vfio-binding", STEP_BLOCKED, "iommu-groups");
    assert_step(&walk, "machine-file", STEP_BLOCKED, "iommu-groups");

    /* the firmware has it on: now it is the kernel's turn */
    g_free(facts->iommu.table);
    facts->iommu.table = g_strdup("DMAR");
    g_auto(Walk) on = walk_path(facts);
    assert_step(&on, "firmware-iommu", STEP_DONE, "DMAR");
    assert_step(&on, "iommu-enabled", STEP_TODO, NULL);
}

/* Each option that the verdict knows is a step, called as there. */
static void every_option_of_the_firmware_is_a_step(void)
{
    for (guint i = 0; i < walk_catalog()->firmware_options->len; i++) {
        const FirmwareOption *option = g_ptr_array_index(walk_catalog()->firmware_options, i);
        g_autofree char *id = g_strconcat("firmware-", option->id, NULL);
        const Step *step = path_step_named(id);
        if (step == NULL)
            g_error("there is no step %s", id);
        g_assert_cmpstr(step_title(step), ==, option->title);
    }
}

static void one_card_is_given_away(void)
{
    g_autoptr(Facts) facts = host_new();
    host_pci(facts, GUEST, 0x0300, 0x1002, 0x73ff, 15)->boot_vga = TRI_YES;
    host_display(facts, GUEST, TRI_YES, TRI_YES);
    g_auto(Walk) walk = walk_path(facts);

    g_assert_cmpint(walk.path->target.graphics, ==, GRAPHICS_SINGLE);
    assert_step(&walk, "iommu-groups", STEP_DONE, GUEST);
    assert_step(&walk, "vfio-binding", STEP_NOT_NEEDED, "gpu-single");
    assert_step(&walk, "gpu-dual", STEP_NOT_NEEDED, NULL);
    assert_step(&walk, "gpu-single", STEP_BLOCKED, "install-macos");
}

/* A group that something else holds is held in single mode, too. */
static void one_card_in_a_held_group_stays(void)
{
    g_autoptr(Facts) facts = host_new();
    host_pci(facts, GUEST, 0x0300, 0x1002, 0x73ff, 15)->boot_vga = TRI_YES;
    host_pci(facts, "0000:0b:00.0", 0x0108, 0x144d, 0xa808, 15);
    host_mount(host_block(facts, "nvme0n1", BLOCK_DISK, NULL, "0000:0b:00.0"), "/");
    host_display(facts, GUEST, TRI_YES, TRI_YES);
    assert_state(facts, "iommu-groups", STEP_MANUAL, "0000:0b:00.0 holds /");
}

static void without_a_card_nothing_is_passed(void)
{
    static const char *const STEPS[] = {"cards",        "firmware-iommu",   "iommu-enabled",
                                        "vfio-driver",  "boot-framebuffer", "iommu-groups",
                                        "vfio-binding", "gpu-macos",        "evdev"};
    g_autoptr(Facts) facts = host_new();
    host_pci(facts, HOST, 0x0300, 0x8086, 0x3e92, 1)->boot_vga = TRI_YES;
    g_auto(Walk) walk = walk_path(facts);

    for (guint i = 0; i < G_N_ELEMENTS(STEPS); i++)
        assert_step(&walk, STEPS[i], STEP_NOT_NEEDED, NULL);
    assert_step(&walk, "graphics", STEP_MANUAL, "has to be bought");
    g_assert_nonnull(strstr(step_of(&walk, "graphics")->next, "rootstock gpus --os"));
}

static void laptops_have_a_step_of_their_own(void)
{
    g_autoptr(Facts) facts = host_with_two_cards();
    facts->firmware.chassis = 3;
    assert_state(facts, "laptop", STEP_NOT_NEEDED, "chassis type 3");
    facts->firmware.chassis = 10;
    assert_state(facts, "laptop", STEP_MANUAL, "Plug a monitor");
    ((DisplayFacts *)g_ptr_array_index(facts->displays, 1))->connected = host_words("HDMI-A-1");
    assert_state(facts, "laptop", STEP_DONE, GUEST);
    facts->firmware.chassis = UNKNOWN;
    assert_state(facts, "laptop", STEP_UNKNOWN, "chassis_type");
}

static void the_kernel_is_told_of_the_iommu(void)
{
    g_autoptr(Facts) facts = host_with_two_cards();
    facts->iommu.group_count = 15;
    assert_state(facts, "iommu-enabled", STEP_DONE, "15 groups");
    facts->iommu.interrupt_remapping = TRI_NO;
    assert_state(facts, "iommu-enabled", STEP_MANUAL, "not remapped");

    facts->iommu.groups = TRI_NO;
    g_auto(Walk) intel = walk_path(facts);
    g_assert_cmpint(only_goal(&intel, "iommu-enabled")->kind, ==, GOAL_KERNEL_ARGUMENT);
    g_assert_cmpstr(only_goal(&intel, "iommu-enabled")->target, ==, "intel_iommu=on");
    facts->kernel.command_line = g_strdup("quiet intel_iommu=on");
    g_auto(Walk) told = walk_path(facts);
    g_assert_cmpuint(step_of(&told, "iommu-enabled")->goals->len, ==, 0);

    /* no option of Intel's for AMD */
    g_free(facts->kernel.command_line);
    facts->kernel.command_line = g_strdup("quiet");
    g_free(facts->cpu.vendor);
    facts->cpu.vendor = g_strdup("AuthenticAMD");
    g_auto(Walk) amd = walk_path(facts);
    g_assert_cmpuint(step_of(&amd, "iommu-enabled")->goals->len, ==, 0);
    g_free(facts->kernel.command_line);
    facts->kernel.command_line = g_strdup("amd_iommu=off");
    g_auto(Walk) off = walk_path(facts);
    g_assert_cmpint(only_goal(&off, "iommu-enabled")->kind, ==, GOAL_NO_KERNEL_ARGUMENT);
}

static void two_boot_loaders_are_told_of(void)
{
    g_autoptr(Facts) facts = host_new();
    BootLoaderFacts *loader = &facts->boot_loader;
    assert_state(facts, "boot-loader", STEP_UNKNOWN, "bootctl");
    loader->kind = g_strdup("systemd-boot");
    loader->evidence = g_strdup("The EFI variable LoaderInfo says systemd-boot 252.");
    loader->others = host_words("kernel-install"); /* a tool, not another boot loader */
    g_auto(Walk) one = walk_path(facts);
    assert_step(&one, "boot-loader", STEP_DONE, "LoaderInfo");
    g_assert_null(step_of(&one, "boot-loader")->reason);
    g_strfreev(loader->others);
    loader->others = host_words("grub kernel-install");
    assert_state(facts, "boot-loader", STEP_DONE, "another boot loader on this host: grub. Its");
    /* it has chosen the image, and is no other way to start */
    g_free(loader->kind);
    g_strfreev(loader->others);
    loader->kind = g_strdup("unified kernel image");
    loader->others = host_words("systemd-boot");
    g_auto(Walk) image = walk_path(facts);
    g_assert_null(step_of(&image, "boot-loader")->reason);
}

static Path *path_applied(const Walk *walk, PathApplied *change)
{
    g_autoptr(GPtrArray) applied = g_ptr_array_new();
    PathMachine state = path_machine_unknown();
    g_ptr_array_add(applied, change);
    state.applied = applied;
    return path_make(walk->path->facts, walk->verdict, walk_catalog(), NULL, &state);
}

static void assert_applied(const Facts *facts, const PathApplied *change, StepState state,
                           const char *text)
{
    PathApplied copy = *change;
    g_auto(Walk) walk = walk_path(facts);
    g_autoptr(Path) path = path_applied(&walk, &copy);
    const PathStep *step = path_step(path, change->step);
    g_test_message("%s: %s | %s | %s", change->step, step_state_name(step->state), step->reason,
                   step->manual);
    g_assert_cmpint(step->state, ==, state);
    g_assert_true(says(step, text));
}

/* What was applied and is not in force waits for a restart, or has a reason. */
static void what_did_not_take_has_a_reason(void)
{
    g_autoptr(Facts) facts = host_with_two_cards();
    PathApplied change = {.apply = 3,
                          .step = "iommu-enabled",
                          .kind = "kernel-argument",
                          .target = "intel_iommu",
                          .after = "intel_iommu=on",
                          .tool = "grub (update-grub)",
                          .restart = true,
                          .restarted = TRI_NO};
    facts->iommu.groups = TRI_NO;
    facts->iommu.table = g_strdup("DMAR");
    facts->kernel.command_line = g_strdup("quiet");
    facts->boot_loader.kind = g_strdup("grub");
    assert_applied(facts, &change, STEP_MANUAL, "Restart the host: apply 3");
    change.restarted = TRI_UNKNOWN;
    assert_applied(facts, &change, STEP_MANUAL, "Restart the host: apply 3");
    change.restarted = TRI_YES;
    assert_applied(facts, &change, STEP_TODO, "Another entry of its menu was started");
    g_free(facts->boot_loader.kind);
    facts->boot_loader.kind = g_strdup("systemd-boot");
    assert_applied(facts, &change, STEP_TODO, "this start was by systemd-boot");
    change.lost = "/etc/default/grub.d/zz-rootstock.cfg";
    assert_applied(facts, &change, STEP_TODO, "zz-rootstock.cfg no longer has what was written");
    change.lost = NULL;
    g_free(facts->boot_loader.kind);
    facts->boot_loader.kind = g_strdup("unified kernel image");
    facts->firmware.secure_boot = TRI_YES;
    change.tool = "unified kernel image (mkinitcpio)";
    assert_applied(facts, &change, STEP_TODO, "Under Secure Boot");
    /* it is on the line: the firmware's turn, as without an apply */
    g_free(facts->kernel.command_line);
    facts->kernel.command_line = g_strdup("intel_iommu=on");
    assert_applied(facts, &change, STEP_MANUAL, "firmware");
}

static void files_and_services_that_did_not_take_have_a_reason(void)
{
    g_autoptr(Facts) facts = host_with_two_cards();
    PathApplied option = {.apply = 1,
                          .step = "kvm-options",
                          .kind = "file",
                          .target = "/etc/modprobe.d/rootstock-kvm.conf",
                          .after = "options kvm ignore_msrs=1\n",
                          .restart = true,
                          .restarted = TRI_YES};
    PathApplied daemon = {.apply = 1,
                          .step = "libvirt-daemon",
                          .kind = "service",
                          .target = "libvirtd.socket",
                          .after = "enabled, running"};
    facts->kvm.ignore_msrs = TRI_NO;
    assert_applied(facts, &option, STEP_TODO, "initial RAM file system of before");
    facts->software.libvirt_daemon = TRI_NO;
    facts->software.libvirt_version = g_strdup("9.0.0");
    facts->setup.libvirt.units = host_words("libvirtd.service libvirtd.socket");
    facts->setup.libvirt.enabled = host_words("libvirtd.socket");
    assert_applied(facts, &daemon, STEP_TODO, "systemctl status libvirtd.socket");
    facts->kvm.ignore_msrs = TRI_YES;
    assert_applied(facts, &option, STEP_DONE, "is Y");
}

/* What is so is said by which line; what the release does not need is not asked for. */
static void options_are_for_releases_that_need_them(void)
{
    g_autoptr(Facts) facts = host_with_two_cards();
    facts->kvm.ignore_msrs = TRI_NO;
    facts->setup.modules.options =
        g_strsplit("etc/modprobe.d/a.conf: options kvm report_ignored_msrs=0\n"
                   "etc/modprobe.d/zz.conf: options kvm ignore_msrs=0",
                   "\n", -1);
    g_auto(Walk) walk = walk_path(facts);
    assert_step(&walk, "kvm-options", STEP_TODO, "zz.conf");
    Machine machine = {.name = (char *)"old",
                       .release = catalog_release(walk_catalog(), "mavericks"),
                       .network = (char *)"user",
                       .devices = walk.path->target.card};
    g_autoptr(Path) old = path_make(facts, walk.verdict, walk_catalog(), &machine, NULL);
    g_assert_cmpint(path_step(old, "kvm-options")->state, ==, STEP_NOT_NEEDED);
    machine.release = catalog_release(walk_catalog(), "yosemite");
    g_autoptr(Path) later = path_make(facts, walk.verdict, walk_catalog(), &machine, NULL);
    g_assert_cmpint(path_step(later, "kvm-options")->state, ==, STEP_TODO);
}

/* A file is an intention: only the running kernel counts. */
static void options_count_when_they_are_in_force(void)
{
    g_autoptr(Facts) facts = host_with_two_cards();

    assert_state(facts, "kvm-options", STEP_UNKNOWN, NULL);
    facts->kvm.ignore_msrs = TRI_YES;
    assert_state(facts, "kvm-options", STEP_DONE, NULL);
    facts->kvm.ignore_msrs = TRI_NO;
    facts->setup.modules.options =
        g_strsplit("etc/modprobe.d/a.conf: options kvm ignore_msrs=1", "\n", -1);
    g_auto(Walk) walk = walk_path(facts);
    assert_step(&walk, "kvm-options", STEP_TODO, "next start of the host");
    g_assert_cmpint(only_goal(&walk, "kvm-options")->kind, ==, GOAL_FILE);
    g_assert_cmpstr(only_goal(&walk, "kvm-options")->value, ==,
                    "options kvm ignore_msrs=1 report_ignored_msrs=0\n");
}

static void frame_buffers_on_the_guests_card_go(void)
{
    g_autoptr(Facts) facts = host_with_two_cards();

    assert_state(facts, "boot-framebuffer", STEP_UNKNOWN, "iomem");
    facts->setup.screen.boot_framebuffer = g_strdup(HOST);
    assert_state(facts, "boot-framebuffer", STEP_DONE, HOST);
    g_free(facts->setup.screen.boot_framebuffer);
    facts->setup.screen.boot_framebuffer = g_strdup(GUEST);
    assert_state(facts, "boot-framebuffer", STEP_TODO, "can't reserve");

    /* vfio-pci of newer kernels takes the picture away; where it did not, the argument does */
    g_free(facts->kernel.release);
    facts->kernel.release = g_strdup("5.19.0");
    assert_state(facts, "boot-framebuffer", STEP_TODO, "can't reserve");
    g_free(facts->kernel.release);
    facts->kernel.release = g_strdup("6.1.0-18-amd64");
    assert_state(facts, "boot-framebuffer", STEP_NOT_NEEDED, "Linux 6.0");
    host_driver((PciFunction *)facts_pci_function(facts, GUEST), "vfio-pci");
    g_auto(Walk) bound = walk_path(facts);
    assert_step(&bound, "boot-framebuffer", STEP_TODO, "can't reserve");
    g_assert_cmpstr(only_goal(&bound, "boot-framebuffer")->target, ==,
                    "initcall_blacklist=sysfb_init");
}

/* Without a driver for the host's own card the firmware's picture is all that a person sees. */
static void the_only_picture_is_not_taken(void)
{
    g_autoptr(Facts) facts = host_with_two_cards();
    ((PciFunction *)facts_pci_function(facts, HOST))->modules = host_words("");
    facts->setup.screen.boot_framebuffer = g_strdup(GUEST);
    g_auto(Walk) walk = walk_path(facts);
    assert_step(&walk, "boot-framebuffer", STEP_MANUAL, "only picture");
    g_assert_cmpuint(step_of(&walk, "boot-framebuffer")->goals->len, ==, 0);
}

static void clocks_that_drift_need_a_person(void)
{
    g_autoptr(Facts) facts = host_new();
    assert_state(facts, "clock-source", STEP_DONE, "tsc");
    g_free(facts->cpu.clocksource);
    facts->cpu.clocksource = g_strdup("hpet");
    assert_state(facts, "clock-source", STEP_MANUAL, "firmware first");
}

/* Only a clock that somebody chose over a good counter is changed; never is the counter forced. */
static void a_clock_that_was_chosen_is_taken_back(void)
{
    g_autoptr(Facts) facts = host_new();
    g_free(facts->cpu.clocksource);
    facts->cpu.clocksource = g_strdup("hpet");
    facts->kernel.command_line = g_strdup("quiet clocksource=hpet");
    facts->cpu.clocksources = host_words("hpet acpi_pm");
    assert_state(facts, "clock-source", STEP_MANUAL, "firmware first");
    g_strfreev(facts->cpu.clocksources);
    facts->cpu.clocksources = host_words("tsc hpet acpi_pm");
    g_auto(Walk) walk = walk_path(facts);
    assert_step(&walk, "clock-source", STEP_TODO, "clocksource=hpet");
    g_assert_cmpint(only_goal(&walk, "clock-source")->kind, ==, GOAL_NO_KERNEL_ARGUMENT);
    g_assert_cmpstr(only_goal(&walk, "clock-source")->target, ==, "clocksource");
    facts->cpu.tsc_unstable = TRI_YES;
    assert_state(facts, "clock-source", STEP_MANUAL, "firmware first");
}

/* One program sets the governor, never two. */
static void one_program_sets_the_governor(void)
{
    g_autoptr(Facts) facts = host_new();
    TuningSetup *tuning = &facts->setup.tuning;
    facts->setup.systemd = TRI_YES;
    facts->firmware.chassis = 3;
    tuning->governor = g_strdup("powersave");
    tuning->driver = g_strdup("acpi-cpufreq");
    tuning->governors = host_words("ondemand performance powersave");
    tuning->keepers = host_words("power-profiles-daemon");
    g_auto(Walk) alone = walk_path(facts);
    assert_step(&alone, "governor", STEP_TODO, "performance");
    g_assert_cmpstr(only_goal(&alone, "governor")->target, ==,
                    "/etc/tmpfiles.d/rootstock-governor.conf");
    g_assert_nonnull(strstr(only_goal(&alone, "governor")->value,
                            "\nw- /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor - - - - "
                            "performance\n"));
    g_assert_true(only_goal(&alone, "governor")->restart);

    g_strfreev(tuning->keepers);
    tuning->keepers = host_words("tuned");
    g_auto(Walk) tuned = walk_path(facts);
    g_assert_cmpint(only_goal(&tuned, "governor")->kind, ==, GOAL_COMMAND);
    g_assert_cmpstr(only_goal(&tuned, "governor")->argv[0], ==, "tuned-adm");
    g_strfreev(tuning->keepers);
    tuning->keepers = host_words("tlp tuned");
    g_auto(Walk) tlp = walk_path(facts);
    assert_step(&tlp, "governor", STEP_MANUAL, "CPU_SCALING_GOVERNOR_ON_AC");
    g_assert_cmpuint(step_of(&tlp, "governor")->goals->len, ==, 0);

    facts->firmware.chassis = 10;
    assert_state(facts, "governor", STEP_MANUAL, "battery");
    g_free(tuning->driver);
    tuning->driver = g_strdup("intel_pstate"); /* whose powersave is not slow */
    assert_state(facts, "governor", STEP_DONE, "intel_pstate");
}

#define PAGE_2M (G_GINT64_CONSTANT(2) << 20)
#define PAGE_1G (G_GINT64_CONSTANT(1) << 30)

/* The step huge-pages of a machine with so much memory in pages of that size. */
static Path *path_with_pages(const Walk *walk, Machine *machine, gint64 memory, gint64 page)
{
    *machine = (Machine){.name = (char *)"demo",
                         .release = walk->path->target.release,
                         .network = (char *)"user",
                         .memory = memory,
                         .huge_page = page,
                         .devices = walk->path->target.card};
    return path_make(walk->path->facts, walk->verdict, walk_catalog(), machine, NULL);
}

static const Goal *goal_of(const Path *path, const char *id, guint index)
{
    const PathStep *step = path_step(path, id);
    g_assert_cmpuint(step->goals->len, >, index);
    return g_ptr_array_index(step->goals, index);
}

static void huge_pages_are_reserved_for_the_machine(void)
{
    g_autoptr(Facts) facts = host_new(); /* of 32 GiB */
    Machine machine;
    facts->memory.huge_pages = 0;
    facts->memory.huge_page_size = PAGE_2M;
    host_flags(facts, HOST_FLAGS " pdpe1gb");
    g_auto(Walk) walk = walk_path(facts);

    g_autoptr(Path) small = path_with_pages(&walk, &machine, 16 * PAGE_1G, PAGE_2M);
    g_assert_cmpint(path_step(small, "huge-pages")->state, ==, STEP_TODO);
    g_assert_cmpstr(goal_of(small, "huge-pages", 0)->target, ==,
                    "/etc/sysctl.d/rootstock-hugepages.conf");
    g_assert_nonnull(strstr(goal_of(small, "huge-pages", 0)->value, "\nvm.nr_hugepages = 8192\n"));
    g_assert_true(goal_of(small, "huge-pages", 0)->restart);

    g_autoptr(Path) large = path_with_pages(&walk, &machine, 16 * PAGE_1G, PAGE_1G);
    g_assert_cmpstr(goal_of(large, "huge-pages", 0)->target, ==, "default_hugepagesz=1G");
    g_assert_cmpstr(goal_of(large, "huge-pages", 1)->target, ==, "hugepages=16");

    /* a host that reserves all of its memory does not start */
    g_autoptr(Path) all = path_with_pages(&walk, &machine, 32 * PAGE_1G, PAGE_2M);
    g_assert_cmpint(path_step(all, "huge-pages")->state, ==, STEP_MANUAL);
    g_assert_cmpuint(path_step(all, "huge-pages")->goals->len, ==, 0);

    facts->memory.huge_pages = 8192;
    g_autoptr(Path) enough = path_with_pages(&walk, &machine, 16 * PAGE_1G, PAGE_2M);
    g_assert_cmpint(path_step(enough, "huge-pages")->state, ==, STEP_DONE);
    g_autoptr(Path) few = path_with_pages(&walk, &machine, 17 * PAGE_1G, PAGE_2M);
    g_assert_cmpint(path_step(few, "huge-pages")->state, ==, STEP_TODO);
    facts->kernel.command_line = g_strdup("hugepagesz=1G hugepages=4");
    g_autoptr(Path) mixed = path_with_pages(&walk, &machine, 17 * PAGE_1G, PAGE_1G);
    g_assert_cmpint(path_step(mixed, "huge-pages")->state, ==, STEP_MANUAL);
}

static void what_is_missing_is_wanted_by_purpose(void)
{
    g_autoptr(Facts) facts = host_new();
    g_free(facts->software.qemu_path);
    facts->software.qemu_path = g_strdup("");
    facts->software.firmware = g_ptr_array_new_with_free_func((GDestroyNotify)firmware_image_free);
    facts->setup.libvirt.units = host_words("");
    facts->setup.virsh = facts->setup.dnsmasq = TRI_YES;
    facts->setup.viewer = TRI_NO;
    g_auto(Walk) walk = walk_path(facts);

    g_assert_cmpstr(only_goal(&walk, "package-qemu")->target, ==, "qemu");
    g_assert_cmpstr(only_goal(&walk, "package-libvirt")->target, ==, "libvirt");
    g_assert_cmpstr(only_goal(&walk, "package-ovmf")->target, ==, "ovmf");
    g_assert_cmpstr(only_goal(&walk, "package-tools")->target, ==, "viewer");
    assert_step(&walk, "libvirt-daemon", STEP_UNKNOWN, NULL);
}

/* Firmware that only starts what Microsoft signed starts no OpenCore. */
static void signed_firmware_is_not_enough(void)
{
    g_autoptr(Facts) facts = host_new();
    FirmwareImage *image = firmware_image_new();
    facts->software.firmware = g_ptr_array_new_with_free_func((GDestroyNotify)firmware_image_free);
    g_ptr_array_add(facts->software.firmware, image);
    image->descriptor = g_strdup("/usr/share/qemu/firmware/40.json");
    image->code = g_strdup("/usr/share/OVMF/OVMF_CODE_4M.ms.fd");
    image->vars = g_strdup("/usr/share/OVMF/OVMF_VARS_4M.ms.fd");
    image->code_size = image->vars_size = 1;
    image->interfaces = host_words("uefi");
    image->features = host_words("enrolled-keys requires-smm secure-boot");
    assert_state(facts, "package-ovmf", STEP_TODO, NULL);
    g_strfreev(image->features);
    image->features = host_words("acpi-s3");
    assert_state(facts, "package-ovmf", STEP_DONE, "OVMF_CODE_4M.ms.fd");
}

static void daemons_are_judged_by_their_sockets(void)
{
    g_autoptr(Facts) facts = host_new();
    facts->software.libvirt_daemon = TRI_NO;
    facts->software.libvirt_version = g_strdup("9.0.0");
    facts->setup.libvirt.units = host_words("libvirtd.service libvirtd.socket");
    facts->setup.libvirt.enabled = host_words("libvirtd.socket");
    g_auto(Walk) walk = walk_path(facts);
    assert_step(&walk, "libvirt-daemon", STEP_TODO, "does not run");
    g_assert_cmpstr(only_goal(&walk, "libvirt-daemon")->target, ==, "libvirtd.socket");

    facts->software.libvirt_daemon = TRI_YES;
    facts->software.libvirt_socket = g_strdup("/run/libvirt/libvirt-sock");
    assert_state(facts, "libvirt-daemon", STEP_DONE, "/run/libvirt/libvirt-sock");
    g_strfreev(facts->setup.libvirt.enabled);
    facts->setup.libvirt.enabled = host_words("");
    assert_state(facts, "libvirt-daemon", STEP_TODO, "by hand");

    g_strfreev(facts->setup.libvirt.units);
    facts->setup.libvirt.units = host_words("virtnetworkd.socket virtqemud.socket");
    g_auto(Walk) modular = walk_path(facts);
    g_assert_cmpuint(step_of(&modular, "libvirt-daemon")->goals->len, ==, 2);
    g_strfreev(facts->setup.libvirt.enabled);
    facts->setup.libvirt.enabled = host_words("virtqemud.socket");
    assert_state(facts, "libvirt-daemon", STEP_TODO, "virtnetworkd.socket does not start");
    g_strfreev(facts->setup.libvirt.enabled);
    facts->setup.libvirt.enabled = host_words("virtnetworkd.socket virtqemud.socket");
    assert_state(facts, "libvirt-daemon", STEP_DONE, NULL);
}

static void groups_count_in_the_session(void)
{
    g_autoptr(Facts) facts = host_new();
    facts->setup.person.root = TRI_NO;
    facts->setup.person.groups = host_words("");
    facts->setup.person.assigned = host_words("");
    g_auto(Walk) none = walk_path(facts);
    assert_step(&none, "libvirt-access", STEP_TODO, NULL);
    g_assert_cmpuint(step_of(&none, "libvirt-access")->goals->len, ==, 0);
    PathMachine state = path_machine_unknown();
    state.account = "jo";
    g_autoptr(Path) named = path_make(facts, none.verdict, walk_catalog(), NULL, &state);
    const PathStep *access = path_step(named, "libvirt-access");
    const Goal *goal = g_ptr_array_index(access->goals, 0);
    g_assert_cmpint(goal->kind, ==, GOAL_GROUP);
    g_assert_cmpstr(goal->target, ==, "jo");
    g_assert_cmpstr(goal->value, ==, "libvirt");

    g_strfreev(facts->setup.person.assigned);
    facts->setup.person.assigned = host_words("kvm libvirt");
    assert_state(facts, "libvirt-access", STEP_MANUAL, "Log out");
    g_strfreev(facts->setup.person.groups);
    facts->setup.person.groups = host_words("kvm libvirt");
    assert_state(facts, "libvirt-access", STEP_DONE, NULL);
    facts->setup.person.root = TRI_YES;
    assert_state(facts, "libvirt-access", STEP_NOT_NEEDED, "root");
}

/* No home folder is opened: machines get a folder where QEMU may go. */
static void machines_go_where_qemu_may(void)
{
    g_autoptr(Facts) facts = host_new();
    PathMachine state = path_machine_unknown();
    facts->software.libvirt_version = g_strdup("9.0.0");
    facts->setup.libvirt.units = host_words("libvirtd.socket");
    facts->setup.store.folder = g_strdup("~/.local/share/rootstock");
    facts->setup.store.reachable = TRI_NO;
    g_auto(Walk) nobody = walk_path(facts);
    assert_step(&nobody, "storage-access", STEP_MANUAL, "Do not open your home folder");
    state.account = "jo";
    g_autoptr(Path) path = path_make(facts, nobody.verdict, walk_catalog(), NULL, &state);
    const PathStep *step = path_step(path, "storage-access");
    g_assert_cmpint(step->state, ==, STEP_TODO);
    g_assert_cmpuint(step->goals->len, ==, 1);
    const Goal *goal = g_ptr_array_index(step->goals, 0);
    g_autofree char *command = g_strjoinv(" ", goal->argv);
    g_assert_cmpstr(command, ==, "install -d -m 0711 -o jo /var/lib/libvirt/images/rootstock-jo");
}

static void sudo_asks_for_who_called_it(void)
{
    g_autoptr(Facts) facts = host_new();
    facts->setup.person.root = TRI_YES;
    g_auto(Walk) root = walk_path(facts);
    PathMachine state = path_machine_unknown();
    state.account = "jo";

    g_autoptr(Path) unknown = path_make(facts, root.verdict, walk_catalog(), NULL, &state);
    g_assert_cmpint(path_step(unknown, "libvirt-access")->state, ==, STEP_UNKNOWN);
    facts->setup.person.assigned = host_words("");
    g_autoptr(Path) none = path_make(facts, root.verdict, walk_catalog(), NULL, &state);
    g_assert_cmpint(path_step(none, "libvirt-access")->state, ==, STEP_TODO);
    g_strfreev(facts->setup.person.assigned);
    facts->setup.person.assigned = host_words("libvirt");
    g_autoptr(Path) has = path_make(facts, root.verdict, walk_catalog(), NULL, &state);
    g_assert_cmpint(path_step(has, "libvirt-access")->state, ==, STEP_DONE);
}

/* A machine that is to be on the host's network, by the card INTERFACE (NULL: none is known). */
static Machine machine_on_bridge(const char *interface)
{
    return (Machine){.name = (char *)"demo",
                     .release = catalog_release(walk_catalog(), "sonoma"),
                     .type = (char *)"q35",
                     .cpu_model = (char *)"Penryn",
                     .sockets = 1,
                     .cores = 2,
                     .threads = 1,
                     .disk_bus = (char *)"sata",
                     .nic_model = (char *)"vmxnet3",
                     .usb_model = (char *)"qemu-xhci",
                     .video_model = (char *)"vga",
                     .network = (char *)"bridge",
                     .bridge = (char *)"br0",
                     .interface = (char *)interface,
                     .devices = g_ptr_array_new()};
}

static void assert_bridge(const Facts *facts, const char *interface, Tri unconfirmed,
                          StepState state, const char *text)
{
    Machine machine = machine_on_bridge(interface);
    PathMachine there = path_machine_unknown();
    g_autoptr(Verdict) verdict = verdict_make(facts, walk_catalog());
    there.unconfirmed = unconfirmed;
    g_autoptr(Path) path = path_make(facts, verdict, walk_catalog(), &machine, &there);
    const PathStep *step = path_step(path, "bridge");
    g_assert_cmpint(step->state, ==, state);
    g_assert_true(says(step, text));
    g_assert_cmpuint(step->goals->len, ==, state == STEP_TODO && unconfirmed != TRI_YES);
    for (guint i = 0; i < step->goals->len; i++) {
        const Goal *goal = g_ptr_array_index(step->goals, i);
        g_assert_cmpint(goal->kind, ==, GOAL_BRIDGE);
        g_assert_cmpstr(goal->target, ==, "br0");
        g_assert_cmpstr(goal->value, ==, interface);
    }
    if (unconfirmed == TRI_YES)
        g_assert_cmpstr(step->next, ==, "sudo rootstock confirm");
    g_assert_cmpint(path_step(path, "libvirt-network")->state, ==, STEP_NOT_NEEDED);
    g_ptr_array_unref(machine.devices);
}

static void a_bridge_is_for_machines_on_the_network(void)
{
    g_autoptr(Facts) facts = host_new();
    assert_state(facts, "bridge", STEP_NOT_NEEDED, "other machines are to reach");
    NetInterface *card = host_net(facts, "enp5s0", "0000:05:00.0", TRI_YES);
    card->driver = g_strdup("r8169");
    assert_bridge(facts, "enp5s0", TRI_NO, STEP_TODO, "there is no bridge br0");
    assert_bridge(facts, NULL, TRI_NO, STEP_MANUAL, "no wired card");

    NetInterface *bridge = host_net(facts, "br0", "", TRI_YES);
    assert_bridge(facts, NULL, TRI_NO, STEP_MANUAL, "no card of the host's is its port");
    g_strfreev(bridge->below);
    bridge->below = host_words("vnet0 enp5s0");
    assert_bridge(facts, NULL, TRI_YES, STEP_TODO, "unless you confirm");
    assert_bridge(facts, NULL, TRI_NO, STEP_DONE, "with enp5s0 as its port");
}

static void networks_have_to_run_and_start(void)
{
    g_autoptr(Facts) facts = host_new();
    LibvirtSetup *libvirt = &facts->setup.libvirt;

    libvirt->network_defined = TRI_YES;
    libvirt->network_autostart = TRI_NO;
    libvirt->network_active = TRI_NO;
    g_auto(Walk) walk = walk_path(facts);
    assert_step(&walk, "libvirt-network", STEP_TODO, "does not run");
    g_assert_cmpuint(step_of(&walk, "libvirt-network")->goals->len, ==, 2);
    libvirt->network_active = TRI_YES;
    assert_state(facts, "libvirt-network", STEP_TODO, "does not start");
    libvirt->network_autostart = TRI_YES;
    assert_state(facts, "libvirt-network", STEP_DONE, NULL);
    libvirt->network_defined = libvirt->network_active = TRI_NO;
    assert_state(facts, "libvirt-network", STEP_MANUAL, "no network default");
}

static void confinement_stays_on(void)
{
    g_autoptr(Facts) facts = host_new();
    facts->setup.apparmor = TRI_YES;
    facts->setup.selinux = TRI_NO;
    assert_state(facts, "confinement", STEP_DONE, "AppArmor");
    facts->setup.libvirt.security_driver = g_strdup("none");
    assert_state(facts, "confinement", STEP_MANUAL, "Take that line out");
    facts->setup.apparmor = TRI_NO;
    assert_state(facts, "confinement", STEP_NOT_NEEDED, NULL);
}

static void cards_are_bound_by_id(void)
{
    g_autoptr(Facts) facts = host_with_two_cards();
    PciFunction *card = g_ptr_array_index(facts->pci, 1);
    PciFunction *sound = g_ptr_array_index(facts->pci, 2);
    card->modules = host_words("amdgpu");
    sound->modules = host_words("snd_hda_intel");
    g_auto(Walk) driven = walk_path(facts);
    assert_step(&driven, "vfio-binding", STEP_TODO, "amdgpu, snd_hda_intel");
    g_assert_cmpstr(only_goal(&driven, "vfio-binding")->value, ==,
                    "options vfio-pci ids=1002:73ff,1002:ab28\n"
                    "softdep amdgpu pre: vfio-pci\n"
                    "softdep snd_hda_intel pre: vfio-pci\n");
    g_assert_cmpstr(only_goal(&driven, "vfio-early")->target, ==, "vfio_pci");

    host_driver(card, "vfio-pci");
    assert_state(facts, "vfio-binding", STEP_TODO, "snd_hda_intel"); /* half of it is not bound */
    host_driver(sound, "vfio-pci");
    assert_state(facts, "vfio-binding", STEP_DONE, NULL);
    assert_state(facts, "vfio-early", STEP_DONE, NULL);
}

static void the_next_step_is_the_first_that_can_be_done(void)
{
    g_autoptr(Facts) facts = host_with_two_cards();
    facts->kvm.ignore_msrs = TRI_NO;
    host_flags(facts, "avx2 constant_tsc nonstop_tsc nx pni sse4_1 sse4_2 ssse3 vmx");
    g_auto(Walk) walk = walk_path(facts);
    const PathStep *next = path_next(walk.path);

    g_assert_cmpstr(step_id(next->step), ==, "kvm-options");
    g_assert_cmpuint(path_count_done(walk.path), <, path_count_needed(walk.path));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/path/ids", ids_are_unlike_and_depend_on_steps);
    g_test_add_func("/path/sentences", sentences_are_whole);
    g_test_add_func("/path/unknown", unknown_facts_are_unknown_steps);
    g_test_add_func("/path/two-cards", the_better_card_goes_to_the_guest);
    g_test_add_func("/path/iommu-off", the_aim_survives_a_missing_iommu);
    g_test_add_func("/path/firmware", every_option_of_the_firmware_is_a_step);
    g_test_add_func("/path/one-card", one_card_is_given_away);
    g_test_add_func("/path/held-group", one_card_in_a_held_group_stays);
    g_test_add_func("/path/no-card", without_a_card_nothing_is_passed);
    g_test_add_func("/path/laptop", laptops_have_a_step_of_their_own);
    g_test_add_func("/path/iommu", the_kernel_is_told_of_the_iommu);
    g_test_add_func("/path/kvm-options", options_count_when_they_are_in_force);
    g_test_add_func("/path/boot-loader", two_boot_loaders_are_told_of);
    g_test_add_func("/path/applied/arguments", what_did_not_take_has_a_reason);
    g_test_add_func("/path/applied/others", files_and_services_that_did_not_take_have_a_reason);
    g_test_add_func("/path/kvm-options/release", options_are_for_releases_that_need_them);
    g_test_add_func("/path/frame-buffer", frame_buffers_on_the_guests_card_go);
    g_test_add_func("/path/only-picture", the_only_picture_is_not_taken);
    g_test_add_func("/path/clock", clocks_that_drift_need_a_person);
    g_test_add_func("/path/clock/chosen", a_clock_that_was_chosen_is_taken_back);
    g_test_add_func("/path/governor", one_program_sets_the_governor);
    g_test_add_func("/path/huge-pages", huge_pages_are_reserved_for_the_machine);
    g_test_add_func("/path/packages", what_is_missing_is_wanted_by_purpose);
    g_test_add_func("/path/signed-firmware", signed_firmware_is_not_enough);
    g_test_add_func("/path/daemon", daemons_are_judged_by_their_sockets);
    g_test_add_func("/path/groups", groups_count_in_the_session);
    g_test_add_func("/path/storage", machines_go_where_qemu_may);
    g_test_add_func("/path/sudo", sudo_asks_for_who_called_it);
    g_test_add_func("/path/network", networks_have_to_run_and_start);
    g_test_add_func("/path/confinement", confinement_stays_on);
    g_test_add_func("/path/binding", cards_are_bound_by_id);
    g_test_add_func("/path/next", the_next_step_is_the_first_that_can_be_done);
    g_test_add_func("/path/bridge", a_bridge_is_for_machines_on_the_network);
    return g_test_run();
}
