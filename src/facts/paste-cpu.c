/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-cpu.h"

#include "base/table.h"
#include "facts/cpuinfo.h"

#include <stdlib.h>
#include <string.h>

/* /proc/cpuinfo and lscpu (util-linux, sys-utils/lscpu.c) in its languages. */

enum {
    CPUS_MAX = 4096,
    KEY_MAX = 64, /* bytes of the longest word */
    PROCESSOR_NAME_MAX = 100,
    NUMBERS_MAX = 32,
    NEAR = 40, /* lines between a number and what tells that it is of a processor */
};

static const char *const KEY_NAMES[] = {
    [KEY_VENDOR] = "vendor",
    [KEY_NAME] = "name",
    [KEY_FAMILY] = "family",
    [KEY_MODEL] = "model",
    [KEY_STEPPING] = "stepping",
    [KEY_MICROCODE] = "microcode",
    [KEY_FLAGS] = "flags",
    [KEY_VIRTUALIZATION] = "virtualization",
    [KEY_HYPERVISOR] = "hypervisor",
    [KEY_CPUS] = "cpus",
    [KEY_CORES_PER_SOCKET] = "cores-per-socket",
    [KEY_SOCKETS] = "sockets",
    [KEY_PROCESSOR] = "processor",
    [KEY_PACKAGE] = "package",
    [KEY_CORE] = "core",
    [KEY_SIBLINGS] = "siblings",
    [KEY_CORES] = "cores",
    [KEY_ARCHITECTURE] = "architecture",
    [KEY_ARM] = "arm",
};
G_STATIC_ASSERT(G_N_ELEMENTS(KEY_NAMES) == KEYS_END);

static Key key_called(const char *name)
{
    for (guint key = 0; key < KEYS_END; key++) {
        if (strcmp(KEY_NAMES[key], name) == 0)
            return (Key)key;
    }
    return KEYS_END;
}

static bool load_words(PasteCpu *cpu, GError **error)
{
    static const char *const COLUMNS[] = {"key", "word", "language", "source", NULL};
    g_autoptr(Table) table = table_load("lscpu-words.table", COLUMNS, error);
    if (table == NULL)
        return false;
    for (guint row = 0; row < table->rows->len; row++) {
        char *word = g_utf8_strdown(table_cell(table, row, 1), -1);
        if (g_hash_table_contains(cpu->words, word))
            g_free(word);
        else
            g_hash_table_insert(cpu->words, word,
                                GINT_TO_POINTER(key_called(table_cell(table, row, 0)) + 1));
    }
    return true;
}

PasteCpu *paste_cpu_new(GError **error)
{
    PasteCpu *cpu = g_new0(PasteCpu, 1);
    cpu->words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    cpu->threads = g_array_new(FALSE, FALSE, sizeof(CpuThread));
    cpu->listed = g_array_new(FALSE, FALSE, sizeof(CpuThread));
    cpu->numbers = g_array_new(FALSE, FALSE, sizeof(CpuNumber));
    cpu->cores_per_socket = cpu->sockets = cpu->cpus = UNKNOWN;
    cpu->siblings = cpu->cpu_cores = UNKNOWN;
    cpu->anchor = -NEAR - 1;
    cpu->name_line = UNKNOWN;
    if (load_words(cpu, error))
        return cpu;
    paste_cpu_free(cpu);
    return NULL;
}

void paste_cpu_free(PasteCpu *cpu)
{
    g_hash_table_unref(cpu->words);
    g_clear_pointer(&cpu->known_flags, g_hash_table_unref);
    g_array_unref(cpu->threads);
    g_array_unref(cpu->listed);
    g_array_unref(cpu->numbers);
    g_free(cpu->flags_before);
    if (cpu->flags != NULL)
        g_string_free(cpu->flags, TRUE);
    g_free(cpu);
}

static bool is_vendor(const char *value)
{
    return strcmp(value, "GenuineIntel") == 0 || strcmp(value, "AuthenticAMD") == 0 ||
           strcmp(value, "CentaurHauls") == 0 || strcmp(value, "HygonGenuine") == 0 ||
           strcmp(value, "Shanghai") == 0;
}

/* Tables in prose have a "Model name", too. */
static bool is_processor_name(const char *value)
{
    static const char *const WORDS[] = {"Intel",    "AMD",     "CPU",   "Processor", "Xeon",
                                        "Core(TM)", "Athlon",  "Ryzen", "EPYC",      "Opteron",
                                        "Pentium",  "Celeron", "VIA ",  "ZHAOXIN",   "Hygon",
                                        "Cortex",   "Neoverse"};
    gsize length = strlen(value);

    if (length > PROCESSOR_NAME_MAX)
        return false;
    /* "AMD Ryzen 7 4800U with Radeon Graphics" is one, "Intel HD Graphics 630" is none */
    if (strstr(value, "Graphics") != NULL && strstr(value, " with ") == NULL &&
        strstr(value, " w/ ") == NULL && strstr(value, "APU") == NULL)
        return false;
    for (guint i = 0; i < G_N_ELEMENTS(WORDS); i++) {
        if (strstr(value, WORDS[i]) != NULL)
            return true;
    }
    return false;
}

/* Where the number of KEY goes; NULL: it is no number of the whole host. */
static int *count_of(Paste *paste, Key key)
{
    CpuFacts *facts = &paste->facts->cpu;
    PasteCpu *cpu = paste->cpu;
    int *const places[KEYS_END] = {
        [KEY_FAMILY] = &facts->family,
        [KEY_MODEL] = &facts->model,
        [KEY_STEPPING] = &facts->stepping,
        [KEY_CPUS] = &cpu->cpus,
        [KEY_CORES_PER_SOCKET] = &cpu->cores_per_socket,
        [KEY_SOCKETS] = &cpu->sockets,
        [KEY_SIBLINGS] = &cpu->siblings,
        [KEY_CORES] = &cpu->cpu_cores,
    };
    return places[key];
}

/* LINE tells of a processor for sure: so the numbers near it do, too. */
static void anchor(Paste *paste)
{
    PasteCpu *cpu = paste->cpu;
    for (guint i = 0; i < cpu->numbers->len; i++) {
        const CpuNumber *number = &g_array_index(cpu->numbers, CpuNumber, i);
        if (number->line + NEAR >= paste->line)
            paste_int(paste, count_of(paste, number->key), number->value);
    }
    g_array_set_size(cpu->numbers, 0);
    cpu->anchor = paste->line;
    paste->recognised = true;
}

/* "Model: 158" alone may be anything's. */
static void take_number(Paste *paste, Key key, int value)
{
    PasteCpu *cpu = paste->cpu;
    CpuNumber number = {key, value, paste->line};

    if (cpu->anchor + NEAR >= paste->line) {
        paste_int(paste, count_of(paste, key), value);
        return;
    }
    if (cpu->numbers->len >= NUMBERS_MAX)
        g_array_remove_index(cpu->numbers, 0);
    g_array_append_val(cpu->numbers, number);
}

static void take_thread(Paste *paste, Key key, int number)
{
    PasteCpu *cpu = paste->cpu;
    if (key == KEY_PROCESSOR) {
        CpuThread thread = {number, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, TRI_UNKNOWN};
        cpu->in_thread = number < CPUS_MAX && cpu->threads->len < CPUS_MAX;
        if (cpu->in_thread)
            g_array_append_val(cpu->threads, thread);
        return;
    }
    if (!cpu->in_thread)
        return;
    CpuThread *last = &g_array_index(cpu->threads, CpuThread, cpu->threads->len - 1);
    if (key == KEY_PACKAGE)
        last->package = number;
    else
        last->core = number;
}

static bool take_digits(Paste *paste, Key key, const char *value)
{
    const char *rest;
    int number = paste_decimal(value, 1 << 20, &rest);
    if (number == UNKNOWN || *rest != '\0')
        return false;
    if (count_of(paste, key) != NULL)
        take_number(paste, key, number);
    else
        take_thread(paste, key, number);
    return true;
}

/* Whether VALUE fits KEY: prose has lines such as "Model: the big one", too. */
static bool take_value(Paste *paste, Key key, const char *value)
{
    CpuFacts *facts = &paste->facts->cpu;

    if (count_of(paste, key) != NULL || key == KEY_PROCESSOR || key == KEY_PACKAGE ||
        key == KEY_CORE)
        return take_digits(paste, key, value);
    if (key == KEY_FLAGS)
        return paste_begin_flags(paste, value);
    if (key == KEY_ARCHITECTURE && paste_is_architecture(value))
        paste_text(paste, &facts->architecture, value);
    else if (key == KEY_ARM && (g_ascii_isdigit(*value) || strcmp(value, "AArch64") == 0))
        paste_text(paste, &facts->architecture, cpuinfo_arm(value));
    else if (key == KEY_VENDOR && is_vendor(value))
        paste_text(paste, &facts->vendor, value);
    else if (key == KEY_NAME && is_processor_name(value))
        paste_text(paste, &facts->name, value);
    else if (key == KEY_MICROCODE && g_str_has_prefix(value, "0x") && strlen(value) < 20)
        paste_text(paste, &facts->microcode, value);
    else if (key == KEY_VIRTUALIZATION &&
             (strcmp(value, "AMD-V") == 0 || strcmp(value, "VT-x") == 0))
        paste_tri(paste, &facts->virtualization, TRI_YES);
    else if (key == KEY_HYPERVISOR && *value != '\0' && strcmp(value, "none") != 0)
        paste_tri(paste, &facts->hypervisor, TRI_YES);
    else
        return false;
    anchor(paste);
    return true;
}

/* The key that LINE begins with, or KEYS_END; *RET_VALUE follows its colon. */
static Key key_of(const PasteCpu *cpu, const char *line, const char **ret_value)
{
    const char *colon = strchr(line, ':');
    gsize length = colon != NULL ? (gsize)(colon - line) : 0;

    while (length > 0 && g_ascii_isspace(line[length - 1]))
        length--;
    if (length == 0 || length > KEY_MAX)
        return KEYS_END;
    g_autofree char *word = g_utf8_strdown(line, (gssize)length);
    gpointer key = g_hash_table_lookup(cpu->words, word);
    *ret_value = colon + 1 + strspn(colon + 1, " \t");
    return key != NULL ? (Key)(GPOINTER_TO_INT(key) - 1) : KEYS_END;
}

/* lscpu wraps the column of its values where the terminal ends, in the middle of a word, too. */
static bool go_on_with_name(Paste *paste, const PasteLine *line)
{
    enum { COLUMN_LEAST = 12 };
    char **name = &paste->facts->cpu.name;
    bool wrapped = paste->cpu->name_line == paste->line - 1 && line->indent >= COLUMN_LEAST &&
                   *name != NULL && strchr(line->text, ':') == NULL &&
                   strlen(*name) + strlen(line->text) <= PROCESSOR_NAME_MAX;
    if (!wrapped)
        return false;
    char *whole = g_strconcat(*name, line->text, NULL);
    g_free(*name);
    *name = whole;
    return true;
}

bool paste_take_cpu(Paste *paste, const PasteLine *line)
{
    const char *value;

    if (paste_go_on_with_flags(paste, line) || paste_take_threads(paste, line) ||
        go_on_with_name(paste, line))
        return true;
    Key key = key_of(paste->cpu, line->text, &value);
    if (key == KEYS_END || !take_value(paste, key, value))
        return false;
    if (key == KEY_NAME)
        paste->cpu->name_line = paste->line;
    /* "CPU(s)" and "Core(s) per socket" are lscpu's own words; "Model" is anybody's */
    if (strcspn(line->text, "(") < strcspn(line->text, ":"))
        anchor(paste);
    return true;
}

void paste_cpu_anchor(Paste *paste)
{
    anchor(paste);
}

void paste_cpu_block_end(Paste *paste)
{
    paste->cpu->in_thread = false;
}

/* The processors of /proc/cpuinfo, when it is whole: each package has as many as it says. */
static void take_whole_list(Paste *paste)
{
    PasteCpu *cpu = paste->cpu;
    CpuFacts *facts = &paste->facts->cpu;
    int packages = paste_sort_threads(cpu->threads);

    if (cpu->siblings == UNKNOWN || cpu->cpu_cores == UNKNOWN || packages == 0 ||
        (gint64)cpu->siblings * packages != cpu->threads->len)
        return;
    paste_int(paste, &facts->packages, packages);
    paste_int(paste, &facts->cores, cpu->cpu_cores * packages);
    paste_int(paste, &facts->threads, (int)cpu->threads->len);
    facts->thread_list = g_steal_pointer(&cpu->threads);
    cpu->threads = g_array_new(FALSE, FALSE, sizeof(CpuThread));
}

/* Sockets times cores, when that goes up in the number of processors. */
static void take_counts(Paste *paste)
{
    const PasteCpu *cpu = paste->cpu;
    CpuFacts *facts = &paste->facts->cpu;

    if (cpu->cpus != UNKNOWN && cpu->cpus <= CPUS_MAX)
        paste_int(paste, &facts->threads, cpu->cpus);
    if (cpu->sockets == UNKNOWN || cpu->cores_per_socket == UNKNOWN || cpu->sockets > CPUS_MAX ||
        cpu->cores_per_socket > CPUS_MAX)
        return;
    paste_int(paste, &facts->packages, cpu->sockets);
    paste_int(paste, &facts->cores, cpu->sockets * cpu->cores_per_socket);
}

void paste_cpu_finish(Paste *paste)
{
    CpuFacts *facts = &paste->facts->cpu;

    paste_end_flags(paste);
    /* what two processors have in common is no third one */
    if (g_hash_table_contains(paste->told_twice, &facts->name) ||
        g_hash_table_contains(paste->told_twice, &facts->model))
        g_clear_pointer(&facts->flags, g_strfreev);
    if (facts->flags != NULL) {
        bool has = cpu_has_flag(facts, "vmx") == TRI_YES || cpu_has_flag(facts, "svm") == TRI_YES;
        paste_tri(paste, &facts->virtualization, tri(has));
        paste_tri(paste, &facts->hypervisor, cpu_has_flag(facts, "hypervisor"));
    }
    if (facts->tsc_unstable == TRI_YES && g_strcmp0(facts->clocksource, "tsc") == 0)
        g_clear_pointer(&facts->clocksource, g_free);
    take_counts(paste);
    take_whole_list(paste);
    paste_threads_finish(paste);
}
