/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text that people pasted: the posts in tests/hosts/pasted, each with what is known of its host in
 * its head, and the forms of the outputs. */
#include "base/error.h"
#include "facts/paste.h"

#include <string.h>

enum { NO_GROUP = UNKNOWN };

static Facts *read_bytes(const char *text, gsize length)
{
    g_autoptr(GError) error = NULL;
    Facts *facts = facts_from_text(text, length, "text", &error);
    g_assert_no_error(error);
    return facts;
}

static Facts *read_text(const char *text)
{
    return read_bytes(text, strlen(text));
}

static char *post(const char *name, gsize *ret_length)
{
    g_autoptr(GError) error = NULL;
    char *text = NULL;
    g_autofree char *file = g_strconcat(name, ".txt", NULL);
    g_autofree char *path =
        g_build_filename(g_getenv("ROOTSTOCK_SOURCE"), "tests/hosts/pasted", file, NULL);
    g_file_get_contents(path, &text, ret_length, &error);
    g_assert_no_error(error);
    return text;
}

static Facts *read_post(const char *name)
{
    gsize length = 0;
    g_autofree char *text = post(name, &length);
    return read_bytes(text, length);
}

static const PciFunction *function_at(const Facts *facts, const char *address)
{
    const PciFunction *function = facts_pci_function(facts, address);
    if (function == NULL)
        g_error("there is no %s", address);
    return function;
}

/* What the posts say of the functions that matter. */
static const struct {
    const char *post, *address;
    int vendor, device, class_code, group;
    const char *driver; /* NULL: not told */
} SAID[] = {
    {"asrock-x300-renoir-proxmox-vmm", "00:01.1", 0x1022, 0x1633, 0x0604, 1, NULL},
    {"asrock-x300-renoir-proxmox-vmm", "00:00.0", 0x1022, 0x1630, 0x0600, NO_GROUP, NULL},
    {"asrock-x570-steel-legend-vega-rx570", "11:00.0", 0x1002, 0x687f, 0x0300, 33, NULL},
    {"asrock-x570-steel-legend-vega-rx570", "11:00.1", 0x1002, 0xaaf8, 0x0403, 34, NULL},
    {"asrock-x570-steel-legend-vega-rx570", "04:00.0", 0x1002, 0x67df, 0x0300, 24, NULL},
    {"asrock-x570-steel-legend-vega-rx570", "0c:00.3", 0x1022, 0x149c, 0x0c03, 21, NULL},
    {"asrock-z170-itx-gtx960", "01:00.0", 0x10de, 0x1401, 0x0300, 1, NULL},
    {"asrock-z170-itx-gtx960", "00:01.0", 0x8086, 0x1901, 0x0604, 1, NULL},
    {"b350-r9-290-gt710-chipsetgroup", "07:00.0", 0x1002, 0x67b1, 0x0300, 13, NULL},
    {"b350-r9-290-gt710-chipsetgroup", "06:00.0", 0x10de, 0x128b, 0x0300, 12, NULL},
    {"b850m-am5-dmesg", "01:00.1", UNKNOWN, UNKNOWN, UNKNOWN, 13, NULL},
    {"bryansteiner-rx5700-rtx3080-samegroup", "0c:00.0", 0x1002, 0x731f, 0x0300, NO_GROUP, NULL},
    {"bryansteiner-rx5700-rtx3080-samegroup", "0d:00.0", 0x10de, 0x2206, 0x0300, NO_GROUP, NULL},
    {"bryansteiner-rx5700-rtx3080-samegroup", "0c:00.1", 0x1002, 0xab38, 0x0403, 31, NULL},
    {"darwinkvm-doc-b450-sample", "02:00.1", 0x1022, 0x43c8, 0x0106, 0, NULL},
    {"darwinkvm-doc-b450-sample", "0b:00.4", 0x1022, 0x1487, 0x0403, 15, NULL},
    {"darwinkvm-doc-gtx1060-sata-bad", "01:00.0", 0x10de, 0x1c03, 0x0300, 8, NULL},
    {"darwinkvm-doc-gtx1060-sata-bad", "01:00.1", 0x10de, 0x10f1, 0x0403, 9, NULL},
    {"fujitsu-skylake-matrox-pve", "02:00.0", 0x102b, 0x0522, 0x0300, 10, NULL},
    {"fujitsu-skylake-matrox-pve", "00:17.0", 0x8086, 0xa102, 0x0106, 4, NULL},
    {"gigabyte-b550-aorus-vega56-two-bios", "04:00.0", 0x1002, 0x699f, 0x0300, NO_GROUP, NULL},
    {"gigabyte-b550-aorus-vega56-two-bios", "0b:00.0", 0x1002, 0x687f, 0x0300, NO_GROUP,
     "vfio-pci"},
    {"gigabyte-b550-aorus-vega56-two-bios", "0a:00.0", UNKNOWN, UNKNOWN, UNKNOWN, NO_GROUP, NULL},
    {"gtx1660s-four-functions", "09:00.0", 0x10de, 0x21c4, 0x0300, 15, NULL},
    {"gtx1660s-four-functions", "09:00.3", 0x10de, 0x1aed, 0x0c80, 15, NULL},
    {"ideapad5-mx450-3dcontroller", "01:00.0", 0x10de, 0x1f97, 0x0302, NO_GROUP, NULL},
    {"ideapad5-mx450-3dcontroller", "00:02.0", 0x8086, 0x9a49, 0x0300, 0, NULL},
    {"intel-arc-a310", "03:00.0", 0x8086, 0x56a6, 0x0300, NO_GROUP, "vfio-pci"},
    {"intel-arc-a310", "04:00.0", 0x8086, 0x4f92, 0x0403, NO_GROUP, "vfio-pci"},
    {"lenovo-14acn6-cezanne-laptop", "04:00.0", 0x1002, 0x1638, 0x0300, 5, NULL},
    {"lenovo-14acn6-cezanne-laptop", "04:00.3", 0x1022, 0x1639, 0x0c03, 5, NULL},
    {"msi-b450m-mortar-max-gtx960-hd7450", "26:00.0", 0x10de, 0x1401, 0x0300, 12, NULL},
    {"msi-b450m-mortar-max-gtx960-hd7450", "25:00.0", 0x1002, 0x677b, 0x0300, 11, NULL},
    {"msi-b450m-mortar-max-gtx960-hd7450", "25:00.1", UNKNOWN, UNKNOWN, 0x0403, 11, NULL},
    {"msi-b550m-mortar-rtx2070s-gt710", "2b:00.3", 0x10de, 0x1ad9, 0x0c80, 14, NULL},
    {"msi-b550m-mortar-rtx2070s-gt710", "04:00.0", 0x10de, 0x128b, 0x0300, 13, NULL},
    {"osxkvm-notes-rx570-skylake", "01:00.0", 0x1002, 0x67df, 0x0300, 1, "vfio-pci"},
    {"osxkvm-notes-rx570-skylake", "01:00.1", 0x1002, 0xaaf0, 0x0403, 1, NULL},
    {"pcengines-apu2-group1", "00:02.5", UNKNOWN, UNKNOWN, UNKNOWN, 1, NULL},
    {"proxmox-7845hs-phoenix-igpu", "66:00.0", 0x1002, 0x1900, 0x0300, 19, "vfio-pci"},
    {"proxmox-7845hs-phoenix-igpu", "66:00.6", 0x1022, 0x15e3, 0x0403, 25, "vfio-pci"},
    {"quad-gtx1080-dual-xeon", "02:00.1", 0x10de, 0x10f0, 0x0403, NO_GROUP, "vfio-pci"},
    {"quad-gtx1080-dual-xeon", "82:00.0", 0x10de, 0x1b80, 0x0300, NO_GROUP, NULL},
    {"rpi5-no-group", "0001:01:00.0", UNKNOWN, UNKNOWN, 0x0200, NO_GROUP, NULL},
    {"rx550-lexa-rx580", "08:00.0", 0x1002, 0x699f, 0x0300, 16, NULL},
    {"rx550-lexa-rx580", "09:00.0", 0x1002, 0x67df, 0x0300, 17, NULL},
    {"t14s-renoir-only", "06:00.0", UNKNOWN, UNKNOWN, 0x0300, NO_GROUP, NULL},
    {"ubuntu2004-5700xt-lspci-nnv", "0a:00.0", 0x1002, 0x731f, 0x0300, NO_GROUP, "vfio-pci"},
    {"whiskeylake-usb-wifi-samegroup", "00:14.0", UNKNOWN, UNKNOWN, UNKNOWN, NO_GROUP, NULL},
    {"x58-5520-proxmox", "00:09.0", 0x8086, 0x3410, 0x0604, 9, NULL},
    {"z370-gt1030-uhd630", "01:00.0", 0x10de, 0x1d01, 0x0300, 2, NULL},
    {"z370-gt1030-uhd630", "00:02.0", 0x8086, 0x3e92, 0x0300, 0, NULL},
    {"z690-rx6600-rx6700xt-resetflags", "0e:00.0", 0x1002, 0x73ff, 0x0300, 32, NULL},
    {"z690-rx6600-rx6700xt-resetflags", "03:00.0", 0x1002, 0x73df, 0x0300, 21, NULL},
    {"z690-rx6600-rx6700xt-resetflags", "00:1f.5", 0x8086, 0x7aa4, 0x0c80, NO_GROUP, NULL},
    {"z97-gtx760-not-viable", "01:00.0", 0x10de, 0x1187, 0x0300, 1, NULL},
};

static void functions_of_posts(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(SAID); i++) {
        g_autoptr(Facts) facts = read_post(SAID[i].post);
        const PciFunction *function = function_at(facts, SAID[i].address);
        int class_code = function->class_code == UNKNOWN ? UNKNOWN : function->class_code >> 8;

        g_test_message("%s %s", SAID[i].post, SAID[i].address);
        g_assert_cmphex(function->vendor, ==, SAID[i].vendor);
        g_assert_cmphex(function->device, ==, SAID[i].device);
        g_assert_cmphex(class_code, ==, SAID[i].class_code);
        g_assert_cmpint(function->iommu_group, ==, SAID[i].group);
        g_assert_cmpstr(function->driver, ==, SAID[i].driver);
    }
}

static void numbers_of_functions(void)
{
    static const struct {
        const char *post;
        guint count;
    } CASES[] = {{"asrock-x570-steel-legend-vega-rx570", 58},
                 {"z370-gt1030-uhd630", 21},
                 {"fujitsu-skylake-matrox-pve", 21},
                 {"quad-gtx1080-dual-xeon", 8},
                 {"z97-gtx760-not-viable", 8},
                 {"b850m-am5-dmesg", 9},
                 {"proxmox-7845hs-phoenix-igpu", 7},
                 {"intel-arc-a310", 2}};
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Facts) facts = read_post(CASES[i].post);
        g_test_message("%s", CASES[i].post);
        g_assert_cmpuint(facts->pci->len, ==, CASES[i].count);
    }
}

static void hosts_of_posts(void)
{
    g_autoptr(Facts) dell = read_post("dell-t5610-tsc-warp");
    g_assert_cmpstr(dell->cpu.clocksource, ==, "hpet");
    g_assert_cmpint(dell->cpu.tsc_unstable, ==, TRI_YES);
    g_assert_cmpint(dell->cpu.tsc_warp, ==, TRI_YES);
    g_assert_cmpint(dell->iommu.groups, ==, TRI_UNKNOWN);
    g_assert_null(dell->pci);

    g_autoptr(Facts) fujitsu = read_post("fujitsu-skylake-matrox-pve");
    g_assert_cmpstr(
        fujitsu->kernel.command_line, ==,
        "BOOT_IMAGE=/boot/vmlinuz-6.5.11-8-pve root=/dev/mapper/pve-root ro quiet intel_iommu=on");

    /* groups are there without a word of them on the command line */
    g_autoptr(Facts) duo = read_post("z370-gt1030-uhd630");
    g_assert_null(strstr(duo->kernel.command_line, "iommu"));
    g_assert_cmpint(duo->iommu.groups, ==, TRI_YES);

    /* and a command line with it shows none */
    g_autoptr(Facts) arc = read_post("intel-arc-a310");
    g_assert_nonnull(strstr(arc->kernel.command_line, "intel_iommu=on"));
    g_assert_cmpint(arc->iommu.groups, ==, TRI_UNKNOWN);

    g_autoptr(Facts) ubuntu = read_post("ubuntu2004-5700xt-lspci-nnv");
    g_assert_cmpstr(ubuntu->kernel.release, ==, "5.8.0-28-generic");
    g_autoptr(Facts) mac = read_post("macpro71-rx580-proxmox");
    g_assert_cmpstr(mac->kernel.release, ==, "6.17.2-2-pve-t2");
    /* cards whose addresses are not told */
    g_autoptr(Facts) two = read_post("gtx1070-rtx3070ti-two-nv");
    g_assert_cmpint(two->iommu.groups, ==, TRI_YES);
    g_assert_null(two->pci);
}

static void details_of_posts(void)
{
    g_autoptr(Facts) ubuntu = read_post("ubuntu2004-5700xt-lspci-nnv");
    const PciFunction *card = function_at(ubuntu, "0a:00.0");
    g_assert_cmphex(card->subsystem_vendor, ==, 0x1da2);
    g_assert_cmphex(card->subsystem_device, ==, 0xe411);
    g_assert_cmphex(card->revision, ==, 0xc1);
    g_assert_cmpint(card->rom_size, ==, 128 * 1024);
    g_assert_cmpuint(card->bars->len, ==, 4);
    g_assert_cmpuint(g_array_index(card->bars, PciBar, 0).size, ==, 256 << 20);
    g_assert_cmpint(g_array_index(card->bars, PciBar, 1).index, ==, 2);
    g_assert_cmpint(g_array_index(card->bars, PciBar, 2).kind, ==, BAR_IO);
    g_assert_cmpstr(card->modules[0], ==, "amdgpu");
    g_assert_cmpstr(card->vendor_name, ==, "Advanced Micro Devices, Inc. [AMD/ATI]");
    g_assert_cmpstr(card->device_name, ==, "Navi 10 [Radeon RX 5600 OEM/5600 XT / 5700/5700 XT]");
    g_assert_cmpint(ubuntu->kernel.vfio_pci, ==, TRI_YES);

    /* "rev ff" is a function that does not answer */
    g_autoptr(Facts) skylake = read_post("osxkvm-notes-rx570-skylake");
    g_assert_cmphex(function_at(skylake, "01:00.0")->revision, ==, 0xef);

    g_autoptr(Facts) laptop = read_post("whiskeylake-usb-wifi-samegroup");
    const PciFunction *usb = function_at(laptop, "00:14.0");
    g_assert_nonnull(usb->reset_methods);
    g_assert_null(usb->reset_methods[0]);
}

#define CARD "VGA compatible controller [0300]: NVIDIA Corporation GK104 [10de:1187] (rev a1)"
#define SOUND "Audio device [0403]: NVIDIA Corporation GK104 HDMI Audio [10de:0e0a] (rev a1)"

/* Every form says the same: 01:00.0 is 10de:1187 in group 1, 01:00.1 with it. */
static void forms_of_groups(void)
{
    static const char *const FORMS[] = {
        "IOMMU Group 1 01:00.0 " CARD "\nIOMMU Group 1 01:00.1 " SOUND,
        "IOMMU Group 1:\n\t01:00.0 " CARD "\n\t01:00.1 " SOUND,
        "iommu group 1\r\n  01:00.0 " CARD "\r\n  01:00.1 " SOUND "\r\n",
        "Group:  1   0000:01:00.0 " CARD "\nGroup:  1   0000:01:00.1 " SOUND,
        "> IOMMU Group 1:\n>   * 01:00.0 " CARD "\n>   * 01:00.1 " SOUND,
        "IOMMU Group 1:\n├── 01:00.0 " CARD "\n└── 01:00.1 " SOUND,
        "\033[1mIOMMU Group 1\033[0m:\n\033[32m01:00.0\033[0m " CARD "\n01:00.1 " SOUND,
        "| IOMMU Group 1 | 01:00.0 " CARD "\n| IOMMU Group 1 | 01:00.1 " SOUND,
        "1 01:00.0 " CARD "\n1 01:00.1 " SOUND,
        "IOMMU Group 1 01:00.0 0300: 10de:1187 (rev a1)\nIOMMU Group 1 01:00.1 0403: 10de:0e0a",
        "01:00.0 " CARD "\n01:00.1 " SOUND "\n$ find /sys/kernel/iommu_groups -type l\n"
        "/sys/kernel/iommu_groups/1/devices/0000:01:00.0\n"
        "/sys/kernel/iommu_groups/1/devices/0000:01:00.1\n",
        "01:00.0 " CARD "\n01:00.1 " SOUND "\n/sys/kernel/iommu_groups/1/devices:\n"
        "0000:01:00.0  0000:01:00.1\n",
        "[    1.0] pci 0000:01:00.0: [10de:1187] type 00 class 0x030000\n"
        "[    1.0] pci 0000:01:00.1: [10de:0e0a] type 00 class 0x040300\n"
        "[    1.1] pci 0000:01:00.0: Adding to iommu group 1\n"
        "[    1.1] pci 0000:01:00.1: Adding to iommu group 1\n",
        "Slot:\t01:00.0\nClass:\tVGA compatible controller [0300]\nVendor:\tNVIDIA [10de]\n"
        "Device:\tGK104 [1187]\nIOMMUGroup:\t1\n\nSlot:\t01:00.1\nClass:\t0403\nVendor:\t10de\n"
        "Device:\t0e0a\nIOMMUGroup:\t1\n",
        "01:00.0 " CARD "\n\tFlags: bus master, fast devsel, latency 0, IRQ 40, IOMMU group 1\n\n"
        "01:00.1 " SOUND "\n\tIOMMU group: 1\n",
        "IOMMU Group 1: 0000:01:00.0 0000:01:00.1\n\n01:00.0 " CARD "\n01:00.1 " SOUND,
    };
    for (guint i = 0; i < G_N_ELEMENTS(FORMS); i++) {
        g_test_message("%s", FORMS[i]);
        g_autoptr(Facts) facts = read_text(FORMS[i]);
        g_assert_cmpuint(facts->pci->len, ==, 2);
        g_assert_cmphex(function_at(facts, "01:00.0")->device, ==, 0x1187);
        g_assert_cmphex(function_at(facts, "01:00.0")->class_code, ==, 0x030000);
        g_assert_cmpint(function_at(facts, "01:00.0")->iommu_group, ==, 1);
        g_assert_cmphex(function_at(facts, "01:00.1")->device, ==, 0x0e0a);
        g_assert_cmpint(function_at(facts, "01:00.1")->iommu_group, ==, 1);
        g_assert_cmpint(facts->iommu.groups, ==, TRI_YES);
    }
}

/* Numbers, headings and sentences that are no groups, and groups that end. */
static void no_groups(void)
{
    static const char *const TEXTS[] = {
        "     1\t01:00.0 " CARD "\n     2\t01:00.1 " SOUND, /* cat -n */
        "Group 1 has my card:\n01:00.0 " CARD,
        "01:00.0 " CARD "\nThe card is in IOMMU group 1, I think.\n",
        "$ lspci\n01:00.0 " CARD "\n",
        "IOMMU Group 5:\n  00:01.0 PCI bridge [0604]: Intel Corporation X [8086:1901]\n"
        "01:00.0 " CARD,
        "IOMMU Group 5:\n00:01.0 PCI bridge [0604]: Intel Corporation X [8086:1901]\n\n"
        "01:00.0 " CARD,
        "IOMMU Group 5:\n00:01.0 PCI bridge [0604]: Intel Corporation X [8086:1901]\n"
        "$ lspci -nn\n01:00.0 " CARD,
        "IOMMU Group 5: 01:00.0 " CARD "\nIOMMU Group 6: 01:00.0 " CARD,
    };
    for (guint i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
        g_test_message("%s", TEXTS[i]);
        g_autoptr(Facts) facts = read_text(TEXTS[i]);
        g_assert_cmphex(function_at(facts, "01:00.0")->device, ==, 0x1187);
        g_assert_cmpint(function_at(facts, "01:00.0")->iommu_group, ==, UNKNOWN);
    }
}

static void groups_that_are_not_there(void)
{
    g_autoptr(Facts) empty =
        read_text("me@pc:~$ ls /sys/kernel/iommu_groups/\nme@pc:~$ lspci -nn\n01:00.0 " CARD);
    g_assert_cmpint(empty->iommu.groups, ==, TRI_NO);
    g_autoptr(Facts) full =
        read_text("$ ls /sys/kernel/iommu_groups/\n0  1  10\n$ uname -a\n01:00.0 " CARD);
    g_assert_cmpint(full->iommu.groups, ==, TRI_YES);
    g_autoptr(Facts) cut = read_text("01:00.0 " CARD "\n$ ls /sys/kernel/iommu_groups/\n");
    g_assert_cmpint(cut->iommu.groups, ==, TRI_UNKNOWN);
    g_autoptr(Facts) log = read_text("[0.1] DMAR: IOMMU enabled\n");
    g_assert_cmpint(log->iommu.groups, ==, TRI_UNKNOWN);
}

/* Another member of the group was said to be elsewhere: who is left in it is not known. */
static void torn_groups(void)
{
    g_autoptr(Facts) facts =
        read_text("IOMMU Group 1 01:00.0 " CARD "\nIOMMU Group 1 01:00.1 " SOUND
                  "\n\nIOMMU Group 2 01:00.1 " SOUND);
    g_assert_cmpint(function_at(facts, "01:00.0")->iommu_group, ==, UNKNOWN);
    g_assert_cmpint(function_at(facts, "01:00.1")->iommu_group, ==, UNKNOWN);
}

/* A list says what is not there only when it is whole. */
static void complete_lists(void)
{
#define TOP "00:00.0 Host bridge [0600]: Intel Corporation X [8086:3e30]\n"
#define PORT "00:01.0 PCI bridge [0604]: Intel Corporation X [8086:1901]\n"
#define CHIPSET "00:1f.0 ISA bridge [0601]: Intel Corporation X [8086:a305]\n"
    static const struct {
        const char *text;
        Tri complete;
    } CASES[] = {
        {TOP PORT CHIPSET "01:00.0 " CARD "\n01:00.1 " SOUND, TRI_YES},
        {"$ lspci -nnk\n" TOP PORT CHIPSET "01:00.0 " CARD "\n\tKernel modules: nouveau\n$ ls",
         TRI_YES},
        {"01:00.0 " CARD "\n01:00.1 " SOUND, TRI_NO},                           /* an excerpt */
        {TOP PORT CHIPSET, TRI_UNKNOWN},                                        /* its head */
        {TOP PORT CHIPSET "01:00.1 " SOUND, TRI_UNKNOWN},                       /* no 01:00.0 */
        {TOP PORT "01:00.0 " CARD, TRI_UNKNOWN},                                /* no chipset */
        {TOP PORT "[...]\n" CHIPSET "01:00.0 " CARD, TRI_UNKNOWN},              /* cut */
        {TOP PORT CHIPSET "01:00.0 " CARD "\n(snip)\n", TRI_UNKNOWN},           /* cut */
        {TOP PORT CHIPSET "and the card:\n01:00.0 " CARD, TRI_UNKNOWN},         /* two pieces */
        {"$ lspci -nn | head\n" TOP PORT CHIPSET "01:00.0 " CARD, TRI_UNKNOWN}, /* a part */
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_test_message("%s", CASES[i].text);
        g_autoptr(Facts) facts = read_text(CASES[i].text);
        g_assert_cmpint(facts->pci_complete, ==, CASES[i].complete);
    }
}

static void complete_groups(void)
{
    static const struct {
        const char *text;
        Tri complete;
    } CASES[] = {
        {"IOMMU Group 0 " TOP "IOMMU Group 1 " PORT "IOMMU Group 1 01:00.0 " CARD
         "\nIOMMU Group 2 " CHIPSET,
         TRI_YES},
        {"IOMMU Group 1 " PORT "IOMMU Group 1 01:00.0 " CARD, TRI_UNKNOWN},
        /* group 1 is not there */
        {"IOMMU Group 0 " TOP "IOMMU Group 2 " CHIPSET "IOMMU Group 3 01:00.0 " CARD, TRI_UNKNOWN},
        /* a function that has no group */
        {"IOMMU Group 0 " TOP "IOMMU Group 1 " PORT "IOMMU Group 1 01:00.0 " CARD
         "\nIOMMU Group 2 " CHIPSET "\n\n01:00.1 " SOUND,
         TRI_UNKNOWN},
        {"me@pc:~$ ls /sys/kernel/iommu_groups/\nme@pc:~$ lspci -nn\n01:00.0 " CARD, TRI_YES},
        {"01:00.0 " CARD, TRI_UNKNOWN},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_test_message("%s", CASES[i].text);
        g_autoptr(Facts) facts = read_text(CASES[i].text);
        g_assert_cmpint(facts->iommu.complete, ==, CASES[i].complete);
    }
}

/* With all its groups, and with a part of them. */
static void complete_posts(void)
{
    static const struct {
        const char *post;
        Tri groups;
    } CASES[] = {
        {"msi-b450m-mortar-max-gtx960-hd7450", TRI_YES},
        {"z370-gt1030-uhd630", TRI_YES},
        {"x58-5520-proxmox", TRI_UNKNOWN},
        {"proxmox-7845hs-phoenix-igpu", TRI_UNKNOWN},
        {"bryansteiner-rx5700-rtx3080-samegroup", TRI_UNKNOWN},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Facts) facts = read_post(CASES[i].post);
        g_test_message("%s", CASES[i].post);
        g_assert_cmpint(facts->iommu.complete, ==, CASES[i].groups);
    }
}

static void drivers(void)
{
    g_autoptr(Facts) facts = read_text(
        "01:00.0 " CARD "\n\tSubsystem: Gigabyte Device [1458:3614]\n"
        "\tKernel modules: nouveau\n"
        "01:00.1 " SOUND "\n\tSubsystem: Gigabyte Device [1458:3614]\n"
        "\tKernel driver in use: snd_hda_intel\n\tKernel modules: snd_hda_intel\n"
        "02:00.0 " CARD "\n\nlater:\n\n01:00.1 " SOUND
        "\n\tKernel driver in use: vfio-pci\n03:00.0 " CARD "\n\tKernel modules: nouveau");
    g_assert_cmpstr(function_at(facts, "01:00.0")->driver, ==, "");
    g_assert_cmpstr(function_at(facts, "01:00.1")->driver, ==, NULL); /* said in two ways */
    g_assert_cmpstr(function_at(facts, "02:00.0")->driver, ==, NULL);
    g_assert_cmpstr(function_at(facts, "03:00.0")->driver, ==, NULL); /* lines may be missing */
}

#define FLAGS                                                                                      \
    "fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr "    \
    "sse "                                                                                         \
    "sse2 ht syscall nx mmxext fxsr_opt pdpe1gb rdtscp lm constant_tsc ssse3 fma cx16 sse4_1 "     \
    "sse4_2 movbe popcnt aes xsave avx svm avx2"

static void processors(void)
{
    g_autoptr(Facts) lscpu = read_text(
        "Architecture:        x86_64\nCPU(s):              24\nVendor ID:           AuthenticAMD\n"
        "Model name:          AMD Ryzen 9 3900X 12-Core Processor\nCPU family:          23\n"
        "Model:               113\nThread(s) per core:  2\nCore(s) per socket:  12\n"
        "Socket(s):           1\nStepping:            0\nVirtualization:      AMD-V\n"
        "Flags:               " FLAGS "\n");
    g_assert_cmpstr(lscpu->cpu.name, ==, "AMD Ryzen 9 3900X 12-Core Processor");
    g_assert_cmpstr(lscpu->cpu.vendor, ==, "AuthenticAMD");
    g_assert_cmpint(lscpu->cpu.family, ==, 23);
    g_assert_cmpint(lscpu->cpu.cores, ==, 12);
    g_assert_cmpint(lscpu->cpu.threads, ==, 24);
    g_assert_cmpint(cpu_has_flag(&lscpu->cpu, "avx2"), ==, TRI_YES);
    g_assert_cmpint(lscpu->cpu.virtualization, ==, TRI_YES);

    g_autoptr(Facts) german = read_text("Anbieterkennung:     GenuineIntel\n"
                                        "Modellname:          Intel(R) Core(TM) i7-8700K\n"
                                        "Prozessorfamilie:    6\nModell:              158\n"
                                        "Markierungen:        " FLAGS "\n");
    g_assert_cmpint(german->cpu.model, ==, 158);
    g_assert_cmpint(cpu_has_flag(&german->cpu, "sse4_2"), ==, TRI_YES);
    g_assert_cmpint(cpu_has_flag(&german->cpu, "avx512f"), ==, TRI_NO);
}

static void architectures(void)
{
    static const struct {
        const char *text, *architecture;
    } CASES[] = {
        {"Linux pi 6.6.31+rpt-rpi-2712 #1 SMP PREEMPT Debian aarch64 GNU/Linux\n", "aarch64"},
        {"Linux pc 6.1.0-18-amd64 #1 SMP Debian 6.1.76-1 x86_64 GNU/Linux\n", "x86_64"},
        {"Linux pc 5.15.0 #30-Ubuntu SMP x86_64 x86_64 x86_64 GNU/Linux\n", "x86_64"},
        {"Linux arch 6.9.1-arch1-1 #1 SMP PREEMPT_DYNAMIC x86_64\n", "x86_64"},
        {"Linux pc 6.1.0-18-amd64 #1 SMP Debian\n", NULL},
        {"Architecture:        aarch64\n  CPU op-mode(s):    32-bit, 64-bit\n", "aarch64"},
        {"processor\t: 0\nCPU implementer\t: 0x41\nCPU architecture: 8\n", "aarch64"},
        {"processor\t: 0\nCPU implementer\t: 0x41\nCPU architecture: 7\n", "arm"},
        {"Architecture: Haswell, the good one\nCPU(s): 4\n", NULL},
        {"Architecture: x86_64\nLinux pi 6.6.31 #1 SMP aarch64 GNU/Linux\n", NULL}, /* two hosts */
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Facts) facts = read_text(CASES[i].text);
        g_test_message("%s", CASES[i].text);
        g_assert_cmpstr(facts->cpu.architecture, ==, CASES[i].architecture);
    }
}

/* What the log says of the time stamp counter, and a start before the last one. */
static void clocks(void)
{
    g_autoptr(Facts) skew = read_text(
        "[1.0] clocksource: Switched to clocksource tsc\n"
        "[9.0] clocksource: timekeeping watchdog on CPU3: Marking clocksource 'tsc' as unstable "
        "because the skew is too large:\n[9.1] clocksource: Switched to clocksource hpet\n");
    g_assert_cmpint(skew->cpu.tsc_unstable, ==, TRI_YES);
    g_assert_cmpint(skew->cpu.tsc_warp, ==, TRI_UNKNOWN);
    g_assert_cmpstr(skew->cpu.clocksource, ==, "hpet");

    g_autoptr(Facts) mended =
        read_text("[0.1] tsc: Marking TSC unstable due to check_tsc_sync_source failed\n"
                  "[0.2] clocksource: Switched to clocksource hpet\n-- Reboot --\n"
                  "[0.9] clocksource: Switched to clocksource tsc\n");
    g_assert_cmpint(mended->cpu.tsc_unstable, ==, TRI_UNKNOWN);
    g_assert_cmpint(mended->cpu.tsc_warp, ==, TRI_UNKNOWN);

    g_autoptr(Facts) shown = read_text(
        "me@pc:~$ cat /sys/devices/system/clocksource/clocksource0/available_clocksource\n"
        "hpet acpi_pm\nme@pc:~$ uname -a\nLinux pc 6.1.0 #1 SMP x86_64 GNU/Linux\n");
    g_assert_cmpuint(g_strv_length(shown->cpu.clocksources), ==, 2);
    g_assert_cmpstr(shown->cpu.clocksources[0], ==, "hpet");
}

/* A line of flags that was cut off does not say what is missing. */
static void cut_flags(void)
{
    static const char *const CUT[] = {
        "model name\t: Intel(R) Core(TM) i5\nflags\t\t: fpu vme de pse tsc msr pae mce cx8 apic sep mtrr\n",
        "model name\t: Intel(R) Core(TM) i5\nflags\t\t: " FLAGS " ...\n",
        "model name\t: Intel(R) Core(TM) i5\nflags\t\t: " FLAGS "\n... and so on\n",
    };
    for (guint i = 0; i < G_N_ELEMENTS(CUT); i++) {
        g_autoptr(Facts) facts = read_text(CUT[i]);
        g_assert_cmpint(cpu_has_flag(&facts->cpu, "bmi2"), ==, TRI_UNKNOWN);
    }
    g_autoptr(Facts) wrapped =
        read_text("processor\t: 0\nflags\t\t: " FLAGS "\nbmi1 bmi2 erms\nbugs\t\t: x\n");
    g_assert_cmpint(cpu_has_flag(&wrapped->cpu, "bmi2"), ==, TRI_YES);
}

static void whole_cpuinfo(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < 4; i++)
        g_string_append_printf(text,
                               "processor\t: %u\nvendor_id\t: GenuineIntel\nphysical id\t: 0\n"
                               "siblings\t: 4\ncore id\t\t: %u\ncpu cores\t: 2\nflags\t\t: " FLAGS
                               "%s\n\n",
                               i, i / 2, i == 3 ? "" : " bmi2");
    g_autoptr(Facts) whole = read_text(text->str);
    g_assert_cmpint(whole->cpu.threads, ==, 4);
    g_assert_cmpint(whole->cpu.cores, ==, 2);
    g_assert_cmpint(whole->cpu.packages, ==, 1);
    g_assert_cmpint(cpu_has_flag(&whole->cpu, "bmi2"), ==, TRI_NO);

    g_string_truncate(text, text->len / 2);
    g_autoptr(Facts) half = read_text(text->str);
    g_assert_cmpint(half->cpu.threads, ==, UNKNOWN);
}

static void systems(void)
{
    g_autoptr(Facts) facts =
        read_text("me@pc:~$ sudo dmidecode -t 2\nBase Board Information\n\tManufacturer: ASRock\n"
                  "\tProduct Name: X570 Steel Legend\n\tSerial Number: M80-1234\n\n"
                  "me@pc:~$ cat /proc/cmdline\nroot=/dev/sda2 ro quiet\n"
                  "[    0.0] kvm: disabled by bios\n[    0.1] AMD-Vi: Interrupt remapping enabled\n"
                  "Linux pc 6.1.0-18-amd64 #1 SMP Debian x86_64 GNU/Linux\n"
                  "[    0.4] pci 0000:0b:00.0: vgaarb: setting as boot VGA device\n");
    g_assert_cmpstr(facts->firmware.board_vendor, ==, "ASRock");
    g_assert_cmpstr(facts->firmware.board_name, ==, "X570 Steel Legend");
    g_assert_null(facts->firmware.serial);
    g_assert_cmpstr(facts->kernel.command_line, ==, "root=/dev/sda2 ro quiet");
    g_assert_cmpstr(facts->kernel.release, ==, "6.1.0-18-amd64");
    g_assert_cmpint(facts->kvm.usable, ==, TRI_NO);
    g_assert_cmpint(facts->kvm.firmware_off, ==, TRI_YES);
    g_assert_cmpint(facts->iommu.interrupt_remapping, ==, TRI_YES);
    g_assert_null(facts->iommu.table);
    g_assert_cmpint(function_at(facts, "0b:00.0")->boot_vga, ==, TRI_YES);
}

static void the_log_names_the_table_of_the_iommu(void)
{
    g_autoptr(Facts) intel = read_text(
        "[    0.012345] ACPI: DMAR 0x000000007B7F5000 000070 (v01 INTEL  EDK2     00000002)\n"
        "[    0.4] kvm: no hardware support\n");
    g_autoptr(Facts) amd = read_text(
        "[    0.006] ACPI: IVRS 0x00000000CA7D1000 0000D0 (v02 AMD    AmdTable 00000001)\n");
    g_assert_cmpstr(intel->iommu.table, ==, "DMAR");
    /* the module for AMD's processors says so, too */
    g_assert_cmpint(intel->kvm.firmware_off, ==, TRI_UNKNOWN);
    g_assert_cmpint(intel->kvm.usable, ==, TRI_UNKNOWN);
    g_assert_cmpstr(amd->iommu.table, ==, "IVRS");
}

static void places_of_bars(void)
{
    g_autoptr(Facts) facts = read_text(
        "01:00.0 " CARD "\n\tMemory at 7c00000000 (64-bit, prefetchable) [size=16G]\n"
        "\tMemory at fcd00000 (32-bit, non-prefetchable) [size=1M]\n"
        "02:00.0 " CARD
        "\n\tRegion 0: Memory at <unassigned> (64-bit, prefetchable) [disabled] [size=8G]\n");
    const PciBar *bar = &g_array_index(function_at(facts, "01:00.0")->bars, PciBar, 0);
    g_assert_cmphex(bar->address, ==, G_GUINT64_CONSTANT(0x7c00000000));
    g_assert_false(bar->unassigned);
    g_assert_cmphex(bar[1].address, ==, 0xfcd00000);
    bar = &g_array_index(function_at(facts, "02:00.0")->bars, PciBar, 0);
    g_assert_cmphex(bar->address, ==, 0);
    g_assert_true(bar->unassigned);
}

/* What grub or a boot entry is to give is not what the running kernel got. */
static void settings_are_no_facts(void)
{
    g_autoptr(Facts) facts = read_text(
        "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=on\"\noptions root=UUID=1 amd_iommu=on\n"
        "01:00.0 " CARD);
    g_assert_null(facts->kernel.command_line);
}

static void assert_refused(const char *text, gsize length, const char *words)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(facts_from_text(text, length, "post.txt", &error));
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_INPUT);
    if (strstr(error->message, words) == NULL)
        g_error("'%s' does not say '%s'", error->message, words);
}

static void refused(void)
{
    static const char prose[] =
        "Will macOS run on my computer?\nModel: the big one\nAt 10:30.0 it froze.\n";
    g_autoptr(GString) many = g_string_new(NULL);
    assert_refused("", 0, "lspci -nnk");
    assert_refused(prose, strlen(prose), "post.txt");
    for (guint i = 0; i < 5000; i++)
        g_string_append_printf(many, "%04x:%02x:00.0 " CARD "\n", i >> 8, i & 0xff);
    assert_refused(many->str, many->len, "4096");
}

static double seconds_of(const GString *text)
{
    g_autoptr(GError) error = NULL;
    gint64 start = g_get_monotonic_time();
    g_autoptr(Facts) facts = facts_from_text(text->str, text->len, "text", &error);
    return (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
}

/* A text of twice the length takes some twice the time, and not four times: with room for a busy
 * machine. */
static void linear_time(void)
{
    static const char *const UNITS[] = {"IOMMU Group 1 01:00.0 " CARD "\n",
                                        "[[[[[[[[",
                                        "1 ",
                                        "flags : " FLAGS "\n",
                                        "aaa ",
                                        "pci ",
                                        "\033[",
                                        ": "};
    for (guint i = 0; i < G_N_ELEMENTS(UNITS); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        while (text->len < 1 << 19)
            g_string_append(text, UNITS[i]);
        double one = seconds_of(text);
        while (text->len < 1 << 21)
            g_string_append(text, UNITS[i]);
        double four = seconds_of(text);
        g_test_message("%s: %f, %f", UNITS[i], one, four);
        g_assert_cmpfloat(four, <, 10 * one + 1);
    }
}

static void words_about_passing(void)
{
    g_autoptr(Facts) facts = read_text(
        "[    0.0] Warning: PCIe ACS overrides enabled; This may allow non-IOMMU protected "
        "peer-to-peer DMA\n"
        "vfio_iommu_type1_attach_group: No interrupt remapping support.  Use the module param "
        "\"allow_unsafe_interrupts\" to enable VFIO IOMMU support on this platform\n"
        "options vfio_iommu_type1 allow_unsafe_interrupts=1\n"
        "[ 99.1] vfio-pci 0000:0a:00.0: not ready 65535ms after FLR; giving up\n"
        "[ 99.2] pci 0000:0b:00.0: unknown header type 7f, ignoring device\n"
        "[ 99.3] pci 0000:0c:00.0: not ready 1023ms after FLR; waiting\n"
        "01:00.0 " CARD "\n\t!!! Unknown header type 7f\n\tKernel driver in use: vfio-pci\n");
    g_assert_cmpint(facts->iommu.acs_override, ==, TRI_YES);
    g_assert_cmpint(facts->iommu.unsafe_interrupts, ==, TRI_YES);
    g_assert_cmpint(facts->iommu.interrupt_remapping, ==, TRI_NO);
    g_assert_cmpint(function_at(facts, "0a:00.0")->reset_failed, ==, TRI_YES);
    g_assert_cmpint(function_at(facts, "0b:00.0")->reset_failed, ==, TRI_YES);
    g_assert_cmpint(function_at(facts, "01:00.0")->reset_failed, ==, TRI_YES);
    g_assert_cmpstr(function_at(facts, "01:00.0")->driver, ==, "vfio-pci");
    g_assert_null(facts_pci_function(facts, "0c:00.0"));

    g_autoptr(Facts) mapped =
        read_text(" 40:   0  12  IR-PCI-MSI 524288-edge  xhci_hcd\nvfio_pci   16384  6\n");
    g_assert_cmpint(mapped->iommu.interrupt_remapping, ==, TRI_YES);
    g_assert_cmpint(mapped->kernel.vfio_pci, ==, TRI_YES);
    g_autoptr(Facts) plain = read_text(" 40:   0  12  PCI-MSI 524288-edge  xhci_hcd\n"
                                       "modinfo: ERROR: Module vfio-pci not found.\n");
    g_assert_cmpint(plain->iommu.interrupt_remapping, ==, TRI_NO);
    g_assert_cmpint(plain->kernel.vfio_pci, ==, TRI_NO);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/facts/paste/posts/functions", functions_of_posts);
    g_test_add_func("/facts/paste/posts/numbers", numbers_of_functions);
    g_test_add_func("/facts/paste/posts/hosts", hosts_of_posts);
    g_test_add_func("/facts/paste/posts/details", details_of_posts);
    g_test_add_func("/facts/paste/groups/forms", forms_of_groups);
    g_test_add_func("/facts/paste/groups/none", no_groups);
    g_test_add_func("/facts/paste/groups/not-there", groups_that_are_not_there);
    g_test_add_func("/facts/paste/groups/torn", torn_groups);
    g_test_add_func("/facts/paste/complete/functions", complete_lists);
    g_test_add_func("/facts/paste/complete/groups", complete_groups);
    g_test_add_func("/facts/paste/complete/posts", complete_posts);
    g_test_add_func("/facts/paste/drivers", drivers);
    g_test_add_func("/facts/paste/processor/lscpu", processors);
    g_test_add_func("/facts/paste/processor/architectures", architectures);
    g_test_add_func("/facts/paste/processor/clocks", clocks);
    g_test_add_func("/facts/paste/processor/cut", cut_flags);
    g_test_add_func("/facts/paste/processor/whole", whole_cpuinfo);
    g_test_add_func("/facts/paste/systems", systems);
    g_test_add_func("/facts/paste/tables", the_log_names_the_table_of_the_iommu);
    g_test_add_func("/facts/paste/bars", places_of_bars);
    g_test_add_func("/facts/paste/settings", settings_are_no_facts);
    g_test_add_func("/facts/paste/passing", words_about_passing);
    g_test_add_func("/facts/paste/refused", refused);
    g_test_add_func("/facts/paste/linear", linear_time);
    return g_test_run();
}
