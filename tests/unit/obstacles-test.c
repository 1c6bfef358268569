/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "host.h"
#include "verdict/verdict.h"

#include <string.h>

/* What stands in the way of all devices of a host: each case is a host that people have. */

#define GPU "0000:03:00.0"
#define NVME "0000:01:00.0"

static Catalog *catalog;

static Facts *host_with_card(void)
{
    Facts *facts = host_new();
    host_driver(host_pci(facts, GPU, 0x0300, 0x1002, 0x73ff, 15), "amdgpu");
    host_pci(facts, "0000:03:00.1", 0x0403, 0x1002, 0xab28, 15);
    return facts;
}

static void set_command_line(Facts *facts, const char *line)
{
    g_free(facts->kernel.command_line);
    facts->kernel.command_line = g_strdup(line);
}

static const HostObstacle *find(const Verdict *verdict, const char *id)
{
    for (guint i = 0; i < verdict->obstacles->len; i++) {
        const HostObstacle *obstacle = g_ptr_array_index(verdict->obstacles, i);
        if (strcmp(obstacle->id, id) == 0)
            return obstacle;
    }
    return NULL;
}

/* The obstacle ID of FACTS leaves the card ANSWER, and its text or advice has WORDS. */
static void assert_obstacle(const Facts *facts, const char *id, Answer answer, const char *words)
{
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    const DeviceVerdict *card = verdict_device(verdict, GPU);
    const HostObstacle *obstacle = find(verdict, id);

    g_assert_nonnull(obstacle);
    g_test_message("%s. %s", obstacle->text, obstacle->advice != NULL ? obstacle->advice : "");
    g_assert_true(g_ptr_array_find(card->obstacles, obstacle, NULL));
    g_assert_cmpstr(answer_name(card->passable), ==, answer_name(answer));
    g_assert_true(strstr(obstacle->text, words) != NULL ||
                  (obstacle->advice != NULL && strstr(obstacle->advice, words) != NULL));
    g_assert_cmpint(obstacle->answer == ANSWER_UNKNOWN, ==, obstacle->what != NULL);
}

static void assert_none(const Facts *facts, const char *id)
{
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    g_assert_null(find(verdict, id));
}

/* The card's judgement for Sonoma. */
static const Judgement *card_judgement(const Verdict *verdict)
{
    const Release *sonoma = catalog_release(catalog, "sonoma");
    return &g_array_index(verdict_release(verdict, sonoma)->graphics, GraphicsVerdict, 0).judgement;
}

static bool judgement_says(const Judgement *judgement, const char *words)
{
    for (guint i = 0; i < judgement->reasons->len; i++) {
        if (strstr(g_ptr_array_index(judgement->reasons, i), words) != NULL)
            return true;
    }
    return false;
}

/* Groups that are there say more than a command line that does not ask for them. */
static void evidence_goes_before_the_command_line(void)
{
    g_autoptr(Facts) facts = host_with_card();

    assert_none(facts, "iommu");
    set_command_line(facts, "root=/dev/sda2 quiet");
    assert_none(facts, "iommu");
    set_command_line(facts, "root=/dev/sda2 intel_iommu=off");
    assert_none(facts, "iommu");
}

static void missing_groups_have_a_likely_reason(void)
{
    static const struct {
        const char *vendor, *line, *words;
    } CASES[] = {
        {"GenuineIntel", "root=/dev/sda2 quiet", "intel_iommu=on"},
        {"GenuineIntel", NULL, "intel_iommu=on"},
        {"GenuineIntel", "quiet intel_iommu=on iommu=pt", "firmware has it off: turn VT-d on"},
        {"GenuineIntel", "quiet intel_iommu=on,sm_on", "firmware has it off"},
        {"GenuineIntel", "quiet intel_iommu=off", "has intel_iommu=off: take that out"},
        {"AuthenticAMD", "quiet", "without being asked: turn it on"},
        {"AuthenticAMD", "quiet intel_iommu=on", "intel_iommu=on does nothing here"},
        {"AuthenticAMD", "quiet amd_iommu=off", "has amd_iommu=off: take that out"},
        {"AuthenticAMD", "iommu=off quiet", "has iommu=off"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Facts) facts = host_with_card();
        facts->iommu.groups = TRI_NO;
        ((PciFunction *)g_ptr_array_index(facts->pci, 0))->iommu_group = UNKNOWN;
        ((PciFunction *)g_ptr_array_index(facts->pci, 1))->iommu_group = UNKNOWN;
        g_free(facts->cpu.vendor);
        facts->cpu.vendor = g_strdup(CASES[i].vendor);
        set_command_line(facts, CASES[i].line);
        assert_obstacle(facts, "iommu", ANSWER_NO, CASES[i].words);
    }
    g_autoptr(Facts) described = host_with_card(); /* the firmware is not to blame */
    described->iommu.groups = TRI_NO;
    described->iommu.table = g_strdup("DMAR");
    assert_obstacle(described, "iommu", ANSWER_NO, "The firmware has it on: put intel_iommu=on");
    set_command_line(described, "intel_iommu=on");
    assert_obstacle(described, "iommu", ANSWER_NO, "but the kernel could not use it");

    g_autoptr(Facts) guest = host_with_card();
    guest->iommu.groups = TRI_NO;
    guest->cpu.hypervisor = TRI_YES;
    assert_obstacle(guest, "iommu", ANSWER_NO, "itself a virtual machine");
}

static void interrupts_that_are_not_remapped(void)
{
    g_autoptr(Facts) facts = host_with_card();

    assert_none(facts, "interrupt-remapping");
    facts->iommu.interrupt_remapping = TRI_UNKNOWN;
    assert_obstacle(facts, "interrupt-remapping", ANSWER_UNKNOWN, "unknown whether the IOMMU");
    facts->iommu.interrupt_remapping = TRI_NO;
    assert_obstacle(facts, "interrupt-remapping", ANSWER_NO, "does not remap interrupts");
    set_command_line(facts, "quiet intremap=off");
    assert_obstacle(facts, "interrupt-remapping", ANSWER_NO, "intremap=off: take that out");
}

/* The kernel is told to pass devices all the same: it does, and the card is worth less for it. */
static void unsafe_interrupts_are_a_risk(void)
{
    g_autoptr(Facts) facts = host_with_card();

    facts->iommu.interrupt_remapping = TRI_NO;
    set_command_line(facts, "vfio-iommu-type1.allow_unsafe_interrupts=1");
    assert_obstacle(facts, "interrupt-remapping", ANSWER_YES, "any interrupt of the host");
    facts->iommu.interrupt_remapping = TRI_UNKNOWN;
    assert_obstacle(facts, "interrupt-remapping", ANSWER_YES, "unknown whether they are");

    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    g_assert_true(find(verdict, "interrupt-remapping")->risk);
    g_assert_cmpint(card_judgement(verdict)->answer, ==, ANSWER_LIMITED);
    g_assert_true(judgement_says(card_judgement(verdict), "At a risk: "));

    /* the module is loaded, and its parameter is off whatever was asked for */
    facts->iommu.interrupt_remapping = TRI_NO;
    facts->iommu.unsafe_interrupts = TRI_NO;
    assert_obstacle(facts, "interrupt-remapping", ANSWER_NO, "does not remap interrupts");
    facts->iommu.interrupt_remapping = TRI_YES;
    assert_none(facts, "interrupt-remapping");
}

static void vfio_has_to_be_there(void)
{
    g_autoptr(Facts) facts = host_with_card();

    facts->kernel.vfio_pci = TRI_NO;
    assert_obstacle(facts, "vfio", ANSWER_NO, "CONFIG_VFIO_PCI");
    facts->kernel.vfio_pci = TRI_UNKNOWN; /* nearly every kernel has it: a note */
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    g_autoptr(GPtrArray) reasons = device_reasons(verdict_device(verdict, GPU));
    g_assert_cmpint(verdict_device(verdict, GPU)->passable, ==, ANSWER_YES);
    g_assert_cmpuint(reasons->len, ==, 0);
    g_assert_cmpstr(find(verdict, "vfio")->command, ==, "modinfo vfio-pci");
    host_driver(g_ptr_array_index(facts->pci, 1), "vfio-pci");
    assert_none(facts, "vfio");
}

/* With the override groups are not what the hardware isolates. It is no `yes`, but it runs. */
static void an_acs_override_is_no_isolation(void)
{
    static const char *const LINES[] = {
        "quiet pcie_acs_override=downstream,multifunction",
        "quiet pcie-acs-override=id:1022:1483",
        "\"pcie_acs_override=downstream\" quiet",
        "quiet pci=noaer,pcie_acs_override=downstream",
    };
    for (guint i = 0; i < G_N_ELEMENTS(LINES); i++) {
        g_autoptr(Facts) facts = host_with_card();
        set_command_line(facts, LINES[i]);
        assert_obstacle(facts, "acs-override", ANSWER_UNKNOWN, "acs_override=");
        assert_obstacle(facts, "acs-override", ANSWER_UNKNOWN, "reach each other's memory");
        g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
        g_assert_true(find(verdict, "acs-override")->risk);
        g_assert_nonnull(strstr(find(verdict, "acs-override")->advice, "another slot"));
        g_assert_cmpint(card_judgement(verdict)->answer, ==, ANSWER_LIMITED);
        g_assert_true(judgement_says(card_judgement(verdict), "groups seen prove nothing"));
    }
    g_autoptr(Facts) log = host_with_card();
    log->iommu.acs_override = TRI_YES;
    assert_obstacle(log, "acs-override", ANSWER_UNKNOWN, "the kernel says so");
    g_autoptr(Facts) other = host_with_card();
    set_command_line(other, "quiet pci=noaer my_pcie_acs_override=x -- pcie_acs_override=y");
    assert_none(other, "acs-override");
}

/* A card that is alone in a part of a listing is not known to be alone. */
static void listings_may_be_parts(void)
{
    g_autoptr(Facts) facts = host_with_card();

    assert_none(facts, "group-listing");
    facts->iommu.complete = TRI_UNKNOWN;
    assert_obstacle(facts, "group-listing", ANSWER_UNKNOWN, "told in full");
}

/* What is unknown of disks, network cards or displays concerns no device of another kind, is said
 * once, and names what tells it. */
static void what_is_unknown_is_said_once(void)
{
    g_autoptr(Facts) facts = host_with_card();
    host_driver(host_pci(facts, NVME, 0x0108, 0x144d, 0xa808, 3), "nvme");
    host_driver(host_pci(facts, "0000:01:00.1", 0x0108, 0x144d, 0xa808, 4), "nvme");
    host_driver(host_pci(facts, "0000:02:00.0", 0x0108, 0x144d, 0xa808, 5), "vfio-pci");
    g_clear_pointer(&facts->storage.devices, g_ptr_array_unref);
    g_clear_pointer(&facts->network, g_ptr_array_unref);
    g_clear_pointer(&facts->displays, g_ptr_array_unref);
    ((PciFunction *)g_ptr_array_index(facts->pci, 0))->boot_vga = TRI_UNKNOWN;

    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    const DeviceVerdict *disk = verdict_device(verdict, NVME);
    const DeviceVerdict *card = verdict_device(verdict, GPU);
    g_assert_cmpuint(verdict->obstacles->len, ==, 3); /* there is no network card */
    for (guint i = 0; i < verdict->obstacles->len; i++) {
        const HostObstacle *obstacle = g_ptr_array_index(verdict->obstacles, i);
        g_assert_nonnull(obstacle->command);
        g_assert_nonnull(obstacle->what);
    }
    g_assert_cmpuint(disk->against->len, ==, 0);
    g_assert_cmpuint(disk->obstacles->len, ==, 1);
    g_assert_true(g_ptr_array_index(disk->obstacles, 0) == find(verdict, "disks"));
    g_assert_cmpuint(card->against->len, ==, 0);
    g_assert_cmpuint(card->obstacles->len, ==, 2);
    g_assert_true(g_ptr_array_find(card->obstacles, find(verdict, "displays"), NULL));
    g_assert_true(g_ptr_array_find(card->obstacles, find(verdict, "boot-display"), NULL));
    g_assert_cmpint(card->passable, ==, ANSWER_UNKNOWN);
    /* what vfio-pci has carries no disk of the host's */
    g_assert_cmpint(verdict_device(verdict, "02:00.0")->passable, ==, ANSWER_YES);
    g_assert_true(
        judgement_says(card_judgement(verdict), "which card shows the console or a session"));
}

/* The firmware starts on one card: where that is told, the others are not it. */
static void one_boot_display_speaks_for_the_others(void)
{
    g_autoptr(Facts) facts = host_with_card();
    ((PciFunction *)g_ptr_array_index(facts->pci, 0))->boot_vga = TRI_UNKNOWN;
    PciFunction *other = host_pci(facts, "0000:00:02.0", 0x0300, 0x8086, 0x3e92, 1);

    assert_obstacle(facts, "boot-display", ANSWER_UNKNOWN, "on which graphics card");
    other->boot_vga = TRI_YES;
    assert_none(facts, "boot-display");
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    g_assert_cmpint(verdict_device(verdict, GPU)->passable, ==, ANSWER_YES);
}

/* What forbids comes before what is unknown. */
static void the_worst_comes_first(void)
{
    g_autoptr(Facts) facts = host_with_card();
    g_clear_pointer(&facts->displays, g_ptr_array_unref);
    facts->kernel.vfio_pci = TRI_NO;
    set_command_line(facts, "pcie_acs_override=downstream");
    facts->iommu.complete = TRI_UNKNOWN;

    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    static const char *const ORDER[] = {"vfio", "acs-override", "group-listing", "displays"};
    g_assert_cmpuint(verdict->obstacles->len, ==, G_N_ELEMENTS(ORDER));
    for (guint i = 0; i < G_N_ELEMENTS(ORDER); i++)
        g_assert_cmpstr(((HostObstacle *)g_ptr_array_index(verdict->obstacles, i))->id, ==,
                        ORDER[i]);
    g_assert_true(
        judgement_says(card_judgement(verdict), "the kernel of this host has no vfio-pci"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    catalog = catalog_load(NULL);
    g_assert_nonnull(catalog);
    g_test_add_func("/obstacles/evidence", evidence_goes_before_the_command_line);
    g_test_add_func("/obstacles/no-groups", missing_groups_have_a_likely_reason);
    g_test_add_func("/obstacles/remapping", interrupts_that_are_not_remapped);
    g_test_add_func("/obstacles/unsafe-interrupts", unsafe_interrupts_are_a_risk);
    g_test_add_func("/obstacles/vfio", vfio_has_to_be_there);
    g_test_add_func("/obstacles/acs-override", an_acs_override_is_no_isolation);
    g_test_add_func("/obstacles/listing", listings_may_be_parts);
    g_test_add_func("/obstacles/once", what_is_unknown_is_said_once);
    g_test_add_func("/obstacles/boot-display", one_boot_display_speaks_for_the_others);
    g_test_add_func("/obstacles/order", the_worst_comes_first);
    int failed = g_test_run();
    catalog_free(catalog);
    return failed;
}
