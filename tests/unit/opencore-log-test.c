/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/log.h"

#include "base/error.h"
#include "opencore/observe.h"

#include <string.h>

/* OpenCore's log: lines in the form that its source and real starts have, written for the tests. */

static LogMessages *messages;

static BootLog *read_log(const char *text)
{
    return boot_log_read(text, strlen(text), messages);
}

static const BootMessage *find(const BootLog *log, const char *part)
{
    for (guint i = 0; i < log->messages->len; i++) {
        const BootMessage *message = g_ptr_array_index(log->messages, i);
        if (strstr(message->text, part) != NULL)
            return message;
    }
    return NULL;
}

/* Every row says its meaning in sentences, and is reached by what it was written for. */
static void test_table(void)
{
    for (guint i = 0; i < messages->messages->len; i++) {
        const LogMessage *row = g_ptr_array_index(messages->messages, i);
        g_test_message("%s", row->pattern);
        g_assert_true(g_str_has_suffix(row->meaning, "."));
        g_assert_true(*row->advice == '\0' || strchr(".?", row->advice[strlen(row->advice) - 1]));
        g_assert_true(log_messages_find(messages, row->pattern) == row);
    }
}

static void test_table_refused(void)
{
    static const char HEAD[] = "pattern | severity | meaning | advice | source\n";
    static const struct {
        const char *rows, *words;
    } CASES[] = {
        {"OC: a* | grave | It is. | | x\n", "'severity' says 'grave'"},
        {"OC: a* | unknown | It is. | | x\n", "'severity' says 'unknown'"},
        {"OC: a* | note | It is. | | x\nOC: ab | error | It is. | | x\n", "comes too late"},
        {"OC: a* | note | It is. | | \n", "'source'"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = g_strconcat(HEAD, CASES[i].rows, NULL);
        g_assert_null(log_messages_parse(text, "t.table", &error));
        g_assert_error(error, ROOTSTOCK_ERROR, ERROR_INPUT);
        g_assert_nonnull(strstr(error->message, CASES[i].words));
    }
}

static void test_patterns(void)
{
    static const struct {
        const char *pattern, *line;
        bool matches;
    } CASES[] = {
        {"a", "a", true},
        {"a", "ab", false},
        {"a*", "a", true},
        {"a*c", "abcbc", true},
        {"a*c", "abcb", false},
        {"a*b*c", "abc", true},
        {"a*b*c", "acb", false},
        {"*b", "b", true},
        {"*", "", true},
        {"ab*ba", "aba", false},
        {"Setting # - *", "Setting W1 - Not Found", true},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_test_message("%s of %s", CASES[i].line, CASES[i].pattern);
        g_assert_true(log_pattern_matches(CASES[i].pattern, CASES[i].line, NULL) ==
                      CASES[i].matches);
    }
    g_autofree char *shown = NULL;
    g_assert_true(log_pattern_matches("Set * # of * - *", "Set SSN W1 2 of 3 - No", &shown));
    g_assert_cmpstr(shown, ==, "Set SSN ... of 3 - No");
}

static void test_start(void)
{
    g_autoptr(BootLog) log = read_log(
        "00:000 00:000 BS: Starting OpenCore application...\r\n"
        "00:111 00:091 OC: OpenCore DBG-107-2026-05-04 is loading in Optional mode (0/0)...\r\n"
        "00:900 00:005 OC: OcLoadUefiSupport...\r\n"
        "01:178 00:100 OC: Driver OpenRuntime.efi at 0 () is being loaded...\r\n"
        "01:780 00:007 OC: Driver OpenRuntime.efi at 0 is successfully loaded!\r\n"
        "01:790 00:007 OC: Driver OpenCanopy.efi at 1 (a picker) is being loaded...\r\n"
        "01:799 00:007 OC: Driver OpenCanopy.efi at 1 cannot be started - Unsupported!\r\n"
        "03:138 00:031 OCA: Inserted table SSDT (54445353) (OEM 0000000047554C50) of 124 bytes "
        "into ACPI at index 7\r\n"
        "03:514 00:024 OC: New SMBIOS: Acidanthera model MacPro7,1\r\n");
    g_assert_cmpstr(log->version, ==, "1.0.7");
    g_assert_cmpstr(log->build, ==, "DEBUG");
    g_assert_cmpstr(log->date, ==, "2026-05-04");
    g_assert_cmpstr(log->vault, ==, "Optional");
    g_assert_cmpstr(log->model, ==, "MacPro7,1");
    g_assert_cmpint(log->phase, ==, BOOT_PHASE_DRIVERS);
    g_assert_cmpuint(log->milliseconds, ==, 3514);
    g_assert_cmpuint(log->drivers->len, ==, 2);
    const BootDriver *runtime = g_ptr_array_index(log->drivers, 0);
    const BootDriver *canopy = g_ptr_array_index(log->drivers, 1);
    g_assert_true(runtime->loaded);
    g_assert_false(canopy->loaded);
    g_assert_cmpstr(canopy->problem, ==, "cannot be started - Unsupported");
    const BootTable *table = g_ptr_array_index(log->tables, 0);
    g_assert_cmpstr(table->action, ==, "added");
    g_assert_cmpstr(table->signature, ==, "SSDT");
    g_assert_cmpstr(table->table, ==, "PLUG");
    g_assert_cmpuint(table->bytes, ==, 124);
    g_assert_cmpint(find(log, "OpenCanopy")->severity, ==, MESSAGE_ERROR);
}

/* The list that the picker shows is that of the last look for systems. */
static void test_entries(void)
{
    g_autoptr(BootLog) log =
        read_log("05:418 00:005 OCB: Found 1 potentially bootable filesystems\n"
                 "05:476 00:006 OCB: Registering entry gone [Auto] (T:2|F:0|G:0|E:0|B:0) - Pci(1)\n"
                 "05:623 00:029 OCB: System has no boot entries, showing picker with auxiliary\n"
                 "05:646 00:004 OCB: Found 2 potentially bootable filesystems\n"
                 "05:800 00:001 OCB: Registering entry A [b] - (c) [Apple] (T:2|F:0|G:0|E:1|B:0) - "
                 "Pci(1) - x\n"
                 "05:801 00:001 OCB: Registering entry Recovery (T:4|F:1|G:0|E:0) - Pci(2)\n"
                 "05:826 00:007 OCB: Registering entry Reset NVRAM [ResetNVRAM:NVRAMTool] "
                 "(T:256|F:0|G:0|E:0|B:1) - <nil>\n"
                 "05:837 00:010 OCB: Showing menu... (polling hotkeys)\n");
    g_assert_cmpint(log->phase, ==, BOOT_PHASE_PICKER);
    g_assert_true(log->hidden_shown);
    g_assert_cmpuint(log->entries->len, ==, 3);
    const BootEntry *system = g_ptr_array_index(log->entries, 0);
    g_assert_cmpstr(system->name, ==, "A [b] - (c)");
    g_assert_cmpstr(system->flavour, ==, "Apple");
    g_assert_cmpstr(system->kind, ==, "macOS");
    g_assert_cmpstr(system->path, ==, "Pci(1) - x");
    g_assert_true(system->external);
    const BootEntry *recovery = g_ptr_array_index(log->entries, 1);
    g_assert_cmpstr(recovery->name, ==, "Recovery");
    g_assert_cmpstr(recovery->kind, ==, "macOS recovery");
    const BootEntry *reset = g_ptr_array_index(log->entries, 2);
    g_assert_cmpstr(reset->kind, ==, "action");
    g_assert_cmpstr(reset->path, ==, "");
}

static void test_kexts(void)
{
    g_autoptr(BootLog) log = read_log(
        "07:100 00:010 OC: Prelinked injection Lilu.kext (an (engine)) - Success\n"
        "07:110 00:010 OC: Prelinked injection Lilu.kext v1.7.1\n"
        "07:120 00:010 OCAK: Dependency com.example.a was not found for kext com.example.b\n"
        "07:130 00:010 OC: Prelinked injection PlugIns/Two.kext () - Invalid Parameter\n"
        "07:140 00:010 OC: Cacheless injection skips Old.kext (x) kext at 2 due to version 1 <= 2 "
        "<= 1\n");
    g_assert_cmpuint(log->kexts->len, ==, 3);
    const BootKext *lilu = g_ptr_array_index(log->kexts, 0);
    const BootKext *two = g_ptr_array_index(log->kexts, 1);
    const BootKext *old = g_ptr_array_index(log->kexts, 2);
    g_assert_true(lilu->injected);
    g_assert_cmpstr(lilu->version, ==, "1.7.1");
    g_assert_cmpstr(two->name, ==, "PlugIns/Two.kext");
    g_assert_false(two->injected);
    g_assert_cmpstr(two->status, ==, "Invalid Parameter");
    g_assert_cmpstr(old->status, ==, "skipped");
    g_assert_nonnull(strstr(find(log, "com.example.a")->meaning->meaning, "needs another"));
    g_assert_null(find(log, "Old.kext"));
    g_assert_null(find(log, "Lilu.kext"));
}

/* What went well is no message; what the table does not know is not kept quiet. */
static void test_messages(void)
{
    g_autoptr(BootLog) log =
        read_log("01:001 00:001 OCVAR: Setting NVRAM 7C436110:boot-args - Success\n"
                 "01:002 00:001 OCS: No schema for HideVerbose at 2 index, context <Drivers>!\n"
                 "01:003 00:001 OCS: No schema for HideVerbose at 2 index, context <Drivers>!\n"
                 "01:004 00:001 OCNEW: Frobnication failed for 7 pages\n"
                 "01:005 00:001 OCST: Missing vault data, ignoring...\n"
                 "01:006 00:001 OC: Setting SSN W00000000001 - Out of Resources\n"
                 "01:007 00:001 BEP: Reset NVRAM entry, preserve boot 0, apple 0\n"
                 "01:008 00:001 BEP: Unable to fetch boot entries - Not Ready\n");
    g_assert_null(find(log, "boot-args"));
    const BootMessage *schema = find(log, "HideVerbose");
    g_assert_cmpint(schema->severity, ==, MESSAGE_WARNING);
    g_assert_cmpuint(schema->count, ==, 2);
    g_assert_cmpuint(schema->milliseconds, ==, 1002);
    g_assert_cmpint(find(log, "Frobnication")->severity, ==, MESSAGE_UNKNOWN);
    g_assert_cmpint(find(log, "vault")->severity, ==, MESSAGE_NOTE);
    g_assert_null(find(log, "W00000000001"));
    g_assert_cmpstr(find(log, "SSN")->text, ==, "OC: Setting SSN ... - Out of Resources");
    g_assert_null(find(log, "preserve boot"));
    g_assert_cmpint(find(log, "Unable to fetch")->severity, ==, MESSAGE_WARNING);
    g_assert_cmpuint(boot_log_count(log, MESSAGE_WARNING), ==, 3);
}

/* From a serial port: the firmware's words and a terminal's sequences lie between, and lines from
 * before the log was set up come twice. */
static void test_serial(void)
{
    static const char TEXT[] =
        "\033[2J\033[01;01H\033[=3hBdsDxe: failed to load Boot0001 from Pci(1): Not Found\r\n"
        "OCS: Missing key Extra, context <Misc>!\r\n"
        "00:000 00:000 OCS: Missing key Extra, context <Misc>!\r\n"
        "\033[=3h\033[01;01H01:329 00:300 OC: OcLoadAcpiSupport...\r\n"
        "Halting on critical error\r\n";
    g_autoptr(BootLog) log = read_log(TEXT);
    g_assert_cmpint(log->phase, ==, BOOT_PHASE_ACPI);
    g_assert_true(log->halted);
    g_assert_cmpuint(log->lines, ==, 2);
    g_assert_cmpuint(log->messages->len, ==, 1);
    g_assert_cmpuint(find(log, "Extra")->count, ==, 1);
}

/* Where it stops before the log is set up, lines without times are all that there is. */
static void test_stopped_early(void)
{
    g_autoptr(BootLog) log =
        read_log("BdsDxe: starting Boot0001\r\nBS: Starting OpenCore application...\r\n"
                 "OC: Starting OpenCore...\r\n"
                 "OC: Configuration requires vault but no vault provided!\r\n");
    g_assert_cmpint(log->phase, ==, BOOT_PHASE_CONFIGURATION);
    g_assert_null(log->version);
    g_assert_cmpint(find(log, "vault")->severity, ==, MESSAGE_ERROR);
    g_assert_nonnull(strstr(find(log, "vault")->meaning->advice, "Optional"));
}

static void test_hostile(void)
{
    g_autoptr(GString) text = g_string_new("01:000 00:000 OCX: failed ");
    for (guint i = 0; i < 5000; i++)
        g_string_append_c(text, 'x');
    for (guint i = 0; i < BOOT_LOG_MAX + 5; i++)
        g_string_append_printf(text, "\n01:000 00:000 OCX: failed %u \001\377\033[31m", i);
    g_autoptr(BootLog) log = boot_log_read(text->str, text->len, messages);
    g_assert_true(log->cut);
    g_assert_cmpuint(log->messages->len, ==, BOOT_LOG_MAX);
    const BootMessage *first = g_ptr_array_index(log->messages, 0);
    const BootMessage *second = g_ptr_array_index(log->messages, 1);
    g_assert_cmpuint(strlen(first->text), <, 1200);
    g_assert_true(g_utf8_validate(second->text, -1, NULL));
    g_assert_cmpstr(second->text, ==, "OCX: failed 0 \357\277\275");

    g_autoptr(BootLog) empty = boot_log_read("", 0, messages);
    g_assert_cmpint(empty->phase, ==, BOOT_PHASE_NONE);
    g_assert_cmpuint(empty->lines, ==, 0);
}

static PlistDocument *config_of(const char *boot, const char *debug)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text =
        g_strdup_printf("<plist version=\"1.0\"><dict><key>Misc</key><dict><key>Boot</key>"
                        "<dict>%s</dict><key>Debug</key><dict>%s</dict></dict></dict></plist>",
                        boot, debug);
    PlistDocument *document = plist_read(text, strlen(text), "config.plist", &error);
    g_assert_no_error(error);
    return document;
}

/* What keeps a start from being watched is changed, and named; nothing else is. */
static void test_observe(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) changes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(PlistDocument) quiet =
        config_of("<key>ShowPicker</key><false/><key>Timeout</key><integer>5</integer>",
                  "<key>LogModules</key><string>-OCAK</string>"
                  "<key>Target</key><integer>3</integer>");
    g_assert_true(config_observe(quiet, changes, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(changes->len, ==, 4);
    g_assert_nonnull(strstr(g_ptr_array_index(changes, 0), "Misc.Debug.Target is 75 instead of 3"));
    g_assert_nonnull(strstr(quiet->text, "<key>Target</key><integer>75</integer>"));
    g_assert_nonnull(strstr(quiet->text, "<key>ShowPicker</key><true/>"));
    g_assert_nonnull(strstr(quiet->text, "<key>Timeout</key><integer>0</integer>"));
    g_assert_nonnull(strstr(quiet->text, "<string>*</string>"));
    /* a second time there is nothing to do, and no key of later versions is added */
    g_ptr_array_set_size(changes, 0);
    g_assert_true(config_observe(quiet, changes, &error));
    g_assert_cmpuint(changes->len, ==, 0);
    g_autoptr(PlistDocument) old = config_of("", "");
    g_assert_true(config_observe(old, changes, &error));
    g_assert_null(strstr(old->text, "LogModules"));
    g_assert_nonnull(strstr(old->text, "<integer>73</integer>"));
    /* one without the dictionaries stays as it is */
    static const char EMPTY[] = "<plist version=\"1.0\"><dict/></plist>";
    g_autoptr(PlistDocument) empty = plist_read(EMPTY, strlen(EMPTY), "empty", &error);
    g_ptr_array_set_size(changes, 0);
    g_assert_true(config_observe(empty, changes, &error));
    g_assert_cmpuint(changes->len, ==, 0);
    g_assert_cmpstr(empty->text, ==, EMPTY);
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_test_init(&argc, &argv, NULL);
    messages = log_messages_load(&error);
    g_assert_no_error(error);
    g_test_add_func("/opencore-log/table", test_table);
    g_test_add_func("/opencore-log/table-refused", test_table_refused);
    g_test_add_func("/opencore-log/patterns", test_patterns);
    g_test_add_func("/opencore-log/start", test_start);
    g_test_add_func("/opencore-log/entries", test_entries);
    g_test_add_func("/opencore-log/kexts", test_kexts);
    g_test_add_func("/opencore-log/messages", test_messages);
    g_test_add_func("/opencore-log/serial", test_serial);
    g_test_add_func("/opencore-log/stopped-early", test_stopped_early);
    g_test_add_func("/opencore-log/hostile", test_hostile);
    g_test_add_func("/opencore-log/observe", test_observe);
    int status = g_test_run();
    log_messages_free(messages);
    return status;
}
