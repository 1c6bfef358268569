/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/preflight.h"
#include "sample.h"

#include <string.h>

/*
 * A guest that is all that a machine promises, and then one that differs in one thing: that check
 * fails, and no other.
 */
#define GIB (G_GINT64_CONSTANT(1) << 30)
#define CARD "0000:05:00.0"

typedef struct {
    Machine machine;
    Release release;
    GuestReport guest;
    GuestCpuid leaves[3];
} Pair;

static Pair pair;

static GPtrArray *array(GDestroyNotify clear)
{
    return g_ptr_array_new_with_free_func(clear);
}

static void free_function(gpointer data)
{
    g_ptr_array_unref(((GuestFunction *)data)->bars);
    g_free(data);
}

static GuestFunction *add_function(const char *address, int vendor, int device, int class_code)
{
    GuestFunction *function = g_new0(GuestFunction, 1);
    function->address = (char *)address;
    function->vendor = vendor;
    function->device = device;
    function->class_code = class_code;
    function->bars = array(g_free);
    g_ptr_array_add(pair.guest.functions, function);
    return function;
}

static void add_bar(GuestFunction *function, int index, const char *kind, bool prefetchable,
                    gint64 size)
{
    GuestBar *bar = g_new0(GuestBar, 1);
    *bar = (GuestBar){index, (char *)kind, prefetchable, size};
    g_ptr_array_add(function->bars, bar);
}

static void add_acpi(const char *signature)
{
    GuestAcpiTable *table = g_new0(GuestAcpiTable, 1);
    *table = (GuestAcpiTable){(char *)signature, (char *)"BOCHS", (char *)"BXPC", TRI_YES};
    g_ptr_array_add(pair.guest.acpi, table);
}

static void add_passed_card(void)
{
    static const PciBar BARS[] = {{0, BAR_MEMORY_64, true, 256 << 20, 0, false},
                                  {5, BAR_IO, false, 256, 0, false}};
    MachineDevice *device = g_new0(MachineDevice, 1);
    *device = (MachineDevice){.address = (char *)"0000:0a:00.0",
                              .vendor = 0x1002,
                              .device = 0x73ff,
                              .class_code = 0x030000,
                              .role = ROLE_GPU,
                              .rom_size = 128 << 10};
    device->bars = g_array_new(FALSE, FALSE, sizeof(PciBar));
    g_array_append_vals(device->bars, BARS, G_N_ELEMENTS(BARS));
    g_ptr_array_add(pair.machine.devices, device);
    GuestFunction *function = add_function(CARD, 0x1002, 0x73ff, 0x030000);
    add_bar(function, 0, "memory64", true, 256 << 20);
    add_bar(function, 5, "io", false, 256);
    function->rom_size = 117 << 10;
}

static void free_device(gpointer data)
{
    MachineDevice *device = data;
    if (device->bars != NULL)
        g_array_unref(device->bars);
    g_free(device);
}

static void make_machine(void)
{
    static char *required[] = {(char *)"ssse3", (char *)"sse4_1", NULL};
    static char *turned_on[2];
    turned_on[0] = (char *)"invtsc";
    static char *turned_off[] = {(char *)"pcid", NULL};
    pair.release = (Release){.cpu_required = required};
    pair.machine = (Machine){.release = &pair.release,
                             .identity = {(char *)SAMPLE_UUID, (char *)SAMPLE_MAC},
                             .kvm = true,
                             .cpu_require = turned_on,
                             .cpu_disable = turned_off,
                             .sockets = 1,
                             .cores = 4,
                             .threads = 2,
                             .memory = 4 * GIB,
                             .disk_bus = (char *)"virtio",
                             .disk = 64 * GIB,
                             .nic_model = (char *)"vmxnet3",
                             .usb_model = (char *)"ich9-ehci1",
                             .video_model = (char *)"vga",
                             .devices = array(free_device)};
}

static void add_peripherals(void)
{
    GuestDisplay *display = g_new0(GuestDisplay, 1);
    *display = (GuestDisplay){(char *)"0000:00:01.0", 1280, 800, NULL};
    g_ptr_array_add(pair.guest.displays, display);
    GuestDisk *disk = g_new0(GuestDisk, 1);
    *disk = (GuestDisk){(char *)"0000:00:04.0", (char *)"virtio", NULL, 64 * GIB, TRI_NO, TRI_NO};
    g_ptr_array_add(pair.guest.disks, disk);
    GuestNetwork *network = g_new0(GuestNetwork, 1);
    *network = (GuestNetwork){(char *)"0000:00:02.0", (char *)"52:54:00:12:34:56"};
    g_ptr_array_add(pair.guest.networks, network);
}

static void make_guest(void)
{
    pair.leaves[0] = (GuestCpuid){1, 0, 0, 0, 1u << 9 | 1u << 19, 0}; /* SSSE3, SSE4.1 */
    pair.leaves[1] = (GuestCpuid){0x80000007, 0, 0, 0, 0, 1u << 8};   /* invariant TSC */
    pair.leaves[2] = (GuestCpuid){0x80000000, 0, 0x80000008, 0, 0, 0};
    pair.guest = (GuestReport){.firmware_vendor = (char *)"Debian distribution of EDK II",
                               .cpu_vendor = (char *)"GenuineIntel",
                               .hypervisor = (char *)"KVMKVMKVM",
                               .packages = 1,
                               .cores = 4,
                               .threads = 8,
                               .tsc_hz = 3400000000,
                               .memory_total = 4 * GIB - (1 << 20),
                               .smbios_memory = 4 * GIB,
                               .smbios_uuid = (char *)"6B8F6D0E-3F5E-4D2B-9A53-1F0C6A1E2D3C",
                               .cpuid = g_array_new(FALSE, FALSE, sizeof(GuestCpuid)),
                               .functions = array(free_function),
                               .displays = array(g_free),
                               .disks = array(g_free),
                               .networks = array(g_free),
                               .acpi = array(g_free)};
    g_array_append_vals(pair.guest.cpuid, pair.leaves, G_N_ELEMENTS(pair.leaves));
    add_function("0000:00:01.0", 0x1234, 0x1111, 0x030000);
    add_function("0000:00:02.0", 0x15ad, 0x07b0, 0x020000);
    add_function("0000:00:03.0", 0x8086, 0x293a, 0x0c0320);
    add_function("0000:00:04.0", 0x1af4, 0x1042, 0x010000);
    add_acpi("FACP");
    add_acpi("DSDT");
    add_acpi("APIC");
    add_acpi("MCFG");
    add_peripherals();
}

static void make(void)
{
    make_machine();
    make_guest();
    add_passed_card();
}

static void clear(void)
{
    g_ptr_array_unref(pair.machine.devices);
    g_array_unref(pair.guest.cpuid);
    g_ptr_array_unref(pair.guest.functions);
    g_ptr_array_unref(pair.guest.displays);
    g_ptr_array_unref(pair.guest.disks);
    g_ptr_array_unref(pair.guest.networks);
    g_ptr_array_unref(pair.guest.acpi);
}

/* Only the check ID is not ok (NULL: all are), and each says something on both sides. */
static void assert_only(const char *id)
{
    g_autoptr(GPtrArray) checks = preflight_check(&pair.machine, &pair.guest);
    bool seen = id == NULL;
    for (guint i = 0; i < checks->len; i++) {
        const PreflightCheck *check = g_ptr_array_index(checks, i);
        bool wanted = id == NULL || strcmp(check->id, id) != 0;
        if (check->ok != wanted)
            g_error("%s, with %s wrong: expected %s, found %s", check->id, id ? id : "nothing",
                    check->expected, check->found);
        seen = seen || !wanted;
        g_assert_cmpstr(check->expected, !=, "");
        g_assert_cmpstr(check->found, !=, "");
    }
    g_assert_true(seen);
    g_assert_cmpuint(checks->len, >=, 22);
}

#define GUEST_DIFFERS(name, change, id)                                                            \
    static void name(void)                                                                         \
    {                                                                                              \
        make();                                                                                    \
        change;                                                                                    \
        assert_only(id);                                                                           \
        clear();                                                                                   \
    }

static GuestFunction *function(guint index)
{
    return g_ptr_array_index(pair.guest.functions, index);
}

static GuestBar *card_bar(guint index)
{
    return g_ptr_array_index(function(4)->bars, index);
}

#define DISPLAY ((GuestDisplay *)g_ptr_array_index(pair.guest.displays, 0))
#define DISK ((GuestDisk *)g_ptr_array_index(pair.guest.disks, 0))
#define NETWORK ((GuestNetwork *)g_ptr_array_index(pair.guest.networks, 0))
#define ACPI(index) ((GuestAcpiTable *)g_ptr_array_index(pair.guest.acpi, index))
#define LEAF(index) (&g_array_index(pair.guest.cpuid, GuestCpuid, index))

GUEST_DIFFERS(a_guest_as_promised, (void)0, NULL)
GUEST_DIFFERS(firmware, pair.guest.firmware_vendor = NULL, "firmware")
GUEST_DIFFERS(vendor, pair.guest.cpu_vendor = (char *)"AuthenticAMD", "cpu-vendor")
GUEST_DIFFERS(required_feature, LEAF(0)->ecx &= ~(1u << 19), "cpu-release")
GUEST_DIFFERS(feature_on, LEAF(1)->edx = 0, "cpu-features")
GUEST_DIFFERS(feature_off, LEAF(0)->ecx |= 1u << 17, "cpu-features-off")
GUEST_DIFFERS(unknown_feature, pair.machine.cpu_require[0] = (char *)"made-up", "cpu-features")
GUEST_DIFFERS(sockets, pair.guest.packages = 8, "cpu-topology")
GUEST_DIFFERS(cores, pair.guest.cores = 8, "cpu-topology")
GUEST_DIFFERS(threads, pair.guest.threads = 4, "cpu-topology")
GUEST_DIFFERS(hypervisor, pair.guest.hypervisor = (char *)"TCGTCGTCGTCG", "hypervisor")
GUEST_DIFFERS(counter, pair.guest.tsc_hz = 0, "tsc")
GUEST_DIFFERS(memory_less, pair.guest.memory_total = 3 * GIB, "memory")
GUEST_DIFFERS(memory_more, pair.guest.memory_total = 4 * GIB + 4096, "memory")
GUEST_DIFFERS(memory_modules, pair.guest.smbios_memory = 2 * GIB, "smbios-memory")
GUEST_DIFFERS(disk_controller, function(3)->device = 0x1041, "disk-controller")
GUEST_DIFFERS(network_card, function(1)->device = 0x07b1, "network")
GUEST_DIFFERS(usb_controller, function(2)->vendor = 0x1033, "usb")
GUEST_DIFFERS(display_elsewhere, DISPLAY->pci = (char *)CARD, "display-output")
GUEST_DIFFERS(display_nowhere, DISPLAY->pci = (char *)"", "display-output")
GUEST_DIFFERS(display_dark, DISPLAY->width = 0, "display-output")
GUEST_DIFFERS(disk_size, DISK->size -= 512, "disk")
GUEST_DIFFERS(disk_bus, DISK->bus = (char *)"sata", "disk")
GUEST_DIFFERS(disk_none, g_ptr_array_set_size(pair.guest.disks, 0), "disk")
GUEST_DIFFERS(mac, NETWORK->mac = (char *)"52:54:00:12:34:57", "network-address")
GUEST_DIFFERS(fadt, ACPI(0)->checksum_ok = TRI_NO, "acpi-facp")
GUEST_DIFFERS(dsdt, ACPI(1)->signature = (char *)"SSDT", "acpi-dsdt")
GUEST_DIFFERS(madt, ACPI(2)->checksum_ok = TRI_UNKNOWN, "acpi-apic")
GUEST_DIFFERS(mcfg, g_ptr_array_remove_index(pair.guest.acpi, 3), "acpi-mcfg")
GUEST_DIFFERS(uuid, pair.guest.smbios_uuid = NULL, "smbios-uuid")
GUEST_DIFFERS(card_class, function(4)->class_code = 0x038000, "passed-device")
GUEST_DIFFERS(card_missing, g_ptr_array_remove_index(pair.guest.functions, 4), "passed-device")
GUEST_DIFFERS(card_bar_size, card_bar(0)->size /= 2, "passed-bars")
GUEST_DIFFERS(card_bar_kind, card_bar(0)->kind = (char *)"memory32", "passed-bars")
GUEST_DIFFERS(card_bar_gone, g_ptr_array_remove_index(function(4)->bars, 1), "passed-bars")
GUEST_DIFFERS(card_rom_gone, function(4)->rom_size = 0, "passed-rom")
GUEST_DIFFERS(card_rom_large, function(4)->rom_size = 256 << 10, "passed-rom")

/* Without an emulated display the picture must be on the card. */
static void headless_needs_the_card(void)
{
    make();
    pair.machine.video_model = (char *)"none";
    assert_only("display-output");
    DISPLAY->pci = (char *)CARD;
    assert_only(NULL);
    clear();
}

/* Firmware without a driver for the card does not know its address. */
static void unknown_address_is_no_check(void)
{
    make();
    NETWORK->mac = NULL;
    assert_only(NULL);
    clear();
}

/* Two cards of one kind are two functions. */
static void the_second_card_counts(void)
{
    make();
    add_passed_card();
    assert_only(NULL);
    g_ptr_array_remove_index(pair.guest.functions, 5);
    g_autoptr(GPtrArray) checks = preflight_check(&pair.machine, &pair.guest);
    guint bad = 0;
    for (guint i = 0; i < checks->len; i++)
        bad += !((const PreflightCheck *)g_ptr_array_index(checks, i))->ok;
    g_assert_cmpuint(bad, ==, 1);
    clear();
}

#define ADD(name) g_test_add_func("/checks/" #name, name)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD(a_guest_as_promised);
    ADD(firmware);
    ADD(vendor);
    ADD(required_feature);
    ADD(feature_on);
    ADD(feature_off);
    ADD(sockets);
    ADD(cores);
    ADD(threads);
    ADD(hypervisor);
    ADD(counter);
    ADD(memory_less);
    ADD(memory_more);
    ADD(memory_modules);
    ADD(disk_controller);
    ADD(network_card);
    ADD(usb_controller);
    ADD(display_elsewhere);
    ADD(display_nowhere);
    ADD(display_dark);
    ADD(disk_size);
    ADD(disk_bus);
    ADD(disk_none);
    ADD(mac);
    ADD(fadt);
    ADD(dsdt);
    ADD(madt);
    ADD(mcfg);
    ADD(uuid);
    ADD(card_class);
    ADD(card_missing);
    ADD(card_bar_size);
    ADD(card_bar_kind);
    ADD(card_bar_gone);
    ADD(card_rom_gone);
    ADD(card_rom_large);
    ADD(headless_needs_the_card);
    ADD(unknown_address_is_no_check);
    ADD(the_second_card_counts);
    ADD(unknown_feature);
    return g_test_run();
}
