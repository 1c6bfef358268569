/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-parts.h"

#include <string.h>

/*
 * Listings of IOMMU groups. There is no common program for them; what the scripts of the wikis
 * write has either the group on every line, or a heading and its members below it:
 *
 *     IOMMU Group 15 0a:00.0 VGA compatible controller [0300]: ...
 *     IOMMU Group  0: 0000:00:02.0 VGA compatible controller [0300] ...
 *     Group 15:  [10de:21c4] [R] 09:00.0  VGA compatible controller   ...
 *     16 08:00.0 VGA compatible controller [0300]: ...
 *     /sys/kernel/iommu_groups/1/devices/0000:01:00.0
 */

enum { GROUP_DIGITS_MAX = 65535 };

void paste_end_header(Paste *paste)
{
    paste->header = UNKNOWN;
    paste->member_indent = UNKNOWN;
    g_hash_table_remove_all(paste->members);
}

static void begin_header(Paste *paste, int group, guint indent)
{
    paste_end_header(paste);
    paste->header = group;
    paste->header_indent = indent;
    paste->current = NULL;
}

static const char *skip_word(const char *text, const char *word)
{
    gsize length = strlen(word);
    return g_ascii_strncasecmp(text, word, length) == 0 ? text + length : NULL;
}

/* "IOMMU Group 15", "Group: 15", "iommu_group #15:". What follows is returned, or NULL. */
static const char *after_group(const char *text, int *ret_group)
{
    const char *rest = skip_word(text, "iommu");
    if (rest == NULL) /* whoever marks text to copy it misses the first letter at times */
        rest = skip_word(text, "ommu");
    if (rest != NULL)
        text = rest + strspn(rest, " _-");
    rest = skip_word(text, "group");
    if (rest == NULL)
        return NULL;
    rest += strspn(rest, " \t:#=");
    const char *end;
    g_autofree char *address = paste_address(rest, &end);
    int group = address == NULL ? paste_decimal(rest, GROUP_DIGITS_MAX, &end) : UNKNOWN;
    if (group == UNKNOWN || g_ascii_isalnum(*end) || *end == '_' || *end == '.')
        return NULL;
    *ret_group = group;
    return end;
}

typedef struct {
    int vendor, device;
} Ids;

/* "[RESET]", "[R]" and "[10de:21c4]" before an address. */
static const char *skip_marks(const char *text, Ids *ids)
{
    for (;;) {
        const char *rest = NULL;
        text += strspn(text, " \t:-|,>*");
        if (*text != '[')
            return text;
        if (!paste_ids(text, &ids->vendor, &ids->device, &rest)) {
            const char *end = strchr(text, ']');
            if (end == NULL || end - text > 8)
                return text;
            rest = end + 1;
        }
        text = rest;
    }
}

/* A member of GROUP at TEXT; PREFIXED: the words of the group are before it. */
static bool take_member(Paste *paste, const char *text, int group)
{
    Ids ids = {UNKNOWN, UNKNOWN};
    const char *rest = skip_marks(text, &ids);
    g_autofree char *address = paste_address(rest, &text);

    if (address == NULL || !paste_take_function(paste, rest, group))
        return false;
    if (paste->current != NULL && strcmp(paste->current->address, address) == 0) {
        paste_int(paste, &paste->current->vendor, ids.vendor);
        paste_int(paste, &paste->current->device, ids.device);
    }
    return true;
}

/* The addresses that TEXT consists of: "0000:00:01.0 0000:01:00.0". NULL: there is something else,
 * or nothing. */
static GPtrArray *only_addresses(const char *text)
{
    g_autoptr(GPtrArray) addresses = g_ptr_array_new_with_free_func(g_free);
    const char *at = text + strspn(text, " \t:-|,>");

    while (*at != '\0') {
        char *address = paste_address(at, &at);
        if (address == NULL)
            return NULL;
        g_ptr_array_add(addresses, address);
        at += strspn(at, " \t,|");
    }
    return addresses->len > 0 ? g_steal_pointer(&addresses) : NULL;
}

static bool take_addresses(Paste *paste, const char *text, int group)
{
    g_autoptr(GPtrArray) addresses = only_addresses(text);
    for (guint i = 0; addresses != NULL && i < addresses->len; i++)
        paste_claim(paste, paste_function(paste, g_ptr_array_index(addresses, i)), group);
    return addresses != NULL;
}

static bool names_a_device(const char *text)
{
    int vendor, device;
    for (const char *at = strchr(text, '['); at != NULL; at = strchr(at + 1, '[')) {
        if (paste_ids(at, &vendor, &device, NULL))
            return true;
    }
    return false;
}

static bool is_heading_end(const char *rest)
{
    return rest[strspn(rest, " \t:-=#*|)]>{(")] == '\0';
}

static bool take_words(Paste *paste, const PasteLine *line)
{
    int group;
    const char *rest = after_group(line->text, &group);

    if (rest == NULL)
        return false;
    if (is_heading_end(rest)) {
        begin_header(paste, group, line->indent);
        return true;
    }
    if (take_member(paste, rest, group) || take_addresses(paste, rest, group)) {
        PciFunction *current = paste->current;
        bool colon = *rest == ':' || line->joined;
        if (colon)
            begin_header(paste, group, line->indent);
        else
            paste_end_header(paste);
        paste->member_indent = colon ? (gint64)line->indent + 1 : UNKNOWN;
        paste->current = current;
        return true;
    }
    if (!names_a_device(rest))
        return false;
    /* a member without its address */
    paste_tri(paste, &paste->facts->iommu.groups, TRI_YES);
    paste->recognised = true;
    return true;
}

/* "/sys/kernel/iommu_groups/1/devices/0000:01:00.0", and "/sys/kernel/iommu_groups/1/devices:" */
static bool take_path(Paste *paste, const PasteLine *line)
{
    static const char FOLDER[] = "/iommu_groups/", DEVICES[] = "/devices";
    const char *at = strstr(line->text, FOLDER), *rest;
    if (at == NULL)
        return false;
    int group = paste_decimal(at + strlen(FOLDER), GROUP_DIGITS_MAX, &rest);
    if (group == UNKNOWN || !g_str_has_prefix(rest, DEVICES))
        return false;
    rest += strlen(DEVICES);
    if (strcmp(rest, ":") == 0) {
        begin_header(paste, group, line->indent);
        return true;
    }
    if (*rest != '/' || rest[1] == '\0' || strchr(" \t*$", rest[1]) != NULL)
        return false;
    /* members that are no PCI functions show that there are groups, too */
    paste_tri(paste, &paste->facts->iommu.groups, TRI_YES);
    paste->recognised = true;
    g_autofree char *address = paste_address(rest + 1, &rest);
    if (address != NULL)
        paste_claim(paste, paste_function(paste, address), group);
    return true;
}

/* What is below a heading belongs to it while it is indented as the first member is, and no
 * address comes twice: that would be the start of something else. */
static bool take_below(Paste *paste, const PasteLine *line)
{
    Ids ids = {UNKNOWN, UNKNOWN};
    const char *rest;
    if (paste->header == UNKNOWN)
        return false;
    g_autofree char *address = paste_address(skip_marks(line->text, &ids), &rest);
    if (address == NULL)
        return false;
    bool deeper = line->indent > paste->header_indent;
    if (g_hash_table_contains(paste->members, address) ||
        (paste->member_indent != UNKNOWN && paste->member_indent > paste->header_indent &&
         !deeper && line->text[0] != '[')) {
        paste_end_header(paste);
        return false;
    }
    int group = paste->header;
    if (!take_member(paste, line->text, group) && !take_addresses(paste, line->text, group))
        return false;
    if (paste->member_indent == UNKNOWN)
        paste->member_indent = line->indent;
    g_hash_table_add(paste->members, g_steal_pointer(&address));
    return true;
}

/* What is plugged into a USB controller of a group: "USB: [046d:c52b] Bus 009 Device 002 ...", "Bus
 * 001 Device 001 Port 1-0 ID 1d6b:0002 ...". The group goes on after it. */
static bool take_usb(const Paste *paste, const char *text)
{
    const char *rest = paste_value(text, "usb");
    if (paste->header == UNKNOWN)
        return false;
    return (rest != NULL && *rest == '[') ||
           (g_str_has_prefix(text, "Bus ") && strstr(text, " Port ") != NULL);
}

bool paste_take_group(Paste *paste, const PasteLine *line)
{
    return take_usb(paste, line->text) || take_words(paste, line) || take_path(paste, line) ||
           take_below(paste, line);
}
