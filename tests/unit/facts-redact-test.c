/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/redact.h"

#include "facts-shared.h"

static void redaction_of_text(void)
{
    static const struct {
        const char *before, *after;
    } CASES[] = {
        {"root=UUID=0a1b2c3d-1111-2222-3333-445566778899 ro intel_iommu=on",
         "root=UUID=REDACTED ro intel_iommu=on"},
        {"root=PARTUUID=1a2b3c4d-02 quiet", "root=PARTUUID=REDACTED quiet"},
        {"/dev/mapper/luks-0a1b2c3d--1111--2222--3333--445566778899", "/dev/mapper/luks-REDACTED"},
        {"BOOT_IMAGE=/0123456789abcdef0123456789ABCDEF/linux", "BOOT_IMAGE=/REDACTED/linux"},
        {"BOOTIF=01-00-11-22-aa-bb-cc", "BOOTIF=REDACTED"},
        {"ifname=lan:00:11:22:AA:bb:cc", "ifname=lan:REDACTED"},
        {"enx001122aabbcc", "enxREDACTED"},
        {"resume=/dev/disk/by-id/ata-Samsung_S3Z9NB0K-part2 quiet",
         "resume=/dev/disk/by-id/REDACTED quiet"},
        {"systemd.hostname=attic quiet", "systemd.hostname=REDACTED quiet"},
        /* what must stay */
        {"vfio-pci.ids=10de:1b81,10de:10f0 pcie_acs_override=downstream",
         "vfio-pci.ids=10de:1b81,10de:10f0 pcie_acs_override=downstream"},
        {"pci=assign-busses,0000:0a:00.0 root=/dev/sda2 hugepages=0123456789",
         "pci=assign-busses,0000:0a:00.0 root=/dev/sda2 hugepages=0123456789"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *redacted = redact_text(CASES[i].before);
        g_assert_cmpstr(redacted, ==, CASES[i].after);
    }
}

static void redaction_of_facts(void)
{
    g_autoptr(Facts) facts = facts_new();
    facts->kernel.command_line = g_strdup("root=UUID=0a1b2c3d-1111-2222-3333-445566778899");
    facts->storage.devices = g_ptr_array_new_with_free_func((GDestroyNotify)block_device_free);
    BlockDevice *device = block_device_new("dm-0");
    device->label = g_strdup("luks-0a1b2c3d-1111-2222-3333-445566778899");
    device->mounts = g_strsplit("/|/media/0a1b2c3d-1111-2222-3333-445566778899", "|", -1);
    g_ptr_array_add(facts->storage.devices, device);
    facts->network = g_ptr_array_new_with_free_func((GDestroyNotify)net_interface_free);
    NetInterface *bridge = net_interface_new("br0");
    bridge->below = g_strsplit("enx001122aabbcc enx001122aabbdd", " ", -1);
    g_ptr_array_add(facts->network, bridge);
    g_ptr_array_add(facts->network, net_interface_new("enx001122aabbcc"));
    g_ptr_array_add(facts->network, net_interface_new("enx001122aabbdd"));

    facts_redact(facts, NULL);
    g_assert_cmpstr(facts->kernel.command_line, ==, "root=UUID=REDACTED");
    g_assert_cmpstr(device->label, ==, "luks-REDACTED");
    assert_strv(device->mounts, "/ /media/REDACTED");
    /* still two interfaces, and the bridge still has both */
    g_assert_cmpstr(bridge->name, ==, "br0");
    assert_strv(bridge->below, "REDACTED-2 REDACTED-3");
    g_assert_cmpstr(((NetInterface *)g_ptr_array_index(facts->network, 2))->name, ==, "REDACTED-3");
}

/* A telephone may be called after its owner's host, and a dongle after its address. */
static void redaction_of_usb(void)
{
    g_autoptr(Facts) facts = facts_new();
    facts->usb = g_ptr_array_new_with_free_func((GDestroyNotify)usb_device_free);
    UsbDevice *device = usb_device_new();
    device->manufacturer = g_strdup("Dongle 00:11:22:aa:bb:cc");
    device->product = g_strdup("Attic's telephone");
    g_ptr_array_add(facts->usb, device);

    facts_redact(facts, "attic");
    g_assert_cmpstr(device->manufacturer, ==, "Dongle REDACTED");
    g_assert_cmpstr(device->product, ==, "REDACTED's telephone");
}

static char *redacted_label(const char *label, const char *host)
{
    g_autoptr(Facts) facts = facts_new();
    facts->distribution.id = g_strdup("debian");
    facts->storage.devices = g_ptr_array_new_with_free_func((GDestroyNotify)block_device_free);
    BlockDevice *device = block_device_new("dm-0");
    device->label = g_strdup(label);
    g_ptr_array_add(facts->storage.devices, device);
    facts_redact(facts, host);
    return g_strdup(device->label);
}

static void redaction_of_host_name(void)
{
    static const struct {
        const char *host, *before, *after;
    } CASES[] = {
        {"attic", "attic--vg-root", "REDACTED--vg-root"},
        {"my-host", "my--host--vg-root", "REDACTED--vg-root"},
        {"attic", "atticus-root", "atticus-root"},
        {"a.c", "abc-root", "abc-root"},
        {"debian", "debian--vg-root", "debian--vg-root"}, /* the installer's own choice */
        {"vg", "vg-root", "vg-root"},
        {NULL, "vg-root", "vg-root"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *label = redacted_label(CASES[i].before, CASES[i].host);
        g_assert_cmpstr(label, ==, CASES[i].after);
    }
}

/* What decides about passthrough must survive whatever the host is called. */
static void host_name_in_command_line(void)
{
    g_autoptr(Facts) facts = facts_new();
    facts->kernel.command_line =
        g_strdup("root=/dev/mapper/iommu--vg-root ro intel_iommu=on iommu=pt rd.lvm.lv=iommu-vg/x");
    facts_redact(facts, "iommu");
    g_assert_cmpstr(facts->kernel.command_line, ==,
                    "root=/dev/mapper/REDACTED--vg-root ro intel_iommu=on iommu=pt "
                    "rd.lvm.lv=REDACTED-vg/x");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/facts/redaction/text", redaction_of_text);
    g_test_add_func("/facts/redaction/facts", redaction_of_facts);
    g_test_add_func("/facts/redaction/usb", redaction_of_usb);
    g_test_add_func("/facts/redaction/host-name", redaction_of_host_name);
    g_test_add_func("/facts/redaction/command-line", host_name_in_command_line);
    return g_test_run();
}
