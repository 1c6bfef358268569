/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste.h"

#include "base/error.h"
#include "facts/dmi-placeholders.h"
#include "facts/paste-parts.h"
#include "facts/redact.h"

#include <stdlib.h>
#include <string.h>

static GHashTable *load_classes(GError **error)
{
    static const char *const COLUMNS[] = {"class", "name", "source", NULL};
    g_autoptr(Table) table = table_load("pci-classes.table", COLUMNS, error);
    if (table == NULL)
        return NULL;
    GHashTable *classes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint row = 0; row < table->rows->len; row++) {
        long code = strtol(table_cell(table, row, 0), NULL, 16);
        g_hash_table_insert(classes, g_ascii_strdown(table_cell(table, row, 1), -1),
                            GINT_TO_POINTER((int)code));
    }
    return classes;
}

static void begin(Paste *paste)
{
    paste->facts = facts_new();
    paste->items = g_hash_table_new(g_str_hash, g_str_equal);
    paste->told_twice = g_hash_table_new(NULL, NULL);
    paste->loose = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    paste->buses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    paste->behind = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    paste->torn = g_hash_table_new(NULL, NULL);
    paste->members = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    paste->run = g_ptr_array_new();
    paste->bare = g_array_new(FALSE, FALSE, sizeof(BareClaim));
    paste->unfinished = g_string_new(NULL);
    paste->placeholders = dmi_placeholders_load();
    paste->loose_chassis = UNKNOWN;
    paste_usb_begin(paste);
    paste_end_header(paste);
}

static void clear(Paste *paste)
{
    g_clear_pointer(&paste->item, paste_item_free);
    g_clear_pointer(&paste->tree, paste_tree_free);
    paste_sysfs_finish(paste);
    paste_usb_clear(paste);
    g_clear_pointer(&paste->facts, facts_free);
    g_hash_table_unref(paste->items);
    g_hash_table_unref(paste->told_twice);
    g_hash_table_unref(paste->loose);
    g_hash_table_unref(paste->buses);
    g_hash_table_unref(paste->behind);
    g_hash_table_unref(paste->torn);
    g_hash_table_unref(paste->members);
    g_hash_table_unref(paste->classes);
    g_ptr_array_unref(paste->run);
    g_array_unref(paste->bare);
    g_string_free(paste->unfinished, TRUE);
    table_free(paste->placeholders);
    paste_cpu_free(paste->cpu);
    g_free(paste->table);
    g_free(paste->json_field);
    g_free(paste->command);
    g_free(paste->run_command);
    g_free(paste->section);
}

static void end_contexts(Paste *paste)
{
    paste->current = NULL;
    paste->record = false;
    paste_end_header(paste);
    paste_end_item(paste);
    paste_run_end(paste);
    paste_cpu_block_end(paste);
    g_clear_pointer(&paste->tree, paste_tree_free);
    g_clear_pointer(&paste->table, g_free);
    g_clear_pointer(&paste->section, g_free);
    g_clear_pointer(&paste->command, g_free);
}

/* Whether a listing of the folder of the groups was asked for on the line before. */
static bool asked_for_groups(const Paste *paste)
{
    const char *command = paste->command;
    return command != NULL && strpbrk(command, "|;&*$>") == NULL &&
           (g_str_has_prefix(command, "ls ") || g_str_has_prefix(command, "find ")) &&
           strstr(command, " /sys/kernel/iommu_groups") != NULL;
}

/* "0  1  10  11", below `ls /sys/kernel/iommu_groups`, or, with -l, the lines of the groups'
 * folders below "total 0" and those of "." and "..". */
static bool take_group_numbers(Paste *paste, const char *text)
{
    if (!asked_for_groups(paste))
        return false;
    const char *last = strrchr(text, ' ');
    bool folder = g_str_has_prefix(text, "dr") && last != NULL;
    bool group = folder ? g_ascii_isdigit(last[1]) : text[strspn(text, "0123456789 \t")] == '\0';
    if (group) {
        paste_tri(paste, &paste->facts->iommu.groups, TRI_YES);
        paste->recognised = true;
    }
    paste->keep_command = !group && (folder || g_str_has_prefix(text, "total "));
    return group || paste->keep_command;
}

static void take_prompt(Paste *paste, const PastePrompt *prompt)
{
    /* it showed nothing before the next prompt, in a session that both were typed in */
    if (asked_for_groups(paste) && paste->named && prompt->name != NULL) {
        paste_tri(paste, &paste->facts->iommu.groups, TRI_NO);
        paste->recognised = true;
    }
    end_contexts(paste);
    paste->command = paste_command(prompt);
    paste->named = prompt->name != NULL;
    g_free(paste->run_command);
    paste->run_command = g_strdup(paste->command);
}

/* The first of these that knows the line has it. */
static bool take_content(Paste *paste, const PasteLine *line)
{
    return take_group_numbers(paste, line->text) || paste_take_shown(paste, line) ||
           paste_take_item(paste, line) || paste_take_tree(paste, line) ||
           paste_take_property(paste, line) || paste_take_record(paste, line) ||
           paste_take_group(paste, line) || paste_take_function(paste, line->text, UNKNOWN) ||
           paste_take_table(paste, line) || paste_take_usb(paste, line) ||
           paste_take_audio(paste, line) || paste_take_cpu(paste, line) ||
           paste_take_host(paste, line) || paste_take_system(paste, line) ||
           paste_take_vfio(paste, line) || paste_take_link(paste, line) ||
           paste_take_sysfs(paste, line) || paste_take_log(paste, line);
}

/* The line without its number: "12. IOMMU Group 0:", "12) ", "12 | ", "(0) ", and what cat -n and
 * grep -n write. False: it has none. */
static bool split_number(const PasteLine *line, PasteLine *ret_rest, int *ret_number)
{
    const char *end, *after;
    const char *text = line->text + (*line->text == '(');
    int number = paste_decimal(text, 999999, &end);
    g_autofree char *address = number != UNKNOWN ? paste_address(text, &after) : NULL;

    if (number == UNKNOWN || address != NULL)
        return false;
    gsize gap = strspn(end, " ");
    if (end[gap] == '|')
        end += gap;
    if (*end == '\0' || strchr(".):|\t", *end) == NULL)
        return false;
    *ret_rest = *line;
    ret_rest->whole = end + 1;
    ret_rest->text = end + 1 + paste_decoration(end + 1);
    ret_rest->indent += (guint)(ret_rest->text - line->text);
    *ret_number = number;
    return true;
}

/* A line within the quotation marks that lists of JSON and of programs put around it:
 * `"01:00.0 VGA compatible controller: ...",` and `{"stdout": "01:00.0 ...`. NULL: there are none.
 * The caller owns the text. */
static char *split_quotes(const PasteLine *line, PasteLine *ret_rest)
{
    enum { KEY_MAX = 24 };
    const char *start = line->text + strspn(line->text, "[{ ");
    if (*start != '"' && *start != '\'')
        return NULL;
    const char *value = strstr(start, "\": \"");
    bool keyed = value != NULL && value - start < KEY_MAX;
    char *text = g_strdup(keyed ? value + strlen("\": \"") : start + 1);
    char *end = strrchr(text, *start);
    if (end != NULL && end[1 + strspn(end + 1, ",]} ")] == '\0')
        *end = '\0';
    *ret_rest = *line;
    ret_rest->whole = ret_rest->text = text;
    return text;
}

/* Numbers before members of a group are those of lines when they follow each other. */
static bool take_any(Paste *paste, const PasteLine *line)
{
    PasteLine rest;
    int number;
    bool numbered = split_number(line, &rest, &number);
    bool next = numbered && number == paste->number + 1;

    if (numbered)
        paste->number = number;
    if (numbered && *rest.text == '\0') /* a rule between the rows of a table, or a blank line */
        return paste->table != NULL && rest.whole[strspn(rest.whole, " \t")] != '\0';
    if (next && paste->header != UNKNOWN && take_content(paste, &rest))
        return true;
    if (take_content(paste, line) || (numbered && take_content(paste, &rest)))
        return true;
    g_autofree char *quoted = split_quotes(line, &rest);
    return (quoted != NULL && take_content(paste, &rest)) || paste_take_wrapped(paste, line);
}

static void take_blank(Paste *paste, const PasteLine *line)
{
    paste->blanks++;
    if (paste->double_spaced && paste->blanks == 1)
        return;
    paste->current = NULL;
    paste->record = false;
    paste_cpu_block_end(paste);
    if (paste->header != UNKNOWN && paste->member_indent != UNKNOWN)
        paste_end_header(paste);
    if (line->plain) {
        g_clear_pointer(&paste->table, g_free);
        g_clear_pointer(&paste->tree, paste_tree_free);
    }
}

/* What is nothing that is known here ends what went on; but lspci -vv has much below a function
 * that is of no interest. */
static void take_unknown(Paste *paste, const PasteLine *line)
{
    bool in_function = paste->current != NULL;
    paste->cut |= paste_is_cut(line->text);
    if (in_function && line->indent > paste->indent)
        return;
    if (line->indent == 0 && !g_str_has_prefix(line->text, "pcilib: "))
        paste_run_end(paste);
    paste->current = NULL;
    if (!in_function || line->indent == 0)
        paste_end_header(paste);
    if (line->indent == 0)
        paste_end_item(paste);
    g_clear_pointer(&paste->table, g_free);
}

static void take_line(Paste *paste, const PasteLine *line)
{
    if (*line->text == '\0') {
        take_blank(paste, line);
        return;
    }
    const PciFunction *before = paste->current;
    guint wraps = paste->wraps;
    paste->blanks = 0;
    if (!take_any(paste, line))
        take_unknown(paste, line);
    else if (paste->current != before)
        paste->indent = line->indent;
    if (paste->wraps == wraps)
        paste->wraps = 0;
    paste->width_before = strlen(line->whole);
    if (!paste->keep_command)
        g_clear_pointer(&paste->command, g_free);
    paste->keep_command = false;
}

static void take_lines(Paste *paste, const char *text, gsize length)
{
    PasteSections *sections = paste_sections_find(text, length);
    PasteText *lines = paste_text_new(text, length);
    PasteSection section = {.number = 0};
    PasteLine line;
    PastePrompt prompt;

    paste->double_spaced = paste_is_double_spaced(sections);
    while (!paste->too_many && paste_text_next(lines, &line)) {
        bool typed = paste_prompt(&line, &prompt);
        bool begins = paste_section_walk(&section, &line, typed ? &prompt : NULL);
        bool guest = paste_section_is_guest(sections, &section);
        paste->line++;
        if (begins && guest)
            end_contexts(paste);
        if (guest)
            continue;
        if (typed)
            take_prompt(paste, &prompt);
        else
            take_line(paste, &line);
    }
    if (paste_is_virtual(sections))
        paste_tri(paste, &paste->facts->cpu.hypervisor, TRI_YES);
    paste_section_clear(&section);
    paste_text_free(lines);
    paste_sections_free(sections);
}

static Facts *finish(Paste *paste, const char *name, GError **error)
{
    end_contexts(paste);
    if (paste->too_many)
        return fail_null(error, ERROR_INPUT,
                         "%s names more than 4096 PCI functions, which no host has. Give the text "
                         "of one host.",
                         name);
    if (!paste->recognised)
        return fail_null(
            error, ERROR_INPUT,
            "Nothing in %s was recognised. It may be a snapshot (rootstock scan), or text with the "
            "output of lspci (lspci -nnk is best), a listing of IOMMU groups, /proc/cpuinfo, "
            "lscpu, /proc/cmdline, dmesg, lsusb, uname -a, dmidecode or inxi in it.",
            name);
    paste_loose_finish(paste);
    paste_pci_finish(paste);
    paste_complete_finish(paste);
    paste_sysfs_finish(paste);
    paste_cpu_finish(paste);
    paste_usb_finish(paste);
    paste_chassis_finish(paste);
    facts_redact(paste->facts, NULL);
    return g_steal_pointer(&paste->facts);
}

Facts *facts_from_text(const char *text, gsize length, const char *name, GError **error)
{
    Paste paste = {.recognised = false};

    if (length > PASTE_LENGTH_MAX)
        return fail_null(error, ERROR_INPUT,
                         "%s is larger than 16 MiB. Give only the part that describes the host.",
                         name);
    paste.cpu = paste_cpu_new(error);
    if (paste.cpu == NULL)
        return NULL;
    paste.classes = load_classes(error);
    if (paste.classes == NULL) {
        paste_cpu_free(paste.cpu);
        return NULL;
    }
    begin(&paste);
    take_lines(&paste, text, length);
    Facts *facts = finish(&paste, name, error);
    clear(&paste);
    return facts;
}
