/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/log-take.h"

#include <string.h>

/* OC_BOOT_* of OcBootManagementLib.h: the bits of an entry's type. */
static const struct {
    guint64 bit;
    const char *kind;
} KINDS[] = {
    {1 << 1, "macOS"},         {1 << 2, "macOS recovery"}, {1 << 3, "Time Machine"},
    {1 << 4, "macOS updater"}, {1 << 5, "Windows"},        {1 << 6, "other system"},
    {1 << 7, "tool"},          {1 << 8, "action"},         {1 << 9, "unmanaged"},
    {1 << 0, "EFI program"},
};

bool log_has_room(BootLog *log, const GPtrArray *list)
{
    log->cut = log->cut || list->len >= BOOT_LOG_MAX;
    return list->len < BOOT_LOG_MAX;
}

/* The text, which becomes the caller's, or an empty one. */
static char *or_empty(char *text)
{
    return text != NULL ? text : g_strdup("");
}

static BootDriver *find_driver(BootLog *log, const char *name)
{
    for (guint i = 0; i < log->drivers->len; i++) {
        BootDriver *driver = g_ptr_array_index(log->drivers, i);
        if (strcmp(driver->name, name) == 0)
            return driver;
    }
    if (!log_has_room(log, log->drivers))
        return NULL;
    BootDriver *driver = g_new0(BootDriver, 1);
    driver->name = g_strdup(name);
    driver->problem = g_strdup("");
    g_ptr_array_add(log->drivers, driver);
    return driver;
}

/* "OC: Driver OpenRuntime.efi at 0 is successfully loaded!", ".. at 1 cannot be found!", ".. at 1
 * cannot be started - Unsupported!", ".. at 1 () is being loaded..." */
void log_take_driver(BootLog *log, const char *text)
{
    g_autofree char *name = log_line_between(text, "OC: Driver ", " at ");
    BootDriver *driver = name != NULL && *name != '\0' ? find_driver(log, name) : NULL;
    g_autofree char *problem = log_line_between(text, " cannot ", NULL);
    if (driver == NULL)
        return;
    if (strstr(text, " is successfully loaded") != NULL)
        driver->loaded = true;
    if (problem == NULL)
        return;
    g_strdelimit(problem, "!", ' ');
    g_free(driver->problem);
    driver->problem = g_strconcat("cannot ", g_strchomp(problem), NULL);
}

/* The eight characters of an OEM table id, which the log prints as a number: the first character is
 * its lowest byte. */
static char *table_id(const char *hex)
{
    guint64 number = 0;
    GString *id = g_string_new(NULL);
    if (hex != NULL && g_ascii_string_to_unsigned(hex, 16, 0, G_MAXUINT64, &number, NULL))
        for (; number != 0; number >>= 8)
            g_string_append_c(id,
                              g_ascii_isprint((char)(number & 0xff)) ? (char)(number & 0xff) : '?');
    return g_strchomp(g_string_free(id, FALSE));
}

/* "OCA: Inserted table SSDT (54445353) (OEM 0000000047554C50) of 124 bytes into ACPI at index 7",
 * "OCA: Deleting table ..", "OCA: Replaced DSDT of 8345 bytes into ACPI" */
void log_take_table(BootLog *log, const char *text)
{
    static const char *const ACTIONS[][2] = {{"OCA: Inserted table ", "added"},
                                             {"OCA: Deleting table ", "deleted"},
                                             {"OCA: Replaced ", "replaced"}};
    for (guint i = 0; i < G_N_ELEMENTS(ACTIONS); i++) {
        if (!g_str_has_prefix(text, ACTIONS[i][0]) || !log_has_room(log, log->tables))
            continue;
        g_autofree char *oem = log_line_between(text, "(OEM ", ")");
        g_autofree char *bytes = log_line_between(text, " of ", " bytes");
        BootTable *table = g_new0(BootTable, 1);
        table->action = g_strdup(ACTIONS[i][1]);
        table->signature = or_empty(log_line_between(text, ACTIONS[i][0], " "));
        table->table = table_id(oem);
        if (bytes != NULL)
            g_ascii_string_to_unsigned(bytes, 10, 0, G_MAXUINT32, &table->bytes, NULL);
        g_ptr_array_add(log->tables, table);
    }
}

static BootKext *find_kext(BootLog *log, const char *name)
{
    for (guint i = 0; i < log->kexts->len; i++) {
        BootKext *kext = g_ptr_array_index(log->kexts, i);
        if (strcmp(kext->name, name) == 0)
            return kext;
    }
    if (!log_has_room(log, log->kexts))
        return NULL;
    BootKext *kext = g_new0(BootKext, 1);
    kext->name = g_strdup(name);
    kext->version = g_strdup("");
    kext->status = g_strdup("");
    g_ptr_array_add(log->kexts, kext);
    return kext;
}

/* "OC: Prelinked injection Lilu.kext (comment) - Success", "OC: Prelinked injection Lilu.kext
 * v1.7.1", "OC: Prelinked injection skips Lilu.kext (comment) kext at 0 due to version 8 <= 9 <= 0"
 */
void log_take_kext(BootLog *log, const char *text)
{
    bool skipped = strstr(text, " injection skips ") != NULL;
    g_autofree char *rest =
        log_line_between(text, skipped ? " injection skips " : " injection ", NULL);
    char *end = g_str_has_prefix(text, "OC: ") && rest != NULL ? strstr(rest, ".kext ") : NULL;
    if (end == NULL)
        return;
    end[strlen(".kext")] = '\0';
    const char *tail = end + strlen(".kext") + 1;
    BootKext *kext = find_kext(log, rest);
    if (kext == NULL)
        return;
    char *status = skipped ? g_strdup("skipped") : log_line_status(tail);
    if (status != NULL) {
        g_free(kext->status);
        kext->status = status;
        kext->injected = strcmp(status, "Success") == 0;
    } else if (*tail == 'v') {
        g_free(kext->version);
        kext->version = g_strdup(tail + 1);
    }
}

/* The number behind "(T:" or "|E:". */
static guint64 flag(const char *flags, const char *name)
{
    const char *at = strstr(flags, name);
    return at != NULL ? g_ascii_strtoull(at + strlen(name), NULL, 10) : 0;
}

static const char *entry_kind(guint64 type)
{
    for (guint i = 0; i < G_N_ELEMENTS(KINDS); i++)
        if (type & KINDS[i].bit)
            return KINDS[i].kind;
    return "unknown";
}

/* "OCB: Registering entry NAME [FLAVOUR] (T:256|F:0|G:0|E:0|B:1) - PATH"; a name may have anything
 * in it, and a path has no " - (T:". */
void log_take_entry(BootLog *log, const char *text)
{
    static const char BEGINS[] = "OCB: Registering entry ";
    const char *flags = g_strrstr(text, " (T:");
    if (!g_str_has_prefix(text, BEGINS) || flags == NULL || flags < text + strlen(BEGINS) ||
        !log_has_room(log, log->entries))
        return;
    BootEntry *entry = g_new0(BootEntry, 1);
    const char *start = text + strlen(BEGINS);
    entry->name = g_strndup(start, (gsize)(flags - start));
    char *bracket = g_strrstr(entry->name, " [");
    if (bracket != NULL && g_str_has_suffix(entry->name, "]")) {
        entry->flavour = g_strndup(bracket + 2, strlen(bracket) - 3);
        *bracket = '\0';
    }
    entry->flavour = or_empty(entry->flavour);
    entry->kind = g_strdup(entry_kind(flag(flags, "(T:")));
    entry->external = flag(flags, "|E:") != 0;
    entry->path = or_empty(log_line_between(flags, ") - ", NULL));
    if (strcmp(entry->path, "<nil>") == 0 || strcmp(entry->path, "<null string>") == 0)
        entry->path[0] = '\0';
    g_ptr_array_add(log->entries, entry);
}
