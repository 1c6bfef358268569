/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/cpu-list.h"
#include "facts/cpuinfo.h"
#include "facts/paste-parts.h"

#include <stdlib.h>
#include <string.h>

/* /proc/cpuinfo and lscpu (util-linux, sys-utils/lscpu.c, with its German and French words). */

/* A processor of x86_64 has some 35 flags at the least; fewer are a line that was cut off. */
enum { FLAGS_LEAST = 30, FLAGS_MAX = 16384, CPUS_MAX = 4096 };

typedef enum {
    KEY_VENDOR,
    KEY_NAME,
    KEY_FAMILY,
    KEY_MODEL,
    KEY_STEPPING,
    KEY_MICROCODE,
    KEY_FLAGS,
    KEY_VIRTUALIZATION,
    KEY_HYPERVISOR,
    KEY_CPUS,
    KEY_CORES_PER_SOCKET,
    KEY_SOCKETS,
    KEY_PROCESSOR,
    KEY_PACKAGE,
    KEY_CORE,
    KEY_SIBLINGS,
    KEY_CORES,
    KEY_ARCHITECTURE,
    KEY_ARM,
    KEYS_END,
} Key;

static const struct {
    const char *text;
    Key key;
} KEYS[] = {
    {"vendor_id", KEY_VENDOR},
    {"vendor id", KEY_VENDOR},
    {"anbieterkennung", KEY_VENDOR},
    {"hersteller-id", KEY_VENDOR},
    {"identifiant constructeur", KEY_VENDOR},
    {"model name", KEY_NAME},
    {"modellname", KEY_NAME},
    {"nom de modèle", KEY_NAME},
    {"cpu family", KEY_FAMILY},
    {"prozessorfamilie", KEY_FAMILY},
    {"famille de processeur", KEY_FAMILY},
    {"model", KEY_MODEL},
    {"modell", KEY_MODEL},
    {"modèle", KEY_MODEL},
    {"stepping", KEY_STEPPING},
    {"révision", KEY_STEPPING},
    {"microcode", KEY_MICROCODE},
    {"flags", KEY_FLAGS},
    {"markierungen", KEY_FLAGS},
    {"drapaux", KEY_FLAGS},
    {"drapeaux", KEY_FLAGS},
    {"virtualization", KEY_VIRTUALIZATION},
    {"virtualisierung", KEY_VIRTUALIZATION},
    {"virtualisation", KEY_VIRTUALIZATION},
    {"hypervisor vendor", KEY_HYPERVISOR},
    {"hypervisor-anbieter", KEY_HYPERVISOR},
    {"cpu(s)", KEY_CPUS},
    {"processeur(s)", KEY_CPUS},
    {"core(s) per socket", KEY_CORES_PER_SOCKET},
    {"kern(e) pro sockel", KEY_CORES_PER_SOCKET},
    {"socket(s)", KEY_SOCKETS},
    {"sockel", KEY_SOCKETS},
    {"processor", KEY_PROCESSOR},
    {"physical id", KEY_PACKAGE},
    {"core id", KEY_CORE},
    {"siblings", KEY_SIBLINGS},
    {"cpu cores", KEY_CORES},
    {"architecture", KEY_ARCHITECTURE},
    {"architektur", KEY_ARCHITECTURE},
    {"cpu architecture", KEY_ARM},
};

static bool is_vendor(const char *value)
{
    return strcmp(value, "GenuineIntel") == 0 || strcmp(value, "AuthenticAMD") == 0 ||
           strcmp(value, "CentaurHauls") == 0 || strcmp(value, "HygonGenuine") == 0 ||
           strcmp(value, "  Shanghai  ") == 0;
}

static bool are_flags(const char *text)
{
    return *text != '\0' && text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_ ")] == '\0';
}

/* The flags that were collected are those of a processor, or of the line of one that was cut. */
static void end_flags(Paste *paste)
{
    CpuFacts *cpu = &paste->facts->cpu;
    g_auto(GStrv) words = NULL;
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    paste->flags_open = false;
    if (paste->flags == NULL)
        return;
    char *text = g_string_free(g_steal_pointer(&paste->flags), FALSE);
    bool known = g_strcmp0(text, paste->flags_before) == 0;
    g_free(paste->flags_before);
    paste->flags_before = text;
    if (known) /* of the processor before */
        return;
    words = g_strsplit_set(text, " \t", -1);
    for (char **word = words; *word != NULL; word++) {
        if (**word != '\0')
            g_hash_table_add(seen, *word);
    }
    if (g_hash_table_size(seen) < FLAGS_LEAST || !g_hash_table_contains(seen, "fpu") ||
        paste->flags_broken)
        return;
    g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(seen), (GCompareFunc)strcmp);
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    for (const GList *name = names; name != NULL; name = name->next) {
        /* all processors have what each of them has */
        if (cpu->flags == NULL || g_strv_contains((const char *const *)cpu->flags, name->data))
            g_strv_builder_add(builder, name->data);
    }
    g_strfreev(cpu->flags);
    cpu->flags = g_strv_builder_end(builder);
}

static void begin_flags(Paste *paste, const char *value)
{
    if (!are_flags(value)) {
        paste->flags_broken = *value != '\0';
        return;
    }
    paste->flags_broken = false;
    paste->flags = g_string_new(value);
    paste->flags_open = true;
}

/* A terminal or a mail program wrapped the line: words go on, or a word does. */
static bool go_on_with_flags(Paste *paste, const PasteLine *line)
{
    if (!paste->flags_open)
        return false;
    if (!are_flags(line->text) || paste->flags->len + strlen(line->text) > FLAGS_MAX) {
        paste->flags_broken = strstr(line->text, "...") != NULL;
        end_flags(paste);
        return false;
    }
    g_string_append_printf(paste->flags, " %s", line->text);
    return true;
}

static void take_thread(Paste *paste, Key key, const char *value)
{
    int number = paste_decimal(value, CPUS_MAX, NULL);
    if (key == KEY_PROCESSOR) {
        CpuThread thread = {number, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, TRI_UNKNOWN};
        if (number != UNKNOWN && paste->threads->len < CPUS_MAX)
            g_array_append_val(paste->threads, thread);
        return;
    }
    if (paste->threads->len == 0)
        return;
    CpuThread *last = &g_array_index(paste->threads, CpuThread, paste->threads->len - 1);
    if (key == KEY_PACKAGE)
        last->package = number;
    else
        last->core = number;
}

/* Where the number of KEY goes; NULL: it is no number of the whole host. */
static int *count_of(Paste *paste, Key key)
{
    CpuFacts *cpu = &paste->facts->cpu;
    int *const places[KEYS_END] = {
        [KEY_FAMILY] = &cpu->family,
        [KEY_MODEL] = &cpu->model,
        [KEY_STEPPING] = &cpu->stepping,
        [KEY_CPUS] = &paste->cpus,
        [KEY_CORES_PER_SOCKET] = &paste->core_per_socket,
        [KEY_SOCKETS] = &paste->sockets,
        [KEY_SIBLINGS] = &paste->siblings,
        [KEY_CORES] = &paste->cpu_cores,
    };
    return places[key];
}

/* Whether VALUE fits KEY: prose has lines such as "Model: the big one", too. */
static bool take_value(Paste *paste, Key key, const char *value)
{
    CpuFacts *cpu = &paste->facts->cpu;
    int *count = count_of(paste, key);

    if (count != NULL || key == KEY_PROCESSOR || key == KEY_PACKAGE || key == KEY_CORE) {
        const char *rest;
        int number = paste_decimal(value, 1 << 20, &rest);
        if (number == UNKNOWN || *rest != '\0')
            return false;
        if (count != NULL)
            paste_int(paste, count, number);
        else
            take_thread(paste, key, value);
        return true;
    }
    if (key == KEY_ARCHITECTURE && paste_is_architecture(value))
        paste_text(paste, &cpu->architecture, value);
    else if (key == KEY_ARM && (g_ascii_isdigit(*value) || strcmp(value, "AArch64") == 0))
        paste_text(paste, &cpu->architecture, cpuinfo_arm(value));
    else if (key == KEY_VENDOR && is_vendor(value))
        paste_text(paste, &cpu->vendor, value);
    else if (key == KEY_NAME && *value != '\0')
        paste_text(paste, &cpu->name, value);
    else if (key == KEY_MICROCODE && g_str_has_prefix(value, "0x"))
        paste_text(paste, &cpu->microcode, value);
    else if (key == KEY_VIRTUALIZATION &&
             (strcmp(value, "AMD-V") == 0 || strcmp(value, "VT-x") == 0))
        paste_tri(paste, &cpu->virtualization, TRI_YES);
    else if (key == KEY_HYPERVISOR && *value != '\0')
        paste_tri(paste, &cpu->hypervisor, TRI_YES);
    else if (key == KEY_FLAGS)
        begin_flags(paste, value);
    else
        return false;
    return true;
}

/* "AMD Ryzen 9 3900X (24) @ 3.800GHz", as neofetch and fastfetch write it */
static bool take_fetched(Paste *paste, const char *line)
{
    const char *value = paste_value(line, "cpu");
    const char *count = value != NULL ? strstr(value, " (") : NULL;
    if (count == NULL || strstr(count, ") @ ") == NULL ||
        (!g_str_has_prefix(value, "AMD ") && !g_str_has_prefix(value, "Intel") &&
         strstr(value, "Gen Intel") == NULL) ||
        !g_ascii_isdigit(count[2]))
        return false;
    g_autofree char *name = g_strndup(value, (gsize)(count - value));
    if (paste->facts->cpu.name == NULL)
        paste_text(paste, &paste->facts->cpu.name, name);
    return true;
}

bool paste_take_cpu(Paste *paste, const PasteLine *line)
{
    if (go_on_with_flags(paste, line))
        return true;
    if (strchr(line->text, ':') == NULL)
        return false;
    for (guint i = 0; i < G_N_ELEMENTS(KEYS); i++) {
        const char *value = paste_value(line->text, KEYS[i].text);
        if (value != NULL && take_value(paste, KEYS[i].key, value)) {
            paste->recognised = true;
            return true;
        }
    }
    bool fetched = take_fetched(paste, line->text);
    paste->recognised |= fetched;
    return fetched;
}

static int compare_threads(gconstpointer left, gconstpointer right)
{
    return ((const CpuThread *)left)->cpu - ((const CpuThread *)right)->cpu;
}

/* The processors of /proc/cpuinfo, when it is whole: each package has as many as it says. */
static void take_whole_list(Paste *paste)
{
    GArray *threads = paste->threads;
    CpuFacts *cpu = &paste->facts->cpu;
    int packages = 0;

    g_array_sort(threads, compare_threads);
    for (guint i = 0; i < threads->len; i++) {
        const CpuThread *thread = &g_array_index(threads, CpuThread, i);
        if (thread->cpu != (int)i || thread->package == UNKNOWN || thread->core == UNKNOWN)
            return;
        packages = MAX(packages, thread->package + 1);
    }
    if (paste->siblings == UNKNOWN || paste->cpu_cores == UNKNOWN || packages == 0 ||
        (gint64)paste->siblings * packages != threads->len)
        return;
    paste_int(paste, &cpu->packages, packages);
    paste_int(paste, &cpu->cores, paste->cpu_cores * packages);
    paste_int(paste, &cpu->threads, (int)threads->len);
    cpu->thread_list = g_steal_pointer(&paste->threads);
}

void paste_cpu_finish(Paste *paste)
{
    CpuFacts *cpu = &paste->facts->cpu;

    end_flags(paste);
    /* what two processors have in common is no third one */
    if (g_hash_table_contains(paste->told_twice, &cpu->name) ||
        g_hash_table_contains(paste->told_twice, &cpu->model))
        g_clear_pointer(&cpu->flags, g_strfreev);
    if (cpu->flags != NULL) {
        bool has = cpu_has_flag(cpu, "vmx") == TRI_YES || cpu_has_flag(cpu, "svm") == TRI_YES;
        paste_tri(paste, &cpu->virtualization, tri(has));
        paste_tri(paste, &cpu->hypervisor, cpu_has_flag(cpu, "hypervisor"));
    }
    if (cpu->tsc_unstable == TRI_YES && g_strcmp0(cpu->clocksource, "tsc") == 0)
        g_clear_pointer(&cpu->clocksource, g_free);
    if (paste->sockets != UNKNOWN && paste->core_per_socket != UNKNOWN && paste->cpus != UNKNOWN &&
        paste->sockets <= CPUS_MAX && paste->core_per_socket <= CPUS_MAX) {
        paste_int(paste, &cpu->packages, paste->sockets);
        paste_int(paste, &cpu->cores, paste->sockets * paste->core_per_socket);
        paste_int(paste, &cpu->threads, paste->cpus);
    }
    take_whole_list(paste);
}
