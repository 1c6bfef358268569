/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "opencore/make-parts.h"
#include "opencore/value-text.h"

#include <string.h>

/* --- DeviceProperties */

/* Sets one property of the device at DEVICE to data in hexadecimal digits. */
static bool set_property(Maker *maker, const char *device, const char *key, const char *hex,
                         const char *why, const char *source, GError **error)
{
    g_autoptr(GString) path = g_string_new("DeviceProperties.Add");
    g_autofree char *value = g_strconcat("hex:", hex, NULL);
    key_path_add_key(path, device);
    key_path_add_key(path, key);
    return maker_set(maker, path->str, value, why, source, error);
}

/* A number as the four bytes of a property, in the order of Intel's processors. */
static char *number_hex(guint number)
{
    return g_strdup_printf("%02x%02x%02x%02x", number & 0xff, number >> 8 & 0xff,
                           number >> 16 & 0xff, number >> 24 & 0xff);
}

static bool set_card(Maker *maker, const MachineDevice *device, const char *path, GError **error)
{
    const GraphicsDevice *known =
        catalog_graphics_device(maker->input->catalog, device->vendor, device->device, UNKNOWN);
    if (known == NULL || known->spoof == UNKNOWN)
        return true;
    g_autofree char *id = number_hex((guint)known->spoof);
    g_autofree char *why =
        g_strdup_printf("macOS does not know a %s with the id %04x, and drives "
                        "it as the %04x that it is the like of.",
                        known->family->name, (guint)device->device, (guint)known->spoof);
    return set_property(maker, path, "device-id", id, why, known->family->source, error);
}

static bool set_audio(Maker *maker, const MachineDevice *device, const char *path, GError **error)
{
    if (device->layout <= 0)
        return true;
    g_autofree char *number = number_hex((guint)device->layout);
    return set_property(maker, path, "layout-id", number, device->layout_reason,
                        "audio-codecs.table; acidanthera/AppleALC wiki, Installation and usage",
                        error);
}

bool make_devices(Maker *maker, GError **error)
{
    static const char BUILT_IN[] = "A network card that is built in becomes en0, which Apple's "
                                   "services tell the Mac by.";
    static const char SOURCE[] = "OpenCorePkg Docs/Configuration.tex, devpropscommon; "
                                 "LongQT-sea/OpenCore-ISO; peers.md 3.3 and 3.23";
    const MakeInput *input = maker->input;

    if (!set_property(maker, input->network, "built-in", "01", BUILT_IN, SOURCE, error))
        return false;
    for (guint i = 0; i < input->machine->devices->len; i++) {
        const MachineDevice *device = g_ptr_array_index(input->machine->devices, i);
        const char *path = input->passed[i];
        if (device->role == ROLE_GPU && !set_card(maker, device, path, error))
            return false;
        if (device->role == ROLE_AUDIO && !set_audio(maker, device, path, error))
            return false;
        if (device->role == ROLE_ETHERNET &&
            !set_property(maker, path, "built-in", "01", BUILT_IN, SOURCE, error))
            return false;
    }
    return true;
}

/* --- PlatformInfo */

enum { SLOTS = 12, SLOTS_USED = 4, MEMORY_SPEED = 3600 };

/* The first four of every second slot hold a quarter each, as DarwinKVM lays them out. */
static bool add_modules(Maker *maker, GError **error)
{
    static const char SOURCE[] = "royalgraphx/DarwinKVM extras/custom-memory-mapping; SMBIOS "
                                 "specification 3.7, 7.17 and 7.18";
    static const char WHY[] = "You asked for memory modules in a Mac Pro's slots.";
    gint64 each = maker->input->machine->memory / SLOTS_USED >> 20;

    for (guint i = 0; i < SLOTS; i++) {
        bool used = i % 2 == 0 && i / 2 < SLOTS_USED;
        PlistValue *module = maker_new_entry(maker, "PlatformInfo.Memory.Devices", error);
        if (module == NULL)
            return false;
        g_autofree char *slot = g_strdup_printf("DIMM %u", i + 1);
        plist_put(module, "DeviceLocator", plist_new_string(slot));
        plist_put(module, "Size", plist_new_integer(used ? each : 1));
        plist_put(module, "Speed", plist_new_integer(used ? MEMORY_SPEED : 1));
        if (!maker_put(maker, "PlatformInfo.Memory.Devices[+]", module, WHY, SOURCE, error))
            return false;
    }
    return true;
}

static bool make_memory(Maker *maker, GError **error)
{
    static const char *const ASKED[] = {"option:memory-map+model:MacPro7,1", NULL};
    static const char *const VALUES[][2] = {
        {"DataWidth", "64"}, {"TotalWidth", "64"}, {"ErrorCorrection", "3"},
        {"FormFactor", "9"}, {"Type", "26"},       {"TypeDetail", "128"},
    };
    gint64 memory = maker->input->machine->memory;
    g_autofree char *capacity = g_strdup_printf("%" G_GINT64_FORMAT, memory);

    if (!traits_hold(maker->traits, (char *const *)ASKED))
        return true;
    if (!maker_set(maker, "PlatformInfo.Memory.MaxCapacity", capacity,
                   "The guest has that much memory.",
                   "royalgraphx/DarwinKVM extras/custom-memory-mapping", error))
        return false;
    for (guint i = 0; i < G_N_ELEMENTS(VALUES); i++) {
        g_autofree char *key = g_strconcat("PlatformInfo.Memory.", VALUES[i][0], NULL);
        if (!maker_set(maker, key, VALUES[i][1],
                       "Modules of DDR4 without error correction, 64 bits wide.",
                       "SMBIOS specification 3.7, 7.17 and 7.18", error))
            return false;
    }
    return add_modules(maker, error);
}

bool make_identity(Maker *maker, GError **error)
{
    const MacIdentity *identity = maker->input->identity;
    const char *model = maker->input->machine->release->mac_model;
    g_autofree char *rom = g_strconcat("hex:", identity->rom, NULL);
    g_autofree char *uuid = g_ascii_strup(identity->uuid, -1);
    const struct {
        const char *path, *value;
    } VALUES[] = {
        {"PlatformInfo.Generic.SystemSerialNumber", identity->serial},
        {"PlatformInfo.Generic.MLB", identity->board_serial},
        {"PlatformInfo.Generic.ROM", rom},
        {"PlatformInfo.Generic.SystemUUID", uuid},
    };

    for (guint i = 0; i < G_N_ELEMENTS(VALUES); i++)
        if (!maker_set(maker, VALUES[i].path, VALUES[i].value, identity->why, "", error))
            return false;
    return maker_set(maker, "PlatformInfo.Generic.SystemProductName", model,
                     "The Mac that this release runs on; it has no graphics of its own that macOS "
                     "would look for.",
                     "releases.table", error) &&
           make_memory(maker, error);
}

/* --- what was chosen */

bool make_chosen(Maker *maker, GError **error)
{
    const MachineOpenCore *chosen = &maker->input->machine->opencore;
    const char *language = chosen->language != NULL ? chosen->language : "en-US:0";
    g_autoptr(GString) hex = g_string_new("hex:");

    for (const char *p = language; *p != '\0'; p++)
        g_string_append_printf(hex, "%02x", (guint8)*p);
    if (!maker_set(maker, "NVRAM.Add." APPLE_BOOT ".\"prev-lang:kbd\"", hex->str,
                   chosen->language != NULL
                       ? "You chose this language and keyboard."
                       : "The installer begins in English, and asks for another language.",
                   "OpenCorePkg Docs/Configuration.tex, nvramvarsrec", error))
        return false;
    if (chosen->language != NULL &&
        !maker_set(maker, "NVRAM.Delete." APPLE_BOOT, "[\"boot-args\", \"prev-lang:kbd\"]",
                   "What stands here counts, not what an earlier start has stored.",
                   "OpenCorePkg Docs/Sample.plist", error))
        return false;
    return chosen->resolution == NULL ||
           maker_set(maker, "UEFI.Output.Resolution", chosen->resolution,
                     "You chose this resolution.", "", error);
}

/* What tells a machine from all others is kept where the store sees it, so that no two machines get
 * the same. The sections beside Generic count where PlatformInfo.Automatic is off. */
static bool keeps_identity(const Maker *maker, GError **error)
{
    const MacIdentity *own = maker->input->identity;
    const struct {
        const char *section, *key, *value;
    } VALUES[] = {
        {"Generic", "SystemSerialNumber", own->serial},
        {"Generic", "MLB", own->board_serial},
        {"Generic", "ROM", own->rom},
        {"Generic", "SystemUUID", own->uuid},
        {"DataHub", "SystemSerialNumber", own->serial},
        {"DataHub", "SystemUUID", own->uuid},
        {"PlatformNVRAM", "SystemSerialNumber", own->serial},
        {"PlatformNVRAM", "MLB", own->board_serial},
        {"PlatformNVRAM", "ROM", own->rom},
        {"PlatformNVRAM", "SystemUUID", own->uuid},
        {"SMBIOS", "SystemSerialNumber", own->serial},
        {"SMBIOS", "ChassisSerialNumber", own->serial},
        {"SMBIOS", "BoardSerialNumber", own->board_serial},
        {"SMBIOS", "SystemUUID", own->uuid},
    };
    const PlistValue *info = plist_get(maker->config->top, "PlatformInfo");
    for (guint i = 0; i < G_N_ELEMENTS(VALUES); i++) {
        const PlistValue *section = plist_get(info, VALUES[i].section);
        const PlistValue *value = section != NULL ? plist_get(section, VALUES[i].key) : NULL;
        g_autofree char *text = value != NULL ? value_text_format(value) : g_strdup("");
        if (*text != '\0' && g_ascii_strcasecmp(text, VALUES[i].value) != 0)
            return fail(error, ERROR_INPUT,
                        "The machine file, [config] PlatformInfo.%s.%s: what tells a machine from "
                        "all others is not set there, so that no two get the same. Write serial=, "
                        "board-serial= and rom= below [opencore]; its UUID is in identity.ini "
                        "beside the machine file.",
                        VALUES[i].section, VALUES[i].key);
    }
    return true;
}

bool make_own(Maker *maker, GError **error)
{
    const GPtrArray *settings = maker->input->machine->opencore.config;
    for (guint i = 0; settings != NULL && i < settings->len; i++) {
        const MachineSetting *setting = g_ptr_array_index(settings, i);
        g_autoptr(GError) cause = NULL;
        if (!maker_set(maker, setting->path, setting->value, "You set it in the machine file.", "",
                       &cause))
            return fail(error, ERROR_INPUT, "The machine file, [config] %s: %s", setting->path,
                        cause->message);
    }
    return keeps_identity(maker, error);
}
