/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/command.h"
#include "os/files.h"
#include "place.h"
#include "run/guest.h"

#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Boots the probe under QEMU's own emulation and holds its report against the command line that
 * QEMU was given.
 */
#define FIRMWARE "/usr/share/OVMF/OVMF_CODE_4M.fd"
#define VARIABLES "/usr/share/OVMF/OVMF_VARS_4M.fd"

enum { BOOT_TIMEOUT_MS = 300 * 1000, BOOT_IMAGE = 34 << 20, HOLD_LOOK_MS = 300 };

static void run(const char *const *argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OsOutput) output = os_run(argv, NULL, &error);
    g_assert_no_error(error);
}

static char *digest(const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, &error);
    g_assert_no_error(error);
    return g_compute_checksum_for_data(G_CHECKSUM_SHA256,
                                       (const guchar *)g_mapped_file_get_contents(file),
                                       g_mapped_file_get_length(file));
}

/* A sparse disk image. */
static char *make_disk(const Place *place, const char *name, goffset size)
{
    char *path = in(place, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(ftruncate(fd, size), ==, 0);
    close(fd);
    return path;
}

static char *make_boot_image(const Place *place)
{
    char *path = make_disk(place, "boot.img", BOOT_IMAGE);
    g_autofree char *probe =
        g_build_filename(g_getenv("ROOTSTOCK_BUILD"), "probe", "probe.efi", NULL);
    run((const char *[]){"mformat", "-i", path, "-F", "-v", "PROBE", "::", NULL});
    run((const char *[]){"mmd", "-i", path, "::/EFI", "::/EFI/BOOT", NULL});
    run((const char *[]){"mcopy", "-i", path, probe, "::/EFI/BOOT/BOOTX64.EFI", NULL});
    return path;
}

/* What is missing here for a boot; NULL when nothing is. */
static const char *missing(void)
{
    static const char *const PROGRAMS[] = {"qemu-system-x86_64", "mformat"};
    static const char *const REASONS[] = {"there is no QEMU here", "there is no mtools here"};
    for (gsize i = 0; i < G_N_ELEMENTS(PROGRAMS); i++) {
        g_autofree char *path = os_find_program(PROGRAMS[i]);
        if (path == NULL)
            return REASONS[i];
    }
    return access(FIRMWARE, R_OK) == 0 && access(VARIABLES, R_OK) == 0 ? NULL
                                                                       : "there is no OVMF here";
}

/* QEMU's arguments: what every boot has, then a line of words for this one. IMAGE may be NULL. */
static GPtrArray *arguments(const Place *place, const char *image, const char *words)
{
    GPtrArray *argv = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *variables = in(place, "variables.fd");
    run((const char *[]){"cp", VARIABLES, variables, NULL});
    g_autofree char *common = g_strdup_printf(
        "qemu-system-x86_64 -machine q35 -accel tcg -nodefaults -no-reboot -display none "
        "-drive if=pflash,format=raw,unit=0,readonly=on,file=" FIRMWARE " "
        "-drive if=pflash,format=raw,unit=1,file=%s "
        "-drive if=none,id=boot,format=raw,file=%s %s",
        variables, image, words);
    g_auto(GStrv) parts = g_strsplit(common, " ", -1);
    for (char **part = parts; *part != NULL; part++)
        if (**part != '\0')
            g_ptr_array_add(argv, g_strdup(*part));
    g_ptr_array_add(argv, NULL);
    return argv;
}

static void boot(const Place *place, const char *image, const char *words)
{
    g_autoptr(GPtrArray) argv = arguments(place, image, words);
    OsRunOptions options = {.timeout_ms = BOOT_TIMEOUT_MS};
    g_autoptr(GError) error = NULL;
    g_autoptr(OsOutput) output = os_run((const char *const *)argv->pdata, &options, &error);
    g_assert_no_error(error);
}

/* Boots with a log of the serial port and reads the report; the boot disk must stay as it was. */
static GuestReport *boot_and_read(const Place *place, const char *words)
{
    g_autofree char *image = make_boot_image(place);
    g_autofree char *before = digest(image);
    g_autofree char *log = in(place, "serial.log");
    g_autofree char *all = g_strdup_printf("-serial file:%s %s", log, words);
    boot(place, image, all);

    g_autoptr(GError) error = NULL;
    gsize length = 0;
    g_autofree char *serial = os_read_file(log, 1 << 24, &length, &error);
    g_assert_no_error(error);
    GuestReport *report = guest_report_read(serial, length, &error);
    g_assert_no_error(error);
    g_autofree char *after = digest(image);
    g_assert_cmpstr(before, ==, after);
    return report;
}

static const GuestFunction *function_at(const GuestReport *report, const char *address)
{
    for (guint i = 0; i < report->functions->len; i++) {
        const GuestFunction *function = g_ptr_array_index(report->functions, i);
        if (strcmp(function->address, address) == 0)
            return function;
    }
    g_error("the guest has no function at %s", address);
}

static void assert_ids(const GuestReport *report, const char *address, int vendor, int device,
                       int class_code)
{
    const GuestFunction *function = function_at(report, address);
    g_assert_cmphex(function->vendor, ==, vendor);
    g_assert_cmphex(function->device, ==, device);
    g_assert_cmphex(function->class_code >> 8, ==, class_code);
}

static void assert_bar(const GuestReport *report, const char *address, int index, const char *kind,
                       gint64 size)
{
    const GuestFunction *function = function_at(report, address);
    for (guint i = 0; i < function->bars->len; i++) {
        const GuestBar *bar = g_ptr_array_index(function->bars, i);
        if (bar->index != index)
            continue;
        g_assert_cmpstr(bar->kind, ==, kind);
        g_assert_cmpint(bar->size, ==, size);
        return;
    }
    g_error("%s has no BAR %d", address, index);
}

static void assert_disk(const GuestReport *report, const char *pci, const char *bus, gint64 size,
                        Tri read_only)
{
    for (guint i = 0; i < report->disks->len; i++) {
        const GuestDisk *disk = g_ptr_array_index(report->disks, i);
        if (strcmp(disk->pci, pci) == 0 && strcmp(disk->bus, bus) == 0 && disk->size == size &&
            disk->read_only == read_only && disk->partition == TRI_NO)
            return;
    }
    g_error("the guest has no %s disk of %" G_GINT64_FORMAT " bytes at %s", bus, size, pci);
}

static void assert_memory(const GuestReport *report, gint64 bytes)
{
    g_assert_cmpint(report->smbios_memory, ==, bytes);
    g_assert_cmpint(report->memory_total, <=, bytes);
    g_assert_cmpint(report->memory_total, >=, bytes - (64 << 20));
}

static void assert_table(const GuestReport *report, const char *signature)
{
    for (guint i = 0; i < report->acpi->len; i++) {
        const GuestAcpiTable *table = g_ptr_array_index(report->acpi, i);
        if (strcmp(table->signature, signature) == 0) {
            g_assert_cmpint(table->checksum_ok, !=, TRI_NO);
            return;
        }
    }
    g_error("the guest has no ACPI table %s", signature);
}

static void check_old_mac(const Place *place)
{
    g_autofree char *disk = make_disk(place, "second.img", 1 << 30);
    g_autofree char *words = g_strdup_printf(
        "-cpu Penryn,vendor=GenuineIntel,-sse4.1,stepping=7 -smp 4,sockets=2,cores=2,threads=1 "
        "-m 512 -device ide-hd,bus=ide.0,drive=boot,bootindex=1 "
        "-drive if=none,id=second,format=raw,read-only=on,file=%s "
        "-device virtio-blk-pci,drive=second,addr=0x4 -device vmware-svga,addr=0x2 "
        "-device e1000-82545em,addr=0x3,mac=52:54:00:aa:bb:cc "
        "-smbios type=1,manufacturer=Rootstock,product=Test,"
        "uuid=01234567-89ab-cdef-0123-456789abcdef -smbios type=2,product=Board",
        disk);
    g_autoptr(GuestReport) report = boot_and_read(place, words);

    g_assert_cmpstr(report->cpu_vendor, ==, "GenuineIntel");
    g_assert_cmpint(report->cpu_family, ==, 6);
    g_assert_cmpint(report->cpu_model, ==, 23);
    g_assert_cmpint(report->cpu_stepping, ==, 7);
    g_assert_cmpint(guest_cpu_has(report, "ssse3"), ==, TRI_YES);
    g_assert_cmpint(guest_cpu_has(report, "sse4_1"), ==, TRI_NO);
    g_assert_cmpint(guest_cpu_has(report, "hypervisor"), ==, TRI_YES);
    g_assert_cmpint(report->packages, ==, 2);
    g_assert_cmpint(report->cores, ==, 4);
    g_assert_cmpint(report->threads, ==, 4);
    g_assert_cmpint(report->tsc_hz, >, 100 * 1000 * 1000);
    assert_memory(report, 512 << 20);
    assert_ids(report, "0000:00:02.0", 0x15ad, 0x0405, 0x0300);
    assert_ids(report, "0000:00:03.0", 0x8086, 0x100f, 0x0200);
    assert_ids(report, "0000:00:1f.2", 0x8086, 0x2922, 0x0106);
    assert_bar(report, "0000:00:02.0", 1, "memory32", 16 << 20);
    assert_bar(report, "0000:00:03.0", 0, "memory32", 128 << 10);
    assert_bar(report, "0000:00:03.0", 1, "io", 64);
    g_assert_cmpint(function_at(report, "0000:00:02.0")->rom_size, >, 0);
    g_assert_cmpuint(report->displays->len, ==, 1);
    g_assert_cmpstr(((GuestDisplay *)g_ptr_array_index(report->displays, 0))->pci, ==,
                    "0000:00:02.0");
    g_assert_cmpuint(report->disks->len, ==, 2);
    assert_disk(report, "0000:00:1f.2", "sata", BOOT_IMAGE, TRI_NO);
    assert_disk(report, "0000:00:04.0", "virtio", 1 << 30, TRI_YES);
    g_assert_cmpuint(report->networks->len, ==, 1);
    g_assert_cmpstr(((GuestNetwork *)g_ptr_array_index(report->networks, 0))->mac, ==,
                    "52:54:00:aa:bb:cc");
    g_assert_cmpstr(report->smbios_manufacturer, ==, "Rootstock");
    g_assert_cmpstr(report->smbios_product, ==, "Test");
    g_assert_cmpstr(report->smbios_uuid, ==, "01234567-89ab-cdef-0123-456789abcdef");
    g_assert_cmpstr(report->smbios_board, ==, "Board");
    assert_table(report, "DSDT");
    assert_table(report, "MCFG");
}

static void check_new_mac(const Place *place)
{
    g_autofree char *second = make_disk(place, "second.img", (goffset)3 << 30);
    g_autofree char *third = make_disk(place, "third.img", 64 << 20);
    g_autofree char *words = g_strdup_printf(
        "-cpu Skylake-Client -smp 4,sockets=1,cores=2,threads=2 -m 5G "
        "-device virtio-blk-pci,drive=boot,bootindex=1,addr=0x2 "
        "-drive if=none,id=second,format=raw,file=%s -device nvme,drive=second,serial=x,addr=0x3 "
        "-device qemu-xhci,addr=0x5 -drive if=none,id=third,format=raw,file=%s "
        "-device usb-storage,drive=third "
        "-device pcie-root-port,id=rp,chassis=1,addr=0x6 "
        "-device virtio-net-pci,bus=rp,mac=52:54:00:00:00:01 "
        "-device bochs-display,addr=0x7,vgamem=32M -device bochs-display,addr=0x8 "
        "-device vmxnet3,addr=0x9,romfile=",
        second, third);
    g_autoptr(GuestReport) report = boot_and_read(place, words);

    g_assert_cmpint(report->packages, ==, 1);
    g_assert_cmpint(report->cores, ==, 2);
    g_assert_cmpint(report->threads, ==, 4);
    g_assert_cmpint(guest_cpu_has(report, "avx2"), ==, TRI_YES);
    assert_memory(report, G_GINT64_CONSTANT(5) << 30);
    assert_ids(report, "0000:00:06.0", 0x1b36, 0x000c, 0x0604);
    assert_ids(report, "0000:01:00.0", 0x1af4, 0x1041, 0x0200); /* behind the root port */
    assert_bar(report, "0000:00:07.0", 0, "memory32", 32 << 20);
    assert_bar(report, "0000:00:03.0", 0, "memory64", 16 << 10);
    g_assert_cmpuint(report->displays->len, ==, 2);
    g_assert_cmpuint(report->disks->len, ==, 3);
    assert_disk(report, "0000:00:02.0", "virtio", BOOT_IMAGE, TRI_NO);
    assert_disk(report, "0000:00:03.0", "nvme", G_GINT64_CONSTANT(3) << 30, TRI_NO);
    assert_disk(report, "0000:00:05.0", "usb", 64 << 20, TRI_NO);
    g_assert_cmpuint(report->networks->len, ==, 2);
    const GuestNetwork *driven = g_ptr_array_index(report->networks, 0);
    const GuestNetwork *undriven = g_ptr_array_index(report->networks, 1);
    g_assert_cmpstr(driven->pci, ==, "0000:01:00.0");
    g_assert_cmpstr(driven->mac, ==, "52:54:00:00:00:01");
    g_assert_cmpstr(undriven->pci, ==, "0000:00:09.0"); /* its option ROM was taken away */
    g_assert_null(undriven->mac);
}

/* It powers the guest off even where nobody can hear it. */
static void check_no_serial_port(const Place *place)
{
    g_autofree char *image = make_boot_image(place);
    boot(place, image, "-m 256 -device ide-hd,bus=ide.0,drive=boot,bootindex=1");
}

typedef struct {
    const Place *place;
    const char *image;
    char *words;
} Boot;

static gpointer boot_in_thread(gpointer data)
{
    const Boot *what = data;
    boot(what->place, what->image, what->words);
    return NULL;
}

static void read_until_end(GInputStream *stream)
{
    g_autoptr(GString) seen = g_string_new(NULL);
    while (strstr(seen->str, GUEST_REPORT_END) == NULL || !g_str_has_suffix(seen->str, "\n")) {
        char bytes[4096];
        gssize count = g_input_stream_read(stream, bytes, sizeof(bytes), NULL, NULL);
        g_assert_cmpint(count, >, 0);
        for (gssize i = 0; i < count; i++)
            g_string_append_c(seen, bytes[i] == '\0' ? ' ' : bytes[i]);
    }
}

static bool is_silent(GSocket *socket, int timeout_ms)
{
    struct pollfd poller = {.fd = g_socket_get_fd(socket), .events = POLLIN};
    return poll(&poller, 1, timeout_ms) == 0;
}

/* The guest stays until a byte says that the host has its picture; fw_cfg says for how long. */
static void check_hold(const Place *place)
{
    g_autofree char *image = make_boot_image(place);
    g_autofree char *path = in(place, "serial");
    g_autoptr(GError) error = NULL;
    g_autoptr(GSocketListener) listener = g_socket_listener_new();
    g_autoptr(GSocketAddress) address = g_unix_socket_address_new(path);
    g_socket_listener_add_address(listener, address, G_SOCKET_TYPE_STREAM, 0, NULL, NULL, &error);
    g_assert_no_error(error);

    Boot what = {place, image, NULL};
    what.words = g_strdup_printf("-m 256 -device ide-hd,bus=ide.0,drive=boot,bootindex=1 "
                                 "-device VGA -chardev socket,id=port,path=%s "
                                 "-serial chardev:port "
                                 "-fw_cfg name=opt/org.rootstock/hold,string=600",
                                 path);
    GThread *thread = g_thread_new("boot", boot_in_thread, &what);
    g_autoptr(GSocketConnection) serial = g_socket_listener_accept(listener, NULL, NULL, &error);
    g_assert_no_error(error);
    read_until_end(g_io_stream_get_input_stream(G_IO_STREAM(serial)));
    g_assert_true(is_silent(g_socket_connection_get_socket(serial), HOLD_LOOK_MS));
    g_output_stream_write_all(g_io_stream_get_output_stream(G_IO_STREAM(serial)), "\n", 1, NULL,
                              NULL, &error);
    g_assert_no_error(error);
    g_thread_join(thread); /* fails after BOOT_TIMEOUT_MS, half of what was asked for */
    g_free(what.words);
}

/* Runs a check, or says why it cannot. */
static void boots(Place *place, gconstpointer data)
{
    const char *reason = missing();
    if (reason != NULL)
        g_test_skip(reason);
    else
        ((void (*)(const Place *))data)(place);
}

static void add(const char *name, void (*check)(const Place *))
{
    g_test_add(name, Place, (gconstpointer)check, place_open, boots, place_close);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("/probe/boot/old-mac", check_old_mac);
    add("/probe/boot/new-mac", check_new_mac);
    add("/probe/boot/no-serial-port", check_no_serial_port);
    add("/probe/boot/hold", check_hold);
    return g_test_run();
}
