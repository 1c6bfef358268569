/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/collectors.h"
#include "facts/setup-parts.h"

#include <string.h>

void setup_facts_init(SetupFacts *setup)
{
    *setup = (SetupFacts){.store.free = UNKNOWN};
}

void setup_facts_clear(SetupFacts *setup)
{
    g_strfreev(setup->person.groups);
    g_strfreev(setup->person.assigned);
    g_strfreev(setup->libvirt.units);
    g_strfreev(setup->libvirt.enabled);
    g_free(setup->libvirt.security_driver);
    g_strfreev(setup->modules.options);
    g_strfreev(setup->modules.vfio_ids);
    g_strfreev(setup->modules.initramfs);
    g_strfreev(setup->modules.early);
    g_strfreev(setup->modules.overrides);
    g_free(setup->screen.boot_framebuffer);
    g_free(setup->screen.display_manager);
    g_free(setup->tuning.governor);
    g_strfreev(setup->tuning.governors);
    g_free(setup->tuning.driver);
    g_free(setup->tuning.huge_pages);
    g_strfreev(setup->tuning.keepers);
    g_free(setup->store.folder);
    g_strfreev(setup->bridges);
    g_free(setup->network_manager);
    g_strfreev(setup->keyboards);
    g_strfreev(setup->mice);
    setup_facts_init(setup);
}

/* "always [madvise] never": the one in brackets is in force (Linux
 * Documentation/admin-guide/mm/transhuge.rst). */
static char *bracketed_word(const OsRoot *root, const char *path)
{
    g_autofree char *line = os_read_line(root, path);
    const char *begin = line != NULL ? strchr(line, '[') : NULL;
    const char *end = begin != NULL ? strchr(begin, ']') : NULL;
    return end != NULL ? g_strndup(begin + 1, (gsize)(end - begin - 1)) : NULL;
}

/* systemd gives each service that runs a folder of its name below system.slice, and starts with the
 * host what has a link in the folder of a target (systemd.unit(5)). TLP and cpupower set the
 * governor once and end. */
static GStrv find_keepers(const OsRoot *root)
{
    static const char *const SERVICES[] = {"auto-cpufreq", "cpupower", "power-profiles-daemon",
                                           "tlp", "tuned"};
    static const char *const SIGNS[] = {
        "sys/fs/cgroup/system.slice", "sys/fs/cgroup/systemd/system.slice",
        "etc/systemd/system/multi-user.target.wants", "etc/systemd/system/graphical.target.wants"};
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    if (!os_exists(root, "sys/fs/cgroup") && !os_exists(root, "etc/systemd/system"))
        return NULL;
    for (guint i = 0; i < G_N_ELEMENTS(SERVICES); i++) {
        bool found = false;
        for (guint j = 0; !found && j < G_N_ELEMENTS(SIGNS); j++) {
            g_autofree char *path = g_strdup_printf("%s/%s.service", SIGNS[j], SERVICES[i]);
            g_autofree char *link = os_read_link(root, path);
            found = link != NULL || os_exists(root, path);
        }
        if (found)
            g_strv_builder_add(builder, SERVICES[i]);
    }
    return g_strv_builder_end(builder);
}

/* Linux Documentation/admin-guide/pm/cpufreq.rst. A processor without a driver for it has no such
 * folder. */
static void read_tuning(const OsRoot *root, TuningSetup *tuning)
{
    g_autoptr(OsRoot) folder = os_root_sub(root, "sys/devices/system/cpu/cpu0/cpufreq");
    g_autofree char *governors = os_read_line(folder, "scaling_available_governors");

    tuning->governor = os_read_line(folder, "scaling_governor");
    tuning->driver = os_read_line(folder, "scaling_driver");
    tuning->governors = governors != NULL ? g_strsplit(governors, " ", -1) : NULL;
    tuning->huge_pages = bracketed_word(root, "sys/kernel/mm/transparent_hugepage/enabled");
    tuning->keepers = find_keepers(root);
}

/* "Y" and 1. A kernel without AppArmor has no such parameter, one without SELinux no such file
 * system (kernel Documentation/admin-guide/LSM). */
static void read_confinement(const OsRoot *root, SetupFacts *setup)
{
    if (!os_exists(root, "sys/module") && !os_exists(root, "sys/fs"))
        return;
    setup->apparmor = tri(os_read_tri(root, "sys/module/apparmor/parameters/enabled") == TRI_YES);
    setup->selinux = tri(os_read_tri(root, "sys/fs/selinux/enforce") == TRI_YES);
}

static Tri has_program(const OsRoot *root, const char *const *names)
{
    static const char *const FOLDERS[] = {"usr/bin",       "usr/sbin",
                                          "usr/local/bin", "usr/local/sbin",
                                          "sbin",          "run/current-system/sw/bin"};

    for (; *names != NULL; names++) {
        for (guint i = 0; i < G_N_ELEMENTS(FOLDERS); i++) {
            g_autofree char *path = g_build_filename(FOLDERS[i], *names, NULL);
            if (os_exists(root, path))
                return TRI_YES;
        }
    }
    return os_exists(root, "usr/bin") || os_exists(root, "run/current-system/sw/bin") ? TRI_NO
                                                                                      : TRI_UNKNOWN;
}

static void read_programs(const OsRoot *root, SetupFacts *setup)
{
    setup->dnsmasq = has_program(root, (const char *const[]){"dnsmasq", NULL});
    setup->virsh = has_program(root, (const char *const[]){"virsh", NULL});
    setup->viewer = has_program(root, (const char *const[]){"virt-viewer", "virt-manager", NULL});
}

/* A bridge has a folder of that name (Linux Documentation/networking/bridge.rst). */
static GStrv find_bridges(const OsRoot *root)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) names = os_list(root, "sys/class/net");

    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        g_autofree char *path = g_build_filename("sys/class/net", names[i], "bridge", NULL);
        if (os_exists(root, path))
            g_strv_builder_add(builder, names[i]);
    }
    return names != NULL ? g_strv_builder_end(builder) : NULL;
}

/* Each makes its folder below run while it runs. */
static char *find_network_manager(const OsRoot *root)
{
    if (os_exists(root, "run/NetworkManager"))
        return g_strdup("NetworkManager");
    if (os_exists(root, "run/systemd/netif/links"))
        return g_strdup("systemd-networkd");
    return os_exists(root, "run") ? g_strdup("") : NULL;
}

void facts_collect_setup(const OsRoot *root, const FactsOptions *options, Facts *facts)
{
    SetupFacts *setup = &facts->setup;

    setup_read_person(root, &setup->person);
    if (os_exists(root, "run"))
        setup->systemd = tri(os_exists(root, "run/systemd/system"));
    setup_read_libvirt(root, &setup->libvirt);
    setup_read_modules(root, &setup->modules);
    setup_read_screen(root, &setup->screen);
    setup_read_store(root, &setup->store);
    setup_read_input(root, setup);
    read_tuning(root, &setup->tuning);
    read_confinement(root, setup);
    read_programs(root, setup);
    setup->bridges = find_bridges(root);
    setup->network_manager = find_network_manager(root);
}
