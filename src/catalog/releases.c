/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "catalog/catalog.h"
#include "catalog/cells.h"
#include "catalog/tables.h"

#include <string.h>

const char *const RELEASE_COLUMNS[] = {
    "id",
    "name",
    "version",
    "darwin",
    "cpu_required",
    "cpu_slice",
    "cpu_wanted",
    "cpu_wanted_note",
    "cpu_escape_flags",
    "cpu_escape",
    "needs_tsc",
    "needs_msrs",
    "threads_max",
    "mac_model",
    "cpu_model",
    "disk_bus",
    "nic_model",
    "usb_model",
    "video_model",
    "memory_min",
    "disk_min",
    "installer",
    "source",
    NULL,
};

enum {
    ID,
    NAME,
    VERSION,
    DARWIN,
    CPU_REQUIRED,
    CPU_SLICE,
    CPU_WANTED,
    CPU_WANTED_NOTE,
    CPU_ESCAPE_FLAGS,
    CPU_ESCAPE,
    NEEDS_TSC,
    NEEDS_MSRS,
    THREADS_MAX,
    MAC_MODEL,
    CPU_MODEL,
    DISK_BUS,
    NIC_MODEL,
    USB_MODEL,
    VIDEO_MODEL,
    MEMORY_MIN,
    DISK_MIN,
    INSTALLER,
    SOURCE,
};

void catalog_release_free(Release *release)
{
    if (release == NULL)
        return;
    g_free(release->id);
    g_free(release->name);
    g_free(release->version);
    g_strfreev(release->cpu_required);
    g_strfreev(release->cpu_slice);
    g_strfreev(release->cpu_wanted);
    g_free(release->cpu_wanted_note);
    g_strfreev(release->cpu_escape_flags);
    g_free(release->cpu_escape);
    g_free(release->mac_model);
    g_free(release->cpu_model);
    g_free(release->disk_bus);
    g_free(release->nic_model);
    g_free(release->usb_model);
    g_free(release->video_model);
    g_free(release->installer);
    g_free(release->source);
    g_free(release);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Release, catalog_release_free)

static bool read_names(Release *release, const Row *row, GError **error)
{
    const char *id, *name, *version, *source;
    if (!row_id(row, ID, &id, error) || !row_text(row, NAME, &name, error) ||
        !row_text(row, VERSION, &version, error) || !row_text(row, SOURCE, &source, error) ||
        !row_integer(row, DARWIN, 1, 999, &release->darwin, error))
        return false;
    release->id = g_strdup(id);
    release->name = g_strdup(name);
    release->version = g_strdup(version);
    release->source = g_strdup(source);
    return true;
}

static bool read_escape(Release *release, const Row *row, GError **error)
{
    if (!row_words(row, CPU_ESCAPE_FLAGS, &release->cpu_escape_flags, error))
        return false;
    release->cpu_escape = g_strdup(table_cell(row->table, row->row, CPU_ESCAPE));
    if ((release->cpu_escape_flags[0] == NULL) != (release->cpu_escape[0] == '\0'))
        return row_fail(row, error, "'cpu_escape_flags' and 'cpu_escape' must be there together.");
    if (release->cpu_escape[0] != '\0' && !g_str_has_suffix(release->cpu_escape, "."))
        return row_fail(row, error, "'cpu_escape' must be whole sentences.");
    return true;
}

static bool read_processor(Release *release, const Row *row, GError **error)
{
    const char *model;
    if (!row_words(row, CPU_REQUIRED, &release->cpu_required, error) ||
        !row_words(row, CPU_SLICE, &release->cpu_slice, error) ||
        !row_words(row, CPU_WANTED, &release->cpu_wanted, error) ||
        !row_yes_no(row, NEEDS_TSC, &release->needs_tsc, error) ||
        !row_yes_no(row, NEEDS_MSRS, &release->needs_msrs, error) ||
        !row_integer(row, THREADS_MAX, 1, 1024, &release->threads_max, error) ||
        !row_text(row, CPU_MODEL, &model, error))
        return false;
    release->cpu_model = g_strdup(model);
    release->cpu_wanted_note = g_strdup(table_cell(row->table, row->row, CPU_WANTED_NOTE));
    if (release->cpu_required[0] == NULL)
        return row_fail(row, error, "'cpu_required' is empty.");
    if ((release->cpu_wanted[0] == NULL) != (release->cpu_wanted_note[0] == '\0'))
        return row_fail(row, error, "'cpu_wanted' and 'cpu_wanted_note' must be there together.");
    return read_escape(release, row, error);
}

static bool read_devices(Release *release, const Row *row, GError **error)
{
    static const char *const BUSES[] = {"sata", "virtio", NULL};
    static const char *const CARDS[] = {"e1000-82545em", "vmxnet3", "virtio", NULL};
    static const char *const USB[] = {"ich9-ehci1", "qemu-xhci", NULL};
    static const char *const VIDEO[] = {"vga", "vmvga", NULL};
    const char *mac, *bus, *card, *usb, *video, *installer;

    if (!row_text(row, MAC_MODEL, &mac, error) || !row_one_of(row, DISK_BUS, BUSES, &bus, error) ||
        !row_one_of(row, NIC_MODEL, CARDS, &card, error) ||
        !row_one_of(row, USB_MODEL, USB, &usb, error) ||
        !row_one_of(row, VIDEO_MODEL, VIDEO, &video, error) ||
        !row_text(row, INSTALLER, &installer, error) ||
        !row_size(row, MEMORY_MIN, &release->memory_min, error) ||
        !row_size(row, DISK_MIN, &release->disk_min, error))
        return false;
    release->mac_model = g_strdup(mac);
    release->disk_bus = g_strdup(bus);
    release->nic_model = g_strdup(card);
    release->usb_model = g_strdup(usb);
    release->video_model = g_strdup(video);
    release->installer = g_strdup(installer);
    return true;
}

bool catalog_read_releases(Catalog *catalog, const Table *table, GError **error)
{
    int darwin = 0;

    for (guint i = 0; i < table->rows->len; i++) {
        const Row row = {table, i, RELEASE_COLUMNS};
        g_autoptr(Release) release = g_new0(Release, 1);

        if (!read_names(release, &row, error) || !read_processor(release, &row, error) ||
            !read_devices(release, &row, error))
            return false;
        if (catalog_release(catalog, release->id) != NULL ||
            catalog_release(catalog, release->version) != NULL)
            return row_fail(&row, error, "release '%s' (%s) is there twice.", release->id,
                            release->version);
        if (release->darwin <= darwin)
            return row_fail(&row, error, "Darwin %d does not come after %d; the oldest is first.",
                            release->darwin, darwin);
        darwin = release->darwin;
        release->order = (int)i;
        g_ptr_array_add(catalog->releases, g_steal_pointer(&release));
    }
    return true;
}

const Release *catalog_release(const Catalog *catalog, const char *name)
{
    for (guint i = 0; i < catalog->releases->len; i++) {
        const Release *release = g_ptr_array_index(catalog->releases, i);
        if (g_ascii_strcasecmp(name, release->id) == 0 || strcmp(name, release->version) == 0)
            return release;
    }
    return NULL;
}

/* Levenshtein's distance of two names, with one row of its table in memory. */
static guint distance(const char *a, const char *b)
{
    gsize length = strlen(b);
    g_autofree guint *row = g_new(guint, length + 1);

    for (gsize j = 0; j <= length; j++)
        row[j] = (guint)j;
    for (gsize i = 0; a[i] != '\0'; i++) {
        guint diagonal = row[0];
        row[0] = (guint)i + 1;
        for (gsize j = 0; j < length; j++) {
            guint replaced = diagonal + (g_ascii_tolower(a[i]) != b[j]);
            diagonal = row[j + 1];
            row[j + 1] = MIN(replaced, MIN(row[j], row[j + 1]) + 1);
        }
    }
    return row[length];
}

static const Release *nearest(const Catalog *catalog, const char *name)
{
    const Release *best = NULL;
    guint best_distance = 4; /* more than three wrong letters are another word */

    if (strlen(name) > 40)
        return NULL;
    for (guint i = 0; i < catalog->releases->len; i++) {
        const Release *release = g_ptr_array_index(catalog->releases, i);
        guint wrong = distance(name, release->id);
        if (wrong < best_distance && wrong * 2 < strlen(release->id)) {
            best = release;
            best_distance = wrong;
        }
    }
    return best;
}

const Release *catalog_release_asked(const Catalog *catalog, const char *name, GError **error)
{
    const Release *release = catalog_release(catalog, name);
    if (release != NULL)
        return release;

    g_autofree char *printable = g_strescape(name, NULL);
    release = nearest(catalog, name);
    if (release != NULL)
        return fail_null(error, ERROR_INPUT, "There is no release '%.60s'. Did you mean '%s' (%s)?",
                         printable, release->id, release->name);

    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 0; i < catalog->releases->len; i++) {
        release = g_ptr_array_index(catalog->releases, i);
        g_string_append_printf(all, "%s%s (%s)", i > 0 ? ", " : "", release->id, release->version);
    }
    return fail_null(error, ERROR_INPUT, "There is no release '%.60s'. There are: %s.", printable,
                     all->str);
}
