/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text that people pasted: programs beside lspci, and guests beside hosts. */
#include "facts-shared.h"

#include <string.h>

#define CARD "VGA compatible controller [0300]: NVIDIA Corporation GP104 [10de:1b81] (rev a1)"

static void assert_parent(const Facts *facts, const char *address, const char *parent)
{
    g_test_message("%s", address);
    g_assert_cmpstr(function_at(facts, address)->parent, ==, parent);
}

/* lspci -t: a bus behind a bridge stands in brackets, several of them as the first and the last. */
static void trees(void)
{
    g_autoptr(Facts) facts =
        facts_of_lines("-[0000:00]-+-00.0\n"
                       "           +-02.0\n"
                       "           +-1c.0-[01]----00.0\n"
                       "           +-1d.0-[03-3b]----00.0-[04-3b]--+-00.0-[05]----00.0\n"
                       "           |                               +-01.0-[06-1f]--\n"
                       "           |                               \\-04.0-[21-3b]--+-00.0\n"
                       "           |                                               \\-00.1\n"
                       "           \\-1f.0\n");
    assert_parent(facts, "00:02.0", "");
    assert_parent(facts, "01:00.0", "0000:00:1c.0");
    assert_parent(facts, "03:00.0", "0000:00:1d.0");
    assert_parent(facts, "04:01.0", "0000:03:00.0");
    assert_parent(facts, "05:00.0", "0000:04:00.0");
    assert_parent(facts, "21:00.1", "0000:04:04.0");
    assert_parent(facts, "00:1f.0", "");
    g_assert_cmpuint(facts->pci->len, ==, 13);
}

/* lspci -tv and -tvnn name the devices. */
static void trees_with_names(void)
{
    g_autoptr(Facts) facts = facts_of_lines(
        "-[0000:00]-+-00.0  Intel Corporation Host Bridge [8086:1904]\n"
        "           +-1c.0-[01]----00.0  NVIDIA Corporation GP104 [GeForce GTX 1070] [10de:1b81]\n"
        "           \\-1f.0  Intel Corporation LPC Controller [8086:9d48]\n");
    g_assert_cmphex(function_at(facts, "01:00.0")->vendor, ==, 0x10de);
    g_assert_cmphex(function_at(facts, "01:00.0")->device, ==, 0x1b81);
    g_assert_cmpint(function_at(facts, "01:00.0")->class_code, ==, UNKNOWN);
    assert_parent(facts, "01:00.0", "0000:00:1c.0");
}

/* Domains: the tree has a root for each. */
static void trees_of_domains(void)
{
    g_autoptr(Facts) facts = facts_of_lines("-+-[10000:e0]---06.0-[e1]----00.0\n"
                                            " \\-[0000:00]-+-00.0\n"
                                            "             \\-1f.0\n");
    assert_parent(facts, "10000:e1:00.0", "10000:e0:06.0");
    assert_parent(facts, "00:1f.0", "");
}

static void tables(void)
{
    static const char *const TEXTS[] = {
        /* pvesh get /nodes/NODE/hardware/pci */
        "┌──────────┬────────┬──────────────┬────────────┬────────┬─────────────────\n"
        "│ class    │ device │ id           │ iommugroup │ vendor │ device_name     \n"
        "╞══════════╪════════╪══════════════╪════════════╪════════╪═════════════════\n"
        "│ 0x030000 │ 0x1b81 │ 0000:01:00.0 │         12 │ 0x10de │ GP104 [GTX 1070]\n"
        "└──────────┴────────┴──────────────┴────────────┴────────┴─────────────────\n",
        "| Group | Address | Class | Device |\n|---|---|---|---|\n"
        "| 12 | 01:00.0 | VGA compatible controller [0300] | NVIDIA GP104 [10de:1b81] |\n",
        "[{\"class\":\"0x030000\",\"device\":\"0x1b81\",\"device_name\":\"GP104\",\"id\":"
        "\"0000:01:00.0\",\"iommugroup\":12,\"vendor\":\"0x10de\"}]\n",
    };
    for (guint i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
        g_test_message("%s", TEXTS[i]);
        g_autoptr(Facts) facts = facts_of_lines(TEXTS[i]);
        const PciFunction *card = function_at(facts, "01:00.0");
        g_assert_cmphex(card->vendor, ==, 0x10de);
        g_assert_cmphex(card->device, ==, 0x1b81);
        g_assert_cmphex(card->class_code, ==, 0x030000);
        g_assert_cmpint(card->iommu_group, ==, 12);
    }
}

static void node_devices(void)
{
    g_autoptr(Facts) facts = facts_of_lines(
        "<device>\n  <name>pci_0000_01_00_0</name>\n  <parent>pci_0000_00_01_0</parent>\n"
        "  <driver>\n    <name>vfio-pci</name>\n  </driver>\n  <capability type='pci'>\n"
        "    <class>0x030000</class>\n    <product id='0x1b81'>GP104 [GeForce GTX 1070]</product>\n"
        "    <vendor id='0x10de'>NVIDIA Corporation</vendor>\n    <iommuGroup number='1'>\n"
        "      <address domain='0x0000' bus='0x00' slot='0x01' function='0x0'/>\n"
        "      <address domain='0x0000' bus='0x01' slot='0x00' function='0x1'/>\n"
        "    </iommuGroup>\n  </capability>\n</device>\n");
    const PciFunction *card = function_at(facts, "01:00.0");
    g_assert_cmphex(card->device, ==, 0x1b81);
    g_assert_cmphex(card->class_code, ==, 0x030000);
    g_assert_cmpstr(card->driver, ==, "vfio-pci");
    g_assert_cmpstr(card->device_name, ==, "GP104 [GeForce GTX 1070]");
    g_assert_cmpint(card->iommu_group, ==, 1);
    g_assert_cmpint(function_at(facts, "00:01.0")->iommu_group, ==, 1);
    g_assert_cmpint(function_at(facts, "01:00.1")->iommu_group, ==, 1);
}

static void lshw(void)
{
    g_autoptr(Facts) facts = facts_of_lines(
        "  *-core\n       description: Motherboard\n       product: X570 Steel Legend\n"
        "       vendor: ASRock\n     *-firmware\n          vendor: American Megatrends Inc.\n"
        "          version: P3.00\n          date: 03/20/2020\n"
        "  *-display UNCLAIMED\n       description: VGA compatible controller\n"
        "       product: Navi 23 [1002:73FF]\n"
        "       vendor: Advanced Micro Devices, Inc. [AMD/ATI] [1002]\n       physical id: 0\n"
        "       bus info: pci@0000:0c:00.0\n       version: c7\n"
        "  *-network\n       description: Ethernet interface\n       bus info: pci@0000:05:00.0\n"
        "       configuration: autonegotiation=on broadcast=yes driver=igb driverversion=6.1\n");
    const PciFunction *card = function_at(facts, "0c:00.0");
    g_assert_cmpstr(facts->firmware.board_name, ==, "X570 Steel Legend");
    g_assert_cmpstr(facts->firmware.date, ==, "03/20/2020");
    g_assert_cmphex(card->vendor, ==, 0x1002);
    g_assert_cmphex(card->device, ==, 0x73ff);
    g_assert_cmphex(card->revision, ==, 0xc7);
    g_assert_cmpstr(card->driver, ==, "");
    g_assert_cmpstr(card->device_name, ==, "Navi 23");
    g_assert_cmphex(function_at(facts, "05:00.0")->class_code >> 8, ==, 0x0200);
    g_assert_cmpstr(function_at(facts, "05:00.0")->driver, ==, "igb");
}

static void inxi(void)
{
    g_autoptr(Facts) facts = facts_of_lines(
        "System:\n  Kernel: 6.1.0-18-amd64 arch: x86_64 bits: 64 Desktop: KDE Plasma\n"
        "    Distro: Debian GNU/Linux 12 (bookworm)\n"
        "Machine:\n  Type: Desktop Mobo: ASUSTeK model: ROG STRIX B550-F v: Rev X.0x\n"
        "    serial: <superuser required> UEFI: American Megatrends v: 2803 date: 04/28/2022\n"
        "Graphics:\n  Device-1: NVIDIA GP104 [GeForce GTX 1070] vendor: Gigabyte driver: nvidia\n"
        "    v: 525.147.05 bus-ID: 09:00.0 chip-ID: 10de:1b81 class-ID: 0300\n"
        "  Device-2: AMD Navi 23 driver: amdgpu v: kernel bus-ID: 0c:00.0 chip-ID: 1002:73ff\n"
        "    class-ID: 0300\n  Display: x11 server: X.Org driver: X: loaded: nvidia\n");
    g_assert_cmpstr(facts->kernel.release, ==, "6.1.0-18-amd64");
    g_assert_cmpstr(facts->distribution.name, ==, "Debian GNU/Linux 12 (bookworm)");
    g_assert_cmpstr(facts->firmware.board_name, ==, "ROG STRIX B550-F");
    g_assert_cmpint(facts->firmware.uefi, ==, TRI_YES);
    g_assert_cmpint(facts->firmware.chassis, ==, 3);
    g_assert_cmphex(function_at(facts, "09:00.0")->class_code >> 8, ==, 0x0300);
    g_assert_cmphex(function_at(facts, "09:00.0")->device, ==, 0x1b81);
    g_assert_cmpstr(function_at(facts, "09:00.0")->driver, ==, "nvidia");
    g_assert_cmpstr(function_at(facts, "09:00.0")->device_name, ==,
                    "NVIDIA GP104 [GeForce GTX 1070]");
    g_assert_cmpstr(function_at(facts, "0c:00.0")->driver, ==, "amdgpu");
}

/* The names of lspci count where both are told. */
static void names_of_lspci_first(void)
{
    static const char INXI[] = "Graphics:  Device-1: NVIDIA GP104 vendor: Gigabyte driver: nvidia "
                               "v: 525 bus-ID: 01:00.0\n";
    g_autofree char *before = g_strconcat(INXI, "01:00.0 " CARD "\n", NULL);
    g_autofree char *after = g_strconcat("01:00.0 " CARD "\n\n", INXI, NULL);
    g_autoptr(Facts) one = facts_of_lines(before), other = facts_of_lines(after);
    g_assert_cmpstr(function_at(one, "01:00.0")->device_name, ==, "GP104");
    g_assert_cmpstr(function_at(one, "01:00.0")->vendor_name, ==, "NVIDIA Corporation");
    g_assert_cmpstr(function_at(other, "01:00.0")->device_name, ==, "GP104");
}

/* Sections of dmidecode that have a manufacturer, too. */
static void sections_of_dmidecode(void)
{
    g_autoptr(Facts) facts = facts_of_lines(
        "Handle 0x0001, DMI type 1, 27 bytes\nSystem Information\n\tManufacturer: Dell Inc.\n"
        "\tProduct Name: Precision 5820\n\nHandle 0x0003, DMI type 3, 22 bytes\n"
        "Chassis Information\n\tManufacturer: Chassis Maker\n\tType: Tower\n\n"
        "Handle 0x0004, DMI type 4, 48 bytes\nProcessor Information\n\tType: Central Processor\n"
        "\tManufacturer: Intel(R) Corporation\n\n"
        "Handle 0x0011, DMI type 17, 40 bytes\nMemory Device\n\tManufacturer: Samsung\n\n"
        "Handle 0x0002, DMI type 2, 8 bytes\nBase Board Information\n"
        "\tManufacturer: To be filled by O.E.M.\n\tProduct Name: 0PRODUCT\n");
    g_assert_cmpstr(facts->firmware.system_vendor, ==, "Dell Inc.");
    g_assert_cmpstr(facts->firmware.system_name, ==, "Precision 5820");
    g_assert_cmpint(facts->firmware.chassis, ==, 7);
    g_assert_null(facts->firmware.board_vendor);
    g_assert_cmpstr(facts->firmware.board_name, ==, "0PRODUCT");
}

static void kinds_of_case(void)
{
    static const struct {
        const char *text;
        int chassis;
    } CASES[] = {
        {"Chassis Information\n\tType: Notebook\n", 10},
        {"$ cat /sys/class/dmi/id/chassis_type\n10\n", 10},
        {"$ sudo dmidecode -s chassis-type\nNotebook\n", 10},
        {"   Static hostname: pc\n         Icon name: computer-laptop\n           Chassis: laptop "
         "💻\n"
         "            Kernel: Linux 6.1.0\n",
         9},
        {"Chassis Information\n\tType: Notebook\n\n           Chassis: laptop\n", 10},
        {"Chassis Information\n\tType: Other\n\tLock: Present\nLinux version 6.1.0 (x)\n", UNKNOWN},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_test_message("%s", CASES[i].text);
        g_autoptr(Facts) facts = facts_of_lines(CASES[i].text);
        g_assert_cmpint(facts->firmware.chassis, ==, CASES[i].chassis);
    }
}

static void answers_of_programs(void)
{
    g_autoptr(Facts) facts = facts_of_lines(
        "root@pve:~# pveversion\n"
        "pve-manager/8.1.3/b46aac3b42da5d15 (running kernel: 6.5.11-7-pve)\n"
        "root@pve:~# cat /sys/module/kvm/parameters/ignore_msrs\nY\n"
        "root@pve:~# cat /sys/module/kvm_intel/parameters/nested\nN\n"
        "root@pve:~# free -m\n               total        used        free      shared\n"
        "Mem:           64221        8123       50210          56\n"
        "root@pve:~# mokutil --sb-state\nSecureBoot disabled\n"
        "root@pve:~# virt-host-validate\n"
        "  QEMU: Checking if device /dev/kvm is accessible             : PASS\n"
        "root@pve:~# grep . /sys/bus/pci/devices/*/boot_vga\n"
        "/sys/bus/pci/devices/0000:00:02.0/boot_vga:0\n"
        "/sys/bus/pci/devices/0000:01:00.0/boot_vga:1\n"
        "root@pve:~# cat /sys/bus/pci/devices/0000:01:00.0/reset_method\nflr bus\n"
        "root@pve:~# dmidecode -s baseboard-product-name\nPRIME Z370-A\n"
        "root@pve:~# lspci -nn | grep VGA\n01:00.0 " CARD "\n");
    const PciFunction *card = function_at(facts, "01:00.0");
    g_assert_cmpstr(facts->kernel.release, ==, "6.5.11-7-pve");
    g_assert_cmpint(facts->kvm.ignore_msrs, ==, TRI_YES);
    g_assert_cmpint(facts->kvm.nested, ==, TRI_NO);
    g_assert_cmpint(facts->memory.total, ==, G_GINT64_CONSTANT(64221) << 20);
    g_assert_cmpint(facts->firmware.secure_boot, ==, TRI_NO);
    g_assert_cmpint(facts->kvm.accessible, ==, TRI_YES);
    g_assert_cmpint(function_at(facts, "00:02.0")->boot_vga, ==, TRI_NO);
    g_assert_cmpint(card->boot_vga, ==, TRI_YES);
    assert_strv(card->reset_methods, "flr bus");
    g_assert_cmpstr(facts->firmware.board_name, ==, "PRIME Z370-A");
    g_assert_cmpint(facts->pci_complete, ==, TRI_NO);
}

#define HOST                                                                                       \
    "00:00.0 Host bridge [0600]: Intel Corporation X [8086:3ec2]\n"                                \
    "00:01.0 PCI bridge [0604]: Intel Corporation X [8086:1901]\n"                                 \
    "00:1f.0 ISA bridge [0601]: Intel Corporation Z370 [8086:a2c9]\n"                              \
    "01:00.0 " CARD "\n\tKernel driver in use: vfio-pci\n"
#define GUEST                                                                                      \
    "00:00.0 Host bridge [0600]: Intel Corporation 82G33 [8086:29c0]\n"                            \
    "00:02.0 PCI bridge [0604]: Red Hat, Inc. QEMU PCIe Root port [1b36:000c]\n"                   \
    "06:00.0 " CARD "\n\tKernel driver in use: nvidia\n"

/* What a guest shows is not of its host. */
static void guests(void)
{
    static const char *const TEXTS[] = {
        "$ lspci -nnk\n" HOST "\nIn the guest:\n$ lspci -nnk\n" GUEST,
        "In the guest:\n```\n" GUEST "```\nOn the host:\n```\n" HOST "```\n",
        "me@host:~$ lspci -nnk\n" HOST "me@vm:~$ lspci -nnk\n" GUEST
        "me@vm:~$ uname -r\n5.15.0-91-generic\nme@vm:~$ cat /proc/cpuinfo\nmodel name\t: QEMU "
        "Virtual CPU version 2.5+\n",
    };
    for (guint i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
        g_test_message("%s", TEXTS[i]);
        g_autoptr(Facts) facts = facts_of_lines(TEXTS[i]);
        g_assert_cmpuint(facts->pci->len, ==, 4);
        g_assert_cmphex(function_at(facts, "00:00.0")->device, ==, 0x3ec2);
        g_assert_cmpstr(function_at(facts, "01:00.0")->driver, ==, "vfio-pci");
        g_assert_cmpint(facts->cpu.hypervisor, ==, TRI_UNKNOWN);
        g_assert_null(facts->kernel.release);
        g_assert_null(facts->cpu.name);
    }
    /* all that is there is a virtual machine's */
    g_autoptr(Facts) virtual = facts_of_lines(GUEST);
    g_assert_cmpint(virtual->cpu.hypervisor, ==, TRI_YES);
    g_assert_cmpuint(virtual->pci->len, ==, 3);
}

/* Two devices at one address are of two hosts: what both have in common is no third one. */
static void two_hosts(void)
{
    g_autoptr(Facts) facts =
        facts_of_lines("$ lspci -nn\n" HOST "\n$ ssh other lspci -nn\n"
                       "01:00.0 VGA compatible controller [0300]: AMD Navi 23 [1002:73ff]\n");
    g_assert_cmpint(function_at(facts, "01:00.0")->device, ==, UNKNOWN);
    g_assert_cmpint(function_at(facts, "01:00.0")->vendor, ==, UNKNOWN);
    g_assert_cmpint(function_at(facts, "01:00.0")->class_code, ==, UNKNOWN);
    g_assert_cmpstr(function_at(facts, "01:00.0")->driver, ==, NULL);
    g_assert_cmphex(function_at(facts, "00:1f.0")->device, ==, 0xa2c9);
    g_assert_cmpint(facts->pci_complete, ==, TRI_UNKNOWN);
}

/* Lines with their numbers before them. */
static void numbered_lines(void)
{
    static const char *const TEXTS[] = {
        "1. ### Group 12 ###\n2.     01:00.0 " CARD "\n",
        "  1 | * IOMMU group 12:\n  2 |   * [10de:1b81] 01:00.0 VGA compatible controller: "
        "NVIDIA\n",
        "1: | class    | device | id           | iommugroup | vendor |\n2: |---|---|---|---|---|\n"
        "3: | 0x030000 | 0x1b81 | 0000:01:00.0 |         12 | 0x10de |\n",
    };
    for (guint i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
        g_test_message("%s", TEXTS[i]);
        g_autoptr(Facts) facts = facts_of_lines(TEXTS[i]);
        g_assert_cmphex(function_at(facts, "01:00.0")->device, ==, 0x1b81);
        g_assert_cmphex(function_at(facts, "01:00.0")->class_code >> 8, ==, 0x0300);
        g_assert_cmpint(function_at(facts, "01:00.0")->iommu_group, ==, 12);
    }
}

/* Lines that a terminal or a mail program wrapped, and ones that were put together. */
static void lines_wrapped_and_joined(void)
{
    static const char *const TEXTS[] = {
        "01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP104 [GeForce GTX 107\n"
        "0] [10de:1b81] (rev a1)\n01:00.1 Audio device [0403]: NVIDIA [10de:10f0]\n",
        "01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP104 [GeForce\n"
        "GTX 1070] [10de:1b81] (rev a1)\n01:00.1 Audio device [0403]: NVIDIA [10de:10f0]\n",
        "01:00.0 VGA compatible controller [0300]: NVIDIA GP104 [10de:1b81] (rev a1) 01:00.1 Audio "
        "device [0403]: NVIDIA [10de:10f0]\n",
        "01:00.0 VGA compatible controller [0300]: NVIDIA GP104 [10de:1b81] (rev a1)\n\n"
        "01:00.1 Audio device [0403]: NVIDIA [10de:10f0]\n\n",
        "\"01:00.0 VGA compatible controller [0300]: NVIDIA GP104 [10de:1b81] (rev a1)\",\n"
        "\"01:00.1 Audio device [0403]: NVIDIA [10de:10f0]\"\n",
        "{\"stdout\": \"01:00.0 VGA compatible controller [0300]: NVIDIA GP104 [10de:1b81]\\n"
        "01:00.1 Audio device [0403]: NVIDIA [10de:10f0]\\n\"}",
    };
    for (guint i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
        g_test_message("%s", TEXTS[i]);
        g_autoptr(Facts) facts = facts_of_lines(TEXTS[i]);
        g_assert_cmphex(function_at(facts, "01:00.0")->device, ==, 0x1b81);
        g_assert_cmphex(function_at(facts, "01:00.0")->class_code >> 8, ==, 0x0300);
        g_assert_cmphex(function_at(facts, "01:00.1")->device, ==, 0x10f0);
        g_assert_cmpuint(facts->pci->len, ==, 2);
    }
}

/* lspci -x: the lines begin with offsets, and the bytes are no addresses. */
static void dumps(void)
{
    g_autoptr(Facts) facts =
        facts_of_lines("01:00.0 " CARD "\n\tKernel driver in use: nvidia\n"
                       "00: de 10 81 1b 07 04 10 00 a1 00 00 03 10 00 80 00\n"
                       "10: 00 00 00 f6 0c 00 00 e0 00 00 00 00 0c 00 00 f0\n"
                       "f0: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
                       "100: 02 00 01 00 00 00 00 00 00 00 00 00 00 00 00 00\n");
    g_assert_cmpuint(facts->pci->len, ==, 1);
    g_assert_cmpstr(function_at(facts, "01:00.0")->driver, ==, "nvidia");
}

static void listings_of_the_folder_of_groups(void)
{
    static const struct {
        const char *text;
        Tri groups;
    } CASES[] = {
        {"❯ ls -alh /sys/kernel/iommu_groups/\ntotal 0\ndrwxr-xr-x 106 root root 0  6. Mai 08:41 "
         ".\n"
         "drwxr-xr-x   3 root root 0  6. Mai 08:41 0\n",
         TRI_YES},
        {"[me@pc ~]$ ls -l /sys/kernel/iommu_groups/\ntotal 0\n[me@pc ~]$ uname -r\n6.1.0-18\n",
         TRI_NO},
        {"[me@pc ~]$ ls /sys/kernel/iommu_groups/ | wc -l\n[me@pc ~]$ uname -r\n6.1.0-18\n",
         TRI_UNKNOWN},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_test_message("%s", CASES[i].text);
        g_autoptr(Facts) facts = facts_of_lines(CASES[i].text);
        g_assert_cmpint(facts->iommu.groups, ==, CASES[i].groups);
    }
}

/* ls -l and readlink below /sys. */
static void links(void)
{
    g_autoptr(Facts) facts = facts_of_lines(
        "01:00.0 " CARD "\n\n"
        "lrwxrwxrwx 1 root root 0 May 28 12:26 /sys/bus/pci/devices/0000:01:00.0/iommu_group -> "
        "../../../../kernel/iommu_groups/7\n"
        "lrwxrwxrwx 1 root root 0 May 28 12:26 card0 -> "
        "../../devices/pci0000:00/0000:00:01.0/0000:01:00.0/drm/card0\n"
        "$ readlink /sys/bus/pci/devices/0000:01:00.0/driver\n"
        "../../../../bus/pci/drivers/vfio-pci\n");
    g_assert_cmpint(function_at(facts, "01:00.0")->iommu_group, ==, 7);
    g_assert_cmpstr(function_at(facts, "01:00.0")->driver, ==, "vfio-pci");
    assert_parent(facts, "01:00.0", "0000:00:01.0");
    g_assert_cmpuint(facts->pci->len, ==, 1);

    /* two paths to one function are of two hosts */
    g_autoptr(Facts) torn =
        facts_of_lines("01:00.0 " CARD "\n\n"
                       "card0 -> ../../devices/pci0000:00/0000:00:01.0/0000:01:00.0/drm/card0\n"
                       "card1 -> ../../devices/pci0000:00/0000:00:02.0/0000:01:00.0/drm/card1\n");
    assert_parent(torn, "01:00.0", NULL);
}

/* Both modules are tried, and the one for other processors complains. */
static void both_modules_of_kvm(void)
{
    g_autoptr(Facts) facts = facts_of_lines("[    1.5] kvm: no hardware support\n"
                                            "[    1.6] kvm: Nested Virtualization enabled\n");
    g_assert_cmpint(facts->kvm.usable, ==, TRI_UNKNOWN);
    g_assert_cmpint(facts->kvm.nested, ==, TRI_YES);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/facts/paste/tree/bare", trees);
    g_test_add_func("/facts/paste/tree/names", trees_with_names);
    g_test_add_func("/facts/paste/tree/domains", trees_of_domains);
    g_test_add_func("/facts/paste/forms/tables", tables);
    g_test_add_func("/facts/paste/forms/virsh", node_devices);
    g_test_add_func("/facts/paste/forms/lshw", lshw);
    g_test_add_func("/facts/paste/forms/inxi", inxi);
    g_test_add_func("/facts/paste/forms/names", names_of_lspci_first);
    g_test_add_func("/facts/paste/forms/dmidecode", sections_of_dmidecode);
    g_test_add_func("/facts/paste/forms/chassis", kinds_of_case);
    g_test_add_func("/facts/paste/forms/answers", answers_of_programs);
    g_test_add_func("/facts/paste/forms/wrapped", lines_wrapped_and_joined);
    g_test_add_func("/facts/paste/forms/numbered", numbered_lines);
    g_test_add_func("/facts/paste/forms/dumps", dumps);
    g_test_add_func("/facts/paste/forms/folders", listings_of_the_folder_of_groups);
    g_test_add_func("/facts/paste/forms/links", links);
    g_test_add_func("/facts/paste/forms/kvm", both_modules_of_kvm);
    g_test_add_func("/facts/paste/guests", guests);
    g_test_add_func("/facts/paste/two-hosts", two_hosts);
    return g_test_run();
}
