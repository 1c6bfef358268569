/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste.h"

#include "base/error.h"
#include "base/table.h"
#include "facts/paste-parts.h"
#include "facts/redact.h"

#include <stdlib.h>
#include <string.h>

enum {
    LONGEST_LINE = 64 * 1024, /* longer ones are nothing that is known here */
};

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

static void begin(Paste *paste, GHashTable *classes)
{
    *paste = (Paste){.facts = facts_new(), .classes = classes};
    paste->items = g_hash_table_new(g_str_hash, g_str_equal);
    paste->told_twice = g_hash_table_new(NULL, NULL);
    paste->torn = g_hash_table_new(NULL, NULL);
    paste->members = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    paste->run = g_ptr_array_new();
    paste->bare = g_array_new(FALSE, FALSE, sizeof(BareClaim));
    paste->threads = g_array_new(FALSE, FALSE, sizeof(CpuThread));
    paste->core_per_socket = paste->sockets = paste->cpus = UNKNOWN;
    paste->siblings = paste->cpu_cores = UNKNOWN;
    paste_usb_begin(paste);
    paste_end_header(paste);
}

static void clear(Paste *paste)
{
    paste_sysfs_finish(paste);
    g_clear_pointer(&paste->facts, facts_free);
    g_hash_table_unref(paste->items);
    g_hash_table_unref(paste->told_twice);
    g_hash_table_unref(paste->torn);
    g_hash_table_unref(paste->members);
    g_hash_table_unref(paste->classes);
    g_ptr_array_unref(paste->run);
    g_array_unref(paste->bare);
    g_clear_pointer(&paste->threads, g_array_unref);
    paste_usb_clear(paste);
    g_free(paste->command);
    g_free(paste->run_command);
    g_free(paste->section);
    g_free(paste->flags_before);
    if (paste->flags != NULL)
        g_string_free(paste->flags, TRUE);
}

/* What was typed after a prompt: "$ lspci", "# lspci", "user@host:~$ lspci", "[user@host ~]#
 * lspci", "user@host > lspci". NULL: the line has none. */
static const char *typed(const char *line)
{
    static const char *const ENDS[] = {"$ ", "# ", "> ", "% "};
    const char *at = strchr(line, '@');
    const char *best = NULL;

    if (g_str_has_prefix(line, "$ ") || g_str_has_prefix(line, "# "))
        return line + 2;
    if (at == NULL || at - line > 64 || memchr(line, ' ', (gsize)(at - line)) != NULL)
        return NULL;
    for (guint i = 0; i < G_N_ELEMENTS(ENDS); i++) {
        const char *end = strstr(at, ENDS[i]);
        if (end != NULL && end - line < 160 && (best == NULL || end < best))
            best = end;
    }
    if (best != NULL)
        return best + 2;
    gsize length = strlen(line);
    /* an empty prompt */
    return length > 0 && strchr("$#>%", line[length - 1]) != NULL ? line + length : NULL;
}

static void end_contexts(Paste *paste)
{
    paste->current = NULL;
    paste->record = false;
    paste_end_header(paste);
    g_clear_pointer(&paste->section, g_free);
}

/* Whether a listing of the folder of the groups was asked for on the line before. */
static bool asked_for_groups(const Paste *paste)
{
    const char *command = paste->command;
    return command != NULL && strpbrk(command, "|;&*$>") == NULL &&
           (g_str_has_prefix(command, "ls ") || g_str_has_prefix(command, "find ")) &&
           strstr(command, " /sys/kernel/iommu_groups") != NULL;
}

/* "0  1  10  11", below `ls /sys/kernel/iommu_groups` */
static bool take_group_numbers(Paste *paste, const char *text)
{
    if (!asked_for_groups(paste) || text[strspn(text, "0123456789 \t")] != '\0')
        return false;
    paste_tri(paste, &paste->facts->iommu.groups, TRI_YES);
    paste->recognised = true;
    return true;
}

static void take_prompt(Paste *paste, const char *command)
{
    /* it showed nothing before the next prompt */
    if (asked_for_groups(paste)) {
        paste_tri(paste, &paste->facts->iommu.groups, TRI_NO);
        paste->recognised = true;
    }
    end_contexts(paste);
    if (g_str_has_prefix(command, "sudo "))
        command += strlen("sudo ");
    paste_run_end(paste);
    g_free(paste->command);
    paste->command = g_strdup(command);
    g_free(paste->run_command);
    paste->run_command = g_strdup(command);
}

/* The first of these that knows the line has it. */
static bool take_content(Paste *paste, const PasteLine *line)
{
    return take_group_numbers(paste, line->text) || paste_take_property(paste, line) ||
           paste_take_record(paste, line) || paste_take_group(paste, line) ||
           paste_take_function(paste, line->text, UNKNOWN) || paste_take_usb(paste, line) ||
           paste_take_audio(paste, line) || paste_take_cpu(paste, line) ||
           paste_take_system(paste, line) || paste_take_vfio(paste, line) ||
           paste_take_sysfs(paste, line) || paste_take_log(paste, line);
}

static void take_blank(Paste *paste)
{
    paste->current = NULL;
    paste->record = false;
    if (paste->header != UNKNOWN && paste->member_indent != UNKNOWN)
        paste_end_header(paste);
}

static void take_line(Paste *paste, const char *raw, const PasteLine *line)
{
    raw += strspn(raw, " \t>`");
    const char *command = typed(raw);

    if (command != NULL) {
        take_prompt(paste, command);
        return;
    }
    if (*line->text == '\0') {
        take_blank(paste);
        return;
    }
    const PciFunction *before = paste->current;
    if (!take_content(paste, line)) {
        paste->cut |= paste_is_cut(line->text);
        if (line->indent == 0 && !g_str_has_prefix(line->text, "pcilib: "))
            paste_run_end(paste);
        paste->current = NULL;
        if (before == NULL || line->indent == 0)
            paste_end_header(paste);
    }
    g_clear_pointer(&paste->command, g_free);
}

static void take_lines(Paste *paste, const char *text, gsize length)
{
    GString *buffer = g_string_new(NULL);
    const char *end = text + length;

    while (text < end && !paste->too_many) {
        const char *stop = memchr(text, '\n', (gsize)(end - text));
        gsize size = (gsize)((stop != NULL ? stop : end) - text);
        if (size <= LONGEST_LINE) {
            PasteLine line = paste_line(buffer, text, size);
            take_line(paste, buffer->str, &line);
        } else {
            end_contexts(paste);
        }
        text += size + 1;
    }
    g_string_free(buffer, TRUE);
}

static Facts *finish(Paste *paste, const char *name, GError **error)
{
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
    paste_run_end(paste);
    paste_pci_finish(paste);
    paste_complete_finish(paste);
    paste_sysfs_finish(paste);
    paste_cpu_finish(paste);
    paste_usb_finish(paste);
    facts_redact(paste->facts, NULL);
    return g_steal_pointer(&paste->facts);
}

Facts *facts_from_text(const char *text, gsize length, const char *name, GError **error)
{
    Paste paste;

    if (length > PASTE_LENGTH_MAX)
        return fail_null(error, ERROR_INPUT,
                         "%s is larger than 16 MiB. Give only the part that describes the host.",
                         name);
    GHashTable *classes = load_classes(error);
    if (classes == NULL)
        return NULL;
    begin(&paste, classes);
    take_lines(&paste, text, length);
    Facts *facts = finish(&paste, name, error);
    clear(&paste);
    return facts;
}
