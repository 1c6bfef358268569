/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-parts.h"

#include <string.h>

/*
 * People show the outputs of their guests beside those of the host: the same commands, another
 * machine. So the text is cut into sections (at prompts, fences of code, and where a list begins
 * anew), and those that a virtual machine showed are left out where others are of a real one.
 */

enum {
    OF_GUEST = 1 << 0, /* it has marks of a virtual machine */
    OF_HOST = 1 << 1,  /* it has marks of a real one */
    NAMED = 1 << 2,    /* a prompt names the computer */
    NAMES_MAX = 4096,
    SECTIONS_MAX = 1 << 20, /* of those after them none is left out */
};

struct PasteSections {
    GByteArray *marks;  /* of each section */
    GHashTable *guests; /* names of computers whose prompts a guest's sections have */
    GHashTable *hosts;  /* and a real one's */
    bool host_shown;
    guint lines, pairs; /* lines with something in them; those with one blank line before */
};

/* Vendors of devices that only virtual machines have, as lspci shows their ids and names: Red Hat
 * and virtio, QEMU, Bochs, VMware, VirtualBox, Xen (pci.ids; QEMU docs/specs/pci-ids.rst). */
static const char *const GUEST_DEVICES[] = {
    "[1af4:",
    "[1b36:",
    "[1234:1111",
    "[15ad:",
    "[80ee:",
    "[5853:",
    " 1af4:",
    " 1b36:",
    " 1234:1111",
    " 15ad:",
    " 80ee:",
    " 5853:",
    "Red Hat, Inc. Virtio",
    "Red Hat, Inc. QEMU",
    "Red Hat, Inc. QXL",
    "QEMU Virtual Machine",
    "InnoTek Systemberatung GmbH VirtualBox",
    "VMware SVGA",
    "VMware PCI",
    "VMware VMXNET",
    "XenSource, Inc. Xen Platform",
    "Hyper-V virtual VGA",
};

/* The host bridges of virtual machines are old real ones (QEMU's i440FX and Q35, the 440BX of
 * VMware and Hyper-V): they are no mark of a real machine. */
static const char *const EMULATED_BRIDGES[] = {"8086:1237", "8086:29c0", "8086:7190", "8086:7192",
                                               "82441FX",   "82G33",     "82443BX"};

static bool has_any(const char *text, const char *const *words, guint count)
{
    for (guint i = 0; i < count; i++) {
        if (strstr(text, words[i]) != NULL)
            return true;
    }
    return false;
}

static const char *skip_group(const char *text)
{
    const char *digits = g_ascii_strncasecmp(text, "iommu group", 11) == 0 ? text + 11 : text;
    digits += strspn(digits, " :0123456789#\t");
    while (digits > text && !g_ascii_isspace(digits[-1]))
        digits--;
    return digits;
}

/* "pci 0000:00:05.0: [1af4:1001] type 00 class 0x010000", of the log */
static guint marks_of_found(const char *text)
{
    const char *ids = strstr(text, ": [");
    return ids != NULL && strstr(ids, "] type ") != NULL &&
                   has_any(ids, GUEST_DEVICES, G_N_ELEMENTS(GUEST_DEVICES))
               ? OF_GUEST
               : 0;
}

/* Graphics cards of these makers are real, even where a guest has one. */
static bool is_real_card(const char *text)
{
    static const char *const MAKERS[] = {"NVIDIA", "[AMD/ATI]", "[10de:", "[1002:"};
    return (strstr(text, "VGA compat") != NULL || strstr(text, "3D controller") != NULL) &&
           has_any(text, MAKERS, G_N_ELEMENTS(MAKERS));
}

static bool is_real_bridge(const char *text)
{
    return (strstr(text, "Host bridge") != NULL || strstr(text, " 0600: ") != NULL) &&
           !has_any(text, EMULATED_BRIDGES, G_N_ELEMENTS(EMULATED_BRIDGES));
}

static guint marks_of_device(const char *text)
{
    const char *rest;
    g_autofree char *address = paste_address(skip_group(text), &rest);

    if (address == NULL && g_ascii_strncasecmp(text, "subsystem", 9) != 0)
        return marks_of_found(text);
    if (has_any(text, GUEST_DEVICES, G_N_ELEMENTS(GUEST_DEVICES)))
        return OF_GUEST;
    return address != NULL && (is_real_bridge(rest) || is_real_card(rest)) ? OF_HOST : 0;
}

/* Linux arch/x86/kernel/cpu/hypervisor.c and kernel/paravirt.c; the names of SMBIOS in the log. */
static guint marks_of_log(const char *text)
{
    static const char *const WORDS[] = {"Hypervisor detected: ",
                                        "DMI: QEMU",
                                        "DMI: VMware",
                                        "DMI: innotek",
                                        "DMI: Microsoft Corporation Virtual",
                                        "Hardware name: QEMU",
                                        "Hardware name: VMware",
                                        "Standard PC (",
                                        "VMware Virtual Platform",
                                        "QEMU Virtual CPU",
                                        "Common KVM processor",
                                        "Booting paravirtualized kernel on ",
                                        NULL};
    if (!paste_has_any(text, "BCDHQSV", WORDS))
        return 0;
    const char *kernel = strstr(text, "Booting paravirtualized kernel on ");
    if (kernel != NULL)
        return strstr(kernel, "bare hardware") != NULL ? OF_HOST : OF_GUEST;
    return OF_GUEST;
}

static guint marks_of(const PasteLine *line)
{
    const char *text = line->text, *value;

    if (*text == '\0')
        return 0;
    guint marks = marks_of_device(text) | marks_of_log(text);
    if ((value = paste_value(text, "flags")) != NULL && strstr(value, " pae ") != NULL)
        marks |= strstr(value, " hypervisor") != NULL ? OF_GUEST : OF_HOST;
    if ((value = paste_value(text, "hypervisor vendor")) != NULL ||
        paste_value(text, "hypervisor-anbieter") != NULL)
        marks |= OF_GUEST;
    return marks;
}

static bool restarts(bool *seen, bool now)
{
    bool again = *seen && now;
    *seen |= now;
    return again;
}

/* Whether what LINE begins was there in this section before. */
static bool begins_anew(PasteSection *section, const PasteLine *line)
{
    const char *text = line->text, *rest, *value = paste_value(text, "processor");
    g_autofree char *address = paste_address(text, &rest);
    bool again = restarts(&section->first,
                          address != NULL && *rest == ' ' && strcmp(address, "0000:00:00.0") == 0);
    again |= restarts(&section->processor, value != NULL && strcmp(value, "0") == 0);
    again |= restarts(&section->architecture, paste_value(text, "architecture") != NULL);
    again |= restarts(&section->boot, strstr(text, "Linux version ") != NULL);
    return again;
}

void paste_section_clear(PasteSection *section)
{
    g_free(section->name);
}

bool paste_section_walk(PasteSection *section, const PasteLine *line, const PastePrompt *prompt)
{
    guint number = section->number;
    char *name = NULL;
    bool fence = prompt == NULL && paste_is_fence(line);

    if (prompt == NULL && !fence && !begins_anew(section, line))
        return false;
    if (prompt != NULL && prompt->name != NULL)
        name = g_strndup(prompt->name, prompt->name_length);
    else if (fence) /* what is within one block of code is of one computer */
        name = g_strdup_printf("%u", number);
    else
        name = g_steal_pointer(&section->name);
    g_free(section->name);
    *section = (PasteSection){.number = number + 1, .name = name};
    if (prompt == NULL && !fence)
        begins_anew(section, line);
    return true;
}

static void note(PasteSections *sections, const PasteSection *section, guint marks)
{
    if (section->number >= SECTIONS_MAX || marks == 0)
        return;
    if (section->number >= sections->marks->len) {
        guint before = sections->marks->len;
        g_byte_array_set_size(sections->marks, section->number + 1);
        memset(sections->marks->data + before, 0, section->number + 1 - before);
    }
    sections->marks->data[section->number] |= (guint8)(marks | (section->name != NULL ? NAMED : 0));
    GHashTable *names = (marks & OF_GUEST) != 0 ? sections->guests : sections->hosts;
    if (section->name != NULL && g_hash_table_size(names) < NAMES_MAX)
        g_hash_table_add(names, g_strdup(section->name));
}

/* A real machine's prompt is none that a guest has, too: guests can hide what they are. */
static void find_host(PasteSections *sections)
{
    GHashTableIter iter;
    gpointer name;
    for (guint i = 0; i < sections->marks->len; i++)
        sections->host_shown |= sections->marks->data[i] == OF_HOST;
    g_hash_table_iter_init(&iter, sections->hosts);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        sections->host_shown |= !g_hash_table_contains(sections->guests, name);
}

PasteSections *paste_sections_find(const char *text, gsize length)
{
    PasteSections *sections = g_new0(PasteSections, 1);
    PasteText *lines = paste_text_new(text, length);
    PasteSection section = {.number = 0};
    PasteLine line;
    PastePrompt prompt;

    sections->marks = g_byte_array_new();
    sections->guests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    sections->hosts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint blanks = 0; paste_text_next(lines, &line);) {
        bool blank = *line.text == '\0';
        sections->lines += !blank;
        sections->pairs += !blank && blanks == 1;
        blanks = blank ? blanks + 1 : 0;
        bool typed = paste_prompt(&line, &prompt);
        paste_section_walk(&section, &line, typed ? &prompt : NULL);
        if (!typed)
            note(sections, &section, marks_of(&line));
    }
    find_host(sections);
    paste_section_clear(&section);
    paste_text_free(lines);
    return sections;
}

void paste_sections_free(PasteSections *sections)
{
    g_byte_array_unref(sections->marks);
    g_hash_table_unref(sections->guests);
    g_hash_table_unref(sections->hosts);
    g_free(sections);
}

bool paste_is_virtual(const PasteSections *sections)
{
    for (guint i = 0; !sections->host_shown && i < sections->marks->len; i++) {
        if ((sections->marks->data[i] & OF_GUEST) != 0)
            return true;
    }
    return false;
}

bool paste_is_double_spaced(const PasteSections *sections)
{
    enum { LEAST = 6 };
    return sections->lines >= LEAST && sections->pairs >= sections->lines * 2 / 3;
}

bool paste_section_is_guest(const PasteSections *sections, const PasteSection *section)
{
    if (!sections->host_shown)
        return false;
    if (section->name != NULL && g_hash_table_contains(sections->guests, section->name))
        return true;
    return section->number < sections->marks->len &&
           (sections->marks->data[section->number] & OF_GUEST) != 0;
}
