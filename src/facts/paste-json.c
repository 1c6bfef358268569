/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-item.h"

#include <string.h>

/* JSON of Proxmox's API (pvesh get /nodes/NODE/hardware/pci) and of lscpu -J. */

static int json_hex(const char *value)
{
    guint64 number =
        g_str_has_prefix(value, "0x") ? g_ascii_strtoull(value, NULL, 16) : G_MAXUINT64;
    return number <= 0xffffff ? (int)number : UNKNOWN;
}

/* A line of lspci is nothing that is known here. */
static bool is_listing(const char *value)
{
    const char *rest;
    g_autofree char *address = paste_address(value, &rest);
    return address != NULL && *rest == ' ';
}

static void take_member(Paste *paste, const char *key, const char *value)
{
    const char *rest;
    PasteItem *item = paste->item;

    if (strcmp(key, "field") == 0) {
        g_free(paste->json_field);
        paste->json_field = g_strdup(value);
    } else if (strcmp(key, "data") == 0 && paste->json_field != NULL) {
        g_autofree char *text = g_strconcat(paste->json_field, " ", value, NULL);
        PasteLine line = {.whole = text, .text = text, .plain = true};
        g_clear_pointer(&paste->json_field, g_free);
        paste_take_cpu(paste, &line);
    } else if (item == NULL || item->kind != ITEM_JSON) {
        return;
    } else if (strcmp(key, "id") == 0 && item->address == NULL) {
        item->address = paste_address(value, &rest);
    } else if (strcmp(key, "iommugroup") == 0) {
        item->group = paste_decimal(value, G_MAXINT, NULL);
    } else if (strcmp(key, "class") == 0 && json_hex(value) != UNKNOWN) {
        item->class_code = json_hex(value) >> 8;
        item->interface = json_hex(value) & 0xff;
    } else if (strcmp(key, "vendor") == 0) {
        item->vendor = json_hex(value);
    } else if (strcmp(key, "device") == 0) {
        item->device = json_hex(value);
    } else if (strcmp(key, "subsystem_vendor") == 0) {
        item->subsystem_vendor = json_hex(value);
    } else if (strcmp(key, "subsystem_device") == 0) {
        item->subsystem_device = json_hex(value);
    } else if (strcmp(key, "device_name") == 0) {
        item->product = item->product != NULL ? item->product : g_strdup(value);
    } else if (strcmp(key, "vendor_name") == 0) {
        item->vendor_name = item->vendor_name != NULL ? item->vendor_name : g_strdup(value);
    }
}

/* Members of objects of JSON, as they come: `"key": "value"` and `"key": 12`, braces between. */
bool paste_take_json(Paste *paste, const char *text)
{
    bool taken = false;

    for (const char *at = text; (at = strpbrk(at, "{}\"")) != NULL;) {
        if (*at != '"') {
            if (*at == '{')
                paste_begin_item(paste, ITEM_JSON, NULL);
            else if (paste->item != NULL && paste->item->kind == ITEM_JSON)
                paste_end_item(paste);
            at++;
            continue;
        }
        gsize length = strcspn(at + 1, "\"");
        const char *colon = at + 1 + length + (at[1 + length] == '"');
        colon += strspn(colon, " \t");
        if (length == 0 || length > 40 || *colon != ':') {
            at = colon;
            continue;
        }
        const char *start = colon + 1 + strspn(colon + 1, " \t");
        gsize size = *start == '"' ? strcspn(start + 1, "\"") : strcspn(start, ",} ");
        g_autofree char *key = g_strndup(at + 1, length);
        g_autofree char *value = g_strndup(*start == '"' ? start + 1 : start, MIN(size, 16384));
        take_member(paste, key, value);
        taken |= !is_listing(value);
        at = *start == '"' ? start + 1 + size + (start[1 + size] == '"') : start + size;
    }
    return taken;
}

bool paste_is_json(const char *text)
{
    const char *at = text + strspn(text, " \t[]{},");
    return *at == '"' ? strstr(at, "\":") != NULL || strstr(at, "\" :") != NULL
                      : *text != '\0' && text[strspn(text, "[]{}, ")] == '\0';
}
