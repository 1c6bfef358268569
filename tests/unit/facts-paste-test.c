/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text that people pasted: listings of functions and groups, and what is refused. */
#include "facts-shared.h"

#include "base/error.h"
#include "facts/paste.h"

#include <string.h>
#include <time.h>

static Facts *facts_of_post(const char *name)
{
    gsize length = 0;
    g_autofree char *text = post_text(name, &length);
    return facts_of_text(text, length);
}

static void details_of_posts(void)
{
    g_autoptr(Facts) ubuntu = facts_of_post("ubuntu2004-5700xt-lspci-nnv");
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
    g_autoptr(Facts) skylake = facts_of_post("osxkvm-notes-rx570-skylake");
    g_assert_cmphex(function_at(skylake, "01:00.0")->revision, ==, 0xef);

    g_autoptr(Facts) laptop = facts_of_post("whiskeylake-usb-wifi-samegroup");
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
        "OMMU Group 1:\n\t01:00.0 " CARD "\n\t01:00.1 " SOUND,
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
        g_autoptr(Facts) facts = facts_of_lines(FORMS[i]);
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
        g_autoptr(Facts) facts = facts_of_lines(TEXTS[i]);
        g_assert_cmphex(function_at(facts, "01:00.0")->device, ==, 0x1187);
        g_assert_cmpint(function_at(facts, "01:00.0")->iommu_group, ==, UNKNOWN);
    }
}

static void groups_that_are_not_there(void)
{
    g_autoptr(Facts) empty =
        facts_of_lines("me@pc:~$ ls /sys/kernel/iommu_groups/\nme@pc:~$ lspci -nn\n01:00.0 " CARD);
    g_assert_cmpint(empty->iommu.groups, ==, TRI_NO);
    g_autoptr(Facts) full =
        facts_of_lines("$ ls /sys/kernel/iommu_groups/\n0  1  10\n$ uname -a\n01:00.0 " CARD);
    g_assert_cmpint(full->iommu.groups, ==, TRI_YES);
    g_autoptr(Facts) cut = facts_of_lines("01:00.0 " CARD "\n$ ls /sys/kernel/iommu_groups/\n");
    g_assert_cmpint(cut->iommu.groups, ==, TRI_UNKNOWN);
    g_autoptr(Facts) log = facts_of_lines("[0.1] DMAR: IOMMU enabled\n");
    g_assert_cmpint(log->iommu.groups, ==, TRI_UNKNOWN);
}

/* Another member of the group was said to be elsewhere: who is left in it is not known. */
static void torn_groups(void)
{
    g_autoptr(Facts) facts =
        facts_of_lines("IOMMU Group 1 01:00.0 " CARD "\nIOMMU Group 1 01:00.1 " SOUND
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
        g_autoptr(Facts) facts = facts_of_lines(CASES[i].text);
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
        g_autoptr(Facts) facts = facts_of_lines(CASES[i].text);
        g_assert_cmpint(facts->iommu.complete, ==, CASES[i].complete);
    }
}

static void drivers(void)
{
    g_autoptr(Facts) facts = facts_of_lines(
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

static void systems(void)
{
    g_autoptr(Facts) facts = facts_of_lines(
        "me@pc:~$ sudo dmidecode -t 2\nBase Board Information\n\tManufacturer: ASRock\n"
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
    g_autoptr(Facts) intel = facts_of_lines(
        "[    0.012345] ACPI: DMAR 0x000000007B7F5000 000070 (v01 INTEL  EDK2     00000002)\n"
        "[    0.4] kvm: no hardware support\n");
    g_autoptr(Facts) amd = facts_of_lines(
        "[    0.006] ACPI: IVRS 0x00000000CA7D1000 0000D0 (v02 AMD    AmdTable 00000001)\n");
    g_assert_cmpstr(intel->iommu.table, ==, "DMAR");
    /* the module for AMD's processors says so, too */
    g_assert_cmpint(intel->kvm.firmware_off, ==, TRI_UNKNOWN);
    g_assert_cmpint(intel->kvm.usable, ==, TRI_UNKNOWN);
    g_assert_cmpstr(amd->iommu.table, ==, "IVRS");
}

static void places_of_bars(void)
{
    g_autoptr(Facts) facts = facts_of_lines(
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
    g_autoptr(Facts) facts = facts_of_lines(
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

/* Of the processor: others may have it, too. */
static double seconds_of(const GString *text)
{
    g_autoptr(GError) error = NULL;
    clock_t start = clock();
    g_autoptr(Facts) facts = facts_from_text(text->str, text->len, "text", &error);
    return (double)(clock() - start) / CLOCKS_PER_SEC;
}

/* UNIT again and again, in lines that are nearly as long as the longest that is read. */
static void fill(GString *text, const char *unit, gsize length)
{
    enum { LINE = 250 * 1000 };
    gsize line = text->len;
    for (; text->len < length; g_string_append(text, unit)) {
        if (text->len - line > LINE) {
            g_string_append_c(text, '\n');
            line = text->len;
        }
    }
    g_string_append_c(text, '\n');
}

/* A text of four times the length takes some four times the time, and not sixteen times. */
static void linear_time(void)
{
    static const char *const UNITS[] = {"IOMMU Group 1 01:00.0 " CARD "\n",
                                        "IOMMU Group 1 01:00.0 " CARD " ",
                                        "01:00.0 " CARD " ",
                                        "[[[[[[[[",
                                        "1 ",
                                        "00:00.0 ",
                                        "Group 1 ",
                                        "flags : fpu vme de pse tsc msr pae mce\n",
                                        "flags : fpu vme de pse tsc msr pae mce ",
                                        "aaa ",
                                        "pci ",
                                        "\033[",
                                        "&amp;",
                                        "<b>",
                                        "\"a\":\"b\",",
                                        "{\"a\":",
                                        "Device-1: a ",
                                        "-[0000:00]-+-00.0 ",
                                        "│ a ",
                                        "> ",
                                        ": "};
    for (guint i = 0; i < G_N_ELEMENTS(UNITS); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        fill(text, UNITS[i], 1 << 19);
        double one = seconds_of(text);
        fill(text, UNITS[i], 1 << 21);
        double four = seconds_of(text);
        g_test_message("%s: %f, %f", UNITS[i], one, four);
        g_assert_cmpfloat(four, <, 10 * one + 0.5);
    }
}

static void words_about_passing(void)
{
    g_autoptr(Facts) facts = facts_of_lines(
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
        facts_of_lines(" 40:   0  12  IR-PCI-MSI 524288-edge  xhci_hcd\nvfio_pci   16384  6\n");
    g_assert_cmpint(mapped->iommu.interrupt_remapping, ==, TRI_YES);
    g_assert_cmpint(mapped->kernel.vfio_pci, ==, TRI_YES);
    g_autoptr(Facts) plain = facts_of_lines(" 40:   0  12  PCI-MSI 524288-edge  xhci_hcd\n"
                                            "modinfo: ERROR: Module vfio-pci not found.\n");
    g_assert_cmpint(plain->iommu.interrupt_remapping, ==, TRI_NO);
    g_assert_cmpint(plain->kernel.vfio_pci, ==, TRI_NO);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/facts/paste/posts/details", details_of_posts);
    g_test_add_func("/facts/paste/groups/forms", forms_of_groups);
    g_test_add_func("/facts/paste/groups/none", no_groups);
    g_test_add_func("/facts/paste/groups/not-there", groups_that_are_not_there);
    g_test_add_func("/facts/paste/groups/torn", torn_groups);
    g_test_add_func("/facts/paste/complete/functions", complete_lists);
    g_test_add_func("/facts/paste/complete/groups", complete_groups);
    g_test_add_func("/facts/paste/drivers", drivers);
    g_test_add_func("/facts/paste/systems", systems);
    g_test_add_func("/facts/paste/tables", the_log_names_the_table_of_the_iommu);
    g_test_add_func("/facts/paste/bars", places_of_bars);
    g_test_add_func("/facts/paste/settings", settings_are_no_facts);
    g_test_add_func("/facts/paste/passing", words_about_passing);
    g_test_add_func("/facts/paste/refused", refused);
    g_test_add_func("/facts/paste/linear", linear_time);
    return g_test_run();
}
