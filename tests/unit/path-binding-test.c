/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What has vfio-pci take the guest's functions, and what is said where it did not. */
#include "host.h"
#include "sample.h"
#include "walk.h"

#include <string.h>

static const char *const GUEST = "0000:0a:00.0";
static const char *const HOST = "0000:06:00.0";

/* Two cards, of which the host shows its picture on one; with the same ids where TWINS. */
typedef struct {
    Facts *facts;
    PciFunction *host, *card, *sound;
} Cards;

static void cards_clear(Cards *cards)
{
    facts_free(cards->facts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Cards, cards_clear)

static PciFunction *add(Facts *facts, const char *address, int class, int device,
                        const char *parent, const char *driver)
{
    PciFunction *function = host_pci(facts, address, class, 0x1002, device, 15);
    function->parent = g_strdup(parent);
    function->driver_built_in = TRI_NO;
    function->driver_override = g_strdup("");
    function->modules = host_words(driver);
    host_driver(function, driver);
    return function;
}

static Cards two_cards(bool twins)
{
    Cards cards = {.facts = host_new()};
    Facts *facts = cards.facts;
    cards.host = add(facts, HOST, 0x0300, twins ? 0x73ff : 0x6987, "", "amdgpu");
    cards.host->boot_vga = TRI_YES;
    cards.host->iommu_group = 14;
    host_pci(facts, "0000:00:01.0", 0x0604, 0x8086, 0x1901, 1)->parent = g_strdup("");
    cards.card = add(facts, GUEST, 0x0300, 0x73ff, "0000:00:01.0", "amdgpu");
    cards.sound = add(facts, "0000:0a:00.1", 0x0403, 0xab28, "0000:00:01.0", "snd_hda_intel");
    host_display(facts, HOST, TRI_YES, TRI_YES);
    host_display(facts, GUEST, TRI_NO, TRI_NO);
    host_net(facts, "eth0", "", TRI_YES);
    facts->setup.modules.overrides = g_new0(char *, 1);
    facts->setup.modules.options = g_new0(char *, 1);
    facts->setup.modules.early = g_new0(char *, 1);
    facts->setup.modules.initramfs = host_words("dracut");
    return cards;
}

static void set_words(GStrv *list, const char *words)
{
    g_strfreev(*list);
    *list = host_words(words);
}

static const PathStep *step_of(const Walk *walk, const char *id)
{
    return path_step(walk->path, id);
}

static const Goal *goal_of(const Walk *walk, const char *id, guint index, guint count)
{
    const PathStep *step = step_of(walk, id);
    g_assert_cmpuint(step->goals->len, ==, count);
    return g_ptr_array_index(step->goals, index);
}

/* The state of a step, and what it says in one of its three sentences; "" nothing. */
static void assert_step(const Facts *facts, const char *id, StepState state, const char *text)
{
    g_auto(Walk) walk = walk_path(facts);
    const PathStep *step = step_of(&walk, id);
    g_autofree char *all = g_strdup_printf("%s|%s|%s", step->evidence, step->reason, step->manual);
    g_test_message("%s: %s: %s", id, step_state_name(step->state), all);
    g_assert_cmpint(step->state, ==, state);
    g_assert_nonnull(strstr(all, text));
}

/* The host's card has the ids of the guest's: each function is named by its place, and nothing is
 * taken where another one stands there. */
static void twins_are_bound_by_address(void)
{
    g_auto(Cards) cards = two_cards(true);
    g_auto(Walk) walk = walk_path(cards.facts);
    const Goal *goal = goal_of(&walk, "vfio-binding", 0, 1);

    g_assert_cmpint(goal->kind, ==, GOAL_FILE);
    g_assert_cmpstr(goal->target, ==, "/etc/udev/rules.d/10-rootstock-vfio.rules");
    g_assert_true(goal->initramfs);
    g_assert_nonnull(strstr(goal->value,
                            "TEST==\"/sys/devices/pci0000:00/0000:00:01.0/0000:0a:00.0\", \\\n"
                            "  ATTR{[pci/0000:0a:00.0]vendor}==\"0x1002\", "
                            "ATTR{[pci/0000:0a:00.0]device}==\"0x73ff\", \\\n"
                            "  ATTR{[pci/0000:0a:00.0]boot_vga}==\"0\", "
                            "ATTR{[pci/0000:0a:00.0]driver_override}=\"vfio-pci\"\n"
                            "TEST==\"/sys/devices/pci0000:00/0000:00:01.0/0000:0a:00.1\", \\\n"
                            "  ATTR{[pci/0000:0a:00.1]vendor}==\"0x1002\", "
                            "ATTR{[pci/0000:0a:00.1]device}==\"0xab28\", \\\n"
                            "  ATTR{[pci/0000:0a:00.1]driver_override}=\"vfio-pci\"\n"));
    g_assert_nonnull(strstr(goal->value, "KERNEL==\"0000:0a:00.0|0000:0a:00.1\", "));
    g_assert_null(strstr(goal->value, HOST));
    assert_step(cards.facts, "vfio-binding", STEP_TODO, HOST);
    assert_step(cards.facts, "vfio-early", STEP_NOT_NEEDED, "before a driver is loaded for any");
}

/* What is not known of the place is left out of the rule: the ids still guard it. */
static void rules_name_only_what_is_known(void)
{
    g_auto(Cards) cards = two_cards(true);
    g_clear_pointer(&cards.card->parent, g_free);
    cards.card->boot_vga = TRI_UNKNOWN;
    g_auto(Walk) walk = walk_path(cards.facts);
    const char *rules = goal_of(&walk, "vfio-binding", 0, 1)->value;

    g_assert_null(strstr(rules, "0000:0a:00.0\", \\\n"));
    g_assert_null(strstr(rules, "boot_vga"));
    g_assert_nonnull(strstr(rules, "\nATTR{[pci/0000:0a:00.0]vendor}==\"0x1002\", "));
}

/* Bridges that lead in a circle, in a snapshot that somebody wrote, are no way to a device. */
static void circular_bridges_are_no_place(void)
{
    g_auto(Cards) cards = two_cards(true);
    PciFunction *bridge = (PciFunction *)facts_pci_function(cards.facts, "0000:00:01.0");
    g_free(bridge->parent);
    bridge->parent = g_strdup("0000:00:01.0");
    g_auto(Walk) walk = walk_path(cards.facts);
    g_assert_null(strstr(goal_of(&walk, "vfio-binding", 0, 1)->value, "TEST"));
}

static void makers_of_cards_tell_them_apart(void)
{
    g_auto(Cards) cards = two_cards(true);
    cards.host->subsystem_vendor = 0x1043;
    cards.card->subsystem_vendor = 0x1da2;
    cards.host->subsystem_device = cards.card->subsystem_device = 0xe448;
    g_auto(Walk) walk = walk_path(cards.facts);

    g_assert_cmpstr(goal_of(&walk, "vfio-binding", 0, 1)->value, ==,
                    "options vfio-pci ids=1002:73ff:1da2:e448,1002:ab28\n"
                    "softdep amdgpu pre: vfio-pci\n"
                    "softdep snd_hda_intel pre: vfio-pci\n");
    g_assert_cmpstr(goal_of(&walk, "vfio-early", 0, 1)->target, ==, "vfio_pci");
}

static void built_in_driver_is_told_by_the_kernel(void)
{
    g_auto(Cards) cards = two_cards(false);
    cards.facts->kernel.vfio_built_in = TRI_YES;
    g_auto(Walk) walk = walk_path(cards.facts);
    const Goal *goal = goal_of(&walk, "vfio-binding", 0, 1);

    g_assert_cmpint(goal->kind, ==, GOAL_KERNEL_ARGUMENT);
    g_assert_cmpstr(goal->target, ==, "vfio-pci.ids=1002:73ff,1002:ab28");
    assert_step(cards.facts, "vfio-early", STEP_NOT_NEEDED, "built into the kernel");
}

/* An image that is not made on the host takes a rule more easily than a module. */
static void systems_of_images_get_a_rule(void)
{
    g_auto(Cards) cards = two_cards(false);
    cards.facts->distribution.immutable = TRI_YES;
    g_auto(Walk) walk = walk_path(cards.facts);
    g_assert_nonnull(strstr(goal_of(&walk, "vfio-binding", 0, 1)->target, "/udev/rules.d/"));
    assert_step(cards.facts, "vfio-early", STEP_NOT_NEEDED, "");
}

/* A card that came later has the ids of the one that was bound by them. */
static void ids_make_way_for_addresses(void)
{
    g_auto(Cards) cards = two_cards(true);
    set_words(&cards.facts->setup.modules.options, "x");
    g_free(cards.facts->setup.modules.options[0]);
    cards.facts->setup.modules.options[0] =
        g_strdup("etc/modprobe.d/rootstock-vfio.conf: options vfio-pci ids=1002:73ff");
    g_auto(Walk) walk = walk_path(cards.facts);
    const Goal *old = goal_of(&walk, "vfio-binding", 1, 2);

    g_assert_cmpstr(old->target, ==, "/etc/modprobe.d/rootstock-vfio.conf");
    g_assert_null(strstr(old->value, "options"));
}

/* A rule that is left behind would go on taking what it names. */
static void rules_are_gone_on_with(void)
{
    g_auto(Cards) cards = two_cards(false);
    set_words(&cards.facts->setup.modules.overrides, "0000:07:00.0");
    g_auto(Walk) walk = walk_path(cards.facts);
    g_assert_nonnull(strstr(goal_of(&walk, "vfio-binding", 0, 1)->target, "/udev/rules.d/"));
}

static void what_is_bound_stays_so(void)
{
    g_auto(Cards) cards = two_cards(true);
    host_driver(cards.card, "vfio-pci");
    host_driver(cards.sound, "vfio-pci");
    assert_step(cards.facts, "vfio-binding", STEP_DONE, "Nothing says so for the next start");
    set_words(&cards.facts->setup.modules.overrides, "0000:0a:00.0 0000:0a:00.1");
    assert_step(cards.facts, "vfio-binding", STEP_DONE, "are bound to vfio-pci.|(null)");
    assert_step(cards.facts, "vfio-early", STEP_DONE, "");
}

/* The card's USB-C port has a driver that cannot wait; libvirt takes it. A picture is not left. */
static void drivers_of_the_kernel_keep_what_they_can_give_back(void)
{
    g_auto(Cards) cards = two_cards(true);
    PciFunction *usb = add(cards.facts, "0000:0a:00.2", 0x0c03, 0x73a6, "0000:00:01.0", "xhci_hcd");
    usb->driver_built_in = TRI_YES;
    host_driver(cards.card, "vfio-pci");
    host_driver(cards.sound, "vfio-pci");
    assert_step(cards.facts, "vfio-binding", STEP_DONE, "0000:0a:00.2 (xhci_hcd)");
    usb->driver_built_in = TRI_NO;
    assert_step(cards.facts, "vfio-binding", STEP_TODO, "xhci_hcd");
    usb->driver_built_in = TRI_YES;
    host_driver(cards.card, "amdgpu");
    cards.card->driver_built_in = TRI_YES;
    assert_step(cards.facts, "vfio-binding", STEP_TODO, "amdgpu");
}

static void override(PciFunction *function, const char *driver)
{
    g_free(function->driver_override);
    function->driver_override = g_strdup(driver);
}

/* After the restart, in the order of what the evidence proves. */
static void what_did_not_take_has_a_reason(void)
{
    g_auto(Cards) cards = two_cards(true);
    ModuleSetup *modules = &cards.facts->setup.modules;
    set_words(&modules->overrides, "0000:0a:00.0 0000:0a:00.1");
    assert_step(cards.facts, "vfio-binding", STEP_TODO, "counts from the next start");
    assert_step(cards.facts, "vfio-binding", STEP_TODO, "does not fit this place");
    override(cards.card, "vfio-pci");
    assert_step(cards.facts, "vfio-binding", STEP_TODO, "amdgpu had it already");
    set_words(&modules->early, "amdgpu");
    assert_step(cards.facts, "vfio-binding", STEP_TODO, "loads amdgpu before all else");
    assert_step(cards.facts, "vfio-early", STEP_MANUAL, "Take amdgpu out");
    cards.card->driver_built_in = TRI_YES;
    assert_step(cards.facts, "vfio-binding", STEP_TODO, "amdgpu is built into the kernel");
    host_driver(cards.card, "");
    assert_step(cards.facts, "vfio-binding", STEP_TODO, "did not take it");
    cards.facts->iommu.groups = TRI_NO;
    assert_step(cards.facts, "vfio-binding", STEP_BLOCKED, "");
}

static void options_that_did_not_take_have_a_reason(void)
{
    g_auto(Cards) cards = two_cards(false);
    set_words(&cards.facts->setup.modules.options, "x");
    g_free(cards.facts->setup.modules.options[0]);
    cards.facts->setup.modules.options[0] =
        g_strdup("etc/modprobe.d/rootstock-vfio.conf: options vfio-pci ids=1002:73ff,1002:ab28");
    assert_step(cards.facts, "vfio-binding", STEP_TODO, "initial RAM file system does not say so");
}

/* initramfs-tools loads its list after udev, so that it is no reason. */
static void lists_of_initramfs_tools_come_after_udev(void)
{
    g_auto(Cards) cards = two_cards(true);
    set_words(&cards.facts->setup.modules.early, "amdgpu");
    set_words(&cards.facts->setup.modules.initramfs, "initramfs-tools");
    assert_step(cards.facts, "vfio-early", STEP_NOT_NEEDED, "");
}

static void nothing_is_known_of_drivers(void)
{
    g_auto(Cards) cards = two_cards(true);
    host_driver(cards.card, NULL);
    assert_step(cards.facts, "vfio-binding", STEP_TODO, "snd_hda_intel");
    host_driver(cards.sound, NULL);
    assert_step(cards.facts, "vfio-binding", STEP_UNKNOWN, "lspci -nnk");
}

/* Two disks alike, of which one holds the host's root. */
static void alike_disks_are_told_apart(void)
{
    Sample sample;
    sample_open(&sample);
    g_autoptr(GError) error = NULL;
    PciFunction *disk = sample_function(&sample, "0000:0b:00.0");
    host_driver(disk, "nvme");
    sample_judge(&sample);
    g_autoptr(MachineChoices) choices = machine_choices_new();
    choices->os = g_strdup("monterey");
    choices->force = true;
    choices->devices = host_words("0000:0b:00.0");
    MachineIdentity identity = {(char *)SAMPLE_UUID, (char *)SAMPLE_MAC};
    g_autoptr(Machine) machine = machine_fill("mac", choices, &identity, sample.facts,
                                              sample.catalog, sample.verdict, &error);
    g_assert_no_error(error);
    g_autoptr(Path) path = path_make(sample.facts, sample.verdict, sample.catalog, machine, NULL);
    const PathStep *step = path_step(path, "vfio-binding");

    g_assert_cmpuint(step->goals->len, ==, 1);
    const char *rules = ((const Goal *)g_ptr_array_index(step->goals, 0))->value;
    g_assert_nonnull(strstr(rules, "TEST==\"/sys/devices/pci0000:0b/0000:0b:00.0\", "));
    g_assert_null(strstr(rules, "0000:01:00.0"));
    g_clear_pointer(&path, path_free);
    g_clear_pointer(&machine, machine_free);
    sample_close(&sample);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/path/binding/twins", twins_are_bound_by_address);
    g_test_add_func("/path/binding/known", rules_name_only_what_is_known);
    g_test_add_func("/path/binding/circle", circular_bridges_are_no_place);
    g_test_add_func("/path/binding/makers", makers_of_cards_tell_them_apart);
    g_test_add_func("/path/binding/built-in", built_in_driver_is_told_by_the_kernel);
    g_test_add_func("/path/binding/images", systems_of_images_get_a_rule);
    g_test_add_func("/path/binding/later-twin", ids_make_way_for_addresses);
    g_test_add_func("/path/binding/old-rules", rules_are_gone_on_with);
    g_test_add_func("/path/binding/bound", what_is_bound_stays_so);
    g_test_add_func("/path/binding/left", drivers_of_the_kernel_keep_what_they_can_give_back);
    g_test_add_func("/path/binding/reasons", what_did_not_take_has_a_reason);
    g_test_add_func("/path/binding/options", options_that_did_not_take_have_a_reason);
    g_test_add_func("/path/binding/after-udev", lists_of_initramfs_tools_come_after_udev);
    g_test_add_func("/path/binding/drivers", nothing_is_known_of_drivers);
    g_test_add_func("/path/binding/disks", alike_disks_are_told_apart);
    return g_test_run();
}
