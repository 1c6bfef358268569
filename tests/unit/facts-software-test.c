/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/collectors.h"
#include "facts/qemu-version.h"
#include "os/command.h"
#include "tree.h"

#include <elf.h>
#include <string.h>

#define QEMU "usr/bin/qemu-system-x86_64"

static Facts *collect(const Tree *tree)
{
    FactsOptions options = {0};
    Facts *facts = facts_new();
    facts_collect_software(tree->root, &options, facts);
    return facts;
}

/* A program of which only the tables are there that lead to its read-only data: TEXT, after PADDING
 * bytes of something else. */
static GByteArray *make_program(gsize padding, const char *text)
{
    static const char NAMES[] = "\0.rodata\0.shstrtab";
    Elf64_Ehdr header = {.e_shentsize = sizeof(Elf64_Shdr), .e_shnum = 3, .e_shstrndx = 2};
    Elf64_Shdr sections[3] = {{0}};
    gsize names = sizeof(header) + sizeof(sections), data = names + sizeof(NAMES);

    memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_shoff = sizeof(header);
    sections[1] = (Elf64_Shdr){.sh_name = 1, .sh_offset = data, .sh_size = padding + strlen(text)};
    sections[2] = (Elf64_Shdr){.sh_name = 9, .sh_offset = names, .sh_size = sizeof(NAMES)};

    GByteArray *bytes = g_byte_array_new();
    g_autofree guint8 *filling = g_malloc0(padding + 1);
    g_byte_array_append(bytes, (const guint8 *)&header, sizeof(header));
    g_byte_array_append(bytes, (const guint8 *)sections, sizeof(sections));
    g_byte_array_append(bytes, (const guint8 *)NAMES, sizeof(NAMES));
    g_byte_array_append(bytes, filling, (guint)padding);
    g_byte_array_append(bytes, (const guint8 *)text, (guint)strlen(text));
    return bytes;
}

static void assert_version_inside(const Tree *tree, gsize padding, const char *text,
                                  const char *expected)
{
    g_autoptr(GByteArray) program = make_program(padding, text);
    tree_write_bytes(tree, QEMU, program->data, program->len);
    g_autofree char *version = qemu_version_inside(tree->root, QEMU);
    g_assert_cmpstr(version, ==, expected);
}

static void test_version_inside(void)
{
    g_autoptr(Tree) tree = tree_new();
    const char *words = "QEMU emulator version 9.2.1 (Debian 1:9.2.1+ds-1)\n";

    assert_version_inside(tree, 0, words, "9.2.1");
    /* across the border between two pieces that are read */
    for (gsize before = 0; before <= 160; before += 8)
        assert_version_inside(tree, 128 * 1024 - before, words, "9.2.1");
    assert_version_inside(tree, 10, "QEMU emulator version %s", NULL);
    assert_version_inside(tree, 10, "QEMU emulator vers", NULL);
}

static void test_version_of_a_broken_program(void)
{
    g_autoptr(Tree) tree = tree_new();
    g_autoptr(GByteArray) program = make_program(100, "QEMU emulator version 9.2.1");
    for (guint length = 0; length < program->len; length += 3) {
        tree_write_bytes(tree, QEMU, program->data, length);
        g_autofree char *version = qemu_version_inside(tree->root, QEMU);
        g_assert_null(version);
    }
    /* any one byte of the tables may be wrong */
    for (guint i = 0; i < sizeof(Elf64_Ehdr) + 3 * sizeof(Elf64_Shdr); i++) {
        g_autoptr(GByteArray) wrong = make_program(100, "QEMU emulator version 9.2.1");
        wrong->data[i] = 0xff;
        tree_write_bytes(tree, QEMU, wrong->data, wrong->len);
        g_autofree char *version = qemu_version_inside(tree->root, QEMU);
        g_assert_true(version == NULL || g_str_has_prefix("9.2.1", version));
    }
}

/* The installed QEMU says itself what was found inside it. */
static void test_version_of_the_installed(void)
{
    g_autofree char *path = os_find_program("qemu-system-x86_64");
    if (path == NULL) {
        g_test_skip("qemu-system-x86_64 is not installed");
        return;
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(OsRoot) root = os_root_open("/", &error);
    g_assert_no_error(error);
    const char *argv[] = {path, "--version", NULL};
    g_autoptr(OsOutput) output = os_run(argv, NULL, &error);
    g_assert_no_error(error);
    g_autofree char *version = qemu_version_inside(root, path);
    g_assert_nonnull(version);
    g_autofree char *words = g_strdup_printf("version %s", version);
    g_assert_nonnull(strstr(output->out, words));
}

static void test_debian(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_write(tree, QEMU, "not a program");
    tree_write(tree, "usr/bin/qemu-img", "");
    tree_write(tree, "etc/passwd", "root:x:0:0::/:/bin/sh\nlibvirt-qemu:x:64055:107::/:/x\n");
    tree_write(tree, "run/libvirt/libvirt-sock", "");
    tree_write(tree, "var/lib/dpkg/status",
               "Package: libvirt0\nStatus: install ok installed\nVersion: 9.0.0-4+deb12u2\n\n"
               "Package: qemu-system-x86-other\nStatus: install ok installed\nVersion: 1\n\n"
               "Package: qemu-system-x86\nStatus: install ok installed\nPriority: optional\n"
               "Version: 1:7.2+dfsg-7+deb12u7\nDescription: x\n Version: 3\n");
    g_autoptr(Facts) facts = collect(tree);

    g_assert_cmpstr(facts->software.qemu_path, ==, "/" QEMU);
    g_assert_cmpstr(facts->software.qemu_version, ==, "7.2");
    g_assert_cmpstr(facts->software.qemu_img_path, ==, "/usr/bin/qemu-img");
    g_assert_cmpstr(facts->software.libvirt_version, ==, "9.0.0");
    g_assert_cmpstr(facts->software.qemu_user, ==, "libvirt-qemu");
    g_assert_cmpint(facts->software.libvirt_daemon, ==, TRI_YES);
    g_assert_cmpstr(facts->software.libvirt_socket, ==, "/run/libvirt/libvirt-sock");

    g_assert_cmpuint(facts->software.packages->len, ==, 1);
    const PackageFacts *qemu = g_ptr_array_index(facts->software.packages, 0);
    g_assert_cmpstr(qemu->name, ==, "qemu-system-x86");
    g_assert_cmpstr(qemu->version, ==, "1:7.2+dfsg-7+deb12u7");

    /* removed, and only its settings are left */
    tree_write(tree, "var/lib/dpkg/status",
               "Package: qemu-system-x86\nStatus: deinstall ok config-files\nVersion: 1:7.2\n");
    g_autoptr(Facts) removed = collect(tree);
    g_assert_null(removed->software.qemu_version);
    g_assert_cmpuint(removed->software.packages->len, ==, 0);
}

static void test_arch(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_write(tree, QEMU, "");
    tree_folder(tree, "var/lib/pacman/local/qemu-system-x86-firmware-9.1.0-2");
    tree_folder(tree, "var/lib/pacman/local/qemu-system-x86-9.1.0-2");
    tree_link(tree, "usr/lib/libvirt.so.0", "libvirt.so.0.10009.2");
    tree_write(tree, "etc/passwd", "qemu:x:1:1::/:/x\nlibvirt-qemu2:x:2:2::/:/x");
    tree_write(tree, "etc/libvirt/qemu.conf", "#user = \"x\"\n user  = \"+alice\"\n");
    tree_folder(tree, "run");
    g_autoptr(Facts) facts = collect(tree);

    g_assert_cmpstr(facts->software.qemu_version, ==, "9.1.0");
    g_assert_cmpstr(facts->software.libvirt_version, ==, "10.9.2");
    g_assert_cmpstr(facts->software.qemu_user, ==, "alice");
    g_assert_cmpint(facts->software.libvirt_daemon, ==, TRI_NO);
    g_assert_null(facts->software.libvirt_socket);
    g_assert_cmpuint(facts->software.packages->len, ==, 1);
    const PackageFacts *qemu = g_ptr_array_index(facts->software.packages, 0);
    g_assert_cmpstr(qemu->name, ==, "qemu-system-x86");
    g_assert_cmpstr(qemu->version, ==, "9.1.0-2");

    tree_remove(tree, "etc/libvirt/qemu.conf");
    tree_link(tree, "usr/lib64/libvirt.so.0", "libvirt.so.0.x");
    g_autoptr(Facts) defaults = collect(tree);
    g_assert_cmpstr(defaults->software.qemu_user, ==, "qemu");
}

static void test_nothing_installed(void)
{
    g_autoptr(Tree) tree = tree_new();
    g_autoptr(Facts) unknown = collect(tree);
    g_assert_null(unknown->software.qemu_path);
    g_assert_null(unknown->software.qemu_version);
    g_assert_null(unknown->software.firmware);
    g_assert_null(unknown->software.packages);
    g_assert_cmpint(unknown->software.libvirt_daemon, ==, TRI_UNKNOWN);

    tree_folder(tree, "usr/bin");
    g_autoptr(Facts) none = collect(tree);
    g_assert_cmpstr(none->software.qemu_path, ==, "");
    g_assert_cmpstr(none->software.qemu_version, ==, "");
    g_assert_cmpstr(none->software.qemu_img_path, ==, "");
}

static void write_descriptor(const Tree *tree, const char *path, const char *description,
                             const char *target, const char *mapping)
{
    g_autofree char *text =
        g_strdup_printf("{\"description\": \"%s\", \"interface-types\": [\"uefi\"],"
                        " \"mapping\": {%s}, \"targets\": [{\"architecture\": \"%s\","
                        " \"machines\": [\"pc-q35-*\"]}],"
                        " \"features\": [\"acpi-s3\"], \"tags\": []}",
                        description, mapping, target);
    tree_write(tree, path, text);
}

#define FLASH                                                                                      \
    "\"device\": \"flash\", \"executable\": {\"filename\": \"/usr/share/code.fd\", \"format\":"    \
    " \"raw\"}, \"nvram-template\": {\"filename\": \"/usr/share/vars.fd\", \"format\": \"qcow2\"}"
#define STATELESS                                                                                  \
    "\"device\": \"flash\", \"mode\": \"stateless\", \"executable\":"                              \
    " {\"filename\": \"/usr/share/both.fd\", \"format\": \"raw\"}"

static void test_firmware_images(void)
{
    g_autoptr(Tree) tree = tree_new();
    const char *lower = "usr/share/qemu/firmware/";
    g_autofree char *last = g_strconcat(lower, "60-last.json", NULL);
    g_autofree char *changed = g_strconcat(lower, "50-changed.json", NULL);
    g_autofree char *hidden = g_strconcat(lower, "40-hidden.json", NULL);
    g_autofree char *arm = g_strconcat(lower, "30-arm.json", NULL);
    g_autofree char *memory = g_strconcat(lower, "20-memory.json", NULL);
    write_descriptor(tree, last, "last", "x86_64", STATELESS);
    write_descriptor(tree, changed, "distribution's", "x86_64", FLASH);
    write_descriptor(tree, hidden, "hidden", "x86_64", FLASH);
    write_descriptor(tree, arm, "arm", "aarch64", FLASH);
    write_descriptor(tree, memory, "bios", "x86_64",
                     "\"device\": \"memory\", \"filename\": \"/usr/share/bios.bin\"");
    write_descriptor(tree, "etc/qemu/firmware/50-changed.json", "mine", "x86_64", FLASH);
    tree_write(tree, "usr/local/share/qemu/firmware/40-hidden.json", "");
    tree_write(tree, "usr/share/qemu/firmware/README", "{}");
    tree_write(tree, "usr/share/code.fd", "12345");
    g_autoptr(Facts) facts = collect(tree);

    const GPtrArray *images = facts->software.firmware;
    g_assert_cmpuint(images->len, ==, 2);
    const FirmwareImage *first = g_ptr_array_index(images, 0);
    g_assert_cmpstr(first->descriptor, ==, "/etc/qemu/firmware/50-changed.json");
    g_assert_cmpstr(first->description, ==, "mine");
    g_assert_cmpstr(first->code, ==, "/usr/share/code.fd");
    g_assert_cmpstr(first->code_format, ==, "raw");
    g_assert_cmpint(first->code_size, ==, 5);
    g_assert_cmpstr(first->vars, ==, "/usr/share/vars.fd");
    g_assert_cmpstr(first->vars_format, ==, "qcow2");
    g_assert_cmpint(first->vars_size, ==, UNKNOWN);
    g_assert_cmpstr(first->interfaces[0], ==, "uefi");
    g_assert_cmpstr(first->machines[0], ==, "pc-q35-*");
    g_assert_cmpstr(first->features[0], ==, "acpi-s3");
    const FirmwareImage *second = g_ptr_array_index(images, 1);
    g_assert_cmpstr(second->description, ==, "last");
    g_assert_null(second->vars);
}

static void test_broken_descriptors(void)
{
    static const char *const TEXTS[] = {
        "",
        "{",
        "[]",
        "null",
        "{\"mapping\": 3}",
        "{\"mapping\": {\"device\": \"flash\"}}",
        "{\"mapping\": {\"device\": [\"flash\"]}, \"targets\": {}}",
        "{\"mapping\": {\"device\": \"flash\", \"executable\": {\"filename\": 7}},"
        " \"targets\": [{\"architecture\": \"x86_64\", \"machines\": [\"pc-q35-*\"]}]}",
        "{\"mapping\": {\"device\": \"flash\", \"executable\": {\"filename\": \"relative.fd\"}},"
        " \"targets\": [{\"architecture\": \"x86_64\", \"machines\": [\"pc-q35-*\"]}]}",
        "\xff\xfe",
    };
    g_autoptr(Tree) tree = tree_new();
    for (guint i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
        g_autofree char *path = g_strdup_printf("usr/share/qemu/firmware/%u.json", i);
        tree_write(tree, path, TEXTS[i]);
    }
    tree_folder(tree, "usr/share/qemu/firmware/folder.json");
    write_descriptor(tree, "usr/share/qemu/firmware/99-good.json", "good", "x86_64", FLASH);
    g_autoptr(Facts) facts = collect(tree);

    g_assert_cmpuint(facts->software.firmware->len, ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/facts/software/version-inside", test_version_inside);
    g_test_add_func("/facts/software/broken-program", test_version_of_a_broken_program);
    g_test_add_func("/facts/software/installed", test_version_of_the_installed);
    g_test_add_func("/facts/software/debian", test_debian);
    g_test_add_func("/facts/software/arch", test_arch);
    g_test_add_func("/facts/software/nothing", test_nothing_installed);
    g_test_add_func("/facts/firmware-images", test_firmware_images);
    g_test_add_func("/facts/firmware-images/broken", test_broken_descriptors);
    return g_test_run();
}
