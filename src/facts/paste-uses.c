/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-uses.h"

#include "facts/place.h"

#include <string.h>

/* More of anything than a host has, so that a text of such lines takes little memory. */
enum { MOST = 1024, NAME_MAX_LENGTH = 64 };

PasteUses *paste_uses_new(void)
{
    PasteUses *uses = g_new0(PasteUses, 1);

    uses->blocks = g_ptr_array_new_with_free_func((GDestroyNotify)block_device_free);
    uses->interfaces = g_ptr_array_new_with_free_func((GDestroyNotify)net_interface_free);
    uses->displays = g_ptr_array_new_with_free_func((GDestroyNotify)display_facts_free);
    uses->linked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    uses->listed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    uses->routes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    uses->devices = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return uses;
}

void paste_uses_free(PasteUses *uses)
{
    g_clear_pointer(&uses->blocks, g_ptr_array_unref);
    g_clear_pointer(&uses->interfaces, g_ptr_array_unref);
    g_clear_pointer(&uses->displays, g_ptr_array_unref);
    g_hash_table_unref(uses->linked);
    g_hash_table_unref(uses->listed);
    g_hash_table_unref(uses->routes);
    g_hash_table_unref(uses->devices);
    g_free(uses->frame_buffer);
    g_free(uses);
}

static bool is_name(const char *text)
{
    gsize length = strlen(text);
    return length > 0 && length <= NAME_MAX_LENGTH && text[0] != '.' &&
           strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-!@:") ==
               length;
}

static BlockDevice *block_named(PasteUses *uses, const char *name)
{
    for (guint i = 0; i < uses->blocks->len; i++) {
        BlockDevice *device = g_ptr_array_index(uses->blocks, i);
        if (strcmp(device->name, name) == 0)
            return device;
    }
    if (uses->blocks->len >= MOST)
        return NULL;
    BlockDevice *device = block_device_new(name);
    device->kind = BLOCK_OTHER;
    g_ptr_array_add(uses->blocks, device);
    return device;
}

static NetInterface *interface_named(PasteUses *uses, const char *name)
{
    for (guint i = 0; i < uses->interfaces->len; i++) {
        NetInterface *interface = g_ptr_array_index(uses->interfaces, i);
        if (strcmp(interface->name, name) == 0)
            return interface;
    }
    if (uses->interfaces->len >= MOST)
        return NULL;
    NetInterface *interface = net_interface_new(name);
    g_ptr_array_add(uses->interfaces, interface);
    return interface;
}

static GStrv with_word(GStrv words, const char *word)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    bool there = words != NULL && g_strv_contains((const char *const *)words, word);

    if (words != NULL)
        g_strv_builder_addv(builder, (const char **)words);
    if (!there && (words == NULL || g_strv_length(words) < NAME_MAX_LENGTH))
        g_strv_builder_add(builder, word);
    g_strfreev(words);
    return g_strv_builder_end(builder);
}

/* ---- links ---- */

/* Where the names and places of a link are. NAME may be a whole path. */
typedef struct {
    char *name, *target; /* "card0", "../../devices/pci0000:00/0000:00:02.0/drm/card0" */
    const char *last;    /* the last component of the target */
} Link;

static bool link_read(const char *line, Link *link)
{
    const char *arrow = strstr(line, " -> ");
    if (arrow == NULL || line[0] != 'l')
        return false;
    const char *start = arrow;
    while (start > line && start[-1] != ' ')
        start--;
    link->name = g_strndup(start, (gsize)(arrow - start));
    link->target = g_strdup(arrow + strlen(" -> "));
    const char *slash = strrchr(link->target, '/');
    link->last = slash != NULL ? slash + 1 : link->target;
    return true;
}

static bool is_below(const Link *link, const char *folder)
{
    g_autofree char *end = g_strconcat("/", folder, "/", link->last, NULL);
    return g_str_has_suffix(link->target, end);
}

static char *function_at(const Link *link)
{
    return place_pci_function(link->target);
}

static void take_display(PasteUses *uses, const Link *link)
{
    bool card = g_str_has_prefix(link->last, "card") && link->last[4] != '\0' &&
                strspn(link->last + 4, "0123456789") == strlen(link->last + 4);
    if (!card || uses->displays->len >= MOST)
        return;
    for (guint i = 0; i < uses->displays->len; i++) {
        if (strcmp(((DisplayFacts *)g_ptr_array_index(uses->displays, i))->name, link->last) == 0)
            return;
    }
    DisplayFacts *display = display_facts_new();
    display->name = g_strdup(link->last);
    display->pci = strstr(link->target, "/platform/") != NULL ? NULL : function_at(link);
    g_ptr_array_add(uses->displays, display);
}

static void take_frame_buffer(PasteUses *uses, const Link *link)
{
    if (strcmp(link->last, "fbcon") == 0)
        uses->no_frame_buffer = uses->frame_buffer == NULL;
    if (strcmp(link->last, "fb0") != 0 || uses->frame_buffer != NULL)
        return;
    uses->frame_buffer = function_at(link);
    uses->no_frame_buffer = false;
}

static void take_interface(PasteUses *uses, const Link *link)
{
    NetInterface *interface = is_name(link->last) ? interface_named(uses, link->last) : NULL;
    if (interface == NULL || interface->pci != NULL)
        return;
    interface->pci = function_at(link);
    uses->interface_links = true;
}

/* "/sys/class/net/eno1/master -> ../../../../../virtual/net/vmbr0": the bridge uses the port. */
static void take_master(PasteUses *uses, const Link *link)
{
    g_auto(GStrv) parts = g_strsplit(link->name, "/", -1);
    guint count = g_strv_length(parts);
    NetInterface *master = is_name(link->last) ? interface_named(uses, link->last) : NULL;

    if (master != NULL && count >= 2 && is_name(parts[count - 2]))
        master->below = with_word(master->below, parts[count - 2]);
}

static void take_block(PasteUses *uses, const Link *link)
{
    BlockDevice *device = is_name(link->last) ? block_named(uses, link->last) : NULL;
    if (device == NULL || device->pci != NULL)
        return;
    /* with multipath a disk is below its subsystem, which does not tell the controllers */
    if (strstr(link->target, "/nvme-subsystem/") == NULL)
        device->pci = place_pci_functions(link->target);
    g_hash_table_add(uses->linked, g_strdup(link->last));
}

/* Disks of NVMe are in /sys/block, too, but their folder is that of the controller. */
static bool is_block(const Link *link)
{
    return is_below(link, "block") ||
           (g_str_has_prefix(link->last, "nvme") && strstr(link->target, "/nvme") != NULL &&
            strcmp(link->name, link->last) == 0);
}

bool paste_uses_link(PasteUses *uses, const char *line)
{
    Link link;
    bool taken = true;

    if (!link_read(line, &link))
        return false;
    if (g_str_has_suffix(link.name, "/master") && is_below(&link, "net"))
        take_master(uses, &link);
    else if (strstr(link.target, "devices/") == NULL)
        taken = false;
    else if (is_below(&link, "drm"))
        take_display(uses, &link);
    else if (is_below(&link, "graphics"))
        take_frame_buffer(uses, &link);
    else if (is_below(&link, "net"))
        take_interface(uses, &link);
    else if (is_block(&link))
        take_block(uses, &link);
    else
        taken = false;
    g_free(link.name);
    g_free(link.target);
    return taken;
}

bool paste_uses_status(PasteUses *uses, const char *line)
{
    static const char FOLDER[] = "/sys/class/drm/", STATUS[] = "/status:connected";
    gsize length = strlen(line);

    if (!g_str_has_prefix(line, FOLDER) || !g_str_has_suffix(line, STATUS))
        return false;
    g_autofree char *connector =
        g_strndup(line + strlen(FOLDER), length - strlen(FOLDER) - strlen(STATUS));
    const char *dash = strchr(connector, '-');
    for (guint i = 0; dash != NULL && is_name(dash + 1) && i < uses->displays->len; i++) {
        DisplayFacts *display = g_ptr_array_index(uses->displays, i);
        if (strlen(display->name) == (gsize)(dash - connector) &&
            g_str_has_prefix(connector, display->name))
            display->connected = with_word(display->connected, dash + 1);
    }
    return true;
}

/* ---- lsblk ---- */

/* The value of KEY in KNAME="sda1" PKNAME="sda" ...; NULL: it has none. */
static char *pair(const char *line, const char *key)
{
    g_autofree char *start = g_strconcat(key, "=\"", NULL);
    const char *at = line;

    while ((at = strstr(at, start)) != NULL && at > line && at[-1] != ' ')
        at++;
    if (at == NULL)
        return NULL;
    at += strlen(start);
    const char *end = strchr(at, '"');
    return end != NULL ? g_strndup(at, (gsize)(end - at)) : NULL;
}

static BlockKind kind_of(const char *type)
{
    static const struct {
        const char *type;
        BlockKind kind;
    } KINDS[] = {{"disk", BLOCK_DISK},   {"part", BLOCK_PARTITION}, {"lvm", BLOCK_LVM},
                 {"crypt", BLOCK_CRYPT}, {"loop", BLOCK_LOOP},      {"dm", BLOCK_MAPPER},
                 {"mpath", BLOCK_MAPPER}};

    for (guint i = 0; i < G_N_ELEMENTS(KINDS); i++) {
        if (strcmp(type, KINDS[i].type) == 0)
            return KINDS[i].kind;
    }
    return g_str_has_prefix(type, "raid") ? BLOCK_RAID : BLOCK_OTHER;
}

static void take_mount(BlockDevice *device, const char *point)
{
    if (device->swap == TRI_UNKNOWN)
        device->swap = TRI_NO;
    if (device->mounts == NULL)
        device->mounts = g_new0(char *, 1);
    if (strcmp(point, "[SWAP]") == 0)
        device->swap = TRI_YES;
    else if (*point != '\0')
        device->mounts = with_word(device->mounts, point);
}

bool paste_uses_lsblk(PasteUses *uses, const char *line)
{
    g_autofree char *name = pair(line, "KNAME"), *type = pair(line, "TYPE");
    g_autofree char *label = pair(line, "NAME");
    g_autofree char *parent = pair(line, "PKNAME"), *content = pair(line, "FSTYPE");
    g_autofree char *mount = pair(line, "MOUNTPOINT");

    if (name == NULL || type == NULL || parent == NULL || content == NULL || mount == NULL)
        return false;
    BlockDevice *device = is_name(name) ? block_named(uses, name) : NULL;
    if (device == NULL)
        return true;
    device->kind = kind_of(type);
    if (label != NULL && strcmp(label, name) != 0 && device->label == NULL)
        device->label = g_steal_pointer(&label);
    if (is_name(parent))
        device->below = with_word(device->below, parent);
    g_free(device->content);
    device->content = g_strdup(content);
    take_mount(device, mount);
    uses->contents |= *content != '\0';
    g_hash_table_add(uses->listed, g_strdup(name));
    return true;
}

/* ---- routes and sessions ---- */

bool paste_uses_route(PasteUses *uses, const char *line)
{
    const char *device = g_str_has_prefix(line, "default ") ? strstr(line, " dev ") : NULL;
    if (device == NULL)
        return false;
    device += strlen(" dev ");
    g_autofree char *name = g_strndup(device, strcspn(device, " \t"));
    if (!is_name(name) || interface_named(uses, name) == NULL)
        return false;
    g_hash_table_add(uses->routes, g_steal_pointer(&name));
    return true;
}

static void end_session(PasteUses *uses)
{
    uses->untold |= uses->open_session;
    uses->open_session = false;
}

static void take_devices(PasteUses *uses, const char *numbers)
{
    g_auto(GStrv) words = g_strsplit(numbers, " ", MOST);

    for (char **word = words; *word != NULL; word++) {
        /* the minor numbers from 64 on are no cards (Linux Documentation/admin-guide/devices.txt)
         */
        if (!g_str_has_prefix(*word, "226:") || g_ascii_strtoull(*word + 4, NULL, 10) >= 64)
            continue;
        g_hash_table_add(uses->devices, g_strdup(*word));
        uses->graphical = true;
        uses->open_session = false;
    }
}

bool paste_uses_session(PasteUses *uses, const char *line)
{
    static const char *const TYPES[] = {"tty", "x11", "wayland", "mir", "web", "unspecified", NULL};

    if (g_str_has_prefix(line, "TYPE=") && g_strv_contains(TYPES, line + strlen("TYPE="))) {
        const char *type = line + strlen("TYPE=");
        end_session(uses);
        uses->sessions = true;
        uses->open_session =
            strcmp(type, "x11") == 0 || strcmp(type, "wayland") == 0 || strcmp(type, "mir") == 0;
        uses->graphical |= uses->open_session;
        return true;
    }
    if (!g_str_has_prefix(line, "DEVICES=") || line[strspn(line + 8, "0123456789: ") + 8] != '\0')
        return false;
    take_devices(uses, line + strlen("DEVICES="));
    return true;
}
