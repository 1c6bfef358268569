/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/collectors.h"
#include "facts/os-release.h"
#include "tree.h"

#include <string.h>

#define LOADER_INFO "sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
#define ENTRY_SELECTED                                                                             \
    "sys/firmware/efi/efivars/LoaderEntrySelected-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
#define STUB_INFO "sys/firmware/efi/efivars/StubInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
#define SECURE_BOOT "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

static Facts *collect(const Tree *tree, bool private_too)
{
    FactsOptions options = {.private_too = private_too};
    Facts *facts = facts_new();
    facts_collect_firmware(tree->root, &options, facts);
    facts_collect_kernel(tree->root, &options, facts);
    facts_collect_boot_loader(tree->root, &options, facts);
    facts_collect_distribution(tree->root, &options, facts);
    return facts;
}

/* An EFI variable that holds TEXT in UTF-16 with its end. */
static void write_efi_text(const Tree *tree, const char *path, const char *text)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_byte_array_append(bytes, (const guint8 *)"\x06\0\0\0", 4);
    for (gsize i = 0; i <= strlen(text); i++) {
        guint8 unit[2] = {(guint8)text[i], 0};
        g_byte_array_append(bytes, unit, 2);
    }
    tree_write_bytes(tree, path, bytes->data, bytes->len);
}

static void test_board(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_write(tree, "sys/class/dmi/id/bios_vendor", "American Megatrends Inc.\n");
    tree_write(tree, "sys/class/dmi/id/board_name", "B550 AORUS ELITE\n");
    tree_write(tree, "sys/class/dmi/id/sys_vendor", "To be filled by O.E.M.\n");
    tree_write(tree, "sys/class/dmi/id/product_name", "Default string\n");
    tree_write(tree, "sys/class/dmi/id/chassis_type", "3\n");
    tree_write(tree, "sys/class/dmi/id/product_serial", "S1234567\n");
    tree_write(tree, "sys/class/dmi/id/product_uuid", "03000200-0400-0500-0006-000700080009\n");
    g_autoptr(Facts) facts = collect(tree, false);

    g_assert_cmpstr(facts->firmware.vendor, ==, "American Megatrends Inc.");
    g_assert_cmpstr(facts->firmware.board_name, ==, "B550 AORUS ELITE");
    g_assert_null(facts->firmware.system_vendor);
    g_assert_null(facts->firmware.system_name);
    g_assert_cmpint(facts->firmware.chassis, ==, 3);
    g_assert_null(facts->firmware.serial);

    g_autoptr(Facts) private_facts = collect(tree, true);
    g_assert_cmpstr(private_facts->firmware.serial, ==, "S1234567");
    g_assert_null(private_facts->firmware.uuid); /* every such board has this one */
}

static void test_secure_boot(void)
{
    g_autoptr(Tree) tree = tree_new();
    g_autoptr(Facts) nothing = collect(tree, false);
    g_assert_cmpint(nothing->firmware.uefi, ==, TRI_UNKNOWN);

    tree_folder(tree, "sys/firmware/acpi");
    g_autoptr(Facts) bios = collect(tree, false);
    g_assert_cmpint(bios->firmware.uefi, ==, TRI_NO);
    g_assert_cmpint(bios->firmware.secure_boot, ==, TRI_NO);

    tree_folder(tree, "sys/firmware/efi/efivars");
    g_autoptr(Facts) unmounted = collect(tree, false);
    g_assert_cmpint(unmounted->firmware.uefi, ==, TRI_YES);
    g_assert_cmpint(unmounted->firmware.secure_boot, ==, TRI_UNKNOWN);

    tree_write_bytes(tree, SECURE_BOOT, "\x06\0\0\0\1", 5);
    g_autoptr(Facts) on = collect(tree, false);
    g_assert_cmpint(on->firmware.secure_boot, ==, TRI_YES);

    tree_write_bytes(tree, SECURE_BOOT, "\x06\0\0\0\0", 5);
    g_autoptr(Facts) off = collect(tree, false);
    g_assert_cmpint(off->firmware.secure_boot, ==, TRI_NO);

    tree_write_bytes(tree, SECURE_BOOT, "\x06\0\0", 3);
    g_autoptr(Facts) cut = collect(tree, false);
    g_assert_cmpint(cut->firmware.secure_boot, ==, TRI_UNKNOWN);
}

static void test_kernel(void)
{
    g_autoptr(Tree) tree = tree_new();
    g_autoptr(Facts) nothing = collect(tree, true);
    g_assert_null(nothing->kernel.release);
    g_assert_cmpint(nothing->kernel.vfio_pci, ==, TRI_UNKNOWN);

    tree_write(tree, "proc/sys/kernel/osrelease", "6.1.0-56-amd64\n");
    tree_write(tree, "proc/sys/kernel/hostname", "tower\n");
    tree_write(tree, "proc/cmdline", "quiet intel_iommu=on\n");
    tree_write(tree, "sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
    tree_write(tree, "usr/lib/modules/6.1.0-56-amd64/modules.dep", "kernel/a.ko: kernel/b.ko\n");
    g_autoptr(Facts) half = collect(tree, false);
    g_assert_cmpstr(half->kernel.release, ==, "6.1.0-56-amd64");
    g_assert_cmpstr(half->kernel.command_line, ==, "quiet intel_iommu=on");
    g_assert_cmpstr(half->kernel.lockdown, ==, "integrity");
    g_assert_null(half->kernel.host_name);
    g_assert_cmpint(half->kernel.vfio_pci, ==, TRI_UNKNOWN); /* it may be built in */

    tree_write(tree, "usr/lib/modules/6.1.0-56-amd64/modules.builtin", "kernel/c.ko\n");
    g_autoptr(Facts) without = collect(tree, true);
    g_assert_cmpint(without->kernel.vfio_pci, ==, TRI_NO);
    g_assert_cmpstr(without->kernel.host_name, ==, "tower");

    tree_write(tree, "usr/lib/modules/6.1.0-56-amd64/modules.dep",
               "kernel/drivers/vfio/pci/vfio-pci.ko.zst: kernel/b.ko\n");
    g_autoptr(Facts) module = collect(tree, false);
    g_assert_cmpint(module->kernel.vfio_pci, ==, TRI_YES);
    g_assert_cmpint(module->kernel.vfio_built_in, ==, TRI_NO);

    tree_write(tree, "usr/lib/modules/6.1.0-56-amd64/modules.dep", "kernel/a.ko: kernel/b.ko\n");
    tree_write(tree, "usr/lib/modules/6.1.0-56-amd64/modules.builtin",
               "kernel/drivers/vfio/pci/vfio-pci.ko\n");
    g_autoptr(Facts) built_in = collect(tree, false);
    g_assert_cmpint(built_in->kernel.vfio_pci, ==, TRI_YES);
    g_assert_cmpint(built_in->kernel.vfio_built_in, ==, TRI_YES);
}

static void assert_boot_loader(const Tree *tree, const char *kind, const char *others)
{
    g_autoptr(Facts) facts = collect(tree, false);
    g_assert_cmpstr(facts->boot_loader.kind, ==, kind);
    g_assert_nonnull(facts->boot_loader.evidence);
    g_autofree char *joined = g_strjoinv(",", facts->boot_loader.others);
    g_assert_cmpstr(joined, ==, others);
}

static void test_boot_loader_grub(void)
{
    g_autoptr(Tree) tree = tree_new();
    g_autoptr(Facts) nothing = collect(tree, false);
    g_assert_null(nothing->boot_loader.kind);
    g_assert_null(nothing->boot_loader.others);

    tree_write(tree, "proc/cmdline", "BOOT_IMAGE=/vmlinuz-6.1 root=/dev/sda1 ro\n");
    tree_write(tree, "boot/grub/grub.cfg", "");
    assert_boot_loader(tree, "grub", "");

    tree_write(tree, "proc/cmdline", "BOOT_IMAGE=(hd0,gpt2)/vmlinuz-6.8 root=/dev/sda1 ro\n");
    assert_boot_loader(tree, "grub", "");

    /* rEFInd only started GRUB, which started the kernel */
    write_efi_text(tree, LOADER_INFO, "rEFInd 0.14.2");
    tree_folder(tree, "boot/efi/EFI/refind/refind.conf");
    assert_boot_loader(tree, "grub", "refind");
}

static void test_boot_loader_of_the_interface(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_write(tree, "proc/cmdline", "initrd=\\initrd root=/dev/sda1\n");
    tree_write(tree, "boot/grub/grub.cfg", "left over from before");
    write_efi_text(tree, LOADER_INFO, "systemd-boot 252.36-1~deb12u1");
    tree_write(tree, "boot/efi/loader/loader.conf", "timeout 3\n");
    assert_boot_loader(tree, "systemd-boot", "grub");

    write_efi_text(tree, ENTRY_SELECTED, "debian-6.1.conf");
    g_autoptr(Facts) facts = collect(tree, false);
    g_assert_cmpstr(facts->boot_loader.evidence, ==,
                    "The EFI variable LoaderInfo says systemd-boot 252.36-1~deb12u1, and "
                    "LoaderEntrySelected that it started the entry debian-6.1.conf.");

    write_efi_text(tree, STUB_INFO, "systemd-stub 252.36-1~deb12u1");
    assert_boot_loader(tree, "unified kernel image", "systemd-boot,grub");

    tree_remove(tree, STUB_INFO);
    write_efi_text(tree, LOADER_INFO, "rEFInd 0.14.2");
    assert_boot_loader(tree, "refind", "systemd-boot,grub");
}

static void test_boot_loader_without_proof(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_write(tree, "proc/cmdline", "root=/dev/sda1\n");
    tree_write(tree, "boot/grub2/grub.cfg", "");
    tree_write(tree, "etc/kernel/proxmox-boot-uuids", "");
    assert_boot_loader(tree, NULL, "grub,proxmox-boot-tool");

    tree_write_bytes(tree, LOADER_INFO, "\x06\0\0\0\x00\xd8\x41", 7);
    assert_boot_loader(tree, NULL, "grub,proxmox-boot-tool");

    write_efi_text(tree, LOADER_INFO, "Linux EFI stub 6.20.0");
    assert_boot_loader(tree, NULL, "grub,proxmox-boot-tool");
    write_efi_text(tree, LOADER_INFO, "Limine 9.3.0");
    assert_boot_loader(tree, "limine", "grub,proxmox-boot-tool");
    tree_remove(tree, LOADER_INFO);

    /* an initial RAM disk on the command line is not GRUB's way */
    tree_write(tree, "proc/cmdline", "BOOT_IMAGE=/vmlinuz initrd=/initrd.img\n");
    assert_boot_loader(tree, NULL, "grub,proxmox-boot-tool");
    tree_remove(tree, "boot/grub2/grub.cfg");
    tree_write(tree, "boot/syslinux/syslinux.cfg", "");
    assert_boot_loader(tree, "syslinux", "proxmox-boot-tool");
}

static void test_os_release(void)
{
    g_autoptr(GHashTable) values = os_release_parse("# a comment\n"
                                                    "ID=fedora\n"
                                                    "  NAME='Fedora \\Linux'\n"
                                                    "PRETTY_NAME=\"A \\\"quoted\\\" \\$name\"\n"
                                                    "EMPTY=\n"
                                                    "=nothing\nno assignment\n"
                                                    "OPEN=\"not closed\n"
                                                    "MIXED=a'b c'\"d\" rest\n"
                                                    "END=\\");
    g_assert_cmpstr(g_hash_table_lookup(values, "ID"), ==, "fedora");
    g_assert_cmpstr(g_hash_table_lookup(values, "NAME"), ==, "Fedora \\Linux");
    g_assert_cmpstr(g_hash_table_lookup(values, "PRETTY_NAME"), ==, "A \"quoted\" $name");
    g_assert_cmpstr(g_hash_table_lookup(values, "EMPTY"), ==, "");
    g_assert_cmpstr(g_hash_table_lookup(values, "OPEN"), ==, "not closed");
    g_assert_cmpstr(g_hash_table_lookup(values, "MIXED"), ==, "ab cd");
    g_assert_cmpuint(g_hash_table_size(values), ==, 7);
}

static void test_distribution(void)
{
    g_autoptr(Tree) tree = tree_new();
    g_autoptr(Facts) nothing = collect(tree, false);
    g_assert_null(nothing->distribution.id);
    g_assert_cmpint(nothing->distribution.immutable, ==, TRI_UNKNOWN);

    tree_write(tree, "usr/lib/os-release",
               "ID=ubuntu\nVERSION_ID=\"24.04\"\nPRETTY_NAME=\"Ubuntu 24.04 LTS\"\n"
               "ID_LIKE=\"debian  other\"\n");
    tree_link(tree, "etc/os-release", "/usr/lib/os-release");
    g_autoptr(Facts) facts = collect(tree, false);
    g_assert_cmpstr(facts->distribution.id, ==, "ubuntu");
    g_assert_cmpstr(facts->distribution.version, ==, "24.04");
    g_assert_cmpstr(facts->distribution.name, ==, "Ubuntu 24.04 LTS");
    g_assert_cmpuint(g_strv_length(facts->distribution.like), ==, 2);
    g_assert_cmpstr(facts->distribution.like[1], ==, "other");
    g_assert_cmpint(facts->distribution.immutable, ==, TRI_NO);

    tree_write(tree, "run/ostree-booted", "");
    g_autoptr(Facts) ostree = collect(tree, false);
    g_assert_cmpint(ostree->distribution.immutable, ==, TRI_YES);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/facts/firmware/board", test_board);
    g_test_add_func("/facts/firmware/secure-boot", test_secure_boot);
    g_test_add_func("/facts/kernel", test_kernel);
    g_test_add_func("/facts/boot-loader/grub", test_boot_loader_grub);
    g_test_add_func("/facts/boot-loader/interface", test_boot_loader_of_the_interface);
    g_test_add_func("/facts/boot-loader/no-proof", test_boot_loader_without_proof);
    g_test_add_func("/facts/distribution/os-release", test_os_release);
    g_test_add_func("/facts/distribution", test_distribution);
    return g_test_run();
}
