/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-parts.h"

#include <stdlib.h>
#include <string.h>

/*
 * The output of lspci (pciutils, lspci(8) and lspci.c). One line of a function is
 *
 *     0a:00.0 VGA compatible controller: NVIDIA Corporation GP104 (rev a1)                  lspci
 *     0a:00.0 0300: 10de:1b81 (rev a1)                                                      -n
 *     0a:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP104 [10de:1b81]        -nn
 *     0a:00.0 "VGA compatible controller [0300]" "NVIDIA [10de]" "GP104 [1b81]" -ra1 ...    -mm
 *
 * and what scripts make of it: without the colon, or with columns of spaces.
 */
/* Columns of the rest of a line that was wrapped, and lines of it. */
enum { WRAPPED_MAX = 160, WRAPS_MAX = 3 };

typedef struct {
    int class_code; /* 16 bits */
    int vendor, device;
    int revision;
    int interface; /* programming interface */
    bool numbered; /* the class has its number, as with -nn: the ids are to follow */
    char *name;    /* vendor and device */
} Described;

/* "[0300]: ", "[0300] " or "[0300]" at the end, anywhere in TEXT. */
static const char *find_class(const char *text, int *ret_class)
{
    for (const char *at = strchr(text, '['); at != NULL; at = strchr(at + 1, '[')) {
        int code = paste_hex4(at + 1);
        if (code != UNKNOWN && at[5] == ']' && (at[6] == ':' || at[6] == ' ' || at[6] == '\0')) {
            *ret_class = code;
            return at[6] == ':' ? at + 7 : at + 6;
        }
    }
    return NULL;
}

/* A class's name that a colon, two spaces or the ids end. */
static const char *find_class_name(const Paste *paste, const char *text, int *ret_class)
{
    int vendor, device;
    const char *colon = strstr(text, ": "), *gap = strstr(text, "  "), *ids = strstr(text, " [");
    const char *end = colon == NULL || (gap != NULL && gap < colon) ? gap : colon;
    if (ids != NULL && (end == NULL || ids < end) && paste_ids(ids + 1, &vendor, &device, NULL))
        end = ids;
    gsize tab = strcspn(text, "\t");
    if (end == NULL || end > text + tab)
        end = text + tab;
    /* the longest name has some 60 characters */
    int code = end - text < 80 ? paste_class_named(paste, text, (gsize)(end - text)) : UNKNOWN;
    if (code == UNKNOWN)
        return NULL;
    *ret_class = code;
    if (*end == ':')
        end++;
    return end + strspn(end, " \t");
}

/* The last "[1002:73ff]" of TEXT. */
static const char *find_ids(const char *text, Described *described)
{
    const char *found = NULL;
    for (const char *at = strchr(text, '['); at != NULL; at = strchr(at + 1, '[')) {
        if (paste_ids(at, &described->vendor, &described->device, NULL))
            found = at;
    }
    return found;
}

static char *name_between(const char *start, const char *end)
{
    const char *revision = strstr(start, " (rev ");
    if (end == NULL || (revision != NULL && revision < end))
        end = revision != NULL ? revision : start + strlen(start);
    return g_strstrip(g_strndup(start, (gsize)(end - start)));
}

/* "0300: 10de:1b81 (rev a1)" */
static bool describe_numbers(const char *text, Described *described)
{
    int code = paste_hex4(text);
    if (code == UNKNOWN || text[4] != ':' || text[5] != ' ' ||
        !paste_ids(text + 6, &described->vendor, &described->device, NULL))
        return false;
    described->class_code = code;
    return true;
}

static bool describe_names(const Paste *paste, const char *text, Described *described)
{
    const char *rest = find_class_name(paste, text, &described->class_code);
    described->numbered = rest == NULL;
    if (rest == NULL)
        rest = find_class(text, &described->class_code);
    else if ((*rest == '[' && find_ids(rest, described) != rest) || strncmp(rest, "Class", 5) == 0)
        return false;
    if (rest == NULL)
        return false;
    described->name = name_between(rest, find_ids(rest, described));
    return true;
}

/* The number in the brackets at the end of "GP104 [1b81]", which are cut off. */
static int cut_number(char *text)
{
    char *bracket = strrchr(text, '[');
    int number = bracket != NULL ? paste_hex4(bracket + 1) : paste_hex4(text);
    if (number == UNKNOWN || (bracket != NULL && bracket[5] != ']'))
        return UNKNOWN;
    *(bracket != NULL ? bracket : text) = '\0';
    g_strchomp(text);
    return number;
}

/* "VGA compatible controller [0300]" "NVIDIA Corporation [10de]" "GP104 [1b81]" -ra1 -p00 */
static bool describe_quoted(const Paste *paste, const char *text, Described *described)
{
    g_auto(GStrv) parts = g_strsplit(text, "\"", 8);
    if (g_strv_length(parts) < 7 || *parts[0] != '\0')
        return false;
    g_autofree char *whole = g_strdup(parts[1]);
    described->class_code = cut_number(whole);
    if (described->class_code == UNKNOWN)
        described->class_code = paste_class_named(paste, parts[1], strlen(parts[1]));
    described->vendor = cut_number(parts[3]);
    described->device = cut_number(parts[5]);
    described->name = g_strstrip(g_strjoin(" ", parts[3], parts[5], NULL));
    described->revision = paste_hex2_after(parts[6], "-r");
    return described->class_code != UNKNOWN;
}

static bool describe(const Paste *paste, const char *text, Described *described)
{
    *described = (Described){UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, false, NULL};
    if (*text == '"')
        return describe_quoted(paste, text, described);
    if (!describe_numbers(text, described) && !describe_names(paste, text, described))
        return false;
    described->revision = paste_hex2_after(text, "(rev ");
    described->interface = paste_hex2_after(text, "(prog-if ");
    return true;
}

static void take_description(Paste *paste, PciFunction *function, const Described *described)
{
    /* a function that does not answer reads as ones */
    bool asleep = described->revision == 0xff;

    paste_class(paste, function, described->class_code, described->interface);
    if (described->vendor != 0xffff) {
        paste_int(paste, &function->vendor, described->vendor);
        paste_int(paste, &function->device, described->device);
    }
    if (!asleep)
        paste_int(paste, &function->revision, described->revision);
    if (described->name != NULL)
        paste_name(function, described->name);
}

/* GROUP is that of a heading or of the words before; UNKNOWN: none is told. */
bool paste_take_function(Paste *paste, const char *text, int group)
{
    Described described;
    const char *rest = text;
    int bare = UNKNOWN, vendor = UNKNOWN, device = UNKNOWN;
    g_autofree char *address = paste_address(text, &rest);

    if (address == NULL && group == UNKNOWN) {
        bare = paste_decimal(text, 9999, &rest);
        if (bare == UNKNOWN || (*rest != ' ' && *rest != '\t'))
            return false;
        address = paste_address(rest + strspn(rest, " \t"), &rest);
    }
    if (address == NULL)
        return false;
    rest += strspn(rest, " \t");
    if (paste_ids(rest, &vendor, &device, &rest))
        rest += strspn(rest, " \t");
    bool described_it = describe(paste, rest, &described);
    g_autofree char *name = described.name;
    if (!described_it && (group == UNKNOWN || *rest != '\0'))
        return false;
    PciFunction *function = paste_function(paste, address);
    if (function == NULL)
        return true;
    if (described_it)
        take_description(paste, function, &described);
    paste_int(paste, &function->vendor, vendor);
    paste_int(paste, &function->device, device);
    paste_begin_function(paste, function, false);
    paste->numbered = described_it && described.numbered;
    if (paste->numbered && described.device == UNKNOWN)
        g_string_assign(paste->unfinished, rest);
    paste_claim(paste, function, group);
    if (bare != UNKNOWN) {
        BareClaim claim = {bare, paste->bare->len, function};
        g_array_append_val(paste->bare, claim);
    }
    return true;
}

/* The rest of a function's line that a terminal or a mail program wrapped, at a blank or in a word:
 * it ends the name and has the ids. */
static bool take_rest(Paste *paste, PciFunction *function, const char *text)
{
    bool full = paste->width_before >= PASTE_TERMINAL_WIDTH - 1;
    g_autofree char *start = g_strdup(paste->unfinished->str);

    for (guint i = 0; i < 2; i++) {
        const char *joint = (i == 0) == full ? "" : " ";
        Described described;
        g_autofree char *whole = g_strconcat(start, joint, text, NULL);
        bool told = describe(paste, whole, &described);
        g_autofree char *name = described.name;
        if (!told || described.device == UNKNOWN)
            continue;
        g_clear_pointer(&function->vendor_name, g_free);
        g_clear_pointer(&function->device_name, g_free);
        take_description(paste, function, &described);
        g_string_truncate(paste->unfinished, 0);
        return true;
    }
    g_string_append_printf(paste->unfinished, " %s", text);
    return false;
}

static bool take_rest_of_subsystem(Paste *paste, PciFunction *function, const char *text)
{
    int vendor, device;
    paste->subsystem_open = false;
    for (const char *at = strchr(text, '['); at != NULL; at = strchr(at + 1, '[')) {
        if (!paste_ids(at, &vendor, &device, NULL))
            continue;
        paste_int(paste, &function->subsystem_vendor, vendor);
        paste_int(paste, &function->subsystem_device, device);
        return true;
    }
    return false;
}

bool paste_take_wrapped(Paste *paste, const PasteLine *line)
{
    if (paste->current == NULL || strlen(line->text) > WRAPPED_MAX || paste->wraps >= WRAPS_MAX ||
        paste_is_cut(line->text))
        return false;
    if (paste->unfinished->len > 0 && take_rest(paste, paste->current, line->text))
        return true;
    if (paste->subsystem_open && take_rest_of_subsystem(paste, paste->current, line->text))
        return true;
    /* another part of it, that says nothing */
    bool wrapped =
        paste->unfinished->len > 0 ||
        (paste->width_before >= PASTE_TERMINAL_WIDTH - 1 &&
         (paste->property_before || !paste->numbered || g_str_has_suffix(line->text, ")")));
    paste->wraps += wrapped;
    return wrapped;
}

static void take_record_class(Paste *paste, PciFunction *function, const char *value)
{
    g_autofree char *name = g_strdup(value);
    Described described = {cut_number(name), UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, false, NULL};
    if (described.class_code == UNKNOWN)
        described.class_code = paste_class_named(paste, value, strlen(value));
    if (described.class_code != UNKNOWN)
        take_description(paste, function, &described);
}

static void take_record_id(Paste *paste, int *number, char **name, const char *value)
{
    g_autofree char *text = g_strdup(value);
    paste_int(paste, number, cut_number(text));
    if (name != NULL && *name == NULL && *text != '\0' && strcmp(text, "Device") != 0)
        *name = g_steal_pointer(&text);
}

static void take_record_line(Paste *paste, PciFunction *function, const char *line)
{
    const char *value;
    if ((value = paste_value(line, "class")) != NULL)
        take_record_class(paste, function, value);
    else if ((value = paste_value(line, "vendor")) != NULL)
        take_record_id(paste, &function->vendor, &function->vendor_name, value);
    else if ((value = paste_value(line, "device")) != NULL)
        take_record_id(paste, &function->device, &function->device_name, value);
    else if ((value = paste_value(line, "svendor")) != NULL)
        take_record_id(paste, &function->subsystem_vendor, NULL, value);
    else if ((value = paste_value(line, "sdevice")) != NULL)
        take_record_id(paste, &function->subsystem_device, NULL, value);
    else if ((value = paste_value(line, "rev")) != NULL && strcmp(value, "ff") != 0)
        paste_int(paste, &function->revision, paste_hex2_after(value, ""));
    else if ((value = paste_value(line, "driver")) != NULL)
        paste_text(paste, &function->driver, value);
    else if ((value = paste_value(line, "numanode")) != NULL)
        paste_int(paste, &function->numa_node, paste_decimal(value, 9999, NULL));
    else if ((value = paste_value(line, "iommugroup")) != NULL)
        paste_claim(paste, function, paste_decimal(value, G_MAXINT, NULL));
}

bool paste_take_record(Paste *paste, const PasteLine *line)
{
    const char *rest, *slot = paste_value(line->text, "slot");
    if (slot == NULL) {
        if (!paste->record || paste->current == NULL || strchr(line->text, ':') == NULL)
            return false;
        take_record_line(paste, paste->current, line->text);
        return true;
    }
    g_autofree char *address = paste_address(slot, &rest);
    PciFunction *function =
        address != NULL && *rest == '\0' ? paste_function(paste, address) : NULL;
    if (function != NULL)
        paste_begin_function(paste, function, true);
    return function != NULL;
}
