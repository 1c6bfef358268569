/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/log.h"

#include "opencore/log-take.h"

#include <string.h>

/* What begins a phase, in the order of Application/OpenCore/OpenCore.c (OcMain) and
 * OcBootManagementLib. */
static const struct {
    BootPhase phase;
    const char *name, *words, *begins;
} PHASES[] = {
    {BOOT_PHASE_NONE, "none", "did not start", NULL},
    {BOOT_PHASE_BOOTSTRAP, "bootstrap", "is looked for", "BS: "},
    {BOOT_PHASE_CONFIGURATION, "configuration", "reads its configuration", "OC: "},
    {BOOT_PHASE_VARIABLES, "variables", "sets variables", "OC: OcLoadNvramSupport"},
    {BOOT_PHASE_DRIVERS, "drivers", "loads drivers", "OC: OcLoadUefiSupport"},
    {BOOT_PHASE_ACPI, "acpi", "changes ACPI tables", "OC: OcLoadAcpiSupport"},
    {BOOT_PHASE_PLATFORM, "platform", "makes the Mac's identity", "OC: OcLoadPlatformSupport"},
    {BOOT_PHASE_PROPERTIES, "properties", "sets properties of devices",
     "OC: OcLoadDevPropsSupport"},
    {BOOT_PHASE_KERNEL, "kernel", "prepares what it does to a kernel", "OC: OcLoadKernelSupport"},
    {BOOT_PHASE_ENTRIES, "entries", "looks for systems to boot", "OC: All green"},
    {BOOT_PHASE_PICKER, "picker", "shows its picker", "OCB: Showing menu"},
    {BOOT_PHASE_SYSTEM, "system", "starts a system", "OCB: Perform boot "},
};

/* A line that reads like a failure, in lower case. */
static const char *const FAILURES[] = {"fail",      "cannot", "invalid", "missing", "not found",
                                       "unable",    "error",  "abort",   "corrupt", "mismatch",
                                       "malformed", "borked", "insane",  "illegal"};

const char *boot_phase_name(BootPhase phase)
{
    return PHASES[phase].name;
}

const char *boot_phase_words(BootPhase phase)
{
    return PHASES[phase].words;
}

static void driver_free(BootDriver *driver)
{
    g_free(driver->name);
    g_free(driver->problem);
    g_free(driver);
}

static void table_row_free(BootTable *table)
{
    g_free(table->action);
    g_free(table->signature);
    g_free(table->table);
    g_free(table);
}

static void kext_free(BootKext *kext)
{
    g_free(kext->name);
    g_free(kext->version);
    g_free(kext->status);
    g_free(kext);
}

static void entry_free(BootEntry *entry)
{
    g_free(entry->name);
    g_free(entry->flavour);
    g_free(entry->kind);
    g_free(entry->path);
    g_free(entry);
}

static void message_free(BootMessage *message)
{
    g_free(message->text);
    g_free(message);
}

void boot_log_free(BootLog *log)
{
    if (log == NULL)
        return;
    g_free(log->version);
    g_free(log->build);
    g_free(log->date);
    g_free(log->vault);
    g_free(log->model);
    g_ptr_array_unref(log->drivers);
    g_ptr_array_unref(log->tables);
    g_ptr_array_unref(log->kexts);
    g_ptr_array_unref(log->entries);
    g_ptr_array_unref(log->messages);
    g_free(log);
}

static BootLog *log_new(void)
{
    BootLog *log = g_new0(BootLog, 1);
    log->drivers = g_ptr_array_new_with_free_func((GDestroyNotify)driver_free);
    log->tables = g_ptr_array_new_with_free_func((GDestroyNotify)table_row_free);
    log->kexts = g_ptr_array_new_with_free_func((GDestroyNotify)kext_free);
    log->entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
    log->messages = g_ptr_array_new_with_free_func((GDestroyNotify)message_free);
    return log;
}

static void set_once(char **field, char *value)
{
    if (*field == NULL)
        *field = value;
    else
        g_free(value);
}

/* "DBG-105-2025-07-07": the build, the digits of the version, the day. Minor numbers have one digit
 * (OpenCorePkg Library/OcMainLib/OpenCoreMisc.c). */
static void take_version(BootLog *log, const char *code)
{
    static const char *const BUILDS[][2] = {{"DBG", "DEBUG"}, {"REL", "RELEASE"}, {"NPT", "NOOPT"}};
    g_auto(GStrv) parts = g_strsplit(code, "-", 3);
    const char *digits = parts[0] != NULL && parts[1] != NULL ? parts[1] : "";
    if (strlen(digits) != 3 || strspn(digits, "0123456789") != 3)
        return;
    set_once(&log->version, g_strdup_printf("%c.%c.%c", digits[0], digits[1], digits[2]));
    set_once(&log->date, g_strdup(parts[2]));
    for (guint i = 0; i < G_N_ELEMENTS(BUILDS); i++)
        if (strcmp(BUILDS[i][0], parts[0]) == 0)
            set_once(&log->build, g_strdup(BUILDS[i][1]));
}

static void take_start(BootLog *log, const char *text)
{
    if (g_str_has_prefix(text, "BS: Starting ") || g_str_has_prefix(text, "OC: Starting "))
        log->whole = true;
    g_autofree char *code = log_line_between(text, "OC: OpenCore ", " is loading in ");
    g_autofree char *again = log_line_between(text, "OC: Current version is ", NULL);
    if (code != NULL || again != NULL) {
        log->whole = true;
        take_version(log, code != NULL ? code : again);
    }
    if (code != NULL)
        set_once(&log->vault, log_line_between(text, " is loading in ", " mode "));
    if (g_str_has_prefix(text, "OC: New SMBIOS: ")) {
        char *model = log_line_between(text, " model ", NULL);
        if (model != NULL)
            set_once(&log->model, model);
    }
}

/* It looks for systems once more when there is none, and then takes auxiliary entries, too. */
static void take_scan(BootLog *log, const char *text)
{
    if (g_str_has_prefix(text, "OCB: System has no boot entries, showing picker"))
        log->hidden_shown = true;
    if (g_str_has_prefix(text, "OCB: Found ") && strstr(text, " bootable filesystems") != NULL)
        g_ptr_array_set_size(log->entries, 0);
}

static void take_phase(BootLog *log, const char *text)
{
    for (guint i = 0; i < G_N_ELEMENTS(PHASES); i++)
        if (PHASES[i].begins != NULL && PHASES[i].phase > log->phase &&
            g_str_has_prefix(text, PHASES[i].begins))
            log->phase = PHASES[i].phase;
}

static bool reads_like_failure(const char *text, const char *status)
{
    g_autofree char *lower = g_ascii_strdown(text, -1);
    if (status != NULL)
        return true;
    for (guint i = 0; i < G_N_ELEMENTS(FAILURES); i++)
        if (strstr(lower, FAILURES[i]) != NULL)
            return true;
    return false;
}

/* A log that is being read. */
typedef struct {
    BootLog *log;
    const LogMessages *messages;
    GHashTable *seen; /* the log's messages by their texts, which they own */
} Reading;

/* Takes TEXT, which becomes the log's, together with an earlier line that is the same. */
static void add_message(const Reading *reading, const LogLine *line, char *text,
                        const LogMessage *meaning)
{
    BootMessage *message = g_hash_table_lookup(reading->seen, text);
    if (message != NULL || !log_has_room(reading->log, reading->log->messages)) {
        if (message != NULL)
            message->count++;
        g_free(text);
        return;
    }
    message = g_new0(BootMessage, 1);
    message->severity = meaning != NULL ? meaning->severity : MESSAGE_UNKNOWN;
    message->text = text;
    message->meaning = meaning;
    message->count = 1;
    message->milliseconds = line->milliseconds;
    g_ptr_array_add(reading->log->messages, message);
    g_hash_table_insert(reading->seen, text, message);
}

static void take_message(const Reading *reading, const LogLine *line)
{
    g_autofree char *status = log_line_status(line->text);
    if (status != NULL && strcmp(status, "Success") == 0)
        return;
    bool failure = reads_like_failure(line->text, status);
    const LogMessage *meaning = log_messages_find(reading->messages, line->text);
    char *shown = NULL;
    if (meaning != NULL && (failure || !meaning->general))
        log_pattern_matches(meaning->pattern, line->text, &shown);
    else if (failure)
        shown = g_strdup(line->text);
    if (shown != NULL)
        add_message(reading, line, shown, meaning);
}

static void take_line(const Reading *reading, const LogLine *line)
{
    BootLog *log = reading->log;
    log->cut = log->cut || line->cut;
    if (strstr(line->text, "Halting on critical error") != NULL)
        log->halted = true;
    if (!log_line_is_ours(line))
        return;
    log->lines++;
    if (line->timed)
        log->milliseconds = line->milliseconds;
    take_phase(log, line->text);
    take_start(log, line->text);
    log_take_driver(log, line->text);
    log_take_table(log, line->text);
    log_take_kext(log, line->text);
    take_scan(log, line->text);
    log_take_entry(log, line->text);
    take_message(reading, line);
}

/* The first line to read. Those without times before the first that has some come again with them.
 */
static guint first_line(const GArray *lines)
{
    for (guint i = 0; i < lines->len; i++)
        if (g_array_index(lines, LogLine, i).timed)
            return i;
    return 0;
}

BootLog *boot_log_read(const char *text, gsize length, const LogMessages *messages)
{
    BootLog *log = log_new();
    g_autoptr(GArray) lines = log_lines_split(text, length);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    const Reading reading = {log, messages, seen};
    for (guint i = first_line(lines); i < lines->len; i++)
        take_line(&reading, &g_array_index(lines, LogLine, i));
    return log;
}

guint boot_log_count(const BootLog *log, MessageSeverity severity)
{
    guint count = 0;
    for (guint i = 0; i < log->messages->len; i++)
        count += ((const BootMessage *)g_ptr_array_index(log->messages, i))->severity == severity;
    return count;
}
