/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/setup-parts.h"

#include <string.h>

#define NETWORKS "etc/libvirt/qemu/networks"

/* Of the one daemon of old, of those that took its place, and of the old one's name on Debian
 * before 2014 (libvirt, docs/daemons.rst). */
static bool is_unit(const char *name)
{
    static const char *const DAEMONS[] = {"libvirtd",       "virtqemud", "virtnetworkd",
                                          "virtnodedevd",   "virtlogd",  "virtstoraged",
                                          "virtinterfaced", "virtproxyd"};

    for (guint i = 0; i < G_N_ELEMENTS(DAEMONS); i++) {
        gsize length = strlen(DAEMONS[i]);
        if (strncmp(name, DAEMONS[i], length) == 0 &&
            (strcmp(name + length, ".service") == 0 || strcmp(name + length, ".socket") == 0))
            return true;
    }
    return false;
}

/* Adds those units in FOLDER that are not in SEEN. */
static void add_units(const OsRoot *root, const char *folder, GStrvBuilder *builder,
                      GHashTable *seen)
{
    g_auto(GStrv) names = os_list(root, folder);
    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        if (is_unit(names[i]) && g_hash_table_add(seen, g_strdup(names[i])))
            g_strv_builder_add(builder, names[i]);
    }
}

static GStrv find_units(const OsRoot *root, const char *const *folders)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (; *folders != NULL; folders++)
        add_units(root, *folders, builder, seen);
    return g_strv_builder_end(builder);
}

/* systemd.unit(5): what is enabled has a link in the folder of the target that wants it. */
static void read_units(const OsRoot *root, LibvirtSetup *libvirt)
{
    static const char *const INSTALLED[] = {"usr/lib/systemd/system", "etc/systemd/system", NULL};
    static const char *const OLD[] = {"lib/systemd/system", "etc/systemd/system", NULL};
    static const char *const WANTED[] = {"etc/systemd/system/sockets.target.wants",
                                         "etc/systemd/system/multi-user.target.wants", NULL};
    bool merged = os_exists(root, "usr/lib/systemd/system");

    if (!merged && !os_exists(root, "lib/systemd/system"))
        return;
    libvirt->units = find_units(root, merged ? INSTALLED : OLD);
    libvirt->enabled = find_units(root, WANTED);
}

/* The name in `<bridge name='virbr0' .../>` of a network's XML; libvirt's own default is virbr0. */
static char *bridge_of(const char *xml)
{
    const char *bridge = xml != NULL ? strstr(xml, "<bridge ") : NULL;
    const char *name = bridge != NULL ? strstr(bridge, "name=") : NULL;
    const char *end = bridge != NULL ? strchr(bridge, '>') : NULL;

    if (name == NULL || end == NULL || name > end)
        return g_strdup("virbr0");
    name += strlen("name=") + 1;
    gsize length = strcspn(name, "'\"/>");
    return length > 0 && length < 16 ? g_strndup(name, length) : g_strdup("virbr0");
}

/* The folder of libvirt's configuration is closed to others on some distributions. */
static void read_network(const OsRoot *root, LibvirtSetup *libvirt)
{
    g_auto(GStrv) networks = os_list(root, NETWORKS);
    g_auto(GStrv) etc = os_list(root, "etc/libvirt");
    g_autofree char *xml = os_read_text(root, NETWORKS "/default.xml", NULL);
    g_autofree char *bridge = bridge_of(xml);
    g_autofree char *path = g_build_filename("sys/class/net", bridge, NULL);

    if (networks != NULL) {
        libvirt->network_defined = tri(os_exists(root, NETWORKS "/default.xml"));
        libvirt->network_autostart = tri(os_exists(root, NETWORKS "/autostart/default.xml"));
    } else if (etc != NULL || (os_exists(root, "etc") && !os_exists(root, "etc/libvirt"))) {
        bool closed = os_exists(root, "etc/libvirt/qemu");
        libvirt->network_defined = libvirt->network_autostart = closed ? TRI_UNKNOWN : TRI_NO;
    }
    if (os_exists(root, "sys/class/net"))
        libvirt->network_active = tri(os_exists(root, path));
}

/* `security_driver = "none"`, or a list; the last assignment counts. The file is closed to others
 * on most distributions. */
static char *find_security_driver(const OsRoot *root)
{
    g_autofree char *text = os_read_text(root, "etc/libvirt/qemu.conf", NULL);
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);
    char *value = text != NULL ? g_strdup("") : NULL;

    for (guint i = 0; lines[i] != NULL; i++) {
        char *line = g_strstrip(lines[i]);
        if (!g_str_has_prefix(line, "security_driver"))
            continue;
        line += strlen("security_driver");
        line += strspn(line, " \t");
        if (*line != '=')
            continue;
        g_free(value);
        value = g_strdup(line + 1);
        g_strdelimit(value, "\"[]", ' ');
        g_strstrip(value);
    }
    return value;
}

void setup_read_libvirt(const OsRoot *root, LibvirtSetup *libvirt)
{
    read_units(root, libvirt);
    read_network(root, libvirt);
    libvirt->security_driver = find_security_driver(root);
    if (os_exists(root, "etc/libvirt/hooks") || !os_exists(root, "etc/libvirt"))
        libvirt->hook =
            os_exists(root, "etc") ? tri(os_exists(root, "etc/libvirt/hooks/qemu")) : TRI_UNKNOWN;
}
