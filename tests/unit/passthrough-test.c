/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "host.h"
#include "verdict/verdict.h"

#include <string.h>

/* May a device leave the host? Each case is a host that people have. */

#define NVME "0000:01:00.0"
#define NIC "0000:02:00.0"
#define GPU "0000:03:00.0"
#define GPU_AUDIO "0000:03:00.1"
#define USB "0000:00:14.0"

static Catalog *catalog;

static bool says(const DeviceVerdict *device, const char *text)
{
    g_autoptr(GPtrArray) reasons = device_reasons(device);

    for (guint i = 0; i < reasons->len; i++) {
        if (strstr(g_ptr_array_index(reasons, i), text) != NULL)
            return true;
    }
    return false;
}

/* The answer for one function, whose reasons hold TEXT (NULL: there are none). */
static void assert_passable(const Facts *facts, const char *address, Answer answer,
                            const char *text)
{
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    const DeviceVerdict *device = verdict_device(verdict, address);

    g_assert_nonnull(device);
    g_autoptr(GPtrArray) reasons = device_reasons(device);
    for (guint i = 0; i < reasons->len; i++)
        g_test_message("%s", (const char *)g_ptr_array_index(reasons, i));
    g_assert_cmpstr(answer_name(device->passable), ==, answer_name(answer));
    if (text == NULL)
        g_assert_cmpuint(reasons->len, ==, 0);
    else
        g_assert_true(says(device, text));
}

static Facts *host_with_nvme(void)
{
    Facts *facts = host_new();
    host_pci(facts, NVME, 0x0108, 0x144d, 0xa808, 14);
    host_block(facts, "nvme0n1", BLOCK_DISK, NULL, NVME);
    return facts;
}

static void idle_disk_may_leave(void)
{
    g_autoptr(Facts) facts = host_with_nvme();
    BlockDevice *part = host_block(facts, "nvme0n1p1", BLOCK_PARTITION, "nvme0n1", NULL);

    assert_passable(facts, NVME, ANSWER_YES, NULL);
    host_content(part, "LVM2_member"); /* of an inactive volume */
    assert_passable(facts, NVME, ANSWER_YES, NULL);
}

static void root_disk_stays(void)
{
    g_autoptr(Facts) facts = host_with_nvme();
    BlockDevice *part = host_block(facts, "nvme0n1p2", BLOCK_PARTITION, "nvme0n1", NULL);

    host_mount(part, "/");
    assert_passable(facts, NVME, ANSWER_NO, NVME " holds / (nvme0n1p2)");
}

static void swap_stays(void)
{
    g_autoptr(Facts) facts = host_with_nvme();
    BlockDevice *part = host_block(facts, "nvme0n1p3", BLOCK_PARTITION, "nvme0n1", NULL);

    part->swap = TRI_YES;
    assert_passable(facts, NVME, ANSWER_NO, NVME " holds swap space in use (nvme0n1p3)");
}

static void lvm_on_luks_root_stays(void)
{
    g_autoptr(Facts) facts = host_with_nvme();
    host_block(facts, "nvme0n1p3", BLOCK_PARTITION, "nvme0n1", NULL);
    BlockDevice *luks = host_block(facts, "dm-0", BLOCK_CRYPT, "nvme0n1p3", NULL);
    BlockDevice *root = host_block(facts, "dm-1", BLOCK_LVM, "dm-0", NULL);

    luks->label = g_strdup("luks");
    root->label = g_strdup("vg-root");
    host_mount(root, "/");
    assert_passable(facts, NVME, ANSWER_NO, NVME " holds / (vg-root)");
    host_mount(root, ""); /* the volume is active: the kernel has the disk open all the same */
    assert_passable(facts, NVME, ANSWER_NO, "holds a part of luks (crypt), which is active");
}

static void both_disks_of_a_mirror_stay(void)
{
    g_autoptr(Facts) facts = host_with_nvme();
    host_pci(facts, "0000:05:00.0", 0x0106, 0x8086, 0xa352, 15);
    host_block(facts, "sda", BLOCK_DISK, NULL, "0000:05:00.0");
    BlockDevice *mirror = host_block(facts, "md0", BLOCK_RAID, "nvme0n1 sda", NULL);

    host_mount(mirror, "/srv");
    assert_passable(facts, NVME, ANSWER_NO, NVME " holds /srv (md0)");
    assert_passable(facts, "0000:05:00.0", ANSWER_NO, "0000:05:00.0 holds /srv (md0)");
}

static void usb_disk_keeps_its_controller(void)
{
    g_autoptr(Facts) facts = host_new();
    host_pci(facts, USB, 0x0c03, 0x8086, 0xa36d, 3);

    assert_passable(facts, USB, ANSWER_YES, NULL);
    host_mount(host_block(facts, "sdb", BLOCK_DISK, NULL, USB), "/media/stick");
    assert_passable(facts, USB, ANSWER_NO, "holds /media/stick (sdb)");
}

static void what_cannot_be_placed_is_unknown(void)
{
    g_autoptr(Facts) zfs = host_with_nvme();
    g_strfreev(zfs->storage.unplaced);
    zfs->storage.unplaced = g_strsplit("zfs rpool on /", "|", -1);
    assert_passable(zfs, NVME, ANSWER_UNKNOWN, "'zfs rpool on /'");

    g_autoptr(Facts) dangling = host_with_nvme();
    host_mount(host_block(dangling, "dm-0", BLOCK_LVM, "nvme7n7", NULL), "/");
    assert_passable(dangling, NVME, ANSWER_UNKNOWN, "dm-0");

    g_autoptr(Facts) unread = host_with_nvme();
    g_clear_pointer(&unread->storage.devices, g_ptr_array_unref);
    assert_passable(unread, NVME, ANSWER_UNKNOWN, "unknown");
}

static void zfs_members_stay(void)
{
    g_autoptr(Facts) facts = host_with_nvme();
    BlockDevice *part = host_block(facts, "nvme0n1p1", BLOCK_PARTITION, "nvme0n1", NULL);

    host_content(part, "zfs_member");
    assert_passable(facts, NVME, ANSWER_UNKNOWN, "which may be imported");
    g_strfreev(facts->storage.unplaced);
    facts->storage.unplaced = g_strsplit("zfs rpool on /", "|", -1);
    assert_passable(facts, NVME, ANSWER_NO, "a pool is mounted");
}

static void further_btrfs_members_are_unknown(void)
{
    g_autoptr(Facts) facts = host_with_nvme();
    BlockDevice *member = g_ptr_array_index(facts->storage.devices, 0);
    BlockDevice *mounted = host_block(facts, "vda", BLOCK_DISK, NULL, NULL);

    host_content(member, "btrfs");
    assert_passable(facts, NVME, ANSWER_YES, NULL);
    host_content(mounted, "btrfs");
    host_mount(mounted, "/");
    assert_passable(facts, NVME, ANSWER_UNKNOWN, "further member");
}

/* A snapshot may say anything. */
static void storage_in_a_circle_is_unknown(void)
{
    g_autoptr(Facts) facts = host_with_nvme();
    host_block(facts, "dm-0", BLOCK_LVM, "dm-1 nvme0n1", NULL);
    host_mount(host_block(facts, "dm-1", BLOCK_LVM, "dm-0", NULL), "/");
    assert_passable(facts, NVME, ANSWER_UNKNOWN, "circle");
}

#define DISKS 4
#define LAYERS 24

/* Whether any of the devices that lie on NAME, however far up, is mounted; by plain recursion. */
static bool is_used(const Facts *facts, const char *name)
{
    for (guint i = 0; i < facts->storage.devices->len; i++) {
        const BlockDevice *device = g_ptr_array_index(facts->storage.devices, i);
        bool above = g_strv_contains((const char *const *)device->below, name);
        if ((strcmp(device->name, name) == 0 && device->mounts[0] != NULL) ||
            (above && (device->kind != BLOCK_PARTITION || is_used(facts, device->name))))
            return true;
    }
    return false;
}

/* Partitions and volumes at random on four disks. */
static Facts *random_storage(GRand *rand)
{
    Facts *facts = host_new();

    for (guint i = 0; i < DISKS; i++) {
        g_autofree char *address = g_strdup_printf("0000:0%u:00.0", i);
        g_autofree char *name = g_strdup_printf("d%u", i);
        host_pci(facts, address, 0x0108, 0x144d, 0xa808, (int)i);
        host_block(facts, name, BLOCK_DISK, NULL, address);
    }
    for (guint i = DISKS; i < DISKS + LAYERS; i++) {
        bool volume = g_rand_int_range(rand, 0, 8) == 0;
        g_autofree char *name = g_strdup_printf("d%u", i);
        g_autoptr(GString) below = g_string_new(NULL);
        g_string_printf(below, "d%d", g_rand_int_range(rand, 0, (gint32)i));
        if (volume)
            g_string_append_printf(below, " d%d", g_rand_int_range(rand, 0, (gint32)i));
        BlockDevice *device =
            host_block(facts, name, volume ? BLOCK_RAID : BLOCK_PARTITION, below->str, NULL);
        if (g_rand_int_range(rand, 0, 16) == 0)
            host_mount(device, "/srv");
    }
    return facts;
}

/* The walk over the storage graph against plain recursion, on graphs that nobody thought of. */
static void used_disks_stay_in_any_graph(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(20250101);
    guint answers[2] = {0};

    for (guint round = 0; round < 200; round++) {
        g_autoptr(Facts) facts = random_storage(rand);
        g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
        for (guint i = 0; i < DISKS; i++) {
            const DeviceVerdict *device = g_ptr_array_index(verdict->devices, i);
            g_autofree char *name = g_strdup_printf("d%u", i);
            bool used = is_used(facts, name);
            g_assert_cmpint(device->passable, ==, used ? ANSWER_NO : ANSWER_YES);
            answers[used]++;
        }
    }
    g_assert_cmpuint(answers[0], >, 50);
    g_assert_cmpuint(answers[1], >, 50);
}

static void default_route_stays(void)
{
    g_autoptr(Facts) facts = host_new();
    host_pci(facts, NIC, 0x0200, 0x8086, 0x15b8, 8);
    NetInterface *card = host_net(facts, "enp2s0", NIC, TRI_NO);

    assert_passable(facts, NIC, ANSWER_YES, NULL);
    card->default_route = TRI_UNKNOWN;
    assert_passable(facts, NIC, ANSWER_UNKNOWN, "enp2s0");
    card->default_route = TRI_YES;
    assert_passable(facts, NIC, ANSWER_NO, NIC " carries the default route (enp2s0)");
}

static void default_route_over_a_bridge_stays(void)
{
    g_autoptr(Facts) facts = host_new();
    host_pci(facts, NIC, 0x0200, 0x8086, 0x15b8, 8);
    host_net(facts, "enp2s0", NIC, TRI_NO);
    NetInterface *bridge = host_net(facts, "br0", "", TRI_YES);

    assert_passable(facts, NIC, ANSWER_UNKNOWN, "br0, whose card is unknown");
    g_strfreev(bridge->below);
    bridge->below = host_words("enp2s0");
    assert_passable(facts, NIC, ANSWER_NO, "carries the default route (enp2s0)");
}

static Facts *host_with_gpu(int group)
{
    Facts *facts = host_new();
    host_pci(facts, GPU, 0x0300, 0x1002, 0x73ff, group);
    host_pci(facts, GPU_AUDIO, 0x0403, 0x1002, 0xab28, group);
    return facts;
}

static void displays_in_use_stay(void)
{
    g_autoptr(Facts) facts = host_with_gpu(15);
    PciFunction *gpu = g_ptr_array_index(facts->pci, 0);
    DisplayFacts *display = host_display(facts, GPU, TRI_NO, TRI_NO);

    assert_passable(facts, GPU, ANSWER_YES, NULL);
    display->session = TRI_UNKNOWN;
    assert_passable(facts, GPU, ANSWER_UNKNOWN, "card0");
    display->session = TRI_YES;
    assert_passable(facts, GPU, ANSWER_NO, GPU " shows a graphical session (card0)");
    display->session = TRI_NO;
    display->console = TRI_YES;
    assert_passable(facts, GPU, ANSWER_NO, GPU " shows the console (card0)");
    assert_passable(facts, GPU_AUDIO, ANSWER_NO, GPU " shows the console (card0)");
    display->console = TRI_NO;
    gpu->boot_vga = TRI_YES;
    assert_passable(facts, GPU, ANSWER_NO, "display that the firmware starts on");
    host_driver(gpu, "vfio-pci");
    assert_passable(facts, GPU, ANSWER_YES, NULL);
    host_driver(gpu, "amdgpu");
    gpu->boot_vga = TRI_NO;
    g_clear_pointer(&facts->displays, g_ptr_array_unref);
    assert_passable(facts, GPU, ANSWER_UNKNOWN, "displays of this host are unknown");
}

static void a_card_goes_with_its_sound(void)
{
    static const int AUDIO_GROUPS[] = {15, 16, UNKNOWN};

    for (guint i = 0; i < G_N_ELEMENTS(AUDIO_GROUPS); i++) {
        g_autoptr(Facts) facts = host_with_gpu(15);
        PciFunction *audio = g_ptr_array_index(facts->pci, 1);
        audio->iommu_group = AUDIO_GROUPS[i];
        g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
        const DeviceVerdict *card = verdict_device(verdict, GPU);
        const DeviceVerdict *sound = verdict_device(verdict, GPU_AUDIO);

        g_assert_cmpstr(role_name(sound->role), ==, "gpu-audio");
        g_assert_cmpuint(card->with->len, ==, 1);
        g_assert_true(g_ptr_array_index(card->with, 0) == sound->function);
        g_assert_cmpuint(sound->with->len, ==, 1);
        g_assert_true(g_ptr_array_index(sound->with, 0) == card->function);
        g_assert_cmpint(card->passable, ==,
                        AUDIO_GROUPS[i] == UNKNOWN ? ANSWER_UNKNOWN : ANSWER_YES);
    }
}

/* Graphics, sound, USB-C and its controller, each in a group of its own. */
static void four_functions_go_together(void)
{
    static const char *const PARTS[] = {GPU, "0000:03:00.1", "0000:03:00.2", "0000:03:00.3"};
    g_autoptr(Facts) facts = host_with_gpu(15);
    ((PciFunction *)g_ptr_array_index(facts->pci, 1))->iommu_group = 16;
    PciFunction *usb = host_pci(facts, PARTS[2], 0x0c03, 0x1002, 0x73a6, 17);
    host_pci(facts, PARTS[3], 0x0c80, 0x1002, 0x73a4, 18);
    host_pci(facts, "0000:03:00.4", 0x0c03, 0x1022, 0x15e0, 19); /* another maker's */
    host_pci(facts, "0000:04:00.0", 0x0c03, 0x1002, 0x73a6, 20); /* another slot */

    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    for (guint i = 0; i < G_N_ELEMENTS(PARTS); i++) {
        const DeviceVerdict *part = verdict_device(verdict, PARTS[i]);
        g_assert_cmpint(part->passable, ==, ANSWER_YES);
        g_assert_cmpuint(part->with->len, ==, 3);
        g_assert_false(g_ptr_array_find(part->with, part->function, NULL));
    }
    g_assert_cmpuint(verdict_device(verdict, "03:00.4")->with->len, ==, 0);
    g_assert_cmpuint(verdict_device(verdict, "04:00.0")->with->len, ==, 0);
    host_block(facts, "sda", BLOCK_DISK, NULL, usb->address);
    host_mount(g_ptr_array_index(facts->storage.devices, 0), "/home");
    assert_passable(facts, GPU, ANSWER_NO, "0000:03:00.2 holds /home");
}

static void sound_is_nowhere_or_on_another_bus(void)
{
    g_autoptr(Facts) facts = host_with_gpu(15);
    g_ptr_array_set_size(facts->pci, 1);
    host_pci(facts, "0000:00:14.2", 0x0403, 0x1002, 0x4383, 3); /* the chipset's */
    g_autoptr(Verdict) silent = verdict_make(facts, catalog);
    g_assert_cmpint(verdict_device(silent, GPU)->passable, ==, ANSWER_YES);
    g_assert_cmpuint(verdict_device(silent, GPU)->with->len, ==, 0);
    host_pci(facts, "0000:04:00.0", 0x0403, 0x1002, 0xab28, 16);
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    const DeviceVerdict *card = verdict_device(verdict, GPU);

    g_assert_cmpuint(card->with->len, ==, 1);
    g_assert_true(g_ptr_array_index(card->with, 0) == verdict_device(verdict, "04:00.0")->function);
    g_assert_cmpint(verdict_device(verdict, "04:00.0")->role, ==, ROLE_GPU_AUDIO);
    g_assert_cmpint(verdict_device(verdict, "00:14.2")->role, ==, ROLE_AUDIO);

    host_pci(facts, "0000:05:00.0", 0x0300, 0x1002, 0x73ff, 17); /* now it may be either's */
    g_autoptr(Verdict) two = verdict_make(facts, catalog);
    g_assert_cmpint(verdict_device(two, "04:00.0")->role, ==, ROLE_AUDIO);
    g_assert_cmpuint(verdict_device(two, GPU)->with->len, ==, 0);
}

/* The board's own sound shares the slot of AMD's integrated graphics, but does not go with it. */
static void board_sound_is_not_the_cards(void)
{
    static const int SOUND_VENDORS[] = {0x1002, 0x1022};

    for (guint i = 0; i < G_N_ELEMENTS(SOUND_VENDORS); i++) {
        g_autoptr(Facts) facts = host_with_gpu(15);
        if (SOUND_VENDORS[i] != 0x1002) /* a card without sound of its own */
            g_ptr_array_set_size(facts->pci, 1);
        host_pci(facts, "0000:03:00.6", 0x0403, SOUND_VENDORS[i], 0x15e3, 20);
        g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
        g_assert_cmpint(verdict_device(verdict, "03:00.6")->role, ==, ROLE_AUDIO);
        g_assert_cmpuint(verdict_device(verdict, "03:00.6")->with->len, ==, 0);
    }
}

static void a_group_shares_what_keeps_one_of_it(void)
{
    g_autoptr(Facts) facts = host_with_gpu(1);
    host_driver(host_pci(facts, "0000:00:01.0", 0x0604, 0x8086, 0x1901, 1), "pcieport");
    host_pci(facts, NVME, 0x0108, 0x144d, 0xa808, 1);
    BlockDevice *disk = host_block(facts, "nvme0n1", BLOCK_DISK, NULL, NVME);
    g_autoptr(Verdict) before = verdict_make(facts, catalog);
    const DeviceVerdict *gpu = verdict_device(before, GPU);

    /* The disk's controller would have to go too; the bridge does not count. */
    g_assert_cmpint(gpu->passable, ==, ANSWER_YES);
    g_assert_cmpuint(gpu->with->len, ==, 2);
    g_assert_true(g_ptr_array_find(gpu->with, verdict_device(before, NVME)->function, NULL));

    host_mount(disk, "/");
    host_driver(g_ptr_array_index(facts->pci, 0), "amdgpu");
    g_clear_pointer(&facts->displays, g_ptr_array_unref);
    g_autoptr(Verdict) after = verdict_make(facts, catalog);
    gpu = verdict_device(after, GPU);
    g_assert_cmpint(gpu->passable, ==, ANSWER_NO);
    /* What is known comes before what is not. */
    g_assert_cmpstr(g_ptr_array_index(gpu->against, 0), ==, NVME " holds / (nvme0n1)");
    g_assert_true(says(gpu, "displays of this host are unknown"));
    assert_passable(facts, "0000:00:01.0", ANSWER_NO, "is a bridge");
}

static void driven_bridges_keep_their_group(void)
{
    g_autoptr(Facts) facts = host_new();
    host_pci(facts, "0000:00:1f.3", 0x0403, 0x8086, 0xa348, 7);
    PciFunction *isa = host_pci(facts, "0000:00:1f.0", 0x0601, 0x8086, 0xa305, 7);

    assert_passable(facts, "0000:00:1f.3", ANSWER_YES, NULL);
    host_driver(isa, "lpc_ich");
    assert_passable(facts, "0000:00:1f.3", ANSWER_NO, "0000:00:1f.0 is a bridge in the group");
    host_driver(isa, NULL);
    assert_passable(facts, "0000:00:1f.3", ANSWER_UNKNOWN, "0000:00:1f.0");
}

/* Facts that do not fit together: what is in use hangs on a function that is not there. */
static void uses_of_absent_functions_are_doubts(void)
{
    g_autoptr(Facts) disk = host_with_nvme();
    BlockDevice *elsewhere = host_block(disk, "sda", BLOCK_DISK, NULL, "0000:aa:00.0");
    assert_passable(disk, NVME, ANSWER_YES, NULL);
    host_mount(elsewhere, "/");
    assert_passable(disk, NVME, ANSWER_UNKNOWN, "0000:aa:00.0 holds / (sda)");

    g_autoptr(Facts) route = host_new();
    host_pci(route, "0000:04:00.0", 0x0200, 0x8086, 0x1539, 18);
    assert_passable(route, "0000:04:00.0", ANSWER_YES, NULL);
    host_net(route, "eth0", "0000:aa:00.0", TRI_YES);
    assert_passable(route, "0000:04:00.0", ANSWER_UNKNOWN, "carries the default route");

    g_autoptr(Facts) screen = host_with_gpu(15);
    host_display(screen, "0000:aa:00.0", TRI_YES, TRI_NO);
    assert_passable(screen, GPU, ANSWER_UNKNOWN, "shows the console");
}

/* A bridge by its class, and a disk by what hangs on it. */
static void a_bridge_in_use_keeps_its_group(void)
{
    g_autoptr(Facts) facts = host_with_gpu(15);
    host_pci(facts, "0000:01:00.0", 0x0604, 0x144d, 0xa808, 15);
    assert_passable(facts, GPU, ANSWER_YES, NULL);
    host_mount(host_block(facts, "nvme0n1", BLOCK_DISK, NULL, "0000:01:00.0"), "/");
    assert_passable(facts, GPU, ANSWER_NO, "0000:01:00.0 holds /");
}

static void without_groups_nothing_leaves(void)
{
    g_autoptr(Facts) none = host_with_gpu(UNKNOWN);
    none->iommu.groups = TRI_NO;
    assert_passable(none, GPU, ANSWER_NO, "There are no IOMMU groups");

    g_autoptr(Facts) unknown = host_with_gpu(UNKNOWN);
    unknown->iommu.groups = TRI_UNKNOWN;
    assert_passable(unknown, GPU, ANSWER_UNKNOWN, "unknown whether this host has IOMMU groups");

    g_autoptr(Facts) unsafe = host_with_gpu(15);
    unsafe->iommu.interrupt_remapping = TRI_NO;
    assert_passable(unsafe, GPU, ANSWER_NO, "does not remap interrupts");
    unsafe->iommu.interrupt_remapping = TRI_UNKNOWN;
    assert_passable(unsafe, GPU, ANSWER_UNKNOWN, "unknown whether the IOMMU");
}

static void roles_follow_the_class(void)
{
    static const struct {
        int class;
        const char *role;
    } CASES[] = {{0x0300, "gpu"},    {0x0302, "gpu"},  {0x0403, "audio"},    {0x0c03, "usb"},
                 {0x0108, "nvme"},   {0x0106, "sata"}, {0x0200, "ethernet"}, {0x0280, "wifi"},
                 {0x0604, "bridge"}, {0x0c05, "other"}};
    g_autoptr(Facts) facts = host_new();

    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *address = g_strdup_printf("0000:%02x:00.0", i);
        host_pci(facts, address, CASES[i].class, 0x1234, 0x0001, (int)i);
    }
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        const DeviceVerdict *device = g_ptr_array_index(verdict->devices, i);
        g_assert_cmpstr(role_name(device->role), ==, CASES[i].role);
    }
}

/* A snapshot with all functions in one group must not make a list of each for each. */
static void huge_groups_are_refused(void)
{
    g_autoptr(Facts) facts = host_new();
    for (guint i = 0; i < 2048; i++) {
        g_autofree char *address = g_strdup_printf("0000:%02x:%02x.%u", i >> 8, i >> 3 & 31, i & 7);
        host_pci(facts, address, 0x0300, 0x1002, 0x73ff, 1);
    }
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    for (guint i = 0; i < 2048; i++) {
        const DeviceVerdict *device = g_ptr_array_index(verdict->devices, i);
        g_assert_cmpint(device->passable, ==, ANSWER_NO);
        g_assert_cmpuint(device->with->len, ==, 0);
        g_assert_true(says(device, "2048 functions"));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    catalog = catalog_load(NULL);
    g_assert_nonnull(catalog);
    g_test_add_func("/passthrough/idle-disk", idle_disk_may_leave);
    g_test_add_func("/passthrough/root-disk", root_disk_stays);
    g_test_add_func("/passthrough/swap", swap_stays);
    g_test_add_func("/passthrough/lvm-on-luks", lvm_on_luks_root_stays);
    g_test_add_func("/passthrough/mirror", both_disks_of_a_mirror_stay);
    g_test_add_func("/passthrough/usb-disk", usb_disk_keeps_its_controller);
    g_test_add_func("/passthrough/unplaced", what_cannot_be_placed_is_unknown);
    g_test_add_func("/passthrough/zfs", zfs_members_stay);
    g_test_add_func("/passthrough/btrfs", further_btrfs_members_are_unknown);
    g_test_add_func("/passthrough/circle", storage_in_a_circle_is_unknown);
    g_test_add_func("/passthrough/any-graph", used_disks_stay_in_any_graph);
    g_test_add_func("/passthrough/default-route", default_route_stays);
    g_test_add_func("/passthrough/bridged-route", default_route_over_a_bridge_stays);
    g_test_add_func("/passthrough/displays", displays_in_use_stay);
    g_test_add_func("/passthrough/card-and-sound", a_card_goes_with_its_sound);
    g_test_add_func("/passthrough/four-functions", four_functions_go_together);
    g_test_add_func("/passthrough/sound-on-another-bus", sound_is_nowhere_or_on_another_bus);
    g_test_add_func("/passthrough/board-sound", board_sound_is_not_the_cards);
    g_test_add_func("/passthrough/group", a_group_shares_what_keeps_one_of_it);
    g_test_add_func("/passthrough/driven-bridges", driven_bridges_keep_their_group);
    g_test_add_func("/passthrough/no-groups", without_groups_nothing_leaves);
    g_test_add_func("/passthrough/absent", uses_of_absent_functions_are_doubts);
    g_test_add_func("/passthrough/bridge-in-use", a_bridge_in_use_keeps_its_group);
    g_test_add_func("/passthrough/roles", roles_follow_the_class);
    g_test_add_func("/passthrough/huge-groups", huge_groups_are_refused);
    int failed = g_test_run();
    catalog_free(catalog);
    return failed;
}
