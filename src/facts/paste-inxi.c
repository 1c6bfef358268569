/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-item.h"

#include <string.h>

/*
 * inxi, versions 2 and 3 (inxi(1)). A section's lines are one run of "key: value", wrapped to the
 * width of the terminal:
 *
 *     Graphics:  Device-1: NVIDIA GP104 [GeForce GTX 1070] vendor: ASUSTeK driver: nvidia v: 535.54
 *                bus-ID: 09:00.0 chip-ID: 10de:1b81 class-ID: 0300
 *
 * Names are shortened ("ASUSTeK" for "ASUSTeK COMPUTER INC."), and so count only where nothing else
 * tells them.
 */

enum { SECTION_MAX = 16 * 1024 };

static const char *const TITLES[] = {
    "System",    "Machine",   "CPU",     "Graphics", "Audio",     "Network", "Drives",
    "Info",      "Partition", "Sensors", "RAID",     "Swap",      "Battery", "USB",
    "Bluetooth", "Memory",    "Logical", "Repos",    "Processes",
};

/* What follows "Graphics:" when LINE begins a section so called. */
static const char *after_title(const char *text, const char **ret_title)
{
    for (guint i = 0; i < G_N_ELEMENTS(TITLES); i++) {
        gsize length = strlen(TITLES[i]);
        if (strncmp(text, TITLES[i], length) != 0 || text[length] != ':')
            continue;
        const char *rest = text + length + 1;
        bool padded = rest[0] == ' ' && rest[1] == ' ';
        rest += strspn(rest, " \t");
        padded &= g_ascii_isalnum(*rest); /* lsiommu has "USB:   [1d6b:0002]" */
        *ret_title = TITLES[i];
        return padded || *rest == '\0' || strstr(rest, ": ") != NULL ? rest : NULL;
    }
    return NULL;
}

/* Lines go on while they are indented; where the white space was lost, while they have its keys. */
static bool goes_on(const PasteLine *line)
{
    static const char *const KEYS[] = {"driver: ", "bus-ID: ", "bus ID: ", "chip-ID: ", "vendor: ",
                                       " v: ",     "Device-",  "serial: ", "flags: ",   "model: "};
    if (strstr(line->text, ": ") == NULL && line->indent == 0)
        return false;
    if (line->indent > 0)
        return true;
    for (guint i = 0; i < G_N_ELEMENTS(KEYS); i++) {
        if (strstr(line->text, KEYS[i]) != NULL)
            return true;
    }
    return false;
}

bool paste_take_inxi(Paste *paste, const PasteLine *line)
{
    const char *title, *rest = after_title(line->text, &title);
    PasteItem *item = paste->item;

    if (rest != NULL) {
        item = paste_begin_item(paste, ITEM_INXI, title);
        item->text = g_string_new(" ");
    } else {
        if (item == NULL || item->kind != ITEM_INXI || !goes_on(line) ||
            item->text->len > SECTION_MAX)
            return false;
        rest = line->text;
    }
    g_string_append_printf(item->text, "%s ", rest);
    return true;
}

/* The value after " KEY: " in TEXT, up to the next key; NULL: it is not there, or not available.
 * The caller owns it. */
static char *value_of(const char *text, const char *key)
{
    g_autofree char *words = g_strconcat(" ", key, ": ", NULL);
    const char *start = paste_after(text, words);
    if (start == NULL)
        return NULL;
    const char *end = strstr(start, ": ");
    gsize length = end != NULL ? (gsize)(end - start) : strlen(start);
    while (end != NULL && length > 0 && start[length - 1] != ' ')
        length--;
    g_autofree char *value = g_strstrip(g_strndup(start, length));
    bool none = *value == '\0' || *value == '<' || strcmp(value, "N/A") == 0;
    return none ? NULL : g_steal_pointer(&value);
}

/* What follows the devices of a section, and has drivers of its own: X's, PulseAudio's. */
static void cut_rest(char *text)
{
    static const char *const WORDS[] = {" Display", " OpenGL", " Sound",
                                        " API: ",   " GLX",    " Server-"};
    for (guint i = 0; i < G_N_ELEMENTS(WORDS); i++) {
        char *at = strstr(text, WORDS[i]);
        if (at != NULL)
            at[1] = '\0';
    }
}

/* What follows "Device-1: ", "Card-1: " or "Card-1 ": the maker, shortened, and the device. NULL:
 * it is not there, or stands for several. The caller owns it. */
static char *name_of(const char *text)
{
    gsize mark = strcspn(text + 1, "0123456789:");
    gsize digits = strspn(text + 1 + mark, "0123456789");
    const char *start = text + 1 + mark + digits;
    start += *start == ':';
    start += strspn(start, " ");
    g_autofree char *words = g_strconcat(" name: ", start, NULL);
    char *name = value_of(words, "name");
    if (name != NULL && name[strspn(name, "0123456789")] == 'x')
        g_clear_pointer(&name, g_free);
    return name;
}

static void take_device(Paste *paste, const char *text)
{
    const char *rest;
    g_autofree char *place = value_of(text, "bus-ID"), *old = value_of(text, "bus ID");
    g_autofree char *ids = value_of(text, "chip-ID"), *old_ids = value_of(text, "chip ID");
    g_autofree char *class = value_of(text, "class-ID"), *driver = value_of(text, "driver");
    const char *shown = place != NULL ? place : old;
    g_autofree char *address = shown != NULL ? paste_address(shown, &rest) : NULL;
    PciFunction *function = address != NULL ? paste_function(paste, address) : NULL;
    int vendor = UNKNOWN, device = UNKNOWN;

    if (function == NULL)
        return;
    if (ids != NULL || old_ids != NULL)
        paste_ids(ids != NULL ? ids : old_ids, &vendor, &device, NULL);
    paste_int(paste, &function->vendor, vendor);
    paste_int(paste, &function->device, device);
    g_autofree char *name = name_of(text);
    paste_text_loosely(paste, &function->device_name, name);
    if (class != NULL)
        paste_class(paste, function, paste_hex4(class), UNKNOWN);
    /* "2x NVIDIA ..." are several in one */
    if (driver != NULL && strstr(text, " 2x ") == NULL)
        paste_driver(paste, function, driver);
}

/* "Device-1: ... Device-2: ...", older "Card-1: ...", "Card-1 ...", "Card: ..." */
static void take_devices(Paste *paste, const char *text)
{
    static const char *const WORDS[] = {" Device-", " Card-", " Card: "};
    const char *start = text;

    for (const char *at = strchr(text + 1, ' '); at != NULL; at = strchr(at + 1, ' ')) {
        for (guint i = 0; i < G_N_ELEMENTS(WORDS); i++) {
            if (!g_str_has_prefix(at, WORDS[i]))
                continue;
            g_autofree char *one = g_strndup(start, (gsize)(at - start) + 1);
            cut_rest(one);
            take_device(paste, one);
            start = at;
        }
    }
    g_autofree char *last = g_strdup(start);
    cut_rest(last);
    take_device(paste, last);
}

/* The firmware: "UEFI: American Megatrends v: 4021 date: 08/09/2021"; "BIOS:" and "UEFI [Legacy]:"
 * where it was not booted as UEFI. */
static void take_firmware(Paste *paste, const char *text)
{
    static const struct {
        const char *key;
        Tri uefi;
    } KEYS[] = {{"UEFI", TRI_YES},
                {"UEFI-[Legacy]", TRI_NO},
                {"UEFI [Legacy]", TRI_NO},
                {"BIOS", TRI_NO},
                {"Bios", TRI_UNKNOWN}}; /* of versions that did not look */
    FirmwareFacts *firmware = &paste->facts->firmware;

    for (guint i = 0; i < G_N_ELEMENTS(KEYS); i++) {
        g_autofree char *vendor = value_of(text, KEYS[i].key);
        if (vendor == NULL)
            continue;
        g_autofree char *words = g_strconcat(" ", KEYS[i].key, ": ", NULL);
        const char *rest = strstr(text, words);
        g_autofree char *version = value_of(rest, "v"), *date = value_of(rest, "date");
        paste_tri(paste, &firmware->uefi, KEYS[i].uefi);
        paste_text_loosely(paste, &firmware->vendor, vendor);
        paste_text_loosely(paste, &firmware->version, version);
        paste_text_loosely(paste, &firmware->date, date);
        paste->recognised = true;
        return;
    }
}

static void take_machine(Paste *paste, const char *text)
{
    FirmwareFacts *firmware = &paste->facts->firmware;
    const char *board = strstr(text, " Mobo: ");
    g_autofree char *vendor = board != NULL ? value_of(board, "Mobo") : NULL;
    g_autofree char *name = board != NULL ? value_of(board, "model") : NULL;
    g_autofree char *product = value_of(text, "product");
    g_autofree char *kind = value_of(text, "Type");
    g_autofree char *maker = product != NULL ? value_of(text, "System") : NULL;

    if (name != NULL) {
        paste_text_loosely(paste, &firmware->board_vendor, vendor);
        paste_text_loosely(paste, &firmware->board_name, name);
        paste->recognised = true;
    }
    paste_text_loosely(paste, &firmware->system_vendor, maker);
    paste_text_loosely(paste, &firmware->system_name, product);
    paste_chassis_loosely(paste, kind);
    take_firmware(paste, text);
}

static void take_system(Paste *paste, const char *text)
{
    g_autofree char *kernel = value_of(text, "Kernel"), *distribution = value_of(text, "Distro");
    if (kernel != NULL && g_ascii_isdigit(*kernel) && strchr(kernel, '.') != NULL) {
        kernel[strcspn(kernel, " ")] = '\0';
        paste_text(paste, &paste->facts->kernel.release, kernel);
        paste->recognised = true;
    }
    paste_text_loosely(paste, &paste->facts->distribution.name, distribution);
}

/* "model: AMD Ryzen 7 3750H bits: 64"; in version 2 "Quad core Intel Core i5-6600K (-MCP-) cache:"
 */
static void take_processor(Paste *paste, const char *text)
{
    g_autofree char *name = value_of(text, "model");
    const char *old = paste_after(text, " core "), *end = strstr(text, " (-");

    if (name == NULL && old != NULL && end != NULL && end > old && end - old < 80)
        name = g_strndup(old, (gsize)(end - old));
    if (name == NULL)
        return;
    paste_text_loosely(paste, &paste->facts->cpu.name, name);
    paste->recognised = true;
}

void paste_inxi_end(Paste *paste, const PasteItem *item)
{
    const char *text = item->text->str;
    if (strcmp(item->title, "System") == 0)
        take_system(paste, text);
    else if (strcmp(item->title, "Machine") == 0)
        take_machine(paste, text);
    else if (strcmp(item->title, "CPU") == 0)
        take_processor(paste, text);
    else
        take_devices(paste, text);
}
