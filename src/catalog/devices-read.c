/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/devices-parts.h"
#include "catalog/tables.h"

#include <string.h>

const char *const KNOWN_DEVICE_COLUMNS[] = {
    "name", "vendor", "devices", "subsystems", "answer", "first",
    "last", "needs",  "advice",  "source",     NULL,
};

enum {
    NAME,
    VENDOR,
    IDS,
    SUBSYSTEMS,
    ANSWER,
    FIRST,
    LAST,
    NEEDS,
    ADVICE,
    SOURCE,
};

enum { CLASS_DIGITS = 6 };

static bool overlap(const DeviceEntry *a, const DeviceEntry *b)
{
    if (a->last < b->first || b->last < a->first || device_entry_rank(a) != device_entry_rank(b))
        return false;
    return a->subsystem_vendor == b->subsystem_vendor &&
           (a->subsystem_device == b->subsystem_device || a->subsystem_device == UNKNOWN ||
            b->subsystem_device == UNKNOWN);
}

/* Lines about one device are about releases that follow each other. */
static bool add_entry(KnownDevices *devices, const Row *row, int vendor, const DeviceEntry *entry,
                      GError **error)
{
    GArray *entries = known_devices_of(devices, vendor);

    if (entries == NULL) {
        entries = g_array_new(FALSE, FALSE, sizeof(DeviceEntry));
        g_hash_table_insert(devices->by_vendor, GINT_TO_POINTER(vendor), entries);
    }
    for (guint i = 0; i < entries->len; i++) {
        const DeviceEntry *other = &g_array_index(entries, DeviceEntry, i);
        const Release *before = other->known->last, *after = entry->known->first;
        if (overlap(other, entry) &&
            (before == NULL || after == NULL || before->order >= after->order))
            return row_fail(row, error,
                            "device %04x is there twice: also as '%s', which is not about earlier "
                            "releases.",
                            (guint)entry->first, other->known->name);
    }
    g_array_append_vals(entries, entry, 1);
    return true;
}

/* "a808" or "0000-ffff" */
static bool parse_range(const char *text, int *ret_first, int *ret_last)
{
    if (!catalog_parse_id(text, ret_first))
        return false;
    *ret_last = *ret_first;
    if (text[4] == '\0')
        return true;
    return text[4] == '-' && catalog_parse_id(text + 5, ret_last) && text[9] == '\0' &&
           *ret_first < *ret_last;
}

static bool parse_class(const char *text, int *ret_class)
{
    guint64 class;
    if (strlen(text) != CLASS_DIGITS || strspn(text, "0123456789abcdef") != CLASS_DIGITS ||
        !g_ascii_string_to_unsigned(text, 16, 0, 0xffffff, &class, NULL))
        return false;
    *ret_class = (int)class;
    return true;
}

/* "144d:a811" or "106b" */
static bool parse_subsystem(const char *text, DeviceEntry *entry)
{
    entry->subsystem_device = UNKNOWN;
    if (!catalog_parse_id(text, &entry->subsystem_vendor))
        return false;
    if (text[4] == '\0')
        return true;
    return text[4] == ':' && catalog_parse_id(text + 5, &entry->subsystem_device) &&
           text[9] == '\0';
}

static bool add_ids(KnownDevices *devices, const Row *row, KnownDevice *known, int vendor,
                    const char *subsystem, GError **error)
{
    DeviceEntry entry = {known, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN};
    g_auto(GStrv) ids = NULL;

    if (subsystem != NULL && (known->by_class || !parse_subsystem(subsystem, &entry)))
        return row_fail(row, error, "'%s' is no subsystem.", subsystem);
    if (!row_words(row, IDS, &ids, error))
        return false;
    if (ids[0] == NULL)
        return row_fail(row, error, "'devices' is empty.");
    for (char **id = ids; *id != NULL; id++) {
        bool good = known->by_class ? parse_class(*id, &entry.first)
                                    : parse_range(*id, &entry.first, &entry.last);
        if (!good)
            return row_fail(row, error, "'%s' is no device id, nor a range of them, nor a class.",
                            *id);
        if (known->by_class)
            entry.last = entry.first;
        if (!add_entry(devices, row, vendor, &entry, error))
            return false;
    }
    return true;
}

static bool add_subsystems(KnownDevices *devices, const Row *row, KnownDevice *known,
                           GError **error)
{
    int vendor = VENDOR_CLASS;
    g_auto(GStrv) subsystems = NULL;

    if (!known->by_class && !row_pci_id(row, VENDOR, &vendor, error))
        return false;
    if (!row_words(row, SUBSYSTEMS, &subsystems, error))
        return false;
    if (subsystems[0] == NULL)
        return add_ids(devices, row, known, vendor, NULL, error);
    for (char **subsystem = subsystems; *subsystem != NULL; subsystem++) {
        if (!add_ids(devices, row, known, vendor, *subsystem, error))
            return false;
    }
    return true;
}

static bool check(const KnownDevice *known, const Row *row, GError **error)
{
    bool has_needs = known->needs[0] != '\0', has_advice = known->advice[0] != '\0';

    if (g_str_has_suffix(known->needs, "."))
        return row_fail(row, error, "'needs' ends with a full stop.");
    if (has_advice && !g_str_has_suffix(known->advice, "."))
        return row_fail(row, error, "'advice' must be whole sentences.");
    if (known->use == USE_NO && known->first != NULL)
        return row_fail(row, error, "what macOS does not work with has no releases.");
    if ((known->use == USE_NO || known->use == USE_UNKNOWN) && (!has_advice || has_needs))
        return row_fail(row, error, "'advice' must say why, and nothing helps: 'needs' is empty.");
    if (known->use == USE_YES && has_needs)
        return row_fail(row, error, "what needs something is 'limited'.");
    if (known->use == USE_LIMITED && !has_needs && !has_advice)
        return row_fail(row, error, "'needs' or 'advice' must say what limits it.");
    if ((known->use == USE_YES || known->use == USE_LIMITED) && known->first == NULL)
        return row_fail(row, error, "'first' must be a release.");
    if (known->by_class && known->use != USE_UNKNOWN)
        return row_fail(row, error, "of a whole class nothing but 'unknown' can be said.");
    return true;
}

static bool read_known(const Catalog *catalog, KnownDevice *known, const Row *row, GError **error)
{
    static const char *const ANSWERS[] = {
        [USE_UNKNOWN] = "unknown",
        [USE_NO] = "no",
        [USE_LIMITED] = "limited",
        [USE_YES] = "yes",
        NULL,
    };
    const char *name, *answer, *source;

    if (!row_text(row, NAME, &name, error) || !row_one_of(row, ANSWER, ANSWERS, &answer, error) ||
        !row_text(row, SOURCE, &source, error))
        return false;
    known->name = g_strdup(name);
    known->needs = g_strdup(table_cell(row->table, row->row, NEEDS));
    known->advice = g_strdup(table_cell(row->table, row->row, ADVICE));
    known->source = g_strdup(source);
    known->by_class = strcmp(table_cell(row->table, row->row, VENDOR), "class") == 0;
    while (strcmp(ANSWERS[known->use], answer) != 0)
        known->use++;
    return catalog_read_range(catalog, row, FIRST, LAST, &known->first, &known->last, error) &&
           check(known, row, error);
}

static bool read_lines(Catalog *catalog, KnownDevices *devices, const Table *table, GError **error)
{
    for (guint i = 0; i < table->rows->len; i++) {
        const Row row = {table, i, KNOWN_DEVICE_COLUMNS};
        KnownDevice *known = g_new0(KnownDevice, 1);

        g_ptr_array_add(devices->lines, known);
        if (!read_known(catalog, known, &row, error) ||
            !add_subsystems(devices, &row, known, error))
            return false;
    }
    return true;
}

bool catalog_read_pci_devices(Catalog *catalog, const Table *table, GError **error)
{
    return read_lines(catalog, catalog->pci_devices, table, error);
}

bool catalog_read_usb_devices(Catalog *catalog, const Table *table, GError **error)
{
    return read_lines(catalog, catalog->usb_devices, table, error);
}
