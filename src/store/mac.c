/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/mac.h"

#include "base/error.h"
#include "os/command.h"
#include "os/files.h"
#include "os/replace.h"
#include "store/private.h"

#include <string.h>

#define FILE_NAME "mac.ini"
#define FILE_MAX 4096
#define TRIES 8

static const char *const ORIGINS[] = {
    [MAC_OWN] = "own", [MAC_MADE] = "macserial", [MAC_PLACEHOLDER] = "placeholder"};

void mac_free(Mac *mac)
{
    if (mac == NULL)
        return;
    g_free(mac->model);
    g_free(mac->serial);
    g_free(mac->board_serial);
    g_free(mac->rom);
    g_free(mac);
}

const char *mac_origin_name(MacOrigin origin)
{
    return ORIGINS[origin];
}

const char *mac_origin_text(MacOrigin origin)
{
    static const char *const TEXTS[] = {
        [MAC_OWN] = "You gave it in the machine file.",
        [MAC_MADE] = "macserial made it for this machine; it is kept beside the machine file.",
        [MAC_PLACEHOLDER] = "A placeholder that no Mac has. macOS starts with it, but Apple's "
                            "services do not take it: fetch OpenCore, which brings macserial, or "
                            "give numbers of your own in the machine file ([opencore] serial and "
                            "board-serial).",
    };
    return TEXTS[origin];
}

char *mac_masked(const char *text)
{
    char *masked = g_strdup(text);
    gsize length = strlen(masked);
    for (gsize i = 2; i + 2 < length; i++)
        masked[i] = '*';
    return masked;
}

/* LEAST to MOST capital letters and digits. */
static bool is_number(const char *text, gsize least, gsize most)
{
    gsize length = text != NULL ? strlen(text) : 0;
    return length >= least && length <= most &&
           strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == length;
}

/* OpenCorePkg Utilities/macserial/FORMAT.md: 10 to 12 characters, of boards 13 to 17. */
static bool are_numbers(const char *serial, const char *board_serial)
{
    return is_number(serial, 10, 12) && is_number(board_serial, 13, 17);
}

static Mac *mac_new(MacOrigin origin, const char *model, const char *serial,
                    const char *board_serial, const char *rom)
{
    Mac *mac = g_new0(Mac, 1);
    *mac = (Mac){origin, g_strdup(model), g_strdup(serial), g_strdup(board_serial), g_strdup(rom)};
    return mac;
}

/* The digits of the network card's address: real Macs have that of theirs as ROM. */
static char *rom_of(const Machine *machine)
{
    g_auto(GStrv) bytes = g_strsplit(machine->identity.mac, ":", -1);
    g_autofree char *digits = g_strjoinv("", bytes);
    return g_ascii_strup(digits, -1);
}

/* What is kept of machine NAME, or NULL. */
static Mac *read_kept(const Store *store, const char *name)
{
    gsize length;
    g_autofree char *path = store_machine_file(store, name, FILE_NAME);
    g_autofree char *text = os_read_file(path, FILE_MAX, &length, NULL);
    g_autoptr(GKeyFile) file = g_key_file_new();
    if (text == NULL || !g_key_file_load_from_data(file, text, length, G_KEY_FILE_NONE, NULL))
        return NULL;
    g_autofree char *model = g_key_file_get_string(file, "mac", "model", NULL);
    g_autofree char *serial = g_key_file_get_string(file, "mac", "serial", NULL);
    g_autofree char *board = g_key_file_get_string(file, "mac", "board-serial", NULL);
    g_autofree char *rom = g_key_file_get_string(file, "mac", "rom", NULL);
    g_autofree char *origin = g_key_file_get_string(file, "mac", "origin", NULL);
    bool rom_good = rom != NULL && strlen(rom) == 12 && strspn(rom, "0123456789ABCDEFabcdef") == 12;
    if (model == NULL || !are_numbers(serial, board) || !rom_good)
        return NULL;
    MacOrigin kind = MAC_PLACEHOLDER;
    for (guint i = 0; i < G_N_ELEMENTS(ORIGINS); i++)
        if (g_strcmp0(origin, ORIGINS[i]) == 0)
            kind = (MacOrigin)i;
    return mac_new(kind, model, serial, board, rom);
}

static bool write_kept(const Store *store, const char *name, const Mac *mac, GError **error)
{
    g_autofree char *path = store_machine_file(store, name, FILE_NAME);
    g_autofree char *text = g_strdup_printf(
        "# The Mac that the guest is told to be. Apple's services know it by these numbers: keep "
        "them to yourself.\n[mac]\nmodel=%s\nserial=%s\nboard-serial=%s\nrom=%s\norigin=%s\n",
        mac->model, mac->serial, mac->board_serial, mac->rom, ORIGINS[mac->origin]);
    return os_replace_bytes(path, text, strlen(text), STORE_FILE_MODE, error);
}

/* Another machine of the store that has one of the numbers, or NULL. The caller owns the name. */
static char *find_owner(const Store *store, const char *name, const Mac *mac)
{
    g_auto(GStrv) names = store_list(store, NULL);
    for (char **other = names; other != NULL && *other != NULL; other++) {
        g_autoptr(Mac) kept = strcmp(*other, name) != 0 ? read_kept(store, *other) : NULL;
        if (kept != NULL && (strcmp(kept->serial, mac->serial) == 0 ||
                             strcmp(kept->board_serial, mac->board_serial) == 0 ||
                             g_ascii_strcasecmp(kept->rom, mac->rom) == 0))
            return g_strdup(*other);
    }
    return NULL;
}

static bool is_taken(const Store *store, const char *name, const Mac *mac)
{
    g_autofree char *owner = find_owner(store, name, mac);
    return owner != NULL;
}

/*
 * OpenCore's placeholders (Docs/Sample.plist) with digits of the machine's own at their ends. The
 * fourth character of a serial number of 12 is the year and the fifth the week, which no Mac has as
 * 0 (FORMAT.md): none can have such a number.
 */
static Mac *make_placeholder(const Machine *machine)
{
    g_autofree char *digest =
        g_compute_checksum_for_string(G_CHECKSUM_SHA256, machine->identity.uuid, -1);
    guint64 number = g_ascii_strtoull(digest + 52, NULL, 16);
    g_autofree char *serial =
        g_strdup_printf("W0000%07u", (guint)(number % G_GUINT64_CONSTANT(10000000)));
    g_autofree char *board =
        g_strdup_printf("M0000000%09u", (guint)(number % G_GUINT64_CONSTANT(1000000000)));
    g_autofree char *rom = rom_of(machine);
    return mac_new(MAC_PLACEHOLDER, machine->release->mac_model, serial, board, rom);
}

/* `SERIAL | MLB` a line, as macserial prints it. */
static Mac *parse_made(const Machine *machine, const char *output)
{
    g_auto(GStrv) lines = g_strsplit(output, "\n", 3);
    g_auto(GStrv) parts = lines[0] != NULL ? g_strsplit(lines[0], "|", 3) : NULL;
    if (parts == NULL || g_strv_length(parts) != 2)
        return NULL;
    const char *serial = g_strstrip(parts[0]), *board = g_strstrip(parts[1]);
    g_autofree char *rom = rom_of(machine);
    return are_numbers(serial, board)
               ? mac_new(MAC_MADE, machine->release->mac_model, serial, board, rom)
               : NULL;
}

static Mac *make_with(const Store *store, const Machine *machine, const char *macserial,
                      GError **error)
{
    const char *const argv[] = {macserial, "--model", machine->release->mac_model,
                                "--num",   "1",       NULL};
    const OsRunOptions options = {.timeout_ms = 20000, .output_max = 4096};

    for (guint i = 0; i < TRIES; i++) {
        g_autoptr(OsOutput) output = os_run(argv, &options, error);
        if (output == NULL)
            return NULL;
        g_autoptr(Mac) mac = parse_made(machine, output->out);
        if (mac == NULL)
            return fail_null(error, ERROR_FAILED,
                             "macserial ('%s') made no serial number for a %s. Give one of your "
                             "own in the machine file ([opencore] serial and board-serial).",
                             macserial, machine->release->mac_model);
        if (!is_taken(store, machine->name, mac))
            return g_steal_pointer(&mac);
    }
    return fail_null(error, ERROR_FAILED,
                     "macserial ('%s') makes the same serial numbers again and again, which other "
                     "machines have. Give some of your own in the machine file.",
                     macserial);
}

/* KEEP writes them down, so that other machines are held against them. */
static Mac *own(const Store *store, const Machine *machine, bool keep, GError **error)
{
    const MachineOpenCore *chosen = &machine->opencore;
    g_autofree char *rom = chosen->rom != NULL ? g_strdup(chosen->rom) : rom_of(machine);
    if (chosen->serial == NULL || chosen->board_serial == NULL)
        return fail_null(error, ERROR_INPUT,
                         "The machine file gives only one of serial and board-serial below "
                         "[opencore]. They belong together: give both, or neither.");
    g_autoptr(Mac) mac =
        mac_new(MAC_OWN, machine->release->mac_model, chosen->serial, chosen->board_serial, rom);
    if (is_taken(store, machine->name, mac))
        return fail_null(error, ERROR_INPUT,
                         "The serial numbers in the machine file of '%s' are those of another "
                         "machine. Two guests with the same get each other locked out of Apple's "
                         "services: give it others.",
                         machine->name);
    if (keep && !write_kept(store, machine->name, mac, error))
        return NULL;
    return g_steal_pointer(&mac);
}

Mac *mac_of(const Store *store, const Machine *machine, const char *macserial, bool keep,
            GError **error)
{
    if (machine->opencore.serial != NULL || machine->opencore.board_serial != NULL)
        return own(store, machine, keep, error);
    g_autoptr(Mac) kept = read_kept(store, machine->name);
    bool current = kept != NULL && kept->origin != MAC_OWN &&
                   strcmp(kept->model, machine->release->mac_model) == 0;
    g_autofree char *owner = current && keep ? find_owner(store, machine->name, kept) : NULL;
    if (owner != NULL)
        return fail_null(error, ERROR_INPUT,
                         "Machine '%s' has the serial numbers of machine '%s', as a folder that "
                         "was copied by hand has. Two guests with the same get each other locked "
                         "out of Apple's services: delete mac.ini of the copy, beside its machine "
                         "file, and build it again.",
                         machine->name, owner);
    if (current && (kept->origin == MAC_MADE || macserial == NULL))
        return g_steal_pointer(&kept);
    g_autoptr(Mac) mac =
        macserial != NULL ? make_with(store, machine, macserial, error) : make_placeholder(machine);
    if (mac == NULL || (keep && !write_kept(store, machine->name, mac, error)))
        return NULL;
    return g_steal_pointer(&mac);
}
