/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/bootloader-out.h"

#include "base/jsonwrite.h"
#include "cli/grid.h"

#include <string.h>

enum { MESSAGE_INDENT = 9 };

static const Tone SEVERITY_TONES[] = {
    [MESSAGE_NOTE] = TONE_PLAIN,
    [MESSAGE_UNKNOWN] = TONE_UNKNOWN,
    [MESSAGE_WARNING] = TONE_LIMITED,
    [MESSAGE_ERROR] = TONE_BAD,
};

static const char UNKNOWN_MEANING[] =
    "It reads like a failure; what it means in a guest is not known here.";

/* "OpenCore 1.0.7 (DEBUG, 2025-07-07), as a MacPro7,1." */
static void print_version(const Output *output, const BootLog *log)
{
    if (log->version != NULL)
        output_text(output, "OpenCore %s (%s, %s)%s%s.", log->version,
                    log->build != NULL ? log->build : "unknown build", log->date,
                    log->model != NULL ? ", as a " : "", log->model != NULL ? log->model : "");
    else if (!log->whole)
        output_text(output,
                    "The log does not say that OpenCore starts: it did not, or it is a RELEASE "
                    "build, which logs warnings and errors alone. `rootstock build` takes the "
                    "DEBUG build, which logs its whole start, unless the machine file says "
                    "`log=no` below [opencore].");
}

/* How far it got, as far as its log says that. */
static char *phase_words(const BootLog *log)
{
    if (!log->whole)
        return g_strdup("its log does not say how far it got");
    return g_strdup_printf("by its log OpenCore %s", boot_phase_words(log->phase));
}

static void print_end(const Output *output, const Bootloader *run)
{
    g_autofree char *phase = phase_words(run->log);
    switch (run->end) {
    case BOOTLOADER_PICKER:
        output_text(output, "The picker was up after %.1f s.", run->seconds);
        break;
    case BOOTLOADER_HALTED:
        output_text(output, "OpenCore stopped by itself; %s.", phase);
        break;
    case BOOTLOADER_STILL:
        output_text(output,
                    "The guest came to rest after %.1f s without a word of its picker; %s. The "
                    "picture shows what is on its screen.",
                    run->seconds, phase);
        break;
    case BOOTLOADER_OFF:
        output_text(output, "The guest powered off or restarted before the picker was up; %s.",
                    phase);
        break;
    case BOOTLOADER_TIME:
        output_text(output,
                    "The time was up after %.1f s, before the picker; %s. --timeout gives it more.",
                    run->seconds, phase);
        break;
    }
}

static void print_drivers(const Output *output, const BootLog *log)
{
    static const GridColumn COLUMNS[] = {{"DRIVER", 0}, {"", GRID_WRAP}};
    g_autoptr(Grid) grid = grid_new(output, COLUMNS, G_N_ELEMENTS(COLUMNS));
    for (guint i = 0; i < log->drivers->len; i++) {
        const BootDriver *driver = g_ptr_array_index(log->drivers, i);
        bool failed = *driver->problem != '\0';
        grid_line(grid, GRID_TOP);
        grid_cell(grid, 0, TONE_PLAIN, driver->name);
        grid_cell(grid, 1,
                  driver->loaded ? TONE_GOOD
                  : failed       ? TONE_BAD
                                 : TONE_UNKNOWN,
                  driver->loaded ? "loaded"
                  : failed       ? driver->problem
                                 : "not seen to be loaded");
    }
    output_section(output, NULL);
    grid_print(grid);
}

static void print_tables(const Output *output, const BootLog *log)
{
    static const GridColumn COLUMNS[] = {
        {"ACPI TABLE", 0}, {"NAME", 0}, {"", 0}, {"BYTES", GRID_RIGHT}};
    g_autoptr(Grid) grid = grid_new(output, COLUMNS, G_N_ELEMENTS(COLUMNS));
    for (guint i = 0; i < log->tables->len; i++) {
        const BootTable *table = g_ptr_array_index(log->tables, i);
        grid_line(grid, GRID_TOP);
        grid_cell(grid, 0, TONE_PLAIN, table->signature);
        grid_cell(grid, 1, TONE_PLAIN, table->table);
        grid_cell(grid, 2, TONE_PLAIN, table->action);
        grid_cell_format(grid, 3, TONE_PLAIN, "%" G_GUINT64_FORMAT, table->bytes);
    }
    output_section(output, NULL);
    grid_print(grid);
}

static void print_kexts(const Output *output, const BootLog *log)
{
    static const GridColumn COLUMNS[] = {{"KEXT", 0}, {"VERSION", 0}, {"", GRID_WRAP}};
    g_autoptr(Grid) grid = grid_new(output, COLUMNS, G_N_ELEMENTS(COLUMNS));
    for (guint i = 0; i < log->kexts->len; i++) {
        const BootKext *kext = g_ptr_array_index(log->kexts, i);
        bool skipped = strcmp(kext->status, "skipped") == 0;
        grid_line(grid, GRID_TOP);
        grid_cell(grid, 0, TONE_PLAIN, kext->name);
        grid_cell(grid, 1, TONE_PLAIN, kext->version);
        grid_cell(grid, 2,
                  kext->injected ? TONE_GOOD
                  : skipped      ? TONE_PLAIN
                                 : TONE_BAD,
                  kext->injected ? "put into the kernel"
                  : skipped      ? "for other releases"
                                 : kext->status);
    }
    output_section(output, NULL);
    grid_print(grid);
}

static void print_entries(const Output *output, const BootLog *log)
{
    static const GridColumn COLUMNS[] = {{"ENTRY", 0}, {"KIND", 0}, {"WHERE", GRID_WRAP}};
    g_autoptr(Grid) grid = grid_new(output, COLUMNS, G_N_ELEMENTS(COLUMNS));
    for (guint i = 0; i < log->entries->len; i++) {
        const BootEntry *entry = g_ptr_array_index(log->entries, i);
        grid_line(grid, GRID_TOP);
        grid_cell(grid, 0, TONE_STRONG, entry->name);
        grid_cell(grid, 1, TONE_PLAIN, entry->kind);
        grid_cell(grid, 2, TONE_PLAIN, entry->path);
    }
    output_section(output, NULL);
    grid_print(grid);
}

static void print_message(const Output *output, const BootMessage *message)
{
    g_autofree char *title =
        g_strdup_printf("%-*s", MESSAGE_INDENT, message_severity_name(message->severity));
    g_autofree char *line = message->count > 1
                                ? g_strdup_printf("%s (%u times)", message->text, message->count)
                                : g_strdup(message->text);
    const char *advice = message->meaning != NULL ? message->meaning->advice : "";
    g_autofree char *words =
        g_strconcat(message->meaning != NULL ? message->meaning->meaning : UNKNOWN_MEANING,
                    *advice != '\0' ? " " : "", advice, NULL);
    output_named(output, MESSAGE_INDENT, title, SEVERITY_TONES[message->severity], line);
    printf("%*s", MESSAGE_INDENT, "");
    output_indented(output, MESSAGE_INDENT, words);
}

static void print_messages(const Output *output, const BootLog *log)
{
    for (MessageSeverity severity = MESSAGE_ERROR + 1; severity-- > MESSAGE_NOTE;) {
        if (severity == MESSAGE_NOTE && !output->verbose)
            continue;
        for (guint i = 0; i < log->messages->len; i++) {
            const BootMessage *message = g_ptr_array_index(log->messages, i);
            if (message->severity == severity)
                print_message(output, message);
        }
    }
}

static void print_lists(const Output *output, const BootLog *log)
{
    if (log->drivers->len > 0)
        print_drivers(output, log);
    if (log->tables->len > 0)
        print_tables(output, log);
    if (log->kexts->len > 0)
        print_kexts(output, log);
    else if (log->phase >= BOOT_PHASE_ENTRIES)
        output_text(output, "\nNo kext: OpenCore puts kexts into macOS's kernel when that is "
                            "started, which is after the picker.");
    if (log->entries->len > 0)
        print_entries(output, log);
}

static void print_count(const Output *output, const BootLog *log)
{
    guint errors = boot_log_count(log, MESSAGE_ERROR);
    guint warnings = boot_log_count(log, MESSAGE_WARNING);
    guint unknown = boot_log_count(log, MESSAGE_UNKNOWN);
    guint notes = boot_log_count(log, MESSAGE_NOTE);
    output_text(output,
                "%u error%s, %u warning%s, %u line%s of unknown meaning; %u that look bad "
                "and are not%s.",
                errors, errors == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s", unknown,
                unknown == 1 ? "" : "s", notes,
                notes > 0 && !output->verbose ? " (--verbose shows them)" : "");
}

static void print_files(const Output *output, const Bootloader *run)
{
    for (guint i = 0; i < run->changes->len; i++) {
        if (i == 0)
            output_text(output, "Other than in the image, for this start alone:");
        output_text(output, "  %s", (const char *)g_ptr_array_index(run->changes, i));
    }
    if (run->log_name != NULL)
        output_text(output, "The log is from the file %s on the boot loader's disk.",
                    run->log_name);
    else
        output_text(output, "The log is from the serial port.");
    if (run->screenshot != NULL)
        output_text(output, "The guest's screen: %s", run->screenshot);
}

void bootloader_print(const Output *output, const Bootloader *run)
{
    print_version(output, run->log);
    print_end(output, run);
    print_lists(output, run->log);
    output_section(output, NULL);
    print_messages(output, run->log);
    print_count(output, run->log);
    output_section(output, NULL);
    print_files(output, run);
}

static void write_lists(const BootLog *log, JsonWrite *json)
{
    jw_begin_array(json, "drivers");
    for (guint i = 0; i < log->drivers->len; i++) {
        const BootDriver *driver = g_ptr_array_index(log->drivers, i);
        jw_begin_object(json, NULL);
        jw_string(json, "name", driver->name);
        jw_boolean(json, "loaded", driver->loaded);
        jw_string(json, "problem", *driver->problem != '\0' ? driver->problem : NULL);
        jw_end_object(json);
    }
    jw_end_array(json);
    jw_begin_array(json, "tables");
    for (guint i = 0; i < log->tables->len; i++) {
        const BootTable *table = g_ptr_array_index(log->tables, i);
        jw_begin_object(json, NULL);
        jw_string(json, "action", table->action);
        jw_string(json, "signature", table->signature);
        jw_string(json, "table", table->table);
        jw_integer(json, "bytes", (gint64)table->bytes);
        jw_end_object(json);
    }
    jw_end_array(json);
    jw_begin_array(json, "kexts");
    for (guint i = 0; i < log->kexts->len; i++) {
        const BootKext *kext = g_ptr_array_index(log->kexts, i);
        jw_begin_object(json, NULL);
        jw_string(json, "name", kext->name);
        jw_string(json, "version", *kext->version != '\0' ? kext->version : NULL);
        jw_boolean(json, "injected", kext->injected);
        jw_string(json, "status", kext->status);
        jw_end_object(json);
    }
    jw_end_array(json);
}

static void write_entries(const BootLog *log, JsonWrite *json)
{
    jw_begin_array(json, "entries");
    for (guint i = 0; i < log->entries->len; i++) {
        const BootEntry *entry = g_ptr_array_index(log->entries, i);
        jw_begin_object(json, NULL);
        jw_string(json, "name", entry->name);
        jw_string(json, "kind", entry->kind);
        jw_string(json, "flavour", entry->flavour);
        jw_string(json, "path", entry->path);
        jw_boolean(json, "external", entry->external);
        jw_end_object(json);
    }
    jw_end_array(json);
}

static void write_messages(const BootLog *log, JsonWrite *json)
{
    jw_begin_array(json, "messages");
    for (guint i = 0; i < log->messages->len; i++) {
        const BootMessage *message = g_ptr_array_index(log->messages, i);
        const LogMessage *row = message->meaning;
        jw_begin_object(json, NULL);
        jw_string(json, "severity", message_severity_name(message->severity));
        jw_string(json, "line", message->text);
        jw_integer(json, "count", message->count);
        jw_real(json, "seconds", (double)message->milliseconds / 1000);
        jw_string(json, "meaning", row != NULL ? row->meaning : NULL);
        jw_string(json, "advice", row != NULL && *row->advice != '\0' ? row->advice : NULL);
        jw_end_object(json);
    }
    jw_end_array(json);
}

bool bootloader_write_json(const Bootloader *run, GError **error)
{
    const BootLog *log = run->log;
    JsonWrite *json = jw_new(stdout);

    jw_begin_object(json, NULL);
    jw_boolean(json, "booted", run->end == BOOTLOADER_PICKER);
    jw_string(json, "end", bootloader_end_name(run->end));
    jw_real(json, "seconds", run->seconds);
    jw_string(json, "version", log->version);
    jw_string(json, "build", log->build);
    jw_string(json, "date", log->date);
    jw_string(json, "model", log->model);
    jw_string(json, "phase", boot_phase_name(log->phase));
    write_lists(log, json);
    write_entries(log, json);
    write_messages(log, json);
    jw_begin_array(json, "changes");
    for (guint i = 0; i < run->changes->len; i++)
        jw_string(json, NULL, g_ptr_array_index(run->changes, i));
    jw_end_array(json);
    jw_string(json, "log", run->log_name);
    jw_string(json, "screenshot", run->screenshot);
    jw_string(json, "connection", run->connection);
    jw_end_object(json);
    return jw_finish(json, error);
}
