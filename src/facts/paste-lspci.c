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
typedef struct {
    int class_code; /* 16 bits */
    int vendor, device;
    int revision;
    int interface; /* programming interface */
    char *name;    /* vendor and device */
} Described;

static int class_named(const Paste *paste, const char *text, gsize length)
{
    gpointer code;
    g_autofree char *name = g_ascii_strdown(text, (gssize)length);
    if (!g_hash_table_lookup_extended(paste->classes, g_strchomp(name), NULL, &code))
        return UNKNOWN;
    return GPOINTER_TO_INT(code);
}

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

/* A class's name that a colon or two spaces end. */
static const char *find_class_name(const Paste *paste, const char *text, int *ret_class)
{
    const char *colon = strstr(text, ": "), *gap = strstr(text, "  ");
    const char *end = colon == NULL || (gap != NULL && gap < colon) ? gap : colon;
    if (end == NULL)
        end = text + strlen(text);
    /* the longest name has some 60 characters */
    int code = end - text < 80 ? class_named(paste, text, (gsize)(end - text)) : UNKNOWN;
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

static int hex2_after(const char *text, const char *before)
{
    const char *at = strstr(text, before);
    if (at == NULL)
        return UNKNOWN;
    at += strlen(before);
    if (!g_ascii_isxdigit(at[0]) || !g_ascii_isxdigit(at[1]) || g_ascii_isxdigit(at[2]))
        return UNKNOWN;
    return (int)strtol(at, NULL, 16);
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
    if (rest == NULL)
        rest = find_class(text, &described->class_code);
    else if (*rest == '[' || strncmp(rest, "Class", 5) == 0)
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
        described->class_code = class_named(paste, parts[1], strlen(parts[1]));
    described->vendor = cut_number(parts[3]);
    described->device = cut_number(parts[5]);
    described->name = g_strstrip(g_strjoin(" ", parts[3], parts[5], NULL));
    described->revision = hex2_after(parts[6], "-r");
    return described->class_code != UNKNOWN;
}

static bool describe(const Paste *paste, const char *text, Described *described)
{
    *described = (Described){UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, NULL};
    if (*text == '"')
        return describe_quoted(paste, text, described);
    if (!describe_numbers(text, described) && !describe_names(paste, text, described))
        return false;
    described->revision = hex2_after(text, "(rev ");
    described->interface = hex2_after(text, "(prog-if ");
    return true;
}

/* Where the vendor's name ends in "NVIDIA Corporation GP104". lspci writes no mark between them. */
static gsize vendor_length(const char *name)
{
    static const char *const ENDS[] = {" Corporation", " Inc.",   " Co., Ltd.", " Co Ltd",
                                       " Ltd.",        " Corp.",  " Corp",      " Inc",
                                       " Ltd",         " Limited"};
    gsize shortest = 0;
    for (guint i = 0; i < G_N_ELEMENTS(ENDS); i++) {
        const char *at = strstr(name, ENDS[i]);
        gsize end = at != NULL ? (gsize)(at - name) + strlen(ENDS[i]) : 0;
        if (at != NULL && name[end] == ' ' && (shortest == 0 || end < shortest))
            shortest = end;
    }
    if (shortest > 0 && g_str_has_prefix(name + shortest, " and subsidiaries"))
        shortest += strlen(" and subsidiaries");
    /* "Advanced Micro Devices, Inc. [AMD/ATI]" */
    const char *mark = name + shortest;
    if (shortest > 0 && g_str_has_prefix(mark, " [AMD") && strchr(mark, ']') != NULL)
        shortest = (gsize)(strchr(mark, ']') - name) + 1;
    return shortest;
}

static void take_name(PciFunction *function, const char *name)
{
    gsize vendor = vendor_length(name);
    const char *rest = name + vendor + strspn(name + vendor, " ");

    if (vendor > 0 && function->vendor_name == NULL)
        function->vendor_name = g_strndup(name, vendor);
    /* what lspci calls a device without a name */
    if (*rest != '\0' && strcmp(rest, "Device") != 0 && !g_str_has_prefix(rest, "Device [") &&
        (!g_str_has_prefix(rest, "Device ") || paste_hex4(rest + 7) == UNKNOWN) &&
        function->device_name == NULL)
        function->device_name = g_strdup(rest);
}

/* A programming interface that is not told counts as 00, which no rule asks for. */
static void take_class(Paste *paste, PciFunction *function, const Described *described)
{
    int code = described->class_code << 8;
    if (described->interface != UNKNOWN)
        code |= described->interface;
    if (function->class_code != UNKNOWN && function->class_code >> 8 == described->class_code)
        function->class_code = MAX(function->class_code, code);
    else
        paste_int(paste, &function->class_code, code);
}

static void take_description(Paste *paste, PciFunction *function, const Described *described)
{
    /* a function that does not answer reads as ones */
    bool asleep = described->revision == 0xff;

    take_class(paste, function, described);
    if (described->vendor != 0xffff) {
        paste_int(paste, &function->vendor, described->vendor);
        paste_int(paste, &function->device, described->device);
    }
    if (!asleep)
        paste_int(paste, &function->revision, described->revision);
    if (described->name != NULL)
        take_name(function, described->name);
}

static void begin(Paste *paste, PciFunction *function, bool record)
{
    if (paste->current != function)
        paste_run_add(paste, function);
    paste->current = function;
    paste->record = record;
    paste->property_before = false;
    paste->driver_told = false;
    paste->bar_count = 0;
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
    begin(paste, function, false);
    paste_claim(paste, function, group);
    if (bare != UNKNOWN) {
        BareClaim claim = {bare, paste->bare->len, function};
        g_array_append_val(paste->bare, claim);
    }
    return true;
}

static void take_record_class(Paste *paste, PciFunction *function, const char *value)
{
    g_autofree char *name = g_strdup(value);
    Described described = {cut_number(name), UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, NULL};
    if (described.class_code == UNKNOWN)
        described.class_code = class_named(paste, value, strlen(value));
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
        paste_int(paste, &function->revision, hex2_after(value, ""));
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
        begin(paste, function, true);
    return function != NULL;
}
