/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pasted outputs that settle what a verdict asks for: what uses disks, network cards, displays. */
#include "facts/paste.h"

#include <string.h>

#define LINK "lrwxrwxrwx 1 root root 0 Nov 25 12:00 "

#define CARDS                                                                                      \
    "03:00.0 VGA compatible controller [0300]: NVIDIA Corporation GK208B [10de:128b] (rev a1)\n"   \
    "\tSubsystem: X [1458:36f0]\n\tKernel driver in use: nouveau\n"                                \
    "04:00.0 VGA compatible controller [0300]: AMD Navi 23 [1002:73ff] (rev c7)\n"                 \
    "\tSubsystem: X [1da2:e447]\n\tKernel driver in use: amdgpu\n"

#define BLOCK_LINKS                                                                                \
    LINK "dm-0 -> ../devices/virtual/block/dm-0\n" LINK                                            \
         "nvme0n1 -> ../devices/pci0000:00/0000:00:01.1/0000:01:00.0/nvme/nvme0/nvme0n1\n" LINK    \
         "sda -> ../devices/pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/sda\n"

#define DISKS                                                                                      \
    "KNAME=\"sda\" NAME=\"sda\" PKNAME=\"\" TYPE=\"disk\" FSTYPE=\"exfat\" MOUNTPOINT=\"\"\n"      \
    "KNAME=\"nvme0n1\" NAME=\"nvme0n1\" PKNAME=\"\" TYPE=\"disk\" FSTYPE=\"\" MOUNTPOINT=\"\"\n"   \
    "KNAME=\"nvme0n1p1\" NAME=\"nvme0n1p1\" PKNAME=\"nvme0n1\" TYPE=\"part\" FSTYPE=\"swap\" "     \
    "MOUNTPOINT=\"[SWAP]\"\n"                                                                      \
    "KNAME=\"nvme0n1p2\" NAME=\"nvme0n1p2\" PKNAME=\"nvme0n1\" TYPE=\"part\" "                     \
    "FSTYPE=\"crypto_LUKS\" MOUNTPOINT=\"\"\n"
#define ROOT                                                                                       \
    "KNAME=\"dm-0\" NAME=\"luks-root\" PKNAME=\"nvme0n1p2\" TYPE=\"crypt\" FSTYPE=\"ext4\" "       \
    "MOUNTPOINT=\"/\"\n"

static Facts *read_text(const char *text)
{
    g_autoptr(GError) error = NULL;
    Facts *facts = facts_from_text(text, strlen(text), "text", &error);
    g_assert_no_error(error);
    return facts;
}

static const BlockDevice *block(const Facts *facts, const char *name)
{
    for (guint i = 0; i < facts->storage.devices->len; i++) {
        const BlockDevice *device = g_ptr_array_index(facts->storage.devices, i);
        if (strcmp(device->name, name) == 0)
            return device;
    }
    g_error("there is no %s", name);
}

static void disks(void)
{
    g_autoptr(Facts) facts = read_text(BLOCK_LINKS DISKS ROOT);

    g_assert_cmpstr(block(facts, "sda")->pci[0], ==, "0000:00:17.0");
    g_assert_nonnull(block(facts, "sda")->mounts);
    g_assert_null(block(facts, "sda")->mounts[0]);
    g_assert_cmpstr(block(facts, "nvme0n1")->pci[0], ==, "0000:01:00.0");
    g_assert_cmpint(block(facts, "nvme0n1p1")->swap, ==, TRI_YES);
    g_assert_cmpstr(block(facts, "nvme0n1p1")->below[0], ==, "nvme0n1");
    g_assert_cmpint(block(facts, "dm-0")->kind, ==, BLOCK_CRYPT);
    g_assert_cmpstr(block(facts, "dm-0")->label, ==, "luks-root");
    g_assert_cmpstr(block(facts, "dm-0")->mounts[0], ==, "/");
    g_assert_nonnull(facts->storage.unplaced);
}

/* A part of the outputs says of no disk that it is free. */
static void parts_of_disks(void)
{
    static const char *const UNKNOWN_STORAGE[] = {
        BLOCK_LINKS,       /* what is on them is not told */
        DISKS ROOT,        /* what they hang on is not told */
        BLOCK_LINKS DISKS, /* without the root file system lines are missing */
    };
    for (guint i = 0; i < G_N_ELEMENTS(UNKNOWN_STORAGE); i++) {
        g_autofree char *text = g_strconcat(CARDS, UNKNOWN_STORAGE[i], NULL);
        g_autoptr(Facts) facts = read_text(text);
        g_assert_null(facts->storage.devices);
    }
    g_autoptr(Facts) missing = read_text(
        BLOCK_LINKS DISKS ROOT LINK
        "sdb -> ../devices/pci0000:00/0000:00:14.0/usb1/1-2/host6/target6:0:0/6:0:0:0/block/sdb\n");
    g_assert_cmpstr(block(missing, "sdb")->pci[0], ==, "0000:00:14.0");
    g_assert_null(block(missing, "sdb")->mounts);

    /* where lsblk knew no content at all, it did not see what is a member of something */
    g_autoptr(Facts) blind = read_text(
        BLOCK_LINKS "KNAME=\"sda\" PKNAME=\"\" TYPE=\"disk\" FSTYPE=\"\" MOUNTPOINT=\"\"\n"
                    "KNAME=\"nvme0n1\" PKNAME=\"\" TYPE=\"disk\" FSTYPE=\"\" MOUNTPOINT=\"/\"\n");
    g_assert_null(block(blind, "sda")->mounts);

    /* the controllers of a disk with multipath are not told */
    g_autoptr(Facts) paths = read_text(
        LINK "nvme0n1 -> ../devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1\n"
             "KNAME=\"nvme0n1\" PKNAME=\"\" TYPE=\"disk\" FSTYPE=\"ext4\" MOUNTPOINT=\"/\"\n");
    g_assert_null(block(paths, "nvme0n1")->pci);
}

#define NET_LINKS                                                                                  \
    LINK "eno1 -> ../../devices/pci0000:00/0000:00:1f.6/net/eno1\n" LINK                           \
         "lo -> ../../devices/virtual/net/lo\n" LINK "vmbr0 -> ../../devices/virtual/net/vmbr0\n"
#define ROUTE "default via 192.168.1.1 dev vmbr0 proto kernel onlink\n"

static const NetInterface *interface(const Facts *facts, const char *name)
{
    for (guint i = 0; i < facts->network->len; i++) {
        const NetInterface *candidate = g_ptr_array_index(facts->network, i);
        if (strcmp(candidate->name, name) == 0)
            return candidate;
    }
    g_error("there is no %s", name);
}

static void routes(void)
{
    g_autoptr(Facts) facts =
        read_text(ROUTE LINK "/sys/class/net/eno1/master -> ../../../../virtual/net/vmbr0\n"
                             "\n/sys/class/net:\ntotal 0\n" NET_LINKS);

    g_assert_cmpint(interface(facts, "vmbr0")->default_route, ==, TRI_YES);
    g_assert_cmpstr(interface(facts, "vmbr0")->pci, ==, "");
    g_assert_cmpstr(interface(facts, "vmbr0")->below[0], ==, "eno1");
    g_assert_cmpint(interface(facts, "eno1")->default_route, ==, TRI_NO);
    g_assert_cmpstr(interface(facts, "eno1")->pci, ==, "0000:00:1f.6");

    g_autoptr(Facts) no_route = read_text(NET_LINKS);
    g_assert_null(no_route->network);
    g_autoptr(Facts) no_links = read_text(ROUTE);
    g_assert_null(no_links->network);
}

#define DRM(name, address)                                                                         \
    LINK name " -> ../../devices/pci0000:00/0000:00:03.1/" address "/drm/" name "\n"
#define FB0 LINK "fb0 -> ../../devices/pci0000:00/0000:00:03.1/0000:03:00.0/graphics/fb0\n"

static const DisplayFacts *display(const Facts *facts, const char *pci)
{
    g_assert_nonnull(facts->displays);
    for (guint i = 0; i < facts->displays->len; i++) {
        const DisplayFacts *candidate = g_ptr_array_index(facts->displays, i);
        if (strcmp(candidate->pci, pci) == 0)
            return candidate;
    }
    g_error("nothing shows on %s", pci);
}

static void displays(void)
{
    g_autoptr(Facts) facts =
        read_text(CARDS DRM("card0", "0000:03:00.0") DRM("card1", "0000:04:00.0") LINK
                  "card1-HDMI-A-1 -> ../../devices/pci0000:00/0000:04:00.0/drm/card1/"
                  "card1-HDMI-A-1\n" FB0 "TYPE=wayland\nDEVICES=226:0 13:64 226:128\nTYPE=tty\n"
                  "/sys/class/drm/card1-HDMI-A-1/status:connected\n"
                  "/sys/class/drm/card0-DP-1/status:disconnected\n"
                  "/sys/bus/pci/devices/0000:03:00.0/boot_vga:1\n"
                  "/sys/bus/pci/devices/0000:04:00.0/boot_vga:0\n"
                  "/sys/bus/pci/devices/0000:04:00.0/reset_method:device_specific bus\n");
    const PciFunction *card = facts_pci_function(facts, "04:00.0");

    g_assert_cmpuint(facts->displays->len, ==, 2);
    g_assert_cmpint(display(facts, "0000:03:00.0")->console, ==, TRI_YES);
    g_assert_cmpint(display(facts, "0000:03:00.0")->session, ==, TRI_YES);
    g_assert_cmpint(display(facts, "0000:04:00.0")->console, ==, TRI_NO);
    g_assert_cmpint(display(facts, "0000:04:00.0")->session, ==, TRI_NO);
    g_assert_cmpstr(display(facts, "0000:04:00.0")->connected[0], ==, "HDMI-A-1");
    g_assert_cmpint(card->boot_vga, ==, TRI_NO);
    g_assert_cmpstr(card->reset_methods[0], ==, "device_specific");
}

static void parts_of_displays(void)
{
    /* a session is graphical, and its card is not told */
    g_autoptr(Facts) untold =
        read_text(CARDS DRM("card0", "0000:03:00.0") DRM("card1", "0000:04:00.0") FB0 "TYPE=x11\n");
    g_assert_cmpint(display(untold, "0000:04:00.0")->session, ==, TRI_UNKNOWN);

    /* no sessions were told, and no frame buffer */
    g_autoptr(Facts) silent =
        read_text(CARDS DRM("card0", "0000:03:00.0") DRM("card1", "0000:04:00.0"));
    g_assert_cmpint(display(silent, "0000:04:00.0")->session, ==, TRI_UNKNOWN);
    g_assert_cmpint(display(silent, "0000:04:00.0")->console, ==, TRI_UNKNOWN);

    /* a card with a driver of the host is not in the list */
    g_autoptr(Facts) part = read_text(CARDS DRM("card0", "0000:03:00.0") FB0 "TYPE=tty\n");
    g_assert_null(part->displays);

    /* the firmware's frame buffer, on the card that it started on */
    g_autoptr(Facts) firmware =
        read_text(CARDS DRM("card0", "0000:03:00.0") DRM("card1", "0000:04:00.0") LINK
                  "fb0 -> ../../devices/platform/efi-framebuffer.0/graphics/fb0\n"
                  "/sys/bus/pci/devices/0000:04:00.0/boot_vga:0\nTYPE=tty\n");
    g_assert_cmpint(display(firmware, "0000:04:00.0")->console, ==, TRI_NO);
    g_assert_cmpint(display(firmware, "0000:03:00.0")->console, ==, TRI_UNKNOWN);
}

/* Lines that look alike and are something else. */
static void other_lines(void)
{
    g_autoptr(Facts) facts =
        read_text(CARDS "TYPE=Ethernet\nDEVICES=all\ndefault route is by dev eth0\n" LINK
                        "python -> python3\n"
                        "default via 10.0.0.1 dev ../../etc\n"
                        "KNAME=\"../x\" PKNAME=\"\" TYPE=\"disk\" FSTYPE=\"\" MOUNTPOINT=\"/\"\n");
    g_assert_null(facts->network);
    g_assert_null(facts->displays);
    g_assert_null(facts->storage.devices);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/facts/paste/uses/disks", disks);
    g_test_add_func("/facts/paste/uses/disks/parts", parts_of_disks);
    g_test_add_func("/facts/paste/uses/routes", routes);
    g_test_add_func("/facts/paste/uses/displays", displays);
    g_test_add_func("/facts/paste/uses/displays/parts", parts_of_displays);
    g_test_add_func("/facts/paste/uses/others", other_lines);
    return g_test_run();
}
