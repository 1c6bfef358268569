/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts-shared.h"

#include <string.h>

#define BRIDGE_PLACE "sys/devices/pci0000:00/0000:00:01.0"
#define CARD_PLACE BRIDGE_PLACE "/0000:0a:00.0"
#define NONE "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"

static const char CARD_RESOURCES[] =
    "0x0000007c00000000 0x0000007fffffffff 0x000000000014220c\n" NONE
    "0x0000008000000000 0x00000080001fffff 0x000000000014220c\n" NONE
    "0x000000000000e000 0x000000000000e0ff 0x0000000000040101\n"
    "0x00000000fcd00000 0x00000000fcdfffff 0x0000000000040200\n"
    "0x00000000fce00000 0x00000000fce1ffff 0x0000000000046200\n" NONE;

static void write_card(const Tree *tree)
{
    tree_write(tree, BRIDGE_PLACE "/uevent",
               "DRIVER=pcieport\nPCI_CLASS=60400\nPCI_ID=8086:460D\n"
               "PCI_SUBSYS_ID=0000:0000\nMODALIAS=pci:v00008086\n");
    tree_write(tree, CARD_PLACE "/uevent",
               "DRIVER=amdgpu\nPCI_CLASS=30000\nPCI_ID=1002:73FF\nPCI_SUBSYS_ID=1DA2:E448\n"
               "PCI_SLOT_NAME=0000:0a:00.0\nMODALIAS=pci:v00001002d000073FF\n");
    tree_write(tree, CARD_PLACE "/revision", "0xc7\n");
    tree_write(tree, CARD_PLACE "/resource", CARD_RESOURCES);
    tree_write(tree, CARD_PLACE "/boot_vga", "1\n");
    tree_write(tree, CARD_PLACE "/reset_method", "flr bus\n");
    tree_write(tree, CARD_PLACE "/current_link_speed", "8.0 GT/s PCIe\n");
    tree_write(tree, CARD_PLACE "/max_link_speed", "16.0 GT/s PCIe\n");
    tree_write(tree, CARD_PLACE "/current_link_width", "8\n");
    tree_write(tree, CARD_PLACE "/max_link_width", "16\n");
    tree_write(tree, CARD_PLACE "/numa_node", "0\n");
    tree_write(tree, CARD_PLACE "/resource0_resize", "0000000000003f00\n");
    tree_folder(tree, "sys/kernel/iommu_groups/15");
    tree_link(tree, CARD_PLACE "/iommu_group", "../../../../kernel/iommu_groups/15");
    tree_link(tree, "sys/bus/pci/devices/0000:00:01.0", "../../../devices/pci0000:00/0000:00:01.0");
    tree_link(tree, "sys/bus/pci/devices/0000:0a:00.0",
              "../../../devices/pci0000:00/0000:00:01.0/0000:0a:00.0");
    tree_write(tree, "usr/share/misc/pci.ids",
               "# comment\n1002  Advanced Micro Devices\n\t73fe  Another\n"
               "\t73ff  Navi 23\n\t\t1da2 e448  Board\n"
               "8086  Intel Corporation\n\t460e  Not this\nC 03  Display\n\t73ff  trap\n");
}

static void pci_card(void)
{
    g_autoptr(Tree) tree = tree_new();
    write_card(tree);
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_pci);
    const PciFunction *card = facts_pci_function(facts, "0a:00.0");

    g_assert_cmpuint(facts->pci->len, ==, 2);
    g_assert_nonnull(card);
    g_assert_cmphex((guint)card->vendor, ==, 0x1002);
    g_assert_cmphex((guint)card->device, ==, 0x73ff);
    g_assert_cmphex((guint)card->subsystem_vendor, ==, 0x1da2);
    g_assert_cmphex((guint)card->subsystem_device, ==, 0xe448);
    g_assert_cmphex((guint)card->class_code, ==, 0x030000);
    g_assert_cmphex((guint)card->revision, ==, 0xc7);
    g_assert_cmpstr(card->vendor_name, ==, "Advanced Micro Devices");
    g_assert_cmpstr(card->device_name, ==, "Navi 23");
    g_assert_cmpstr(card->driver, ==, "amdgpu");
    g_assert_null(card->modules); /* the tree has no modules */
    g_assert_cmpint(card->iommu_group, ==, 15);
    g_assert_cmpint(card->numa_node, ==, 0);
    g_assert_cmpint(card->boot_vga, ==, TRI_YES);
    assert_strv(card->reset_methods, "flr bus");
    g_assert_cmpstr(card->link_speed, ==, "8.0 GT/s PCIe");
    g_assert_cmpstr(card->link_speed_max, ==, "16.0 GT/s PCIe");
    g_assert_cmpint(card->link_width, ==, 8);
    g_assert_cmpint(card->link_width_max, ==, 16);
    g_assert_cmpstr(card->parent, ==, "0000:00:01.0");
    g_assert_cmpint(card->resizable_bar, ==, TRI_YES);
}

static void assert_bar(const PciFunction *function, guint position, int index, BarKind kind,
                       bool prefetchable, guint64 size)
{
    const PciBar *bar = &g_array_index(function->bars, PciBar, position);
    g_assert_cmpint(bar->index, ==, index);
    g_assert_cmpint(bar->kind, ==, kind);
    g_assert_cmpint(bar->prefetchable, ==, prefetchable);
    g_assert_cmpuint(bar->size, ==, size);
}

static void pci_bars(void)
{
    g_autoptr(Tree) tree = tree_new();
    write_card(tree);
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_pci);
    const PciFunction *card = facts_pci_function(facts, "0a:00.0");

    g_assert_cmpuint(card->bars->len, ==, 4);
    assert_bar(card, 0, 0, BAR_MEMORY_64, true, G_GUINT64_CONSTANT(16) << 30);
    assert_bar(card, 1, 2, BAR_MEMORY_64, true, 2 << 20);
    assert_bar(card, 2, 4, BAR_IO, false, 256);
    assert_bar(card, 3, 5, BAR_MEMORY_32, false, 1 << 20);
    g_assert_cmpint(card->rom_size, ==, 128 * 1024);
    g_assert_cmphex(g_array_index(card->bars, PciBar, 0).address, ==,
                    G_GUINT64_CONSTANT(0x7c00000000));
    g_assert_cmphex(g_array_index(card->bars, PciBar, 3).address, ==, 0xfcd00000);
}

/* IORESOURCE_UNSET: the kernel writes such a BAR as if it began at 0. */
static void pci_bars_without_a_place(void)
{
    g_autoptr(Tree) tree = tree_new();
    write_card(tree);
    tree_write(tree, CARD_PLACE "/resource",
               "0x0000000000000000 0x00000003ffffffff 0x000000002014220c\n" NONE NONE NONE NONE
               "0x00000000fcd00000 0x00000000fcdfffff 0x0000000000040200\n" NONE NONE);
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_pci);
    const PciFunction *card = facts_pci_function(facts, "0a:00.0");
    const PciBar *bar = &g_array_index(card->bars, PciBar, 0);

    assert_bar(card, 0, 0, BAR_MEMORY_64, true, G_GUINT64_CONSTANT(16) << 30);
    g_assert_true(bar->unassigned);
    g_assert_cmpuint(bar->address, ==, 0);
    g_assert_false(g_array_index(card->bars, PciBar, 1).unassigned);
}

static void pci_bridge(void)
{
    g_autoptr(Tree) tree = tree_new();
    write_card(tree);
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_pci);
    const PciFunction *bridge = facts_pci_function(facts, "00:01.0");

    g_assert_cmphex((guint)bridge->class_code, ==, 0x060400);
    g_assert_cmpstr(bridge->parent, ==, ""); /* on the root bus */
    g_assert_cmpstr(bridge->vendor_name, ==, "Intel Corporation");
    g_assert_null(bridge->device_name);
    g_assert_cmpint(bridge->boot_vga, ==, TRI_NO);
    /* the card's file shows that the record has such files */
    assert_strv(bridge->reset_methods, "");
    g_assert_null(bridge->bars);
    g_assert_cmpint(bridge->rom_size, ==, UNKNOWN);
    g_assert_cmpint(bridge->resizable_bar, ==, TRI_UNKNOWN);
    g_assert_null(bridge->link_speed);
}

/* The kernel says in `uevent` which driver is bound; without that, none is not known to be none. */
static void pci_driver_none_or_unknown(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_write(tree, "sys/bus/pci/devices/0000:00:02.0/uevent", "PCI_ID=8086:1234\n");
    tree_write(tree, "sys/bus/pci/devices/0000:00:03.0/vendor", "0x8086\n");
    tree_write(tree, "sys/bus/pci/devices/0000:00:04.0/vendor", "0x8086\n");
    tree_link(tree, "sys/bus/pci/devices/0000:00:04.0/driver", "../../../bus/pci/drivers/ahci");
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_pci);
    g_assert_cmpstr(facts_pci_function(facts, "00:02.0")->driver, ==, "");
    g_assert_null(facts_pci_function(facts, "00:03.0")->driver);
    g_assert_cmpstr(facts_pci_function(facts, "00:04.0")->driver, ==, "ahci");
}

/* A module tells its state in sysfs, what is built in has none to tell. */
static void pci_driver_built_in(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_write(tree, "sys/bus/pci/devices/0000:00:02.0/uevent", "DRIVER=ahci\nPCI_ID=8086:1234\n");
    tree_write(tree, "sys/bus/pci/devices/0000:00:02.0/driver_override", "(null)\n");
    tree_write(tree, "sys/bus/pci/devices/0000:00:03.0/uevent", "DRIVER=nvme\nPCI_ID=144d:a80a\n");
    tree_write(tree, "sys/bus/pci/devices/0000:00:03.0/driver_override", "vfio-pci\n");
    tree_write(tree, "sys/bus/pci/devices/0000:00:04.0/uevent", "DRIVER=e1000e\nPCI_ID=8086:1\n");
    tree_folder(tree, "sys/bus/pci/drivers/ahci");
    tree_write(tree, "sys/module/nvme/initstate", "live\n");
    tree_folder(tree, "sys/bus/pci/drivers/nvme");
    tree_link(tree, "sys/bus/pci/drivers/nvme/module", "../../../../module/nvme");
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_pci);
    const PciFunction *ahci = facts_pci_function(facts, "00:02.0");
    const PciFunction *nvme = facts_pci_function(facts, "00:03.0");
    const PciFunction *other = facts_pci_function(facts, "00:04.0");

    g_assert_cmpint(ahci->driver_built_in, ==, TRI_YES);
    g_assert_cmpstr(ahci->driver_override, ==, "");
    g_assert_cmpint(nvme->driver_built_in, ==, TRI_NO);
    g_assert_cmpstr(nvme->driver_override, ==, "vfio-pci");
    g_assert_cmpint(other->driver_built_in, ==, TRI_UNKNOWN);
    g_assert_null(other->driver_override);
}

/* A record without `uevent`, and with an old kernel's `reset`. */
static void pci_single_files(void)
{
    g_autoptr(Tree) tree = tree_new();
#define PLACE "sys/bus/pci/devices/10000:e1:00.0"
    tree_write(tree, PLACE "/vendor", "0x144d\n");
    tree_write(tree, PLACE "/device", "0xa80a\n");
    tree_write(tree, PLACE "/subsystem_vendor", "0x144d\n");
    tree_write(tree, PLACE "/subsystem_device", "0xa801\n");
    tree_write(tree, PLACE "/class", "0x010802\n");
    tree_write(tree, PLACE "/reset", "");
    tree_write(tree, PLACE "/numa_node", "-1\n");
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_pci);
    const PciFunction *disk = facts_pci_function(facts, "10000:e1:00.0");

    g_assert_nonnull(disk);
    g_assert_cmphex((guint)disk->vendor, ==, 0x144d);
    g_assert_cmphex((guint)disk->device, ==, 0xa80a);
    g_assert_cmphex((guint)disk->subsystem_device, ==, 0xa801);
    g_assert_cmphex((guint)disk->class_code, ==, 0x010802);
    assert_strv(disk->reset_methods, "reset");
    g_assert_cmpint(disk->numa_node, ==, UNKNOWN);
    g_assert_null(disk->parent);
}

static void pci_nothing_known(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_folder(tree, "sys/bus/pci/devices/0000:00:00.0");
    tree_folder(tree, "sys/bus/pci/devices/not-an-address");
    tree_folder(tree, "sys/bus/pci/devices/0000:00:20.0"); /* device numbers end at 1f */
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_pci);

    g_assert_cmpuint(facts->pci->len, ==, 1);
    const PciFunction *function = g_ptr_array_index(facts->pci, 0);
    g_assert_cmpint(function->vendor, ==, UNKNOWN);
    g_assert_cmpint(function->device, ==, UNKNOWN);
    g_assert_cmpint(function->subsystem_vendor, ==, UNKNOWN);
    g_assert_cmpint(function->class_code, ==, UNKNOWN);
    g_assert_cmpint(function->revision, ==, UNKNOWN);
    g_assert_null(function->driver);
    g_assert_null(function->modules);
    g_assert_cmpint(function->iommu_group, ==, UNKNOWN);
    g_assert_null(function->bars);
    g_assert_cmpint(function->rom_size, ==, UNKNOWN);
    g_assert_cmpint(function->boot_vga, ==, TRI_UNKNOWN);
    g_assert_null(function->reset_methods);
    g_assert_null(function->link_speed);
    g_assert_cmpint(function->link_width, ==, UNKNOWN);
    g_assert_null(function->parent);
    g_assert_cmpint(function->resizable_bar, ==, TRI_UNKNOWN);
}

static void pci_malformed(void)
{
    g_autoptr(Tree) tree = tree_new();
    write_card(tree);
    tree_write(tree, CARD_PLACE "/uevent",
               "DRIVER\nPCI_CLASS=1234567\nPCI_ID=10002:73FF\nPCI_SUBSYS_ID=1DA2\n=\n");
    tree_write(tree, CARD_PLACE "/vendor", "0x10000\n");
    tree_write(tree, CARD_PLACE "/revision", "new\n");
    tree_write(tree, CARD_PLACE "/resource", "0x10 0x0f 0x200\n");
    tree_write(tree, CARD_PLACE "/boot_vga", "perhaps\n");
    tree_write(tree, CARD_PLACE "/current_link_speed", "Unknown\n");
    tree_write(tree, CARD_PLACE "/current_link_width", "255\n");
    tree_remove(tree, CARD_PLACE "/iommu_group");
    tree_link(tree, CARD_PLACE "/iommu_group", "../../groups/fifteen");
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_pci);
    const PciFunction *card = facts_pci_function(facts, "0a:00.0");

    g_assert_cmpint(card->vendor, ==, UNKNOWN);
    g_assert_cmpint(card->subsystem_vendor, ==, UNKNOWN);
    g_assert_cmpint(card->class_code, ==, UNKNOWN);
    g_assert_cmpint(card->revision, ==, UNKNOWN);
    g_assert_null(card->driver);
    g_assert_null(card->bars);
    g_assert_cmpint(card->rom_size, ==, UNKNOWN);
    g_assert_cmpint(card->boot_vga, ==, TRI_UNKNOWN);
    g_assert_null(card->link_speed);
    g_assert_cmpint(card->link_width, ==, UNKNOWN);
    g_assert_cmpint(card->iommu_group, ==, UNKNOWN);
}

/* Writes CONFIG's first LENGTH bytes, with the capabilities IDS one after the other. */
static void write_config(const Tree *tree, gsize length, const guint16 *ids, guint count)
{
    guint8 config[4096] = {0};
    guint offset = 0x100;
    for (guint i = 0; i < count; i++) {
        guint next = i + 1 < count ? offset + 0x40 : 0;
        guint32 header = GUINT32_TO_LE(ids[i] | 1u << 16 | next << 20);
        memcpy(config + offset, &header, sizeof header);
        offset = next;
    }
    tree_write_bytes(tree, CARD_PLACE "/config", config, length);
}

static Tri resizable(const Tree *tree)
{
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_pci);
    return facts_pci_function(facts, "0a:00.0")->resizable_bar;
}

static void pci_resizable(void)
{
    static const guint16 WITH[] = {0x0b, 0x01, 0x15}, WITHOUT[] = {0x0b, 0x01};
    g_autoptr(Tree) tree = tree_new();
    write_card(tree);
    tree_remove(tree, CARD_PLACE "/resource0_resize");

    g_assert_cmpint(resizable(tree), ==, TRI_UNKNOWN); /* no file at all */
    write_config(tree, 64, WITH, G_N_ELEMENTS(WITH));
    g_assert_cmpint(resizable(tree), ==, TRI_UNKNOWN); /* what an ordinary user can read */
    write_config(tree, 256, WITH, G_N_ELEMENTS(WITH));
    g_assert_cmpint(resizable(tree), ==, TRI_NO); /* no PCI Express */
    write_config(tree, 4096, WITH, G_N_ELEMENTS(WITH));
    g_assert_cmpint(resizable(tree), ==, TRI_YES);
    write_config(tree, 4096, WITHOUT, G_N_ELEMENTS(WITHOUT));
    g_assert_cmpint(resizable(tree), ==, TRI_NO);
    tree_write(tree, CARD_PLACE "/power_state", "D3cold\n");
    g_assert_cmpint(resizable(tree), ==, TRI_UNKNOWN); /* left asleep */
}

/* A chain of capabilities that leads back into itself must end. */
static void pci_circular_capabilities(void)
{
    guint8 config[4096] = {0};
    guint32 header = GUINT32_TO_LE(0x0b | 1u << 16 | 0x100u << 20);
    g_autoptr(Tree) tree = tree_new();
    write_card(tree);
    tree_remove(tree, CARD_PLACE "/resource0_resize");
    memcpy(config + 0x100, &header, sizeof header);
    tree_write_bytes(tree, CARD_PLACE "/config", config, sizeof config);
    g_assert_cmpint(resizable(tree), ==, TRI_UNKNOWN);
}

static void pci_addresses(void)
{
    static const char *const WRONG[] = {"",
                                        "0a:00",
                                        "0a:00.8",
                                        "0a:20.0",
                                        "000:0a:00.0",
                                        "0000:0a:00.0 ",
                                        "00000:0a:00.0",
                                        "01000:0a:00.0",
                                        "123456789:0a:00.0",
                                        "g0:00.0",
                                        ":0a:00.0"};
    g_autofree char *shorter = pci_address_full("0A:1f.7");
    g_autofree char *longer = pci_address_full("10000:E1:00.0");
    g_assert_cmpstr(shorter, ==, "0000:0a:1f.7");
    g_assert_cmpstr(longer, ==, "10000:e1:00.0");
    for (guint i = 0; i < G_N_ELEMENTS(WRONG); i++)
        g_assert_null(pci_address_full(WRONG[i]));
}

/* ---- modules ---- */

/* An index of libkmod (libkmod-index.c) with one key, or none: magic, version, place of the root
 * node; the node: its prefix, the number of values, and each value's priority and text. All numbers
 * are big-endian. */
static void write_index(const Tree *tree, const char *name, const char *key, const char *value)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    guint32 head[] = {GUINT32_TO_BE(0xb007f457), GUINT32_TO_BE(0x00020001),
                      GUINT32_TO_BE(key == NULL ? 12 : 12 | 0xc0000000)};
    guint32 counts[] = {GUINT32_TO_BE(1), 0};
    g_byte_array_append(bytes, (const guint8 *)head, sizeof head);
    if (key != NULL) {
        g_byte_array_append(bytes, (const guint8 *)key, (guint)strlen(key) + 1);
        g_byte_array_append(bytes, (const guint8 *)counts, sizeof counts);
        g_byte_array_append(bytes, (const guint8 *)value, (guint)strlen(value) + 1);
    }
    g_autofree char *path = g_strdup_printf("usr/lib/modules/6.1.0-test/%s.bin", name);
    tree_write_bytes(tree, path, bytes->data, bytes->len);
}

static void pci_modules(void)
{
    g_autoptr(Tree) tree = tree_new();
    write_card(tree);
    tree_write(tree, "proc/sys/kernel/osrelease", "6.1.0-test\n");
    tree_link(tree, "lib", "usr/lib");
    write_index(tree, "modules.dep", "amdgpu", "kernel/amdgpu.ko:");
    write_index(tree, "modules.alias", "pci:v00001002d000073F*", "amdgpu");
    write_index(tree, "modules.symbols", NULL, NULL);
    write_index(tree, "modules.builtin", NULL, NULL);
    write_index(tree, "modules.builtin.alias", NULL, NULL);
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_pci);

    assert_strv(facts_pci_function(facts, "0a:00.0")->modules, "amdgpu");
    assert_strv(facts_pci_function(facts, "00:01.0")->modules, "");
}

/* A kernel whose modules are not there says nothing about which would claim a device. */
static void pci_modules_of_another_kernel(void)
{
    g_autoptr(Tree) tree = tree_new();
    write_card(tree);
    tree_write(tree, "proc/sys/kernel/osrelease", "../../../../lib/modules\n");
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_pci);
    g_assert_null(facts_pci_function(facts, "0a:00.0")->modules);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/facts/pci/card", pci_card);
    g_test_add_func("/facts/pci/bars", pci_bars);
    g_test_add_func("/facts/pci/bars-without-a-place", pci_bars_without_a_place);
    g_test_add_func("/facts/pci/bridge", pci_bridge);
    g_test_add_func("/facts/pci/driver", pci_driver_none_or_unknown);
    g_test_add_func("/facts/pci/driver-built-in", pci_driver_built_in);
    g_test_add_func("/facts/pci/single-files", pci_single_files);
    g_test_add_func("/facts/pci/nothing-known", pci_nothing_known);
    g_test_add_func("/facts/pci/malformed", pci_malformed);
    g_test_add_func("/facts/pci/resizable", pci_resizable);
    g_test_add_func("/facts/pci/circular-capabilities", pci_circular_capabilities);
    g_test_add_func("/facts/pci/addresses", pci_addresses);
    g_test_add_func("/facts/pci/modules", pci_modules);
    g_test_add_func("/facts/pci/modules-of-another-kernel", pci_modules_of_another_kernel);
    return g_test_run();
}
