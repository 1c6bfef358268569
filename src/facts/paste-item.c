/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-item.h"

#include <stdlib.h>
#include <string.h>

/* lshw (its textual output), and libvirt's XML of node devices. */

PasteItem *paste_begin_item(Paste *paste, ItemKind kind, const char *title)
{
    paste_end_item(paste);
    PasteItem *item = g_new0(PasteItem, 1);
    item->kind = kind;
    item->title = g_strdup(title);
    item->class_code = item->interface = item->vendor = item->device = UNKNOWN;
    item->revision = item->group = item->subsystem_vendor = item->subsystem_device = UNKNOWN;
    paste->item = item;
    return item;
}

static void set(char **place, const char *value)
{
    if (*place == NULL)
        *place = g_strdup(value);
}

/* lshw's words for classes that pci.ids calls otherwise (lshw, src/core/pci.cc). */
static int class_of(const Paste *paste, const PasteItem *item)
{
    if (item->class_name == NULL)
        return item->class_code;
    if (strcmp(item->class_name, "Ethernet interface") == 0)
        return 0x0200;
    if (strcmp(item->class_name, "Wireless interface") == 0)
        return 0x0280;
    return paste_class_named(paste, item->class_name, strlen(item->class_name));
}

static void apply(Paste *paste, const PasteItem *item)
{
    PciFunction *function = paste_function(paste, item->address);
    if (function == NULL)
        return;
    paste_class(paste, function, class_of(paste, item), item->interface);
    paste_int(paste, &function->vendor, item->vendor);
    paste_int(paste, &function->device, item->device);
    paste_int(paste, &function->subsystem_vendor, item->subsystem_vendor);
    paste_int(paste, &function->subsystem_device, item->subsystem_device);
    paste_int(paste, &function->revision, item->revision);
    paste_claim(paste, function, item->group);
    if (item->driver != NULL)
        paste_driver(paste, function, item->driver);
    if (function->vendor_name == NULL)
        function->vendor_name = g_strdup(item->vendor_name);
    if (function->device_name == NULL)
        function->device_name = g_strdup(item->product);
}

/* The nodes of lshw that are no PCI functions. */
static void apply_lshw(Paste *paste, const PasteItem *item)
{
    FirmwareFacts *firmware = &paste->facts->firmware;
    if (strcmp(item->title, "core") == 0) {
        paste_text_loosely(paste, &firmware->board_vendor, item->vendor_name);
        paste_text_loosely(paste, &firmware->board_name, item->product);
    } else if (strcmp(item->title, "firmware") == 0) {
        paste_text_loosely(paste, &firmware->vendor, item->vendor_name);
        paste_text_loosely(paste, &firmware->version, item->version);
        paste_text_loosely(paste, &firmware->date, item->date);
    } else if (strcmp(item->title, "cpu") == 0) {
        paste_text_loosely(paste, &paste->facts->cpu.name, item->product);
    } else {
        return;
    }
    paste->recognised = true;
}

void paste_item_free(PasteItem *item)
{
    g_free(item->title);
    g_free(item->address);
    g_free(item->class_name);
    g_free(item->product);
    g_free(item->vendor_name);
    g_free(item->version);
    g_free(item->date);
    g_free(item->driver);
    if (item->text != NULL)
        g_string_free(item->text, TRUE);
    g_free(item);
}

void paste_end_item(Paste *paste)
{
    PasteItem *item = g_steal_pointer(&paste->item);
    if (item == NULL)
        return;
    if (item->kind == ITEM_INXI)
        paste_inxi_end(paste, item);
    else if (item->address != NULL)
        apply(paste, item);
    else if (item->kind == ITEM_LSHW)
        apply_lshw(paste, item);
    paste_item_free(item);
}

/* "NVIDIA Corporation [10DE]", with lshw -numeric: the number is cut off. */
static char *without_number(const char *value, int *ret_number)
{
    const char *bracket = strrchr(value, '[');
    gsize length = strlen(value);
    if (bracket != NULL && value[length - 1] == ']') {
        const char *colon = strchr(bracket, ':');
        int number = paste_hex4((colon != NULL ? colon : bracket) + 1);
        if (number != UNKNOWN) {
            *ret_number = number;
            length = (gsize)(bracket - value);
        }
    }
    return g_strchomp(g_strndup(value, length));
}

static void take_lshw_driver(PasteItem *item, const char *configuration)
{
    const char *driver = paste_after(configuration, "driver=");
    if (driver != NULL) {
        g_free(item->driver);
        item->driver = g_strndup(driver, strcspn(driver, " "));
    }
}

static bool is_other_key(const char *text)
{
    static const char *const KEYS[] = {"physical id",  "logical name", "width", "clock",
                                       "capabilities", "resources",    "size",  "capacity",
                                       "slot",         "serial"};
    for (guint i = 0; i < G_N_ELEMENTS(KEYS); i++) {
        if (paste_value(text, KEYS[i]) != NULL)
            return true;
    }
    return false;
}

static bool take_lshw(PasteItem *item, const char *text)
{
    const char *value, *rest;
    if ((value = paste_value(text, "description")) != NULL) {
        set(&item->class_name, value);
    } else if ((value = paste_value(text, "product")) != NULL) {
        if (item->product == NULL)
            item->product = without_number(value, &item->device);
    } else if ((value = paste_value(text, "vendor")) != NULL) {
        if (item->vendor_name == NULL)
            item->vendor_name = without_number(value, &item->vendor);
    } else if ((value = paste_value(text, "bus info")) != NULL) {
        if (g_str_has_prefix(value, "pci@"))
            item->address = item->address != NULL ? item->address : paste_address(value + 4, &rest);
    } else if ((value = paste_value(text, "version")) != NULL) {
        set(&item->version, value);
        if (strlen(value) == 2)
            item->revision = paste_hex2_after(value, "");
    } else if ((value = paste_value(text, "date")) != NULL) {
        set(&item->date, value);
    } else if ((value = paste_value(text, "configuration")) != NULL) {
        take_lshw_driver(item, value);
    } else {
        return is_other_key(text);
    }
    return true;
}

/* "  *-display:0 UNCLAIMED" */
static bool begin_lshw(Paste *paste, const char *whole)
{
    const char *mark = whole + strspn(whole, " \t>");
    if (!g_str_has_prefix(mark, "*-") || !g_ascii_islower(mark[2]))
        return false;
    gsize length = strspn(mark + 2, "abcdefghijklmnopqrstuvwxyz");
    const char *rest = mark + 2 + length;
    if (*rest == ':')
        rest += 1 + strspn(rest + 1, "0123456789.");
    if (*rest != '\0' && *rest != ' ')
        return false;
    g_autofree char *title = g_strndup(mark + 2, length);
    PasteItem *item = paste_begin_item(paste, ITEM_LSHW, title);
    if (strstr(rest, "UNCLAIMED") != NULL)
        item->driver = g_strdup("");
    return true;
}

/* The first node of an excerpt, whose own line was left out. */
static bool begin_without_title(Paste *paste, const PasteLine *line)
{
    bool other = paste->item != NULL && paste->item->kind == ITEM_LSHW;
    if (other || line->indent == 0 || !g_str_has_prefix(line->text, "description: "))
        return false;
    return take_lshw(paste_begin_item(paste, ITEM_LSHW, ""), line->text);
}

/* lshw -businfo: "pci@0000:01:00.0  display  GP104 [GeForce GTX 1070]" */
static bool take_business(Paste *paste, const char *text)
{
    const char *rest;
    g_autofree char *address =
        g_str_has_prefix(text, "pci@") ? paste_address(text + 4, &rest) : NULL;
    PciFunction *function = address != NULL ? paste_function(paste, address) : NULL;
    if (function == NULL)
        return false;
    const char *name = strrchr(rest, '\t');
    for (const char *gap = strstr(rest, "  "); gap != NULL; gap = strstr(gap + 1, "  "))
        name = gap + 1;
    if (name != NULL && function->device_name == NULL && name[strspn(name, " \t")] != '\0')
        function->device_name = g_strstrip(g_strdup(name));
    return true;
}

/* The value of ATTRIBUTE='0x1b81' in an element of XML, or UNKNOWN. */
static int xml_number(const char *text, const char *attribute)
{
    g_autofree char *words = g_strconcat(attribute, "=", NULL);
    const char *at = paste_after(text, words);
    if (at == NULL || (*at != '\'' && *at != '"'))
        return UNKNOWN;
    guint64 value = g_ascii_strtoull(at + 1, NULL, 0);
    return value <= 0xffff ? (int)value : UNKNOWN;
}

static char *xml_content(const char *text)
{
    const char *start = strchr(text, '>');
    return start != NULL ? g_strndup(start + 1, strcspn(start + 1, "<")) : NULL;
}

/* "pci_0000_01_00_0" */
static char *node_address(const char *name)
{
    const char *rest;
    if (!g_str_has_prefix(name, "pci_"))
        return NULL;
    g_autofree char *text = g_strndup(name + 4, strcspn(name + 4, "<'\" "));
    gsize length = strlen(text);
    g_strdelimit(text, "_", ':');
    if (length > 2)
        text[length - 2] = '.';
    return paste_address(text, &rest);
}

static void take_node_member(Paste *paste, const PasteItem *item, const char *text)
{
    int domain = xml_number(text, "domain"), bus = xml_number(text, "bus");
    int slot = xml_number(text, "slot"), number = xml_number(text, "function");
    const char *rest;
    if (item->group == UNKNOWN || domain == UNKNOWN || bus == UNKNOWN || slot == UNKNOWN)
        return;
    g_autofree char *place = g_strdup_printf("%04x:%02x:%02x.%x", domain, bus, slot, number);
    g_autofree char *address = paste_address(place, &rest);
    if (address != NULL)
        paste_claim(paste, paste_function(paste, address), item->group);
}

static bool take_node(Paste *paste, PasteItem *item, const char *text)
{
    if (g_str_has_prefix(text, "<driver>")) {
        item->in_driver = true;
    } else if (g_str_has_prefix(text, "</driver>")) {
        item->in_driver = false;
    } else if (g_str_has_prefix(text, "<name>") && item->in_driver) {
        g_free(item->driver);
        item->driver = xml_content(text);
    } else if (g_str_has_prefix(text, "<class>0x") && strlen(text) >= 15) {
        guint64 code = g_ascii_strtoull(text + strlen("<class>"), NULL, 16);
        item->class_code = code <= 0xffffff ? (int)(code >> 8) : UNKNOWN;
        item->interface = (int)(code & 0xff);
    } else if (g_str_has_prefix(text, "<product id=")) {
        item->device = xml_number(text, "id");
        item->product = item->product != NULL ? item->product : xml_content(text);
    } else if (g_str_has_prefix(text, "<vendor id=")) {
        item->vendor = xml_number(text, "id");
        item->vendor_name = item->vendor_name != NULL ? item->vendor_name : xml_content(text);
    } else if (g_str_has_prefix(text, "<iommuGroup ")) {
        item->group = xml_number(text, "number");
    } else if (g_str_has_prefix(text, "<address ")) {
        take_node_member(paste, item, text);
    } else if (g_str_has_prefix(text, "</device>")) {
        paste_end_item(paste);
    } else {
        return *text == '<';
    }
    return true;
}

static bool begin_node(Paste *paste, const char *text)
{
    g_autofree char *address =
        g_str_has_prefix(text, "<name>") ? node_address(text + strlen("<name>")) : NULL;
    if (address == NULL)
        return false;
    PasteItem *item = paste_begin_item(paste, ITEM_NODEDEV, NULL);
    item->address = g_steal_pointer(&address);
    return true;
}

bool paste_take_item(Paste *paste, const PasteLine *line)
{
    const char *text = line->text;

    if (begin_lshw(paste, line->whole) || begin_without_title(paste, line) ||
        begin_node(paste, text))
        return true;
    if (paste_is_json(text))
        return paste_take_json(paste, text);
    if (paste_take_inxi(paste, line) || take_business(paste, text))
        return true;
    if (paste->item == NULL)
        return false;
    bool taken = (paste->item->kind == ITEM_LSHW && take_lshw(paste->item, text)) ||
                 (paste->item->kind == ITEM_NODEDEV && take_node(paste, paste->item, text));
    return taken;
}
