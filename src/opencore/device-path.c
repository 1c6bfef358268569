/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/device-path.h"

#include <stdbool.h>
#include <string.h>

/* Nodes whose form is known here: NUMBERS hexadecimal numbers of BITS bits. */
static const struct {
    const char *name;
    guint numbers, bits;
} NODES[] = {
    {"Pci", 2, 8},     {"PciRoot", 1, 32},  {"PcieRoot", 1, 32}, {"Ctrl", 1, 32},
    {"Floppy", 1, 32}, {"Keyboard", 1, 32}, {"Serial", 1, 32},   {"ParallelPort", 1, 32},
};

/* The others of UefiDevicePathLib. */
static const char *const OTHER_NODES[] = {
    "Path",
    "HardwarePath",
    "PcCard",
    "MemoryMapped",
    "VenHw",
    "BMC",
    "AcpiPath",
    "Acpi",
    "AcpiEx",
    "AcpiExp",
    "AcpiAdr",
    "Msg",
    "Ata",
    "Scsi",
    "Fibre",
    "FibreEx",
    "I1394",
    "USB",
    "I2O",
    "Infiniband",
    "VenMsg",
    "VenPcAnsi",
    "VenVt100",
    "VenVt100Plus",
    "VenUtf8",
    "UartFlowCtrl",
    "SAS",
    "SasEx",
    "NVMe",
    "UFS",
    "SD",
    "eMMC",
    "DebugPort",
    "MAC",
    "IPv4",
    "IPv6",
    "Uart",
    "UsbClass",
    "UsbAudio",
    "UsbCDCControl",
    "UsbHID",
    "UsbImage",
    "UsbPrinter",
    "UsbMassStorage",
    "UsbHub",
    "UsbCDCData",
    "UsbSmartCard",
    "UsbVideo",
    "UsbDiagnostic",
    "UsbWireless",
    "UsbWwid",
    "UsbDeviceFirmwareUpdate",
    "UsbIrdaBridge",
    "UsbTestAndMeasurement",
    "Unit",
    "iSCSI",
    "Vlan",
    "Dns",
    "Uri",
    "Bluetooth",
    "BluetoothLE",
    "Wi-Fi",
    "MediaPath",
    "HD",
    "CDROM",
    "VenMedia",
    "Media",
    "Fv",
    "FvFile",
    "Offset",
    "RamDisk",
    "VirtualDisk",
    "VirtualCD",
    "PersistentVirtualDisk",
    "BbsPath",
    "PersistentVirtualCD",
    "BBS",
    "Sata",
};

/* The nodes of TEXT, at the slashes outside of parentheses; NULL where those do not match. */
static GPtrArray *split_nodes(const char *text)
{
    g_autoptr(GPtrArray) nodes = g_ptr_array_new_with_free_func(g_free);
    int depth = 0;
    const char *start = text;
    for (const char *c = text;; c++) {
        depth += *c == '(' ? 1 : *c == ')' ? -1 : 0;
        if (*c != '\0' && (*c != '/' || depth > 0))
            continue;
        if (depth != 0)
            return NULL;
        g_ptr_array_add(nodes, g_strndup(start, (gsize)(c - start)));
        if (*c == '\0')
            return g_steal_pointer(&nodes);
        start = c + 1;
    }
}

/* A number as the firmware reads it: hexadecimal behind 0x, else decimal; what follows is dropped.
 */
static guint64 read_number(const char *text, guint bits)
{
    while (*text == ' ')
        text++;
    const char *digits = text + strspn(text, "0");
    bool hex = *digits == 'x' || *digits == 'X';
    guint64 number =
        hex ? g_ascii_strtoull(digits + 1, NULL, 16) : g_ascii_strtoull(text, NULL, 10);
    return bits == 64 ? number : number & ((G_GUINT64_CONSTANT(1) << bits) - 1);
}

/* `Acpi(PNP0C0F,0x0)`; some numbers have a name of their own. */
static char *write_acpi(char *const *arguments)
{
    static const struct {
        guint number;
        const char *name;
    } NAMED[] = {
        {0x0a03, "PciRoot"},  {0x0a08, "PcieRoot"}, {0x0604, "Floppy"},
        {0x0301, "Keyboard"}, {0x0501, "Serial"},   {0x0401, "ParallelPort"},
    };
    const char *id = arguments[0] != NULL ? arguments[0] : "";
    guint64 uid = arguments[0] != NULL && arguments[1] != NULL ? read_number(arguments[1], 32) : 0;
    if (g_ascii_strncasecmp(id, "PNP", 3) != 0)
        return g_strdup("Acpi(PNPnnnn,0xn)");
    guint number = (guint)(g_ascii_strtoull(id + 3, NULL, 16) & 0xffff);
    for (guint i = 0; i < G_N_ELEMENTS(NAMED); i++) {
        if (NAMED[i].number == number)
            return g_strdup_printf("%s(0x%" G_GINT64_MODIFIER "x)", NAMED[i].name, uid);
    }
    return g_strdup_printf("Acpi(PNP%04x,0x%" G_GINT64_MODIFIER "x)", number, uid);
}

/* The firmware's form of NODE; NULL where it is not known here. The caller owns it. */
static char *firmware_form(const char *node)
{
    const char *open = strchr(node, '('), *close = open != NULL ? strchr(open, ')') : NULL;
    if (close == NULL)
        return NULL;
    g_autofree char *name = g_strndup(node, (gsize)(open - node));
    g_autofree char *inside = g_strndup(open + 1, (gsize)(close - open - 1));
    g_auto(GStrv) arguments = g_strsplit(inside, ",", -1);
    if (strcmp(name, "Acpi") == 0)
        return write_acpi(arguments);
    for (guint i = 0; i < G_N_ELEMENTS(NODES); i++) {
        if (strcmp(NODES[i].name, name) != 0)
            continue;
        guint given = g_strv_length(arguments);
        guint64 first = given > 0 ? read_number(arguments[0], NODES[i].bits) : 0;
        guint64 second = given > 1 ? read_number(arguments[1], NODES[i].bits) : 0;
        if (NODES[i].numbers == 1)
            return g_strdup_printf("%s(0x%" G_GINT64_MODIFIER "x)", name, first);
        return g_strdup_printf("%s(0x%" G_GINT64_MODIFIER "x,0x%" G_GINT64_MODIFIER "x)", name,
                               first, second);
    }
    return NULL;
}

char *device_path_problem(const char *text)
{
    if (*text == '\0')
        return NULL;
    g_autoptr(GPtrArray) nodes = split_nodes(text);
    if (nodes == NULL)
        return g_strdup("is no device path: a parenthesis is not closed");
    for (guint i = 0; i < nodes->len; i++) {
        const char *node = g_ptr_array_index(nodes, i);
        if (strcspn(node, ",") < strcspn(node, "("))
            return g_strdup("is no path of one device: it has a comma outside of parentheses");
        if (*node == '\0')
            return g_strdup("is no device path: it has an empty part between its slashes");
        g_autofree char *form = firmware_form(node);
        if (form != NULL && g_ascii_strcasecmp(form, node) != 0)
            return g_strdup_printf("has '%s', which the firmware writes %s", node, form);
    }
    return NULL;
}

static bool is_known(const char *node)
{
    const char *open = strchr(node, '(');
    g_autofree char *name = g_strndup(node, open != NULL ? (gsize)(open - node) : 0);
    for (guint i = 0; i < G_N_ELEMENTS(NODES); i++) {
        if (strcmp(NODES[i].name, name) == 0)
            return true;
    }
    for (guint i = 0; i < G_N_ELEMENTS(OTHER_NODES); i++) {
        if (strcmp(OTHER_NODES[i], name) == 0)
            return true;
    }
    return false;
}

char *device_path_odd_node(const char *text)
{
    g_autoptr(GPtrArray) nodes = split_nodes(text);
    for (guint i = 0; nodes != NULL && i < nodes->len; i++) {
        const char *node = g_ptr_array_index(nodes, i);
        if (*node != '\0' && !is_known(node))
            return g_strdup(node);
    }
    return NULL;
}
