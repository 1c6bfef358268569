/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts-shared.h"
#include "facts/setup-parts.h"

#include <string.h>

static void nothing_is_unknown(void)
{
    g_autoptr(Tree) tree = tree_new();
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_setup);
    g_autoptr(Facts) nothing = facts_new();
    g_autofree char *found = facts_written(facts);
    g_autofree char *expected = facts_written(nothing);

    g_assert_cmpstr(found, ==, expected);
}

static void libvirt_units_are_found(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_write(tree, "usr/lib/systemd/system/libvirtd.service", "");
    tree_write(tree, "usr/lib/systemd/system/libvirtd.socket", "");
    tree_write(tree, "usr/lib/systemd/system/libvirtd-tls.socket", "");
    tree_write(tree, "usr/lib/systemd/system/virtlogd.socket", "");
    tree_link(tree, "etc/systemd/system/sockets.target.wants/libvirtd.socket",
              "/lib/systemd/system/libvirtd.socket");
    tree_link(tree, "etc/systemd/system/sockets.target.wants/ssh.socket", "/x");
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_setup);

    assert_strv(facts->setup.libvirt.units, "libvirtd.service libvirtd.socket virtlogd.socket");
    assert_strv(facts->setup.libvirt.enabled, "libvirtd.socket");
}

static void networks_are_found(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_folder(tree, "etc/libvirt/qemu/networks");
    tree_folder(tree, "sys/class/net/lo");
    g_autoptr(Facts) none = facts_collected(tree, facts_collect_setup);
    g_assert_cmpint(none->setup.libvirt.network_defined, ==, TRI_NO);
    g_assert_cmpint(none->setup.libvirt.network_active, ==, TRI_NO);

    tree_write(tree, "etc/libvirt/qemu/networks/default.xml",
               "<network><name>default</name><bridge name='natbr7' stp='on'/></network>\n");
    tree_folder(tree, "sys/class/net/virbr0/bridge"); /* another network's */
    g_autoptr(Facts) stopped = facts_collected(tree, facts_collect_setup);
    g_assert_cmpint(stopped->setup.libvirt.network_defined, ==, TRI_YES);
    g_assert_cmpint(stopped->setup.libvirt.network_autostart, ==, TRI_NO);
    g_assert_cmpint(stopped->setup.libvirt.network_active, ==, TRI_NO);

    tree_folder(tree, "sys/class/net/natbr7/bridge");
    tree_link(tree, "etc/libvirt/qemu/networks/autostart/default.xml", "../default.xml");
    g_autoptr(Facts) running = facts_collected(tree, facts_collect_setup);
    g_assert_cmpint(running->setup.libvirt.network_autostart, ==, TRI_YES);
    g_assert_cmpint(running->setup.libvirt.network_active, ==, TRI_YES);
    assert_strv(running->setup.bridges, "natbr7 virbr0");
}

/* Who may not look into libvirt's folder knows nothing of its networks. */
static void hidden_networks_are_unknown(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_write(tree, "etc/libvirt/qemu", "stands for a folder that may not be read");
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_setup);

    g_assert_cmpint(facts->setup.libvirt.network_defined, ==, TRI_UNKNOWN);
    g_assert_null(facts->setup.libvirt.security_driver);
}

static void confinement_is_read(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_write(tree, "sys/module/apparmor/parameters/enabled", "Y\n");
    tree_write(tree, "etc/libvirt/qemu.conf",
               "# security_driver = \"selinux\"\nsecurity_driver = [ \"none\" ]\n");
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_setup);

    g_assert_cmpint(facts->setup.apparmor, ==, TRI_YES);
    g_assert_cmpint(facts->setup.selinux, ==, TRI_NO);
    g_assert_cmpstr(facts->setup.libvirt.security_driver, ==, "none");
}

static void module_options_are_found(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_write(tree, "etc/modprobe.d/kvm.conf", "# options kvm x=1\noptions kvm ignore_msrs=1\n");
    tree_write(tree, "etc/modprobe.d/vfio.conf",
               "options  vfio-pci ids=1002:73ff\nsoftdep amdgpu pre: vfio-pci\noptions zfs a=1\n");
    tree_write(tree, "etc/modprobe.d/old.conf.bak", "options kvm ignore_msrs=0\n");
    /* the one in etc hides it */
    tree_write(tree, "usr/lib/modprobe.d/kvm.conf", "options kvm ignore_msrs=0\n");
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_setup);
    g_autofree char *options = g_strjoinv("\n", facts->setup.modules.options);

    g_assert_cmpstr(options, ==,
                    "etc/modprobe.d/kvm.conf: options kvm ignore_msrs=1\n"
                    "etc/modprobe.d/vfio.conf: options  vfio-pci ids=1002:73ff\n"
                    "etc/modprobe.d/vfio.conf: softdep amdgpu pre: vfio-pci");
}

static void assert_early(const char *file, const char *text, const char *modules)
{
    g_autoptr(Tree) tree = tree_new();
    tree_write(tree, file, text);
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_setup);
    assert_strv(facts->setup.modules.early, modules);
}

static void early_modules_are_found(void)
{
    assert_early("etc/initramfs-tools/modules", "# list\nvfio-pci ids=1002:73ff\nvfio\n",
                 "vfio_pci vfio");
    assert_early("etc/mkinitcpio.conf", "#MODULES=(a)\nMODULES=(vfio_pci vfio)\nHOOKS=(base)\n",
                 "vfio_pci vfio");
    assert_early("etc/mkinitcpio.conf.d/vfio.conf", "MODULES+=(vfio_pci)\n", "vfio_pci");
    assert_early("etc/dracut.conf.d/vfio.conf",
                 "add_drivers+=\" nvme \"\nforce_drivers+=\" vfio_pci vfio \"\n", "vfio_pci vfio");
    assert_early("etc/dracut.conf.d/vfio", "force_drivers+=\" vfio_pci \"\n", ""); /* not read */
    assert_early("etc/booster.yaml", "modules_force_load: vfio_pci,vfio\n", "vfio_pci vfio");
}

static void overrides_are_found(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_write(tree, "etc/udev/rules.d/10-a.rules",
               "TEST==\"/sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0\", "
               "ATTR{[pci/0000:01:00.0]driver_override}=\"vfio-pci\"\n"
               "# KERNEL==\"0000:02:00.0\", ATTR{driver_override}=\"vfio-pci\"\n"
               "KERNEL==\"0000:03:00.0|0000:03:00.1\", \\\n  ATTR{driver_override}=\"vfio-pci\"\n"
               "KERNEL==\"0000:04:00.0\", ATTR{driver_override}=\"nouveau\"\n");
    tree_write(tree, "etc/udev/rules.d/old.rules.bak",
               "KERNEL==\"0000:05:00.0\", ATTR{driver_override}=\"vfio-pci\"\n");
    tree_write(tree, "etc/driverctl.d/pci-0000:06:00.0", "vfio-pci\n");
    tree_write(tree, "etc/driverctl.d/0000:07:00.0", "none\n");
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_setup);

    assert_strv(facts->setup.modules.overrides,
                "0000:01:00.0 0000:03:00.0 0000:03:00.1 0000:06:00.0");
}

static void initramfs_tools_are_told_apart(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_folder(tree, "usr/lib/dracut/modules.d");
    tree_write(tree, "sys/module/vfio_pci/parameters/ids", "1002:73ff,1002:ab28\n");
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_setup);

    assert_strv(facts->setup.modules.initramfs, "dracut");
    assert_strv(facts->setup.modules.vfio_ids, "1002:73ff 1002:ab28");
}

static void assert_frame_buffer(const char *iomem, const char *address)
{
    g_autoptr(Tree) tree = tree_new();
    tree_write(tree, "proc/iomem", iomem);
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_setup);
    g_assert_cmpstr(facts->setup.screen.boot_framebuffer, ==, address);
}

static void frame_buffers_are_placed(void)
{
    assert_frame_buffer("00000000-00000000 : PCI Bus 0000:0b\n"
                        "  00000000-00000000 : 0000:0b:00.0\n"
                        "    00000000-00000000 : BOOTFB\n"
                        "00000000-00000000 : PCI Bus 0000:0c\n",
                        "0000:0b:00.0");
    assert_frame_buffer("00000000-00000000 : PCI Bus 0000:0b\n"
                        "  00000000-00000000 : 0000:0b:00.0\n"
                        "    00000000-00000000 : amdgpu\n",
                        "");
    /* one that lies on no function is nobody's */
    assert_frame_buffer("00000000-00000000 : 0000:0b:00.0\n"
                        "00000000-00000000 : PCI Bus 0000:0c\n"
                        "  00000000-00000000 : efifb\n",
                        "");
}

static void display_managers_are_named(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_folder(tree, "etc/systemd/system");
    g_autoptr(Facts) none = facts_collected(tree, facts_collect_setup);
    g_assert_cmpstr(none->setup.screen.display_manager, ==, "");

    tree_link(tree, "etc/systemd/system/display-manager.service",
              "/usr/lib/systemd/system/sddm.service");
    g_autoptr(Facts) one = facts_collected(tree, facts_collect_setup);
    g_assert_cmpstr(one->setup.screen.display_manager, ==, "sddm.service");
}

static void tuning_is_read(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_write(tree, "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave\n");
    tree_write(tree, "sys/devices/system/cpu/cpu0/cpufreq/scaling_driver", "intel_pstate\n");
    tree_write(tree, "sys/devices/system/cpu/cpu0/cpufreq/scaling_available_governors",
               "performance powersave \n");
    tree_write(tree, "sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
    tree_folder(tree, "run/NetworkManager");
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_setup);

    g_assert_cmpstr(facts->setup.tuning.governor, ==, "powersave");
    g_assert_cmpstr(facts->setup.tuning.driver, ==, "intel_pstate");
    assert_strv(facts->setup.tuning.governors, "performance powersave");
    g_assert_cmpstr(facts->setup.tuning.huge_pages, ==, "madvise");
    g_assert_cmpstr(facts->setup.network_manager, ==, "NetworkManager");
}

/* One that runs has a folder of its own among the control groups; one that starts has a link. */
static void who_sets_the_governor_is_known(void)
{
    g_autoptr(Tree) tree = tree_new();
    g_autoptr(Facts) unknown = facts_collected(tree, facts_collect_setup);
    g_assert_null(unknown->setup.tuning.keepers);
    tree_folder(tree, "sys/fs/cgroup/system.slice/tuned.service");
    tree_link(tree, "etc/systemd/system/multi-user.target.wants/tlp.service",
              "/usr/lib/systemd/system/tlp.service");
    tree_write(tree, "usr/lib/systemd/system/cpupower.service", "");
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_setup);
    assert_strv(facts->setup.tuning.keepers, "tlp tuned");
}

static void programs_are_found(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_write(tree, "usr/sbin/dnsmasq", "");
    tree_write(tree, "usr/bin/virt-manager", "");
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_setup);

    g_assert_cmpint(facts->setup.dnsmasq, ==, TRI_YES);
    g_assert_cmpint(facts->setup.viewer, ==, TRI_YES);
    g_assert_cmpint(facts->setup.virsh, ==, TRI_NO);
}

static void input_devices_lose_their_serial_numbers(void)
{
    static const struct {
        const char *name, *expected;
    } CASES[] = {
        {"usb-Logitech_USB_Receiver-if02-event-mouse",
         "usb-Logitech_USB_Receiver-if02-event-mouse"},
        {"usb-Corsair_K70_0F02701CAE1D58E05F2C_-if01-event-kbd",
         "usb-Corsair_K70_REDACTED_-if01-event-kbd"},
        {"usb-04d9_USB_Keyboard-event-kbd", "usb-04d9_USB_Keyboard-event-kbd"},
        {"usb-Apple_Keyboard_ABC12345678-event-kbd", "usb-Apple_Keyboard_REDACTED-event-kbd"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *found = setup_input_without_serial(CASES[i].name);
        g_assert_cmpstr(found, ==, CASES[i].expected);
    }
}

static void input_devices_are_listed(void)
{
    g_autoptr(Tree) tree = tree_new();
    tree_link(tree, "dev/input/by-id/usb-A_B-event-kbd", "../event3");
    tree_link(tree, "dev/input/by-id/usb-A_B-if01-event-mouse", "../event4");
    tree_link(tree, "dev/input/by-id/usb-A_B-mouse", "../mouse0");
    g_autoptr(Facts) facts = facts_collected(tree, facts_collect_setup);

    assert_strv(facts->setup.keyboards, "usb-A_B-event-kbd");
    assert_strv(facts->setup.mice, "usb-A_B-if01-event-mouse");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/facts/setup/nothing", nothing_is_unknown);
    g_test_add_func("/facts/setup/units", libvirt_units_are_found);
    g_test_add_func("/facts/setup/networks", networks_are_found);
    g_test_add_func("/facts/setup/hidden-networks", hidden_networks_are_unknown);
    g_test_add_func("/facts/setup/confinement", confinement_is_read);
    g_test_add_func("/facts/setup/module-options", module_options_are_found);
    g_test_add_func("/facts/setup/early-modules", early_modules_are_found);
    g_test_add_func("/facts/setup/overrides", overrides_are_found);
    g_test_add_func("/facts/setup/initramfs-tools", initramfs_tools_are_told_apart);
    g_test_add_func("/facts/setup/frame-buffer", frame_buffers_are_placed);
    g_test_add_func("/facts/setup/display-manager", display_managers_are_named);
    g_test_add_func("/facts/setup/tuning", tuning_is_read);
    g_test_add_func("/facts/setup/governor", who_sets_the_governor_is_known);
    g_test_add_func("/facts/setup/programs", programs_are_found);
    g_test_add_func("/facts/setup/serial-numbers", input_devices_lose_their_serial_numbers);
    g_test_add_func("/facts/setup/input", input_devices_are_listed);
    return g_test_run();
}
